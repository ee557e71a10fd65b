"""Rendered faces with known movements: geometry, skin, hair, light, motion and the pictures themselves."""

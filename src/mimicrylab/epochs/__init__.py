"""Frames in time relative to a stimulus."""

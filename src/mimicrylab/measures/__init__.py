"""Mimicry: one number per person and trial, and scores per person."""

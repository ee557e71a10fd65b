"""Data with known truth, at the same levels as real data."""

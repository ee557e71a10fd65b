"""Model files and sample media, known by their SHA-256."""

"""Models; each returns Estimates."""

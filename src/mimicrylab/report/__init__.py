"""The page: one self-contained HTML file, with its tables and figures beside it."""

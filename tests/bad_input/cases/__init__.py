"""One module a verb, each with its table ``CASES``."""

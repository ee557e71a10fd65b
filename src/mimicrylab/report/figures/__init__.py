"""Figures of the report, one idea a module: numbers go in, one SVG with its alt text and its data comes out."""

"""How every figure looks: sizes, fonts and colours that the colour-blind can tell apart, and that differ in grey too.

Colours are those of Okabe and Ito (2008). No figure relies on colour alone: line style, fill or a label says the same.
Lengths are CSS pixels: a figure is drawn at 72 dots an inch and shown with one pixel a point.
"""

from __future__ import annotations

from typing import Any

INK = "#1f2328"
QUIET = "#59636e"
RULE = "#c9d0d8"
GROUND = "#eef1f4"
PERSON = "#8b949e"
BAND = "#d3dde6"
"""A band behind points and lines."""

OWN = "#0072b2"
"""The thing the figure is about: the congruent emotion, the included, the mean."""
OTHER = "#d55e00"
"""What it is compared with."""

SERIES_COLOURS = (OWN, OTHER, "#009e73", "#cc79a7", QUIET, "#e69f00")
"""Groups and lines beside each other; each also has its own marker, dash or place."""
SERIES_MARKERS = ("o", "s", "^", "D", "v", "P")
SERIES_DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2), (1.5, 1.5), (6, 2, 1.5, 2), (3, 3), (8, 2))
"""The first series has a solid line."""

GRADE_COLOURS = ("#0072b2", "#56b4e9", "#e69f00", "#d55e00")
"""Quality grades 0 to 3, from good to not usable."""
GRADE_NAMES = ("0 good", "1 minor issues", "2 major issues", "3 not usable")

PIXELS_PER_INCH = 72
WIDTH_PX = 720
"""Width of a figure: that of the page's text."""

FONT_DRAWN = "DejaVu Sans"
"""Font the layout is computed with: it comes with matplotlib, so every machine draws the same bytes."""
FONT_SHOWN = "'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
"""Fonts the page asks for: narrower than the drawn one, so nothing runs over."""

SETTINGS: dict[Any, Any] = {
    "figure.dpi": PIXELS_PER_INCH,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.labelsize": 11.5,
    "axes.labelpad": 5,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlepad": 6,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "axes.grid": False,
    "font.family": FONT_DRAWN,
    "font.size": 11.5,
    "grid.color": GROUND,
    "grid.linewidth": 1.0,
    "legend.frameon": False,
    "legend.fontsize": 11.5,
    "legend.handlelength": 1.8,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "svg.fonttype": "none",
    "text.color": INK,
    "xtick.color": RULE,
    "xtick.labelcolor": QUIET,
    "xtick.labelsize": 11,
    "xtick.major.size": 3,
    "xtick.major.width": 0.8,
    "ytick.color": RULE,
    "ytick.labelcolor": QUIET,
    "ytick.labelsize": 11,
    "ytick.major.size": 3,
    "ytick.major.width": 0.8,
}

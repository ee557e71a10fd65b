"""A grid of panels that share their row labels: one panel a stimulus emotion, one row a reaction."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from mimicrylab.report.figures import style

MOST_COLUMNS = 4
ROW_PX = 19
PANEL_EXTRA_PX = 30
MARGIN_PX = 34
TITLE_CHARACTER_PX = 8.2
LABEL_CHARACTER_PX = 6.6
"""Widths of a letter in a title and in a label, with some room."""


def count_columns(n_panels: int, *, most: int = MOST_COLUMNS) -> int:
    """Return how many panels stand in a row: all of them where they fit, else rows as equal as can be.

    Examples
    --------
    >>> [count_columns(n) for n in (1, 3, 5, 7, 9)], count_columns(4, most=3)
    ([1, 3, 3, 4, 3], 2)
    """
    return math.ceil(n_panels / math.ceil(n_panels / most))


def measure_height(n_panels: int, n_rows: int) -> float:
    """Return the height in pixels that a grid of ``n_panels`` with ``n_rows`` labelled rows each needs."""
    return math.ceil(n_panels / count_columns(n_panels)) * (n_rows * ROW_PX + PANEL_EXTRA_PX) + MARGIN_PX


def lay_panels(
    canvas: Canvas, titles: Sequence[str], labels: Sequence[str], *, unit: str, limits: tuple[float, float]
) -> Iterator[Axes]:
    """Yield one axis a title, rows from the top at 0, 1, 2 ..., labelled at the left of each line of panels."""
    columns = count_columns(len(titles))
    rows = math.ceil(len(titles) / columns)
    axes = canvas.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axis in axes.flat[len(titles) :]:
        axis.set_visible(False)
    first = axes.flat[0]
    first.set_yticks(range(len(labels)), labels)
    first.set_ylim(len(labels) - 0.4, -0.6)
    first.set_xlim(*limits)
    canvas.supxlabel(unit, fontsize=style.SETTINGS["axes.labelsize"])
    for index, title in enumerate(titles):
        axis = axes.flat[index]
        axis.set_title(title)
        axis.grid(axis="x")
        axis.tick_params(left=False, labelleft=index % columns == 0, labelbottom=index + columns >= len(titles))
        axis.tick_params(axis="y", labelcolor=style.INK)
        axis.spines["left"].set_visible(False)
        yield axis


def fit_columns(titles: Sequence[str], columns: int) -> int:
    """Return how many panels stand in a row so that the longest title has room; two at least where there are two.

    Examples
    --------
    >>> fit_columns(["anger", "fear", "sadness"], 3), fit_columns(["sadness, neutral among the others"] * 4, 4)
    (3, 2)
    """
    longest = max((len(title) for title in titles), default=0)
    fitting = int(style.WIDTH_PX // max(longest * TITLE_CHARACTER_PX, 1))
    return max(min(columns, 2), min(columns, fitting))


def wrap_label(text: str, height_px: float) -> str:
    r"""Return a vertical axis's label in lines of about the same length that fit its height.

    Examples
    --------
    >>> wrap_label("Rating of intensity (points of 1 to 5)", 200)
    'Rating of intensity\n(points of 1 to 5)'
    """
    most = max(12, int(height_px / LABEL_CHARACTER_PX))
    lines = math.ceil(len(text) / most)
    return "\n".join(textwrap.wrap(text, min(most, math.ceil(len(text) / lines) + 4)) if lines > 1 else [text])


def lay_grid(
    canvas: Canvas, titles: Sequence[str], *, columns: int, share_x: bool = False, share_y: bool = False
) -> list[Axes]:
    """Return one axis a title, in lines of ``columns``; labels of a shared axis stand at the margin only."""
    rows = math.ceil(len(titles) / columns)
    axes = canvas.subplots(rows, columns, squeeze=False, sharex=share_x, sharey=share_y)
    for axis in axes.flat[len(titles) :]:
        axis.set_visible(False)
    for index, title in enumerate(titles):
        axis = axes.flat[index]
        axis.set_title(title)
        axis.tick_params(
            labelleft=not share_y or index % columns == 0, labelbottom=not share_x or index + columns >= len(titles)
        )
    return list(axes.flat[: len(titles)])

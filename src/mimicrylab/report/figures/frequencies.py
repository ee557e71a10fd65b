"""How many people gave each answer, by group: shares as bars, counts as numbers."""

from __future__ import annotations

import polars as pl
from matplotlib.patches import Patch

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.wording import format_share

ROW_PX = 30.0
MARGIN_PX = 78.0
BAR_HEIGHT = 0.62
LEAST_LABELLED = 0.05
"""A smaller share of a bar has no room for its number; the data have it."""
FILLS = (style.OWN, "#9ecae1", "#e69f00", "#f3d9a4", style.QUIET, "#d5dae0", "#009e73", "#a6dcc9")
DARK = {style.OWN, style.QUIET, "#009e73"}


def draw_frequencies(counts: pl.DataFrame, *, name: str, title: str, groups_label: str = "") -> Figure:
    """Return a bar a group, divided into the shares of each category, with the number of people in each part.

    ``counts`` has ``group, category, n`` in the order to be shown.
    """
    groups = counts["group"].unique(maintain_order=True).to_list()
    categories = counts["category"].unique(maintain_order=True).to_list()
    totals = {group: int(counts.filter(pl.col("group") == group)["n"].sum()) for group in groups}
    found = {(row["group"], row["category"]): int(row["n"]) for row in counts.iter_rows(named=True)}
    alt = _describe(groups, categories, totals, found)
    with open_canvas(len(groups) * ROW_PX + MARGIN_PX) as canvas:
        axis = canvas.subplots()
        for place, group in enumerate(groups):
            left = 0.0
            for index, category in enumerate(categories):
                count, colour = found.get((group, category), 0), FILLS[index % len(FILLS)]
                share = 100 * count / totals[group] if totals[group] else 0.0
                axis.barh(place, share, left=left, height=BAR_HEIGHT, color=colour, edgecolor="white", linewidth=1)
                if share >= 100 * LEAST_LABELLED:
                    ink = "white" if colour in DARK else style.INK
                    axis.text(left + share / 2, place, str(count), ha="center", va="center_baseline", color=ink)
                left += share
        axis.set_yticks(range(len(groups)), [f"{group} (n = {totals[group]})" for group in groups])
        axis.set_ylim(len(groups) - 0.4, -0.6)
        axis.set_xlim(0, 100)
        axis.set_xlabel("Share of people (%); the numbers count people")
        if groups_label:
            axis.set_ylabel(groups_label)
        axis.tick_params(axis="y", length=0, labelcolor=style.INK)
        axis.spines["left"].set_visible(False)
        handles = [
            Patch(facecolor=FILLS[index % len(FILLS)], label=category) for index, category in enumerate(categories)
        ]
        canvas.legend(handles=handles, loc="outside upper left", ncols=min(5, len(handles)), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, counts)


def _describe(
    groups: list[str], categories: list[str], totals: dict[str, int], found: dict[tuple[str, str], int]
) -> str:
    sentences = ["Bars of the shares of people by group."]
    for group in groups:
        parts = []
        for category in categories:
            count = found.get((group, category), 0)
            share = f" ({format_share(count / totals[group])})" if totals[group] else ""
            parts.append(f"{category} {count}{share}")
        sentences.append(f"{group}, n = {totals[group]}: {'; '.join(parts)}.")
    return " ".join(sentences)

"""All estimates of an analysis under each other, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.intervals import INTERVAL_SCHEMA, draw_intervals
from mimicrylab.report.figures.planned.shown import NEUTRAL_WORDS, Shown
from mimicrylab.report.wording import format_bounded, shorten_unit
from mimicrylab.stats.estimates import Estimate

CORRELATIONS = frozenset({"Pearson's r", "Spearman's rho", "Kendall's tau-b"})


def draw_forest(
    shown: Shown, estimates: Sequence[Estimate], *, name: str, title: str, unit: str, ordered: bool = False
) -> Figure | None:
    """Return the estimates as dots with intervals, gathered by the first part of their cells; None of fewer than two.

    A filled dot is significant after the correction for its family. ``ordered`` keeps the order of the estimates
    without gathering them (sorted correlations).
    """
    drawn = [one for one in estimates if one.estimate is not None]
    if len(drawn) < 2:
        return None
    alpha = shown.result.analysis.alpha
    rows = []
    for one in drawn:
        group, label = shown.name_test(one)
        series, label = _take_series(label)
        if ordered:
            group, label = "", f"{group}, {label}" if group else label
        elif not label:
            group, label = "", group
        p = one.p if one.p_adjusted is None else one.p_adjusted
        rows.append((group, label, series, one.estimate, one.ci_low, one.ci_high, one.n, p is not None and p < alpha))
    data = pl.DataFrame(rows, schema=INTERVAL_SCHEMA, orient="row")
    if not ordered:
        places = {group: place for place, group in enumerate(data["group"].unique(maintain_order=True))}
        ranks = pl.col("group").replace_strict(places, return_dtype=pl.Int64)
        data = data.sort(ranks, maintain_order=True)
    adjusted = any(one.p_adjusted is not None for one in drawn)
    words = f"p < {format_bounded(alpha)}" + (", adjusted" if adjusted else "")
    bounded = drawn[0].unit in CORRELATIONS
    return draw_intervals(
        data,
        unit=unit or shorten_unit(drawn[0].unit),
        name=name,
        title=title,
        zero=True,
        filled_means=f"{words} | not below" if any(one.p is not None for one in drawn) else "",
        limits=(-1.0, 1.0) if bounded else None,
        level=drawn[0].ci_level,
    )


def _take_series(label: str) -> tuple[str, str]:
    """Return the series and the rest of a label: congruence with and without neutral stand on one row."""
    parts = label.split(", ")
    series = [part for part in parts if part in NEUTRAL_WORDS.values()]
    if len(series) != 1:
        return "all", label
    return series[0], ", ".join(part for part in parts if part != series[0])

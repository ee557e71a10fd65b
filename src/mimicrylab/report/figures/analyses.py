"""Which figures show a planned analysis, and their drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from mimicrylab.protocol.analyses import Model
from mimicrylab.report.answers.naming import Vocabulary
from mimicrylab.report.figures.drawing import Figure, stamp_svg
from mimicrylab.report.figures.planned.conditions import draw_factorial, draw_outcomes
from mimicrylab.report.figures.planned.groups import (
    draw_counts,
    draw_description,
    draw_group_comparison,
    draw_one_sample,
    draw_paired,
)
from mimicrylab.report.figures.planned.moderations import draw_moderations
from mimicrylab.report.figures.planned.relations import (
    draw_at_covariate,
    draw_correlations,
    draw_latencies,
    draw_predicted,
    draw_regression,
)
from mimicrylab.report.figures.planned.shown import Shown, split_units
from mimicrylab.stats.plan.results import AnalysisResult

PERMUTED = "permuted labels"
"""Words on every figure of a dry run: who is in which arm is random there."""

DRAWERS: Mapping[Model, Callable[[Shown, str], tuple[Figure, ...]]] = {
    "one_sample": draw_one_sample,
    "two_groups": draw_group_comparison,
    "rank_groups": draw_group_comparison,
    "paired": draw_paired,
    "correlation": draw_correlations,
    "regression": draw_regression,
    "multivariate_regression": draw_outcomes,
    "ancova": draw_at_covariate,
    "moderation": draw_moderations,
    "repeated": draw_factorial,
    "mixed": draw_factorial,
    "prediction": draw_predicted,
    "survival": draw_latencies,
    "frequencies": draw_counts,
    "description": draw_description,
}


def draw_analysis(
    result: AnalysisResult, words: Vocabulary | None = None, *, congruent: Mapping[str, Sequence[str]] | None = None
) -> tuple[Figure, ...]:
    """Return the figures of one planned analysis, the main one first; none where it was not done.

    A figure that shows arms while the study is blinded carries the words "permuted labels". ``words`` are the names
    that the study declares (``report.answers.naming.collect_vocabulary``); ``congruent`` says which action units count
    as mimicry of which emotion, so that they stand out.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Analysis, Outcome
    >>> plan = Analysis(id="eq", hypothesis="H1", model="two_groups", outcome=Outcome(score="EQ-60.total"))
    >>> draw_analysis(AnalysisResult(plan, state="not possible", reason="nobody answered"))
    ()
    """
    if result.state != "done":
        return ()
    name = f"analysis-{result.analysis.id}"
    parts = split_units(Shown(result, words or Vocabulary(), congruent or {}))
    figures = [
        figure
        for place, shown in enumerate(parts, start=1)
        for figure in DRAWERS[result.analysis.model](shown, f"{name}-{place}" if len(parts) > 1 else name)
    ]
    return tuple(mark_permuted(figure) if result.labels == "permuted" else figure for figure in figures)


def mark_permuted(figure: Figure) -> Figure:
    """Return the figure with the words "permuted labels" in its picture, title, description and data."""
    words = f"{PERMUTED[0].upper()}{PERMUTED[1:]}"
    return replace(
        figure,
        title=f"{words}: {figure.title}",
        svg=stamp_svg(figure.svg, words),
        alt=f"{words}: who is in which arm is random here, and the figure shows no finding. {figure.alt}",
        data=figure.data.with_columns(pl.lit(PERMUTED).alias("labels")),
    )

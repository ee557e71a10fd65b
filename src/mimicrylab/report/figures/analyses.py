"""Which figures show a planned analysis, and their drawing."""

from __future__ import annotations

from mimicrylab.report.figures.drawing import Figure
from mimicrylab.stats.plan.results import AnalysisResult


def draw_analysis(result: AnalysisResult) -> tuple[Figure, ...]:
    """Return the figures of one planned analysis, the main one first; none where it was not done.

    A figure that shows arms while the study is blinded carries the words "permuted labels".
    """
    return ()

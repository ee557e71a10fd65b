"""How well the items of a questionnaire's score go together: alpha and omega of every score, by occasion."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import Scale, Score
from mimicrylab.protocol.scoring import spread_points, tabulate_points
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.reliability import estimate_alpha, estimate_omega

LEAST_PEOPLE = 10
"""With fewer people a correlation of items says next to nothing."""


@dataclass(frozen=True)
class ScaleReliability:
    """Alpha and omega of one score on one occasion; None where it cannot be told, and why."""

    scale: str
    score: str
    occasion: str | None
    alpha: Estimate | None = None
    omega: Estimate | None = None
    reason: str = ""


def estimate_scale_reliability(answers: pl.DataFrame, scale: Scale) -> tuple[ScaleReliability, ...]:
    """Return alpha and omega of each score, over the people who answered all its items, by occasion.

    Parameters
    ----------
    answers
        Rows of the table ``answers`` of those who count; other scales' rows are left out.
    scale
        The questionnaire.

    Raises
    ------
    InputError
        As ``score_answers``: an item or a response that the scale does not have.
    """
    points = tabulate_points(answers, scale)
    occasions = points["occasion"].unique(maintain_order=True).sort(nulls_last=False).to_list()
    return tuple(
        _estimate(points.filter(pl.col("occasion").eq_missing(occasion)), scale, score, occasion)
        for score in scale.scores
        for occasion in occasions
    )


def _estimate(points: pl.DataFrame, scale: Scale, score: Score, occasion: str | None) -> ScaleReliability:
    table = spread_points(points, scale, score)
    items = [name for name in table.columns if name.startswith("item_")]
    complete = table.drop_nulls(items).unique("participant_id", keep="first", maintain_order=True)
    named = ScaleReliability(scale.name, score.name, occasion)
    if len(items) < 2:
        return replace(named, reason="one item has no reliability of its own")
    if complete.height < LEAST_PEOPLE:
        return replace(named, reason=f"fewer than {LEAST_PEOPLE} people answered all items")
    label = f"reliability of {scale.name}.{score.name}" + (f" ({occasion})" if occasion else "")
    frame = complete.select("participant_id", *items)
    try:
        alpha = replace(estimate_alpha(frame, items), analysis=label)
    except InputError as error:
        return replace(named, reason=error.problem)
    try:
        omega = replace(estimate_omega(frame, items), analysis=label)
    except InputError as error:
        return replace(named, alpha=alpha, reason=f"no omega: {error.problem}")
    return replace(named, alpha=alpha, omega=omega)

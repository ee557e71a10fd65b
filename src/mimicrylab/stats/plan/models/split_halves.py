"""How reliable is the measure that is correlated with a trait? Split halves over stimulus models, for each cell."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.measures.congruence import score_models
from mimicrylab.protocol.analyses import Outcome
from mimicrylab.stats.correlation import limit_correlation
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.plan.models.question import Question, join_term
from mimicrylab.stats.plan.select import select_outcome
from mimicrylab.stats.plan.value_rows import take_rows
from mimicrylab.stats.reliability import estimate_split_half
from mimicrylab.stats.samples import PERSON

PART = "model_id"
RELIABILITY = "reliability"
LIMIT = "largest correlation that this reliability allows"


def check_reliability(question: Question) -> list[Estimate]:
    """Return, for each cell, the split-half reliability over stimulus models and the correlation that it allows.

    Nothing where the outcome is a score, or no person saw two models: then this study cannot say.
    """
    parts = _find_parts(question)
    if parts is None:
        return []
    people = question.table[PERSON].unique()
    parts = parts.filter(pl.col(PERSON).is_in(people.implode()))
    cells = [name for name in question.cells if name in parts.columns]
    groups = parts.group_by(cells, maintain_order=True) if cells else [((), parts)]
    return [line for key, rows in groups for line in _estimate(question, [str(part) for part in key], rows)]


def _estimate(question: Question, key: Sequence[str], rows: pl.DataFrame) -> list[Estimate]:
    cell, identity = ", ".join(key), question.analysis.id
    try:
        found = estimate_split_half(rows, "value", part=PART, seed=question.seed, level=question.level)
    except InputError as error:
        reason = error.describe().replace("\n ", ";")
        return [Estimate(identity, join_term(cell, RELIABILITY), None, unit="reliability", warnings=(reason,))]
    limits = [
        None if value is None else limit_correlation(max(min(value, 1.0), -1.0))
        for value in (found.estimate, found.ci_low, found.ci_high)
    ]
    return [
        Estimate(
            identity,
            join_term(cell, RELIABILITY),
            found.estimate,
            unit="reliability",
            ci_low=found.ci_low,
            ci_high=found.ci_high,
            ci_level=found.ci_level,
            effect_sizes=found.effect_sizes,
            n=found.n,
            method=found.method,
            seed=found.seed,
            warnings=found.warnings,
        ),
        Estimate(
            identity,
            join_term(cell, LIMIT),
            limits[0],
            ci_low=limits[1],
            ci_high=limits[2],
            ci_level=found.ci_level,
            effect_sizes=(EffectSize("reliability of the measure", found.estimate),),
            n=found.n,
            method="square root of the reliability, with a trait measured without error",
        ),
    ]


def _find_parts(question: Question) -> pl.DataFrame | None:
    """Return ``participant_id``, the cells' columns, ``model_id`` and ``value``; None where there are no parts."""
    outcome = question.analysis.outcome
    models = question.data.values.filter(pl.col(PART).is_not_null())
    if outcome.measure is None or models[PART].n_unique() < 2:
        return None
    try:
        if question.is_congruence:
            return _score_congruence(question)
        found = select_outcome(question.data, outcome, blocks=question.analysis.blocks, conditions=[PART])
    except InputError:
        return None
    return found.table.filter(pl.col(PART).is_not_null())


def _score_congruence(question: Question) -> pl.DataFrame | None:
    """Return the congruence index of each stimulus model, from the trials that the index is made of."""
    data, outcome = question.data, question.analysis.outcome
    request = data.find_request(str(outcome.measure))
    if request is None:
        return None
    rows = take_rows(data, Outcome(measure=request.of or "mean", window=outcome.window))
    rows = rows.filter(pl.col("trial").is_not_null())
    neutral = request.neutral != "without"
    scored = score_models(rows, data.congruent, neutral=neutral).rename({"stimulus_emotion": "emotion"})
    shown = pl.col("signal").str.contains("[", literal=True)
    scored = scored.filter(~shown if "signal" in question.cells else shown)
    for name in set(question.cells) & {"emotion", "signal"}:
        scored = scored.filter(pl.col(name).is_in(question.table[name].unique().implode()))
    if outcome.emotions:
        scored = scored.filter(pl.col("emotion").is_in(list(outcome.emotions)))
    keys = [PERSON, *(name for name in question.cells if name in {"emotion", "signal"}), PART]
    value = pl.col("value")
    return scored.group_by(keys, maintain_order=True).agg(
        pl.when(value.count() == pl.len()).then(value.mean()).alias("value")
    )

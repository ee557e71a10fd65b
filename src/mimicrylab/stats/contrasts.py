"""Within-person contrasts: one score a person, then a test over people.

A contrast weighs a person's conditions (codes that sum to 0), which gives one number a person; the mean of these
numbers is tested against 0. The rows of one person are never treated as different people: stacked rows have the wrong
error and lose power (.18 against .48 in a simulation of this design) because what differs between people stays in it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.congruence import NEUTRAL, list_incongruent
from mimicrylab.stats.adjustment import Adjustment, adjust_family
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate
from mimicrylab.stats.paired_tests import PairedMethod, describe_differences
from mimicrylab.stats.resampling import DEFAULT_DRAWS
from mimicrylab.stats.samples import (
    PERSON,
    Sample,
    check_sample,
    find_column,
    refuse_repeated_people,
    round_to_scale,
)

CODE_TOLERANCE = 1e-9


def score_contrast(
    table: pl.DataFrame, outcome: str, *, condition: str, codes: Mapping[str, float], person: str = PERSON
) -> pl.DataFrame:
    """Return each person's contrast: the sum of code times the person's value in that condition.

    Parameters
    ----------
    table
        One row a person and condition.
    codes
        Condition -> weight; they must sum to 0. A condition that is not named does not count.

    Returns
    -------
    DataFrame
        ``person, score``, sorted by person. The score is null for a person who lacks one of the conditions.

    Raises
    ------
    InputError
        The codes do not sum to 0, or all are 0.
    UnknownNameError
        A code for a condition that the table does not have.
    RefusedError
        A person has several rows in a condition.

    Examples
    --------
    >>> table = pl.DataFrame({"participant_id": ["a"] * 3, "block": ["happiness", "anger", "neutral"],
    ...                       "AU12": [0.5, 0.1, 0.3]})
    >>> codes = {"happiness": 1.0, "anger": -0.5, "neutral": -0.5}
    >>> round(score_contrast(table, "AU12", condition="block", codes=codes)["score"][0], 3)
    0.3
    """
    labels = find_column(table, condition).cast(pl.String)
    find_column(table, outcome)
    find_column(table, person)
    used = {name: code for name, code in codes.items() if code}
    if not used or not math.isclose(sum(used.values()), 0.0, abs_tol=CODE_TOLERANCE):
        raise InputError(
            "the codes of a contrast must sum to 0", where="codes", found=f"a sum of {sum(used.values()):g}"
        )
    present = labels.drop_nulls().unique().to_list()
    for name in used:
        if name not in present:
            raise UnknownNameError(f"condition of {condition!r}", name, present)
    chosen = table.filter(labels.is_in(list(used)))
    refuse_repeated_people(chosen, person=person, within=condition)
    weight = pl.col(condition).cast(pl.String).replace_strict(used, return_dtype=pl.Float64)
    value = pl.col(outcome).cast(pl.Float64).fill_nan(None)
    scored = (
        chosen.group_by(person)
        .agg(pl.when(value.count() == len(used)).then((value * weight).sum()).otherwise(None).alias("score"))
        .sort(person)
    )
    scale = chosen.select(value.abs().max()).item() or 0.0
    rounded = round_to_scale(scored["score"].fill_null(np.nan).to_numpy(), float(scale))
    return scored.with_columns(pl.Series("score", rounded, nan_to_null=True))


def contrast_conditions(
    table: pl.DataFrame,
    outcome: str,
    *,
    condition: str,
    codes: Mapping[str, float],
    term: str = "",
    method: PairedMethod = "t",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> Estimate:
    """Test a within-person contrast: the mean over people of ``score_contrast`` against 0.

    People without one of the conditions are left out and counted in the warnings. Methods as in
    ``paired_tests.compare_pairs``.
    """
    scores = score_contrast(table, outcome, condition=condition, codes=codes, person=person)["score"]
    missing = scores.null_count()
    warnings = (
        (f"{missing} {'person' if missing == 1 else 'people'} without every condition left out",) if missing else ()
    )
    name = term or " ".join(f"{code:+g} {name}" for name, code in codes.items() if code)
    sample = Sample(name, scores.drop_nulls().to_numpy(), warnings)
    check_sample(sample)
    result = describe_differences(sample, method=method, level=level, seed=seed, draws=draws)
    return replace(
        result,
        analysis=f"{outcome}, contrast of {condition} within people",
        unit=unit,
        method=result.method.replace("One-sample", "Within-person contrast, one-sample"),
    )


@dataclass(frozen=True)
class CongruenceContrast:
    """Which conditions are compared for one emotion and signal: its own block against those where it is not typical."""

    emotion: str
    signal: str
    incongruent: tuple[str, ...]

    @property
    def codes(self) -> dict[str, float]:
        """Codes of the contrast: own emotion 1, the others minus one by their number."""
        return {self.emotion: 1.0} | {name: -1.0 / len(self.incongruent) for name in self.incongruent}


def plan_congruence(
    emotions: Sequence[str],
    *,
    typical: Mapping[str, Collection[str]],
    signals: Collection[str] | None = None,
    with_neutral: bool = True,
) -> list[CongruenceContrast]:
    """Return every contrast of a typical action unit's own block against the blocks where it is not typical.

    Parameters
    ----------
    emotions
        Emotions of the blocks or trials, in the order to report.
    typical
        Emotion -> signals that its stimuli show (a property of the stimulus set), measured or not. An emotion without
        any is compared with none: what it shows is not known (``protocol.congruence.list_incongruent``).
    signals
        Signals that were measured; others are skipped. All typical ones if not given.
    with_neutral
        Whether neutral counts among the incongruent blocks. Both versions belong in a report: with a neutral block that
        always comes first, novelty sits in it.

    Examples
    --------
    >>> typical = {"happiness": ["AU12"], "anger": ["AU04"]}
    >>> contrast, _ = plan_congruence(["neutral", "happiness", "anger"], typical=typical)
    >>> contrast.codes
    {'happiness': 1.0, 'neutral': -0.5, 'anger': -0.5}
    """
    plan = []
    for emotion in emotions:
        for signal in typical.get(emotion, ()):
            if emotion == NEUTRAL or (signals is not None and signal not in signals):
                continue
            others = list_incongruent(signal, typical, emotions, neutral=with_neutral)
            if others:
                plan.append(CongruenceContrast(emotion, signal, others))
    return plan


def contrast_congruence(
    table: pl.DataFrame,
    outcome: str = "value",
    *,
    typical: Mapping[str, Collection[str]],
    emotions: Sequence[str] | None = None,
    with_neutral: bool = True,
    condition: str = "stimulus_emotion",
    signal: str = "signal",
    method: PairedMethod = "t",
    adjustment: Adjustment = "holm",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> list[Estimate]:
    """Test mimicry, an action unit at a time: congruent against incongruent within people (Pavarini 2019, table 1).

    Parameters
    ----------
    table
        One row a person, emotion and signal (mean over trials, null where it is missing).
    typical, emotions, with_neutral
        See ``plan_congruence``; ``emotions`` are those of the table, sorted, if not given.
    adjustment
        p is corrected within each emotion, which is the family.

    Returns
    -------
    list of Estimate
        One an emotion and typical signal, in that order. ``groups`` are the congruent and the incongruent mean of the
        same people. A contrast that cannot be tested (too few people, no variation) stands there with a warning.
    """
    refuse_repeated_cells(table, [person, condition, signal])
    present = find_column(table, condition).drop_nulls().unique().to_list()
    order = [name for name in emotions if name in present] if emotions is not None else sorted(present)
    measured = find_column(table, signal).drop_nulls().unique().to_list()
    plan = plan_congruence(order, typical=typical, signals=measured, with_neutral=with_neutral)
    results: list[Estimate] = []
    for emotion in order:
        members = [
            _contrast_one(
                table.filter(pl.col(signal) == item.signal),
                outcome,
                item,
                condition=condition,
                method=method,
                unit=unit,
                person=person,
                level=level,
                seed=seed,
                draws=draws,
            )
            for item in plan
            if item.emotion == emotion
        ]
        results += adjust_family(members, family=f"{emotion}: congruent - incongruent", method=adjustment)
    return results


def refuse_repeated_cells(table: pl.DataFrame, key: list[str]) -> None:
    """Refuse several rows for one cell of a table that should have one.

    Raises
    ------
    InputError
        A cell has more than one row.
    """
    for name in key:
        find_column(table, name)
    if table.select(key).n_unique() < table.height:
        raise InputError(
            "some cells have several rows",
            where=", ".join(key),
            expected="one row a cell",
            do="average the trials of a cell first",
        )


def _contrast_one(
    table: pl.DataFrame,
    outcome: str,
    item: CongruenceContrast,
    *,
    condition: str,
    method: PairedMethod,
    unit: str,
    person: str,
    level: float,
    seed: int,
    draws: int,
) -> Estimate:
    term = f"{item.emotion}, {item.signal}: congruent - incongruent"
    analysis = "mimicry: congruent - incongruent within people"
    try:
        result = contrast_conditions(
            table,
            outcome,
            condition=condition,
            codes=item.codes,
            term=term,
            method=method,
            unit=unit,
            person=person,
            level=level,
            seed=seed,
            draws=draws,
        )
    except InputError as error:
        return Estimate(analysis, term, None, unit=unit, warnings=(error.describe().replace("\n ", ";"),))
    complete = score_contrast(table, outcome, condition=condition, codes=item.codes, person=person).drop_nulls("score")
    used = table.filter(pl.col(person).is_in(complete[person].implode()))
    own = used.filter(pl.col(condition) == item.emotion)[outcome]
    others = (
        used.filter(pl.col(condition).is_in(list(item.incongruent)))
        .group_by(person, maintain_order=True)
        .agg(pl.col(outcome).mean())[outcome]
    )
    groups = (Sample("congruent", own.to_numpy()).summarise(), Sample("incongruent", others.to_numpy()).summarise())
    compared = f"against {', '.join(item.incongruent)}"
    return replace(result, analysis=analysis, groups=groups, method=f"{result.method}; {compared}")

"""What would give a wrong answer, looked for before a model runs: refused, or told loudly, each with what to do.

An analysis ``as_published`` runs all the same, and its result says what would have been refused. What a model itself
cannot do (fewer than three people a group, an outcome that is the same for everybody, predictors that determine each
other, people without a pair) it refuses itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import RefusedError
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.stats.plan.frame_rates import find_frame_rates
from mimicrylab.stats.plan.models.question import Question
from mimicrylab.stats.samples import PERSON

BETWEEN = ("treatment", "trait", "moderator")
"""Kinds of predictors that differ between people."""

WITHIN_PERSON_Z = "z"
PEAKS = ("peak",)
"""Measures that grow with the frame rate: the maximum of more frames is larger (of noise 2.16 at 10 frames/s in 2 s,
3.10 at 30 frames/s in 10 s)."""

RATE_TOLERANCE = 1.1
"""People's frame rates may differ by a tenth: the maximum of noise then moves by less than .02 standard deviations."""

NEUTRAL = "neutral"


@dataclass(frozen=True)
class Caution:
    """What a guard found: the problem, what to do instead, and whether the analysis is refused."""

    problem: str
    do: str
    refused: bool

    def describe(self) -> str:
        """Return both as one sentence."""
        return f"{self.problem}; {self.do}"


def check_question(question: Question) -> tuple[str, ...]:
    """Return what the reader must be told; what is unsound is refused, unless the analysis is as published.

    Raises
    ------
    RefusedError
        A guard refuses the analysis; the message says what to do instead.
    """
    found = [warning for guard in GUARDS for warning in guard(question)]
    refused = [warning for warning in found if warning.refused]
    if refused and not question.analysis.as_published:
        raise RefusedError(refused[0].problem, where=f"analysis {question.analysis.id!r}", do=refused[0].do)
    return tuple(
        f"as published; otherwise refused: {warning.describe()}" if warning.refused else warning.describe()
        for warning in found
    )


def _guard_missing_arm(question: Question) -> Iterator[Caution]:
    """Every group that is compared has somebody with a value."""
    for predictor in question.list_predictors("treatment"):
        column = question.find_column(predictor)
        wanted = question.analysis.groups or question.data.arms
        valued = question.table.filter(pl.col(question.outcome).is_not_null())
        present = set(valued[column].drop_nulls())
        lacking = [arm for arm in wanted if arm not in present]
        if lacking and len(present) < 2:
            yield Caution(
                f"nobody of the arm {' and '.join(lacking)} has a value: there is nothing to compare with",
                "look at the flow of participants, and at the losses by arm",
                refused=True,
            )
        elif lacking:
            yield Caution(f"nobody of the arm {' and '.join(lacking)} has a value", "the others are compared", False)


def _guard_pairs(question: Question) -> Iterator[Caution]:
    """Conditions of the same people need people with several of them."""
    if question.analysis.model not in {"paired", "repeated", "one_sample"}:
        return
    for predictor in question.list_predictors("within"):
        column = question.find_column(predictor)
        known = question.table.drop_nulls([column, question.outcome])
        counts = known.group_by(PERSON).agg(pl.col(column).n_unique())[column]
        if len(counts) and counts.max() == 1 and known[column].n_unique() > 1:
            yield Caution(
                f"nobody has more than one level of {predictor.name!r}: different people cannot be paired",
                "compare the groups as independent ones (model: two_groups, kind: trait)",
                refused=True,
            )


def _guard_z(question: Question) -> Iterator[Caution]:
    """A within-person z has nothing left that differs between people."""
    between = [one for one in question.list_predictors(*BETWEEN) if not _meets_within(question, one.name)]
    if not between:
        return
    for name, request in _list_requests(question):
        if request.measure == WITHIN_PERSON_Z:
            yield Caution(
                f"{name!r} is a within-person z: it sets every person's mean to 0, so nothing is left to be related to "
                f"{between[0].name!r}, which differs between people",
                "take its measure in the signal's own unit, or congruence",
                refused=True,
            )


def _meets_within(question: Question, name: str) -> bool:
    """Return whether a predictor is asked for only through what it does to a difference within people."""
    within = {one.name for one in question.list_predictors("within")}
    for one in question.analysis.predictors:
        if (one.name == name and within & set(one.interacts_with)) or (
            one.name in within and name in one.interacts_with
        ):
            return True
    return False


def _guard_neutral_threshold(question: Question) -> Iterator[Caution]:
    """A threshold from neutral makes everybody alike there."""
    requests = [(name, request) for name, request in _list_requests(question) if request.threshold_from == NEUTRAL]
    for name, _ in requests:
        if _looks_at_neutral(question):
            yield Caution(
                f"the threshold of {name!r} comes from the neutral trials, which makes everybody alike there, and "
                "neutral is outcome, covariate or moderator here",
                "use threshold_from: fixed or rest",
                refused=True,
            )
        elif question.list_predictors(*BETWEEN):
            yield Caution(
                f"the threshold of {name!r} comes from each person's neutral trials: how much people differ at rest is "
                "taken out, and how much their resting faces vary is put in",
                "a fixed threshold keeps people comparable",
                refused=False,
            )


def _looks_at_neutral(question: Question) -> bool:
    analysis = question.analysis
    values = question.data.values
    neutral_blocks = set(
        values.filter(pl.col("block_role") == "baseline")["block"].drop_nulls().unique()
        if "block_role" in values.columns
        else []
    ) | {NEUTRAL}
    beside = any(predictor.block in neutral_blocks for predictor in analysis.predictors)
    return beside or NEUTRAL in analysis.outcome.emotions or bool(neutral_blocks & set(analysis.blocks))


def _guard_frame_rates(question: Question) -> Iterator[Caution]:
    """The maximum of more frames is larger: people with other frame rates cannot be compared by it."""
    if not question.list_predictors(*BETWEEN, "features"):
        return
    for name, request in _list_requests(question):
        if request.measure not in PEAKS or (_meets_every_within(question)):
            continue
        people = question.table[PERSON].unique().to_list()
        rates = find_frame_rates(question.data.values, name, people=people)
        if rates is not None and rates.highest > RATE_TOLERANCE * rates.lowest:
            yield Caution(
                f"{name!r} is a largest value, which grows with the number of frames, and people were filmed at "
                f"{rates.lowest:.0f} to {rates.highest:.0f} frames/s",
                "take peak_of_means (maximum of 500-ms means) or percentile_95",
                refused=True,
            )


def _meets_every_within(question: Question) -> bool:
    between = question.list_predictors(*BETWEEN, "features")
    return all(_meets_within(question, one.name) for one in between)


def _guard_whole_file_median(question: Question) -> Iterator[Caution]:
    """OpenFace subtracts the median of a whole recording, so that differences between people shrink."""
    values = question.data.values
    if "coder" not in values.columns or not question.list_predictors(*BETWEEN):
        return
    names = [name for name, _ in _list_requests(question)] or [question.analysis.outcome.measure or ""]
    coders = set(values.filter(pl.col("measure").is_in(names))["coder"].drop_nulls().unique())
    if "openface" in coders:
        yield Caution(
            "OpenFace subtracts each recording's median from its intensities, which takes out part of what differs "
            "between people",
            "differences within people (congruence) are not touched",
            refused=False,
        )


def _guard_own_block(question: Question) -> Iterator[Caution]:
    """Treatment on an emotion's own block cannot tell mimicry from expressivity."""
    analysis = question.analysis
    treated = question.list_predictors("treatment")
    if not treated or analysis.outcome.measure is None or question.is_congruence:
        return
    beside = question.list_predictors("covariate", "moderator", "within")
    if beside or analysis.model == "description" or _looks_at_neutral(question):
        return
    request = question.data.find_request(analysis.outcome.measure)
    if request is not None and request.of is None:
        yield Caution(
            "the level of a face during an emotion cannot tell mimicry from expressivity: a treatment that makes faces "
            "move more in every block would show here, too",
            "add the neutral block as covariate (ancova), or take congruence",
            refused=False,
        )


def _guard_phase(question: Question) -> Iterator[Caution]:
    """Before and after are also early and late."""
    if any(one.name == "phase" for one in question.list_predictors("within")):
        yield Caution(
            "what comes after is also later: habituation is part of this difference",
            "half of the people in the other order would tell them apart",
            refused=False,
        )


def _list_requests(question: Question) -> list[tuple[str, MeasureRequest]]:
    """Return every measure of the analysis and what it is made of, by the name in the table of measures."""
    names = [question.analysis.outcome.measure, *(one.name for one in question.analysis.predictors)]
    found: dict[str, MeasureRequest] = {}
    for name in names:
        request = question.data.find_request(name) if name is not None else None
        if name is None or request is None:
            continue
        found[name] = request
        source = question.data.find_request(request.of) if request.of else None
        if source is not None:
            found.setdefault(source.label, source)
    return list(found.items())


GUARDS: tuple[Callable[[Question], Iterator[Caution]], ...] = (
    _guard_missing_arm,
    _guard_pairs,
    _guard_z,
    _guard_neutral_threshold,
    _guard_frame_rates,
    _guard_whole_file_median,
    _guard_own_block,
    _guard_phase,
)

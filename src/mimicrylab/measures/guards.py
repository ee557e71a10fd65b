"""What is refused because it would give a wrong answer: measures that remove what an analysis wants to find.

A plan says how each measure is used; these checks look at both. They need no data, so ``check`` can run them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mimicrylab.errors import RefusedError
from mimicrylab.measures.measure import PersonMeasure
from mimicrylab.measures.requests import load_measure
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.blocks import Block
from mimicrylab.protocol.measurement import MeasureRequest

BETWEEN_PEOPLE = ("treatment", "trait", "moderator")


def refuse_unsound_measures(
    requests: Sequence[MeasureRequest], analyses: Iterable[Analysis], *, blocks: Iterable[Block] = ()
) -> None:
    """Refuse measures that remove what the planned analyses are about.

    Parameters
    ----------
    requests
        ``measures`` of study.yaml.
    analyses
        Its analysis plan.
    blocks
        Its blocks; which of them are neutral decides whether neutral is outcome or moderator.

    Raises
    ------
    RefusedError
        A within-person z is related to a trait or a treatment, or presence has a threshold from the neutral trials
        where neutral is moderator or outcome.
    """
    by_label = {request.label: request for request in requests}
    neutral_blocks = {block.name for block in blocks if block.role == "baseline"}
    for analysis in analyses:
        for request in _list_used(analysis, by_label):
            _refuse_z(request, analysis)
            _refuse_neutral_threshold(request, analysis, by_label, neutral_blocks)


def _list_used(analysis: Analysis, by_label: dict[str, MeasureRequest]) -> list[MeasureRequest]:
    """Return the measures that an analysis uses, as outcome or predictor."""
    names = [analysis.outcome.measure, *(predictor.name for predictor in analysis.predictors)]
    return [by_label[name] for name in names if name is not None and name in by_label]


def _refuse_z(request: MeasureRequest, analysis: Analysis) -> None:
    measure = load_measure(request)
    between = [predictor for predictor in analysis.predictors if predictor.kind in BETWEEN_PEOPLE]
    removes = isinstance(measure, PersonMeasure) and measure.removes_people
    main = [each for each in between if not each.interacts_with]
    if removes and main:
        raise RefusedError(
            f"{request.label!r} sets every person's mean to 0 and spread to 1: nothing that differs between people is "
            f"left to be related to {main[0].name!r}",
            where=f"analysis {analysis.id!r}",
            expected="a measure in the signal's own unit",
            do=f"use  measure: {request.of or 'mean'}  (or congruence, which is a difference within a person)",
        )


def _refuse_neutral_threshold(
    request: MeasureRequest, analysis: Analysis, by_label: dict[str, MeasureRequest], neutral_blocks: set[str]
) -> None:
    source = by_label.get(request.of, request) if request.of else request
    if source.threshold_from != "neutral":
        return
    moderators = [p.name for p in analysis.predictors if p.block in neutral_blocks and p.block is not None]
    outcome = "neutral" in analysis.outcome.emotions or bool(neutral_blocks & set(analysis.blocks))
    if moderators or outcome:
        raise RefusedError(
            f"{source.label!r} takes its threshold from the neutral trials, and this analysis uses neutral as "
            f"{'moderator' if moderators else 'outcome'}: everybody would be alike there",
            where=f"analysis {analysis.id!r}",
            expected="a fixed threshold, or one from a separate rest segment",
            do="threshold_from: fixed  or  threshold_from: rest",
        )

"""From what study.yaml asks for to measures that are ready to be computed; what does not fit is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.measures.measure import MEASURES_GROUP, Measure, PersonMeasure
from mimicrylab.measures.rows import PreparedMeasure
from mimicrylab.measures.signals import CoderSignals, find_targets
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from mimicrylab.registry import load_registered

RESPONSE = "response"
GENERAL = frozenset({"measure", "name", "signals", "window"})
"""Settings that every measure has."""
OF_TRIALS = frozenset({"baseline", "aggregate"})
"""Settings that every measure of trials has besides; a measure of persons takes the values of trials as they are."""
AGGREGATE = "aggregate"
DEFAULT_REQUESTS = (
    MeasureRequest(measure="mean"),
    MeasureRequest(measure="peak"),
    MeasureRequest(measure="presence"),
)
"""What is computed where study.yaml asks for nothing."""


@dataclass(frozen=True)
class PreparedPersonMeasure:
    """One measure of persons: what was asked for, and the request whose trials it is made of."""

    request: MeasureRequest
    measure: PersonMeasure
    of: MeasureRequest


@dataclass(frozen=True)
class PreparedMeasures:
    """All measures of a study for one coder, those of trials first."""

    trials: tuple[PreparedMeasure, ...]
    persons: tuple[PreparedPersonMeasure, ...]


def load_measure(request: MeasureRequest) -> Measure:
    """Return the measure that a request names.

    Raises
    ------
    UnknownNameError
        There is no such measure.
    InputError
        The request sets something that the measure does not use.
    """
    measure: Measure = load_registered(MEASURES_GROUP, request.measure)
    allowed = GENERAL | measure.parameters | (frozenset() if isinstance(measure, PersonMeasure) else OF_TRIALS)
    unused = {name for name in request.model_fields_set if getattr(request, name) is not None} - allowed
    if unused:
        raise InputError(
            f"the measure {request.measure!r} does not use {sorted(unused)[0]!r}",
            where="measures in study.yaml",
            expected=f"settings among {', '.join(sorted(allowed))}",
        )
    return measure


def prepare_measures(
    requests: Sequence[MeasureRequest],
    signals: CoderSignals,
    *,
    windows: Mapping[str, Window],
    baseline: Baseline,
    congruence: Mapping[str, Sequence[str]],
) -> PreparedMeasures:
    """Return the measures that a study asks for, ready for one coder's frames.

    Parameters
    ----------
    requests
        ``measures`` of study.yaml; empty: mean, peak and presence.
    signals
        The coder's columns.
    windows, baseline, congruence
        The study's windows, its baseline, and its congruent action units by emotion.

    Raises
    ------
    UnknownNameError
        A measure, window, signal or emotion that does not exist.
    InputError
        A setting that a measure does not use, a composite that the coder cannot measure, or a measure of persons
        without the measure of trials that it is made of.
    """
    trials: list[PreparedMeasure] = []
    persons: list[tuple[MeasureRequest, PersonMeasure]] = []
    for request in requests or DEFAULT_REQUESTS:
        measure = load_measure(request)
        if isinstance(measure, PersonMeasure):
            persons.append((request, measure))
            continue
        flags = measure.prefers_flags and request.threshold is None and request.threshold_from in (None, "fixed")
        targets = find_targets(request.signals, signals, congruence=congruence, flags=flags)
        window = _find_window(request, windows)
        trials.append(PreparedMeasure(request, measure, targets, window, request.baseline or baseline))
    asked = [each.request for each in trials]
    made = tuple(_prepare_person(request, measure, asked) for request, measure in persons)
    return PreparedMeasures(tuple(trials), made)


def _prepare_person(
    request: MeasureRequest, measure: PersonMeasure, asked: Sequence[MeasureRequest]
) -> PreparedPersonMeasure:
    """Return a measure of persons with its source, whose way from trials to a condition is its own unless it says so.

    So an index and the means of the conditions that it is a difference of rest on the same aggregation.
    """
    of = _find_source(request, measure, asked)
    if AGGREGATE in measure.parameters and request.aggregate is None:
        request = request.model_copy(update={AGGREGATE: of.aggregate})
    return PreparedPersonMeasure(request, measure, of)


def _find_window(request: MeasureRequest, windows: Mapping[str, Window]) -> Window | None:
    if request.window in windows:
        return windows[request.window]
    if request.window == RESPONSE:
        return None
    raise UnknownNameError("window", request.window, {*windows, RESPONSE}, where=f"measure {request.label!r}")


def _find_source(request: MeasureRequest, measure: PersonMeasure, asked: Sequence[MeasureRequest]) -> MeasureRequest:
    """Return the request of trials that a measure of persons is made of."""
    label = request.of or measure.made_of
    for each in asked:
        if each.label == label and each.window == request.window:
            return each
    raise InputError(
        f"the measure {request.label!r} is made of {label!r} in the window {request.window!r}, which is not asked for",
        where="measures in study.yaml",
        expected="of: one of " + ", ".join(sorted({f"{each.label} (window {each.window})" for each in asked})),
        do=f"add  - measure: {label}  or name another with  of:",
    )

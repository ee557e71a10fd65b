"""The specifications of a multiverse: every combination of a planned analysis's choices and their alternatives.

A choice that does not apply (a threshold of a mean, a baseline of a latency) makes no specification of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from mimicrylab.epochs.baseline import describe_baseline
from mimicrylab.errors import InputError
from mimicrylab.measures.measure import PersonMeasure
from mimicrylab.measures.requests import load_measure
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from mimicrylab.protocol.multiverse import Multiverse

MOST_SPECIFICATIONS = 1000
"""More take hours and are read by nobody."""

SETTINGS = {
    "measure": "measures",
    "window": "windows",
    "baseline": "baselines",
    "threshold": "thresholds",
    "neutral": "neutral",
    "maximum_grade": "maximum_grades",
    "minimum_valid": "minimum_valid",
}
"""Choice -> the setting that names its alternatives."""

NOT_APPLICABLE = "not used"
DEFAULT_THRESHOLD = "default"
OWN = "its own"
"""What a measure is compared with that has a rule of its own (presence)."""
CONGRUENCE = "congruence"
WITH, WITHOUT = "with", "without"


@dataclass(frozen=True)
class Specification:
    """One way to compute an analysis.

    Parameters
    ----------
    number, declared
        From 1, the declared one first.
    choices
        What varies (measure, window, baseline, threshold, neutral, maximum_grade, minimum_valid) -> this choice, in
        words.
    requests
        What is measured for it: the outcome's measure last, before it the measure of trials that it is made of.
    quality
        When frames, trials and recordings count.
    keeps_neutral
        Whether neutral trials are among the values (an analysis with congruence as a within-person predictor).
    """

    number: int
    declared: bool
    choices: Mapping[str, str]
    requests: tuple[MeasureRequest, ...]
    quality: Quality
    keeps_neutral: bool = True


@dataclass(frozen=True)
class _Combination:
    """One combination of choices; None: as declared."""

    label: str
    window: str | None
    baseline: Baseline | None
    threshold: float | None
    neutral: str | None
    maximum_grade: int
    minimum_valid: float


@dataclass(frozen=True)
class _Ground:
    """What the choices start from."""

    analysis: Analysis
    requests: Sequence[MeasureRequest]
    quality: Quality
    baseline: Baseline
    compares_congruence: bool = field(default=False)


def list_specifications(
    multiverse: Multiverse,
    analysis: Analysis,
    *,
    requests: Sequence[MeasureRequest],
    quality: Quality,
    baseline: Baseline,
) -> tuple[Specification, ...]:
    """Return the specifications of a multiverse, the declared one first.

    Parameters
    ----------
    multiverse, analysis
        The alternatives, and the planned analysis that they belong to.
    requests, quality, baseline
        What the study asks to be measured, its limits and its baseline.

    Raises
    ------
    InputError
        The outcome is no measure, an alternative measure is not asked for in ``measures``, or there are more than 1,000
        specifications.
    """
    ground = _Ground(
        analysis,
        requests,
        quality,
        baseline,
        any(one.name == CONGRUENCE and one.kind == "within" for one in analysis.predictors),
    )
    found: list[Specification] = []
    seen: set[str] = set()
    for combination in _list_combinations(multiverse, ground):
        specification = _specify(combination, ground, number=len(found) + 1, declared=not found)
        key = repr((specification.requests, specification.quality, specification.keeps_neutral))
        if key not in seen:
            seen.add(key)
            found.append(specification)
        if len(found) > MOST_SPECIFICATIONS:
            raise InputError(
                f"the alternatives make more than {MOST_SPECIFICATIONS} specifications",
                where=f"multiverse of {analysis.id!r}",
                do="name fewer alternatives: those that a careful colleague might have chosen",
            )
    named = {name for name, setting in SETTINGS.items() if getattr(multiverse, setting)}
    varying = [name for name in found[0].choices if name in named and len({one.choices[name] for one in found}) > 1]
    return tuple(
        Specification(
            one.number,
            one.declared,
            {name: one.choices[name] for name in varying},
            one.requests,
            one.quality,
            one.keeps_neutral,
        )
        for one in found
    )


def _list_combinations(multiverse: Multiverse, ground: _Ground) -> Iterator[_Combination]:
    """Yield every combination, the declared one first."""
    outcome, quality = ground.analysis.outcome, ground.quality
    if outcome.measure is None:
        raise InputError(
            "the outcome is a score: there is no measure to vary", where=f"multiverse of {ground.analysis.id!r}"
        )
    declared = _find_request(ground, outcome.measure, outcome.window)
    labels = dict.fromkeys([outcome.measure, *multiverse.measures])
    own = outcome.window or declared.window
    windows: list[str | None] = [None, *(one for one in multiverse.windows if one != own)]
    baselines = [outcome.baseline, *(one for one in multiverse.baselines if one != outcome.baseline)]
    thresholds: list[float | None] = [None, *(one for one in multiverse.thresholds if one != declared.threshold)]
    neutral: list[str | None] = [None]
    if multiverse.neutral:
        first = WITHOUT if declared.neutral == WITHOUT else WITH
        neutral = list(dict.fromkeys([first, *multiverse.neutral]))
    grades = dict.fromkeys([quality.recordings.maximum_grade, *multiverse.maximum_grades])
    shares = dict.fromkeys([quality.trials.minimum_valid, *multiverse.minimum_valid])
    for choice in product(labels, windows, baselines, thresholds, neutral, grades, shares):
        yield _Combination(*choice)


def _find_request(ground: _Ground, label: str, window: str | None) -> MeasureRequest:
    """Return the request of a measure, in the window named if it is asked for there."""
    named = [one for one in ground.requests if one.label == label]
    if not named:
        raise InputError(
            f"the study does not ask for the measure {label!r}",
            where=f"multiverse of {ground.analysis.id!r}",
            found=", ".join(one.label for one in ground.requests),
        )
    return next((one for one in named if one.window == window), named[0])


def _specify(combination: _Combination, ground: _Ground, *, number: int, declared: bool) -> Specification:
    usual = ground.analysis.outcome.window or _find_request(ground, str(ground.analysis.outcome.measure), None).window
    request = _find_request(ground, combination.label, combination.window or usual)
    window = combination.window or request.window  # another measure keeps its own window, unless windows are varied
    measure = load_measure(request)
    requests: tuple[MeasureRequest, ...]
    if isinstance(measure, PersonMeasure):
        source = _find_request(ground, request.of or measure.made_of, window)
        of, words = _vary(source, window, combination, ground)
        request = request.model_copy(update={"window": window, "of": of.label})
        if combination.neutral is not None and "neutral" in measure.parameters:
            request = request.model_copy(update={"neutral": combination.neutral})
            words["neutral"] = combination.neutral
        requests = (of, request)
    else:
        request, words = _vary(request, window, combination, ground)
        requests = (request,)
    keeps_neutral = True
    if combination.neutral is not None and ground.compares_congruence:
        keeps_neutral = combination.neutral == WITH
        words["neutral"] = combination.neutral
    quality = ground.quality.model_copy(
        update={
            "recordings": ground.quality.recordings.model_copy(update={"maximum_grade": combination.maximum_grade}),
            "trials": ground.quality.trials.model_copy(update={"minimum_valid": combination.minimum_valid}),
        }
    )
    choices = {
        "measure": combination.label,
        "window": window,
        **words,
        "maximum_grade": str(combination.maximum_grade),
        "minimum_valid": f"{combination.minimum_valid:g}",
    }
    return Specification(number, declared, choices, requests, quality, keeps_neutral)


def _vary(
    request: MeasureRequest, window: str, combination: _Combination, ground: _Ground
) -> tuple[MeasureRequest, dict[str, str]]:
    """Return the request of a measure of trials with the choices that it has, and these in words."""
    measure = load_measure(request)
    changed: dict[str, object] = {"window": window}
    words = {"baseline": NOT_APPLICABLE, "threshold": NOT_APPLICABLE, "neutral": NOT_APPLICABLE}
    if not isinstance(measure, PersonMeasure) and measure.baseline != "none":
        declared = request.baseline or (None if measure.baseline == "own" else ground.baseline)
        chosen = combination.baseline or declared
        words["baseline"] = OWN if chosen is None else describe_baseline(chosen) or "none"
        if chosen != declared:
            changed["baseline"] = chosen
    if "threshold" in measure.parameters and request.threshold_from in (None, "fixed"):
        threshold = request.threshold if combination.threshold is None else combination.threshold
        changed["threshold"] = threshold
        words["threshold"] = DEFAULT_THRESHOLD if threshold is None else f"{threshold:g}"
    return request.model_copy(update=changed), words

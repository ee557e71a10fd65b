"""Names in the measures and the analysis plan that must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mimicrylab.protocol.analyses import Analysis, Predictor
from mimicrylab.protocol.references import EMOTION_PREFIXES, WHOLE_STIMULUS, Finding, check_unique, refer
from mimicrylab.protocol.yaml_source import Path
from mimicrylab.schemas import EMOTIONS

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

WITHIN = ("emotion", "congruence", "phase", "block", "block_position", "trial", "bin", "model_id", "stimulus")
"""What differs within a person in every study."""

SHARE_VALID = "share_valid"
"""The share of valid frames of each trial, as an outcome: whether frames are lost evenly over arms and emotions."""

PARTICIPANT_COLUMNS = ("sex", "age", "age_band", "ethnicity", "glasses", "stratum")


def find_broken_plan_references(study: Study) -> Iterator[Finding]:
    """Yield every name in measures and analyses that is used and not declared."""
    yield from _check_measures(study)
    ids = [analysis.id for analysis in study.analyses]
    for place, assumption in enumerate(study.participants.power):
        if assumption.analysis is not None:
            yield from refer(("participants", "power", place, "analysis"), assumption.analysis, ids, "analysis")
    for place, analysis in enumerate(study.analyses):
        yield from _check_analysis(study, analysis, ("analyses", place))


def list_measures(study: Study) -> list[str]:
    """Return the names under which measures are computed."""
    return [request.label for request in study.measures]


def _check_measures(study: Study) -> Iterator[Finding]:
    windows = [*study.windows, WHOLE_STIMULUS]
    labels = [f"{request.label} in {request.window}" for request in study.measures]
    yield from check_unique("measures", labels, key="measure")
    for place, request in enumerate(study.measures):
        here: Path = ("measures", place)
        yield from refer((*here, "window"), request.window, windows, "window")
        yield from _check_signals(request.signals, here)
        if request.of is not None:
            yield from refer((*here, "of"), request.of, list_measures(study), "measure")


def _check_signals(signals: tuple[str, ...], here: Path) -> Iterator[Finding]:
    for index, signal in enumerate(signals):
        for prefix in EMOTION_PREFIXES:
            if signal.startswith(prefix):
                emotion = signal.removeprefix(prefix).partition("[")[0]  # emotion:happiness[AU12]
                yield from refer((*here, "signals", index), emotion, EMOTIONS, "emotion")


def _check_analysis(study: Study, analysis: Analysis, here: Path) -> Iterator[Finding]:
    yield from refer((*here, "hypothesis"), analysis.hypothesis, study.hypotheses, "hypothesis")
    outcome = analysis.outcome
    if outcome.measure is not None:
        yield from refer((*here, "outcome", "measure"), outcome.measure, list_measures(study), "measure")
    if outcome.score is not None:
        yield from _check_score(study, outcome.score, (*here, "outcome", "score"))
    if outcome.window is not None:
        windows = [*study.windows, WHOLE_STIMULUS]
        yield from refer((*here, "outcome", "window"), outcome.window, windows, "window")
    yield from _check_signals(outcome.signals, (*here, "outcome"))
    for index, name in enumerate(analysis.blocks):
        yield from refer((*here, "blocks", index), name, [block.name for block in study.blocks], "block")
        if any(block.name == name and not block.analysed for block in study.blocks):
            yield (*here, "blocks", index), f"{name!r} is a washout block, which is never analysed"
    for index, predictor in enumerate(analysis.predictors):
        yield from _check_predictor(study, analysis, predictor, (*here, "predictors", index))
    if any(predictor.kind == "treatment" for predictor in analysis.predictors) and study.assignment is not None:
        arms = [arm.name for arm in study.assignment.arms]
        for index, group in enumerate(analysis.groups):
            yield from refer((*here, "groups", index), group, arms, "arm")


def _check_predictor(study: Study, analysis: Analysis, predictor: Predictor, here: Path) -> Iterator[Finding]:
    if predictor.kind == "treatment" and study.assignment is None:
        yield (*here, "kind"), "there is no treatment: assignment is not declared"
    if predictor.kind == "within":
        yield from refer((*here, "name"), predictor.name, WITHIN, "feature that differs within a person")
    if predictor.kind == "features":
        yield from refer((*here, "name"), predictor.name, list_measures(study), "measure")
    if predictor.kind in {"trait", "covariate", "moderator"} and predictor.name not in list_measures(study):
        yield from _check_score(study, predictor.name, (*here, "name"))
    yield from _check_recode(study, predictor, here)
    if predictor.block is not None:
        yield from refer((*here, "block"), predictor.block, [block.name for block in study.blocks], "block")
    others = [other.name for other in analysis.predictors if other is not predictor]
    for index, name in enumerate(predictor.interacts_with):
        yield from refer((*here, "interacts_with", index), name, others, "other predictor of this analysis")


def _check_recode(study: Study, predictor: Predictor, here: Path) -> Iterator[Finding]:
    fields = [field for form in study.forms for field in form.fields if predictor.name in {field.name, field.column}]
    if not fields or not fields[0].choices:
        return
    for level, answers in predictor.recode.items():
        for index, answer in enumerate(answers):
            yield from refer((*here, "recode", level, index), answer, fields[0].choices, "answer")


def list_choice_scores(study: Study) -> list[str]:
    """Return the scores of ratings with choices: hits, unbiased hit rates, and those above chance (``stats.plan``)."""
    scores = ("hit", "unbiased", "above_chance")
    return [f"{rating.name}.{score}" for rating in study.ratings if rating.choices for score in scores]


def _check_score(study: Study, name: str, path: Path) -> Iterator[Finding]:
    """A score is SCALE or SCALE.score, a rating, a form's field, or a column of the participants."""
    scale = name.rpartition(".")[0] or name
    scales = [use.name for use in study.scales]
    fields = [field.name for form in study.forms for field in form.fields]
    columns = [field.column for form in study.forms for field in form.fields if field.column is not None]
    ratings = [*(rating.name for rating in study.ratings if not rating.choices), *list_choice_scores(study)]
    if scale in scales or name in {*fields, *columns, *ratings, *PARTICIPANT_COLUMNS, SHARE_VALID}:
        return
    examples = [f"{use}.total" for use in scales]
    yield from refer(path, name, [*examples, *ratings, *fields], "score, rating or form field")

"""Combinations in a study file that would give wrong or unsafe results, and are refused. Each says why.

The reasons stand in the manual (docs/study-file.md) and, with figures, in the studies they were met in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.blocks import Block
from mimicrylab.protocol.families import find_mixed_corrections
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from mimicrylab.protocol.plan_shapes import find_misfits, find_unsound_rows
from mimicrylab.protocol.references import Finding
from mimicrylab.protocol.visits import Visit
from mimicrylab.protocol.yaml_source import Path

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

WITHIN_PERSON_Z = "z"
"""The measure that sets every person's mean to 0 and spread to 1."""

BETWEEN_PEOPLE = ("treatment", "trait", "moderator")


def find_unsound_settings(study: Study) -> Iterator[Finding]:
    """Yield every combination that is refused."""
    yield from _check_baselines(study)
    yield from _check_durations(study)
    for place, analysis in enumerate(study.analyses):
        here: Path = ("analyses", place)
        yield from (((*here, *path), message) for path, message in find_misfits(analysis))
        yield from (((*here, *path), message) for path, message in find_unsound_rows(analysis))
        if not analysis.as_published:
            yield from _check_z(study, analysis, here)
    yield from find_mixed_corrections(study.analyses)
    yield from _check_neutral_thresholds(study)
    yield from _check_disclosure(study)
    yield from _check_consent(study)
    for place, visit in enumerate(study.sessions):
        yield from _check_sequence(study, visit, ("sessions", place))


def find_quiet_time(block: Block, *, rated_before: bool) -> float:
    """Return the least time (s) before each stimulus but the first in which nothing is shown or asked.

    A trial runs: ratings before, fixation, stimulus, ratings after, blank. Ratings before the stimulus
    (``rated_before``) end the quiet of the blank, so only the fixation is left.
    """
    fixation = block.fixation_s - block.fixation_jitter_s
    return fixation if rated_before else fixation + block.blank_s - block.blank_jitter_s


def _check_baselines(study: Study) -> Iterator[Finding]:
    """Refuse a baseline from before the stimulus where that time is rating time or another stimulus."""
    before = {rating.name for rating in study.ratings if rating.when == "before"}
    analysed = [block for block in study.blocks if block.analysed]
    quiet_s = {b.name: find_quiet_time(b, rated_before=bool(before & set(b.ratings))) for b in analysed}
    for baseline, path in _list_baselines(study):
        if baseline.method == "none" or baseline.start_s >= 0:
            continue
        short = [block for block in analysed if quiet_s[block.name] + 1e-9 < -baseline.start_s]
        if short:
            names = ", ".join(block.name for block in short)
            rated = any(block.ratings for block in short)
            what = "rating time (hand and eyes move)" if rated else "the stimulus before"
            yield (
                path,
                f"the {-baseline.start_s:g} s before a stimulus are no baseline in block {names}: only "
                f"{min(quiet_s[block.name] for block in short):g} s of fixation or blank are sure to precede it, the "
                f"rest is {what}; use method: none (and a neutral block to compare with), or a longer fixation or "
                "blank",
            )


def _list_baselines(study: Study) -> list[tuple[Baseline, Path]]:
    """Every baseline that a measure uses, with where it is set."""
    own = [(r.baseline, ("measures", place, "baseline")) for place, r in enumerate(study.measures) if r.baseline]
    inherited = any(request.baseline is None for request in study.measures) or not study.measures
    found: list[tuple[Baseline, Path]] = [(study.baseline, ("baseline",))] if inherited else []
    named = [
        (analysis.outcome.baseline, ("analyses", place, "outcome", "baseline"))
        for place, analysis in enumerate(study.analyses)
        if analysis.outcome.baseline is not None and not analysis.as_published
    ]
    return [*found, *own, *named]


def _check_durations(study: Study) -> Iterator[Finding]:
    for place, block in enumerate(study.blocks):
        stimulus_set = study.stimuli.sets.get(block.stimuli.set)
        if stimulus_set is not None and stimulus_set.kind == "image" and block.duration_s is None:
            yield ("blocks", place), "duration_s is missing: an image does not end by itself"


def _check_z(study: Study, analysis: Analysis, here: Path) -> Iterator[Finding]:
    by_label = {request.label: request for request in study.measures}
    between = [p for p in analysis.predictors if p.kind in BETWEEN_PEOPLE and not p.interacts_with]
    if not between:
        return
    named: list[tuple[str | None, Path]] = [(analysis.outcome.measure, (*here, "outcome", "measure"))]
    named += [(p.name, (*here, "predictors", place, "name")) for place, p in enumerate(analysis.predictors)]
    for label, path in named:
        request = by_label.get(label) if label is not None else None
        if request is not None and request.measure == WITHIN_PERSON_Z:
            yield (
                path,
                f"{label!r} is a within-person z: it sets every person's mean to 0, so nothing is left to be related "
                f"to {between[0].name!r}, which differs between people; use its measure in the signal's own unit, or "
                "congruence",
            )


def _check_neutral_thresholds(study: Study) -> Iterator[Finding]:
    """Refuse a threshold of presence from the neutral trials wherever neutral is moderator, covariate or outcome."""
    by_label = {request.label: request for request in study.measures}
    neutral_blocks = {block.name for block in study.blocks if block.role == "baseline"}
    for place, request in enumerate(study.measures):
        if request.threshold_from != "neutral":
            continue
        sound = [analysis for analysis in study.analyses if not analysis.as_published]
        users = [a.id for a in sound if _uses_neutral(a, request.label, by_label, neutral_blocks)]
        if users:
            yield (
                ("measures", place, "threshold_from"),
                f"a threshold from the neutral trials makes everybody alike there, and neutral is moderator, covariate "
                f"or outcome in the analysis {', '.join(users)}; use threshold_from: fixed or rest",
            )


def _uses_neutral(
    analysis: Analysis, label: str, by_label: dict[str, MeasureRequest], neutral_blocks: set[str]
) -> bool:
    names = [analysis.outcome.measure, *(predictor.name for predictor in analysis.predictors)]
    used = [by_label[name] for name in names if name is not None and name in by_label]
    if label not in [request.of or request.label for request in used]:
        return False
    beside = any(predictor.block in neutral_blocks for predictor in analysis.predictors)
    return beside or "neutral" in analysis.outcome.emotions or bool(neutral_blocks & set(analysis.blocks))


def _check_disclosure(study: Study) -> Iterator[Finding]:
    if study.cover_story is None:
        return
    if not any(stage.discloses for stage in study.debriefing):
        yield ("cover_story",), "a cover story needs a stage of the debriefing with discloses: true"
    if study.consent is not None and study.consent.second_text is None:
        yield ("cover_story",), "a cover story needs a second consent after the disclosure: set consent.second_text"
    kinds = [(step.kind, step.consent) for visit in study.sessions for step in visit.steps]
    if study.sessions and ("consent", "second") not in kinds:
        yield ("cover_story",), "no session asks for the second consent (- consent: second)"


def _check_consent(study: Study) -> Iterator[Finding]:
    if study.consent is None or study.camera.record == "nothing":
        return
    if "movements" not in [tier.name for tier in study.consent.tiers]:
        yield ("consent", "tiers"), "the tier 'movements' is missing: without it no face can be analysed"
    if study.camera.keep_video and "video" not in [tier.name for tier in study.consent.tiers]:
        yield (
            ("consent", "tiers"),
            "videos are kept and nobody is asked: add the tier video, or camera.keep_video: false",
        )


def _check_sequence(study: Study, visit: Visit, here: Path) -> Iterator[Finding]:
    """Nothing is filmed before the consent; the probe and the second consent stand on their side of the disclosure."""
    disclosing = {stage.name for stage in study.debriefing if stage.discloses}
    consented = study.consent is None or not any(s.consent == "first" for v in study.sessions for s in v.steps)
    consented = consented or any(s.consent == "first" for v in _list_before(study, visit) for s in v.steps)
    disclosed = False
    for place, step in enumerate(visit.steps):
        path: Path = (*here, "steps", place, step.kind)
        consented = consented or step.consent == "first"
        if step.kind in {"camera", "rest_s", "block", "blocks"} and not consented:
            yield path, "stands before the consent; nobody is filmed without it"
            consented = True
        if step.probe is not None and disclosed:
            yield path, "the probe stands after the disclosure: everybody knows by now"
        if step.consent == "second" and disclosing and not disclosed:
            yield path, "the second consent stands before the disclosure; it must follow it"
        disclosed = disclosed or step.debriefing in disclosing


def _list_before(study: Study, visit: Visit) -> list[Visit]:
    names = [other.name for other in study.sessions]
    return list(study.sessions[: names.index(visit.name)])

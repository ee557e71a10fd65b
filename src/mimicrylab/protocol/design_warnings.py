"""What a design makes hard to conclude, said before the first participant instead of in the limitations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from mimicrylab.protocol.block_trials import select_stimuli
from mimicrylab.protocol.blocks import Block
from mimicrylab.protocol.timeline import PlannedStep

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

FEW_MODELS = 16
"""With fewer persons shown, results say little about other faces (Judd, Westfall & Kenny, 2012); the limit is ours."""

FEW_TRIALS = 8
"""Trials an emotion a person below which a person's score is hardly reliable; the report prints the reliability."""

LATE_S = 60.0


def list_warnings(study: Study, stimuli: pl.DataFrame, visits: Sequence[Sequence[PlannedStep]]) -> Iterator[str]:
    """Yield warnings for a study, its stimuli, and its visits as planned for an example participant."""
    steps = [step for visit in visits for step in visit]
    yield from _warn_of_few_models(study, stimuli)
    yield from _warn_of_reliability(study, steps)
    yield from _warn_of_order(study, stimuli)
    yield from _warn_of_first_baseline(study)
    yield from _warn_of_windows(study, stimuli)
    yield from _warn_of_prototypes(study)
    yield from _warn_of_late_steps(steps)
    yield from _warn_of_assignment(study)
    yield from _warn_of_unused(study)
    if study.camera.audio:
        yield "sound is recorded: voices identify people, and mimicry of faces does not need them"


def _warn_of_few_models(study: Study, stimuli: pl.DataFrame) -> Iterator[str]:
    shown = {s.model_id for block in study.blocks if block.analysed for s in select_stimuli(block, stimuli)}
    models = {model for model in shown if model is not None}
    if 0 < len(models) < FEW_MODELS:
        number = f"{len(models)} person{'s' if len(models) > 1 else ''}"
        yield f"{number} shown: results do not generalise to other faces (tests treat these as the only ones)"


def _warn_of_reliability(study: Study, steps: Sequence[PlannedStep]) -> Iterator[str]:
    of_measures = [analysis for analysis in study.analyses if analysis.outcome.measure is not None]
    related = [a.id for a in of_measures if any(p.kind in {"trait", "moderator"} for p in a.predictors)]
    counts: dict[str, int] = {}
    for step in steps:
        if step.kind == "stimulus" and step.emotion is not None and step.block_role != "washout":
            counts[step.emotion] = counts.get(step.emotion, 0) + 1
    few = {emotion: count for emotion, count in counts.items() if count < FEW_TRIALS}
    if related and few:
        emotion, count = min(few.items(), key=lambda item: item[1])
        yield (
            f"{count} trials with {emotion} a person: a score from so few trials is hardly reliable, and reliability "
            f"limits every correlation with a trait ({related[0]}); the report prints it"
        )


def _warn_of_order(study: Study, stimuli: pl.DataFrame) -> Iterator[str]:
    blocks = [block for block in study.blocks if block.analysed]
    mixed = [block for block in blocks if len(_list_emotions(block, stimuli)) > 1]
    if mixed and all("neutral" in block.last for block in mixed):
        yield "neutral is always last in its block, so every emotion is also earlier than neutral; let it come anywhere"
    if mixed and all("neutral" in block.first for block in mixed):
        yield "neutral is always first in its block: it is also always the newest; let it come anywhere"
    baseline = [block.name for block in blocks if block.role == "baseline"]
    steps = [step for visit in study.visits for step in visit.steps if step.block or step.blocks]
    if baseline and steps and steps[0].block in baseline and len(steps) > 1:
        yield f"the baseline block {baseline[0]!r} is always first: being neutral is confounded with being new"
    if study.phases_around is not None:
        step = next(s for v in study.sessions for s in v.steps if s.label == study.phases_around)
        if not step.or_after:
            yield (
                f"the phases around {study.phases_around} are confounded with habituation: counterbalance its place "
                "(or_after)"
            )


def _warn_of_first_baseline(study: Study) -> Iterator[str]:
    baselines = [request.baseline or study.baseline for request in study.measures] or [study.baseline]
    needed = max((-baseline.start_s for baseline in baselines if baseline.method != "none"), default=0.0)
    for block in study.blocks:
        ready_s = block.lead_in_s + block.fixation_s - block.fixation_jitter_s
        if block.analysed and study.sessions and ready_s + 1e-9 < needed:
            yield (
                f"the first trial of block {block.name!r} has no baseline: {ready_s:g} s of empty screen precede it, "
                f"{needed:g} s are needed; set lead_in_s"
            )


def _warn_of_windows(study: Study, stimuli: pl.DataFrame) -> Iterator[str]:
    for block in study.blocks:
        lengths = [s.duration_s for s in select_stimuli(block, stimuli) if s.duration_s is not None]
        shown_s = block.duration_s or min(lengths, default=0.0)
        rated = any(rating.when == "after" and rating.name in block.ratings for rating in study.ratings)
        until_s = shown_s + (0.0 if rated else block.blank_s - block.blank_jitter_s)
        for name in block.windows or tuple(study.windows):
            window = study.windows.get(name)
            if block.analysed and window is not None and window.zero == "onset" and window.stop_s > until_s + 1e-9:
                what = "rating" if rated else "the next trial"
                yield (
                    f"the window {name!r} lasts until {window.stop_s:g} s, and in block {block.name!r} {what} begins "
                    f"at {until_s:g} s"
                )


def _warn_of_prototypes(study: Study) -> Iterator[str]:
    for name, of_set in study.stimuli.sets.items():
        if of_set.action_units_from in {"prototype", "unknown"}:
            how = "prototypes" if of_set.action_units_from == "prototype" else "of unknown origin"
            yield (
                f"the action units of the set {name!r} are {how}, not codes of these files: what counts as mimicry "
                "rests on them; have them coded by a certified FACS coder"
            )


def _warn_of_late_steps(steps: Sequence[PlannedStep]) -> Iterator[str]:
    for step in steps:
        if step.due_s is not None and step.onset_s > step.due_s + LATE_S:
            late = (step.onset_s - step.due_s) / 60
            yield f"{step.name} ({step.occasion or step.kind}) comes {late:.0f} min later than planned"


def _warn_of_assignment(study: Study) -> Iterator[str]:
    if study.assignment is None:
        return
    if len(set(study.assignment.block_sizes)) == 1 and study.assignment.blinding != "double":
        yield "all randomisation blocks have one size: who knows the arms can guess the last of a block"
    planned = study.participants.planned
    kits = study.assignment.kits_per_stratum
    if planned is not None and not study.assignment.strata and kits < planned:
        yield f"{kits} kits for {planned} planned participants: a kit is never used twice"
    if study.assignment.blinding == "none":
        yield "nobody is blinded: whoever codes or analyses knows the arms"


def _warn_of_unused(study: Study) -> Iterator[str]:
    steps = [step for visit in study.sessions for step in visit.steps]
    if not study.sessions:
        return
    in_blocks = {name for block in study.blocks for name in (*block.ratings, *block.scales)}
    asked = {step.scale for step in steps} | in_blocks
    unused = [use.name for use in study.scales if use.name not in asked]
    unused += [form.name for form in study.forms if form.name not in {s.form or s.probe for s in steps}]
    unused += [rating.name for rating in study.ratings if rating.name not in in_blocks]
    measured = {step.measurement for step in steps}
    unused += [m.name for m in study.measurements if m.name not in measured and not m.anytime]
    unused += [stage.name for stage in study.debriefing if stage.name not in {s.debriefing for s in steps}]
    if unused:
        yield f"declared and never used: {', '.join(unused)}"
    if study.consent is not None and not any(step.consent == "first" for step in steps):
        yield "no session asks for the consent (- consent: first)"
    if study.camera.record != "nothing" and not any(step.camera for step in steps):
        yield "no session sets up the camera (- camera: preview)"


def _list_emotions(block: Block, stimuli: pl.DataFrame) -> set[str | None]:
    return {shown.emotion for shown in select_stimuli(block, stimuli)}

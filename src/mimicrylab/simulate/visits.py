"""Play the planned visits of a person: when each step came, what was answered, what the camera recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.scales import Scale
from mimicrylab.protocol.timeline import PlannedStep, plan_visit
from mimicrylab.simulate.forms import answer_fields, answer_rating
from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.questionnaires import answer_scale

PACE_SD = 0.2
"""Spread (log scale) of how long people take to read and answer, against the plan."""

ABORT_SHARES = (0.2, 0.8)
TAIL_S = 0.5
"""The recording goes on this long after the last step."""

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Span:
    """A recording: its number in the visit, and from when to when (seconds from the visit's start)."""

    segment: int
    start_s: float
    stop_s: float


@dataclass(frozen=True)
class PlayedVisit:
    """A visit as it went: its steps with their real times, what was recorded, what was answered."""

    session: str
    session_id: str
    seed: int
    aborted: bool
    steps: tuple[PlannedStep, ...]
    spans: tuple[Span, ...]
    expected_s: float
    answers: tuple[dict[str, Cell], ...]


def play_visits(
    study: Study,
    stimuli: pl.DataFrame,
    person: Person,
    population: Population,
    *,
    scales: Mapping[str, Scale],
    forms: Mapping[str, Mapping[str, str | None]],
) -> list[PlayedVisit]:
    """Return the visits of a person, in order; after one that was broken off there is none.

    ``forms`` are the person's answers to forms (``forms.answer_forms``); ``scales`` the questionnaires by name.
    """
    generator = person.open_stream("answers")
    missing = population.attrition.item_missing
    played = []
    for place, visit in enumerate(study.visits):
        seed = int(np.random.SeedSequence([person.seed, person.number, 70 + place]).generate_state(1)[0])
        items = {name: scale.items for name, scale in scales.items()}
        plan = plan_visit(study, stimuli, seed=seed, visit=visit.name, number=person.number, items=items)
        steps = keep_pace(plan, pace=float(generator.lognormal(0.0, PACE_SD)))
        expected = find_spans(study, steps)
        aborted = person.aborted and bool(expected)
        if aborted:
            steps = steps[: max(1, int(len(steps) * generator.uniform(*ABORT_SHARES)))]
        played.append(
            PlayedVisit(
                session=visit.name,
                session_id=f"{person.participant_id}-{visit.name}",
                seed=seed,
                aborted=aborted,
                steps=steps,
                spans=() if person.no_recording else find_spans(study, steps),
                expected_s=sum(span.stop_s - span.start_s for span in expected),
                answers=tuple(
                    _answer_steps(study, person, steps, generator, scales=scales, forms=forms, missing=missing)
                ),
            )
        )
        if aborted:
            break
    return played


def keep_pace(plan: Sequence[PlannedStep], *, pace: float) -> tuple[PlannedStep, ...]:
    """Return the steps with what takes a person's own time lengthened by ``pace``, and the rest moved along."""
    clock, steps = 0.0, []
    for step in plan:
        duration = step.duration_s * (pace if step.estimated else 1.0)
        if step.kind == "wait":
            duration = max(step.stop_s - clock, 0.0)
        if duration > 0:
            duration = round(duration, 4)
            steps.append(replace(step, onset_s=round(clock, 4), duration_s=duration))
            clock = round(clock + duration, 4)
    return tuple(steps)


def find_spans(study: Study, steps: Sequence[PlannedStep]) -> tuple[Span, ...]:
    """Return what the camera records of a visit: from first to last block, or each run of blocks by itself.

    A rest for the person's own resting face belongs to it.
    """
    inside = [place for place, step in enumerate(steps) if step.block is not None or step.kind == "rest_s"]
    if not inside or study.camera.record == "nothing":
        return ()
    if study.camera.record != "blocks":
        return (Span(0, steps[inside[0]].onset_s, steps[inside[-1]].stop_s + TAIL_S),)
    runs: list[list[int]] = []
    for place in inside:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return tuple(Span(number, steps[run[0]].onset_s, steps[run[-1]].stop_s + TAIL_S) for number, run in enumerate(runs))


def _answer_steps(
    study: Study,
    person: Person,
    steps: Sequence[PlannedStep],
    generator: np.random.Generator,
    *,
    scales: Mapping[str, Scale],
    forms: Mapping[str, Mapping[str, str | None]],
    missing: float,
) -> Iterator[dict[str, Cell]]:
    ratings = {rating.name: rating for rating in study.ratings}
    measurements = {measurement.name: measurement.fields for measurement in study.measurements}
    leans = {name: float(generator.normal()) for name in ratings}
    emotions = {step.trial: step.emotion for step in steps if step.kind == "stimulus"}
    for step in steps:
        given: Mapping[str, str | None] = {}
        if step.kind == "rating":
            emotion = emotions.get(step.trial)
            given = {"rating": answer_rating(ratings[step.name], emotion, lean=leans[step.name], generator=generator)}
        elif step.kind == "scale" and step.name in scales and not person.questionnaire_lost:
            given = answer_scale(scales[step.name], person.trait, generator, missing=missing)
        elif step.kind in ("form", "probe"):
            given = forms[step.name]
        elif step.kind == "measurement":
            given = answer_fields(measurements[step.name], person, generator)
        for item, response in given.items():
            yield _make_row(step, item, response)


def _make_row(step: PlannedStep, item: str, response: str | None) -> dict[str, Cell]:
    return {
        "block": step.block,
        "trial": step.trial,
        "occasion": step.occasion,
        "scale": step.name,
        "item": item,
        "response": response,
        "time": step.stop_s,
    }

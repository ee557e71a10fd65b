"""A visit, step by step, with planned times: what ``check`` prints, ``simulate`` plays and the server will show.

``plan_visit(study, stimuli, seed=...)`` gives one participant's visit. The same study, seed and number give the same
steps on every system. Times are seconds from the start of the visit; lengths that depend on the participant (reading,
answering) are estimates and marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

import polars as pl

from mimicrylab.protocol.block_trials import Shown, list_trials
from mimicrylab.protocol.blocks import Block
from mimicrylab.protocol.trial_order import balance_order, open_stream, shuffle
from mimicrylab.protocol.visits import Step, Visit

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

SECONDS_A_PAGE = 45.0
SECONDS_A_CONSENT = 120.0
SECONDS_A_RULE = 8.0
SECONDS_A_FIELD = 8.0
SECONDS_A_MEASURED_FIELD = 20.0
SECONDS_AN_ITEM = 6.0
SECONDS_A_RATING = 4.0
SECONDS_A_CAMERA = 60.0
"""Estimates for the plan; ``minutes`` of a step goes before them. Six seconds an item: questionnaires of 50-60 items
take five to six minutes."""

ITEMS_IF_UNKNOWN = 20

TRIAL_TYPES = {
    "stimulus": "stimulus",
    "fixation": "fixation",
    "blank": "blank",
    "rating": "rating",
    "scale": "questionnaire",
    "rest_s": "rest",
}
"""Kind of step -> trial_type in events; everything else is ``other``."""


@dataclass(frozen=True)
class PlannedStep:
    """One thing shown, asked or waited for.

    ``kind`` is one of visits.STEP_KINDS (block and blocks excepted), or fixation, stimulus, rating, blank, wait.
    ``due_s`` is the time the study file plans for the step, where it plans one; ``onset_s`` is later if the steps
    before take too long.
    """

    session: str
    kind: str
    name: str
    onset_s: float
    duration_s: float
    estimated: bool
    block: str | None = None
    block_position: int | None = None
    block_role: str | None = None
    phase: str | None = None
    trial: int | None = None
    stimulus: str | None = None
    emotion: str | None = None
    model_id: str | None = None
    occasion: str | None = None
    due_s: float | None = None

    @property
    def trial_type(self) -> str:
        """The step's type in the table of events."""
        return TRIAL_TYPES.get(self.kind, "other")

    @property
    def stop_s(self) -> float:
        """End of the step, seconds from the start of the visit."""
        return self.onset_s + self.duration_s


def plan_visit(
    study: Study,
    stimuli: pl.DataFrame,
    *,
    seed: int,
    visit: str | None = None,
    number: int = 0,
    items: Mapping[str, int] | None = None,
) -> tuple[PlannedStep, ...]:
    """Return one participant's visit.

    Parameters
    ----------
    study
        The study, as ``read_study`` gives it.
    stimuli
        Its stimuli (schemas.STIMULI).
    seed
        Seed of the participant's random orders; stored with the session.
    visit
        Name of the visit; None: the only one, or the first that shows blocks.
    number
        Running number of the participant, 0-based: decides what is counterbalanced.
    items
        Number of items of each scale, for the estimates; a scale not named counts as 20 items.

    Raises
    ------
    InputError
        A block shows nothing.
    RefusedError
        Order constraints cannot be met.
    """
    chosen = _find_visit(study, visit)
    planning = _Planning(study, stimuli, chosen, seed, items or {})
    steps = order_steps(chosen, number=number)
    phases = _find_phases(study, chosen, steps)
    for place, step in enumerate(steps):
        planning.phase = phases[place]
        planning.add_step(step, number=number)
    return tuple(planning.steps)


def order_steps(visit: Visit, *, number: int) -> tuple[Step, ...]:
    """Return a visit's steps for participant ``number``, with counterbalanced ones at their place."""
    steps = list(visit.steps)
    left = number
    for step in [step for step in visit.steps if step.or_after]:
        left, choice = divmod(left, len(step.or_after) + 1)
        if choice:
            steps.remove(step)
            target = next(place for place, other in enumerate(steps) if other.label == step.or_after[choice - 1])
            steps.insert(target + 1, step)
    return tuple(steps)


def _find_visit(study: Study, name: str | None) -> Visit:
    if name is not None:
        return next(visit for visit in study.visits if visit.name == name)
    with_blocks = [visit for visit in study.visits if any(step.block or step.blocks for step in visit.steps)]
    return (with_blocks or list(study.visits))[0]


def _find_phases(study: Study, visit: Visit, steps: tuple[Step, ...]) -> list[str | None]:
    """Return the phase of each step: before or after the step that ``phases_around`` names."""
    if study.phases_around is None:
        return [None] * len(steps)
    labels = [step.label for step in steps]
    if study.phases_around in labels:
        middle = labels.index(study.phases_around)
        return ["before" if place < middle else "after" for place in range(len(steps))]
    names = [other.name for other in study.visits]
    with_step = [other.name for other in study.visits if any(s.label == study.phases_around for s in other.steps)]
    early = names.index(visit.name) < names.index(with_step[0])
    return ["before" if early else "after"] * len(steps)


@dataclass
class _Planning:
    """The visit as planned so far: clock, counters, and the starts that other steps count from."""

    study: Study
    stimuli: pl.DataFrame
    visit: Visit
    seed: int
    items: Mapping[str, int]
    steps: list[PlannedStep] = field(default_factory=list)
    starts: dict[str, float] = field(default_factory=dict)
    clock_s: float = 0.0
    trial: int = 0
    block_position: int = 0
    phase: str | None = None

    def add_step(self, step: Step, *, number: int) -> None:
        due_s = self._wait_until_due(step)
        self.starts[step.label] = self.clock_s
        if step.block or step.blocks:
            begun = len(self.steps)
            for name in self._order_blocks(step, number=number):
                self._add_block(self.study.block(name))
            self.steps[begun] = replace(self.steps[begun], due_s=due_s)
            return
        duration_s, estimated = self._estimate(step)
        name = str(getattr(step, step.kind)) if step.kind != "rest_s" else "rest"
        self._add(step.kind, name, duration_s, estimated=estimated, occasion=step.occasion, due_s=due_s)

    def _wait_until_due(self, step: Step) -> float | None:
        if step.after is None or step.at_minutes is None:
            return None
        due_s = self.starts[step.after] + 60.0 * step.at_minutes
        if due_s > self.clock_s:
            self._add("wait", f"until {step.at_minutes:g} min after {step.after}", due_s - self.clock_s)
        return due_s

    def _order_blocks(self, step: Step, *, number: int) -> list[str]:
        if step.block is not None:
            return [step.block]
        ends = {*step.first, *step.last}
        middle = [name for name in step.blocks if name not in ends]
        if step.order == "random":
            middle = shuffle(middle, open_stream(self.seed, "blocks", self.visit.name, step.label))
        if step.order == "latin_square":
            middle = balance_order(middle, number=number)
        return [*step.first, *middle, *step.last]

    def _add_block(self, block: Block) -> None:
        begun = len(self.steps)
        if block.text is not None:
            self._add("text", block.text, SECONDS_A_PAGE, estimated=True)
        if block.lead_in_s:
            self._add("blank", "lead-in", block.lead_in_s)
        jitter = open_stream(self.seed, "jitter", block.name)
        for shown in list_trials(self.study, block, self.stimuli, seed=self.seed):
            for kind, name, duration_s, estimated in self._lay_out_trial(block, shown, jitter):
                self._add(kind, name, duration_s, estimated=estimated, trial=self.trial, shown=shown)
            self.trial += 1
        for name in block.scales:
            self._add("scale", name, SECONDS_AN_ITEM * self.items.get(name, ITEMS_IF_UNKNOWN), estimated=True)
        self.steps[begun:] = [
            replace(
                step,
                block=block.name,
                block_position=self.block_position,
                block_role=block.role,
                phase=block.phase or self.phase,
            )
            for step in self.steps[begun:]
        ]
        self.block_position += 1

    def _lay_out_trial(self, block: Block, shown: Shown, jitter: Random) -> Iterator[tuple[str, str, float, bool]]:
        ratings = [rating for name in block.ratings for rating in self.study.ratings if rating.name == name]
        if block.ratings_order == "random":
            ratings = shuffle(ratings, open_stream(self.seed, "ratings", block.name, self.trial))
        for rating in ratings:
            if rating.when == "before":
                yield "rating", rating.name, SECONDS_A_RATING, True
        if block.fixation_s:
            yield "fixation", "fixation", _vary(block.fixation_s, block.fixation_jitter_s, jitter), False
        yield "stimulus", shown.stimulus, block.duration_s or shown.duration_s or 0.0, False
        for rating in ratings:
            if rating.when == "after":
                yield "rating", rating.name, SECONDS_A_RATING, True
        if block.blank_s:
            yield "blank", "blank", _vary(block.blank_s, block.blank_jitter_s, jitter), False

    def _estimate(self, step: Step) -> tuple[float, bool]:
        if step.rest_s is not None:
            return step.rest_s, False
        if step.minutes is not None:
            return 60.0 * step.minutes, True
        study = self.study
        if step.form or step.probe:
            fields = sum(len(form.fields) for form in study.forms if form.name in {step.form, step.probe})
            return SECONDS_A_FIELD * fields, True
        if step.scale:
            return SECONDS_AN_ITEM * self.items.get(step.scale, ITEMS_IF_UNKNOWN), True
        if step.measurement:
            measured = [m for m in study.measurements if m.name == step.measurement]
            return SECONDS_A_MEASURED_FIELD * sum(len(m.fields) for m in measured), True
        if step.eligibility:
            return SECONDS_A_RULE * sum(rule.checked_by == step.eligibility for rule in study.eligibility), True
        if step.camera:
            return SECONDS_A_CAMERA, True
        return (SECONDS_A_CONSENT if step.consent else SECONDS_A_PAGE), True

    def _add(
        self,
        kind: str,
        name: str,
        duration_s: float,
        *,
        estimated: bool = False,
        trial: int | None = None,
        shown: Shown | None = None,
        occasion: str | None = None,
        due_s: float | None = None,
    ) -> None:
        about = (shown.stimulus, shown.emotion, shown.model_id) if shown is not None else (None, None, None)
        self.steps.append(
            PlannedStep(
                session=self.visit.name,
                kind=kind,
                name=name,
                onset_s=self.clock_s,
                duration_s=duration_s,
                estimated=estimated,
                trial=trial,
                stimulus=about[0],
                emotion=about[1],
                model_id=about[2],
                occasion=occasion,
                due_s=due_s,
            )
        )
        self.clock_s += duration_s


def _vary(middle_s: float, jitter_s: float, stream: Random) -> float:
    return round(middle_s + stream.uniform(-jitter_s, jitter_s), 3) if jitter_s else middle_s

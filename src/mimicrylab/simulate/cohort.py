"""A whole study's tables of simulated people, and for each recording what is needed to make its frames.

Frames are made one recording at a time (``RecordingPlan.make_frames``), so that a large cohort fits into memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from mimicrylab.protocol.assignment import Kit, choose_kit, find_stratum, randomise_kits
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.scales import Scale
from mimicrylab.schemas import ANSWERS, EVENTS, FACES, PARTICIPANTS, RECORDINGS, SESSIONS
from mimicrylab.schemas.table import Table
from mimicrylab.simulate.camera import PICTURE_HEIGHT, PICTURE_WIDTH
from mimicrylab.simulate.forms import answer_forms, fill_columns, find_share_of_women
from mimicrylab.simulate.frames import Shown, simulate_frames
from mimicrylab.simulate.openface_frames import simulate_openface
from mimicrylab.simulate.people import Person, draw_people
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.responses import weigh_trials
from mimicrylab.simulate.visits import Cell, PlayedVisit, Span, play_visits

FIRST_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday; the simulated visits are told from real ones by the study's notice, not by their dates."""

SOFTWARE = "mimicrylab simulate"
CAPTURE = "simulated"
OPTIONAL_TIER = 0.7
"""Share of people who agree to a tier of the consent that is not required."""

Row = dict[str, object]


@dataclass(frozen=True)
class RecordingPlan:
    """One recording: whose, how long, and what was shown when on its own clock."""

    recording_id: str
    person: Person
    population: Population
    shown: tuple[Shown, ...]
    duration_s: float

    def make_frames(self) -> pl.DataFrame:
        """Return the frames (schemas.FRAMES and the coder's signals)."""
        simulate = simulate_frames if self.population.presence is None else simulate_openface
        return simulate(
            self.person, self.population, self.shown, recording_id=self.recording_id, duration_s=self.duration_s
        )


@dataclass(frozen=True)
class Cohort:
    """Tables of a simulated study, by name, and its recordings. ``kits`` tell the arms: never to be written openly."""

    tables: Mapping[str, pl.DataFrame]
    recordings: tuple[RecordingPlan, ...]
    kits: tuple[Kit, ...]
    kit_seed: int


def simulate_cohort(
    study: Study,
    stimuli: pl.DataFrame,
    *,
    participants: int,
    seed: int,
    scales: Mapping[str, Scale],
    study_sha256: str,
    population: Population | None = None,
) -> Cohort:
    """Return a cohort for a study; the same study, number and seed give the same tables and frames.

    Parameters
    ----------
    study, stimuli
        The study file and its table of stimuli.
    participants
        Number of people.
    scales
        The study's questionnaires by name.
    study_sha256
        Hash of the study file, kept with each session.
    population
        What is true; the default population if not given.
    """
    truth = population or Population()
    kit_seed = int(np.random.SeedSequence([seed, 17]).generate_state(1, np.uint64)[0] >> 1)
    people, answers, kits = _enrol(study, truth, participants, seed=seed, kit_seed=kit_seed)
    strengths = draw_strengths(stimuli, truth, seed=seed)
    rows: dict[str, list[Row]] = {name: [] for name in ("participants", "sessions", "answers", "events", "recordings")}
    plans: list[RecordingPlan] = []
    for person in people:
        visits = play_visits(study, stimuli, person, truth, scales=scales, forms=answers[person.number])
        rows["participants"].append(_describe_person(study, person, visits, answers[person.number], kits))
        for visit in visits:
            rows["sessions"].append(_describe_session(person, visit, study_sha256))
            rows["answers"] += _list_answers(person, visit)
            rows["events"] += _list_events(visit)
            made = [
                _plan_recording(person, visit, span, stimuli=stimuli, strengths=strengths, population=truth)
                for span in visit.spans
            ]
            rows["recordings"] += [_describe_recording(plan, visit) for plan in made]
            plans += made
    tables = {
        table.name: _make_frame(rows[table.name], table)
        for table in (PARTICIPANTS, SESSIONS, ANSWERS, EVENTS, RECORDINGS)
    }
    faces = tables["recordings"].select("recording_id", pl.lit(0, dtype=pl.Int16).alias("face"), "participant_id")
    return Cohort({**tables, FACES.name: faces}, tuple(plans), kits.list, kit_seed)


@dataclass(frozen=True)
class _Kits:
    list: tuple[Kit, ...]
    of_person: Mapping[int, Kit]


def _enrol(
    study: Study, population: Population, count: int, *, seed: int, kit_seed: int
) -> tuple[list[Person], list[dict[str, dict[str, str | None]]], _Kits]:
    """Return the people with their answers to forms and their kits: answers first, because strata depend on them."""
    women = find_share_of_women(study)
    people = draw_people(population, count, seed=seed, women=women)
    age = (population.age_mean, population.age_sd)
    answers = [answer_forms(study, person, age=age) for person in people]
    if study.assignment is None:
        return people, answers, _Kits((), {})
    kits = randomise_kits(study.assignment, seed=kit_seed)
    by_number = {kit.kit: kit for kit in kits}
    of_person: dict[int, Kit] = {}
    used: set[str] = set()
    for person, given in zip(people, answers, strict=True):
        fields = {field: text for form in given.values() for field, text in form.items() if text is not None}
        stratum = find_stratum(study.assignment, fields)
        number = choose_kit([(kit.kit, kit.stratum) for kit in kits], used=used, stratum=stratum)
        used.add(number)
        of_person[person.number] = by_number[number]
    names = [arm.name for arm in study.assignment.arms]
    arms = [names.index(of_person[person.number].arm) for person in people]
    return draw_people(population, count, seed=seed, arms=arms, women=women), answers, _Kits(kits, of_person)


def draw_strengths(stimuli: pl.DataFrame, population: Population, *, seed: int) -> dict[str, float]:
    """Return how strongly each stimulus moves people, with a mean of exactly 1 over the stimuli of an emotion."""
    generator = np.random.default_rng([seed, 23])
    strengths: dict[str, float] = {}
    for (_, _), rows in stimuli.group_by(["set", "emotion"], maintain_order=True):
        drawn = 1.0 + population.mimicry.spread_between_models * generator.normal(size=rows.height)
        strengths |= dict(zip(rows["stimulus"], (drawn - drawn.mean() + 1.0).tolist(), strict=True))
    return strengths


def _plan_recording(
    person: Person,
    visit: PlayedVisit,
    span: Span,
    *,
    stimuli: pl.DataFrame,
    strengths: Mapping[str, float],
    population: Population,
) -> RecordingPlan:
    facts = {row["stimulus"]: row for row in stimuli.iter_rows(named=True)}
    steps = [step for step in visit.steps if step.kind == "stimulus" and step.stimulus is not None]
    trials = np.array([step.trial for step in steps if facts[step.stimulus]["action_units"]], dtype=float)
    weights = dict(zip(trials.tolist(), weigh_trials(trials, mimicry=population.mimicry).tolist(), strict=True))
    shown = [
        Shown(
            trial=int(step.trial or 0),
            onset_s=step.onset_s - span.start_s,
            duration_s=step.duration_s,
            emotion=step.emotion or "neutral",
            action_units=tuple(facts[step.stimulus]["action_units"] or ()),
            weight=weights.get(float(step.trial or 0), 0.0) * strengths[str(step.stimulus)],
            movement_onset_s=facts[step.stimulus]["movement_onset_s"] or 0.0,
            block=step.block or "",
        )
        for step in steps
        if span.start_s <= step.onset_s < span.stop_s
    ]
    return RecordingPlan(
        _name_recording(visit, span), person, population, tuple(shown), round(span.stop_s - span.start_s, 4)
    )


def _name_recording(visit: PlayedVisit, span: Span) -> str:
    return visit.session_id if len(visit.spans) == 1 else f"{visit.session_id}-{span.segment + 1}"


def _describe_person(
    study: Study,
    person: Person,
    visits: Sequence[PlayedVisit],
    answers: Mapping[str, Mapping[str, str | None]],
    kits: _Kits,
) -> Row:
    kit = kits.of_person.get(person.number)
    row: Row = {
        "participant_id": person.participant_id,
        "kit": kit.kit if kit else None,
        "stratum": kit.stratum if kit else None,
        "state": "aborted" if any(visit.aborted for visit in visits) else "finished",
        "excluded": False,
        **fill_columns(study, answers),
    }
    if study.consent is not None:
        chances = person.open_stream("forms").random(len(study.consent.tiers))
        row["consent_version"] = study.consent.version
        row["consent_choices"] = [
            tier.name
            for tier, chance in zip(study.consent.tiers, chances, strict=True)
            if tier.required or chance < OPTIONAL_TIER
        ]
    return row


def _describe_session(person: Person, visit: PlayedVisit, study_sha256: str) -> Row:
    started = FIRST_DAY + timedelta(days=person.number // 6, hours=person.number % 6)
    return {
        "session_id": visit.session_id,
        "participant_id": person.participant_id,
        "session": visit.session,
        "started": started.isoformat(),
        "study_sha256": study_sha256,
        "seed": visit.seed,
        "state": "aborted" if visit.aborted else "finished",
        "capture": CAPTURE if visit.spans else None,
        "software": SOFTWARE,
    }


def _list_answers(person: Person, visit: PlayedVisit) -> list[Row]:
    about: dict[str, Cell] = {"participant_id": person.participant_id, "session_id": visit.session_id}
    return [{**about, **answer} for answer in visit.answers]


def _list_events(visit: PlayedVisit) -> list[Row]:
    """Return every step; those that are recorded on the recording's clock, the others on the visit's."""
    rows: list[Row] = []
    for step in visit.steps:
        span = next((one for one in visit.spans if one.start_s <= step.onset_s < one.stop_s), None)
        rows.append(
            {
                "session_id": visit.session_id,
                "recording_id": _name_recording(visit, span) if span else None,
                "block": step.block,
                "block_position": step.block_position,
                "block_role": step.block_role,
                "phase": step.phase,
                "trial": step.trial,
                "onset": round(step.onset_s - (span.start_s if span else 0.0), 4),
                "duration": step.duration_s,
                "page_onset_s": step.onset_s,
                "trial_type": step.trial_type,
                "stimulus": step.stimulus,
                "stimulus_emotion": step.emotion,
                "model_id": step.model_id,
                "file_page_error_s": 0.0 if span else None,
                "display_camera_delay_s": 0.0 if span else None,
            }
        )
    return rows


def _describe_recording(plan: RecordingPlan, visit: PlayedVisit) -> Row:
    """Return the recording's row; what only its frames tell is filled in when they are made."""
    segment = next((span.segment for span in visit.spans if _name_recording(visit, span) == plan.recording_id), 0)
    return {
        "recording_id": plan.recording_id,
        "session_id": visit.session_id,
        "participant_id": plan.person.participant_id,
        "segment": segment,
        "width": PICTURE_WIDTH,
        "height": PICTURE_HEIGHT,
        "expected_s": visit.expected_s / max(len(visit.spans), 1),
        "received_s": plan.duration_s,
        "complete": not visit.aborted,
        "reason": "the session was broken off" if visit.aborted else None,
    }


def _make_frame(rows: Sequence[Row], table: Table) -> pl.DataFrame:
    """Return rows as a table: the declared columns, and further ones as they are."""
    known = {column.name: column.dtype for column in table.columns}
    extra = list(dict.fromkeys(name for row in rows for name in row if name not in known))
    declared = pl.DataFrame([{name: row.get(name) for name in known} for row in rows], schema=known)
    further = [pl.Series(name, [row.get(name) for row in rows]) for name in extra]
    return declared.with_columns(further)

"""What a report is written from: the study, its tables, who is analysed, and which action units count as congruent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import polars as pl

from mimicrylab.coding.coder import CoderDescription
from mimicrylab.errors import MimicryLabError
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.frozen_plan import FrozenPlan, collect_plan, list_frozen
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.quality.exclusions import find_excluded
from mimicrylab.registry import load_registered
from mimicrylab.report.blinding import Opening, read_openings
from mimicrylab.report.provenance import StepRecord, read_steps
from mimicrylab.schemas import ARMS, EMOTIONS, TABLES
from mimicrylab.study import StudyFolder
from mimicrylab.tables import read_table

SCORES_SCHEMA = {
    "participant_id": pl.String,
    "session_id": pl.String,
    "occasion": pl.String,
    "scale": pl.String,
    "score": pl.String,
    "value": pl.Float64,
    "n_items": pl.Int32,
    "n_answered": pl.Int32,
    "prorated": pl.Boolean,
}
"""Scores of questionnaires, as ``protocol.scoring.score_answers`` returns them."""


@dataclass(frozen=True)
class StudyTables:
    """The tables of a study folder, each as ``schemas`` declares it; a table that is not there is empty."""

    participants: pl.DataFrame = field(default_factory=TABLES["participants"].empty)
    sessions: pl.DataFrame = field(default_factory=TABLES["sessions"].empty)
    answers: pl.DataFrame = field(default_factory=TABLES["answers"].empty)
    stimuli: pl.DataFrame = field(default_factory=TABLES["stimuli"].empty)
    events: pl.DataFrame = field(default_factory=TABLES["events"].empty)
    recordings: pl.DataFrame = field(default_factory=TABLES["recordings"].empty)
    quality: pl.DataFrame = field(default_factory=TABLES["quality"].empty)
    exclusions: pl.DataFrame = field(default_factory=TABLES["exclusions"].empty)
    measures: pl.DataFrame = field(default_factory=TABLES["measures"].empty)
    timecourses: pl.DataFrame = field(default_factory=TABLES["timecourses"].empty)


@dataclass(frozen=True)
class ReportSource:
    """Everything that the sections of a report read.

    ``analysed`` are the participants that are neither excluded nor left without a usable recording; ``congruent`` is
    emotion -> action units that count as mimicry of it; ``arms`` is kit -> arm and None as long as the study is
    blinded; ``openings`` say who opened the sealed list, and when; ``stale`` names results that are older than what
    they were made from; ``frozen`` are the frozen plans, the oldest first, and ``plan`` is the plan as it is now (empty
    where none was frozen).
    """

    study: Study
    tables: StudyTables
    analysed: tuple[str, ...] = ()
    congruent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coder: CoderDescription | None = None
    steps: tuple[StepRecord, ...] = ()
    stale: tuple[str, ...] = ()
    arms: Mapping[str, str] | None = None
    scores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCORES_SCHEMA))
    openings: tuple[Opening, ...] = ()
    frozen: tuple[FrozenPlan, ...] = ()
    plan: Mapping[str, Any] = field(default_factory=dict)

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotions shown in trials that are analysed (a washout is not), in the field's order."""
        shown = self.tables.events.filter(
            (pl.col("trial_type") == "stimulus") & (pl.col("block_role").fill_null("test") != "washout")
        )
        found = set(shown["stimulus_emotion"].drop_nulls())
        return tuple(emotion for emotion in EMOTIONS if emotion in found)

    @property
    def excluded_recordings(self) -> tuple[str, ...]:
        """Recordings that are not analysed, also where another recording of the same person is."""
        return tuple(find_excluded(self.tables.exclusions)["recording_id"])

    def add_arms(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame with ``participant_id`` and the column ``arm``: null for all while the study is blinded."""
        kits = self.tables.participants.select("participant_id", "kit")
        arm = pl.col("kit").replace_strict(dict(self.arms or {}), default=None, return_dtype=pl.String)
        arms = kits.select("participant_id", arm.alias("arm"))
        return frame.join(arms, on="participant_id", how="left", maintain_order="left")


def read_source(folder: StudyFolder, study: Study) -> ReportSource:
    """Read everything that a report needs from a study folder.

    Raises
    ------
    InputError
        A table does not agree with its schema, or cannot be read.
    """
    tables = StudyTables(
        **{
            one.name: read_table(folder.table_path(one.name), TABLES[one.name])
            for one in fields(StudyTables)
            if folder.table_path(one.name).exists()
        }
    )
    named = {"quality": study.quality, "baseline": study.baseline}
    settings: dict[str, Any] = {name: value.model_dump(mode="json") for name, value in named.items()}
    settings["windows"] = {name: window.model_dump(mode="json") for name, window in study.windows.items()}
    steps, stale = read_steps(folder, settings)
    frozen = list_frozen(folder.root)
    return ReportSource(
        study=study,
        tables=tables,
        analysed=list_analysed(tables),
        congruent=collect_congruent(study.stimuli.sets, tables.stimuli),
        coder=describe_coder(study.coding.coder),
        steps=steps,
        stale=stale,
        arms=read_arms(folder),
        scores=score_scales(study, tables.answers, folder),
        openings=read_openings(folder),
        frozen=frozen,
        plan=collect_plan(study, folder.root) if frozen else {},
    )


def score_scales(study: Study, answers: pl.DataFrame, folder: StudyFolder) -> pl.DataFrame:
    """Return the scores of all questionnaires that the study asks and somebody answered (``SCORES_SCHEMA``)."""
    answered = set(answers["scale"])
    parts = [
        score_answers(answers, find_scale(use.name, root=folder.root).scale, prorate_up_to=use.prorate_up_to)
        for use in study.scales
        if use.name in answered
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCORES_SCHEMA)


def read_arms(folder: StudyFolder) -> dict[str, str] | None:
    """Return kit -> arm once the study is unblinded, else None: a blinded report cannot show an arm."""
    path = folder.table_path(ARMS.name)
    if not path.exists():
        return None
    return dict(read_table(path, ARMS).select("kit", "arm").iter_rows())


def list_analysed(tables: StudyTables) -> tuple[str, ...]:
    """Return the participants that count: not excluded as a person, and with a recording that is not excluded.

    Without recordings (tables of measures that came from elsewhere) everybody who is not excluded counts.
    """
    people = tables.participants.filter(~pl.col("excluded") & (pl.col("state") != "withdrawn"))
    out = tables.exclusions.filter(pl.col("level") == "participant")["participant_id"]
    kept = people.filter(~pl.col("participant_id").is_in(out.implode()))["participant_id"]
    if not tables.recordings.is_empty():
        lost = find_excluded(tables.exclusions)["recording_id"]
        usable = tables.recordings.filter(~pl.col("recording_id").is_in(lost.implode()))["participant_id"]
        kept = kept.filter(kept.is_in(usable.implode()))
    return tuple(sorted(kept))


def describe_coder(name: str) -> CoderDescription | None:
    """Return what a coder says of itself, or None where it is not installed here (its results can still be read)."""
    try:
        coder = load_registered("mimicrylab.coders", name)
    except MimicryLabError:
        return None
    coder = coder() if callable(coder) else coder
    description = coder.description
    return description if isinstance(description, CoderDescription) else None

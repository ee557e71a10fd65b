"""What a report is written from: the study, its tables, who is analysed, and which action units count as congruent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from mimicrylab.coding.coder import CoderDescription
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.frozen_plan import FrozenPlan, collect_plan, list_frozen
from mimicrylab.protocol.scales import FoundScale, find_scale
from mimicrylab.quality.exclusions import find_excluded
from mimicrylab.report.blinding import Opening, read_openings
from mimicrylab.report.measured_coder import describe_measured_coder, find_measured_coder, list_other_coders
from mimicrylab.report.provenance import StepRecord, read_steps
from mimicrylab.schemas import EMOTIONS
from mimicrylab.stats.plan.multiverse import MultiverseResult
from mimicrylab.stats.plan.multiverse_storage import read_multiverse
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.storage import read_results
from mimicrylab.stats.plan.study_tables import (
    SCORES_SCHEMA,
    StudyTables,
    list_analysed,
    read_arms,
    read_study_tables,
    score_scales,
)
from mimicrylab.study import StudyFolder

RESULTS_FOLDER = "analyses/"

__all__ = [
    "RESULTS_FOLDER",
    "SCORES_SCHEMA",
    "ReportSource",
    "StudyTables",
    "list_analysed",
    "read_arms",
    "read_source",
    "score_scales",
]


@dataclass(frozen=True)
class ReportSource:
    """Everything that the sections of a report read.

    ``analysed`` are the participants that are neither excluded nor left without a usable recording; ``congruent`` is
    emotion -> action units that count as mimicry of it; ``arms`` is kit -> arm and None as long as the study is
    blinded; ``openings`` say who opened the sealed list, and when; ``stale`` names results that are older than what
    they were made from; ``frozen`` are the frozen plans, the oldest first, and ``plan`` is the plan as it is now (empty
    where none was frozen); ``scales`` are the questionnaires that somebody answered; ``results`` are the planned
    analyses, in the order of the plan, and ``plan_notes`` what must be said of all of them; ``multiverses`` are those
    that study.yaml names and that were run; ``results_folder`` is where the results lie beside the report's folder.
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
    scales: Mapping[str, FoundScale] = field(default_factory=dict)
    results: tuple[AnalysisResult, ...] = ()
    plan_notes: tuple[str, ...] = ()
    multiverses: tuple[MultiverseResult, ...] = ()
    other_coders: tuple[str, ...] = ()
    results_folder: str = RESULTS_FOLDER

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
    tables = read_study_tables(folder)
    named = {"quality": study.quality, "baseline": study.baseline}
    settings: dict[str, Any] = {name: value.model_dump(mode="json") for name, value in named.items()}
    settings["windows"] = {name: window.model_dump(mode="json") for name, window in study.windows.items()}
    settings["analyses"] = [analysis.model_dump(mode="json") for analysis in study.analyses]
    steps, stale = read_steps(folder, settings)
    frozen = list_frozen(folder.root)
    stored = read_results(folder.analyses)
    return ReportSource(
        study=study,
        tables=tables,
        analysed=list_analysed(tables),
        congruent=collect_congruent(study.stimuli.sets, tables.stimuli),
        coder=describe_measured_coder(tables.measures, study.coding.coder),
        other_coders=list_other_coders(folder, find_measured_coder(tables.measures, study.coding.coder)),
        steps=steps,
        stale=stale,
        arms=read_arms(folder),
        scores=score_scales(study, tables.answers, folder),
        openings=read_openings(folder),
        results=stored.results if stored else (),
        plan_notes=stored.notes if stored else (),
        multiverses=read_multiverses(folder, study),
        frozen=frozen,
        scales=find_answered_scales(study, tables.answers, folder),
        plan=collect_plan(study, folder.root) if frozen else {},
    )


def read_multiverses(folder: StudyFolder, study: Study) -> tuple[MultiverseResult, ...]:
    """Return the multiverses that study.yaml names and that were run as it names them."""
    found = [(one, read_multiverse(folder.analyses, one.analysis)) for one in study.multiverse]
    return tuple(result for one, result in found if result is not None and result.multiverse == one)


def find_answered_scales(study: Study, answers: pl.DataFrame, folder: StudyFolder) -> dict[str, FoundScale]:
    """Return the questionnaires of the study that somebody answered, by name, with where their keys come from."""
    answered = set(answers["scale"])
    return {use.name: find_scale(use.name, root=folder.root) for use in study.scales if use.name in answered}

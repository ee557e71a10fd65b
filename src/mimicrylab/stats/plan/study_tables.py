"""The tables of a study folder, who of them is analysed, and the scores of its questionnaires."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import polars as pl

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.quality.exclusions import find_excluded
from mimicrylab.schemas import ARMS, TABLES
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


def read_study_tables(folder: StudyFolder) -> StudyTables:
    """Read the tables of a study folder.

    Raises
    ------
    InputError
        A table does not agree with its schema, or cannot be read.
    """
    return StudyTables(
        **{
            one.name: read_table(folder.table_path(one.name), TABLES[one.name])
            for one in fields(StudyTables)
            if folder.table_path(one.name).exists()
        }
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


def list_people(tables: StudyTables) -> tuple[str, ...]:
    """Return the participants who are not excluded as people; their answers are analysed."""
    people = tables.participants.filter(~pl.col("excluded") & (pl.col("state") != "withdrawn"))
    out = tables.exclusions.filter(pl.col("level") == "participant")["participant_id"]
    return tuple(sorted(people.filter(~pl.col("participant_id").is_in(out.implode()))["participant_id"]))


def list_analysed(tables: StudyTables) -> tuple[str, ...]:
    """Return the participants that count: not excluded as a person, and with a recording that is not excluded.

    Without recordings (tables of measures that came from elsewhere) everybody who is not excluded counts.
    """
    people = list_people(tables)
    if tables.recordings.is_empty():
        return people
    lost = find_excluded(tables.exclusions)["recording_id"]
    usable = set(tables.recordings.filter(~pl.col("recording_id").is_in(lost.implode()))["participant_id"])
    return tuple(person for person in people if person in usable)

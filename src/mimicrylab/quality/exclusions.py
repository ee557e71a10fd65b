"""The exclusion log: one row for everything that is not analysed, with its reason. Nothing is deleted.

The participant flow follows from it: people who withdrew or were excluded, people without a recording, recordings
graded worse than declared, trials that do not count. A person whose recordings are all excluded still counts where only
answers are analysed (81 of 87 people, against 50 in Kovalchuk et al., 2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from mimicrylab.schemas import EXCLUSIONS

GRADE_RULE = "quality.recordings.maximum_grade"
TRIAL_RULE = "quality.trials"
STATES = {"invited": ("session", "never started"), "withdrawn": ("consent", "consent withdrawn")}
"""States of a participant that exclude: where in the flow, and in words. A visit that was broken off does not: what was
seen before counts, trial by trial."""
QUESTIONNAIRE = "questionnaire"


def list_exclusions(
    participants: pl.DataFrame, recordings: pl.DataFrame, quality: pl.DataFrame, *, maximum_grade: int
) -> pl.DataFrame:
    """Return the exclusion log of a study (``schemas.EXCLUSIONS``), in order of participant, recording and trial.

    Parameters
    ----------
    participants, recordings
        Tables of the study; a study of recordings alone has no participants.
    quality
        Rows of ``schemas.QUALITY`` of recordings and trials; an override counts in place of the grade.
    maximum_grade
        Recordings graded worse are excluded.
    """
    rows = [*_list_people(participants), *_list_recordings(quality, maximum_grade), *_list_trials(quality)]
    named = {row["participant_id"] for row in rows}
    rows += [row for row in _list_without_recording(participants, recordings) if row["participant_id"] not in named]
    schema = {column.name: column.dtype for column in EXCLUSIONS.columns}
    order = ("participant_id", "recording_id", "trial", "stage", "reason")
    return pl.DataFrame(rows, schema=schema, orient="row").sort(order, nulls_last=False)


def find_excluded(exclusions: pl.DataFrame) -> pl.DataFrame:
    """Return ``recording_id, excluded`` (why) of each recording that is excluded as a whole.

    Parameters
    ----------
    exclusions
        Rows of ``schemas.EXCLUSIONS``; people without a recording and single trials are no excluded recordings.

    Examples
    --------
    >>> row = {"participant_id": "P1", "recording_id": "P1/a", "trial": None, "level": "recording", "stage": "quality"}
    >>> find_excluded(pl.DataFrame([row | {"reason": "graded 3: too dark"}])).rows()
    [('P1/a', 'recording excluded: graded 3: too dark')]
    """
    whole = exclusions.filter((pl.col("level") == "recording") & pl.col("recording_id").is_not_null())
    return whole.unique("recording_id", keep="first", maintain_order=True).select(
        "recording_id", pl.format("recording excluded: {}", "reason").alias("excluded")
    )


def _make_row(person: str, level: str, stage: str, reason: str, **more: Any) -> dict[str, Any]:
    return {
        "participant_id": person,
        "recording_id": more.get("recording_id"),
        "trial": more.get("trial"),
        "level": level,
        "stage": stage,
        "reason": reason,
        "rule": more.get("rule"),
        "decided_by": more.get("decided_by"),
    }


def _list_people(participants: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for row in participants.iter_rows(named=True):
        person = row["participant_id"]
        if row["state"] in STATES:
            stage, reason = STATES[row["state"]]
            yield _make_row(person, "participant", stage, reason, rule="participants.state")
        if row["excluded"]:
            reason = row["exclusion_reason"] or "reason not recorded"
            stage = "questionnaires" if QUESTIONNAIRE in reason.lower() else "session"
            yield _make_row(person, "participant", stage, reason, decided_by="participants table")


def _list_recordings(quality: pl.DataFrame, maximum_grade: int) -> Iterator[dict[str, Any]]:
    whole = quality.filter(pl.col("trial").is_null() & pl.col("face").is_null())
    for row in whole.iter_rows(named=True):
        by_hand = row["override"] is not None
        grade = row["override"] if by_hand else row["grade"]
        if grade <= maximum_grade:
            continue
        reasons = row["override_reason"] if by_hand else "; ".join(row["reasons"])
        yield _make_row(
            row["participant_id"],
            "recording",
            "quality",
            f"graded {grade}: {reasons}",
            recording_id=row["recording_id"],
            rule=None if by_hand else GRADE_RULE,
            decided_by=row["override_by"],
        )


def _list_trials(quality: pl.DataFrame) -> Iterator[dict[str, Any]]:
    lost = quality.filter(pl.col("trial").is_not_null() & (pl.col("grade") == 3))
    for row in lost.iter_rows(named=True):
        yield _make_row(
            row["participant_id"],
            "trial",
            "quality",
            row["reasons"][0] if row["reasons"] else "does not count",
            recording_id=row["recording_id"],
            trial=row["trial"],
            rule=TRIAL_RULE,
        )


def _list_without_recording(participants: pl.DataFrame, recordings: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the participants without a recording, in a study that has recordings; their answers still count."""
    recorded = set(recordings["participant_id"])
    if not recorded:
        return []
    missing = [person for person in participants["participant_id"] if person not in recorded]
    return [_make_row(person, "recording", "recording", "no recording", rule="recordings") for person in missing]

"""The rows of the quality table of a batch of recordings: one for each analysed trial, one for each recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.pipeline.coded_frames import CodedInputs, scan_frames
from mimicrylab.protocol.measurement import Window
from mimicrylab.quality.frames import mark_frames
from mimicrylab.quality.grades import WORST, grade_recording
from mimicrylab.quality.recordings import summarise_judged_trials, summarise_recordings
from mimicrylab.quality.talking import EFFECT_UNITS, MouthSignal, compare_talking, mark_talking
from mimicrylab.quality.trials import SHARE_NAMES, judge_trials, summarise_trials

KEY = "recording_id"


@dataclass(frozen=True)
class QualityJob(CodedInputs):
    """Everything that judging needs, read once; ``trials`` are those that are analysed (no washout)."""

    trials: pl.DataFrame
    mouth: MouthSignal | None

    @property
    def window(self) -> Window | None:
        """The window in which trials are judged: ``response``, else the stimulus."""
        return self.study.windows.get("response")

    @property
    def effects(self) -> dict[str, str]:
        """Action units that talking moves, with their columns."""
        found = {unit: self.signals.find_column(unit) for unit in EFFECT_UNITS}
        return {unit: column for unit, column in found.items() if column is not None}


def judge_batch(job: QualityJob, recordings: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the quality rows of a batch: those of its trials, and one for each recording."""
    columns = list(dict.fromkeys([*([job.mouth.column] if job.mouth else []), *job.effects.values()]))
    return judge_frames(job, recordings, scan_frames(job.coded, recordings, job.faces, signals=columns))


def judge_frames(job: QualityJob, recordings: pl.DataFrame, scanned: pl.LazyFrame) -> list[pl.DataFrame]:
    """Return the quality rows of some recordings from their frames (``schemas.FRAMES``, one face each)."""
    limits = job.study.quality
    pictures = recordings.select(KEY, "width", "height")
    frames = mark_frames(scanned, limits.frames, pictures=pictures).collect()
    if job.mouth is not None:
        frames = mark_talking(frames, job.mouth, limits.talking)
    placed = place_window(job.trials.filter(pl.col(KEY).is_in(recordings[KEY].implode())), job.window)
    cut = cut_epochs(frames.lazy(), placed).collect()
    trials = _judge_trials(job, cut, placed)
    summaries = [summarise_recordings(frames.lazy()), summarise_judged_trials(trials)]
    if job.mouth is not None:
        summaries.append(compare_talking(cut, job.effects))
    made = [
        _make_recording_row(job, recording, person, *[_take(summary, recording) for summary in summaries])
        for recording, person in recordings.select(KEY, "participant_id").iter_rows()
    ]
    schema: dict[str, Any] = {"reasons": pl.List(pl.String)}
    schema |= {f"talking_effect_{unit}": pl.Float64 for unit in job.effects}
    schema |= dict.fromkeys(("n_trials", "n_trials_counting", "n_trials_talking"), pl.Int64)
    return [_make_trial_rows(job, trials), pl.DataFrame(made, infer_schema_length=None, schema_overrides=schema)]


def _make_recording_row(
    job: QualityJob,
    recording: str,
    person: str,
    whole: dict[str, Any],
    of_trials: dict[str, Any],
    effects: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a recording's row: what its analysed trials hold (without trials, all of it), and its longest gap."""
    found = {**whole, **of_trials}
    if whole:
        found["longest_gap_s"] = whole["longest_gap_s"]
    grade = grade_recording(found, job.study.quality.recordings)
    shares = {name: value for name, value in found.items() if name.startswith("share_")}
    rates = {name: found.get(name) for name in ("effective_fps", "longest_gap_s")}
    counts = {
        "n_trials": found.get("n_trials"),
        "n_trials_counting": found.get("n_usable"),
        "n_trials_talking": found.get("n_talking") if job.mouth else None,
    }
    return {
        KEY: recording,
        "participant_id": person,
        "coder": job.coded.coder,
        "grade": grade.grade,
        "reasons": list(grade.reasons),
        "n_frames": int(found.get("n_frames") or 0),
        **shares,
        **rates,
        **counts,
        **dict.fromkeys([f"talking_effect_{unit}" for unit in job.effects]),
        **(effects or {}),
    }


def _take(summary: pl.DataFrame, recording: str) -> dict[str, Any]:
    """Return what a summary says of a recording, without nulls; nothing where it says nothing."""
    rows = summary.filter(pl.col(KEY) == recording).drop(KEY)
    return {name: value for row in rows.iter_rows(named=True) for name, value in row.items() if value is not None}


def _judge_trials(job: QualityJob, cut: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Return the trials' summaries with ``reason``, ``talking`` (share of frames) and ``is_talking``."""
    limits = job.study.quality
    longest = limits.frames.longest_interval_s
    judged = judge_trials(summarise_trials(cut.lazy(), placed, longest_interval_s=longest), limits.trials)
    if job.mouth is None:
        return judged.with_columns(pl.lit(None, pl.Float64).alias("talking"), pl.lit(False).alias("is_talking"))
    talking = cut.group_by(KEY, "trial").agg(pl.col("talking").mean())
    marked = judged.join(talking, on=[KEY, "trial"], how="left", maintain_order="left")
    return marked.with_columns((pl.col("talking") >= limits.talking.trial_share).fill_null(False).alias("is_talking"))


def _make_trial_rows(job: QualityJob, trials: pl.DataFrame) -> pl.DataFrame:
    whose = job.recordings.select(KEY, "participant_id")
    reasons = pl.concat_list(
        pl.col("reason"), pl.when("is_talking").then(pl.lit("talking or eating"))
    ).list.drop_nulls()
    grade = pl.when(pl.col("reason").is_not_null()).then(WORST).when("is_talking").then(1).otherwise(0)
    return trials.join(whose, on=KEY, how="left", maintain_order="left").select(
        KEY,
        "participant_id",
        pl.lit(job.coded.coder).alias("coder"),
        pl.col("trial").cast(pl.Int32),
        grade.cast(pl.Int8).alias("grade"),
        reasons.alias("reasons"),
        "n_frames",
        "share_valid",
        *SHARE_NAMES,
        "effective_fps",
        "longest_gap_s",
        pl.col("talking").alias("share_talking"),
    )

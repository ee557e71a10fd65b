"""The verb ``quality``: judge frames, trials and recordings, grade them, and write the exclusion log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.epochs.trials import list_trials
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.pipeline.coded_frames import hash_tables, read_inputs, read_optional, split_batches
from mimicrylab.pipeline.quality_rows import KEY, QualityJob, judge_batch
from mimicrylab.quality.exclusions import list_exclusions
from mimicrylab.quality.frames import list_unjudged
from mimicrylab.quality.grades import WORST
from mimicrylab.quality.talking import find_mouth_signal
from mimicrylab.schemas import EXCLUSIONS, QUALITY
from mimicrylab.study import append_log
from mimicrylab.tables import Provenance, conform_table, find_current, hash_file, read_table, write_table

STEP = "quality"
GRADES = (0, 1, 2, 3)

Watcher = Callable[[int, int], None]


@dataclass(frozen=True)
class Override:
    """A grade that a person sets in place of the computed one: of which recording, who, and why."""

    recording_id: str
    grade: int
    by: str
    reason: str


@dataclass(frozen=True)
class QualitySummary:
    """What became of the recordings: counts, never a name.

    ``grades`` counts recordings by grade (an override in place of the computed one); ``unjudged`` names the causes that
    the coder gives nothing for; ``talking`` is False where it shows no mouth. ``talking_effects`` says how much higher
    action units are in talking frames than in others (mean over recordings in which somebody talks).
    """

    path: Path
    coder: str
    recordings: int
    trials: int
    trials_counting: int
    grades: Mapping[int, int]
    overridden: int
    excluded_recordings: int
    unjudged: tuple[str, ...]
    talking: bool
    talking_trials: int
    talking_effects: Mapping[str, float]
    up_to_date: bool


def read_overrides(texts: Sequence[str], *, by: str, reason: str) -> tuple[Override, ...]:
    """Return the overrides written as ``RECORDING=GRADE``, set by one person for one reason.

    Examples
    --------
    >>> read_overrides(["P01/visit=3"], by="A. Observer", reason="another person answers")[0].grade
    3

    Raises
    ------
    InputError
        A text is not ``RECORDING=GRADE``, or a name or reason is given without an override.
    """
    if not texts and (by or reason):
        raise InputError("--by and --reason belong to an override", do="add  --override RECORDING=GRADE")
    overrides = []
    for text in texts:
        recording, _, grade = text.rpartition("=")
        if not recording or grade not in {str(known) for known in GRADES}:
            raise InputError(
                "this is no override",
                where=f"--override {text}",
                expected="RECORDING=GRADE with a grade of 0, 1, 2 or 3, such as P01/visit=3",
            )
        overrides.append(Override(recording, int(grade), by, reason))
    return tuple(overrides)


def judge_study(
    root: Path,
    *,
    coder: str | None = None,
    overrides: tuple[Override, ...] = (),
    force: bool = False,
    watch: Watcher | None = None,
) -> QualitySummary:
    """Judge a study's coded recordings and write quality.parquet and exclusions.parquet.

    Parameters
    ----------
    root
        Folder of the study.
    coder
        Whose frames; the study's coder if left out.
    overrides
        Grades set by a person; they stay, with name and reason, when the step is run again, until they are set anew.
    force
        Judge again what is up to date.
    watch
        Told after each batch how many recordings of how many are done.

    Raises
    ------
    MissingError
        There is no study.yaml, no recordings or no coded frames.
    StudyFileError
        study.yaml has mistakes.
    UnknownNameError
        An override names a recording that the study does not have.
    InputError
        An override has no name, no reason, or no grade from 0 to 3.
    """
    job = _read_job(root, coder)
    _check_overrides(overrides, job)
    path = job.folder.table_path("quality")
    old = read_table(path, QUALITY) if path.exists() else QUALITY.empty()
    provenance = _describe(job)
    current = not force and find_current(path, provenance) is not None
    if current and not overrides and job.folder.table_path("exclusions").exists():
        return _summarise(job, old, up_to_date=True)
    judged = old if current else _judge_all(job, watch)
    quality = conform_table(_set_overrides(judged, old, overrides), QUALITY, where=path.name)
    participants = read_optional(job.folder, "participants")
    limit = job.study.quality.recordings.maximum_grade
    exclusions = list_exclusions(participants, job.recordings, quality, maximum_grade=limit)
    write_table(quality, path, QUALITY, provenance)
    of_quality = {"quality.parquet": hash_file(path), **hash_tables(job.folder, ("participants", "recordings"))}
    logged = Provenance(STEP, of_quality, {"maximum_grade": limit})
    write_table(exclusions, job.folder.table_path("exclusions"), EXCLUSIONS, logged)
    for each in overrides:
        details = {"recording_id": each.recording_id, "grade": each.grade, "by": each.by, "reason": each.reason}
        append_log(job.folder, f"{STEP} --override", details)
    append_log(job.folder, STEP, {"coder": job.coded.coder, "recordings": job.recordings.height})
    return _summarise(job, quality, up_to_date=False)


def _read_job(root: Path, coder: str | None) -> QualityJob:
    inputs = read_inputs(root, coder=coder)
    events = read_optional(inputs.folder, "events")
    trials = list_trials(events, inputs.recordings).filter(pl.col("block_role").fill_null("test") != "washout")
    mouth = find_mouth_signal([name for name in inputs.coded.signals if inputs.signals.find_column(name)])
    return QualityJob(**vars(inputs), trials=trials, mouth=mouth)


def _check_overrides(overrides: tuple[Override, ...], job: QualityJob) -> None:
    for each in overrides:
        if each.recording_id not in set(job.recordings[KEY]):
            raise UnknownNameError("recording", each.recording_id, job.recordings[KEY])
        if each.grade not in GRADES:
            raise InputError(
                "there is no such grade", where="--override", expected="0, 1, 2 or 3", found=str(each.grade)
            )
        if not each.by.strip() or not each.reason.strip():
            raise InputError(
                "an override needs the name of who sets it and a reason",
                where=f"--override {each.recording_id}={each.grade}",
                do='--by NAME --reason "what was seen in the recording"',
            )


def _describe(job: QualityJob) -> Provenance:
    inputs = {**hash_tables(job.folder, ("recordings", "events", "faces")), **job.coded.hash_files()}
    settings: dict[str, Any] = {
        "coder": job.coded.coder,
        "quality": job.study.quality.model_dump(mode="json"),
        "window": job.window.model_dump(mode="json") if job.window else None,
    }
    return Provenance(STEP, inputs, settings, {"unjudged": list(_list_unjudged(job)), "talking": job.mouth is not None})


def _list_unjudged(job: QualityJob) -> tuple[str, ...]:
    columns = {name for file in job.coded.files for name in file.filled}
    return list_unjudged(columns, pictures=job.recordings["width"].count() > 0)


def _judge_all(job: QualityJob, watch: Watcher | None) -> pl.DataFrame:
    pieces: list[pl.DataFrame] = []
    done = 0
    for recordings in split_batches(job.coded, job.recordings):
        pieces += judge_batch(job, recordings)
        done += recordings.height
        if watch is not None:
            watch(done, job.recordings.height)
    rows = pl.concat(pieces, how="diagonal_relaxed").sort(KEY, "trial", nulls_last=False)
    unjudged = [f"share_{cause}" for cause in _list_unjudged(job)]
    return rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in unjudged if name in rows.columns)


def _set_overrides(judged: pl.DataFrame, old: pl.DataFrame, overrides: tuple[Override, ...]) -> pl.DataFrame:
    """Return the rows with the overrides that stood before and the new ones."""
    before = old.filter(pl.col("override").is_not_null() & pl.col("trial").is_null())
    known = {
        row[KEY]: Override(row[KEY], row["override"], row["override_by"], row["override_reason"])
        for row in before.iter_rows(named=True)
    } | {each.recording_id: each for each in overrides}
    recording = pl.when(pl.col("trial").is_null()).then(pl.col(KEY))
    values: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("override", pl.Int8, {name: each.grade for name, each in known.items()}),
        ("override_by", pl.String, {name: each.by for name, each in known.items()}),
        ("override_reason", pl.String, {name: each.reason for name, each in known.items()}),
    )
    return judged.with_columns(
        recording.replace_strict(found, default=None, return_dtype=dtype).alias(name) for name, dtype, found in values
    )


def _summarise(job: QualityJob, quality: pl.DataFrame, *, up_to_date: bool) -> QualitySummary:
    whole = quality.filter(pl.col("trial").is_null())
    trials = quality.filter(pl.col("trial").is_not_null())
    graded = whole.select(pl.coalesce("override", "grade").alias("grade"))["grade"]
    limit = job.study.quality.recordings.maximum_grade
    return QualitySummary(
        path=job.folder.table_path("quality"),
        coder=job.coded.coder,
        recordings=whole.height,
        trials=trials.height,
        trials_counting=int((trials["grade"] < WORST).sum()),
        grades={grade: int((graded == grade).sum()) for grade in GRADES},
        overridden=whole["override"].count(),
        excluded_recordings=int((graded > limit).sum()),
        unjudged=_list_unjudged(job),
        talking=job.mouth is not None,
        talking_trials=int(whole["n_trials_talking"].sum()) if "n_trials_talking" in whole.columns else 0,
        talking_effects=_average_effects(whole),
        up_to_date=up_to_date,
    )


def _average_effects(whole: pl.DataFrame) -> dict[str, float]:
    """Return the mean effect of talking on each action unit, where there is one."""
    prefix = "talking_effect_"
    columns = [name for name in whole.columns if name.startswith(prefix)]
    means = whole.select(pl.col(columns).mean()).row(0, named=True) if columns else {}
    return {name.removeprefix(prefix): float(mean) for name, mean in means.items() if mean is not None}

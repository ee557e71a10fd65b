"""The verb ``sync``: the offset and drift between a separately filmed camera and a log, and events put right by it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from dataclasses import replace as change
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.coding.brightness import Region, measure_brightness
from mimicrylab.coding.loudness import measure_loudness
from mimicrylab.coding.traces import APART_S, Trace, find_marks
from mimicrylab.errors import InputError, MissingError, RefusedError, UnknownNameError, count_things, quote_path
from mimicrylab.pipeline.session_tables import SessionTables, read_session_tables, write_session_tables
from mimicrylab.pipeline.sync_times import LogTimes, read_event_times, read_log_times, read_trigger
from mimicrylab.report.figures.drawing import write_svg_file
from mimicrylab.report.figures.synchrony_check import draw_synchrony_check
from mimicrylab.session.mark_matching import MarkFit, match_marks
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import Provenance, hash_file, write_text

STEP = "sync"
IN_STEP_S = 0.0005
"""Events that would move by less than this are in step already."""
EARLIEST_S = -0.001

Kind = Literal["light", "sound", "trigger"]
KINDS = ("light", "sound", "trigger")


@dataclass(frozen=True)
class MarkSettings:
    """What to look for in the recording, and how.

    Attributes
    ----------
    kind
        ``light`` (an LED or a flash in the picture), ``sound`` (a clap or a beep) or ``trigger`` (a channel).
    region
        Part of the picture; None: the whole.
    frequency_hz
        The beep's tone; None: any sound.
    trigger, trigger_column, trigger_time, trigger_unit
        The trigger's file, its column or channel, the column of its times and their unit.
    threshold, falling, apart_s
        As ``coding.traces.find_marks``.
    """

    kind: Kind = "light"
    region: Region | None = None
    frequency_hz: float | None = None
    trigger: Path | None = None
    trigger_column: str | None = None
    trigger_time: str | None = None
    trigger_unit: str = "s"
    threshold: float | None = None
    falling: bool = False
    apart_s: float = APART_S


@dataclass(frozen=True)
class MatchSettings:
    """How marks and times are matched: as ``session.mark_matching.match_marks``."""

    tolerance_s: float | None = None
    near_s: float | None = None
    within_s: float = 1.0
    drift: bool = True


@dataclass(frozen=True)
class SyncSummary:
    """What was found, the picture to check it by, and what was changed.

    ``n_events`` counts events whose onsets were corrected (0: none, or in step already); ``largest_shift_s`` is how far
    the one moved most went.
    """

    fit: MarkFit
    recording: str
    picture: Path | None
    notes: tuple[str, ...] = ()
    n_events: int = 0
    largest_shift_s: float = 0.0
    applied: bool = False


def sync_file(
    video: Path,
    log: LogTimes,
    *,
    marks: MarkSettings = MarkSettings(),
    matching: MatchSettings = MatchSettings(),
    picture: Path | None = None,
) -> SyncSummary:
    """Return how the clock of a recording follows from that of a log.

    Raises
    ------
    MissingError, DamagedFileError, InputError, DependencyError
        The recording, the log or the trigger cannot be read, or a setting is wrong.
    RefusedError
        There are no marks, they do not meet the log's times, or they fit several times over.
    """
    fit, notes = _match(video, read_log_times(log), marks, matching, picture)
    return SyncSummary(fit, video.name, picture, notes)


def sync_study(
    root: Path,
    recording_id: str,
    *,
    video: Path | None = None,
    log: LogTimes | None = None,
    trial_type: str = "stimulus",
    marks: MarkSettings = MarkSettings(),
    matching: MatchSettings = MatchSettings(),
    picture: Path | None = None,
    apply: bool = False,
) -> SyncSummary:
    """Return how a recording's clock follows from that of its events; ``apply`` corrects the events' onsets.

    Parameters
    ----------
    root
        Folder of the study.
    recording_id
        The recording.
    video
        Its file; None: the one in the study.
    log
        Times on the same clock as the events' onsets; None: the onsets of events of ``trial_type`` themselves.
    apply
        Write onset = offset + (1 + drift) x onset for all events of the recording, and the error as
        ``file_page_error_s``. Events that are in step already stay.

    Raises
    ------
    MissingError, UnknownNameError
        There is no study, recording, events or video.
    DamagedFileError, InputError, DependencyError, RefusedError
        As `sync_file`; or an event would begin before the recording.
    """
    folder = open_study(root)
    tables = read_session_tables(folder)
    if recording_id not in tables.recordings["recording_id"].to_list():
        raise UnknownNameError("recording", recording_id, tables.recordings["recording_id"].to_list(), where=str(root))
    path = _find_video(folder, tables, recording_id) if video is None else video
    logged = read_log_times(log) if log else read_event_times(tables.events, recording_id, trial_type=trial_type)
    fit, notes = _match(path, logged, marks, matching, picture)
    summary = SyncSummary(fit, recording_id, picture, notes, applied=apply)
    if not apply:
        return summary
    return _apply(folder, tables, summary, video=path, settings=_describe(marks, matching, log, trial_type))


def _find_video(folder: StudyFolder, tables: SessionTables, recording_id: str) -> Path:
    row = tables.recordings.row(by_predicate=pl.col("recording_id") == recording_id, named=True)
    if row["path"] is None or not (folder.root / row["path"]).is_file():
        raise MissingError(
            "the study keeps no video of this recording",
            where=recording_id,
            do=f"name it: mimicrylab sync VIDEO --study {quote_path(folder.root)} --recording {recording_id}",
        )
    return folder.root / str(row["path"])


def _match(
    video: Path,
    logged: NDArray[np.float64],
    marks: MarkSettings,
    matching: MatchSettings,
    picture: Path | None,
) -> tuple[MarkFit, tuple[str, ...]]:
    trace = _measure(video, marks)
    found = find_marks(trace, threshold=marks.threshold, falling=marks.falling, apart_s=marks.apart_s)
    fit: MarkFit | None = None
    try:
        fit = match_marks(found.times_s, logged, resolution_s=trace.resolution_s, **asdict(matching))
    finally:  # the picture shows what was seen, also where nothing met
        if picture is not None:
            figure = draw_synchrony_check(trace, found.times_s, logged, fit, threshold=found.threshold)
            write_text(picture, write_svg_file(figure))
    return fit, (*trace.notes, *_list_notes(fit))


def _measure(video: Path, marks: MarkSettings) -> Trace:
    if marks.kind == "light":
        return measure_brightness(video, region=marks.region)
    if marks.kind == "sound":
        return measure_loudness(video, frequency_hz=marks.frequency_hz)
    if marks.kind != "trigger":
        raise UnknownNameError("kind of mark", str(marks.kind), KINDS, where="--by")
    if marks.trigger is None or marks.trigger_column is None:
        raise InputError("a trigger needs its file and its column", do="--trigger FILE --trigger-column NAME")
    return read_trigger(marks.trigger, marks.trigger_column, time_column=marks.trigger_time, unit=marks.trigger_unit)


def _list_notes(fit: MarkFit) -> list[str]:
    notes = []
    if fit.n_matched == 1:
        notes.append("one match: nothing in the data can tell whether it is the right one; look at the picture")
    if fit.n_seen > fit.n_matched:
        notes.append(f"{count_things(fit.n_seen - fit.n_matched, 'mark')} of the recording match no time of the log")
    if fit.n_logged > fit.n_matched:
        notes.append(f"{count_things(fit.n_logged - fit.n_matched, 'time')} of the log match no mark")
    if fit.residual_sd_s is not None and fit.residual_sd_s > fit.resolution_s:
        notes.append("the matches miss by more than the marks' resolution: look at the picture")
    return notes


def _describe(marks: MarkSettings, matching: MatchSettings, log: LogTimes | None, trial_type: str) -> dict[str, Any]:
    """Return the settings for provenance and log, without places on this computer."""
    about: dict[str, Any] = {**asdict(marks), **asdict(matching), "trial_type": None if log else trial_type}
    if marks.trigger is not None:
        about["trigger"] = marks.trigger.name
    if log is not None:
        about["log"] = {"name": log.path.name, "column": log.column, "unit": log.unit, "where": dict(log.where)}
    return about


def _apply(
    folder: StudyFolder, tables: SessionTables, summary: SyncSummary, *, video: Path, settings: dict[str, Any]
) -> SyncSummary:
    """Write the corrected onsets of the recording's events, and their error."""
    fit = summary.fit
    own = pl.col("recording_id") == summary.recording
    onsets = tables.events.filter(own)["onset"].to_numpy()
    placed = fit.place(onsets)
    shifts = np.abs(placed - onsets)
    largest = float(shifts.max()) if shifts.size else 0.0
    if largest < IN_STEP_S:
        return change(summary, notes=(*summary.notes, "the events are in step already: nothing was changed"))
    if (placed < EARLIEST_S).any():
        raise RefusedError(
            f"{count_things(int((placed < EARLIEST_S).sum()), 'event')} would begin before the recording",
            where=summary.recording,
            found=f"{placed.min():.3f} s",
            do="if the camera started late, leave these events out and import the others with --replace",
        )
    drift = (fit.drift_ppm or 0.0) * 1e-6
    corrected = tables.events.with_columns(
        pl.when(own).then(fit.offset_s + (1 + drift) * pl.col("onset")).otherwise(pl.col("onset")).alias("onset"),
        pl.when(own).then(pl.lit(fit.error_s)).otherwise(pl.col("file_page_error_s")).alias("file_page_error_s"),
    )
    ordered = corrected.sort("recording_id", "onset", "trial_type", nulls_last=True)
    found = {
        "recording_id": summary.recording,
        "offset_s": fit.offset_s,
        "drift_ppm": fit.drift_ppm,
        "error_s": fit.error_s,
        "residual_sd_s": fit.residual_sd_s,
        "matched": fit.n_matched,
    }
    inputs = {"events": hash_file(folder.table_path("events")), "recording": hash_file(video)}
    provenance = Provenance(STEP, inputs, settings, found)
    write_session_tables(folder, tables, change(tables, events=ordered), provenance)
    append_log(folder, STEP, {**found, **settings, "events": int(onsets.size)})
    return change(summary, n_events=int(onsets.size), largest_shift_s=largest)

"""``import`` of a stimulus program's logs: what was shown when, brought onto the clock of the recordings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import InputError, MissingError
from mimicrylab.pipeline.import_blocks import BlockOfTrials, place_in_blocks
from mimicrylab.pipeline.import_events import add_event_rows, read_study_stimuli
from mimicrylab.pipeline.import_summary import ImportSummary
from mimicrylab.pipeline.import_trials import ShownNames, name_shown
from mimicrylab.pipeline.session_tables import read_session_tables, write_session_tables
from mimicrylab.protocol.design import read_study
from mimicrylab.readers.reader import load_reader
from mimicrylab.schemas import EVENTS
from mimicrylab.session.recording import Source, find_sources, fold_recording_id, match_recording
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import Provenance, hash_file

STEP = "import log"
LISTED = 5
LEAST_TOKEN = 2
"""A part of a file's name that is shorter names no recording."""


@dataclass(frozen=True)
class LogClock:
    """How a log's times become the recordings'.

    Attributes
    ----------
    offset_s
        Added to every onset: the recording's time at which the log's clock shows 0 (s).
    offset_error_s
        How far that may be off (s); None: not known.
    columns
        Our name of a column -> its name in the log.
    time_unit
        ``s`` or ``ms``, for tables whose unit is not known; None: as the program writes it.
    missing_recordings
        Whether events of recordings that the study does not have are passed over.
    """

    offset_s: float = 0.0
    offset_error_s: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    time_unit: str | None = None
    missing_recordings: bool = False


def import_logs(
    program: str,
    paths: Sequence[Path | Source],
    root: Path,
    *,
    options: Mapping[str, Any] | None = None,
    clock: LogClock = LogClock(),
    shown: ShownNames = ShownNames(),  # noqa: B008 - a frozen value
    blocks: Sequence[BlockOfTrials] = (),
    replace: bool = False,
) -> ImportSummary:
    """Add what logs say was shown to the recordings that the study has.

    A row belongs to the recording that it names, or whose participant it names; else to the one whose name stands in
    the log's file name.

    Raises
    ------
    MissingError
        There is no such log or study, or it cannot be told to which recording a log belongs.
    InputError, RefusedError
        A log is damaged or not the program's, a name means nothing, or times cannot be right.
    ConflictError
        The study has other events of a recording, and not ``replace``.
    """
    folder = open_study(root)
    study = read_study(folder.study_file)
    before = read_session_tables(folder)
    reader = load_reader(program, **{**(options or {}), **_pick_columns(program, clock)})
    named = [each for each in paths if isinstance(each, Path)]
    sources = find_sources(named, endings=reader.description.endings) if named else []
    sources += [each for each in paths if isinstance(each, Source)]
    pieces: list[pl.DataFrame] = []
    notes: list[str] = []
    errors: list[float | None] = []
    for source in sources:
        imported = reader.read(source.path)
        rows = imported.tables[EVENTS.name].with_columns(pl.col("onset") + clock.offset_s)
        pieces.append(_place_rows(rows, source, before.recordings, passed_over=clock.missing_recordings))
        notes += [f"{source.path.name}: {note}" for note in imported.notes]
        errors.append(imported.time_error_s)
    every = pl.concat(pieces).with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("line"))
    if not every.height:
        raise InputError("the log holds nothing that was shown", where=", ".join(str(each.path) for each in sources))
    rows, strange = name_shown(every, shown, stimuli=read_study_stimuli(folder, study))
    added = add_event_rows(
        before,
        place_in_blocks(rows, blocks) if blocks else rows,
        folder=folder,
        study=study,
        error_s=_add_errors(clock.offset_error_s, errors),
        missing_recordings=clock.missing_recordings,
        table=sources[0].path.name if len(sources) == 1 else "the logs",
        replace=replace,
    )
    if not clock.offset_s:
        notes.append(
            "the log's clock is taken to show 0 when the recording begins; if it does not, state the difference with "
            "--offset-s and its error with --offset-error-s"
        )
    hashes = {f"log {source.recording_id}": hash_file(source.path) for source in sources}
    arguments = {"program": program, "offset_s": clock.offset_s, "options": dict(options or {})}
    written = write_session_tables(folder, before, added.tables, Provenance(STEP, hashes, arguments))
    counts = {"logs": len(sources), "events": added.n_events}
    append_log(folder, STEP, {**counts, **arguments, "inputs": hashes, "written": list(written)})
    return ImportSummary((), counts, tuple(dict.fromkeys((*notes, *strange, *added.notes))), written)


def _pick_columns(program: str, clock: LogClock) -> dict[str, Any]:
    """Return the stated columns and unit as options of the reader, where they were stated."""
    stated: dict[str, Any] = {}
    if clock.columns:
        stated["columns"] = dict(clock.columns)
    if clock.time_unit is not None and hasattr(load_reader(program), "time_unit"):
        stated["time_unit"] = clock.time_unit
    return stated


def _add_errors(stated: float | None, read: Sequence[float | None]) -> float | None:
    known = [
        each for each in (stated, max((each for each in read if each is not None), default=None)) if each is not None
    ]
    return sum(known) if known else None


def _place_rows(rows: pl.DataFrame, source: Source, recordings: pl.DataFrame, *, passed_over: bool) -> pl.DataFrame:
    """Return the rows with the recording that each belongs to."""
    meant = {name: _find_recording(name, source, recordings) for name in rows["recording"].unique().to_list()}
    lost = [name for name, recording_id in meant.items() if recording_id is None]
    if lost and not passed_over:
        shown = ", ".join(repr(name) if name else "(not named)" for name in lost[:LISTED])
        raise MissingError(
            "it cannot be told to which recording a log belongs",
            where=str(source.path),
            expected=f"one of {', '.join(recordings['recording_id'].head(LISTED).to_list()) or 'no recording'}",
            found=f"{shown}; the file is called {source.path.name}",
            do="import the recordings first; name the log as the recording; or say which column names it: "
            "--column recording=NAME",
        )
    known = {name: recording_id for name, recording_id in meant.items() if recording_id is not None}
    whole = pl.DataFrame(
        {"recording": list(known), "meant": list(known.values())}, schema={"recording": pl.String, "meant": pl.String}
    )
    return (
        rows.join(whole, on="recording", how="inner", nulls_equal=True, maintain_order="left")
        .with_columns(pl.col("meant").alias("recording"))
        .select(rows.columns)
    )


def _find_recording(name: str | None, source: Source, recordings: pl.DataFrame) -> str | None:
    ids = recordings["recording_id"].to_list()
    if name is not None:
        if (found := match_recording(name, ids)) is not None:
            return found
        folded = fold_recording_id(name)
        own = [
            recording_id
            for recording_id, person in recordings.select("recording_id", "participant_id").iter_rows()
            if fold_recording_id(person) == folded
        ]
        if len(own) == 1:
            return str(own[0])
    if (found := match_recording(source.recording_id, ids)) is not None:
        return found
    tokens = {fold_recording_id(part) for part in re.split(r"[^0-9A-Za-z]+", source.path.stem)}
    fitting = [each for each in ids if len(each) >= LEAST_TOKEN and fold_recording_id(each) in tokens]
    return fitting[0] if len(fitting) == 1 else None

"""``import events``: what was shown when, for recordings that the study has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as change
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import ConflictError, count_things
from mimicrylab.pipeline.import_summary import ImportSummary
from mimicrylab.pipeline.session_tables import SessionTables, read_session_tables, write_session_tables
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.readers.reader import load_reader
from mimicrylab.session.events import place_events
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import Provenance, hash_file

STEP = "import events"


@dataclass(frozen=True)
class EventsSource:
    """A table of events and how it is to be read.

    Attributes
    ----------
    path
        The table.
    columns
        Our name of a column -> its name in the table.
    time_unit
        ``s`` or ``ms``.
    offset_s
        Added to every onset: the recording's time at which the table's clock shows 0 (s).
    offset_error_s
        How far that may be off (s); None: not known.
    emotions
        The table's word -> the field's word.
    missing_recordings
        Whether events of recordings that the study does not have are passed over.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    time_unit: str = "s"
    offset_s: float = 0.0
    offset_error_s: float | None = None
    emotions: Mapping[str, str] = field(default_factory=dict)
    missing_recordings: bool = False

    def describe(self) -> dict[str, Any]:
        """Return the settings for provenance and log."""
        return {
            "columns": dict(self.columns),
            "time_unit": self.time_unit,
            "offset_s": self.offset_s,
            "offset_error_s": self.offset_error_s,
            "emotions": dict(self.emotions),
        }


@dataclass(frozen=True)
class AddedEvents:
    """The tables with events, how many came, and what is to be said."""

    tables: SessionTables
    n_events: int
    notes: tuple[str, ...]


def import_events(source: EventsSource, root: Path, *, replace: bool = False) -> ImportSummary:
    """Add a table of events to a study.

    Raises
    ------
    MissingError
        There is no such table or study, or the table names a recording that the study does not have.
    InputError, RefusedError
        The table has mistakes, or times that cannot be right.
    ConflictError
        The study has other events of a recording, and not ``replace``.
    """
    folder = open_study(root)
    before = read_session_tables(folder)
    added = add_events(before, source, folder=folder, study=read_study(folder.study_file), replace=replace)
    provenance = Provenance(STEP, {"events file": hash_file(source.path)}, source.describe())
    written = write_session_tables(folder, before, added.tables, provenance)
    counts = {"events": added.n_events, "recordings": added.tables.recordings.height}
    details = {**counts, "sha256": hash_file(source.path), **source.describe()}
    append_log(folder, STEP, {**details, "replace": replace, "written": list(written)})
    return ImportSummary((), counts, added.notes, written)


def add_events(
    tables: SessionTables, source: EventsSource, *, folder: StudyFolder, study: Study, replace: bool
) -> AddedEvents:
    """Return the tables with the events of ``source``; those of other recordings stay.

    Raises
    ------
    MissingError, InputError, RefusedError, ConflictError
        As `import_events`.
    """
    reader = load_reader(
        "events",
        columns=dict(source.columns),
        time_unit=source.time_unit,
        offset_s=source.offset_s,
        emotions=dict(source.emotions),
    )
    imported = reader.read(source.path)
    added = add_event_rows(
        tables,
        imported.tables["events"],
        folder=folder,
        study=study,
        error_s=source.offset_error_s,
        missing_recordings=source.missing_recordings,
        table=source.path.name,
        time_unit=source.time_unit,
        replace=replace,
    )
    return change(added, notes=(*imported.notes, *added.notes))


def add_event_rows(
    tables: SessionTables,
    rows: pl.DataFrame,
    *,
    folder: StudyFolder,
    study: Study,
    replace: bool,
    error_s: float | Mapping[str, float | None] | None = None,
    missing_recordings: bool = False,
    table: str = "events",
    time_unit: str = "s",
) -> AddedEvents:
    """Return the tables with the events of ``rows``, as an events reader gives them; those of other recordings stay.

    ``error_s`` is the error of the times (s), the same for all or one for each recording's id. No two rows may have the
    same ``line``.

    Raises
    ------
    MissingError, InputError, RefusedError, ConflictError
        As `import_events`.
    """
    stimuli = read_study_stimuli(folder, study)
    placed = place_events(
        rows,
        tables.recordings,
        stimuli=stimuli,
        blocks={block.name: block.role for block in study.blocks},
        error_s=None if isinstance(error_s, Mapping) else error_s,
        missing_recordings=missing_recordings,
        table=table,
        time_unit=time_unit,
    )
    events = _fill_durations(placed.events, study)
    if isinstance(error_s, Mapping):
        errors = pl.col("recording_id").replace_strict(dict(error_s), default=None, return_dtype=pl.Float64)
        events = events.with_columns(errors.alias("file_page_error_s"))
    merged = _merge_events(tables.events, events, replace=replace)
    changed = change(tables, events=merged, stimuli=tables.stimuli if stimuli is None else stimuli)
    return AddedEvents(changed, events.height, placed.notes)


def _fill_durations(events: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Return the events with the block's own duration for stimuli of which no duration is known, as study.yaml says.

    A stimulus of unknown duration would last until the next event, and leave that one no baseline.
    """
    lasts = {block.name: block.duration_s for block in study.blocks if block.duration_s is not None}
    if not lasts:
        return events
    declared = pl.col("block").replace_strict(lasts, default=None, return_dtype=pl.Float64)
    shown = pl.when(pl.col("trial_type") == "stimulus").then(declared)
    return events.with_columns(pl.coalesce("duration", shown).alias("duration"))


def read_study_stimuli(folder: StudyFolder, study: Study) -> pl.DataFrame | None:
    """Return the study's stimuli, or None where the manifest is not there (then the events must say the emotion)."""
    path = folder.root / study.stimuli.manifest
    if not path.is_file():
        return None
    return read_manifest(path, root=folder.root, sets=study.stimuli.sets).table


def _merge_events(stored: pl.DataFrame, new: pl.DataFrame, *, replace: bool) -> pl.DataFrame:
    """Return the events with those of ``new``'s recordings in place of stored ones of the same recordings."""
    order = ["recording_id", "onset", "trial_type"]
    incoming = pl.concat([stored.clear(), new], how="diagonal_relaxed").sort(order)
    old = stored.join(incoming, on="recording_id", how="semi").sort(order)
    again = incoming.join(old, on="recording_id", how="semi").sort(order)
    if not replace and not old.equals(again):
        raise ConflictError(
            "the study has other events of these recordings",
            where="events",
            found=f"{count_things(old.height, 'stored event')} of "
            f"{count_things(old['recording_id'].n_unique(), 'recording')}",
            do="add --replace if the new ones are right",
        )
    rest = stored.join(incoming, on="recording_id", how="anti")
    return pl.concat([rest, incoming]).sort(order, nulls_last=True)

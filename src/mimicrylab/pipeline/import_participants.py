"""``import participants``, and who is in which recording for the imports that bring recordings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace as change
from pathlib import Path

import polars as pl

from mimicrylab.errors import UnknownNameError
from mimicrylab.pipeline.import_summary import ImportSummary
from mimicrylab.pipeline.session_tables import SessionTables, read_session_tables, write_session_tables
from mimicrylab.protocol.design import Study
from mimicrylab.readers.participants_table import WHO
from mimicrylab.readers.reader import Imported, load_reader
from mimicrylab.session.participants import (
    Visit,
    make_sessions,
    merge_participants,
    merge_sessions,
    read_assignments,
    read_ids,
)
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import Provenance, hash_file

STEP = "import participants"


def import_participants(
    table: Path, root: Path, *, columns: Mapping[str, str] | None = None, replace: bool = False
) -> ImportSummary:
    """Add a table of participants to a study; stored cells are filled, and replaced only when asked.

    Raises
    ------
    MissingError
        There is no such table or study.
    InputError, RefusedError
        The table has mistakes, or columns that a study folder must not hold.
    ConflictError
        A stored participant has another value, and not ``replace``.
    """
    folder = open_study(root)
    before = read_session_tables(folder)
    imported = load_reader("participants", columns=dict(columns or {})).read(table)
    people = imported.tables["participants"]
    after = change(before, participants=merge_participants(before.participants, people, replace=replace))
    provenance = Provenance(STEP, {"participants file": hash_file(table)}, {"columns": dict(columns or {})})
    written = write_session_tables(folder, before, after, provenance)
    counts = {
        "participants in the table": people.height,
        "participants in the study": after.participants.height,
    }
    append_log(folder, STEP, {**counts, "sha256": hash_file(table), "replace": replace, "written": list(written)})
    return ImportSummary((), counts, imported.notes, written)


def find_visits(
    recording_ids: Collection[str], *, people: Imported | None, pattern: str | None, where: str
) -> dict[str, Visit]:
    """Return who is in which recording: from the table of participants if it says so, else from the ids.

    Raises
    ------
    InputError
        It cannot be told for every recording.
    """
    if people is not None and WHO in people.tables and pattern is None:
        return read_assignments(recording_ids, people.tables[WHO], where=where)
    return read_ids(recording_ids, pattern=pattern)


def name_default_session(study: Study, visits: Mapping[str, Visit]) -> str:
    """Return the name that a visit has where nothing names it: the study's visit that shows stimuli.

    Raises
    ------
    UnknownNameError
        A visit has a name that the study does not know, or has none where several visits show stimuli.
    """
    names = [visit.name for visit in study.visits]
    for visit in visits.values():
        if visit.session is not None and visit.session not in names:
            raise UnknownNameError("session", visit.session, names, where="study.yaml")
    showing = [visit.name for visit in study.visits if any(step.block or step.blocks for step in visit.steps)]
    if len(showing) != 1 and any(visit.session is None for visit in visits.values()):
        raise UnknownNameError(
            "session",
            "",
            names,
            do="say which: a group (?P<session>...) in --participant-pattern, or a column session",
        )
    return showing[0] if showing else names[0]


def add_people(
    tables: SessionTables,
    visits: Mapping[str, Visit],
    *,
    study: Study,
    people: Imported | None,
    capture: str,
    replace: bool,
) -> tuple[SessionTables, pl.DataFrame]:
    """Return the tables with participants and sessions of ``visits`` added, and the session of each recording.

    Raises
    ------
    UnknownNameError, ConflictError, InputError
        As `name_default_session`, ``merge_participants`` and ``merge_sessions``.
    """
    default_session = name_default_session(study, visits)
    sessions = make_sessions(visits, stored=tables.recordings, default_session=default_session, capture=capture)
    participants = merge_participants(
        tables.participants,
        sessions.select("participant_id").unique(),
        replace=replace,
    )
    if people is not None:
        participants = merge_participants(participants, people.tables["participants"], replace=replace)
    merged = change(
        tables,
        participants=participants,
        sessions=merge_sessions(tables.sessions, sessions, replace=replace),
    )
    return merged, sessions

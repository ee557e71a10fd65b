"""The tables that imports change, read together, checked together, and written only where they changed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

from mimicrylab.schemas import TABLES
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, read_table, write_table


@dataclass(frozen=True)
class SessionTables:
    """What happened in a study; a table that is not there yet has no row."""

    participants: pl.DataFrame
    sessions: pl.DataFrame
    recordings: pl.DataFrame
    events: pl.DataFrame
    stimuli: pl.DataFrame


def read_session_tables(folder: StudyFolder) -> SessionTables:
    """Read a study's tables.

    Raises
    ------
    DamagedFileError, InputError
        A table that is there cannot be read, or is not what it should be.
    """
    frames = {}
    for each in fields(SessionTables):
        path = folder.table_path(each.name)
        frames[each.name] = read_table(path, TABLES[each.name]) if path.exists() else TABLES[each.name].empty()
    return SessionTables(**frames)


def write_session_tables(
    folder: StudyFolder, before: SessionTables, after: SessionTables, provenance: Provenance
) -> tuple[str, ...]:
    """Write the tables that differ between ``before`` and ``after``; return their names.

    A table that is not there yet is written as soon as it has a row.
    """
    written = []
    for each in fields(SessionTables):
        old, new = getattr(before, each.name), getattr(after, each.name)
        path = folder.table_path(each.name)
        if not old.equals(new):
            write_table(new, path, TABLES[each.name], provenance)
            written.append(each.name)
    return tuple(written)

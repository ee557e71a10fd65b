"""OpenSesame: the CSV of a run, a row a logger's call. ``time_<item>`` is when an item was shown, in ms from the start.

An item's time stays in the table until the item runs again, so a row whose time is that of the row before shows nothing
new and does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from mimicrylab.errors import count_things
from mimicrylab.readers.delimited import find_header, read_beginning, read_delimited
from mimicrylab.readers.log_rows import (
    LogColumns,
    build_log,
    check_columns,
    choose_onset,
    find_media_column,
    read_times,
    take_stated,
)
from mimicrylab.readers.reader import Imported, ReaderDescription

TIME = "time_"
MARKS = ("subject_nr", "subject_parity", "opensesame_version", "opensesame_codename")
MS = 1000.0
EXPECTED = "columns subject_nr and time_<item>, as OpenSesame writes them"


@dataclass(frozen=True)
class OpenSesameReader:
    """Reads OpenSesame's CSV.

    Attributes
    ----------
    columns
        Our name of a column (onset, duration, stimulus, emotion ...) -> its name in the log, where it cannot be told.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_columns(self.columns)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("opensesame", "OpenSesame", "events", (".csv",), "CSV of a run")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as OpenSesame's.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join([name for name in names if name in MARKS or name.startswith(TIME)][:3])}"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or a column must be stated.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        stated = dict(self.columns)
        times_of = [name for name in text.columns if name.startswith(TIME)]
        onset = stated.get("onset") or choose_onset(
            times_of, where=path.name, filled=lambda name: text.numbers(name)[0].drop_nulls().n_unique() > 1
        )
        found = LogColumns(
            onset=onset,
            stimulus=None if "stimulus" in stated else find_media_column(text),
            recording="subject_nr" if "subject_nr" in text.columns else None,
        )
        columns = take_stated(found, stated, text)
        times = read_times(text, columns, a_second=MS)
        new = (times.onset != times.onset.shift(1)).fill_null(True)
        n_stale = int((~new).sum())
        stale = f"{count_things(n_stale, 'row')} with the time of the row before left out: nothing new was shown there"
        notes = [stale] if n_stale else []
        return build_log(text, columns, times, notes=notes, keep=pl.Series(new))


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    return bool(found & set(MARKS)) and any(name.startswith(TIME) for name in found)

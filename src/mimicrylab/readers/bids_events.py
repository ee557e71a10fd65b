"""BIDS events (``*_events.tsv``): onset and duration in seconds from the start of the recording, what was shown.

What was shown is ``stim_file``, else ``trial_type`` (an emotion's word, or a name that is understood as a stimulus).
The recording is the one whose name the file's begins with: ``sub-01_task-faces_events.tsv`` belongs to ``sub-01``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from mimicrylab.readers.delimited import find_header, read_beginning, read_delimited
from mimicrylab.readers.log_rows import LogColumns, build_log, check_columns, read_times, take_stated
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EVENTS

EXPECTED = "columns onset and duration, and trial_type or stim_file, separated by tabs, as BIDS has them"
ENDING = "_events.tsv"


@dataclass(frozen=True)
class BidsEventsReader:
    """Reads BIDS events.

    Attributes
    ----------
    columns
        Our name of a column -> its name in the file, where it is another than BIDS's.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_columns(self.columns)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("bids", "BIDS", "events", (".tsv",), "*_events.tsv")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as BIDS events.

        Raises
        ------
        InputError
            It is none.
        """
        find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its name, which ends in {ENDING}" if path.name.endswith(ENDING) else "its columns onset and duration"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        found = LogColumns(
            onset="onset",
            duration="duration",
            stimulus=next(
                (n for n in ("stim_file", "trial_type") if n in text.columns and _has_names(text.text(n))), None
            ),
        )
        columns = replace(take_stated(found, self.columns, text), duration=self.columns.get("duration", "duration"))
        imported = build_log(text, columns, read_times(text, columns, a_second=1.0))
        subject = next((part for part in path.name.split("_") if part.startswith("sub-")), None)
        rows = imported.tables[EVENTS.name]
        if subject is not None and columns.recording is None:
            rows = rows.with_columns(pl.lit(_find_label(path, subject)).alias("recording"))
        return Imported({EVENTS.name: rows}, imported.counts, imported.notes)


def _has_names(cells: pl.Series) -> bool:
    return bool((cells.is_not_null() & ~cells.is_in(["", "n/a"])).any())


def _find_label(path: Path, subject: str) -> str:
    """Return the recording's name that a file's says: the subject, with the session where there is one."""
    session = next((part for part in path.name.split("_") if part.startswith("ses-")), None)
    return f"{subject}_{session}" if session else subject


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    return {"onset", "duration"} <= found and bool(found & {"trial_type", "stim_file"}) and "recording" not in found

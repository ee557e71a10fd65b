"""E-Prime: the text log of a run (``*.txt``, log frames), or the table that E-Merge and E-DataAid export.

Times are milliseconds from the start of the run. What was shown is the column that names files; its onset the column
``<object>.OnsetTime``. ``OnsetDelay`` says how late the screen was; the largest one is the error of the times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mimicrylab.errors import InputError
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited, read_text_lines
from mimicrylab.readers.log_rows import (
    LogColumns,
    LogTimes,
    build_log,
    check_columns,
    choose_onset,
    find_media_column,
    make_text,
    read_times,
    take_stated,
)
from mimicrylab.readers.reader import Imported, ReaderDescription

ONSET, FINISH, DURATION, DELAY = ".OnsetTime", ".FinishTime", ".Duration", ".OnsetDelay"
FRAME_START, FRAME_END, HEADER_START = "*** LogFrame Start ***", "*** LogFrame End ***", "*** Header Start ***"
PAIR = re.compile(r"^\s*([^:]+):\s?(.*)$")
MS = 1000.0
EXPECTED = "a text log with '*** LogFrame Start ***', or a table with Subject and <object>.OnsetTime, as E-Prime writes"


@dataclass(frozen=True)
class EprimeReader:
    """Reads E-Prime's text logs and tables.

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
        summary = "text log of a run, or a merged table"
        return ReaderDescription("eprime", "E-Prime", "events", (".txt", ".csv", ".tsv"), summary)

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as E-Prime's.

        Raises
        ------
        InputError
            It is none.
        """
        beginning = read_beginning(path)
        if HEADER_START in beginning or FRAME_START in beginning:
            return "its log frames"
        _, _, names = find_header(beginning, path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join(name for name in names if name == 'Subject' or name.endswith(ONSET))}"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or a column must be stated.
        """
        text = self._read_text(path)
        stated = dict(self.columns)
        onset = stated.get("onset") or choose_onset(
            [name for name in text.columns if name.endswith(ONSET)],
            where=path.name,
            filled=lambda name: int((text.numbers(name)[0] > 0).sum()),
        )
        stem = "" if onset is None else onset.removesuffix(ONSET)
        found = LogColumns(
            onset=onset,
            stop=f"{stem}{FINISH}" if f"{stem}{FINISH}" in text.columns else None,
            stimulus=None if "stimulus" in stated else find_media_column(text),
            recording="Subject" if "Subject" in text.columns else None,
        )
        columns = take_stated(found, stated, text)
        times = read_times(text, columns, a_second=MS)
        delays = text.numbers(f"{stem}{DELAY}")[0]
        largest = delays.max()
        error = float(largest) / MS if isinstance(largest, int | float) else None
        return build_log(text, columns, LogTimes(times.onset, times.duration, error))

    def _read_text(self, path: Path) -> DelimitedText:
        beginning = read_beginning(path)
        if HEADER_START not in beginning and FRAME_START not in beginning:
            return read_delimited(path, is_header=_is_header, expected=EXPECTED)
        rows, lines = _read_frames(read_text_lines(path))
        if not rows:
            raise InputError("the log has no complete log frame", where=str(path), expected=EXPECTED)
        return make_text(path, rows, lines)


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    return bool(found & {"Subject", "ExperimentName"}) and any(name.endswith(ONSET) for name in found)


def _read_frames(lines: Sequence[str]) -> tuple[list[dict[str, object]], list[int]]:
    """Return the log frames as rows, each with what the header says, and the lines that they begin in."""
    header: dict[str, object] = {}
    rows: list[dict[str, object]] = []
    starts: list[int] = []
    current: dict[str, object] | None = None
    in_header = False
    for number, line in enumerate(lines, 1):
        plain = line.strip()
        if plain == HEADER_START:
            in_header = True
        elif plain.startswith("*** Header End"):
            in_header = False
        elif plain == FRAME_START:
            current = {}
            start = number
        elif plain == FRAME_END and current is not None:
            rows.append({**header, **current})
            starts.append(start)
            current = None
        elif match := PAIR.match(line):
            target = current if current is not None else header if in_header else None
            if target is not None and match[2].strip():
                target.setdefault(match[1].strip(), match[2].strip())
    return rows, starts

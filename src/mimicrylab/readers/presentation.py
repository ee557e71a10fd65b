"""Presentation (Neurobehavioral Systems): the log of a scenario. Times are tenths of a millisecond.

Rows whose event type is a picture, a film or a sound are showings, and ``Code`` names them. Times count from the start
of the scenario, or from its first pulse where there is one and ``from_first_pulse`` is set. ``Uncertainty`` is the
error of the times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited
from mimicrylab.readers.log_rows import LogColumns, LogTimes, build_log, check_columns, read_times, take_stated
from mimicrylab.readers.reader import Imported, ReaderDescription

TICKS_A_SECOND = 10_000.0
SHOWN = ("picture", "video", "sound", "nothing")
TYPE, CODE, TIME, UNCERTAINTY, DURATION = "Event Type", "Code", "Time", "Uncertainty", "Duration"
SECOND_TABLE = re.compile(r"^Event Type\tCode\tType\t")
EXPECTED = "columns Event Type, Code and Time, as Presentation writes them"


@dataclass(frozen=True)
class PresentationReader:
    """Reads Presentation's logs.

    Attributes
    ----------
    columns
        Our name of a column -> its name in the log, where it is another than Presentation's.
    from_first_pulse
        Whether times count from the first pulse (of a scanner, or of a recorder that was started with it).
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    from_first_pulse: bool = False

    def __post_init__(self) -> None:
        check_columns(self.columns)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("presentation", "Presentation", "events", (".log", ".txt"), "log of a scenario")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as Presentation's.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join(name for name in names if name in (TYPE, CODE, TIME))}"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or there is no pulse to count from.
        """
        text = _cut_second_table(read_delimited(path, is_header=_is_header, expected=EXPECTED, short_lines=True))
        found = LogColumns(
            onset=TIME,
            duration=DURATION if DURATION in text.columns else None,
            stimulus=CODE,
            recording="Subject" if "Subject" in text.columns else None,
        )
        columns = take_stated(found, self.columns, text)
        if "duration" not in self.columns:
            columns = replace(columns, duration=found.duration)
        times = read_times(text, columns, a_second=TICKS_A_SECOND)
        kinds = text.text(TYPE).str.to_lowercase()
        onset = times.onset
        if self.from_first_pulse:
            pulses = onset.filter((kinds == "pulse").fill_null(False))
            if not pulses.len():
                raise InputError("the log has no pulse to count from", where=str(path))
            onset = onset - pulses[0]
        largest = (text.numbers(UNCERTAINTY)[0] / TICKS_A_SECOND).quantile(0.95)
        shown = kinds.is_in(SHOWN).fill_null(False)
        names = text.text(CODE).str.to_lowercase()
        ignored = int((shown & names.is_in(("", "default.default"))).sum())
        notes = [f"{ignored} pictures without a code left out"] if ignored else []
        keep = shown & ~names.is_in(("", "default.default")).fill_null(True)
        return build_log(text, columns, LogTimes(onset, times.duration, largest), notes=notes, keep=pl.Series(keep))


def _is_header(names: Sequence[str]) -> bool:
    return {TYPE, CODE, TIME} <= set(names)


def _cut_second_table(text: DelimitedText) -> DelimitedText:
    """Return the log without the table of stimuli and responses that stands below it in some versions."""
    if TYPE not in text.columns:
        return text
    again = (text.text(text.columns[0]) == text.columns[0]) | (text.text(text.columns[0]) == TYPE)
    places = again.fill_null(False).arg_true()
    if not places.len():
        return text
    first = int(places[0])
    return replace(text, cells=text.cells[:first], lines=text.lines[:first])

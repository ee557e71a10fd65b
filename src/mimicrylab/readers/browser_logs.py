"""Programs that show stimuli in a browser and log what ended, not what began: jsPsych, Gorilla, Qualtrics.

The onset is computed from what they write, and its error stated: a browser paints a picture up to two refreshes after
it was told to, and none of them knows when the screen changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited, read_text_lines
from mimicrylab.readers.log_rows import (
    MEDIA,
    LogColumns,
    LogTimes,
    build_log,
    check_columns,
    find_media_column,
    make_text,
    take_stated,
)
from mimicrylab.readers.reader import Imported, ReaderDescription

MS = 1000.0
PAINT_ERROR_S = 0.034
"""Two refreshes of a screen of 60 Hz."""


@dataclass(frozen=True)
class JspsychReader:
    """Reads jsPsych's data, CSV or JSON.

    ``time_elapsed`` (ms) is when a trial ended; it began when the one before it ended, which leaves out the gap that
    ``post_trial_gap`` puts between them: it is in the error.

    Attributes
    ----------
    columns
        Our name of a column (duration, stimulus, emotion ...) -> its name in the data, where it cannot be told.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_columns(self.columns)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("jspsych", "jsPsych", "events", (".csv", ".json"), "CSV or JSON of the trials")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as jsPsych's.

        Raises
        ------
        InputError
            It is none.
        """
        if path.suffix.lower() == ".json":
            self._read_text(path)
            return "its fields time_elapsed and trial_type"
        find_header(read_beginning(path), path, is_header=_is_jspsych, expected=JSPSYCH)
        return "its columns time_elapsed and trial_type"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or a column must be stated.
        """
        text = self._read_text(path)
        stated = dict(self.columns)
        found = LogColumns(
            onset="time_elapsed",
            stimulus=None if "stimulus" in stated else _find_stimulus(text),
            recording=next((name for name in ("participant", "subject", "subject_id") if name in text.columns), None),
        )
        columns = take_stated(found, stated, text)
        ended = text.numbers("time_elapsed")[0] / MS
        began = ended.shift(1)
        began = began.zip_with(began.is_not_null(), pl.Series([0.0] * ended.len()))
        duration = ended - began
        times = LogTimes(began, duration.zip_with(duration > 0, pl.Series([None] * ended.len(), dtype=pl.Float64)))
        notes = ["a trial's onset is the end of the one before it; gaps between trials are not known"]
        return build_log(text, columns, LogTimes(times.onset, times.duration, PAINT_ERROR_S), notes=notes)

    def _read_text(self, path: Path) -> DelimitedText:
        if path.suffix.lower() != ".json":
            return read_delimited(path, is_header=_is_jspsych, expected=JSPSYCH)
        rows = _read_json_rows(path)
        if not any(_is_jspsych(list(row)) for row in rows):
            raise InputError("this is not a file of this program", where=str(path), expected=JSPSYCH)
        return make_text(path, rows, range(1, len(rows) + 1))


JSPSYCH = "fields time_elapsed and trial_type, as jsPsych writes them"


def _is_jspsych(names: Sequence[str]) -> bool:
    return {"time_elapsed", "trial_type"} <= set(names)


def _read_json_rows(path: Path) -> list[dict[str, Any]]:
    text = "\n".join(read_text_lines(path))
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise DamagedFileError("this is not JSON", where=str(path), found=str(error)) from error
    except RecursionError as error:
        raise DamagedFileError("the JSON is nested too deeply", where=str(path)) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise InputError("this is no list of trials", where=str(path), expected="[{...}, {...}]")
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return value if isinstance(value, str | int | float) else None if value is None else json.dumps(value)


def _find_stimulus(text: DelimitedText) -> str | None:
    if "stimulus" in text.columns and text.text("stimulus").str.contains(f"(?i){MEDIA.pattern}").any():
        return "stimulus"
    return find_media_column(text)


@dataclass(frozen=True)
class GorillaReader:
    """Reads Gorilla's CSV of a task.

    ``UTC Timestamp`` (ms) is when a row was written, at the answer; the onset of what was answered is that less the
    ``Reaction Time``. Times count from the first row of each file.

    Attributes
    ----------
    columns
        Our name of a column (stimulus, emotion ...) -> its name in the CSV, where it cannot be told.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_columns(self.columns)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("gorilla", "Gorilla", "events", (".csv",), "CSV of a task")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as Gorilla's.

        Raises
        ------
        InputError
            It is none.
        """
        find_header(read_beginning(path), path, is_header=_is_gorilla, expected=GORILLA)
        return "its columns UTC Timestamp and Reaction Time"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or a column must be stated, or the file holds several participants.
        """
        text = read_delimited(path, is_header=_is_gorilla, expected=GORILLA, short_lines=True)
        people = next((name for name in GORILLA_PEOPLE if name in text.columns), None)
        if people is not None and text.text(people).drop_nulls().n_unique() > 1:
            raise InputError(
                "the file holds several participants, each with a clock of their own",
                where=str(path),
                found=f"{text.text(people).drop_nulls().n_unique()} values of {people!r}",
                do="split it into a file a participant (Gorilla can export it so)",
            )
        stated = dict(self.columns)
        found = LogColumns(
            onset="UTC Timestamp",
            stimulus=None if "stimulus" in stated else find_media_column(text),
            recording=people,
            trial=None,
        )
        columns = take_stated(found, stated, text)
        written = text.numbers("UTC Timestamp")[0] / MS
        answered = text.numbers("Reaction Time")[0] / MS
        first = written.drop_nulls().min()
        onset = written - answered - (first if isinstance(first, int | float) else 0.0)
        notes = ["onsets are the time of the answer less the reaction time, from the first row of the file"]
        return build_log(text, columns, LogTimes(onset, answered, PAINT_ERROR_S), notes=notes)


GORILLA = "columns 'UTC Timestamp' and 'Reaction Time', as Gorilla writes them"
GORILLA_PEOPLE = ("Participant Public ID", "Participant Private ID")


def _is_gorilla(names: Sequence[str]) -> bool:
    return {"UTC Timestamp", "Reaction Time"} <= set(names)


@dataclass(frozen=True)
class QualtricsReader:
    """Reads the page timers of a Qualtrics export.

    Qualtrics says how long a page with a timer stood (``<timer>_Page Submit``, s), not when. The onset of a page is the
    sum of the pages before it, in the order of the columns: this is right only where every page has a timer and the
    order was fixed. A response is a recording.

    Attributes
    ----------
    person
        The column that names the recording or participant.
    """

    person: str = "ResponseId"

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("qualtrics", "Qualtrics", "events", (".csv", ".tsv"), "page timers of an export")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as an export with timers.

        Raises
        ------
        InputError
            It is none.
        """
        find_header(read_beginning(path), path, is_header=_is_qualtrics, expected=QUALTRICS)
        return "its columns ResponseId and Page Submit"

    def read(self, path: Path) -> Imported:
        """Return the pages with a timer.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or there is no such column of persons.
        """
        text = read_delimited(path, is_header=_is_qualtrics, expected=QUALTRICS)
        if self.person not in text.columns:
            raise InputError(f"there is no column {self.person!r}", where=str(path), do="--option person=NAME")
        pages = {match[1]: name for name in text.columns if (match := PAGE.match(name))}
        rows: list[dict[str, object]] = []
        lines: list[int] = []
        spent = {page: text.numbers(name)[0].to_list() for page, name in pages.items()}
        for place, person in enumerate(text.text(self.person).to_list()):
            if person is None or person.startswith(("{", "Response ID")):
                continue  # the second and third line of an export explain the columns
            onset = 0.0
            for page in pages:
                seconds = spent[page][place]
                if seconds is None:
                    continue
                rows.append({"person": person, "page": page, "onset": onset, "seconds": seconds})
                lines.append(int(text.lines[place]))
                onset += seconds
        if not rows:
            raise InputError("no page has a time", where=str(path))
        table = make_text(path, rows, lines)
        columns = LogColumns("onset", None, "seconds", "page", recording="person")
        times = LogTimes(table.numbers("onset")[0], table.numbers("seconds")[0], PAINT_ERROR_S)
        notes = ["onsets are sums of the pages before: right only if every page has a timer and the order was fixed"]
        return build_log(table, columns, times, notes=notes)


QUALTRICS = "columns ResponseId and <timer>_Page Submit, as Qualtrics writes them"
PAGE = re.compile(r"(.+)_Page Submit$")


def _is_qualtrics(names: Sequence[str]) -> bool:
    return "ResponseId" in names and any(PAGE.match(name) for name in names)

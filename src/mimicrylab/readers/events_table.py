"""A table of what was shown when: CSV or TSV, a row an event, from whichever program showed the stimuli."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from mimicrylab.errors import InputError, MimicryLabError, UnknownNameError
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.readers.text_table import (
    TextRow,
    describe_mistake,
    map_columns,
    raise_mistakes,
    read_number,
    read_text_table,
)
from mimicrylab.schemas import EVENTS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "recording": ("recording_id", "file", "video"),
    "onset": ("onset_s",),
    "duration": ("duration_s",),
    "offset": ("offset_s",),
    "trial_type": (),
    "stimulus": ("stim_file", "stimulus_name"),
    "emotion": ("stimulus_emotion",),
    "model": ("model_id",),
    "block": (),
    "block_role": (),
    "phase": (),
    "trial": (),
}
"""Our name of a column -> other names that are understood (in lower case)."""

UNITS_PER_SECOND = {"s": 1.0, "ms": 1000.0}

ROW_SCHEMA = {
    "line": pl.Int32,
    "recording": pl.String,
    "onset": pl.Float64,
    "duration": pl.Float64,
    "trial_type": pl.String,
    "stimulus": pl.String,
    "stimulus_emotion": pl.String,
    "model_id": pl.String,
    "block": pl.String,
    "block_role": pl.String,
    "phase": pl.String,
    "trial": pl.Float64,
}
"""Columns of what is read: those of ``schemas.EVENTS`` that a table can know, the line, and the recording as named."""


@dataclass(frozen=True)
class EventsTableReader:
    """Reads tables of events.

    Attributes
    ----------
    columns
        Our name of a column -> its name in the table, where the two differ.
    time_unit
        Unit of onset, duration and offset: ``s`` or ``ms``. It is stated, never guessed.
    offset_s
        Added to every onset (s): the recording's time at which the table's clock shows 0. A column ``offset`` is added
        as well, for recordings that started at different times.
    emotions
        The table's word or code -> the field's word, for words that are not understood as they are.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    time_unit: Literal["s", "ms"] = "s"
    offset_s: float = 0.0
    emotions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.time_unit not in UNITS_PER_SECOND:
            raise UnknownNameError("time unit", self.time_unit, UNITS_PER_SECOND)
        for word in self.emotions.values():
            name_emotion(word)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="events",
            program="any that writes a table of what it showed",
            level="events",
            general=True,
            endings=(".csv", ".tsv", ".txt"),
            summary="CSV or TSV with recording, onset, stimulus or emotion",
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a table of events.

        Raises
        ------
        InputError
            It is none.
        """
        columns = map_columns(read_text_table(path), COLUMNS, stated=self.columns, required=("recording", "onset"))
        return f"its columns {', '.join(columns.values())}"

    def read(self, path: Path) -> Imported:
        """Return the rows of a table, times in seconds on the recordings' clocks, emotions in the field's words.

        Raises
        ------
        MissingError
            There is no such file.
        InputError
            Columns are missing, or cells are wrong: all mistakes are listed with their lines.
        """
        table = read_text_table(path)
        columns = map_columns(table, COLUMNS, stated=self.columns, required=("recording", "onset"))
        if "stimulus" not in columns and "emotion" not in columns:
            raise InputError(
                "neither a column 'stimulus' nor a column 'emotion' says what was shown",
                where=f"{table.name}:1",
                found=f"the columns {', '.join(table.columns)}",
                do="state which one it is: --column emotion=NAME or --column stimulus=NAME",
            )
        rows: list[dict[str, Any]] = []
        mistakes: list[str] = []
        for row in table.rows:
            try:
                rows.append(self._read_event(row, columns, mark=table.mark))
            except MimicryLabError as error:
                mistakes.append(describe_mistake(error, table=table.name, line=row.line))
        raise_mistakes(table.name, mistakes)
        unknown = [name for name in table.columns if name and name not in columns.values()]
        notes = (f"columns of the events table that are left out: {', '.join(unknown)}",) if unknown else ()
        return Imported({EVENTS.name: pl.DataFrame(rows, schema=ROW_SCHEMA)}, {"events": len(rows)}, notes)

    def _read_event(self, row: TextRow, columns: Mapping[str, str], *, mark: str) -> dict[str, Any]:
        cells = {name: row.cells.get(column) for name, column in columns.items()}
        numbers = {name: self._read_time(name, cells.get(name), mark=mark) for name in ("onset", "duration", "offset")}
        if not cells["recording"]:
            raise InputError("the recording is not named")
        if numbers["onset"] is None:
            raise InputError("the onset is missing")
        if numbers["duration"] is not None and numbers["duration"] <= 0:
            raise InputError("duration: a length is above 0", do="leave it empty if it is not known")
        trial_type = (cells.get("trial_type") or "stimulus").lower()
        types = EVENTS.column("trial_type").choices
        if trial_type not in types:
            raise UnknownNameError("trial_type", trial_type, types)
        role = cells.get("block_role")
        roles = EVENTS.column("block_role").choices
        if role is not None and role not in roles:
            raise UnknownNameError("block_role", role, roles)
        if trial_type == "stimulus" and not (cells.get("stimulus") or cells.get("emotion")):
            raise InputError("neither the stimulus nor its emotion is named")
        return {
            "line": row.line,
            "recording": cells["recording"],
            "onset": numbers["onset"] + (numbers["offset"] or 0.0) + self.offset_s,
            "duration": numbers["duration"],
            "trial_type": trial_type,
            "stimulus": cells.get("stimulus"),
            "stimulus_emotion": self._read_emotion(cells.get("emotion")),
            "model_id": cells.get("model"),
            **{name: cells.get(name) for name in ("block", "block_role", "phase")},
            "trial": _read_number("trial", cells.get("trial"), mark=mark),
        }

    def _read_time(self, name: str, text: str | None, *, mark: str) -> float | None:
        number = _read_number(name, text, mark=mark)
        return None if number is None else number / UNITS_PER_SECOND[self.time_unit]

    def _read_emotion(self, text: str | None) -> str | None:
        if text is None:
            return None
        stated = {word.lower(): emotion for word, emotion in self.emotions.items()}
        try:
            return name_emotion(stated.get(text.lower(), text))
        except UnknownNameError as error:
            raise UnknownNameError(
                "emotion", text, error.choices, do=f"say what it stands for: --emotion {text}=EMOTION"
            ) from error


def _read_number(name: str, text: str | None, *, mark: str) -> float | None:
    try:
        return None if text is None else read_number(text, mark=mark)
    except InputError as error:
        raise InputError(f"{name}: {error.problem}", do=error.do) from error

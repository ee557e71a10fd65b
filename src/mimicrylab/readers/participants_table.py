"""A table of participants: CSV or TSV, a row a participant, or a row a recording that says who is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.readers.text_table import (
    TextTable,
    describe_mistake,
    map_columns,
    raise_mistakes,
    read_number,
    read_text_table,
)
from mimicrylab.schemas import PARTICIPANTS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "participant": ("participant_id", "subject", "sub"),
    "recording": ("recording_id", "file", "video"),
    "session": (),
    "kit": (),
    "stratum": (),
    "sex": (),
    "age": (),
    "age_band": (),
    "ethnicity": (),
    "glasses": (),
    "excluded": (),
    "exclusion_reason": (),
}
"""Our name of a column -> other names that are understood (in lower case). All others are kept as demographics."""

IDENTIFYING = frozenset(
    ("name", "first_name", "firstname", "last_name", "lastname", "surname", "full_name", "email", "e-mail", "phone")
) | {"telephone", "address", "date_of_birth", "birthdate", "dob", "birthday"}
"""Columns that say who a participant is; a study folder never holds them."""

REVEALING = frozenset({"arm", "treatment", "allocation"})
"""Columns that tell the treatment; a study folder holds kit numbers until ``unblind``."""

YES_AND_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}

WHO = "participants_of_recordings"
"""Name of the second table: ``recording, participant_id, session``, from tables with a column ``recording``."""


@dataclass(frozen=True)
class ParticipantsTableReader:
    """Reads tables of participants.

    Attributes
    ----------
    columns
        Our name of a column -> its name in the table, where the two differ.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="participants",
            program="any that writes a table",
            level="participants",
            general=True,
            endings=(".csv", ".tsv", ".txt"),
            summary="CSV or TSV with participant and demographics; a column recording says who is in which",
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a table of participants.

        Raises
        ------
        InputError
            It is none.
        """
        columns = map_columns(read_text_table(path), COLUMNS, stated=self.columns, required=("participant",))
        return f"its columns {', '.join(columns.values())}"

    def read(self, path: Path) -> Imported:
        """Return the participants, and who is in which recording where the table says so.

        A participant may have several rows (one a recording); their cells must agree. Further columns become
        demographics: numbers where every filled cell is one, else text.

        Raises
        ------
        MissingError
            There is no such file.
        InputError
            The column ``participant`` is missing, or cells are wrong: all mistakes are listed with their lines.
        RefusedError
            A column identifies people, or tells the treatment.
        """
        table = read_text_table(path)
        _refuse_columns(table)
        columns = map_columns(table, COLUMNS, stated=self.columns, required=("participant",))
        ids = [row.cells[columns["participant"]] for row in table.rows]
        mistakes = [
            f"{table.name}:{row.line}: the participant is not named"
            for row, participant_id in zip(table.rows, ids, strict=True)
            if participant_id is None
        ]
        raise_mistakes(table.name, mistakes)
        declared = {
            name: _read_column(table, columns[name], name)
            for name in columns
            if name not in ("participant", "recording", "session")
        }
        further = {
            name: _read_free_column(table, name) for name in table.columns if name and name not in columns.values()
        }
        _refuse_clashes(further, table)
        people = pl.DataFrame(
            [pl.Series("participant_id", ids, dtype=pl.String), *declared.values(), *further.values()]
        )
        participants = _join_rows(people, table)
        tables = {PARTICIPANTS.name: participants}
        counts = {"participants": participants.height}
        if "recording" in columns:
            tables[WHO] = _read_recordings(table, columns, ids)
            counts["recordings named"] = tables[WHO].height
        return Imported(tables, counts)


def _refuse_columns(table: TextTable) -> None:
    for column in table.columns:
        if column.lower().replace(" ", "_") in IDENTIFYING:
            raise RefusedError(
                f"the column {column!r} says who a participant is",
                where=f"{table.name}:1",
                expected="a code for each participant and what the analysis needs",
                do="leave the column out; keep the list of names elsewhere",
            )
        if column.lower() in REVEALING:
            raise RefusedError(
                f"the column {column!r} tells the treatment, which would unblind the study",
                where=f"{table.name}:1",
                expected="a column kit with the number of each participant's kit",
                do="keep the list of kits and arms apart until mimicrylab unblind",
            )


def _refuse_clashes(further: Mapping[str, pl.Series], table: TextTable) -> None:
    taken = [name for name in further if name in PARTICIPANTS.names]
    if taken:
        raise InputError(
            f"the column {taken[0]!r} belongs to MimicryLab and cannot be imported",
            where=f"{table.name}:1",
            do="leave it out, or give it another name",
        )


def _read_column(table: TextTable, column: str, name: str) -> pl.Series:
    dtype = PARTICIPANTS.column(name).dtype
    values: list[object] = []
    mistakes: list[str] = []
    for row in table.rows:
        text = row.cells[column]
        try:
            values.append(_read_cell(text, dtype, mark=table.mark))
        except InputError as error:
            named = InputError(f"{name}: {error.problem}", expected=error.expected, do=error.do)
            mistakes.append(describe_mistake(named, table=table.name, line=row.line))
    raise_mistakes(table.name, mistakes)
    return pl.Series(name, values, dtype=dtype)


def _read_cell(text: str | None, dtype: object, *, mark: str) -> object:
    if text is None:
        return None
    if dtype == pl.Float64:
        return read_number(text, mark=mark)
    if dtype == pl.Boolean:
        if text.lower() not in YES_AND_NO:
            raise InputError(f"{text!r} is neither yes nor no")
        return YES_AND_NO[text.lower()]
    return text


def _read_free_column(table: TextTable, column: str) -> pl.Series:
    texts = [row.cells[column] for row in table.rows]
    try:
        return pl.Series(
            column, [None if text is None else read_number(text, mark=table.mark) for text in texts], dtype=pl.Float64
        )
    except InputError:
        return pl.Series(column, texts, dtype=pl.String)


def _join_rows(people: pl.DataFrame, table: TextTable) -> pl.DataFrame:
    joined = people.unique(maintain_order=True)
    twice = joined.filter(pl.col("participant_id").is_duplicated())
    if twice.height:
        rows = twice.filter(participant_id=twice["participant_id"][0])
        differing = [name for name in rows.columns if rows[name].n_unique() > 1]
        raise InputError(
            "a participant's rows do not agree",
            where=table.name,
            found=f"different values of {', '.join(differing)} for one participant",
            do="correct them; what changes from recording to recording is no property of the participant",
        )
    return joined


def _read_recordings(table: TextTable, columns: Mapping[str, str], ids: Sequence[str | None]) -> pl.DataFrame:
    session = columns.get("session")
    rows = [
        {
            "recording": row.cells[columns["recording"]],
            "participant_id": participant_id,
            "session": row.cells[session] if session else None,
        }
        for row, participant_id in zip(table.rows, ids, strict=True)
    ]
    schema = {"recording": pl.String, "participant_id": pl.String, "session": pl.String}
    return pl.DataFrame(rows, schema=schema).filter(pl.col("recording").is_not_null()).unique(maintain_order=True)

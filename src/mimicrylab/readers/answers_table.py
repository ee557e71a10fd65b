"""Answers to questionnaires from any table: a column an item (wide), or a row an answer (long), in numbers or words.

Wide columns are found by the scale's name and the item's number: ``EQ-60_1``, ``eq1``, ``EQ 01``, ``eq_item_1``. Rows
that Qualtrics puts below the first line (the questions, ImportId) and its previews are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError, count_things
from mimicrylab.protocol.scales import Scale
from mimicrylab.readers.data_files import DataFile
from mimicrylab.readers.participants_table import IDENTIFYING

NAMES: Mapping[str, tuple[str, ...]] = {
    "participant": ("participant_id", "subject", "sub", "id", "code", "responseid", "participant_code"),
    "session": ("visit",),
    "occasion": (),
    "scale": ("questionnaire",),
    "item": ("question", "item_number"),
    "response": ("answer", "value", "rating"),
}
"""Our name of a column -> other names that are understood, in lower case."""

IMPORT_ID = '{"ImportId"'
PREVIEW = "survey preview"
SCHEMA = pl.Schema(
    {name: pl.String() for name in ("participant_id", "session", "occasion", "scale", "item", "response")}
)


@dataclass(frozen=True)
class AnswersTable:
    """Answers as read: a row an item, null where it was left out, and what is worth knowing."""

    answers: pl.DataFrame
    layout: str
    notes: tuple[str, ...] = ()


def read_answers_table(
    file: DataFile,
    scales: Sequence[Scale],
    *,
    stated: Mapping[str, str] | None = None,
    prefixes: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> AnswersTable:
    """Return the answers to ``scales`` that a table holds.

    Parameters
    ----------
    file
        The table.
    scales
        The questionnaires looked for.
    stated
        Our name of a column (participant, session, occasion, scale, item, response) -> its name in the table.
    prefixes
        Scale -> what its columns begin with, where that is not its name.
    words
        An answer as the table writes it -> the scale's answer, in words or as its code.

    Returns
    -------
    AnswersTable
        ``participant_id, session, occasion, scale, item, response``; somebody who left out a whole questionnaire has no
        row of it.

    Raises
    ------
    InputError
        No participant, no item of any scale, items of a scale that are missing, or two columns that could be the same.
    """
    rows, notes = _drop_extra_rows(file)
    columns = _name_columns(rows.columns, stated or {}, file)
    _refuse_identifying(columns)
    if "participant" not in columns:
        raise InputError(
            "the column with the participants is missing",
            where=f"{file.name}:1",
            found=f"the columns {', '.join(rows.columns[:12])}",
            do="state which one it is: --column participant=NAME",
        )
    turned = {key.strip().lower(): value for key, value in (words or {}).items()}
    if {"item", "response"} <= columns.keys():
        answers = _read_long(rows, columns, scales, file)
        layout = "long"
    else:
        answers, more = _read_wide(rows, columns, scales, prefixes or {}, file)
        notes += more
        layout = "wide"
    response = pl.col("response").str.strip_chars()
    answers = answers.with_columns(
        response=response.str.to_lowercase().replace_strict(turned, default=response, return_dtype=pl.String)
    )
    return AnswersTable(_drop_left_out(answers), layout, tuple(notes))


def _drop_extra_rows(file: DataFile) -> tuple[pl.DataFrame, list[str]]:
    """Return the table in words, without the rows that a survey program adds."""
    rows = pl.DataFrame({name: file.take_words(name) for name in file.rows.columns})
    notes = list(file.notes)
    first = list(rows.head(3).iter_rows())
    marked = [place for place, row in enumerate(first) if any(str(cell).startswith(IMPORT_ID) for cell in row)]
    if not marked:
        return rows, notes
    rows = rows.slice(marked[0] + 1)
    notes.append("the lines with the questions and ImportId are passed over")
    status = next((name for name in rows.columns if name.lower() == "status"), None)
    if status is not None:
        preview = rows[status].str.to_lowercase() == PREVIEW
        if preview.any():
            notes.append(f"{count_things(int(preview.sum()), 'preview')} of the survey passed over")
            rows = rows.filter(~preview.fill_null(False))
    return rows, notes


def _name_columns(names: Sequence[str], stated: Mapping[str, str], file: DataFile) -> dict[str, str]:
    for name, column in stated.items():
        if name not in NAMES:
            raise InputError(f"{name!r} is no column to state", expected=", ".join(NAMES))
        if column not in names:
            raise InputError(f"there is no column {column!r}", where=f"{file.name}:1", found=", ".join(names[:20]))
    found = dict(stated)
    for name, others in NAMES.items():
        alike = [column for column in names if column.lower() in (name, *others) and column not in stated.values()]
        exact = [column for column in alike if column.lower() == name]
        chosen = exact or alike
        if name in found or not chosen:
            continue
        if len(chosen) > 1:
            raise InputError(
                f"two columns could be the {name}: {chosen[0]!r} and {chosen[1]!r}",
                where=f"{file.name}:1",
                do=f"state one: --column {name}={chosen[0]}",
            )
        found[name] = chosen[0]
    return found


def _refuse_identifying(columns: Mapping[str, str]) -> None:
    """Other columns are not read; the participant must be a code."""
    for column in columns.values():
        if column.lower().replace(" ", "_") in IDENTIFYING:
            raise InputError(f"the column {column!r} says who a participant is", expected="a code for each participant")


def _read_long(rows: pl.DataFrame, columns: Mapping[str, str], scales: Sequence[Scale], file: DataFile) -> pl.DataFrame:
    by_lower = {scale.name.lower(): scale for scale in scales}
    if "scale" not in columns and len(scales) > 1:
        raise InputError(
            "the column with the questionnaires is missing",
            where=f"{file.name}:1",
            expected=f"a column scale with {', '.join(scale.name for scale in scales)}",
        )
    named = pl.col(columns["scale"]) if "scale" in columns else pl.lit(scales[0].name)
    chosen = rows.select(
        participant_id=pl.col(columns["participant"]),
        session=pl.col(columns["session"]) if "session" in columns else pl.lit(None, dtype=pl.String),
        occasion=pl.col(columns["occasion"]) if "occasion" in columns else pl.lit(None, dtype=pl.String),
        scale=named.str.strip_chars().str.to_lowercase(),
        item=pl.col(columns["item"]).str.strip_chars(),
        response=pl.col(columns["response"]),
    )
    _refuse_nobody(chosen, file)
    unknown = chosen.filter(~pl.col("scale").is_in(list(by_lower)))
    if unknown.height == chosen.height:
        raise InputError(
            "no row is of a questionnaire of the study",
            where=file.name,
            expected=", ".join(scale.name for scale in scales),
            found=", ".join(str(name) for name in unknown["scale"].unique().head(5)),
        )
    names = {lower: scale.name for lower, scale in by_lower.items()}
    kept = chosen.filter(pl.col("scale").is_in(list(by_lower)))
    digits = pl.col("item").str.extract(r"(\d+)(?:\.0+)?$")
    return kept.with_columns(pl.col("scale").replace_strict(names), item=digits.str.strip_chars_start("0")).cast(SCHEMA)


def _refuse_nobody(rows: pl.DataFrame, file: DataFile) -> None:
    if rows["participant_id"].null_count():
        nameless = rows["participant_id"].null_count()
        raise InputError(f"{count_things(nameless, 'row')} does not name the participant", where=file.name)


def _read_wide(
    rows: pl.DataFrame,
    columns: Mapping[str, str],
    scales: Sequence[Scale],
    prefixes: Mapping[str, str],
    file: DataFile,
) -> tuple[pl.DataFrame, list[str]]:
    people = rows.select(
        participant_id=pl.col(columns["participant"]),
        session=pl.col(columns["session"]) if "session" in columns else pl.lit(None, dtype=pl.String),
        occasion=pl.col(columns["occasion"]) if "occasion" in columns else pl.lit(None, dtype=pl.String),
    )
    _refuse_nobody(people, file)
    parts, notes = [], []
    free = [name for name in rows.columns if name not in columns.values()]
    for scale in scales:
        alike = [other for other in scales if _take_letters(other) == _take_letters(scale)]
        prefix = prefixes.get(scale.name, scale.name if len(alike) > 1 else None)
        found = find_item_columns(free, scale, prefix=prefix, alone=len(scales) == 1)
        if not found:
            continue
        missing = [item for item in scale.scored_items if item not in found]
        if missing:
            raise InputError(
                f"no column for {count_things(len(missing), 'scored item')} of {scale.name}",
                where=f"{file.name}:1",
                found=f"columns for {count_things(len(found), 'item')}; missing are {_list_some(missing)}",
                do=f"state what its columns begin with: --prefix {scale.name}=NAME",
            )
        absent = [item for item in scale.fillers if item not in found]
        if absent:
            notes.append(f"{scale.name}: {count_things(len(absent), 'item')} that are not scored have no column")
        for item, column in sorted(found.items()):
            parts.append(people.with_columns(scale=pl.lit(scale.name), item=pl.lit(str(item)), response=rows[column]))
    if not parts:
        raise InputError(
            "no column is an item of a questionnaire of the study",
            where=f"{file.name}:1",
            expected=f"columns such as {scales[0].name}_1",
            found=", ".join(free[:12]),
            do=f"state what its columns begin with: --prefix {scales[0].name}=NAME",
        )
    return pl.concat(parts).cast(SCHEMA), notes


def _list_some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:8]))
    return shown + (" and others" if len(numbers) > 8 else "")


def find_item_columns(
    names: Sequence[str], scale: Scale, *, prefix: str | None = None, alone: bool = False
) -> dict[int, str]:
    """Return the column of each item of a scale, by the columns' names; nothing where none fits.

    Parameters
    ----------
    names
        Names of columns.
    scale
        The questionnaire.
    prefix
        What its columns begin with; None: its name, or the letters that its name begins with.
    alone
        Whether it is the only scale, so that columns may be numbers alone.

    Raises
    ------
    InputError
        Two columns are the same item.

    Examples
    --------
    >>> from mimicrylab.protocol.scales import find_scale
    >>> find_item_columns(["age", "iri_01", "IRI 2"], find_scale("IRI").scale)
    {1: 'iri_01', 2: 'IRI 2'}
    """
    if prefix is not None:
        candidates = [prefix]
    else:
        letters = _take_letters(scale)
        candidates = [scale.name, *([letters] if letters else []), *([""] if alone else [])]
    best: dict[int, str] = {}
    for candidate in candidates:
        found = _match_columns(names, candidate, scale)
        if set(scale.scored_items) <= found.keys():
            return found
        best = found if len(found) > len(best) else best
    return best


def _take_letters(scale: Scale) -> str:
    """Return the letters that a scale's name begins with: EQ of EQ-60."""
    letters = re.match(r"[A-Za-z]+", scale.name)
    return letters[0] if letters else ""


def _match_columns(names: Sequence[str], prefix: str, scale: Scale) -> dict[int, str]:
    squeezed = re.escape(_squeeze(prefix))
    pattern = re.compile(rf"{squeezed}(?:item|question|q|i)?0*(\d+)")
    found: dict[int, str] = {}
    for name in names:
        match = pattern.fullmatch(_squeeze(name))
        if match is None or not 1 <= int(match[1]) <= scale.items:
            continue
        item = int(match[1])
        if item in found:
            raise InputError(f"two columns are item {item} of {scale.name}: {found[item]!r} and {name!r}")
        found[item] = name
    return found


def _squeeze(name: str) -> str:
    """Return a name in lower case without anything but letters and digits."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _drop_left_out(answers: pl.DataFrame) -> pl.DataFrame:
    """Return the answers without whole questionnaires that somebody left out."""
    who = ["participant_id", "session", "occasion", "scale"]
    given = pl.col("response").is_not_null() & (pl.col("response") != "")
    return answers.filter(given.any().over(who))

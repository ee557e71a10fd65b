"""Which column of a table is what: as the plan file says, else by its name; and which differ within a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError, suggest_nearest
from mimicrylab.protocol.plan_file import PlanDocument, PlanFile
from mimicrylab.protocol.references import Finding
from mimicrylab.readers.data_files import DataFile

CONDITIONS = ("emotion", "block", "phase", "model_id", "stimulus", "block_position")
"""Roles that tell a person's rows apart."""

ROLES = ("person", "arm", "session", "trial", *CONDITIONS, "signal", "value")

GUESSES: Mapping[str, tuple[str, ...]] = {
    "person": (
        "participant_id",
        "participant",
        "person",
        "subject",
        "subject_id",
        "sub",
        "id",
        "vp",
        "vpn",
        "vp_nr",
        "proband",
        "code",
    ),
    "arm": ("arm", "treatment"),
    "session": ("session", "session_id", "visit"),
    "trial": ("trial", "trial_id"),
    "emotion": ("emotion", "stimulus_emotion"),
    "block": ("block",),
    "phase": ("phase",),
    "model_id": ("model_id", "model", "identity", "actor"),
    "stimulus": ("stimulus",),
    "block_position": ("block_position",),
    "signal": ("signal",),
    "value": ("value",),
}
"""Role -> names of columns, in small letters, that are taken for it where the plan file says nothing."""


@dataclass(frozen=True)
class FlatColumns:
    """What the columns of a table are.

    Parameters
    ----------
    roles
        Role -> column (person, arm, emotion ...).
    named
        Own name -> column: the table's names, and those of the plan file.
    of_people
        Own names of what is the same in all rows of a person.
    measured
        Own names of numbers that differ between the rows of a person.
    conditions
        Own names of words that differ between the rows of a person.
    several
        Whether a person has several rows.
    notes
        What was taken for what.
    """

    roles: Mapping[str, str]
    named: Mapping[str, str]
    of_people: tuple[str, ...]
    measured: tuple[str, ...]
    conditions: tuple[str, ...]
    several: bool
    notes: tuple[str, ...]


def find_columns(file: DataFile, document: PlanDocument) -> FlatColumns:
    """Return what the columns of a table are.

    Raises
    ------
    StudyFileError
        The plan file names a column that the table does not have.
    InputError
        Nothing says who a row is of; a row is of nobody; one person has two rows and the others one.
    """
    plan, columns = document.plan, file.rows.columns
    document.raise_findings(list(_find_absent(plan, columns)))
    roles = {role: plan.columns[role] for role in ROLES if role in plan.columns}
    guessed = dict(_guess_roles(columns, roles, plan))
    if "person" not in roles and "person" not in guessed:
        raise InputError(
            "no column says who a row is of",
            where=file.name,
            found=f"the columns {', '.join(columns)}",
            do="name it in the plan file:  columns: {person: NAME}",
        )
    person = roles.get("person", guessed.get("person", ""))
    several = _check_people(file, file.take_words(person), person)
    roles |= {role: column for role, column in guessed.items() if several or role in {"person", "arm"}}
    used = {column for role, column in roles.items()}
    spread = {column for measure in plan.measures.values() for column in measure.columns}
    named = {name: name for name in columns if name not in used | spread}
    named |= {name: column for name, column in plan.columns.items() if name not in ROLES}
    differing = _find_differing(file.rows, file.take_words(person)) if several else set()
    of_people = tuple(name for name, column in named.items() if column not in differing)
    numeric = {name for name, column in named.items() if file.rows.schema[column].is_numeric()}
    rest = [name for name in named if name not in of_people]
    return FlatColumns(
        roles,
        named,
        of_people,
        tuple(name for name in rest if name in numeric),
        tuple(name for name in rest if name not in numeric),
        several,
        tuple(_note_roles(roles, guessed, several=several)),
    )


def _find_absent(plan: PlanFile, columns: list[str]) -> Iterator[Finding]:
    for name, column in plan.columns.items():
        if column not in columns:
            yield ("columns", name), f"the table has no column {column!r}{suggest_nearest(column, columns)}"
    for name, measure in plan.measures.items():
        for column in measure.columns:
            if column not in columns:
                near = suggest_nearest(column, columns)
                yield ("measures", name, "columns", column), f"the table has no column {column!r}{near}"


def _guess_roles(columns: list[str], stated: Mapping[str, str], plan: PlanFile) -> Iterator[tuple[str, str]]:
    """Yield role and column where a column has a name that is usual for it and the plan file says nothing."""
    lower = {name.strip().lower(): name for name in columns}
    taken = {*stated.values(), *(column for name, column in plan.columns.items() if name not in ROLES)}
    treated = any(predictor.kind == "treatment" for analysis in plan.analyses for predictor in analysis.predictors)
    long = "value" in stated or {"signal", "value"} <= set(lower)
    for role, names in GUESSES.items():
        if role in stated or (role == "arm" and not treated) or (role in {"signal", "value"} and not long):
            continue
        found = next((lower[name] for name in names if name in lower and lower[name] not in taken), None)
        if found is not None:
            yield role, found


def _check_people(file: DataFile, people: pl.Series, column: str) -> bool:
    """Return whether people have several rows; raise for rows of nobody, and for the odd person with two."""
    if people.null_count():
        raise InputError(
            f"{column!r} says nothing in some rows",
            where=f"{file.name}: {file.name_lines(people.is_null())}",
            do="write who it is, or delete the row",
        )
    counts = people.value_counts(name="rows")
    single = int((counts["rows"] == 1).sum())
    if single == counts.height:
        return False
    if single > counts.height / 2:
        twice = counts.filter(pl.col("rows") > 1)[people.name]
        raise InputError(
            f"most people have one row, and {len(twice)} of {counts.height} have more",
            where=f"{file.name}: {file.name_lines(people.is_in(twice.implode()))}",
            expected="one row a person, or several rows of everybody",
            do="look whether a row was entered twice, or two people have the same code",
        )
    return True


def _find_differing(rows: pl.DataFrame, people: pl.Series) -> set[str]:
    """Return the columns that differ between the rows of a person."""
    others = [name for name in rows.columns if name != people.name]
    counts = (
        rows.select(others)
        .with_columns(people.alias("_person"))
        .group_by("_person")
        .agg(pl.col(others).drop_nulls().n_unique())
    )
    return {name for name in others if bool((counts[name] > 1).any())}


def _note_roles(roles: Mapping[str, str], guessed: Mapping[str, str], *, several: bool) -> Iterator[str]:
    yield "several rows a person: a row is a trial or condition" if several else "one row a person"
    taken = [f"{role} is the column {column!r}" for role, column in roles.items() if guessed.get(role) == column]
    if taken:
        yield f"{'; '.join(taken)} (by its name; another: columns in the plan file)"

"""From a table to the numbers a test needs, with the checks that every test needs.

One row is one person. Rows without a value are left out and counted in a warning; they are never 0. A test of
several rows of one person as if they were different people, of fewer than three people, of an outcome that is the
same for everybody, or of "pairs" without a common person is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.estimates import GroupSummary, keep_finite

FloatArray = NDArray[np.float64]

PERSON = "participant_id"
"""The column that says who; tables without it are taken as one row a person."""

ROUNDING = 1e-12
"""Values that differ by less than this share of the largest are the same."""

MINIMUM_PEOPLE = 3
"""Fewer than this, in a group or as pairs, and no interval or test means anything."""


@dataclass(frozen=True)
class Sample:
    """The finite values of one group or condition, one a person, and what was left out."""

    name: str
    values: FloatArray
    warnings: tuple[str, ...] = field(default=())

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.values)

    def summarise(self) -> GroupSummary:
        """Return n, mean, standard deviation (n - 1) and median."""
        return GroupSummary(
            self.name,
            self.n,
            keep_finite(np.mean(self.values)) if self.n else None,
            keep_finite(np.std(self.values, ddof=1)) if self.n > 1 else None,
            keep_finite(np.median(self.values)) if self.n else None,
        )


def take_sample(table: pl.DataFrame, column: str, *, person: str = PERSON) -> Sample:
    """Return the values of one numeric column, one a person.

    Raises
    ------
    UnknownNameError
        There is no such column.
    InputError
        Not numbers, fewer than three people, or the same value for everybody.
    RefusedError
        A person has several rows.
    """
    refuse_repeated_people(table, person=person)
    sample = _take_values(table, column, name=column)
    check_sample(sample)
    return sample


def take_groups(
    table: pl.DataFrame, outcome: str, *, group: str, order: tuple[str, ...] | None = None, person: str = PERSON
) -> list[Sample]:
    """Return one sample for each group, in ``order`` or sorted by name; people without a group are left out.

    Raises
    ------
    UnknownNameError
        A column or a group that does not exist.
    InputError
        Fewer than two groups, fewer than three people in one, or the same outcome for everybody.
    RefusedError
        A person has several rows.
    """
    find_column(table, outcome)
    labels = find_column(table, group).cast(pl.String)
    refuse_repeated_people(table, person=person)
    present = sorted(labels.drop_nulls().unique().to_list())
    for name in order or ():
        if name not in present:
            raise UnknownNameError(f"group of {group!r}", name, present)
    names = list(order) if order else present
    if len(names) < 2:
        raise InputError(
            f"{group!r} has {len(names)} group(s), a comparison needs two",
            where=f"column {group!r}",
            found=", ".join(names) or "no group",
        )
    ungrouped = _warn(labels.null_count(), f"without {group!r}")
    samples = [_take_values(table.filter(labels == name), outcome, name=name) for name in names]
    samples[0] = Sample(samples[0].name, samples[0].values, (*ungrouped, *samples[0].warnings))
    for sample in samples:
        check_count(sample, what=f"group {sample.name!r} of {group!r}")
    if is_constant(np.concatenate([sample.values for sample in samples])):
        raise InputError("the outcome is the same for everybody", where=f"column {outcome!r}", expected="variation")
    return samples


def take_two_groups(
    table: pl.DataFrame, outcome: str, *, group: str, order: tuple[str, str] | None = None, person: str = PERSON
) -> tuple[Sample, Sample]:
    """Return exactly two groups, see ``take_groups``; more groups than two need ``order`` to choose two.

    Raises
    ------
    InputError
        There are not exactly two groups, or one has too few people.
    """
    samples = take_groups(table, outcome, group=group, order=order, person=person)
    if len(samples) != 2:
        raise InputError(
            f"{group!r} has {len(samples)} groups, this test compares two",
            where=f"column {group!r}",
            found=", ".join(sample.name for sample in samples),
            do="choose two with order=(first, second)",
        )
    return samples[0], samples[1]


def take_pairs(
    table: pl.DataFrame, outcome: str, *, condition: str, order: tuple[str, str] | None = None, person: str = PERSON
) -> tuple[Sample, Sample]:
    """Return two samples of the SAME people in the same order, from a table with a row a person and condition.

    People with a value in only one condition are left out and counted in the first sample's warnings.

    Raises
    ------
    InputError
        Nobody has both conditions (two groups of different people cannot be paired), or fewer than three have.
    RefusedError
        A person has several rows in a condition: average them first.
    """
    find_column(table, outcome)
    labels = find_column(table, condition).cast(pl.String)
    find_column(table, person)
    refuse_repeated_people(table, person=person, within=condition)
    present = sorted(labels.drop_nulls().unique().to_list())
    for name in order or ():
        if name not in present:
            raise UnknownNameError(f"condition of {condition!r}", name, present)
    names = list(order) if order else present
    if len(names) != 2:
        raise InputError(
            f"{condition!r} has {len(names)} condition(s), a paired test compares two",
            where=f"column {condition!r}",
            found=", ".join(names) or "none",
            do="choose two with order=(first, second)",
        )
    wide = (
        table.select(pl.col(person), labels.alias("condition"), _as_numbers(table[outcome]).alias("value"))
        .filter(pl.col("condition").is_in(names), pl.col("value").is_not_null())
        .pivot("condition", index=person, values="value", on_columns=names)
        .sort(person)
    )
    both = wide.drop_nulls()
    if wide.height and not both.height:
        raise InputError(
            f"no person has both {names[0]!r} and {names[1]!r}: different people cannot be paired",
            where=f"column {condition!r}",
            expected="two values of each person",
            do="compare the two groups as independent ones (Welch's test)",
        )
    warnings = _warn(wide.height - both.height, "with only one of the two conditions")
    first = Sample(names[0], both[names[0]].to_numpy(), warnings)
    check_count(first, what=f"pairs of {names[0]!r} and {names[1]!r}")
    return first, Sample(names[1], both[names[1]].to_numpy())


def take_columns(
    table: pl.DataFrame, columns: list[str], *, person: str = PERSON
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return complete rows of numeric columns (people x columns) and a warning that counts the people left out."""
    refuse_repeated_people(table, person=person)
    numbers = pl.DataFrame({name: _as_numbers(find_column(table, name)) for name in columns})
    complete = numbers.drop_nulls()
    for name in columns:
        check_sample(Sample(name, complete[name].to_numpy()))
    return complete.to_numpy(), _warn(numbers.height - complete.height, "without every value")


def find_column(table: pl.DataFrame, name: str) -> pl.Series:
    """Return a column.

    Raises
    ------
    UnknownNameError
        There is no such column; the choices are listed.
    InputError
        A column of lists or the like.
    """
    if name not in table.columns:
        raise UnknownNameError("column", name, table.columns)
    if table[name].dtype.is_nested():
        raise InputError("these are neither numbers nor words", where=f"column {name!r}", found=str(table[name].dtype))
    return table[name]


def refuse_repeated_people(table: pl.DataFrame, *, person: str = PERSON, within: str | None = None) -> None:
    """Refuse a table in which a person has several rows (in one condition): they are not independent.

    A table without the column ``person`` is taken as one row a person.

    Raises
    ------
    RefusedError
        A person has several rows.
    """
    if person not in table.columns:
        return
    key = [person, within] if within else [person]
    repeated = table.height - table.select(key).n_unique()
    if repeated:
        place = f" in one {within}" if within else ""
        raise RefusedError(
            f"some people have several rows{place}; rows of one person are not independent",
            where=f"column {person!r}",
            expected=f"one row a person{place}",
            found=f"{table.height} rows of {table[person].n_unique()} people",
            do="average each person's rows first, or use a within-person contrast or a mixed model",
        )


def check_count(sample: Sample, *, what: str) -> None:
    """Refuse fewer than three people.

    Raises
    ------
    InputError
        There are fewer than three.
    """
    if sample.n < MINIMUM_PEOPLE:
        raise InputError(
            f"{what}: too few people", expected=f"at least {MINIMUM_PEOPLE}", found=str(sample.n), do="collect more"
        )


def is_constant(values: FloatArray) -> bool:
    """Return whether all values are the same but for rounding (a relative spread of 1e-12).

    Examples
    --------
    >>> is_constant(np.array([0.3, 0.1 + 0.2, 0.3])), is_constant(np.array([0.3, 0.3001]))
    (True, False)
    """
    return float(np.ptp(values)) <= ROUNDING * float(np.abs(values).max())


def round_to_scale(values: FloatArray, scale: float) -> FloatArray:
    """Return values rounded to 12 digits of ``scale``: 0.3 - 0.1 - 0.2 is then 0, as it should be.

    Examples
    --------
    >>> bool(round_to_scale(np.array([0.3 - 0.1 - 0.2]), 0.3)[0] == 0)
    True
    """
    return values if scale == 0 else np.asarray(np.round(values, 12 - math.ceil(math.log10(scale))))


def check_sample(sample: Sample) -> None:
    """Refuse fewer than three people, and values that do not vary.

    Raises
    ------
    InputError
        There are fewer than three people, or the values do not vary.
    """
    check_count(sample, what=f"column {sample.name!r}")
    if is_constant(sample.values):
        raise InputError("the value is the same for everybody", where=f"column {sample.name!r}", expected="variation")


def _take_values(table: pl.DataFrame, column: str, *, name: str) -> Sample:
    numbers = _as_numbers(find_column(table, column))
    missing = numbers.null_count()
    return Sample(name, numbers.drop_nulls().to_numpy(), _warn(missing, f"without a value of {column!r}"))


def _as_numbers(values: pl.Series) -> pl.Series:
    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean or values.dtype == pl.Null):
        raise InputError(
            "these are not numbers", where=f"column {values.name!r}", expected="numbers", found=str(values.dtype)
        )
    numbers = values.cast(pl.Float64)
    if numbers.is_infinite().any():
        raise InputError("a value is infinite", where=f"column {values.name!r}", expected="finite numbers")
    return numbers.fill_nan(None)


def _warn(count: int, what: str) -> tuple[str, ...]:
    return (f"{count} {'person' if count == 1 else 'people'} {what} left out",) if count else ()

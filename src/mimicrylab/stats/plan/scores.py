"""What is one value a person: scores of questionnaires, fields of forms, columns of the participants."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.plan.data import PlanData

NOT_OFFERED = frozenset({"participant_id", "analysed"})


def find_people_columns(data: PlanData, name: str) -> tuple[str, ...]:
    """Return the columns of the people that a name means: the one called so, or all scores of a scale (``RAAS-1996``).

    Columns of single occasions (``STAI.state.before``) are meant only by their full name.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    columns = [column for column in data.people.columns if column not in NOT_OFFERED]
    if name in columns:
        return (name,)
    scores = [column for column in columns if column.startswith(f"{name}.")]
    first = tuple(column for column in scores if not any(column.startswith(f"{other}.") for other in scores))
    if not first:
        ratings = data.values.filter(pl.col("signal") == "rating")["measure"].unique()
        raise UnknownNameError("score, form field or column", name, [*columns, *ratings])
    return first


def find_people_column(data: PlanData, name: str) -> str:
    """Return the one column of the people that a name means.

    Raises
    ------
    UnknownNameError
        There is none.
    InputError
        The scale has several scores.
    """
    found = find_people_columns(data, name)
    if len(found) > 1:
        raise InputError(f"{name!r} has several scores", found=", ".join(found), do="name one of them")
    return found[0]


def select_scores(data: PlanData, name: str) -> pl.DataFrame:
    """Return ``participant_id, score, value, unit``: one row a person and score, null where it was not answered.

    Raises
    ------
    UnknownNameError
        There is no such score.
    """
    columns = find_people_columns(data, name)
    return pl.concat([_take_score(data.people, column) for column in columns], how="vertical_relaxed")


def _take_score(people: pl.DataFrame, column: str) -> pl.DataFrame:
    return people.select(
        "participant_id", pl.lit(column).alias("score"), pl.col(column).alias("value"), pl.lit("").alias("unit")
    )


def recode_answers(answers: pl.Series, levels: dict[str, tuple[str, ...]]) -> pl.Series:
    """Return the new level of each answer; null for an answer that no level gathers.

    Examples
    --------
    >>> recode_answers(pl.Series(["18-24", "65 or over", None]), {"younger": ("18-24",)}).to_list()
    ['younger', None, None]
    """
    mapping = {answer: level for level, gathered in levels.items() for answer in gathered}
    return answers.cast(pl.String).replace_strict(mapping, default=None, return_dtype=pl.String)


def split_at_median(values: pl.Series, *, low_includes_median: bool) -> tuple[pl.Series, float]:
    """Return ``low`` or ``high`` for each value, and the median that cuts; null stays null.

    Examples
    --------
    >>> halves, median = split_at_median(pl.Series([1.0, 2.0, 3.0]), low_includes_median=False)
    >>> halves.to_list(), median
    (['low', 'high', 'high'], 2.0)

    Raises
    ------
    InputError
        No number, or everybody falls into one half.
    """
    if not values.dtype.is_numeric() or values.count() == 0:
        raise InputError("a median needs numbers", found=f"a column of {values.dtype}")
    median = float(values.median())  # type: ignore[arg-type]
    low = values <= median if low_includes_median else values < median
    frame = pl.DataFrame({"value": values, "low": low})
    halves = frame.select(
        pl.when(pl.col("value").is_not_null()).then(pl.when("low").then(pl.lit("low")).otherwise(pl.lit("high")))
    ).to_series()
    if halves.drop_nulls().n_unique() < 2:
        raise InputError("the cut at the median leaves one half empty", found=f"median {median:g}")
    return halves.alias(values.name), median


def list_levels(values: pl.Series, *, first: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the levels of a column in order: those of ``first`` that occur, then the others by name."""
    present = [str(value) for value in values.drop_nulls().unique()]
    return (*[name for name in first if name in present], *sorted(name for name in present if name not in first))

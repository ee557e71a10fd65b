"""Summaries over people: count, mean with its interval, spread. One value a person goes in, never frames or trials."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from scipy import stats

from mimicrylab.stats.estimates import DEFAULT_LEVEL
from mimicrylab.stats.samples import MINIMUM_PEOPLE

SUMMARY_COLUMNS = ("n", "mean", "sd", "median", "minimum", "maximum", "ci_low", "ci_high")


def summarise_people(frame: pl.DataFrame, by: Sequence[str], *, value: str = "value") -> pl.DataFrame:
    """Return, for each group, ``n, mean, sd, median, minimum, maximum, ci_low, ci_high`` over people.

    ``frame`` has one row a person in each group. Null values are left out of everything; ``sd`` (n - 1) needs two
    people and the 95 % interval of the mean (Student's t) three. Groups keep the order of their first row.

    Examples
    --------
    >>> frame = pl.DataFrame({"emotion": ["fear"] * 3, "value": [1.0, 2.0, 3.0]})
    >>> row = summarise_people(frame, ["emotion"]).row(0, named=True)
    >>> row["n"], row["mean"], round(row["ci_high"], 3)
    (3, 2.0, 4.484)
    """
    known = pl.col(value)
    summed = frame.group_by(by, maintain_order=True).agg(
        known.count().cast(pl.Int64).alias("n"),
        known.mean().alias("mean"),
        known.std(ddof=1).alias("sd"),
        known.median().alias("median"),
        known.min().alias("minimum"),
        known.max().alias("maximum"),
    )
    reach = pl.Series(
        [
            float(stats.t.ppf(0.5 + DEFAULT_LEVEL / 2, n - 1)) * sd / n**0.5 if n >= MINIMUM_PEOPLE else None
            for n, sd in summed.select("n", "sd").iter_rows()
        ],
        dtype=pl.Float64,
    )
    return summed.with_columns((pl.col("mean") - reach).alias("ci_low"), (pl.col("mean") + reach).alias("ci_high"))


def as_number(value: object) -> float | None:
    """Return what polars gives for a mean, a median or a sum as a plain float; None where there is none."""
    return float(value) if isinstance(value, int | float) else None


def average_within(frame: pl.DataFrame, by: Sequence[str], *, value: str = "value") -> pl.DataFrame:
    """Return one row a group with the mean of its values, so that each person counts once; nulls are left out."""
    return frame.group_by(by, maintain_order=True).agg(pl.col(value).mean())

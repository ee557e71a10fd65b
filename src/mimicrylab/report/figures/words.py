"""Numbers as the words of a figure say them."""

from __future__ import annotations

import polars as pl

from mimicrylab.report.wording import choose_decimals, format_number

LEAST_DECIMALS = 2
SMALL = 0.1
"""Numbers that are all smaller than this need more."""


def count_decimals(frame: pl.DataFrame, *columns: str) -> int:
    """Return how many decimals the words of a figure need: two, or more where all its numbers are small.

    Examples
    --------
    >>> count_decimals(pl.DataFrame({"mean": [0.002, None]}), "mean")
    4
    >>> count_decimals(pl.DataFrame({"mean": [0.3]}), "mean")
    2
    """
    values = [value for column in columns for value in frame[column].cast(pl.Float64).fill_nan(None).drop_nulls()]
    largest = max((abs(value) for value in values), default=0.0)
    return choose_decimals(values) if 0 < largest < SMALL else LEAST_DECIMALS


def write_estimate(
    value: float | None, low: float | None = None, high: float | None = None, *, decimals: int = LEAST_DECIMALS
) -> str:
    """Return an estimate with its interval, where it has one.

    Examples
    --------
    >>> write_estimate(0.27, 0.23, 0.31), write_estimate(0.0021, decimals=4), write_estimate(None)
    ('0.27 [0.23, 0.31]', '0.0021', 'no value')
    """
    if value is None:
        return "no value"
    text = format_number(value, decimals=decimals)
    if low is None or high is None:
        return text
    return f"{text} [{format_number(low, decimals=decimals)}, {format_number(high, decimals=decimals)}]"

"""At how many frames a second people were filmed, as the rows of a measure tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.stats.samples import PERSON


@dataclass(frozen=True)
class FrameRates:
    """The lowest and the highest rate over people, in frames/s."""

    lowest: float
    highest: float


def find_frame_rates(values: pl.DataFrame, measure: str, *, people: Sequence[str] = ()) -> FrameRates | None:
    """Return the range over people of each person's median frame rate.

    A trial's rate is its valid frames by their share and by the length of the window. None where the rows do not tell
    (a flat table without frames).

    Examples
    --------
    >>> values = pl.DataFrame({"participant_id": ["a", "b"], "measure": ["peak"] * 2, "n_frames": [60, 30],
    ...                        "share_valid": [1.0, 1.0], "window_start_s": [0.0, 0.0], "window_stop_s": [2.0, 2.0]})
    >>> find_frame_rates(values, "peak")
    FrameRates(lowest=15.0, highest=30.0)
    """
    needed = {"n_frames", "share_valid", "window_start_s", "window_stop_s"}
    if not needed <= set(values.columns):
        return None
    length = pl.col("window_stop_s") - pl.col("window_start_s")
    rows = values.filter((pl.col("measure") == measure) & (pl.col("share_valid") > 0) & (length > 0))
    if people:
        rows = rows.filter(pl.col(PERSON).is_in(list(people)))
    rates = (
        rows.with_columns((pl.col("n_frames") / pl.col("share_valid") / length).alias("rate"))
        .group_by(PERSON)
        .agg(pl.col("rate").median())["rate"]
        .drop_nulls()
    )
    if rates.is_empty():
        return None
    return FrameRates(float(rates.min()), float(rates.max()))  # type: ignore[arg-type]

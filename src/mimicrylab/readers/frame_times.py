"""Times of frames where a program wrote only their numbers, or whole seconds: as stated, or as far as these tell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError


class NoTimesError(InputError):
    """A file does not say when its frames were taken, and no frame rate was stated."""


@dataclass(frozen=True)
class FrameTimes:
    """Times (s), how far they may be off (None: not known), and what is to be said about them."""

    time_s: pl.Series
    error_s: float | None
    notes: tuple[str, ...] = ()


def check_rate(rate: float | None) -> None:
    """Refuse what is no frame rate.

    Raises
    ------
    InputError
        It is not above 0.
    """
    if rate is not None and not (math.isfinite(rate) and rate > 0):
        raise InputError("this is no frame rate", expected="frames a second, above 0", found=f"{rate:g}")


def time_frames(frame: pl.Series, seconds: pl.Series, *, rate: float | None, whole_s: bool, where: str) -> FrameTimes:
    """Return the times of frames.

    Parameters
    ----------
    frame
        0-based numbers.
    seconds
        Times as the program wrote them (s); null where it wrote none.
    rate
        Frames a second as stated; it goes before what the program wrote.
    whole_s
        Whether the program wrote whole seconds only: then the rate is the middle of those that fit them all.
    where
        The file, for messages.

    Raises
    ------
    NoTimesError
        There are no times and no rate, or whole seconds that no rate fits.

    Examples
    --------
    >>> frame = pl.Series(range(90))
    >>> times = time_frames(frame, frame // 25 * 1.0, rate=None, whole_s=True, where="P01.csv")
    >>> round(times.time_s[25], 2), round(times.error_s, 2)
    (1.01, 0.02)
    """
    if rate is not None:
        return FrameTimes(frame / rate, None)
    if frame.n_unique() == 1 and seconds.null_count():
        return FrameTimes(frame * 0.0, None)
    if seconds.null_count():
        raise NoTimesError(
            "the file does not say when its frames were taken", where=where, do="state the frame rate: --fps 30"
        )
    if not whole_s:
        return FrameTimes(seconds, None)
    low, high = _fit_rates(frame, seconds)
    if not low < high or not math.isfinite(high):
        raise NoTimesError(
            "the file's times are whole seconds, and no frame rate can be told from them",
            where=where,
            do="state the frame rate: --fps 30",
        )
    middle = 2 * low * high / (low + high)
    last = float(frame.max())  # type: ignore[arg-type]
    error_s = last / low - last / middle
    note = (
        f"the file's times are whole seconds: they fit {low:.5g} to {high:.5g} frames a second, {middle:.5g} is taken, "
        f"so that the last frame may be off by {1000 * error_s:.0f} ms; --fps states the true rate"
    )
    return FrameTimes(frame / middle, error_s, (note,))


def _fit_rates(frame: pl.Series, seconds: pl.Series) -> tuple[float, float]:
    """Return the slowest and the fastest rate at which every frame falls into its second."""
    moments = pl.DataFrame({"f": frame.cast(pl.Float64), "s": seconds})
    low = moments.select((pl.col("f") / (pl.col("s") + 1)).max()).item()
    later = moments.filter(pl.col("s") > 0)
    high = later.select((pl.col("f") / pl.col("s")).min()).item() if later.height else math.inf
    return float(low or 0), math.inf if high is None else float(high)


def read_clock(text: pl.Series) -> pl.Series:
    """Return seconds from text like ``83.5``, ``01:23`` or ``0:01:23.500``; null where it is none of these.

    Examples
    --------
    >>> read_clock(pl.Series(["83.5", "01:23", "0:01:23,5", "x"])).to_list()
    [83.5, 83.0, 83.5, None]
    """
    parts = pl.col("text").str.split(":").list.reverse()
    frame = text.alias("text").str.strip_chars().str.replace(",", ".", literal=True).to_frame()
    places = [
        parts.list.get(place, null_on_oob=True).cast(pl.Float64, strict=False) * 60.0**place for place in range(3)
    ]
    wrong = (parts.list.len() > 3) | pl.any_horizontal(
        [(parts.list.len() > place) & places[place].is_null() for place in range(3)]
    )
    total = sum((each.fill_null(0.0) for each in places[1:]), places[0])
    return frame.select(pl.when(~wrong).then(total)).to_series().alias(text.name)

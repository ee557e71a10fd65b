"""Numbers as they are printed: their text, and the values that could stand behind it.

A printed 47 may be a rounded 47.4 or a truncated 47.98. Every check is made twice: with all numbers taken as rounded,
and, where that does not fit, with rounding or truncation allowed for each. What fits only by truncation is no slip; it
is said. Ranges of what follows from printed numbers are found at the ends of their intervals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import InputError

Reading = Literal["rounded", "either"]
"""How printed digits are read: all rounded, or each rounded or truncated."""

NUMBER = re.compile(
    r"(?P<bound>[<>=]?)\s*(?P<sign>[-+]?)(?P<digits>\d*\.?\d*)(?P<power>[eE][-+]?\d+)?(?P<percent>\s*%?)"
)
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "‑": "-"})
SLACK = 1e-9
"""Relative room for the arithmetic of binary numbers."""

LARGEST = 1e15
SMALLEST_DIGIT = 30
"""No paper prints larger numbers, or more digits behind the point."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """Values from ``low`` to ``high``, both included."""

    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        """Return whether a value lies in both, up to the arithmetic of binary numbers."""
        room = SLACK * max((abs(each) for each in (self.low, self.high, other.low, other.high) if math.isfinite(each)),
                           default=0.0)  # fmt: skip
        return self.low <= other.high + room and other.low <= self.high + room

    def intersect(self, other: Interval) -> Interval | None:
        """Return the values in both, or None."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else None

    @property
    def magnitude(self) -> Interval:
        """The absolute values."""
        low, high = sorted((abs(self.low), abs(self.high)))
        return Interval(0.0 if self.low <= 0 <= self.high else low, high)


@dataclass(frozen=True)
class Printed:
    """A number as printed.

    Parameters
    ----------
    text
        As it stands in the paper: ``.050``, ``< .001``, ``67.9%``.
    value
        Its value; of a percentage, the share.
    step
        Size of the last printed digit; 0: exact (a count, or a number of our own files).
    bound
        ``<`` and ``>``: only this is known.
    """

    text: str
    value: float
    step: float
    bound: Literal["=", "<", ">"] = "="

    def interval(self, reading: Reading) -> Interval:
        """Return the values that could have been printed so."""
        if self.bound == "<":
            return Interval(-math.inf, self.value)
        if self.bound == ">":
            return Interval(self.value, math.inf)
        half = self.step / 2
        if reading == "rounded" or not self.step:
            return Interval(self.value - half, self.value + half)
        if self.value == 0:
            return Interval(-self.step, self.step)
        low, high = abs(self.value) - half, abs(self.value) + self.step
        return Interval(low, high) if self.value > 0 else Interval(-high, -low)


def read_printed(text: str) -> Printed:
    """Return the number that a text prints.

    Raises
    ------
    InputError
        It is no number.

    Examples
    --------
    >>> read_printed(".050").interval("rounded")
    Interval(low=0.0495, high=0.0505)
    >>> read_printed("−3.35").interval("either")
    Interval(low=-3.36, high=-3.345)
    >>> read_printed("67.9%").value, read_printed("< .001").bound
    (0.679, '<')
    """
    cleaned = text.translate(MINUS_SIGNS).strip()
    match = NUMBER.fullmatch(cleaned)
    digits = match["digits"] if match else ""
    if match is None or not digits.strip("."):
        hint = "write the decimal point as a point, and no commas between thousands" if "," in text else None
        raise InputError(f"{text!r} is not a printed number", expected="-3.35, .050, < .001 or 67.9%", do=hint)
    power = int(match["power"][1:]) if match["power"] else 0
    decimals = len(digits.partition(".")[2]) - power
    value = float(f"{match['sign']}{digits}e{power}")
    if abs(value) > LARGEST or decimals > SMALLEST_DIGIT:
        raise InputError(f"{text!r} is no number that a paper prints", expected="-3.35, .050, < .001 or 67.9%")
    step = 10.0**-decimals
    if match["percent"].strip():
        value, step = value / 100, step / 100
    bound: Literal["=", "<", ">"] = "<" if match["bound"] == "<" else ">" if match["bound"] == ">" else "="
    return Printed(text.strip(), value, step, bound)


def make_exact(value: float) -> Printed:
    """Return a number that is known as it is: a count."""
    return Printed(f"{value:g}", value, 0.0)


def find_range(function: Callable[..., Array], *intervals: Interval) -> Interval:
    """Return the least and greatest value of a function over a box of its arguments.

    The function takes arrays. It is evaluated at the ends and the middle of each interval and at 0 where that lies
    inside: exact for functions that rise or fall in each argument between these points, as all formulas here do.
    Combinations for which it is not defined (nan) are left out.

    Examples
    --------
    >>> find_range(lambda b, se: b / se, Interval(1.0, 2.0), Interval(0.5, 1.0))
    Interval(low=1.0, high=4.0)
    """
    points = [_list_points(each) for each in intervals]
    grid = [axis.ravel() for axis in np.meshgrid(*points, indexing="ij")]
    with np.errstate(all="ignore"):
        values = np.asarray(function(*grid), dtype=np.float64)
    values = values[~np.isnan(values)]
    if not len(values):
        return Interval(-math.inf, math.inf)
    return Interval(float(values.min()), float(values.max()))


def _list_points(interval: Interval) -> Array:
    low, high = interval.low, interval.high
    points = {low, high}
    if low < 0 < high:
        points.add(0.0)
    if math.isfinite(low) and math.isfinite(high):
        points.add((low + high) / 2)
    return np.asarray(sorted(points))


def write_interval(interval: Interval, *, decimals: int = 2, bounded: bool = False) -> str:
    """Return an interval in words: ``1.95 to 2.05``, or one number where both ends print alike.

    Examples
    --------
    >>> write_interval(Interval(0.486, 0.4862), decimals=3, bounded=True)
    '.486'
    >>> write_interval(Interval(585.2, 588.0), decimals=0)
    '585 to 588'
    """
    low, high = (write_number(each, decimals=decimals, bounded=bounded) for each in (interval.low, interval.high))
    return low if low == high else f"{low} to {high}"


def write_number(value: float, *, decimals: int = 2, bounded: bool = False) -> str:
    """Return a number with its decimals; ``bounded`` leaves out the zero before the point, as APA style does.

    Examples
    --------
    >>> write_number(-0.083, bounded=True), write_number(3.0, decimals=0), write_number(float("inf"))
    ('-.08', '3', 'infinity')
    """
    if not math.isfinite(value):
        return "infinity" if value > 0 else "minus infinity"
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return re.sub(r"^(-?)0\.", r"\1.", text) if bounded and abs(value) < 1 else text

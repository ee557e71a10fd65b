"""What the units of signals mean, for readers who do not know them from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

UNIT_WORDS = {
    "share of the distance between the outer eye corners": "eye distances: 1 is the distance between the outer corners "
    "of the eyes",
    "0-1 (model activation)": "activation: how active the face model finds a movement, from 0 to 1",
    "share of a strong movement": "strong = 1: 1 is a strong movement of the action unit",
}
"""What the units say that nobody knows from elsewhere."""


def explain_units(units: Iterable[str]) -> str:
    """Return a sentence on the units that need one, or nothing.

    Examples
    --------
    >>> explain_units(["0-1 (model activation)", "0-5"])
    'Units: activation: how active the face model finds a movement, from 0 to 1.'
    """
    there = set(units)
    known = [words for unit, words in UNIT_WORDS.items() if unit in there]
    return f"Units: {'; '.join(known)}." if known else ""

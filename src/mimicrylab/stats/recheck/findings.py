"""What a check finds, in words: what is printed, what follows, what that means, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mimicrylab.stats.recheck.printed import Interval, Printed, Reading

Certainty = Literal["certain", "likely", "possible"]
"""certain: no data could give these numbers; likely: they could only under an assumption that the paper does not make;
possible: there is a common innocent explanation, which is named."""


@dataclass(frozen=True)
class Finding:
    """One contradiction, or (``kind`` note) one thing that must be known to repeat the numbers.

    Parameters
    ----------
    rule
        The rule that found it.
    about
        Entries that it is about.
    printed
        What is printed.
    follows
        What follows from the other numbers.
    means
        What that means.
    certainty, because
        How sure it is, and why.
    """

    rule: str
    about: tuple[str, ...]
    printed: str
    follows: str
    means: str
    certainty: Certainty = "certain"
    because: str = ""
    kind: Literal["slip", "note"] = "slip"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**self.__dict__, "about": list(self.about)}


Fit = Literal["rounded", "truncated", "no"]


def fit_printed(printed: Printed, follow: Callable[[Reading], Interval | None]) -> tuple[Fit, Interval]:
    """Return how a printed number fits what follows from others, and the range that follows.

    ``follow`` returns the range that follows when the printed digits are read so; None: it cannot be told, which fits.
    The range is that of the reading that fits, or of the widest one.
    """
    last = Interval(float("-inf"), float("inf"))
    for reading, fit in READINGS:
        range_ = follow(reading)
        if range_ is None:
            return "rounded", last
        last = range_
        if range_.overlaps(printed.interval(reading)):
            return fit, range_
    return "no", last


READINGS: tuple[tuple[Reading, Fit], ...] = (("rounded", "rounded"), ("either", "truncated"))


def note_truncation(rule: str, about: tuple[str, ...], printed: str, follows: str) -> Finding:
    """Return the note that a number fits only when printed digits were cut off, not rounded."""
    return Finding(rule, about, printed, follows, TRUNCATED, "likely", NOT_ROUNDED, kind="note")


def gather_truncations(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with all notes on cut-off digits as one, at the end."""
    notes = [finding for finding in findings if finding.means == TRUNCATED]
    rest = tuple(finding for finding in findings if finding.means != TRUNCATED)
    if not notes:
        return rest
    about = tuple(dict.fromkeys(name for note in notes for name in note.about))
    follows = "; ".join(f"{note.printed}: {note.follows} ({note.about[0]})" for note in notes)
    printed = "1 number" if len(notes) == 1 else f"{len(notes)} numbers"
    one = Finding("rounding", about, printed, follows, TRUNCATED, "likely", NOT_ROUNDED, kind="note")
    return (*rest, one)


TRUNCATED = "they fit when digits are cut off, not when they are rounded; such papers seem to print without rounding"
NOT_ROUNDED = "rounding cannot give them, cutting off can"

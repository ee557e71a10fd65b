"""One printed number against what follows from others, by each formula in use: a slip, a note, or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from mimicrylab.stats.recheck.findings import Certainty, Finding, fit_printed, note_truncation
from mimicrylab.stats.recheck.printed import Interval, Printed, Reading, write_interval

Follow = Callable[[Reading], list[Interval]]
"""What could follow, by each formula in use, when digits are read so; as many ranges for each reading."""


def judge(
    about: tuple[str, ...],
    rule: str,
    printed: Printed,
    follow: Follow,
    *,
    named: str,
    of: str,
    means: str,
    sign: bool = True,
    certainty: Certainty = "certain",
    because: str = "the digits that are printed leave no room for it",
) -> Iterator[Finding]:
    """Yield a slip where no formula gives the printed number, a note where only truncated digits do."""
    ways = len(follow("rounded"))
    fits = []
    for way in range(ways):

        def follow_one(reading: Reading, way: int = way) -> Interval:
            found = follow(reading)[way]
            return found if sign else found.magnitude

        compared = printed if sign else Printed(printed.text, abs(printed.value), printed.step, printed.bound)
        fits.append(fit_printed(compared, follow_one))
    if not fits or any(fit == "rounded" for fit, _ in fits):
        return
    truncated = [found for fit, found in fits if fit == "truncated"]
    decimals = count_decimals(printed)
    if truncated:
        follows = f"{of.rstrip(',:')} give {write_interval(truncated[0], decimals=decimals + 1)}"
        yield note_truncation(rule, about, f"{named} {printed.text}", follows)
        return
    ranges = list(dict.fromkeys(write_interval(found, decimals=decimals) for _, found in fits))
    yield Finding(rule, about, f"{named} {printed.text}", f"{of} give {' or '.join(ranges)}", means, certainty, because)


def count_decimals(printed: Printed) -> int:
    """Return the decimals that a number is printed with."""
    return max(0, round(-math.log10(printed.step))) if printed.step else 2

"""Counts and shares: a share is count by total; parts are not more than the whole."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mimicrylab.stats.recheck.entries import Tally
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.judging import judge
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Interval, Reading, write_interval

SHARE_RULE = "share of a count"
PARTS_RULE = "parts of a whole"


def check_shares(paper: Paper) -> Iterator[Finding]:
    """Yield every share that count and total do not give, and every whole that its parts contradict."""
    by_name = {tally.id: tally for tally in paper.tallies}
    for tally in paper.tallies:
        yield from _check_share(tally)
        yield from _check_parts(tally, [by_name[name] for name in tally.includes if name in by_name], whole=False)
        yield from _check_parts(tally, [by_name[name] for name in tally.all_of if name in by_name], whole=True)


def _check_share(tally: Tally) -> Iterator[Finding]:
    if tally.count is not None and tally.total is not None and tally.count > tally.total:
        yield Finding(
            SHARE_RULE,
            (tally.id,),
            f"{tally.count} of {tally.total}",
            "a part is not more than the whole",
            "the count or the total is misprinted",
        )
    elif tally.share is not None and tally.total:
        if tally.count is not None:
            exact = Interval(tally.count / tally.total, tally.count / tally.total)
            yield from judge(
                (tally.id,),
                SHARE_RULE,
                tally.share,
                lambda _: [exact],
                named="the share",
                of=f"{tally.count} of {tally.total} ({100 * exact.low:.1f}%)",
                means="the count, the total or the share is misprinted",
            )
        elif _count_range(tally, "either") is None:
            yield Finding(
                SHARE_RULE,
                (tally.id,),
                f"{tally.share.text} of {tally.total}",
                "no whole number of them has this share",
                "the share or the total is misprinted, or the share is of another total",
                "likely",
                "unless shares are weighted",
            )


def _count_range(tally: Tally, reading: Reading) -> tuple[int, int] | None:
    """Return the least and greatest count that a tally can mean; None where no whole number fits its share."""
    if tally.count is not None:
        return tally.count, tally.count
    if tally.share is None or tally.total is None:
        return 0, tally.total if tally.total is not None else 10**9
    share = tally.share.interval(reading)
    low, high = max(share.low, 0.0) * tally.total, min(share.high, 1.0) * tally.total
    least, most = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    return (least, most) if least <= most else None


def _check_parts(tally: Tally, parts: list[Tally], *, whole: bool) -> Iterator[Finding]:
    ranges = [found for part in parts if (found := _count_range(part, "either")) is not None]
    own = _count_range(tally, "either")
    if not parts or len(ranges) < len(parts) or own is None:
        return
    low, high = sum(each[0] for each in ranges), sum(each[1] for each in ranges)
    if low <= own[1] and (not whole or high >= own[0]):
        return
    named = ", ".join(f"{part.id} {_describe(part)}" for part in parts)
    yield Finding(
        PARTS_RULE,
        (tally.id, *[part.id for part in parts]),
        f"{tally.id}: {_describe(tally)}",
        f"its parts, {named}, make {write_interval(Interval(low, high), decimals=0)}",
        "people of a part are not in the whole: groups were formed otherwise than they are called, or a number is "
        "misprinted",
        "certain" if whole else "likely",
        "" if whole else "unless somebody is in two of the parts",
    )


def _describe(tally: Tally) -> str:
    count = _count_range(tally, "either")
    if tally.count is not None:
        return str(tally.count)
    share = tally.share.text if tally.share is not None else ""
    found = f", that is {write_interval(Interval(*count), decimals=0)}" if count else ""
    return f"({share} of {tally.total}{found})"

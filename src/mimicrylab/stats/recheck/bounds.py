"""Values that a number can have at all: a p and a share from 0 to 1, a correlation from -1 to 1, no SD below 0."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Printed

RULE = "possible values"

SHARES = ("p", "alpha", "r2", "wilks", "partial_eta2", "share", "v")
SIZES = ("sd", "sd_1", "sd_2", "se", "f", "chi2", "error", "outcome_sd", "df", "df_1", "df_2")
BOUNDS = {
    **dict.fromkeys(SHARES, (0.0, 1.0)),
    **dict.fromkeys(SIZES, (0.0, math.inf)),
    "r": (-1.0, 1.0),
    "r2_adjusted": (-math.inf, 1.0),
}
"""Field -> the least and the greatest value it can have."""


def check_bounds(paper: Paper) -> Iterator[Finding]:
    """Yield every number that is outside what it can be."""
    for entry in paper.entries:
        for name, (low, high) in BOUNDS.items():
            printed = getattr(entry, name, None)
            if not isinstance(printed, Printed) or low <= printed.value <= high:
                continue
            allowed = f"at least {low:g}" if math.isinf(high) else f"at most {high:g}" if math.isinf(low) else None
            yield Finding(
                RULE,
                (entry.id,),
                f"{name} {printed.text}",
                f"it is {allowed or f'between {low:g} and {high:g}'}",
                "the number is misprinted, or is something else",
            )

"""All rules on one paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mimicrylab.stats.recheck.averages import check_averages
from mimicrylab.stats.recheck.bounds import check_bounds
from mimicrylab.stats.recheck.coefficients import check_coefficients
from mimicrylab.stats.recheck.degrees import check_degrees
from mimicrylab.stats.recheck.explained import check_explained
from mimicrylab.stats.recheck.findings import Finding, gather_truncations
from mimicrylab.stats.recheck.group_differences import check_group_differences
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.people import check_samples
from mimicrylab.stats.recheck.shares import check_shares
from mimicrylab.stats.recheck.significance import check_significance

RULES: tuple[Callable[[Paper], Iterator[Finding]], ...] = (
    check_samples,
    check_degrees,
    check_group_differences,
    check_coefficients,
    check_averages,
    check_explained,
    check_shares,
    check_significance,
)
"""Every family of rules, in the order of the answer."""


def recheck_paper(paper: Paper) -> tuple[Finding, ...]:
    """Return what the printed numbers say against each other, slips before notes; nothing of a correct paper.

    Where a number is one that cannot be, only that is told of its entry: nothing follows from it.
    """
    impossible = {name for finding in check_bounds(paper) for name in finding.about}
    sound = paper.leave_out(impossible)
    found = [*check_bounds(paper), *(finding for rule in RULES for finding in rule(sound))]
    unique = gather_truncations(list(dict.fromkeys(found)))
    return tuple(sorted(unique, key=lambda finding: finding.kind != "slip"))

"""Tests that belong together are corrected together; which do, ``protocol.families`` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mimicrylab.protocol.families import Family, find_correction, name_family
from mimicrylab.stats.adjustment import ADJUSTMENT_NAMES, adjust_p
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult


def adjust_families(results: Iterable[AnalysisResult]) -> list[AnalysisResult]:
    """Return the results with p corrected over each family's tests (``AnalysisResult.tests``).

    An analysis that was not done has no tests and does not count. A line that has a family already (outcomes of one
    multivariate test, differences of several groups) keeps it. One test alone is its own family: its p stays.

    Raises
    ------
    InputError
        The analyses of one family are corrected in two ways.
    """
    done = list(results)
    members: dict[Family, list[tuple[int, int]]] = {}
    for place, result in enumerate(done):
        for index, estimate in enumerate(result.estimates):
            if estimate.term in result.tests and estimate.p is not None:
                members.setdefault(name_family(result.analysis), []).append((place, index))
    changed: dict[int, dict[int, Estimate]] = {}
    for (_, name), places in members.items():
        method = find_correction(name, [done[place].analysis for place in dict.fromkeys(place for place, _ in places)])
        tests = [done[place].estimates[index] for place, index in places]
        if method == "none":
            continue
        adjusted = adjust_p([test.p for test in tests if test.p is not None], method=method)
        count = f"{len(tests)} test{'' if len(tests) == 1 else 's'}"
        label = f"{name} ({ADJUSTMENT_NAMES[method]}, {count})"
        for (place, index), test, p in zip(places, tests, adjusted, strict=True):
            changed.setdefault(place, {})[index] = replace(test, p_adjusted=p, family=label)
    return [
        _leave_uncorrected(result)
        if result.analysis.correction == "none"
        else replace(
            result,
            estimates=tuple(
                changed.get(place, {}).get(index, estimate) for index, estimate in enumerate(result.estimates)
            ),
        )
        for place, result in enumerate(done)
    ]


def _leave_uncorrected(result: AnalysisResult) -> AnalysisResult:
    """Return a result without corrected p, also where a model corrects the outcomes of one test by itself."""
    plain = tuple(replace(estimate, p_adjusted=None, family=None) for estimate in result.estimates)
    return replace(result, estimates=plain)


__all__ = ["adjust_families", "name_family"]

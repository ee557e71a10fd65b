"""Tests that belong together are corrected together.

A family is named in the plan; without a name it is all confirmatory tests of one hypothesis. What is exploratory never
shares a family with what is confirmatory: without a name an exploratory analysis is corrected over its own tests. What
repeats a published study is corrected apart, so that it weakens no test of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.adjustment import ADJUSTMENT_NAMES, Adjustment, adjust_p
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult

Family = tuple[str, str]
"""Standing and name."""


def name_family(analysis: Analysis) -> Family:
    """Return the family of an analysis's tests.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> outcome = Outcome(measure="congruence")
    >>> name_family(Analysis(id="a", hypothesis="H1", model="one_sample", outcome=outcome))
    ('confirmatory', 'H1')
    >>> name_family(Analysis(id="a", hypothesis="H1", model="one_sample", outcome=outcome, standing="exploratory"))
    ('exploratory', 'a')
    """
    if analysis.standing == "confirmatory" and not analysis.as_published:
        return "confirmatory", analysis.effective_family
    standing = "as published" if analysis.as_published else analysis.standing
    return standing, analysis.family or analysis.id


def find_method(family: str, analyses: Sequence[Analysis]) -> Adjustment | Literal["none"]:
    """Return how a family is corrected; ``none`` repeats a published study that corrected nothing.

    Raises
    ------
    InputError
        Its analyses do not agree.
    """
    methods = sorted({analysis.correction for analysis in analyses})
    if len(methods) > 1:
        raise InputError(
            f"the family {family!r} is corrected in two ways",
            where="analyses",
            found=", ".join(f"{analysis.id}: {analysis.correction}" for analysis in analyses),
            do="one correction for a whole family",
        )
    return methods[0]


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
        method = find_method(name, [done[place].analysis for place in dict.fromkeys(place for place, _ in places)])
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

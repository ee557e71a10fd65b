"""Our own results against themselves: every ``Estimate`` of a study, unrounded, before anybody prints it.

p follows from the statistic and its df, the statistic from estimate and standard error, the interval from both, the
effect size from t and n, the df from n, the corrected p from its family, and n from the table that the model saw. What
a method computes otherwise (permutations, bootstraps, one-sided pairs of tests) is left to its own tests.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from scipy import special

from mimicrylab.stats.adjustment import ADJUSTMENT_NAMES, ADJUSTMENTS, Adjustment, adjust_p
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.formulas import compute_p_of_chi2, compute_p_of_f, compute_p_of_t, compute_p_of_z

CLOSE = 1e-6
"""Relative room; results.json holds whole binary numbers."""

OTHER_P = re.compile(r"permut|sign-flip|one-sided|exact|likelihood-ratio|bootstrap|Bayes|Box|BCa", re.IGNORECASE)
"""Methods whose p is not that of their statistic."""

OTHER_INTERVAL = re.compile(r"permut|sign-flip|BCa|bootstrap|shift|pseudo-median|one-sided|Wilson|log-log|Fisher's z")
"""Methods whose interval is not estimate plus or minus critical value times standard error."""

OTHER_EFFECT = re.compile(r"HC3|robust|cluster|Wald", re.IGNORECASE)
"""Methods whose F is not that of the sums of squares which the effect size is made of."""

FAMILY = re.compile(r"^(?P<name>.*) \((?P<method>Holm|Benjamini-Hochberg), (?P<count>\d+) tests?\)$")

SURE = "results.json holds unrounded numbers"


def recheck_estimates(estimates: Sequence[Estimate]) -> tuple[Finding, ...]:
    """Return what the estimates say against themselves and within their families; nothing where they are sound."""
    found = [finding for estimate in estimates for finding in _check_one(estimate)]
    return (*found, *_check_families(estimates))


def recheck_results(results: Sequence[AnalysisResult], *, people: Iterable[str]) -> tuple[Finding, ...]:
    """Return what planned analyses say against themselves, against their tables and against the people of the study.

    Parameters
    ----------
    results
        The planned analyses, with the tables that their models saw.
    people
        Everybody in the study who has not withdrawn.
    """
    found = list(recheck_estimates([one for result in results for one in (*result.estimates, *result.checks)]))
    known = set(people)
    for result in results:
        found += _check_table(result, known)
    return tuple(found)


def compare_results(shown: Sequence[Estimate], stored: Sequence[Estimate]) -> tuple[Finding, ...]:
    """Return the estimates that a report shows otherwise than the analyses have them now."""
    by_name = {(one.analysis, one.term, one.method, one.unit): one for one in stored}
    found = []
    for one in shown:
        other = by_name.get((one.analysis, one.term, one.method, one.unit))
        if other is not None and not _agree(one, other):
            found.append(
                Finding(
                    "report and analyses",
                    (_name(one),),
                    f"the report has {one.estimate}, n = {one.n}, p = {one.p}",
                    f"the analyses have {other.estimate}, n = {other.n}, p = {other.p}",
                    "the report is older than the analyses: mimicrylab report writes it anew",
                    "certain",
                    SURE,
                )
            )
    return tuple(found)


def _agree(one: Estimate, other: Estimate) -> bool:
    return one.n == other.n and _is_close(one.estimate, other.estimate) and _is_close(one.p, other.p)


def _is_close(value: float | None, other: float | None) -> bool:
    if value is None or other is None:
        return value is other
    return math.isclose(value, other, rel_tol=CLOSE, abs_tol=1e-12)


def _name(estimate: Estimate) -> str:
    return f"{estimate.analysis}: {estimate.term}" if estimate.analysis else estimate.term


def _tell(estimate: Estimate, rule: str, printed: str, follows: str, means: str) -> Finding:
    return Finding(rule, (_name(estimate),), printed, follows, means, "certain", SURE)


def _check_one(estimate: Estimate) -> Iterator[Finding]:
    yield from _check_p(estimate)
    yield from _check_ratio(estimate)
    yield from _check_interval(estimate)
    yield from _check_groups(estimate)
    yield from _check_df(estimate)
    yield from _check_effect(estimate)


def _find_p(estimate: Estimate) -> float | None:
    statistic = estimate.statistic
    if statistic is None or statistic.value is None or OTHER_P.search(estimate.method):
        return None
    value, df = np.asarray(statistic.value), [np.asarray(each) for each in estimate.df]
    if statistic.name == "t" and len(df) == 1:
        return float(compute_p_of_t(value, df[0]))
    if statistic.name == "F" and len(df) == 2:
        return float(compute_p_of_f(value, df[0], df[1]))
    if statistic.name == "chi2" and len(df) == 1:
        return float(compute_p_of_chi2(value, df[0]))
    return float(compute_p_of_z(value)) if statistic.name == "z" else None


def _check_p(estimate: Estimate) -> Iterator[Finding]:
    expected = _find_p(estimate)
    if estimate.p is None or expected is None or estimate.statistic is None:
        return
    if not math.isclose(expected, estimate.p, rel_tol=1e-4, abs_tol=1e-9):
        df = ", ".join(f"{each:g}" for each in estimate.df)
        yield _tell(
            estimate,
            "p from its statistic",
            f"p = {estimate.p:.6g}",
            f"{estimate.statistic.name}({df}) = {estimate.statistic.value:.6g} gives {expected:.6g}",
            "p, statistic or df is wrong",
        )


def _check_ratio(estimate: Estimate) -> Iterator[Finding]:
    statistic = estimate.statistic
    if (
        statistic is None
        or statistic.name not in {"t", "z"}
        or statistic.value is None
        or estimate.se is None
        or estimate.estimate is None
        or not estimate.se
        or OTHER_P.search(estimate.method)
        or "against" in estimate.term
    ):
        return
    ratio = estimate.estimate / estimate.se
    if not math.isclose(ratio, statistic.value, rel_tol=CLOSE, abs_tol=1e-9):
        yield _tell(
            estimate,
            "t = b / SE",
            f"{statistic.name} = {statistic.value:.6g}",
            f"{estimate.estimate:.6g} by its standard error {estimate.se:.6g} is {ratio:.6g}",
            "the estimate, its standard error or the statistic is wrong",
        )


def _check_interval(estimate: Estimate) -> Iterator[Finding]:
    low, high = estimate.ci_low, estimate.ci_high
    if low is None or high is None or estimate.estimate is None or OTHER_INTERVAL.search(estimate.method):
        return
    room = CLOSE * max(abs(low), abs(high), 1e-12)
    if not low - room <= estimate.estimate <= high + room:
        yield _tell(
            estimate,
            "interval",
            f"[{low:.6g}, {high:.6g}]",
            f"the estimate {estimate.estimate:.6g} lies outside",
            "the interval or the estimate is wrong",
        )
    if estimate.se is None or estimate.statistic is None or estimate.statistic.name != "t" or len(estimate.df) != 1:
        return
    reach = float(special.stdtrit(estimate.df[0], (1 + estimate.ci_level) / 2)) * estimate.se
    if not math.isclose(high - low, 2 * reach, rel_tol=1e-5, abs_tol=1e-9):
        yield _tell(
            estimate,
            "interval",
            f"[{low:.6g}, {high:.6g}]",
            f"the standard error {estimate.se:.6g} with {estimate.df[0]:g} df gives a half width of {reach:.6g}",
            "the interval, the standard error or the df is wrong",
        )


def _check_groups(estimate: Estimate) -> Iterator[Finding]:
    counts = [group.n for group in estimate.groups]
    if not counts or not estimate.n:
        return
    if estimate.n not in {sum(counts), max(counts)} and estimate.n > sum(counts):
        yield _tell(
            estimate,
            "people in the groups",
            f"n = {estimate.n}",
            f"the groups have {' + '.join(map(str, counts))} = {sum(counts)} people",
            "n does not add up",
        )
    means = [group.mean for group in estimate.groups]
    first, second = (*means, None, None)[:2]
    if (
        len(means) != 2
        or first is None
        or second is None
        or estimate.estimate is None
        or not re.search(r"^(Student|Welch|Paired t)", estimate.method)
    ):
        return
    if not math.isclose(first - second, estimate.estimate, rel_tol=1e-6, abs_tol=1e-9 * max(abs(first), 1.0)):
        yield _tell(
            estimate,
            "difference of means",
            f"difference {estimate.estimate:.6g}",
            f"the means {first:.6g} and {second:.6g} differ by {first - second:.6g}",
            "a mean or the difference is wrong",
        )


def _check_df(estimate: Estimate) -> Iterator[Finding]:
    expected: float | None = None
    if estimate.method.startswith("Student's t") and len(estimate.groups) == 2:
        expected = estimate.groups[0].n + estimate.groups[1].n - 2
    elif re.match(r"(One-sample|Paired|Within-person contrast, one-sample) t test", estimate.method):
        expected = estimate.n - 1
    elif estimate.statistic is not None and estimate.statistic.name == "t" and estimate.method.startswith("Pearson"):
        expected = estimate.n - 2
    if expected is not None and len(estimate.df) == 1 and abs(estimate.df[0] - expected) > 1e-6:
        yield _tell(
            estimate,
            "degrees of freedom",
            f"{estimate.df[0]:g} df",
            f"{estimate.n} people give {expected:g}",
            "the test was made on other people than are counted",
        )


def _check_effect(estimate: Estimate) -> Iterator[Finding]:
    t = estimate.statistic.value if estimate.statistic is not None and estimate.statistic.name == "t" else None
    by_name: Mapping[str, float | None] = {effect.name: effect.value for effect in estimate.effect_sizes}
    expected: dict[str, float] = {}
    if t is not None and estimate.method.startswith("Student's t") and len(estimate.groups) == 2:
        expected["Cohen's d (pooled SD)"] = t * math.sqrt(sum(1 / group.n for group in estimate.groups))
    if t is not None and re.match(r"(One-sample|Paired|Within-person contrast, one-sample) t test", estimate.method):
        expected["Cohen's d (SD of the differences)"] = t / math.sqrt(estimate.n)
    statistic = estimate.statistic
    if (
        statistic is not None
        and statistic.name == "F"
        and statistic.value is not None
        and len(estimate.df) == 2
        and not OTHER_EFFECT.search(estimate.method)
    ):
        size = statistic.value * estimate.df[0]
        expected["partial eta squared"] = size / (size + estimate.df[1])
    for name, value in expected.items():
        given = by_name.get(name)
        if given is not None and not math.isclose(given, value, rel_tol=1e-5, abs_tol=1e-9):
            yield _tell(
                estimate,
                "effect size",
                f"{name} = {given:.6g}",
                f"the statistic and n give {value:.6g}",
                "the effect size, the statistic or n is wrong",
            )


def _check_families(estimates: Sequence[Estimate]) -> Iterator[Finding]:
    """Compare corrected p with their correction over the family, where the whole family is there."""
    methods: dict[str, Adjustment] = {ADJUSTMENT_NAMES[key]: key for key in ADJUSTMENTS}
    families: dict[str, list[Estimate]] = {}
    for estimate in estimates:
        if estimate.family is not None and estimate.p is not None:
            families.setdefault(estimate.family, []).append(estimate)
            if estimate.p_adjusted is not None and estimate.p_adjusted < estimate.p * (1 - CLOSE):
                yield _tell(
                    estimate,
                    "corrected p",
                    f"p = {estimate.p:.6g}, corrected {estimate.p_adjusted:.6g}",
                    "a correction never lowers p",
                    "the corrected p is wrong",
                )
    for label, members in families.items():
        match = FAMILY.match(label)
        if match is None or int(match["count"]) != len(members):
            continue
        expected = adjust_p([one.p for one in members if one.p is not None], method=methods[match["method"]])
        for one, value in zip(members, expected, strict=True):
            if one.p_adjusted is not None and not math.isclose(one.p_adjusted, value, rel_tol=CLOSE, abs_tol=1e-12):
                yield _tell(
                    one,
                    "corrected p",
                    f"corrected p = {one.p_adjusted:.6g}",
                    f"{match['method']} over the {len(members)} tests of the family gives {value:.6g}",
                    "the corrected p or the family is wrong",
                )


def _check_table(result: AnalysisResult, people: set[str]) -> Iterator[Finding]:
    """Compare n with the people in the table that the model saw, and these with the people of the study."""
    person = next((name for name, role in result.roles.items() if role == "person"), None)
    if person is None or person not in result.data.columns or result.data.is_empty():
        return
    here = set(result.data[person].drop_nulls().cast(pl.String).unique())
    strange = here - people
    if strange:
        yield Finding(
            "people of the study",
            (result.analysis.id,),
            f"{len(here)} people in its table",
            f"{len(strange)} of them are not in the study, or have withdrawn",
            "the analysis is older than the study's tables: mimicrylab analyse runs it anew",
            "certain",
            "participants are told by their codes",
        )
    beyond = [estimate for estimate in result.estimates if estimate.n > len(here)]
    if beyond:
        published = result.analysis.as_published
        yield Finding(
            "people of the study",
            (result.analysis.id,),
            f"n = {max(estimate.n for estimate in beyond)} ({len(beyond)} of {len(result.estimates)} estimates)",
            f"the table that the model saw has {len(here)} people",
            "rows of one person were counted as people" + (", as published" if published else ""),
            "certain",
            SURE,
            kind="note" if published else "slip",
        )

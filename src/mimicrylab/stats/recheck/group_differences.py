"""t from means, standard deviations and numbers of people; differences from means; effect sizes from either."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from mimicrylab.stats.recheck.degrees import bound_groups_df, count_groups
from mimicrylab.stats.recheck.entries import Difference, Groups, OneSample
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.formulas import (
    compute_student,
    compute_welch,
    correct_small_sample,
    list_d_formulas,
)
from mimicrylab.stats.recheck.judging import judge
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Interval, Reading, find_range

T_RULE = "t from means"
DIFFERENCE_RULE = "difference of means"
EFFECT_RULE = "effect size"


def check_group_differences(paper: Paper) -> Iterator[Finding]:
    """Yield every t, difference and effect size of two groups or of differences that the other numbers do not give."""
    for groups in paper.groups:
        yield from _check_t(groups)
        yield from _check_difference(groups)
        yield from _check_d(groups)
        yield from _check_r(groups)
        yield from _check_g(groups)
        yield from _check_signs(groups)
    for one in paper.one_sample:
        yield from _check_one_sample(one)
    for pair in paper.differences:
        yield from _check_pair(pair)


def _check_pair(pair: Difference) -> Iterator[Finding]:
    yield from judge(
        (pair.id,),
        DIFFERENCE_RULE,
        pair.difference,
        lambda reading: [find_range(lambda a, b: a - b, pair.mean_1.interval(reading), pair.mean_2.interval(reading))],
        named="the difference",
        of=f"the means {pair.mean_1.text} and {pair.mean_2.text}",
        means="a mean or the difference is misprinted, or they are of other values",
    )


def _check_t(groups: Groups) -> Iterator[Finding]:
    counts = count_groups(groups)
    if groups.t is None or counts is None or not _has_moments(groups):
        return
    formulas = {"student": (compute_student,), "welch": (compute_welch,)}.get(
        groups.test, (compute_student, compute_welch)
    )

    def follow(reading: Reading) -> list[Interval]:
        boxes = _read_moments(groups, reading)
        return [
            find_range(lambda a, s, b, u, f=formula: f(a, s, counts[0], b, u, counts[1]), *boxes)
            for formula in formulas
        ]

    yield from judge(
        (groups.id,),
        T_RULE,
        groups.t,
        follow,
        named="t",
        of="means, SDs and n" + (" (Student, Welch)" if len(formulas) == 2 else ""),
        means="a mean, an SD, an n or t is misprinted, or the test is of other people than the means",
        sign=False,
    )


def _has_moments(groups: Groups) -> bool:
    return all(each is not None for each in (groups.mean_1, groups.sd_1, groups.mean_2, groups.sd_2))


def _read_moments(groups: Groups, reading: Reading) -> tuple[Interval, Interval, Interval, Interval]:
    """Return the ranges of mean 1, SD 1, mean 2 and SD 2, which are there."""
    first, spread, second, other = (
        each.interval(reading) if each is not None else Interval(math.nan, math.nan)
        for each in (groups.mean_1, groups.sd_1, groups.mean_2, groups.sd_2)
    )
    return first, _above_zero(spread), second, _above_zero(other)


def _above_zero(interval: Interval) -> Interval:
    return Interval(max(interval.low, 1e-12), max(interval.high, 1e-12))


def _check_difference(groups: Groups) -> Iterator[Finding]:
    first, second = groups.mean_1, groups.mean_2
    if groups.difference is None or first is None or second is None:
        return
    yield from judge(
        (groups.id,),
        DIFFERENCE_RULE,
        groups.difference,
        lambda reading: [find_range(lambda a, b: a - b, first.interval(reading), second.interval(reading))],
        named="the difference",
        of=f"the means {first.text} and {second.text}",
        means="a mean or the difference is misprinted, or they are of other people",
        sign=False,
    )


def _check_d(groups: Groups) -> Iterator[Finding]:
    if groups.d is None:
        return

    def follow(reading: Reading) -> list[Interval]:
        means = sds = None
        if groups.mean_1 is not None and groups.mean_2 is not None:
            means = groups.mean_1.interval(reading), groups.mean_2.interval(reading)
        if groups.sd_1 is not None and groups.sd_2 is not None:
            sds = _above_zero(groups.sd_1.interval(reading)), _above_zero(groups.sd_2.interval(reading))
        counts = count_groups(groups)
        t = groups.t.interval(reading) if groups.t is not None else None
        return list_d_formulas(means, sds, t, counts)

    yield from judge(
        (groups.id,),
        EFFECT_RULE,
        groups.d,
        follow,
        named="d",
        of="t, means and n, by the formulas in use,",
        means="d is misprinted or was computed otherwise than any formula in use",
        sign=False,
    )


def _check_g(groups: Groups) -> Iterator[Finding]:
    counts = count_groups(groups)
    if groups.g is None or groups.d is None or counts is None:
        return
    df = sum(counts) - 2
    factors = correct_small_sample(float(df)), 1 - 3 / (4 * df - 1)
    d = groups.d
    yield from judge(
        (groups.id,),
        EFFECT_RULE,
        groups.g,
        lambda reading: [find_range(lambda value, f=factor: f * value, d.interval(reading)) for factor in factors],
        named="g",
        of=f"d {d.text} and {df} df",
        means="g or d is misprinted",
        sign=False,
    )


def _check_r(groups: Groups) -> Iterator[Finding]:
    if groups.r is None or groups.t is None:
        return
    t = groups.t

    def follow(reading: Reading) -> list[Interval]:
        df = bound_groups_df(groups, reading)
        if df is None:
            return []
        found = [find_range(lambda value, by: value / np.sqrt(value**2 + by), t.interval(reading).magnitude, df)]
        if groups.d is not None:
            found.append(find_range(lambda d: d / np.sqrt(d**2 + 4), groups.d.interval(reading).magnitude))
        return found

    yield from judge(
        (groups.id,),
        EFFECT_RULE,
        groups.r,
        follow,
        named="r",
        of="t and its df",
        means="r, t or the numbers of people are misprinted",
        sign=False,
    )


def _check_signs(groups: Groups) -> Iterator[Finding]:
    """Yield a note where t and d, or t and the difference, point in opposite directions."""
    if groups.t is None or groups.t.interval("either").overlaps(Interval(0, 0)):
        return
    for name, other in (("d", groups.d), ("the difference", groups.difference)):
        if (
            other is not None
            and not other.interval("either").overlaps(Interval(0, 0))
            and ((other.value > 0) != (groups.t.value > 0))
        ):
            yield Finding(
                EFFECT_RULE,
                (groups.id,),
                f"t {groups.t.text} and {name} {other.text}",
                "t and the effect have the same sign",
                "the direction of one of them is turned round",
                "possible",
                "some papers print effects without their sign",
                kind="note",
            )


def _check_one_sample(one: OneSample) -> Iterator[Finding]:
    if one.n is None or one.n < 2:
        return
    root = math.sqrt(one.n)
    mean, sd, d, t = one.mean, one.sd, one.d, one.t
    if t is not None and mean is not None and sd is not None:
        yield from judge(
            (one.id,),
            T_RULE,
            t,
            lambda reading: [
                find_range(lambda m, s: m / s * root, mean.interval(reading), _above_zero(sd.interval(reading)))
            ],
            named="t",
            of="mean, SD and n",
            means="a mean, an SD, the n or t is misprinted, or the test is of other people than the mean",
            sign=False,
        )
    if d is not None and t is not None:
        yield from judge(
            (one.id,),
            EFFECT_RULE,
            d,
            lambda reading: [find_range(lambda value: value / root, t.interval(reading))],
            named="d",
            of=f"t {t.text} and {one.n} people",
            means="d is misprinted, or it is standardised by another SD than that of the differences",
            sign=False,
            certainty="likely",
            because="some papers standardise paired differences by the SD of the values",
        )

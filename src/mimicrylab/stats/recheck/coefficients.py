"""Coefficients and their intervals: t = b / SE, b +- critical value x SE, and the df that an interval's width implies.

An interval's half width by its standard error is the critical value of t, and that tells the residual df. With the
printed digits of many rows they are known closely: a model of rows that were counted as people gives itself away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mimicrylab.stats.recheck.degrees import bound_groups_df
from mimicrylab.stats.recheck.entries import Coefficient, Groups, Model, OneSample, WithInterval
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.formulas import find_critical, find_df
from mimicrylab.stats.recheck.judging import judge
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Interval, Printed, Reading, find_range, write_interval

RATIO_RULE = "t = b / SE"
INTERVAL_RULE = "interval"
WIDTH_RULE = "df from interval width"

ANY_DF = Interval(1.0, math.inf)


@dataclass(frozen=True)
class ModelDf:
    """The residual df of a model: as its rows and predictors say, and as the widths of its intervals imply.

    ``odd`` are the rows whose intervals do not go with the others.
    """

    named: Interval | None
    implied: Interval | None
    odd: tuple[str, ...] = ()

    @property
    def best(self) -> Interval | None:
        """What the rows of the model are checked with: the implied df, which is how they were computed."""
        return self.implied or self.named


def check_coefficients(paper: Paper) -> Iterator[Finding]:
    """Yield every statistic or interval that coefficient and standard error do not give, and what widths imply."""
    for model in paper.models:
        yield from _check_widths(model, paper)
    for coefficient in paper.coefficients:
        statistic = coefficient.t or coefficient.z
        yield from _check_one(coefficient, coefficient.b, statistic, paper)
    for groups in paper.groups:
        yield from _check_one(groups, groups.difference or _subtract(groups), groups.t, paper)
    for one in paper.one_sample:
        yield from _check_one(one, one.mean, one.t, paper)


def _subtract(groups: Groups) -> Printed | None:
    """Return the difference of the printed means, as coarse as they are; None where one is missing."""
    if groups.mean_1 is None or groups.mean_2 is None:
        return None
    step = groups.mean_1.step + groups.mean_2.step
    value = groups.mean_1.value - groups.mean_2.value
    return Printed(f"{groups.mean_1.text} - {groups.mean_2.text}", value, step)


def find_coefficient_df(coefficient: Coefficient, paper: Paper) -> Interval | None:
    """Return the residual df of a coefficient: printed, or by its model; None where nothing tells."""
    if coefficient.df is not None:
        return coefficient.df.interval("rounded")
    model = next((one for one in paper.models if one.id == coefficient.model), None)
    return find_model_df(model, paper).best if model is not None else None


def find_model_df(model: Model, paper: Paper) -> ModelDf:
    """Return the residual df of a model by what is printed of it and of its coefficients."""
    named = None
    if model.df_2 is not None:
        named = model.df_2.interval("rounded")
    elif model.n is not None and model.predictors is not None:
        named = Interval(model.n - model.predictors - 1, model.n - model.predictors - 1)
    rows = [row for row in paper.coefficients if row.model == model.id and row.z is None and row.df is None]
    for reading in ("rounded", "either"):
        ranges = _imply_each(rows, reading)
        whole = _intersect(list(ranges.values())) if len(ranges) > 1 else None
        if whole is not None and (reading == "either" or named is None or whole.overlaps(named)):
            return ModelDf(named, whole)
    if len(ranges) < 3:
        return ModelDf(named, None)
    odd = [name for name in ranges if _intersect([each for key, each in ranges.items() if key != name]) is not None]
    if len(odd) != 1:
        return ModelDf(named, None, tuple(odd or ranges))
    return ModelDf(named, _intersect([each for key, each in ranges.items() if key != odd[0]]), tuple(odd))


def _intersect(ranges: list[Interval]) -> Interval | None:
    if not ranges:
        return None
    low, high = max(each.low for each in ranges), min(each.high for each in ranges)
    return Interval(low, high) if low <= high else None


def _imply_each(rows: list[Coefficient], reading: Reading) -> dict[str, Interval]:
    """Return the df that the width of each row's interval implies; none at all is an empty range."""
    return {
        row.id: find_df(_find_ratio(row.se, row.ci_low, row.ci_high, reading), row.level.value) or Interval(0, 0)
        for row in rows
        if row.se is not None and row.ci_low is not None and row.ci_high is not None
    }


def _find_ratio(se: Printed, low: Printed, high: Printed, reading: Reading) -> Interval:
    spread = Interval(max(se.interval(reading).low, 1e-12), se.interval(reading).high)
    return find_range(lambda s, a, b: (b - a) / (2 * s), spread, low.interval(reading), high.interval(reading))


def _check_widths(model: Model, paper: Paper) -> Iterator[Finding]:
    found = find_model_df(model, paper)
    for name in found.odd if len(found.odd) == 1 else ():
        yield Finding(
            INTERVAL_RULE,
            (name,),
            "its interval and standard error",
            "the other intervals of the model have another critical value",
            "an end of the interval or the standard error is misprinted",
            "certain",
            "all coefficients of a model have the same df",
        )
    if found.implied is None or (found.named is None and model.people is None):
        return
    implied = write_interval(found.implied, decimals=0)
    many = (model.predictors or 0) + 1
    rows = Interval(found.implied.low + many, found.implied.high + many)
    words = write_interval(rows, decimals=0) if model.predictors is not None else f"more than {implied}"
    if found.named is not None and not found.named.overlaps(found.implied):
        yield Finding(
            WIDTH_RULE,
            (model.id,),
            f"{write_interval(found.named, decimals=0)} residual df by what is printed of the model",
            f"the widths of its intervals are those of {implied} residual df, that is of {words} rows",
            "the model was fitted to other rows than are named",
            "certain",
            "half the width of an interval by its standard error is the critical value of t",
        )
    elif model.people is not None and rows.low > model.people + 0.5:
        yield Finding(
            WIDTH_RULE,
            (model.id,),
            f"{model.people} people",
            f"the widths of its intervals are those of {implied} residual df, that is of {words} rows",
            "rows of one person were treated as independent: standard errors are too small and p too low",
            "certain" if model.predictors is not None else "likely",
            "half the width of an interval by its standard error is the critical value of t",
        )


def _check_one(entry: WithInterval, b: Printed | None, statistic: Printed | None, paper: Paper) -> Iterator[Finding]:
    se = entry.se
    if b is not None and se is not None and statistic is not None and se.interval("rounded").high > 0:
        yield from judge(
            (entry.id,),
            RATIO_RULE,
            statistic,
            lambda reading: [find_range(lambda x, s: x / s, b.interval(reading), _above_zero(se.interval(reading)))],
            named="t",
            of=f"{b.text} and the standard error {se.text}",
            means="the coefficient, its standard error or t is misprinted",
            sign=isinstance(entry, Coefficient),
        )
    if entry.ci_low is None or entry.ci_high is None:
        return
    yield from _check_middle(entry, b, entry.ci_low, entry.ci_high)
    if any(entry.id in find_model_df(model, paper).odd for model in paper.models):
        return
    yield from _check_half_width(entry, b, statistic, entry.ci_low, entry.ci_high, paper)


def _above_zero(interval: Interval) -> Interval:
    return Interval(max(interval.low, 1e-12), max(interval.high, 1e-12))


def _check_middle(entry: WithInterval, b: Printed | None, low: Printed, high: Printed) -> Iterator[Finding]:
    if b is None:
        return
    turned = isinstance(entry, Groups) and abs(low.value + high.value + 2 * b.value) < abs(
        low.value + high.value - 2 * b.value
    )
    sign = -1 if turned else 1

    yield from judge(
        (entry.id,),
        INTERVAL_RULE,
        b,
        lambda reading: [find_range(lambda x, y: sign * (x + y) / 2, low.interval(reading), high.interval(reading))],
        named="the estimate",
        of=f"the middle of [{low.text}, {high.text}]",
        means="an end of the interval or the estimate is misprinted, or the interval is not one of t",
        certainty="likely",
        because="intervals by bootstrap, or of transformed values, need not be symmetric",
    )


def _check_half_width(
    entry: WithInterval, b: Printed | None, statistic: Printed | None, low: Printed, high: Printed, paper: Paper
) -> Iterator[Finding]:
    """Compare the half width with critical value x SE, or x b / t where no SE is printed."""
    level = entry.level.value
    se = entry.se

    def follow(reading: Reading) -> list[Interval]:
        df = _find_df(entry, paper, reading)
        critical = find_critical(Interval(max(df.low, 1.0), df.high), level)
        if se is not None:
            return [find_range(lambda s, c: 2 * s * c, se.interval(reading), critical)]
        if b is None or statistic is None:
            return []
        t = statistic.interval(reading).magnitude
        size = b.interval(reading).magnitude
        if t.low <= 0:
            return []
        return [find_range(lambda x, y, c: 2 * c * x / y, size, t, critical)]

    if not follow("rounded"):
        return
    width = find_range(lambda x, y: y - x, low.interval("rounded"), high.interval("rounded"))
    middle = (width.low + width.high) / 2
    printed = Printed(f"[{low.text}, {high.text}]", middle, low.step + high.step)
    source = f"the standard error {se.text}" if se is not None else f"{b.text if b else ''} and t"
    yield from judge(
        (entry.id,),
        INTERVAL_RULE,
        printed,
        follow,
        named="the interval",
        of=f"{source} (width)",
        means="an end of the interval, the standard error or t is misprinted, or the interval has another level",
        certainty="likely",
        because="an interval by bootstrap or with other standard errors could have this width",
    )


def _find_df(entry: WithInterval, paper: Paper, reading: Reading) -> Interval:
    found: Interval | None = None
    if isinstance(entry, Coefficient):
        found = ANY_DF if entry.z is not None else find_coefficient_df(entry, paper)
    elif isinstance(entry, Groups):
        found = bound_groups_df(entry, reading)
    elif isinstance(entry, OneSample) and entry.n is not None:
        found = Interval(entry.n - 1, entry.n - 1)
    elif entry.df is not None:
        found = entry.df.interval("rounded")
    if isinstance(entry, Coefficient) and entry.z is not None:
        return Interval(np.inf, np.inf)
    return found or ANY_DF

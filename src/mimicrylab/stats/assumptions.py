"""Check what tests assume: normal distributions (Shapiro-Wilk) and equal variances (Levene).

They describe; they do not choose the test. Choosing a test by a test of its assumptions distorts its errors (Zimmerman
2004): use Welch's test, which needs neither equal variances nor, with moderate numbers, normality.
"""

from __future__ import annotations

from typing import Literal

import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.estimates import Estimate, Statistic, keep_finite
from mimicrylab.stats.samples import PERSON, Sample, is_constant, take_groups, take_sample

Center = Literal["median", "mean"]
SHAPIRO_RELIABLE_UNTIL = 5000
"""People up to which Royston's (1995) p of the Shapiro-Wilk test was derived."""


def check_normality(
    table: pl.DataFrame, outcome: str, *, group: str | None = None, person: str = PERSON
) -> list[Estimate]:
    """Return Shapiro-Wilk's W and p of an outcome, for everybody or for each group; as R's ``shapiro.test``.

    Examples
    --------
    >>> check_normality(pl.DataFrame({"score": [1.0, 2.0, 3.0, 4.0, 9.0]}), "score")[0].statistic.name
    'W'
    """
    samples = (
        take_groups(table, outcome, group=group, person=person)
        if group
        else [take_sample(table, outcome, person=person)]
    )
    return [_check_sample(sample, analysis=f"normality of {outcome}") for sample in samples]


def _check_sample(sample: Sample, *, analysis: str) -> Estimate:
    if is_constant(sample.values):
        reason = "the value is the same for everybody: no test"
        groups = (sample.summarise(),)
        return Estimate(analysis, sample.name, None, unit="W", groups=groups, n=sample.n, warnings=(reason,))
    test = stats.shapiro(sample.values)
    too_many = sample.n > SHAPIRO_RELIABLE_UNTIL
    return Estimate(
        analysis,
        sample.name,
        float(test.statistic),
        unit="W",
        statistic=Statistic("W", float(test.statistic)),
        p=keep_finite(test.pvalue),
        groups=(sample.summarise(),),
        n=sample.n,
        method="Shapiro-Wilk test",
        warnings=(*sample.warnings, *(("more than 5000 people: p is not reliable",) if too_many else ())),
    )


def check_equal_variances(
    table: pl.DataFrame, outcome: str, *, group: str, center: Center = "median", person: str = PERSON
) -> Estimate:
    """Return Levene's test of equal variances, as R's ``car::leveneTest``.

    Centred on medians (default) it is Brown & Forsythe's (1974), which stands skewed outcomes better. The estimate is
    the ratio of the largest to the smallest variance.

    Raises
    ------
    UnknownNameError
        The center is neither median nor mean.
    InputError
        Nothing varies within the groups; see also ``samples.take_groups``.
    """
    if center not in ("median", "mean"):
        raise UnknownNameError("center", center, ("median", "mean"))
    samples = take_groups(table, outcome, group=group, person=person)
    if all(is_constant(sample.values) for sample in samples):
        raise InputError("the outcome does not vary within the groups", where=f"column {outcome!r}")
    test = stats.levene(*[sample.values for sample in samples], center=center)
    variances = [float(sample.values.var(ddof=1)) for sample in samples]
    n = sum(sample.n for sample in samples)
    return Estimate(
        f"equal variances of {outcome} by {group}",
        "largest variance / smallest variance",
        keep_finite(max(variances) / min(variances)) if min(variances) > 0 else None,
        statistic=Statistic("F", keep_finite(test.statistic)),
        df=(float(len(samples) - 1), float(n - len(samples))),
        p=keep_finite(test.pvalue),
        groups=tuple(sample.summarise() for sample in samples),
        n=n,
        method=f"Levene's test, centred on the {center}",
        warnings=tuple(warning for sample in samples for warning in sample.warnings),
    )

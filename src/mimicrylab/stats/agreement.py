"""Do coders or raters agree? Intraclass correlation for numbers, Cohen's kappa for categories."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic, keep_finite
from mimicrylab.stats.reliability import widen_parts
from mimicrylab.stats.samples import MINIMUM_PEOPLE, PERSON, find_column


def estimate_consistency(
    table: pl.DataFrame,
    outcome: str,
    *,
    rater: str,
    target: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> tuple[Estimate, Estimate]:
    """Return ICC(3,1) and ICC(3,k): consistency of fixed raters (coders, occasions), one rating or their mean.

    (MS_between - MS_error) / (MS_between + (k - 1) MS_error), Shrout & Fleiss (1979), interval by F. As R's
    ``psych::ICC(..., lmer = FALSE)``.

    Raises
    ------
    InputError
        Too few people or raters, or ratings that do not vary.
    """
    values, warnings = widen_parts(table, outcome, part=rater, person=target)
    n, k = values.shape
    grand = values.mean()
    between = k * float(((values.mean(axis=1) - grand) ** 2).sum()) / (n - 1)
    residual = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + grand
    error = float((residual**2).sum()) / ((n - 1) * (k - 1))
    if error <= 0 or between <= 0:
        raise InputError("ratings without variation give no ICC", where=f"column {outcome!r}")
    f = between / error
    df = float(n - 1), float((n - 1) * (k - 1))
    tail = (1 - level) / 2
    low, high = f / float(stats.f.ppf(1 - tail, *df)), f * float(stats.f.ppf(1 - tail, df[1], df[0]))
    shared = {
        "statistic": Statistic("F", f),
        "df": df,
        "p": keep_finite(stats.f.sf(f, *df)),
        "n": n,
        "unit": "reliability",
        "ci_level": level,
        "warnings": warnings,
    }
    analysis = f"agreement of {k} {rater} on {outcome}"
    single = Estimate(
        analysis,
        "ICC(3,1)",
        (f - 1) / (f + k - 1),
        ci_low=(low - 1) / (low + k - 1),
        ci_high=(high - 1) / (high + k - 1),
        method="ICC(3,1): consistency of single fixed raters",
        **shared,
    )
    mean = Estimate(
        analysis,
        f"ICC(3,{k})",
        1 - 1 / f,
        ci_low=1 - 1 / low,
        ci_high=1 - 1 / high,
        method=f"ICC(3,{k}): consistency of the mean of {k} fixed raters",
        **shared,
    )
    return single, mean


def estimate_kappa(table: pl.DataFrame, first: str, *, second: str, level: float = DEFAULT_LEVEL) -> Estimate:
    """Return Cohen's kappa of two raters' categories (one row a rated thing).

    (observed - chance agreement) / (1 - chance agreement), Cohen (1960); large-sample variance of Fleiss, Cohen &
    Everitt (1969). As R's ``psych::cohen.kappa``, unweighted. Things that one rater did not rate are left out and
    counted. Categories are compared as words.

    Raises
    ------
    InputError
        Fewer than three things were rated by both, or only one category was used.

    Examples
    --------
    >>> table = pl.DataFrame({"ann": ["smile", "smile", "none", "none"], "bob": ["smile", "none", "none", "none"]})
    >>> estimate_kappa(table, "ann", second="bob").estimate
    0.5
    """
    ratings = table.select(
        find_column(table, first).cast(pl.String).alias("first"),
        find_column(table, second).cast(pl.String).alias("second"),
    )
    complete = ratings.drop_nulls()
    if complete.height < MINIMUM_PEOPLE:
        raise InputError(
            "too few things rated by both", expected=f"at least {MINIMUM_PEOPLE}", found=str(complete.height)
        )
    names = sorted({*complete["first"].to_list(), *complete["second"].to_list()})
    if len(names) < 2:
        raise InputError("only one category was used: agreement by chance is certain", found=names[0])
    n = complete.height
    shares = np.zeros((len(names), len(names)))
    for one, other in complete.iter_rows():
        shares[names.index(one), names.index(other)] += 1 / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, chance = float(np.trace(shares)), float(rows @ columns)
    kappa = (observed - chance) / (1 - chance)
    weights = np.eye(len(names)) * (1 - chance) - (rows[None, :] + columns[:, None]) * (1 - observed)
    spread = float((shares * weights**2).sum()) - (observed * chance - 2 * chance + observed) ** 2
    se = math.sqrt(max(spread, 0.0) / n) / (1 - chance) ** 2
    reach = float(stats.norm.ppf(1 - (1 - level) / 2)) * se
    missing = ratings.height - n
    return Estimate(
        f"agreement of {first} with {second}",
        "Cohen's kappa",
        kappa,
        unit="kappa",
        se=se,
        ci_low=max(kappa - reach, -1.0),
        ci_high=min(kappa + reach, 1.0),
        ci_level=level,
        n=n,
        method=f"Cohen's kappa, unweighted, {len(names)} categories, large-sample interval",
        warnings=(f"{missing} not rated by both left out",) if missing else (),
    )

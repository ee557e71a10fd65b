"""How repeatable is a score? Split halves, alpha and omega.

A mimicry score per person is a mean over few stimulus models, so its reliability decides which correlations with
traits are possible (``correlation.limit_correlation``). People left out are counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
from scipy import optimize, stats

from mimicrylab.errors import InputError
from mimicrylab.stats.correlation import bound_correlation
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate
from mimicrylab.stats.samples import MINIMUM_PEOPLE, PERSON, FloatArray, find_column, is_constant, take_columns

DEFAULT_SPLITS = 1000
"""Random halves when all halves are more; the Monte-Carlo error of their mean is then far below .01."""


MINIMUM_SHARE_OF_PARTS = 0.5
"""Share of the parts that a person must have: the rule by which a cell of the design counts."""


def widen_parts(
    table: pl.DataFrame, outcome: str, *, part: str, person: str = PERSON, minimum_share: float = 1.0
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return people x parts from a table with one row a person and part, NaN where a part is missing.

    People with fewer than ``minimum_share`` of the parts are left out and counted in a warning.

    Raises
    ------
    InputError
        Several rows for a person and part, fewer than two parts, or fewer than three people left.
    """
    for name in (person, part, outcome):
        find_column(table, name)
    if table.select(person, part).n_unique() < table.height:
        raise InputError("a person has several rows for a part", where=f"{person}, {part}", do="average them first")
    names = sorted(table[part].cast(pl.String).drop_nulls().unique().to_list())
    wide = table.select(
        pl.col(person), pl.col(part).cast(pl.String), pl.col(outcome).cast(pl.Float64).fill_nan(None)
    ).pivot(part, index=person, values=outcome, on_columns=names)
    if len(names) < 2:
        raise InputError("a reliability needs at least two parts", where=f"column {part!r}", found=str(len(names)))
    present = pl.sum_horizontal(pl.col(names).is_not_null())
    kept = wide.filter(present >= math.ceil(minimum_share * len(names) - 1e-9))
    if kept.height < MINIMUM_PEOPLE:
        raise InputError(
            "too few people with enough parts",
            where=f"column {part!r}",
            expected=f"at least {MINIMUM_PEOPLE}",
            found=str(kept.height),
        )
    missing = wide.height - kept.height
    share = "every" if minimum_share == 1 else f"{minimum_share:.0%} of every"
    warnings = (f"{missing} {'person' if missing == 1 else 'people'} without {share} {part} left out",)
    return kept.select(names).fill_null(np.nan).to_numpy(), warnings if missing else ()


def estimate_split_half(
    table: pl.DataFrame,
    outcome: str,
    *,
    part: str = "model_id",
    splits: int = DEFAULT_SPLITS,
    seed: int = 0,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Estimate:
    """Return the split-half reliability of a mean over parts (stimulus models), Spearman-Brown corrected.

    Parts are halved in every way (in ``splits`` random ways, where there are more), each half's mean is correlated over
    people, and the mean correlation (by Fisher's z) is stepped up to full length: 2r / (1 + r). An odd number of parts
    leaves one out of each split. The interval carries Fisher's z interval of the mean correlation through the same
    step; it treats it as one correlation, which is slightly too wide.

    A person counts with at least half of the parts (as a cell of the design does), in every split that leaves a value
    in both halves; a half's mean is over the parts that are there.

    Parameters
    ----------
    table
        One row a person and part.
    part
        Column that names the parts.

    Raises
    ------
    InputError
        Several rows for a person and part, fewer than two parts or three people, or no half varies.

    Examples
    --------
    >>> table = pl.DataFrame({"participant_id": [p for p in "abcdef" for _ in "12"], "model_id": ["1", "2"] * 6,
    ...                       "AU12": [1.0, 1.2, 2.0, 1.8, 3.0, 3.3, 4.0, 4.1, 5.0, 4.5, 6.0, 6.2]})
    >>> round(estimate_split_half(table, "AU12").estimate, 3)
    0.993
    """
    values, warnings = widen_parts(table, outcome, part=part, person=person, minimum_share=MINIMUM_SHARE_OF_PARTS)
    parts = values.shape[1]
    halves, every = _list_halves(parts, splits=splits, seed=seed)
    found = [_correlate_halves(values, first, second) for first, second in halves]
    defined = [(r, people) for r, people in found if r is not None]
    if not defined:
        raise InputError("no half varies over people", where=f"column {outcome!r}", expected="variation")
    r = math.tanh(float(np.mean(np.arctanh(np.clip([r for r, _ in defined], -0.999999, 0.999999)))))
    fewest = min(people for _, people in defined)
    low, high = bound_correlation(r, fewest, level=level)
    stepped = step_up(r)
    if stepped < 0:
        warnings = (*warnings, "halves go against each other: this score measures nothing stable")
    if fewest < len(values):
        warnings = (*warnings, f"missing parts leave {fewest} of {len(values)} people in some splits")
    count = f"all {len(halves)} halves" if every else f"{len(halves)} random halves"
    return Estimate(
        f"reliability of {outcome}",
        "split-half, Spearman-Brown",
        stepped,
        unit="reliability",
        ci_low=step_up(low) if low is not None else None,
        ci_high=step_up(high) if high is not None else None,
        ci_level=level,
        effect_sizes=(EffectSize("mean correlation of halves", r, low, high),),
        n=len(values),
        method=f"split-half over {parts} {part}, {count}, Spearman-Brown corrected",
        seed=None if every else seed,
        warnings=warnings,
    )


def step_up(correlation: float, *, factor: float = 2.0) -> float:
    """Return Spearman-Brown's reliability of a score ``factor`` times as long: k r / (1 + (k - 1) |r|).

    The formula is Spearman-Brown's where r is positive; with |r| a negative one stays above -1 (Krus & Helmstadter
    1993).

    Examples
    --------
    >>> round(step_up(0.5), 4)
    0.6667
    """
    return factor * correlation / (1 + (factor - 1) * abs(correlation))


def _list_halves(parts: int, *, splits: int, seed: int) -> tuple[list[tuple[list[int], list[int]]], bool]:
    half = parts // 2
    total = math.comb(parts, half) * math.comb(parts - half, half) // 2
    if total <= splits:
        found = []
        for first in combinations(range(parts), half):
            rest = [index for index in range(parts) if index not in first]
            found += [(list(first), list(second)) for second in combinations(rest, half) if first[0] < second[0]]
        return found, True
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(parts).tolist() for _ in range(splits)]
    return [(order[:half], order[half : 2 * half]) for order in orders], False


def _correlate_halves(values: FloatArray, first: list[int], second: list[int]) -> tuple[float | None, int]:
    """Return the correlation of two halves' means over the people who have both, and their number."""
    a, b = _average_present(values[:, first]), _average_present(values[:, second])
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    if len(a) < MINIMUM_PEOPLE or is_constant(a) or is_constant(b):
        return None, len(a)
    return float(np.corrcoef(a, b)[0, 1]), len(a)


def _average_present(values: FloatArray) -> FloatArray:
    """Return the mean of each row over what is not NaN, NaN where nothing is."""
    present = np.isfinite(values)
    counts = present.sum(axis=1)
    totals = np.where(present, values, 0.0).sum(axis=1)
    return np.asarray(np.where(counts > 0, totals / np.maximum(counts, 1), np.nan))


def estimate_alpha(
    table: pl.DataFrame, items: Sequence[str], *, person: str = PERSON, level: float = DEFAULT_LEVEL
) -> Estimate:
    """Return Cronbach's raw alpha of items (one row a person), with Feldt's (1965) interval.

    alpha = k / (k - 1) (1 - sum of item variances / variance of the sum). As R's ``psych::alpha``, raw_alpha. An item
    that is the same for everybody is refused.

    Raises
    ------
    InputError
        Fewer than two items, too few people, or an item that is the same for everybody.
    """
    if len(items) < 2:
        raise InputError("alpha needs at least two items", where="items", found=str(len(items)))
    values, warnings = take_columns(table, list(items), person=person)
    n, k = values.shape
    alpha = k / (k - 1) * (1 - float(values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1)))
    tail = (1 - level) / 2
    df = float(n - 1), float((n - 1) * (k - 1))
    if alpha < 0:
        warnings = (*warnings, "negative alpha: check that reversed items are reversed")
    return Estimate(
        f"reliability of {len(items)} items",
        "Cronbach's alpha",
        alpha,
        unit="reliability",
        ci_low=1 - (1 - alpha) * float(stats.f.ppf(1 - tail, *df)),
        ci_high=1 - (1 - alpha) * float(stats.f.ppf(tail, *df)),
        ci_level=level,
        n=n,
        method="Cronbach's alpha, raw; interval after Feldt",
        warnings=warnings,
    )


def estimate_omega(table: pl.DataFrame, items: Sequence[str], *, person: str = PERSON) -> Estimate:
    """Return McDonald's omega (total) of the sum of items that one factor explains.

    (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses), in the items' own units; the loadings are those
    of a one-factor minimum-residual solution (R: ``psych::fa(items, 1, fm = "minres")``). Unlike alpha it does not ask
    that all items load alike. No interval is given.

    Raises
    ------
    InputError
        Fewer than three items, or a loading above 1 (a Heywood case: one factor does not describe these items).
    """
    if len(items) < 3:
        raise InputError("omega needs at least three items", where="items", found=str(len(items)))
    values, warnings = take_columns(table, list(items), person=person)
    loadings = _fit_one_factor(np.asarray(np.corrcoef(values, rowvar=False)))
    if np.abs(loadings).max() >= 1:
        raise InputError(
            "one factor does not describe these items", where="items", found="a loading of 1 or more", do="use alpha"
        )
    spread = values.std(axis=0, ddof=1)
    common = float((loadings * spread).sum() ** 2)
    unique = float(((1 - loadings**2) * spread**2).sum())
    return Estimate(
        f"reliability of {len(items)} items",
        "McDonald's omega",
        common / (common + unique),
        unit="reliability",
        n=len(values),
        method="McDonald's omega (total), one factor, minimum residuals",
        warnings=warnings,
    )


def _fit_one_factor(correlations: FloatArray) -> FloatArray:
    above = np.triu_indices(len(correlations), 1)
    sizes, vectors = np.linalg.eigh(correlations)
    start = vectors[:, -1] * math.sqrt(sizes[-1]) * 0.8

    def miss(loadings: FloatArray) -> FloatArray:
        return np.asarray((correlations - np.outer(loadings, loadings))[above])

    found = np.asarray(optimize.least_squares(miss, start, xtol=1e-14, ftol=1e-14, gtol=1e-14).x)
    return np.asarray(found * np.sign(found.sum()))

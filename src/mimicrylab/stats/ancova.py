"""Analysis of covariance: groups compared at the same value of a covariate (a baseline, a neutral block).

With random assignment a baseline as covariate makes the comparison of groups sharper than differences from baseline do
(Vickers & Altman 2001). Groups that differ in the covariate by nature are not made comparable by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.adjustment import adjust_family
from mimicrylab.stats.effect_sizes import explain_share
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic, keep_finite
from mimicrylab.stats.least_squares import LeastSquares, compute_hc3, fit_least_squares
from mimicrylab.stats.model_matrix import ModelMatrix, build_model_matrix, keep_complete_rows, take_numbers
from mimicrylab.stats.samples import (
    MINIMUM_PEOPLE,
    PERSON,
    FloatArray,
    Sample,
    check_sample,
    refuse_repeated_people,
)

AncovaErrors = Literal["hc3", "classic"]
ANCOVA_ERRORS: dict[AncovaErrors, str] = {"hc3": "HC3 standard errors", "classic": "classic standard errors"}


@dataclass(frozen=True)
class Ancova:
    """What ``compare_adjusted`` found.

    Parameters
    ----------
    tests
        F of each factor, of their interactions and of each covariate (type III).
    means
        The adjusted mean of each level of each factor: covariates at their means, other factors' levels alike.
    differences
        Differences of the adjusted means of each factor, later minus earlier level in sorted order; p adjusted by Holm
        where a factor has several.
    parallel
        F of each factor by covariate: whether the covariate works alike in all groups, as the adjusted means assume.
    """

    tests: tuple[Estimate, ...]
    means: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    parallel: tuple[Estimate, ...]


def compare_adjusted(
    table: pl.DataFrame,
    outcome: str,
    *,
    factors: Sequence[str],
    covariates: Sequence[str],
    errors: AncovaErrors = "hc3",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Ancova:
    """Compare groups at the covariates' means.

    Parameters
    ----------
    table
        One row a person; people without every value are left out and counted.
    factors
        Between-person factors (numbers count as names of levels), with all their interactions.
    covariates
        Columns of numbers.
    errors
        ``hc3`` (default) or ``classic``. R: ``car::Anova(lm(y ~ covariate + a * b), type = 3)`` with ``contr.sum``,
        ``white.adjust = "hc3"`` for HC3; ``emmeans`` for means. Partial eta squared follows from the F that is printed.

    Raises
    ------
    RefusedError
        A person has several rows.
    InputError
        No factor, one of a single level, fewer than three people in a group, dependence.

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a", "b"] * 5, "before": [1.0, 2, 3, 1, 2, 4, 5, 3, 4, 5],
    ...                       "after": [1.0, 3, 3, 2, 2.5, 5, 5, 4.5, 4, 6]})
    >>> found = compare_adjusted(table, "after", factors=["arm"], covariates=["before"])
    >>> found.differences[0].term, round(found.differences[0].estimate, 2)
    ('b - a', 1.0)
    """
    if errors not in ANCOVA_ERRORS:
        raise UnknownNameError("kind of standard errors", errors, ANCOVA_ERRORS)
    refuse_repeated_people(table, person=person)
    complete, warnings = keep_complete_rows(table, [outcome, *factors, *covariates])
    y = take_numbers(complete, [outcome])[:, 0]
    check_sample(Sample(outcome, y))
    for name, column in zip(covariates, take_numbers(complete, covariates).T, strict=True):
        check_sample(Sample(name, column))
    _check_groups(complete, factors)
    centred = complete.with_columns(pl.col(name).cast(pl.Float64) - pl.col(name).mean() for name in covariates)
    centred = centred.with_columns(pl.col(list(factors)).cast(pl.String))
    terms = [":".join(factors[i] for i in chosen) for chosen in _list_subsets(len(factors))]
    matrix = build_model_matrix(centred, [*covariates, *terms], coding="sum")
    setting = _Setting(
        f"{outcome} by {', '.join(factors)} at the mean of {', '.join(covariates)}", errors, unit, level, warnings
    )
    model = _Model(fit_least_squares(matrix.values, y), matrix, setting)
    means = _find_means(model, centred, factors)
    products = [f"{factor}:{covariate}" for factor in factors for covariate in covariates]
    crossed = build_model_matrix(centred, [*covariates, *terms, *products], coding="sum")
    wider = _Model(fit_least_squares(crossed.values, y), crossed, setting)
    return Ancova(
        tuple(model.test(term) for term in [*terms, *covariates]),
        tuple(model.estimate(contrast, f"{factor} {name}") for factor, name, contrast in means),
        tuple(line for factor in factors for line in _compare_means(model, means, factor)),
        tuple(wider.test(term) for term in products),
    )


@dataclass(frozen=True)
class _Setting:
    analysis: str
    errors: AncovaErrors
    unit: str
    level: float
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Model:
    """A sum-coded fit with its covariance."""

    fit: LeastSquares
    matrix: ModelMatrix
    setting: _Setting

    @property
    def covariance(self) -> FloatArray:
        return compute_hc3(self.fit) if self.setting.errors == "hc3" else self.fit.classic

    def test(self, term: str) -> Estimate:
        columns = self.matrix.find_columns(term)
        b, df = self.fit.coefficients[columns], (float(len(columns)), float(self.fit.df))

        def find_f(covariance: FloatArray) -> float:
            return float(b @ np.linalg.solve(covariance[np.ix_(columns, columns)], b)) / len(columns)

        f = find_f(self.covariance)
        return Estimate(
            self.setting.analysis,
            term,
            None,
            ci_level=self.setting.level,
            statistic=Statistic("F", f),
            df=df,
            p=keep_finite(stats.f.sf(f, *df)),
            effect_sizes=(explain_share(f, *df, level=self.setting.level),),
            n=self.fit.n,
            method=f"analysis of covariance, type III, {ANCOVA_ERRORS[self.setting.errors]}",
            warnings=self.setting.warnings,
        )

    def estimate(self, contrast: FloatArray, term: str, *, tested: bool = False) -> Estimate:
        value, se = float(contrast @ self.fit.coefficients), float(np.sqrt(contrast @ self.covariance @ contrast))
        reach = float(stats.t.ppf((1 + self.setting.level) / 2, self.fit.df)) * se
        return Estimate(
            self.setting.analysis,
            term,
            value,
            unit=self.setting.unit,
            se=se,
            ci_low=value - reach,
            ci_high=value + reach,
            ci_level=self.setting.level,
            statistic=Statistic("t", value / se) if tested else None,
            df=(float(self.fit.df),) if tested else (),
            p=float(2 * stats.t.sf(abs(value / se), self.fit.df)) if tested else None,
            n=self.fit.n,
            method=f"adjusted {'difference' if tested else 'mean'}, {ANCOVA_ERRORS[self.setting.errors]}",
            warnings=self.setting.warnings,
        )


def _compare_means(model: _Model, means: Sequence[tuple[str, str, FloatArray]], factor: str) -> list[Estimate]:
    levels = [(name, contrast) for same, name, contrast in means if same == factor]
    lines = [
        model.estimate(second - first, f"{other} - {name}", tested=True)
        for place, (name, first) in enumerate(levels)
        for other, second in levels[place + 1 :]
    ]
    return lines if len(lines) == 1 else adjust_family(lines, family=f"differences of {factor}")


def _list_subsets(count: int) -> list[tuple[int, ...]]:
    chosen = [tuple(i for i in range(count) if take[i]) for take in product([0, 1], repeat=count)]
    return sorted((subset for subset in chosen if subset), key=lambda subset: (len(subset), subset))


def _check_groups(table: pl.DataFrame, factors: Sequence[str]) -> None:
    if not factors:
        raise InputError("no factor to compare", where="factors", do="without groups use a regression")
    sizes = table.group_by(list(factors)).len()["len"].to_list()
    combinations = int(np.prod([table[name].n_unique() for name in factors]))
    if len(sizes) < combinations or min(sizes) < MINIMUM_PEOPLE:
        raise InputError(
            "too few people in a group",
            where=", ".join(factors),
            expected=f"at least {MINIMUM_PEOPLE} in each combination",
            found=str(min(sizes) if len(sizes) == combinations else 0),
        )


def _find_means(model: _Model, table: pl.DataFrame, factors: Sequence[str]) -> list[tuple[str, str, FloatArray]]:
    """Return for each level of each factor the contrast that gives its adjusted mean (sum-coded, centred)."""
    found = []
    for factor in factors:
        columns = model.matrix.find_columns(factor)
        for name in sorted(table[factor].unique().to_list()):
            row = np.flatnonzero(table[factor].to_numpy() == name)[0]
            contrast = np.zeros(len(model.matrix.names))
            contrast[0] = 1.0
            contrast[columns] = model.fit.design[row, columns]
            found.append((factor, name, contrast))
    return found

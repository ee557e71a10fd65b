"""Proportional hazards (Cox 1972): by how much something makes onsets come sooner, censored trials included.

Ties are treated as by Efron (1977). Several trials of a person need ``cluster``: the standard errors are then robust
(Lin & Wei 1989), as rows of one person go together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.model_matrix import build_model_matrix, list_columns
from mimicrylab.stats.samples import MINIMUM_PEOPLE, PERSON, FloatArray, refuse_repeated_people
from mimicrylab.stats.survival import take_latencies

MAXIMUM_STEPS = 50
TOLERANCE = 1e-10
ENDLESS = 15.0
"""A log hazard ratio this many standard deviations of its predictor away from 0 has no finite estimate."""


def regress_hazard(
    table: pl.DataFrame,
    latency: str,
    *,
    predictors: Sequence[str],
    censored: str = "censored",
    until_s: float,
    references: Mapping[str, str] | None = None,
    cluster: str | None = None,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Regress the hazard of an onset on predictors.

    Parameters
    ----------
    table, latency, censored, until_s
        See ``survival.take_latencies``; one row a person, or several with ``cluster``.
    predictors, references
        As in ``regression.regress``.
    cluster
        The column whose rows go together, mostly ``participant_id``.

    Returns
    -------
    list of Estimate
        First the whole model (likelihood-ratio test, or Wald's with clusters), then the log hazard ratio of each
        column with z and p; the hazard ratio with its interval is the effect size, above 1 where onsets come sooner.
        R: ``coxph(Surv(time, onset) ~ x, ties = "efron", cluster = person)``.

    Raises
    ------
    RefusedError
        A person has several rows and no cluster is named.
    InputError
        No onset, too few rows or clusters, or a hazard ratio without finite estimate (no onset in one group).

    Examples
    --------
    >>> table = pl.DataFrame({"latency": [0.4, 0.9, None, 1.2, 0.3, 0.5, 0.8, 1.9], "censored": [False] * 2 + [True] +
    ...                       [False] * 5, "x": [0.0, 0, 0, 0, 1, 1, 1, 0]})
    >>> round(regress_hazard(table, "latency", predictors=["x"], until_s=2.0)[1].effect_size.value, 2)
    7.4
    """
    if cluster is None:
        refuse_repeated_people(table, person=person)
    columns = (*list_columns(predictors), *((cluster,) if cluster else ()))
    found = take_latencies(table, latency, censored=censored, until_s=until_s, columns=columns)
    matrix = build_model_matrix(found.table, predictors, references=references)
    names, x = matrix.names[1:], matrix.values[:, 1:] - matrix.values[:, 1:].mean(axis=0)
    steps = _list_steps(found.times, found.onsets)
    fit = _maximise(x, steps)
    for name, b, spread in zip(names, fit.coefficients, x.std(axis=0), strict=True):
        if abs(b) * spread > ENDLESS or not fit.converged:
            raise InputError(
                "a hazard ratio has no finite estimate: somewhere nobody, or only one side, has an onset",
                where=f"predictor {name!r}",
                do="leave it out, or report shares of responders",
            )
    covariance, units, method = np.linalg.inv(fit.information), len(x), "Cox regression, Efron's ties"
    if cluster:
        groups = found.table[cluster].rank("dense").cast(pl.Int64).to_numpy() - 1
        units = int(groups.max()) + 1
        if units < MINIMUM_PEOPLE:
            raise InputError("too few clusters", expected=f"at least {MINIMUM_PEOPLE}", found=str(units))
        sums = np.zeros((units, len(names)))
        np.add.at(sums, groups, _find_scores(x, fit.coefficients, steps))
        covariance = covariance @ (sums.T @ sums) @ covariance
        method += f", robust errors over {units} {cluster}, {len(x)} rows"
    analysis = f"hazard of an onset on {', '.join(predictors)}"
    if cluster:
        chi2 = float(fit.coefficients @ np.linalg.pinv(covariance) @ fit.coefficients)
    else:
        chi2 = 2 * (fit.log_likelihood - _evaluate(x, np.zeros(len(names)), steps)[0])
    whole = Estimate(
        analysis,
        "all predictors",
        None,
        statistic=Statistic("chi2", chi2),
        df=(float(len(names)),),
        p=keep_finite(stats.chi2.sf(chi2, len(names))),
        n=units,
        method=f"{method}, {'Wald' if cluster else 'likelihood-ratio'} test; {int(found.onsets.sum())} onsets",
        warnings=found.warnings,
    )
    z = float(stats.norm.ppf((1 + level) / 2))
    lines = []
    for name, b, se in zip(names, fit.coefficients, np.sqrt(np.diag(covariance)), strict=True):
        low, high = float(b - z * se), float(b + z * se)
        lines.append(
            Estimate(
                analysis,
                name,
                float(b),
                unit="log hazard ratio",
                se=float(se),
                ci_low=low,
                ci_high=high,
                ci_level=level,
                statistic=Statistic("z", float(b / se)),
                p=float(2 * stats.norm.sf(abs(b / se))),
                effect_sizes=(EffectSize("hazard ratio", *_list_ratios(float(b), low, high)),),
                n=units,
                method=method,
            )
        )
    return [whole, *lines]


def _list_ratios(*logs: float) -> list[float | None]:
    with np.errstate(over="ignore"):
        return [keep_finite(np.exp(log)) for log in logs]


@dataclass(frozen=True)
class _Step:
    """One time with onsets: rows still waiting, rows with an onset then."""

    waiting: NDArray[np.int64]
    coming: NDArray[np.int64]


@dataclass(frozen=True)
class _Fit:
    coefficients: FloatArray
    log_likelihood: float
    information: FloatArray
    converged: bool


def _list_steps(times: FloatArray, onsets: NDArray[np.bool_]) -> list[_Step]:
    return [
        _Step(np.flatnonzero(times >= time), np.flatnonzero((times == time) & onsets))
        for time in np.unique(times[onsets])
    ]


def _evaluate(x: FloatArray, b: FloatArray, steps: Sequence[_Step]) -> tuple[float, FloatArray, FloatArray]:
    """Return the partial log likelihood (Efron), its gradient and the information."""
    eta = x @ b
    weights = np.exp(eta)
    weighted = x * weights[:, None]
    value, gradient, information = 0.0, np.zeros(len(b)), np.zeros((len(b), len(b)))
    for step in steps:
        all_weight, all_sum = weights[step.waiting].sum(), weighted[step.waiting].sum(axis=0)
        all_square = x[step.waiting].T @ weighted[step.waiting]
        tie_weight, tie_sum = weights[step.coming].sum(), weighted[step.coming].sum(axis=0)
        tie_square = x[step.coming].T @ weighted[step.coming]
        value += float(eta[step.coming].sum())
        gradient += x[step.coming].sum(axis=0)
        for share in np.arange(len(step.coming)) / len(step.coming):
            total = all_weight - share * tie_weight
            mean = (all_sum - share * tie_sum) / total
            value -= math.log(total)
            gradient -= mean
            information += (all_square - share * tie_square) / total - np.outer(mean, mean)
    return value, gradient, information


def _maximise(x: FloatArray, steps: Sequence[_Step]) -> _Fit:
    b = np.zeros(x.shape[1])
    value, gradient, information = _evaluate(x, b, steps)
    for _ in range(MAXIMUM_STEPS):
        try:
            move = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break
        move = np.clip(move, -5 / x.std(axis=0), 5 / x.std(axis=0))
        new_value, new_gradient, new_information = _evaluate(x, b + move, steps)
        while new_value < value - 1e-9 * abs(value) and np.abs(move).max() > TOLERANCE:
            move = move / 2
            new_value, new_gradient, new_information = _evaluate(x, b + move, steps)
        b, value, gradient, information = b + move, new_value, new_gradient, new_information
        if float(move @ information @ move) < TOLERANCE**2 * 100:
            return _Fit(b, value, information, True)
        if (np.abs(b) * x.std(axis=0)).max() > 2 * ENDLESS:
            break
    return _Fit(b, value, information, False)


def _find_scores(x: FloatArray, b: FloatArray, steps: Sequence[_Step]) -> FloatArray:
    """Return each row's score residual (rows x columns); their sum is the gradient."""
    weights = np.exp(x @ b)
    scores = np.zeros(x.shape)
    for step in steps:
        waiting, coming = step.waiting, step.coming
        tied = np.isin(waiting, coming)
        for share in np.arange(len(coming)) / len(coming):
            parts = weights[waiting] * np.where(tied, 1 - share, 1.0)
            mean = parts @ x[waiting] / parts.sum()
            scores[coming] += (x[coming] - mean) / len(coming)
            scores[waiting] -= (parts / parts.sum())[:, None] * (x[waiting] - mean)
    return scores

"""Does the effect of one predictor depend on another? Interaction, simple slopes, and where the effect is there.

The moderator is centred on its mean, so that the predictor's own coefficient is its effect at the mean. Slopes are
probed one standard deviation (n - 1) below and above the mean, and everywhere: Johnson & Neyman's (1936) bounds are the
moderator values at which the effect turns significant. A slope outside the observed moderators is an extrapolation and
is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic
from mimicrylab.stats.least_squares import LeastSquares, compute_hc3, fit_least_squares
from mimicrylab.stats.model_matrix import build_model_matrix, keep_complete_rows, list_columns, take_numbers
from mimicrylab.stats.regression import StandardErrors, regress
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, check_sample

BAND_POINTS = 101
"""Moderator values of the band: a figure shows no more."""


@dataclass(frozen=True)
class Moderation:
    """What ``probe_moderation`` found.

    Parameters
    ----------
    coefficients
        The regression with the product, see ``regression.regress``; the moderator is centred.
    slopes
        The predictor's effect at -1 SD, the mean, and +1 SD of the moderator.
    bounds
        Johnson-Neyman bounds within the observed moderators (0, 1 or 2), in the moderator's unit.
    share_significant
        Share of the people at whose moderator the effect is significant (pointwise, at 1 - level).
    slope_band
        ``moderator, slope, ci_low, ci_high, significant`` over the observed moderators.
    line_band
        ``predictor, moderator, fitted, ci_low, ci_high``: the fitted lines for the figure, at both levels of a
        predictor of two levels, at -1 and +1 SD of one of numbers; covariates at their means.
    """

    coefficients: tuple[Estimate, ...]
    slopes: tuple[Estimate, ...]
    bounds: tuple[float, ...]
    share_significant: float
    slope_band: pl.DataFrame
    line_band: pl.DataFrame

    @property
    def interaction(self) -> Estimate:
        """The product's coefficient: how much the effect changes with one unit of the moderator."""
        return self.coefficients[-1]


def probe_moderation(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictor: str,
    moderator: str,
    covariates: Sequence[str] = (),
    references: Mapping[str, str] | None = None,
    errors: StandardErrors = "hc3",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Moderation:
    """Test whether ``moderator`` changes the effect of ``predictor`` on ``outcome``, and probe it.

    outcome = b0 + covariates + b1 x + b2 (m - mean) + b3 x (m - mean); the slope at m is b1 + b3 (m - mean) with
    variance v11 + 2 (m - mean) v13 + (m - mean)^2 v33, t with n - columns df. The bounds solve slope^2 = t^2 variance.

    Parameters
    ----------
    table
        One row a person; people without every value are left out and counted.
    predictor
        Numbers, or words of exactly two levels.
    moderator
        Numbers.
    errors
        ``hc3`` (default) or ``classic`` (R: ``emmeans(lm(y ~ x * m), ~ x | m)``, as published).

    Raises
    ------
    RefusedError
        A person has several rows.
    InputError
        A predictor of more than two levels, a moderator of words, or what ``regress`` refuses.

    Examples
    --------
    >>> table = pl.DataFrame({"x": [0.0, 1, 0, 1, 0, 1, 0, 1], "m": [1.0, 1, 2, 2, 3, 3, 4, 4],
    ...                       "y": [1.0, 1.1, 1.0, 2.1, 1.1, 3.0, 0.9, 4.1]})
    >>> probe = probe_moderation(table, "y", predictor="x", moderator="m", errors="classic")
    >>> round(probe.interaction.estimate, 2), round(probe.slopes[1].estimate, 2)
    (1.01, 1.57)
    """
    people = [person] if person in table.columns else []
    complete, warnings = keep_complete_rows(table, [outcome, *list_columns(covariates), predictor, moderator, *people])
    values = take_numbers(complete, [moderator])[:, 0]
    check_sample(Sample(moderator, values))
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    centred = complete.with_columns(pl.Series(moderator, values - mean))
    predictors = [*covariates, predictor, moderator, f"{predictor}:{moderator}"]
    fitted = regress(
        centred,
        outcome,
        predictors=predictors,
        references=references,
        errors=errors,
        unit=unit,
        person=person,
        level=level,
    )
    matrix = build_model_matrix(centred, predictors, references=references)
    if len(matrix.find_columns(predictor)) != 1:
        raise InputError(
            "a moderation compares two groups or follows numbers",
            where=f"column {predictor!r}",
            found=f"{len(matrix.find_columns(predictor)) + 1} levels",
            do="keep two of the levels",
        )
    fit = fit_least_squares(matrix.values, take_numbers(centred, [outcome])[:, 0])
    probe = _Probe(
        fit,
        compute_hc3(fit) if errors == "hc3" else fit.classic,
        matrix.find_columns(predictor)[0],
        matrix.find_columns(moderator)[0],
        level,
    )
    found = [replace(fitted[0], warnings=(*warnings, *fitted[0].warnings)), *fitted[1:]]
    slopes = tuple(
        _describe_slope(probe, offset, f"{matrix.names[probe.slope]} at {place} of {moderator}", found[-1])
        for place, offset in (("-1 SD", -sd), ("the mean", 0.0), ("+1 SD", sd))
    )
    bounds = tuple(mean + root for root in _find_bounds(probe) if values.min() <= mean + root <= values.max())
    return Moderation(
        tuple(found),
        slopes,
        bounds,
        float(np.mean(probe.judge(values - mean))),
        _draw_slopes(probe, values, mean),
        _draw_lines(probe, values, mean),
    )


@dataclass(frozen=True)
class _Probe:
    """A fit with its covariance; where the predictor and the moderator stand (the product is the last column)."""

    fit: LeastSquares
    covariance: FloatArray
    slope: int
    moderator: int
    level: float

    @property
    def reach(self) -> float:
        return float(stats.t.ppf(1 - (1 - self.level) / 2, self.fit.df))

    def find_slopes(self, offsets: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return slopes and their standard errors at offsets from the moderator's mean."""
        v, i = self.covariance, self.slope
        slopes = self.fit.coefficients[i] + self.fit.coefficients[-1] * offsets
        variances = v[i, i] + 2 * offsets * v[i, -1] + offsets**2 * v[-1, -1]
        return np.asarray(slopes), np.sqrt(variances)

    def judge(self, offsets: FloatArray) -> NDArray[np.bool_]:
        """Return where the slope is significant."""
        slopes, errors = self.find_slopes(offsets)
        return np.asarray(np.abs(slopes) > self.reach * errors)


def _find_bounds(probe: _Probe) -> list[float]:
    v, i, t = probe.covariance, probe.slope, probe.reach
    b, c = float(probe.fit.coefficients[i]), float(probe.fit.coefficients[-1])
    square, linear, constant = c * c - t * t * v[-1, -1], 2 * (b * c - t * t * v[i, -1]), b * b - t * t * v[i, i]
    discriminant = linear * linear - 4 * square * constant
    if discriminant < 0:
        return []
    root = float(np.sqrt(discriminant))
    return sorted((-float(linear) + sign * root) / (2 * float(square)) for sign in (-1, 1))


def _describe_slope(probe: _Probe, offset: float, term: str, pattern: Estimate) -> Estimate:
    slopes, errors = probe.find_slopes(np.array([offset]))
    b, se = float(slopes[0]), float(errors[0])
    return replace(
        pattern,
        term=term,
        estimate=b,
        se=se,
        ci_low=b - probe.reach * se,
        ci_high=b + probe.reach * se,
        statistic=Statistic("t", b / se),
        p=float(2 * stats.t.sf(abs(b / se), probe.fit.df)),
        effect_sizes=(),
        method=f"simple slope, {pattern.method}",
    )


def _draw_slopes(probe: _Probe, values: FloatArray, mean: float) -> pl.DataFrame:
    grid = np.linspace(values.min(), values.max(), BAND_POINTS)
    slopes, errors = probe.find_slopes(grid - mean)
    return pl.DataFrame(
        {
            "moderator": grid,
            "slope": slopes,
            "ci_low": slopes - probe.reach * errors,
            "ci_high": slopes + probe.reach * errors,
            "significant": probe.judge(grid - mean),
        }
    )


def _draw_lines(probe: _Probe, values: FloatArray, mean: float) -> pl.DataFrame:
    design = probe.fit.design
    x = design[:, probe.slope]
    levels = np.unique(x)
    if len(levels) > 2:
        levels = x.mean() + np.array([-1.0, 1.0]) * x.std(ddof=1)
    grid = np.linspace(values.min(), values.max(), BAND_POINTS)
    lines = []
    for value in levels:
        rows = np.tile(design.mean(axis=0), (BAND_POINTS, 1))
        rows[:, probe.slope], rows[:, probe.moderator] = value, grid - mean
        rows[:, -1] = value * (grid - mean)
        fitted = rows @ probe.fit.coefficients
        errors = np.sqrt(np.einsum("ij,jk,ik->i", rows, probe.covariance, rows))
        lines.append(
            pl.DataFrame(
                {
                    "predictor": np.full(BAND_POINTS, value),
                    "moderator": grid,
                    "fitted": fitted,
                    "ci_low": fitted - probe.reach * errors,
                    "ci_high": fitted + probe.reach * errors,
                }
            )
        )
    return pl.concat(lines)

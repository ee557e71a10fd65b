"""Mixed models: trials as they are, with people and stimuli as random samples.

Rows of one person are not independent, nor are rows of one stimulus. Each person gets an own level and an own effect of
everything that varies within people; without these slopes a test of a within-person effect takes rows for people (19 %
false positives instead of 5 % in a simulation of this design; Barr, Levy, Scheepers & Tily 2013).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.effect_sizes import explain_share
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.model_matrix import (
    INTERCEPT,
    ModelMatrix,
    build_model_matrix,
    keep_complete_rows,
    list_columns,
    take_numbers,
)
from mimicrylab.stats.random_terms import RandomTerm, build_random_term, list_within
from mimicrylab.stats.restricted_likelihood import RestrictedLikelihood
from mimicrylab.stats.restricted_search import Optimum, is_singular, maximise_likelihood
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, check_sample

FEW_STIMULI = 10
"""Below this the results hold for these stimuli; how others would do is unknown (Westfall, Kenny & Judd 2014)."""

LARGE_DF = 1e9
"""Degrees of freedom beyond this are infinite in every respect that matters."""


@dataclass(frozen=True)
class MixedModel:
    """What ``fit_mixed`` found.

    Parameters
    ----------
    coefficients
        The fixed effects, one line a column of the model.
    tests
        F test of each predictor (type III: words sum-coded, numbers at 0).
    components
        Standard deviations and correlations of the random deviations, and the residual standard deviation.
    deviance
        -2 log restricted likelihood.
    converged, singular
        Whether the search ended at an optimum, and whether some variance is 0 or some correlation 1 there.
    """

    coefficients: tuple[Estimate, ...]
    tests: tuple[Estimate, ...]
    components: tuple[Estimate, ...]
    deviance: float
    converged: bool
    singular: bool


def fit_mixed(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    stimulus: str | None = None,
    slopes: Mapping[str, Sequence[str]] | None = None,
    correlated: bool = True,
    references: Mapping[str, str] | None = None,
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> MixedModel:
    """Fit a linear mixed model by restricted maximum likelihood (REML).

    Parameters
    ----------
    table
        One row a trial; rows without every value are left out and counted.
    predictors, references
        As in ``regression.regress``: numbers as they are, words treatment-coded, ``"a:b"`` a product.
    stimulus
        Column of the stimulus or its model, crossed with people: a random intercept. None: stimuli are taken as fixed,
        and nothing can be said about others; a warning says so.
    slopes
        Grouping (``person``, ``stimulus`` or any other column) -> predictors whose effect varies over it. Default: over
        people every predictor that varies within people, over stimuli none. A named grouping replaces its default; an
        empty list leaves the intercept alone, which makes tests of what varies within people too liberal: a warning
        says so.
    correlated
        Whether a person's deviations may be correlated (default, as ``(1 + x | person)`` of lme4) or not (``||``, with
        words coded as columns).

    Returns
    -------
    MixedModel
        Coefficients with Satterthwaite's t (R: ``lmerTest``), F tests of each predictor, deviations. A search that
        failed or a singular fit is named in the warnings of every line.

    Raises
    ------
    InputError
        As many deviations as rows (means instead of trials), fewer than three people or stimuli, a slope of what does
        not vary, predictors that determine each other, an outcome that is the same everywhere.
    UnknownNameError
        A column, or a slope that is no predictor.

    Examples
    --------
    >>> table = pl.DataFrame({"participant_id": [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4, "happy": [0.0, 0, 1, 1] * 4,
    ...                       "AU12": [1.0, 2, 3, 4, 2, 4, 3, 4, 0, 2, 4, 7, 3, 4, 6, 6]})
    >>> model = fit_mixed(table, "AU12", predictors=["happy"])
    >>> round(model.coefficients[1].estimate, 3), round(model.coefficients[1].df[0], 2)
    (2.375, 3.0)
    """
    groupings = [person, *([stimulus] if stimulus else []), *(slopes or {})]
    complete, warnings = keep_complete_rows(table, [outcome, *list_columns(predictors), *groupings])
    y = take_numbers(complete, [outcome])[:, 0]
    check_sample(Sample(outcome, y))
    matrix = build_model_matrix(complete, predictors, references=references)
    terms = _build_terms(complete, matrix, predictors, person, stimulus, slopes or {}, correlated=correlated)
    likelihood = RestrictedLikelihood(matrix.values, y, terms)
    optimum = maximise_likelihood(likelihood)
    roots = likelihood.unpack(optimum.theta)
    singular = any(is_singular(root) for root in roots)
    people = complete[person].n_unique()
    pattern = Estimate(
        f"{outcome} on {', '.join(predictors)}",
        "",
        None,
        unit=unit,
        ci_level=level,
        n=people,
        method=f"linear mixed model (REML), {_describe_terms(terms)}, {complete.height} rows of {people} people",
        warnings=(*warnings, *_warn(optimum, terms, roots, complete, predictors, stimulus, person)),
    )
    return MixedModel(
        tuple(_describe_coefficients(optimum, matrix, pattern)),
        tuple(_test_predictors(optimum, complete, matrix, predictors, references, pattern)),
        tuple(_describe_components(optimum, terms, roots, pattern)),
        optimum.deviance,
        optimum.converged,
        singular,
    )


def _build_terms(
    table: pl.DataFrame,
    matrix: ModelMatrix,
    predictors: Sequence[str],
    person: str,
    stimulus: str | None,
    slopes: Mapping[str, Sequence[str]],
    *,
    correlated: bool,
) -> list[RandomTerm]:
    chosen: dict[str, Sequence[str]] = {person: list_within(table, predictors, grouping=person)}
    if stimulus:
        chosen[stimulus] = []
    chosen |= slopes
    for names in chosen.values():
        for name in names:
            if name not in predictors:
                raise UnknownNameError("slope", name, predictors, do="a slope belongs to a predictor of the model")
    terms = [
        build_random_term(table, matrix, grouping=grouping, slopes=names, correlated=correlated)
        for grouping, names in chosen.items()
    ]
    if sum(term.count * term.width for term in terms) >= table.height:
        raise InputError(
            "more deviations than rows",
            where="slopes",
            expected=f"fewer than {table.height}",
            found=str(sum(term.count * term.width for term in terms)),
            do="name fewer slopes",
        )
    return terms


def _describe_terms(terms: Sequence[RandomTerm]) -> str:
    parts = []
    for term in terms:
        together = "" if term.width == 1 else ", correlated" if term.correlated else ", uncorrelated"
        names = ", ".join(term.names).replace(INTERCEPT, "intercept")
        parts.append(f"random {names} over {term.count} {term.grouping}{together}")
    return "; ".join(parts)


def _warn(
    optimum: Optimum,
    terms: Sequence[RandomTerm],
    roots: Sequence[FloatArray],
    table: pl.DataFrame,
    predictors: Sequence[str],
    stimulus: str | None,
    person: str,
) -> list[str]:
    found = []
    if not optimum.converged:
        found.append(
            f"the search did NOT converge (the deviance could fall by {optimum.decrease:.2g}): do not report this; "
            "name fewer slopes or set correlated=False"
        )
    for term, root in zip(terms, roots, strict=True):
        if is_singular(root):
            sizes = np.sqrt((root**2).sum(axis=1))
            none = [name for name, size in zip(term.names, sizes, strict=True) if size < 1e-3]
            what = f"{', '.join(none)} not at all" if none else "in some combination not at all"
            found.append(
                f"singular: over {term.grouping} the deviations vary {what}; the data do not tell such differences from"
                " noise (estimates hold, but a simpler model says the same)"
            )
    at_person = next(term for term in terms if term.grouping == person)
    for predictor in list_within(table, predictors, grouping=person):
        if predictor not in at_person.slopes:
            found.append(f"no slope of {predictor} over people: its test takes rows for people and is too liberal")
    if stimulus is None:
        found.append("stimuli are taken as fixed: results hold for these stimuli")
    else:
        count = table[stimulus].n_unique()
        if count < FEW_STIMULI:
            found.append(f"only {count} levels of {stimulus}: how other stimuli would do is hardly known")
    return found


def _describe_coefficients(optimum: Optimum, matrix: ModelMatrix, pattern: Estimate) -> list[Estimate]:
    results = []
    for place, name in enumerate(matrix.names):
        contrast = np.zeros(len(matrix.names))
        contrast[place] = 1.0
        b, se = float(optimum.profile.coefficients[place]), float(np.sqrt(optimum.covariance[place, place]))
        df = min(optimum.find_df(contrast), LARGE_DF)
        t = b / se
        reach = float(stats.t.ppf((1 + pattern.ci_level) / 2, df)) * se
        results.append(
            replace(
                pattern,
                term=name,
                estimate=b,
                se=se,
                ci_low=b - reach,
                ci_high=b + reach,
                statistic=Statistic("t", t),
                df=(df,),
                p=keep_finite(2 * stats.t.sf(abs(t), df)),
                effect_sizes=(EffectSize("partial R squared", t * t / (t * t + df)),) if place else (),
                method=f"{pattern.method}; Satterthwaite's df",
            )
        )
    return results


def _test_predictors(
    optimum: Optimum,
    table: pl.DataFrame,
    matrix: ModelMatrix,
    predictors: Sequence[str],
    references: Mapping[str, str] | None,
    pattern: Estimate,
) -> list[Estimate]:
    summed = build_model_matrix(table, predictors, references=references, coding="sum")
    change = np.linalg.lstsq(summed.values, matrix.values, rcond=None)[0]
    results = []
    for predictor in predictors:
        contrasts = np.asarray(change[summed.find_columns(predictor)], dtype=np.float64)
        f, df = _test_contrasts(optimum, contrasts)
        results.append(
            replace(
                pattern,
                term=predictor,
                statistic=Statistic("F", f),
                df=df,
                p=keep_finite(stats.f.sf(f, *df)),
                effect_sizes=(replace(explain_share(f, *df, level=pattern.ci_level), ci_low=None, ci_high=None),),
                method=f"{pattern.method}; type III F test, Satterthwaite's df",
            )
        )
    return results


def _test_contrasts(optimum: Optimum, contrasts: FloatArray) -> tuple[float, tuple[float, float]]:
    """Return F and its df for several contrasts together (Fai & Cornelius 1996), as lmerTest's ``contestMD``."""
    values, vectors = np.linalg.eigh(contrasts @ optimum.covariance @ contrasts.T)
    rotated = vectors.T @ contrasts
    f = float(((rotated @ optimum.profile.coefficients) ** 2 / values).mean())
    df = np.array([min(optimum.find_df(contrast), LARGE_DF) for contrast in rotated])
    count = len(df)
    if count == 1 or np.ptp(df) < 1e-8 * df.max():
        return f, (float(count), float(df[0]))
    above = df[df > 2]
    total = float((above / (above - 2)).sum())
    return f, (float(count), 2 * total / (total - count) if total > count else 2.0)


def _describe_components(
    optimum: Optimum, terms: Sequence[RandomTerm], roots: Sequence[FloatArray], pattern: Estimate
) -> list[Estimate]:
    results = []
    for term, root in zip(terms, roots, strict=True):
        scaled = root / term.scale[:, None] * optimum.sigma
        covariance = scaled @ scaled.T
        sizes = np.sqrt(np.diag(covariance))
        for name, size in zip(term.names, sizes, strict=True):
            results.append(replace(pattern, term=f"SD of {name} over {term.grouping}", estimate=float(size)))
        for i, j in zip(*np.tril_indices(term.width, -1), strict=True):
            if term.correlated:
                product = float(sizes[i] * sizes[j])
                results.append(
                    replace(
                        pattern,
                        term=f"correlation of {term.names[j]} and {term.names[i]} over {term.grouping}",
                        estimate=keep_finite(covariance[i, j] / product) if product > 0 else None,
                        unit="",
                    )
                )
    return [*results, replace(pattern, term="SD of residuals", estimate=optimum.sigma)]

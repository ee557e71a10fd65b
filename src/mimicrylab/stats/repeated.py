"""Repeated measures and mixed analysis of variance: several within-person and between-person factors, any of each.

Each effect is tested against how much that effect itself differs between people, by orthonormal contrasts of the cells
(type III: every group counts alike, whatever its size). Where an effect has more than one contrast the univariate F
needs sphericity, which conditions in time hardly have: Greenhouse & Geisser's (1959) correction is the default, as it
costs little where sphericity holds and protects where it does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Literal

import numpy as np
import polars as pl
from scipy import linalg, stats

from mimicrylab.errors import InputError, UnknownNameError, count_things
from mimicrylab.stats.effect_sizes import explain_share
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, GroupSummary, Statistic, keep_finite
from mimicrylab.stats.model_matrix import ModelMatrix, build_model_matrix, keep_complete_rows, take_numbers
from mimicrylab.stats.samples import (
    MINIMUM_PEOPLE,
    PERSON,
    FloatArray,
    Sample,
    check_sample,
    refuse_repeated_people,
)

Correction = Literal["greenhouse_geisser", "huynh_feldt", "none"]
CORRECTIONS: dict[Correction, str] = {
    "greenhouse_geisser": "Greenhouse-Geisser's",
    "huynh_feldt": "Huynh-Feldt's",
    "none": "no",
}
CELL = "\x1f"


def compare_repeated(
    table: pl.DataFrame,
    outcome: str,
    *,
    within: Sequence[str],
    between: Sequence[str] = (),
    correction: Correction = "greenhouse_geisser",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Test every main effect and interaction of within-person and between-person factors.

    Parameters
    ----------
    table
        One row a person and cell (combination of the within factors): average trials first.
    within, between
        Columns of words (numbers count as names of levels). A person has one level of each between factor.
    correction
        Of the df of effects with more than one contrast: ``greenhouse_geisser`` (default), ``huynh_feldt`` (with the
        error df, at most 1, as ``car`` and ``afex``), ``none`` (as published).

    Returns
    -------
    list of Estimate
        One an effect, between factors first: F, corrected df and p, partial eta squared SSH / (SSH + SSE) with its
        noncentral-F interval, generalised eta squared (Olejnik & Algina 2003, all factors manipulated), means of the
        effect's cells over people. R: ``afex::aov_ez(id, outcome, within = , between = )``. People without every cell
        are left out and counted.

    Raises
    ------
    RefusedError
        A person has several rows in a cell.
    InputError
        No within factor, one of a single level, people of several levels of a between factor, fewer than three people
        in a group, an outcome that is the same everywhere.

    Examples
    --------
    >>> table = pl.DataFrame({"participant_id": [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], "block": ["a", "b", "c"] * 4,
    ...                       "AU12": [1.0, 2, 4, 2, 2, 5, 1, 3, 3, 2, 4, 5]})
    >>> effect, = compare_repeated(table, "AU12", within=["block"])
    >>> round(effect.statistic.value, 2), [round(df, 2) for df in effect.df]
    (16.06, [1.14, 3.43])
    """
    if correction not in CORRECTIONS:
        raise UnknownNameError("correction", correction, CORRECTIONS)
    cells = _gather_cells(table, outcome, within, between, person)
    strata = {chosen: _fit_stratum(cells, chosen) for chosen in _list_subsets(within)}
    error_total = sum(float(np.trace(stratum.error)) for stratum in strata.values())
    results = []
    for chosen, stratum in strata.items():
        for groups in _list_subsets(between):
            if chosen or groups:
                effect = _test_effect(stratum, groups, correction=correction, error_total=error_total, level=level)
                results.append(
                    replace(
                        effect,
                        analysis=f"{outcome} by {', '.join([*between, *within])}",
                        term=":".join([*groups, *chosen]),
                        groups=_summarise(cells, outcome, [*groups, *chosen], person),
                        n=len(cells.values),
                        warnings=cells.warnings,
                    )
                )
    return results


def check_sphericity(
    table: pl.DataFrame, outcome: str, *, within: Sequence[str], between: Sequence[str] = (), person: str = PERSON
) -> list[Estimate]:
    """Return Mauchly's test of sphericity for each within effect of more than one contrast.

    W = |E| / (tr(E) / k)^k, p by Box's second-order approximation as in R's ``mauchly.test``; epsilon of Greenhouse &
    Geisser and of Huynh & Feldt are the effect sizes. The test decides nothing here (it finds little with few people
    and everything with many).
    """
    cells = _gather_cells(table, outcome, within, between, person)
    results = []
    for chosen in _list_subsets(within):
        stratum = _fit_stratum(cells, chosen)
        k, n = stratum.contrasts, stratum.df_residual
        if k < 2 or n < k:
            continue
        log_w = float(np.linalg.slogdet(stratum.error)[1] - k * math.log(float(np.trace(stratum.error)) / k))
        rho = 1 - (2 * k * k + k + 2) / (6 * k * n)
        second = (k + 2) * (k - 1) * (k - 2) * (2 * k**3 + 6 * k * k + 3 * k + 2) / (288 * (n * k * rho) ** 2)
        chi2, df = -n * rho * log_w, k * (k + 1) / 2 - 1
        first = float(stats.chi2.sf(chi2, df))
        results.append(
            Estimate(
                f"sphericity of {outcome} within people",
                ":".join(chosen),
                math.exp(log_w),
                unit="Mauchly's W",
                statistic=Statistic("chi2", chi2),
                df=(df,),
                p=min(max(first + second * (float(stats.chi2.sf(chi2, df + 4)) - first), 0.0), 1.0),
                effect_sizes=(
                    EffectSize("epsilon (Greenhouse-Geisser)", stratum.find_epsilon("greenhouse_geisser")),
                    EffectSize("epsilon (Huynh-Feldt)", stratum.find_epsilon("huynh_feldt")),
                ),
                n=len(cells.values),
                method="Mauchly's test, Box's approximation",
                warnings=cells.warnings,
            )
        )
    return results


@dataclass(frozen=True)
class _Cells:
    """Complete people: their cells (people x cells, the last within factor fastest), groups, and the long table."""

    values: FloatArray
    levels: dict[str, list[str]]
    matrix: ModelMatrix
    long: pl.DataFrame
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Stratum:
    """The contrasts of some within factors, fitted on the between factors."""

    contrasts: int
    coefficients: FloatArray
    error: FloatArray
    inverse: FloatArray
    matrix: ModelMatrix
    df_residual: int

    def find_epsilon(self, correction: Correction) -> float:
        """Return by how much the df are multiplied."""
        k = self.contrasts
        if k == 1 or correction == "none":
            return 1.0
        epsilon = float(np.trace(self.error) ** 2 / (k * (self.error**2).sum()))
        if correction == "greenhouse_geisser":
            return epsilon
        n = self.df_residual
        return min(1.0, ((n + 1) * k * epsilon - 2) / (k * (n - k * epsilon)))


def _list_subsets(factors: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(factors) + 1):
        yield from combinations(factors, size)


def _gather_cells(
    table: pl.DataFrame, outcome: str, within: Sequence[str], between: Sequence[str], person: str
) -> _Cells:
    if not within:
        raise InputError("no within-person factor", where="within", do="compare groups, or use an ancova")
    long, warnings = keep_complete_rows(table, [person, outcome, *within, *between])
    values = take_numbers(long, [outcome])[:, 0]
    check_sample(Sample(outcome, values))
    long = long.with_columns(pl.col([*within, *between]).cast(pl.String), pl.Series(outcome, values))
    levels = {name: sorted(long[name].unique().to_list()) for name in within}
    for name, found in levels.items():
        if len(found) < 2:
            raise InputError("a factor has a single level", where=f"column {name!r}", found=", ".join(found))
    for name in between:
        several = long.group_by(person).agg(pl.col(name).n_unique())[name].max()
        if several != 1:
            raise InputError(
                "some people have several levels of a between-person factor",
                where=f"column {name!r}",
                do="name it among the within factors",
            )
    long = long.with_columns(cell=pl.concat_str(list(within), separator=CELL))
    refuse_repeated_people(long, person=person, within="cell")
    names = [CELL.join(combination) for combination in product(*levels.values())]
    wide = long.pivot("cell", index=[person, *between], values=outcome, on_columns=names).sort(person)
    complete = wide.drop_nulls()
    if wide.height > complete.height:
        missing = wide.height - complete.height
        warnings = (*warnings, f"{count_things(missing, 'person', 'people')} without every cell left out")
    matrix = _code_groups(complete, between)
    kept = long.join(complete.select(person), on=person, how="semi")
    return _Cells(complete.select(names).to_numpy(), levels, matrix, kept, warnings)


def _code_groups(people: pl.DataFrame, between: Sequence[str]) -> ModelMatrix:
    for name in between:
        if people[name].n_unique() < 2:
            raise InputError("a between-person factor has a single level among complete people", where=name)
    sizes = people.group_by(between).len()["len"].to_list() if between else [people.height]
    smallest = min(sizes) if len(sizes) == math.prod(people[name].n_unique() for name in between) else 0
    if smallest < MINIMUM_PEOPLE:
        raise InputError(
            "too few complete people in a group",
            where=", ".join(between) or "table",
            expected=f"at least {MINIMUM_PEOPLE} in each combination",
            found=str(smallest),
        )
    predictors = [":".join(subset) for subset in _list_subsets(between) if subset]
    return build_model_matrix(people, predictors, coding="sum")


def _fit_stratum(cells: _Cells, chosen: Sequence[str]) -> _Stratum:
    contrasts = np.ones((1, 1))
    for name, levels in cells.levels.items():
        count = len(levels)
        mean = np.full((count, 1), 1 / math.sqrt(count))
        contrasts = np.kron(contrasts, linalg.null_space(mean.T) if name in chosen else mean)
    scores, x = cells.values @ contrasts, cells.matrix.values
    q, r = np.linalg.qr(x)
    coefficients = np.linalg.solve(r, q.T @ scores)
    residuals = scores - x @ coefficients
    root = np.linalg.inv(r)
    return _Stratum(
        contrasts.shape[1],
        coefficients,
        residuals.T @ residuals,
        root @ root.T,
        cells.matrix,
        len(x) - x.shape[1],
    )


def _test_effect(
    stratum: _Stratum, groups: Sequence[str], *, correction: Correction, error_total: float, level: float
) -> Estimate:
    columns = stratum.matrix.find_columns(":".join(groups)) if groups else [0]
    b = stratum.coefficients[columns]
    hypothesis = float(np.trace(b.T @ np.linalg.solve(stratum.inverse[np.ix_(columns, columns)], b)))
    error, k = float(np.trace(stratum.error)), stratum.contrasts
    epsilon = stratum.find_epsilon(correction)
    df = k * len(columns) * epsilon, k * stratum.df_residual * epsilon
    if error <= 0:
        raise InputError("an effect is the same for everybody: nothing to test it against", expected="variation")
    f = (hypothesis / (k * len(columns))) / (error / (k * stratum.df_residual))
    note = f", {CORRECTIONS[correction]} correction, epsilon {epsilon:.3f}" if k > 1 else ""
    share = explain_share(f, *df, level=level)
    return Estimate(
        "",
        "",
        None,
        ci_level=level,
        statistic=Statistic("F", f),
        df=df,
        p=keep_finite(stats.f.sf(f, *df)),
        effect_sizes=(share, EffectSize("generalised eta squared", hypothesis / (hypothesis + error_total))),
        method=f"analysis of variance, type III{note}",
    )


def _summarise(cells: _Cells, outcome: str, factors: Sequence[str], person: str) -> tuple[GroupSummary, ...]:
    means = cells.long.group_by([person, *factors]).agg(pl.col(outcome).mean())
    return tuple(
        Sample(", ".join(str(part) for part in name), group[outcome].to_numpy()).summarise()
        for name, group in sorted(means.group_by(list(factors)), key=lambda item: [str(part) for part in item[0]])
    )

"""Onset latencies with trials in which nothing came: censored, not missing and not the longest latency.

The mean latency of those who responded says nothing of those who did not, and whatever makes slow people respond at all
makes that mean longer. The curves and tests here use everybody; ``hazards`` has the regression.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.errors import InputError, count_things
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic, keep_finite
from mimicrylab.stats.model_matrix import keep_complete_rows
from mimicrylab.stats.samples import MINIMUM_PEOPLE, PERSON, FloatArray, find_column, refuse_repeated_people

ROW = "\x1frow"
ROUNDING = 1e-9
"""Times this close (in s) are the same."""


@dataclass(frozen=True)
class Latencies:
    """Rows with their time, whether an onset came then (else it was censored then), the rows, and who was left out."""

    times: FloatArray
    onsets: NDArray[np.bool_]
    table: pl.DataFrame
    warnings: tuple[str, ...]


def take_latencies(
    table: pl.DataFrame, latency: str, *, censored: str, until_s: float, columns: tuple[str, ...] = ()
) -> Latencies:
    """Return latencies and censorings from a table of ``mimicrylab measure``.

    Parameters
    ----------
    latency
        Seconds to onset, null where there was none.
    censored
        True where there was no onset within the window, False where there was one; null where nothing was measured:
        such rows are left out and counted.
    until_s
        End of the window: when a row without onset was censored.
    columns
        Further columns that a row must have.

    Raises
    ------
    InputError
        A latency below 0 or above ``until_s``, an onset without latency, or no onset at all.
    """
    for name, kinds in ((latency, "numbers"), (censored, "true or false")):
        values = find_column(table, name)
        fits = values.dtype.is_numeric() if name == latency else values.dtype == pl.Boolean
        if not (fits or values.dtype == pl.Null):
            raise InputError(
                f"these are not {kinds}", where=f"column {name!r}", expected=kinds, found=str(values.dtype)
            )
    kept, _ = keep_complete_rows(table.with_row_index(ROW), [ROW, censored, *columns])
    missing = table.height - kept.height
    warnings = (f"{count_things(missing, 'row')} without a measurement left out",) if missing else ()
    onsets = ~kept[censored].cast(pl.Boolean).to_numpy()
    if not onsets.any():
        raise InputError("there is no onset at all", where=f"column {censored!r}", do="report the share of responders")
    found = table[latency].cast(pl.Float64).fill_null(np.nan).to_numpy()[kept[ROW].to_numpy()]
    if not np.all(np.isfinite(found[onsets])):
        raise InputError("an onset has no latency", where=f"columns {censored!r}, {latency!r}")
    if found[onsets].min() < 0 or found[onsets].max() > until_s + ROUNDING:
        raise InputError(
            "a latency lies outside the window", where=f"column {latency!r}", expected=f"0 to {until_s:g} s"
        )
    return Latencies(np.where(onsets, found, until_s), onsets, kept, warnings)


def estimate_responders(
    table: pl.DataFrame,
    latency: str,
    *,
    censored: str = "censored",
    until_s: float,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Estimate:
    """Return the share of people with an onset, and its Wilson (1927) interval.

    One row a person. R: ``prop.test(x, n, correct = FALSE)$conf.int``.

    Examples
    --------
    >>> table = pl.DataFrame({"latency": [0.4, 0.9, None, 1.2], "censored": [False, False, True, False]})
    >>> share = estimate_responders(table, "latency", until_s=2.0)
    >>> share.estimate, round(share.ci_low, 3), round(share.ci_high, 3)
    (0.75, 0.301, 0.954)
    """
    refuse_repeated_people(table, person=person)
    found = take_latencies(table, latency, censored=censored, until_s=until_s)
    n, share = len(found.onsets), float(found.onsets.mean())
    z = float(stats.norm.ppf((1 + level) / 2))
    middle, reach = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(
        f"responders within {until_s:g} s",
        "share of people with an onset",
        share,
        unit="share",
        ci_low=max((middle - reach) / (1 + z * z / n), 0.0),
        ci_high=min((middle + reach) / (1 + z * z / n), 1.0),
        ci_level=level,
        n=n,
        method="share, Wilson interval",
        warnings=found.warnings,
    )


def tabulate_onsets(
    table: pl.DataFrame,
    latency: str,
    *,
    censored: str = "censored",
    until_s: float,
    group: str | None = None,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> pl.DataFrame:
    """Return Kaplan & Meier's (1958) curve of each group, for the figure.

    One row a person. Columns ``group, time_s, at_risk, onsets, waiting, ci_low, ci_high``: ``waiting`` is the share
    still without onset after ``time_s``, with the interval on the log(-log) scale (Greenwood's variance). R:
    ``survfit(Surv(time, onset) ~ group, conf.type = "log-log")``.
    """
    refuse_repeated_people(table, person=person)
    found = take_latencies(table, latency, censored=censored, until_s=until_s, columns=(group,) if group else ())
    labels = found.table[group].cast(pl.String).to_numpy() if group else np.full(len(found.times), "all")
    curves = []
    for name in sorted(set(labels)):
        chosen = labels == name
        curve = _find_curve(found.times[chosen], found.onsets[chosen], level=level)
        curves.append(curve.select(pl.lit(str(name)).alias("group"), pl.all()))
    return pl.concat(curves)


def estimate_medians(
    table: pl.DataFrame,
    latency: str,
    *,
    censored: str = "censored",
    until_s: float,
    group: str | None = None,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Return the time by which half of each group has an onset (None if fewer than half have one in the window).

    Its limits are where those of the curve cross one half (Brookmeyer & Crowley 1982). R: ``quantile(survfit, .5)``.
    """
    curves = tabulate_onsets(
        table, latency, censored=censored, until_s=until_s, group=group, person=person, level=level
    )
    results = []
    for (name,), curve in curves.group_by("group", maintain_order=True):
        values = [_find_half(curve, column) for column in ("waiting", "ci_low", "ci_high")]
        results.append(
            Estimate(
                "time to onset",
                f"median, {name}" if group else "median",
                values[0],
                unit="s",
                ci_low=values[1],
                ci_high=values[2],
                ci_level=level,
                n=int(curve["at_risk"][0]),
                method="Kaplan-Meier, log-log interval",
                warnings=() if values[0] is not None else (f"fewer than half have an onset within {until_s:g} s",),
            )
        )
    return results


def compare_latencies(
    table: pl.DataFrame,
    latency: str,
    *,
    group: str,
    censored: str = "censored",
    until_s: float,
    person: str = PERSON,
) -> Estimate:
    """Test by the log-rank test whether onsets come equally fast in all groups.

    One row a person. At each onset the groups' onsets are compared with their share of those still waiting; the
    hypergeometric covariance gives chi-squared with groups - 1 df. R: ``survdiff(Surv(time, onset) ~ group)``. The
    size of the difference is the hazard ratio of ``hazards.regress_hazard``.

    Raises
    ------
    RefusedError
        A person has several rows.
    InputError
        Fewer than two groups, fewer than three people in one.
    """
    refuse_repeated_people(table, person=person)
    found = take_latencies(table, latency, censored=censored, until_s=until_s, columns=(group,))
    labels = found.table[group].cast(pl.String).to_numpy()
    names, numbers, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if len(names) < 2 or counts.min() < MINIMUM_PEOPLE:
        raise InputError(
            "groups cannot be compared",
            where=f"column {group!r}",
            expected=f"two groups or more of at least {MINIMUM_PEOPLE}",
            found=", ".join(f"{name}: {count}" for name, count in zip(names, counts, strict=True)),
        )
    member = np.eye(len(names))[numbers]
    excess, covariance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for time in np.unique(found.times[found.onsets]):
        waiting = found.times >= time - ROUNDING
        coming = waiting & found.onsets & (found.times <= time + ROUNDING)
        risk, came = member[waiting].sum(axis=0), member[coming].sum(axis=0)
        n, d = risk.sum(), came.sum()
        excess += came - d * risk / n
        if n > 1:
            covariance += d * (n - d) / (n - 1) * (np.diag(risk / n) - np.outer(risk, risk) / n**2)
    if np.linalg.matrix_rank(covariance[:-1, :-1]) < len(names) - 1:
        raise InputError(
            "all onsets come at one moment, or when one group is left alone: nothing to compare",
            where=f"column {latency!r}",
            do="compare the shares of responders",
        )
    chi2 = float(excess[:-1] @ np.linalg.solve(covariance[:-1, :-1], excess[:-1]))
    df = float(len(names) - 1)
    summary = ", ".join(f"{name} {int(member[found.onsets, i].sum())} of {counts[i]}" for i, name in enumerate(names))
    return Estimate(
        f"time to onset by {group}",
        " - ".join(names),
        None,
        statistic=Statistic("chi2", chi2),
        df=(df,),
        p=keep_finite(stats.chi2.sf(chi2, df)),
        n=len(found.times),
        method=f"log-rank test; onsets: {summary}",
        warnings=found.warnings,
    )


def _find_curve(times: FloatArray, onsets: NDArray[np.bool_], *, level: float) -> pl.DataFrame:
    z = float(stats.norm.ppf((1 + level) / 2))
    rows = []
    waiting, greenwood = 1.0, 0.0
    for time in np.unique(times):
        at_risk, came = int((times >= time).sum()), int((onsets & (times == time)).sum())
        waiting *= 1 - came / at_risk
        low: float | None = None
        high: float | None = None
        if 0 < waiting < 1:
            greenwood += came / (at_risk * (at_risk - came))
            reach = z * math.sqrt(greenwood) / abs(math.log(waiting))
            low, high = waiting ** math.exp(reach), waiting ** math.exp(-reach)
        rows.append((float(time), at_risk, came, waiting, low, high))
    return pl.DataFrame(
        rows,
        schema={
            "time_s": pl.Float64,
            "at_risk": pl.Int64,
            "onsets": pl.Int64,
            "waiting": pl.Float64,
            "ci_low": pl.Float64,
            "ci_high": pl.Float64,
        },
        orient="row",
    )


def _find_half(curve: pl.DataFrame, column: str) -> float | None:
    values, times = curve[column].fill_null(2.0).to_numpy(), curve["time_s"].to_numpy()
    below = np.flatnonzero(values <= 0.5 + ROUNDING)
    if not len(below):
        return None
    first = int(below[0])
    later = np.flatnonzero(values < 0.5 - ROUNDING)
    if abs(values[first] - 0.5) <= ROUNDING and len(later):
        return float((times[first] + times[later[0]]) / 2)
    return float(times[first])

"""From simulated studies to power: how often each test was significant, with the simulation's own uncertainty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.power.draws import NOT_DONE, SimulatedRun, TermResult
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.plan.families import name_family

LEVEL = 0.95
ANY, ALL = "at least one", "all"


@dataclass(frozen=True)
class PowerRow:
    """Power of one test with one number of people.

    ``power`` is the share of the simulated studies in which p, corrected over its family, was below the analysis's
    alpha; ``power_uncorrected`` the same of the p itself. ``ci_low`` and ``ci_high``: 95 % interval of the simulation
    (Clopper-Pearson). ``estimate`` and ``effect``: means over the studies, so what the planted effects amount to in
    this test. ``analysed``: people with a usable recording, on average; ``not_done``: studies in which the analysis
    could not be done (they count as not significant) and the most frequent reason.
    """

    analysis: str
    term: str
    family: str
    people: int
    runs: int
    power: float
    ci_low: float
    ci_high: float
    power_uncorrected: float | None
    alpha: float
    estimate: float | None = None
    effect_name: str | None = None
    effect: float | None = None
    n: float | None = None
    analysed: float | None = None
    not_done: int = 0
    reason: str | None = None


def summarise_runs(runs: Iterable[SimulatedRun], analyses: Sequence[Analysis], asked: Sequence[str]) -> list[PowerRow]:
    """Return the power of each test, in the order of the plan, then of each family's tests together.

    A family of several tests has two more rows: how often at least one, and how often all of them were significant.
    """
    by_people: dict[int, list[SimulatedRun]] = {}
    for one in runs:
        by_people.setdefault(one.people, []).append(one)
    chosen = [one for one in analyses if one.id in asked]
    return [row for people in sorted(by_people) for row in _summarise(people, by_people[people], chosen)]


def _summarise(people: int, runs: Sequence[SimulatedRun], analyses: Sequence[Analysis]) -> list[PowerRow]:
    rows: list[PowerRow] = []
    families: dict[str, list[np.ndarray]] = {}
    for analysis in analyses:
        family = ": ".join(name_family(analysis))
        for term in _list_terms(runs, analysis.id):
            found = [_find(run, analysis.id, term) for run in runs]
            hits = np.array([_is_significant(test, analysis.alpha) for test in found])
            families.setdefault(family, []).append(hits)
            rows.append(_describe(analysis, term, family, people, runs, found, hits))
    for family, members in families.items():
        if len(members) > 1:
            stacked = np.vstack(members)
            alpha = min(one.alpha for one in analyses if ": ".join(name_family(one)) == family)
            for word, together in ((ANY, stacked.max(axis=0)), (ALL, stacked.min(axis=0))):
                term = f"{word} of {len(members)} tests"
                rows.append(PowerRow("", term, family, people, *_count(together), None, alpha))
    return rows


def _list_terms(runs: Sequence[SimulatedRun], analysis: str) -> list[str]:
    """Return the analysis's tests in the order of the first study that has them; one that was never done has one."""
    terms = dict.fromkeys(test.term for run in runs for test in run.tests if test.analysis == analysis)
    return sorted(term for term in terms if term != NOT_DONE) or ([NOT_DONE] if terms else [])


def _find(run: SimulatedRun, analysis: str, term: str) -> TermResult | None:
    return next((test for test in run.tests if test.analysis == analysis and test.term == term), None)


def _is_significant(test: TermResult | None, alpha: float) -> bool:
    p = None if test is None else test.p if test.p_adjusted is None else test.p_adjusted
    return p is not None and p < alpha


def _count(hits: np.ndarray) -> tuple[int, float, float, float]:
    interval = stats.binomtest(int(hits.sum()), len(hits)).proportion_ci(LEVEL)
    return len(hits), float(hits.mean()), float(interval.low), float(interval.high)


def _describe(
    analysis: Analysis,
    term: str,
    family: str,
    people: int,
    runs: Sequence[SimulatedRun],
    found: Sequence[TermResult | None],
    hits: np.ndarray,
) -> PowerRow:
    done = [test for test in found if test is not None and test.term != NOT_DONE]
    reasons = [test.reason for run in runs for test in run.tests if test.analysis == analysis.id and test.reason]
    return PowerRow(
        analysis.id,
        term,
        family,
        people,
        *_count(hits),
        float(np.mean([test is not None and test.p is not None and test.p < analysis.alpha for test in found])),
        analysis.alpha,
        estimate=_average([test.estimate for test in done]),
        effect_name=next((test.effect_name for test in done if test.effect_name), None),
        effect=_average([test.effect for test in done]),
        n=_average([float(test.n) for test in done]),
        analysed=_average([float(run.analysed) for run in runs]),
        not_done=len(found) - len(done),
        reason=max(set(reasons), key=reasons.count) if reasons else None,
    )


def _average(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def tabulate_power(rows: Sequence[PowerRow]) -> pl.DataFrame:
    """Return the rows as a table."""
    schema: Mapping[str, type[pl.DataType]] = {
        "analysis": pl.String,
        "term": pl.String,
        "family": pl.String,
        "people": pl.Int64,
        "runs": pl.Int64,
        "power": pl.Float64,
        "ci_low": pl.Float64,
        "ci_high": pl.Float64,
        "power_uncorrected": pl.Float64,
        "alpha": pl.Float64,
        "estimate": pl.Float64,
        "effect_name": pl.String,
        "effect": pl.Float64,
        "n": pl.Float64,
        "analysed": pl.Float64,
        "not_done": pl.Int64,
        "reason": pl.String,
    }
    return pl.DataFrame([asdict(row) for row in rows], schema=dict(schema))

"""One simulated study: draw people, make and measure their faces, run the plan, keep what decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from mimicrylab.power.effects import plant_effects
from mimicrylab.power.measured_cohort import list_paper_tables, measure_cohort
from mimicrylab.power.setting import SimulationSetting
from mimicrylab.protocol.design import Study
from mimicrylab.simulate.cohort import Cohort, simulate_cohort
from mimicrylab.stats.plan.collect import collect_data
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.run import run_plan
from mimicrylab.stats.plan.study_tables import score_scales
from mimicrylab.study import StudyFolder

NOT_DONE = ""
"""Term of an analysis that was not done."""


@dataclass(frozen=True)
class TermResult:
    """What one test of one simulated study said; ``term`` is empty where the analysis was not done (``reason``)."""

    analysis: str
    term: str
    estimate: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    effect: float | None = None
    effect_name: str | None = None
    n: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class SimulatedRun:
    """One simulated study: how many people took part and were analysed, and what each test said."""

    people: int
    run: int
    analysed: int
    tests: tuple[TermResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for a line of JSON."""
        return asdict(self)


def read_run(row: Mapping[str, Any]) -> SimulatedRun:
    """Return the run of ``SimulatedRun.to_dict``."""
    tests = tuple(TermResult(**test) for test in row["tests"])
    return SimulatedRun(row["people"], row["run"], row["analysed"], tests)


def simulate_run(setting: SimulationSetting, *, people: int, run: int) -> SimulatedRun:
    """Simulate one study with that many people and run its plan; the same numbers give the same result."""
    data = draw_data(setting, people=people, run=run)
    results = run_plan(data, setting.analyses)
    analysed = int(data.people["analysed"].sum()) if "analysed" in data.people.columns else data.people.height
    tests = [row for result in results for row in _list_tests(result)]
    return SimulatedRun(people, run, analysed, tuple(tests))


def draw_data(setting: SimulationSetting, *, people: int, run: int) -> PlanData:
    """Return the data of one simulated study's plan, arms open."""
    seed = int(np.random.SeedSequence([setting.seed, people, run]).generate_state(1, np.uint64)[0] >> 1)
    study = _give_kits(setting.study, people)
    drawn = simulate_cohort(
        study,
        setting.stimuli,
        participants=people,
        seed=seed,
        scales=setting.scales,
        study_sha256="",
        population=setting.population,
    )
    cohort = _plant(drawn, setting)
    tables = (
        measure_cohort(study, setting.stimuli, cohort, coarse=setting.coarse)
        if setting.needs_faces
        else list_paper_tables(setting.stimuli, cohort)
    )
    scores = score_scales(study, tables.answers, StudyFolder(setting.root))
    arms = {kit.kit: kit.arm for kit in cohort.kits} if study.assignment else None
    return collect_data(study, tables, scores=scores, arms=arms, seed=seed % 2**32)


def _plant(cohort: Cohort, setting: SimulationSetting) -> Cohort:
    recordings = tuple(replace(plan, person=plant_effects(plan.person, setting.effects)) for plan in cohort.recordings)
    return replace(cohort, recordings=recordings)


def _give_kits(study: Study, people: int) -> Study:
    """Return the study with as many kits as people may need."""
    if study.assignment is None or study.assignment.kits_per_stratum >= people:
        return study
    assignment = study.assignment.model_copy(update={"kits_per_stratum": people + 10})
    return study.model_copy(update={"assignment": assignment})


def _list_tests(result: AnalysisResult) -> list[TermResult]:
    name = result.analysis.id
    if result.state != "done":
        return [TermResult(name, NOT_DONE, reason=result.reason)]
    rows = []
    for estimate in result.estimates:
        if estimate.term in result.tests and estimate.p is not None:
            effect = estimate.effect_size
            rows.append(
                TermResult(
                    name,
                    name_term(estimate.term),
                    estimate.estimate,
                    estimate.p,
                    estimate.p_adjusted,
                    effect.value if effect else None,
                    effect.name if effect else None,
                    estimate.n,
                )
            )
    return rows or [TermResult(name, NOT_DONE, reason="it has no test")]


def name_term(term: str) -> str:
    """Return a test's name without what differs from study to study (the margins of an equivalence test).

    Examples
    --------
    >>> name_term("anger: oxytocin - placebo between -0.0178 and 0.0178")
    'anger: oxytocin - placebo equivalent'
    """
    return re.sub(r" between -\S+ and \S+$", " equivalent", term)

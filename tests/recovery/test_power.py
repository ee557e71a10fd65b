"""Power by simulation agrees with the formula where there is one, and with alpha where nothing is planted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mimicrylab.power.study_power import simulate_power
from mimicrylab.stats.power import estimate_power
from mimicrylab.stats.power_designs import WithinDesign
from recovery.coverage import check_share
from unit.power.small_plan import write_small_plan

PLAN = ["mimicry", "treatment", "empathy"]


@pytest.mark.long
def test_with_nothing_planted_the_plan_finds_nothing_more_often_than_alpha(tmp_path: Path, record_property) -> None:
    """From faces: frames, quality, measures, losses, the plan with its corrections; 2,000 studies of 20 people."""
    study = write_small_plan(tmp_path / "study")
    found = simulate_power(study, people=[20], runs=2000, analyses=PLAN, effects=["none"], processes=1)
    for row in (one for one in found.rows if one.analysis):
        assert row.power_uncorrected is not None
        count = round(row.power_uncorrected * row.runs)
        said = {
            "test": f"mimicrylab power study, {row.analysis}",
            "situation": "whole studies of 20 people, from frames",
        }
        record_property("false_alarms", json.dumps({**said, "count": count, "runs": row.runs, "expected": "level"}))
        check_share(count, row.runs, 0.05, what=row.analysis)


@pytest.mark.long
def test_simulated_power_is_that_of_the_formula_with_the_effect_as_measured(tmp_path: Path) -> None:
    """The mean effect that 400 small studies show (Hedges' g), put into the formula, gives how many of them found it.

    Scores have heavier tails than the normal distribution: a study of thousands, which has met the rare large values,
    shows a smaller standardised effect (.50) than most studies of 24 (.58), and it is the latter that are to be done.
    """
    study = write_small_plan(tmp_path / "study")
    effects = ["mimicry.happiness=1", "treatment=0"]
    found = simulate_power(study, people=[24], runs=400, analyses=["mimicry"], effects=effects, processes=1)
    (row,) = found.rows
    assert row.n is not None
    assert row.effect is not None
    unbiased = row.effect * (1 - 3 / (4 * (row.n - 1) - 1))
    expected = estimate_power(WithinDesign(), people=round(row.n), effect=unbiased).estimate
    assert expected is not None
    assert 0.4 < expected < 0.95
    assert row.power == pytest.approx(expected, abs=0.06)

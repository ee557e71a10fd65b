"""Simulate measures of cohorts with known effects, analyse them, get the effects back: 200 seeds for each claim.

At the level of measures: people's true mimicry, trials, models and noise, without frames (see test_frames.py).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.population import MOVEMENT_SIZES, NO_MIMICRY, Effects, Population
from mimicrylab.simulate.responses import measure_window
from mimicrylab.simulate.scores import simulate_scores
from mimicrylab.simulate.truth import correlate_composite
from mimicrylab.stats.contrasts import contrast_congruence
from mimicrylab.stats.correlation import correlate
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.reliability import estimate_split_half
from recovery.coverage import check_share, gather

SEEDS = 200
PEOPLE = 40
WINDOW_S = 5.0
POPULATION = Population(effects=Effects(trait_correlation=0.4, treatment_differences={"happiness": 0.05}))
SHARE = measure_window(0.0, WINDOW_S, shown_s=WINDOW_S, mimicry=POPULATION.mimicry)
SMILE = MOVEMENT_SIZES["AU12"]
TYPICAL = {"happiness": ("AU12",), "anger": ("AU04",), "neutral": ()}
CELL = ["participant_id", "stimulus_emotion", "signal"]


@cache
def simulate(population_name: str, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return people (trait, arm, true amplitude of happiness) and their measures a trial."""
    population = {"planted": POPULATION, "nothing": NO_MIMICRY}[population_name]
    people = draw_people(population, PEOPLE, seed=seed, arms=[number % 2 for number in range(PEOPLE)])
    about = pl.DataFrame(
        {
            "participant_id": [one.participant_id for one in people],
            "trait": [one.trait for one in people],
            "arm": ["oxytocin" if one.arm == 0 else "placebo" for one in people],
            "true_amplitude": [one.amplitudes["happiness"] for one in people],
        }
    )
    return about, simulate_scores(people, population, typical=TYPICAL, window_s=WINDOW_S, seed=seed)


def contrast(population_name: str, seed: int, *, emotion: str = "happiness", **options: object) -> Estimate:
    """Return the within-person contrast of the placebo arm."""
    about, scores = simulate(population_name, seed)
    placebo = about.filter(arm="placebo")["participant_id"]
    cells = scores.filter(pl.col("participant_id").is_in(placebo.implode())).group_by(CELL).agg(pl.col("value").mean())
    results = contrast_congruence(cells, typical=TYPICAL, **options)
    return next(result for result in results if result.term.startswith(emotion))


def score_people(seed: int, population_name: str = "planted") -> pl.DataFrame:
    """Return each person's AU12 score: happiness minus neutral, without a resting face."""
    about, scores = simulate(population_name, seed)
    smiles = scores.filter(signal="AU12").group_by("participant_id", "stimulus_emotion").agg(pl.col("value").mean())
    wide = smiles.pivot("stimulus_emotion", index="participant_id", values="value")
    return about.join(wide.with_columns(score=pl.col("happiness") - pl.col("neutral")), on="participant_id")


@pytest.mark.parametrize("with_neutral", [True, False])
def test_within_person_contrast_recovers_mimicry(with_neutral: bool) -> None:
    results = [contrast("planted", seed, with_neutral=with_neutral) for seed in range(SEEDS)]
    gather(results, POPULATION.mimicry.means["happiness"] * SHARE * SMILE).check()


def test_group_difference_recovers_the_treatment() -> None:
    results = [
        compare_groups(score_people(seed), "score", group="arm", order=("oxytocin", "placebo")) for seed in range(SEEDS)
    ]
    gather(results, POPULATION.effects.treatment_differences["happiness"] * SHARE * SMILE).check()


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_correlation_of_trait_and_true_mimicry_is_recovered(method: str) -> None:
    about = [simulate("planted", seed)[0].filter(arm="placebo") for seed in range(SEEDS)]
    results = [correlate(table, "true_amplitude", second="trait", method=method) for table in about]
    rho = POPULATION.effects.trait_correlation
    # a correlation's estimate is slightly biased (Olkin & Pratt 1958), so its coverage is judged alone
    truth = rho if method == "pearson" else 6 / np.pi * np.arcsin(rho / 2)
    recovered = gather(results, truth)
    check_share(int(recovered.covered.sum()), SEEDS, 0.95, what="coverage")
    assert recovered.estimates.mean() == pytest.approx(truth, abs=0.04)


def test_measured_correlation_is_the_true_one_weakened_by_reliability() -> None:
    """The correlation with a measured score is rho times the root of its reliability, which split halves find."""
    observed, reliabilities = [], []
    for seed in range(SEEDS):
        people = score_people(seed).filter(arm="placebo")
        observed.append(correlate(people, "score", second="trait").estimate)
        scores = simulate("planted", seed)[1].filter(
            pl.col("participant_id").is_in(people["participant_id"].implode()), signal="AU12"
        )
        parts = (
            scores.group_by("participant_id", "model_id", "stimulus_emotion")
            .agg(pl.col("value").mean())
            .pivot("stimulus_emotion", index=["participant_id", "model_id"], values="value")
            .with_columns(score=pl.col("happiness") - pl.col("neutral"))
        )
        reliabilities.append(estimate_split_half(parts, "score").estimate)
    expected = POPULATION.effects.trait_correlation * np.sqrt(np.mean(reliabilities))
    assert np.mean(observed) == pytest.approx(expected, abs=0.04)
    assert 0.3 < np.mean(reliabilities) < 0.95


def test_interval_of_split_half_reliability_covers_and_is_hardly_too_wide() -> None:
    """Eight parts with a noise of 2 around a person's level have a reliability of 2/3 for their mean."""
    covered = []
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        values = generator.normal(size=(PEOPLE, 1)) + 2.0 * generator.normal(size=(PEOPLE, 8))
        table = pl.DataFrame(
            {
                "participant_id": np.repeat(np.arange(PEOPLE), 8),
                "model_id": np.tile(list("abcdefgh"), PEOPLE),
                "score": values.ravel(),
            }
        )
        result = estimate_split_half(table, "score")
        covered.append(result.ci_low <= 2 / 3 <= result.ci_high)
    assert 0.93 <= np.mean(covered) <= 0.99


def test_composite_of_emotions_goes_with_the_trait_as_stated() -> None:
    emotions = ["happiness", "sadness", "anger"]
    people = draw_people(POPULATION, 20_000, seed=1)
    mean = [np.mean([one.amplitudes[name] for name in emotions]) for one in people]
    found = np.corrcoef(mean, [one.trait for one in people])[0, 1]
    assert found == pytest.approx(correlate_composite(POPULATION, emotions), abs=0.025)


@pytest.mark.parametrize("method", ["t", "wilcoxon", "sign_flip"])
def test_nothing_planted_nothing_found(method: str) -> None:
    results = [contrast("nothing", seed, method=method, draws=999) for seed in range(SEEDS)]
    gather(results, 0.0).check_false_alarms()


def test_without_a_treatment_groups_do_not_differ() -> None:
    results = [compare_groups(score_people(seed, "nothing"), "score", group="arm") for seed in range(SEEDS)]
    recovered = gather(results, 0.0)
    recovered.check()
    recovered.check_false_alarms()


def test_a_population_can_be_made_to_order() -> None:
    louder = replace(POPULATION, mimicry=replace(POPULATION.mimicry, means={"happiness": 0.5}))
    people = draw_people(louder, 500, seed=1)
    assert np.mean([one.amplitudes["happiness"] for one in people]) == pytest.approx(0.5, abs=0.02)

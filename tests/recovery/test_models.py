"""Plant an effect in 200 simulated samples, or none: every model's intervals cover it, its tests hold their level.

The samples are those that the model is for: people with own levels and effects, unequal spreads, nonspherical blocks,
a floor, censoring. Where leaving something out would mislead, that is shown, too.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import polars as pl
import pytest
from scipy import special, stats

from mimicrylab.stats.ancova import compare_adjusted
from mimicrylab.stats.bayes_factors import weigh_value
from mimicrylab.stats.bounded import regress_share, regress_two_parts
from mimicrylab.stats.hazards import regress_hazard
from mimicrylab.stats.mixed import fit_mixed
from mimicrylab.stats.moderation import probe_moderation
from mimicrylab.stats.multivariate import compare_outcomes, regress_outcomes
from mimicrylab.stats.prediction import Validation, predict_outcome
from mimicrylab.stats.regression import regress
from mimicrylab.stats.repeated import compare_repeated
from mimicrylab.stats.survival import compare_latencies, estimate_medians, estimate_responders
from recovery.coverage import check_share, gather

SEEDS = range(200)


def count_significant(results: list, alpha: float = 0.05) -> int:
    return sum(result.p < alpha for result in results)


def draw_outcomes(seed: int, effect: float = 0.0) -> pl.DataFrame:
    """Return 40 people in two arms of 25 and 15 with three outcomes that go together."""
    generator = np.random.default_rng(seed)
    arm = np.arange(40) >= 25
    y = generator.normal(size=(40, 1)) + generator.normal(size=(40, 3))
    y[:, 1] += effect * arm
    return pl.DataFrame({"arm": np.where(arm, "y", "x")} | {f"AU{i}": y[:, i] for i in range(3)})


def test_multivariate_tests_hold_their_level_and_outcomes_are_recovered() -> None:
    names = ["AU0", "AU1", "AU2"]
    nothing = [compare_outcomes(draw_outcomes(seed), names, predictors=["arm"])[0] for seed in SEEDS]
    check_share(count_significant(nothing), len(SEEDS), 0.05, what="Wilks")
    planted = [regress_outcomes(draw_outcomes(seed, 0.7), names, predictors=["arm"])[1] for seed in SEEDS]
    gather(planted, 0.7).check()


def draw_moderation(seed: int) -> pl.DataFrame:
    """Return 80 people; the effect of x is .3 at the mean of m (5) and grows by .2 a unit; spread grows with m."""
    generator = np.random.default_rng(seed)
    x, m = np.tile([0.0, 1.0], 40), generator.normal(5, 1.5, 80)
    spread = np.exp(0.2 * (m - 5))
    return pl.DataFrame({"x": x, "m": m, "y": 0.3 * x + 0.2 * x * (m - 5) + spread * generator.normal(size=80)})


def test_moderation_and_its_simple_slopes_are_recovered() -> None:
    found = [probe_moderation(draw_moderation(seed), "y", predictor="x", moderator="m") for seed in SEEDS]
    gather([probe.interaction for probe in found], 0.2).check()
    covered = 0
    for seed, probe in zip(SEEDS, found, strict=True):
        m = draw_moderation(seed)["m"]
        low = probe.slopes[0]
        covered += low.ci_low <= 0.3 + 0.2 * (m.mean() - m.std() - 5) <= low.ci_high
    check_share(covered, len(SEEDS), 0.95, what="coverage of the slope at -1 SD")


def draw_trials(seed: int, effect: float, *, people: int = 14, trials: int = 12) -> pl.DataFrame:
    """Return trials of people with own levels and own effects of the block, of unequal number, on 6 stimuli."""
    generator = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), trials)
    block, stimulus = np.tile(np.arange(trials) % 2, people), np.tile(np.arange(trials) // 2, people)
    y = generator.normal(size=people)[person] + (effect + 0.6 * generator.normal(size=people)[person]) * block
    y += 0.4 * generator.normal(size=trials // 2)[stimulus] + generator.normal(size=len(person))
    table = pl.DataFrame({"participant_id": person, "stimulus": stimulus, "block": block, "y": y})
    return table.filter(pl.Series(generator.random(len(person)) > 0.1))


@pytest.mark.long
def test_mixed_models_cover_planted_effects_and_hold_their_level() -> None:
    fits = [fit_mixed(draw_trials(seed, 0.5), "y", predictors=["block"], stimulus="stimulus") for seed in SEEDS]
    assert all(fit.converged for fit in fits)
    gather([fit.coefficients[1] for fit in fits], 0.5).check()
    nothing = [
        fit_mixed(draw_trials(seed + 1000, 0.0), "y", predictors=["block"], stimulus="stimulus").coefficients[1]
        for seed in SEEDS
    ]
    check_share(count_significant(nothing), len(SEEDS), 0.05, what="mixed model")


@pytest.mark.long
def test_without_a_slope_over_people_false_alarms_are_many() -> None:
    bare = [
        fit_mixed(
            draw_trials(seed + 1000, 0.0),
            "y",
            predictors=["block"],
            stimulus="stimulus",
            slopes={"participant_id": []},
        ).coefficients[1]
        for seed in SEEDS
    ]
    assert count_significant(bare) > 0.1 * len(SEEDS)


def draw_blocks(seed: int) -> pl.DataFrame:
    """Return 20 people in two arms x 5 blocks whose spreads differ greatly and that drift: no sphericity, no effect."""
    generator = np.random.default_rng(seed)
    y = np.cumsum(generator.normal(size=(20, 5)) * np.array([0.5, 0.5, 0.5, 1.0, 4.0]), axis=1)
    person, block = (part.ravel() for part in np.meshgrid(range(20), range(5), indexing="ij"))
    return pl.DataFrame({"participant_id": person, "block": block, "arm": person % 2, "y": y.ravel()})


def test_repeated_measures_hold_their_level_without_sphericity() -> None:
    for place, term in ((0, "arm"), (1, "block"), (2, "arm:block")):
        found = [compare_repeated(draw_blocks(seed), "y", within=["block"], between=["arm"])[place] for seed in SEEDS]
        assert found[0].term == term
        check_share(count_significant(found), len(SEEDS), 0.05, what=term)
    uncorrected = [compare_repeated(draw_blocks(seed), "y", within=["block"], correction="none")[0] for seed in SEEDS]
    assert count_significant(uncorrected) > 0.09 * len(SEEDS)


def draw_groups(seed: int) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    arm, before = np.arange(45) >= 30, generator.normal(size=45)
    after = 0.7 * before + 0.4 * arm + np.where(arm, 1.5, 0.7) * generator.normal(size=45)
    return pl.DataFrame({"arm": np.where(arm, "y", "x"), "before": before, "after": after})


def test_adjusted_differences_are_recovered_with_unequal_groups_and_spreads() -> None:
    find = partial(compare_adjusted, factors=["arm"], covariates=["before"])
    gather([find(draw_groups(seed), "after").differences[0] for seed in SEEDS], 0.4).check()


def draw_clusters(seed: int) -> pl.DataFrame:
    """Return 15 people with 2 to 20 rows and a trait with effect .5."""
    generator = np.random.default_rng(seed)
    rows = generator.integers(2, 21, 15)
    person = np.repeat(np.arange(15), rows)
    trait, level = generator.normal(size=15), generator.normal(size=15)
    y = (0.5 * trait + level)[person] + generator.normal(size=len(person))
    return pl.DataFrame({"participant_id": person, "trait": trait[person], "y": y})


def test_cluster_robust_errors_cover_where_rows_taken_for_people_do_not() -> None:
    tables = [draw_clusters(seed) for seed in SEEDS]
    robust = [regress(table, "y", predictors=["trait"], cluster="participant_id")[2] for table in tables]
    gather(robust, 0.5).check()
    naive = [regress(table.drop("participant_id"), "y", predictors=["trait"])[2] for table in tables]
    assert gather(naive, 0.5).covered.mean() < 0.7


def draw_floor(seed: int) -> pl.DataFrame:
    """Return 100 people: a rate with mean expit(-1.5 + x / 2 + .8 arm), 0 for many, and an amount above a floor."""
    generator = np.random.default_rng(seed)
    x, arm = generator.normal(size=100), np.tile([0, 1], 50)
    mean = special.expit(-1.5 + 0.5 * x + 0.8 * arm)
    moved = generator.random(100) < 0.5 + mean / 2
    rate = np.where(moved, generator.beta(2, 2 * (0.5 + mean / 2) / mean - 2), 0.0)
    amount = np.where(generator.random(100) < mean, 1.0 + 0.5 * arm + 0.3 * generator.normal(size=100), 0.0)
    return pl.DataFrame({"x": x, "arm": arm, "rate": rate, "amount": amount.clip(0)})


def test_shares_and_two_part_models_are_recovered() -> None:
    shares = [regress_share(draw_floor(seed), "rate", predictors=["x", "arm"])[2] for seed in SEEDS]
    gather(shares, 0.8).check()
    x = np.random.default_rng(0).normal(size=1_000_000)
    high, low = special.expit(-0.7 + 0.5 * x), special.expit(-1.5 + 0.5 * x)
    both = [regress_two_parts(draw_floor(seed), "amount", predictors=["arm"])[-1] for seed in SEEDS]
    gather(both, float((high * 1.5 - low).mean())).check()


def draw_latencies(seed: int, ratio: float) -> pl.DataFrame:
    """Return 80 people, exponential onsets, censored at 2 s; arm b has ``ratio`` times the hazard."""
    generator = np.random.default_rng(seed)
    second = np.tile([False, True], 40)
    time = np.round(generator.exponential(1.5 / np.where(second, ratio, 1.0)), 2)
    return pl.DataFrame(
        {
            "arm": np.where(second, "b", "a"),
            "latency": pl.Series(np.where(time < 2, time, np.nan)).fill_nan(None),
            "censored": time >= 2,
        }
    )


def test_hazard_ratios_medians_and_responders_are_recovered() -> None:
    planted = [draw_latencies(seed, 1.8) for seed in SEEDS]
    ratios = [regress_hazard(table, "latency", predictors=["arm"], until_s=2.0)[1] for table in planted]
    gather(ratios, math.log(1.8)).check()
    medians = [estimate_medians(table, "latency", until_s=2.0, group="arm")[1] for table in planted]
    truth = math.log(2) * 1.5 / 1.8
    covered = sum((line.ci_low or 0.0) <= truth <= (line.ci_high or math.inf) for line in medians)
    check_share(covered, len(SEEDS), 0.95, what="median")
    shares = [estimate_responders(table.filter(pl.col("arm") == "a"), "latency", until_s=2.0) for table in planted]
    truth = 1 - math.exp(-1.995 / 1.5)
    check_share(sum(s.ci_low <= truth <= s.ci_high for s in shares), len(SEEDS), 0.95, what="responders")
    nothing = [compare_latencies(draw_latencies(seed, 1.0), "latency", group="arm", until_s=2.0) for seed in SEEDS]
    check_share(count_significant(nothing), len(SEEDS), 0.05, what="log-rank test")


def test_bayes_factors_are_odds() -> None:
    """Half of 400 samples have no effect, half one from the prior: the odds say how often which is the case."""
    chances, truths = [], []
    for seed in range(400):
        generator = np.random.default_rng(seed)
        effect = math.sqrt(0.5) * generator.standard_cauchy() if seed % 2 else 0.0
        table = pl.DataFrame({"score": np.clip(effect, -9, 9) + generator.normal(size=20)})
        bayes = weigh_value(table, "score").estimate
        chances.append(bayes / (1 + bayes))
        truths.append(seed % 2)
    chance = np.array(chances)
    for low, high in ((0.0, 0.5), (0.5, 0.95), (0.0, 1.01)):
        chosen = (chance >= low) & (chance < high)
        error = math.sqrt((chance[chosen] * (1 - chance[chosen])).sum())
        gap = np.array(truths)[chosen].sum() - chance[chosen].sum()
        assert abs(gap) < stats.norm.isf(0.0005) * error, (low, high, gap, error)


@pytest.mark.long
def test_permutation_of_people_holds_its_level() -> None:
    rule = Validation(repeats=1, permutations=19)
    significant = 0
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        table = pl.DataFrame({f"x{i}": generator.normal(size=30) for i in range(8)} | {"y": generator.normal(size=30)})
        names = [f"x{i}" for i in range(8)]
        found = predict_outcome(table, "y", predictors=names, model="ridge", validation=rule)[0]
        significant += found.p <= 0.05
    check_share(significant, len(SEEDS), 0.05, what="permutation of people")

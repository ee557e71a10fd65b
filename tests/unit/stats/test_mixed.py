import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.contrasts import contrast_conditions
from mimicrylab.stats.mixed import fit_mixed
from mimicrylab.stats.random_terms import list_within

PEOPLE, TRIALS = 24, 12


def make_trials(seed: int = 1, *, slope_sd: float = 0.5, effect: float = 0.6) -> pl.DataFrame:
    """Return balanced trials: people x 6 models x 2 blocks, with own levels and own effects of people."""
    generator = np.random.default_rng(seed)
    happy = np.tile([0.0, 1.0], PEOPLE * TRIALS // 2)
    person = np.repeat(np.arange(PEOPLE), TRIALS)
    model = np.tile(np.repeat(np.arange(6), 2), PEOPLE)
    level, slope = generator.normal(0, 1, PEOPLE), generator.normal(0, slope_sd, PEOPLE)
    y = 2 + level[person] + (effect + slope[person]) * happy + generator.normal(0, 0.5, 6)[model]
    return pl.DataFrame(
        {
            "participant_id": person,
            "model_id": model,
            "block": np.where(happy == 1, "happiness", "anger"),
            "arm": np.where(person % 2 == 1, "placebo", "oxytocin"),
            "y": y + generator.normal(0, 0.7, len(y)),
        }
    )


def test_balanced_data_give_the_paired_test_of_means_exactly() -> None:
    """Second derivation: with a by-person slope and equal trials the effect's t is that of the people's differences."""
    trials = make_trials()
    model = fit_mixed(trials, "y", predictors=["block"], stimulus="model_id")
    means = trials.group_by("participant_id", "block").agg(pl.col("y").mean())
    paired = contrast_conditions(means, "y", condition="block", codes={"happiness": 1.0, "anger": -1.0})
    effect = model.coefficients[1]
    assert (effect.estimate, effect.se, effect.df[0]) == pytest.approx((paired.estimate, paired.se, 23.0), rel=1e-6)
    assert effect.p == pytest.approx(paired.p, rel=1e-5)
    assert model.converged
    assert not model.singular
    assert model.tests[0].statistic.value == pytest.approx(effect.statistic.value**2)


def test_every_within_factor_gets_a_slope_by_default_and_leaving_it_out_is_warned_about() -> None:
    trials = make_trials()
    full = fit_mixed(trials, "y", predictors=["block", "arm", "block:arm"])
    assert "random intercept, block[happiness] over 24 participant_id, correlated" in full.coefficients[0].method
    bare = fit_mixed(trials, "y", predictors=["block", "arm", "block:arm"], slopes={"participant_id": []})
    assert any("no slope of block over people" in warning for warning in bare.coefficients[1].warnings)
    assert not any("no slope of" in warning for warning in full.coefficients[1].warnings)
    assert bare.coefficients[1].se < full.coefficients[1].se


def test_planted_spreads_come_back() -> None:
    cohorts = [
        make_trials(seed).with_columns(pl.col("participant_id") + 100 * seed, pl.col("model_id") + 10 * seed)
        for seed in range(8)
    ]
    model = fit_mixed(pl.concat(cohorts), "y", predictors=["block"], stimulus="model_id")
    spreads = {line.term: line.estimate for line in model.components}
    assert spreads["SD of Intercept over participant_id"] == pytest.approx(1.0, abs=0.15)
    assert spreads["SD of block[happiness] over participant_id"] == pytest.approx(0.5, abs=0.12)
    assert abs(spreads["correlation of Intercept and block[happiness] over participant_id"]) < 0.4


def test_a_variance_that_is_not_there_is_called_singular_but_is_an_optimum() -> None:
    """No person differs from another: the best variance is 0, and the fit is that of a regression."""
    trials = make_trials()
    level = pl.col("y") - pl.col("y").mean().over("participant_id", "block")
    flat = trials.with_columns(y=level + pl.when(pl.col("block") == "anger").then(0.3).otherwise(0.0))
    model = fit_mixed(flat, "y", predictors=["block"])
    assert model.converged
    assert model.singular
    assert any("singular" in warning for warning in model.coefficients[0].warnings)
    assert model.components[0].estimate == pytest.approx(0.0, abs=1e-3)
    assert model.coefficients[1].estimate == pytest.approx(-0.3)


def test_units_do_not_matter() -> None:
    trials = make_trials().with_columns(time=pl.int_range(PEOPLE * TRIALS) % TRIALS * 1.0)
    model = fit_mixed(trials, "y", predictors=["time"])
    moved = trials.with_columns(time=pl.col("time") * 1000 + 5e5, y=pl.col("y") * 100 + 1e4)
    other = fit_mixed(moved, "y", predictors=["time"])
    assert other.coefficients[1].estimate == pytest.approx(model.coefficients[1].estimate / 10, rel=1e-5)
    assert other.coefficients[1].p == pytest.approx(model.coefficients[1].p, rel=1e-3)
    assert other.coefficients[1].df[0] == pytest.approx(model.coefficients[1].df[0], rel=1e-3)


def test_order_of_rows_does_not_matter() -> None:
    trials = make_trials()
    first = fit_mixed(trials, "y", predictors=["block"], stimulus="model_id")
    second = fit_mixed(trials.sample(fraction=1, shuffle=True, seed=3), "y", predictors=["block"], stimulus="model_id")
    assert second.deviance == pytest.approx(first.deviance)


def test_few_stimuli_and_none_are_warned_about() -> None:
    trials = make_trials()
    assert any(
        "only 6 levels" in warning
        for warning in fit_mixed(trials, "y", predictors=["block"], stimulus="model_id").tests[0].warnings
    )
    assert any(
        "stimuli are taken as fixed" in warning
        for warning in fit_mixed(trials, "y", predictors=["block"]).tests[0].warnings
    )


def test_means_instead_of_trials_are_refused_with_the_way_out() -> None:
    means = make_trials().group_by("participant_id", "block").agg(pl.col("y").mean())
    with pytest.raises(InputError, match="repeated measures or a contrast"):
        fit_mixed(means, "y", predictors=["block"])


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"slopes": {"participant_id": ["arm"]}}, "never varies within"),
        ({"slopes": {"participant_id": ["eq"]}}, "unknown slope 'eq'"),
        ({"stimulus": "item"}, "unknown column 'item'"),
        ({"stimulus": "arm"}, "too few levels"),
    ],
)
def test_impossible_terms_are_refused(options: dict, match: str) -> None:
    with pytest.raises(InputError, match=match):
        fit_mixed(make_trials(), "y", predictors=["block", "arm"], **options)


def test_outcome_without_variation_is_refused() -> None:
    with pytest.raises(InputError, match="same for everybody"):
        fit_mixed(make_trials().with_columns(y=1.0), "y", predictors=["block"])
    with pytest.raises(UnknownNameError, match="column"):
        fit_mixed(make_trials(), "z", predictors=["block"])


def test_missing_trials_are_counted() -> None:
    trials = make_trials().with_columns(y=pl.when(pl.int_range(PEOPLE * TRIALS) % 50 == 0).then(None).otherwise("y"))
    model = fit_mixed(trials, "y", predictors=["block"])
    assert model.coefficients[0].warnings[0] == "6 rows without every value left out"
    assert model.coefficients[0].n == PEOPLE
    assert model.coefficients[1].df[0] != pytest.approx(23.0, abs=1e-4)


def test_a_product_varies_within_people_only_if_every_part_does() -> None:
    trials = make_trials()
    predictors = ["block", "arm", "block:arm", "block:model_id"]
    assert list_within(trials, predictors, grouping="participant_id") == ["block", "block:model_id"]


def test_an_outcome_without_residual_is_told_and_no_traceback() -> None:
    rows = [
        {"participant_id": f"P{person}", "emotion": emotion, "value": 0.1 * person + 0.05 * place * (person % 3)}
        for person in range(12)
        for place, emotion in enumerate(("anger", "fear", "happiness"))
        for _ in range(3)
    ]
    with pytest.raises(InputError, match="no residual"):
        fit_mixed(pl.DataFrame(rows), "value", predictors=["emotion"])

import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.stats.moderation import probe_moderation
from mimicrylab.stats.regression import regress

GENERATOR = np.random.default_rng(8)
N = 400
ARM, M = np.tile([0.0, 1.0], N // 2), GENERATOR.normal(5, 2, N)
PEOPLE = pl.DataFrame(
    {
        "treatment": np.where(ARM == 1, "placebo", "oxytocin"),
        "baseline": M,
        "age": GENERATOR.normal(size=N),
        "mimicry": 1 + 0.2 * ARM + 0.3 * ARM * (M - 5) + GENERATOR.normal(size=N),
    }
)


def probe(table: pl.DataFrame = PEOPLE, **options: object):
    return probe_moderation(table, "mimicry", predictor="treatment", moderator="baseline", **options)


def test_planted_slopes_come_back() -> None:
    found = probe()
    assert found.interaction.estimate == pytest.approx(0.3, abs=0.12)
    low, middle, high = found.slopes
    assert [line.term for line in (low, high)] == [
        "treatment[placebo] at -1 SD of baseline",
        "treatment[placebo] at +1 SD of baseline",
    ]
    sd = PEOPLE["baseline"].std()
    assert low.estimate == pytest.approx(middle.estimate - sd * found.interaction.estimate)
    assert high.estimate == pytest.approx(middle.estimate + sd * found.interaction.estimate)


@pytest.mark.parametrize("errors", ["hc3", "classic"])
def test_a_slope_is_the_coefficient_with_the_moderator_moved_there(errors: str) -> None:
    """Second derivation: centre the moderator at +1 SD; the predictor's own coefficient is the slope there."""
    place = PEOPLE["baseline"].mean() + PEOPLE["baseline"].std()
    moved = PEOPLE.with_columns(baseline=pl.col("baseline") - place)
    predictors = ["treatment", "baseline", "treatment:baseline"]
    expected = regress(moved, "mimicry", predictors=predictors, errors=errors)[2]
    slope = probe(errors=errors).slopes[2]
    for name in ("estimate", "se", "ci_low", "ci_high", "p"):
        assert getattr(slope, name) == pytest.approx(getattr(expected, name))


def test_bounds_are_where_the_interval_touches_zero() -> None:
    found = probe()
    assert len(found.bounds) >= 1
    for bound in found.bounds:
        moved = PEOPLE.with_columns(baseline=pl.col("baseline") - bound)
        line = regress(moved, "mimicry", predictors=["treatment", "baseline", "treatment:baseline"])[2]
        assert line.p == pytest.approx(0.05, abs=1e-9)
    assert 0 < found.share_significant < 1


def test_without_moderation_there_may_be_no_bound() -> None:
    table = PEOPLE.with_columns(mimicry=pl.Series(10 * ARM + np.random.default_rng(1).normal(size=N)))
    found = probe(table)
    assert (found.bounds, found.share_significant) == ((), 1.0)


def test_bands_stay_within_the_observed_moderators() -> None:
    found = probe(covariates=["age"])
    band = found.slope_band
    assert (band["moderator"].min(), band["moderator"].max()) == (M.min(), M.max())
    assert ((band["ci_low"] > 0) | (band["ci_high"] < 0)).equals(band["significant"])
    lines = found.line_band
    assert lines["predictor"].unique().to_list() == [0.0, 1.0]
    gap = lines.filter(predictor=1.0)["fitted"] - lines.filter(predictor=0.0)["fitted"]
    assert np.allclose(gap, band["slope"])


def test_predictor_of_numbers_gets_lines_one_sd_apart() -> None:
    found = probe_moderation(PEOPLE, "mimicry", predictor="age", moderator="baseline")
    low, high = found.line_band["predictor"].unique().sort().to_list()
    assert (high - low) / 2 == pytest.approx(PEOPLE["age"].std())


def test_three_levels_are_refused() -> None:
    table = PEOPLE.with_columns(treatment=pl.Series(["a", "b", "c", "c"] * (N // 4)))
    with pytest.raises(InputError, match="3 levels"):
        probe(table)


def test_what_regress_refuses_is_refused() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        probe(PEOPLE.with_columns(participant_id=pl.int_range(N) // 2))
    with pytest.raises(InputError, match="not numbers"):
        probe_moderation(PEOPLE, "mimicry", predictor="age", moderator="treatment")
    with pytest.raises(InputError, match="same for everybody"):
        probe(PEOPLE.with_columns(baseline=1.0))


def test_people_left_out_are_counted_once() -> None:
    table = PEOPLE.with_columns(baseline=pl.when(pl.int_range(N) < 7).then(None).otherwise("baseline"))
    found = probe(table)
    assert found.coefficients[0].warnings == ("7 rows without every value left out",)
    assert found.interaction.n == N - 7

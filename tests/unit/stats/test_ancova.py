import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.ancova import compare_adjusted
from mimicrylab.stats.regression import regress

GENERATOR = np.random.default_rng(12)
N = 200
ARM, BEFORE = np.tile([0, 1], N // 2), GENERATOR.normal(5, 2, N)
PEOPLE = pl.DataFrame(
    {
        "arm": np.where(ARM == 1, "placebo", "oxytocin"),
        "side": (["l", "r", "m"] * N)[:N],
        "before": BEFORE,
        "after": 1 + 0.8 * BEFORE + 0.5 * ARM + GENERATOR.normal(0, 0.5, N),
    }
)


def test_planted_difference_comes_back_much_sharper_than_without_the_covariate() -> None:
    found = compare_adjusted(PEOPLE, "after", factors=["arm"], covariates=["before"])
    line = found.differences[0]
    assert line.term == "placebo - oxytocin"
    assert line.estimate == pytest.approx(0.5, abs=0.2)
    raw = regress(PEOPLE, "after", predictors=["arm"])[2]
    assert line.se < raw.se / 2
    assert [line.term for line in found.tests] == ["arm", "before"]
    assert found.parallel[0].term == "arm:before"
    assert found.parallel[0].p > 0.001


@pytest.mark.parametrize("errors", ["hc3", "classic"])
def test_two_groups_are_a_regression(errors: str) -> None:
    """Second derivation: the adjusted difference is the coefficient of the arm beside the covariate."""
    line = compare_adjusted(PEOPLE, "after", factors=["arm"], covariates=["before"], errors=errors).differences[0]
    expected = regress(PEOPLE, "after", predictors=["arm", "before"], errors=errors)[2]
    for name in ("estimate", "se", "ci_low", "ci_high", "p"):
        assert getattr(line, name) == pytest.approx(getattr(expected, name))


def test_adjusted_means_are_where_the_covariate_is_at_its_mean() -> None:
    found = compare_adjusted(PEOPLE, "after", factors=["arm"], covariates=["before"])
    b = {line.term: line.estimate for line in regress(PEOPLE, "after", predictors=["arm", "before"])}
    expected = b["Intercept"] + b["before"] * PEOPLE["before"].mean()
    assert found.means[0].term == "arm oxytocin"
    assert found.means[0].estimate == pytest.approx(expected)
    assert found.means[1].estimate == pytest.approx(expected + b["arm[placebo]"])


def test_slopes_that_differ_are_told() -> None:
    table = PEOPLE.with_columns(after=pl.col("after") + pl.Series(ARM * BEFORE))
    assert compare_adjusted(table, "after", factors=["arm"], covariates=["before"]).parallel[0].p < 1e-6


def test_several_differences_are_a_family() -> None:
    found = compare_adjusted(PEOPLE, "after", factors=["arm", "side"], covariates=["before"])
    assert [line.term for line in found.tests] == ["arm", "side", "arm:side", "before"]
    sides = [line for line in found.differences if line.family]
    assert [line.term for line in sides] == ["m - l", "r - l", "r - m"]
    assert all(line.p_adjusted >= line.p for line in sides)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"factors": []}, "no factor"),
        ({"factors": ["arm", "rare"]}, "too few people in a group"),
        ({"covariates": ["side"]}, "not numbers"),
        ({"covariates": ["same"]}, "same for everybody"),
    ],
)
def test_impossible_comparisons_are_refused(options: dict, match: str) -> None:
    table = PEOPLE.with_columns(same=1.0, rare=pl.when(pl.int_range(N) < 2).then(pl.lit("a")).otherwise(pl.lit("b")))
    with pytest.raises(InputError, match=match):
        compare_adjusted(table, "after", **{"factors": ["arm"], "covariates": ["before"], **options})


def test_rows_of_one_person_and_unknown_errors_are_refused() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        compare_adjusted(
            PEOPLE.with_columns(participant_id=pl.int_range(N) // 2), "after", factors=["arm"], covariates=["before"]
        )
    with pytest.raises(UnknownNameError, match="classic"):
        compare_adjusted(PEOPLE, "after", factors=["arm"], covariates=["before"], errors="cr2")

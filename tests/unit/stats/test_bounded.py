import numpy as np
import polars as pl
import pytest
from scipy import special

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.stats.bounded import regress_share, regress_two_parts
from mimicrylab.stats.group_tests import compare_groups

GENERATOR = np.random.default_rng(9)
N = 2000
X, ARM = GENERATOR.normal(size=N), np.tile([0, 1], N // 2)
MEAN = special.expit(-1 + 0.8 * X + 0.5 * ARM)
ANY = GENERATOR.random(N) < MEAN
PEOPLE = pl.DataFrame(
    {
        "x": X,
        "arm": np.where(ARM == 1, "b", "a"),
        "rate": GENERATOR.beta(2 * MEAN, 2 * (1 - MEAN)),
        "amount": np.where(ANY, 1 + 0.2 * X + 0.3 * ARM + 0.2 * GENERATOR.normal(size=N), 0.0).clip(0),
    }
)


def find(lines: list, term: str):
    return next(line for line in lines if line.term == term)


def test_planted_log_odds_of_a_share_come_back() -> None:
    lines = regress_share(PEOPLE, "rate", predictors=["x", "arm"])
    assert [line.term for line in lines] == [
        "Intercept",
        "x",
        "arm[b]",
        "average marginal effect of x",
        "average marginal effect of arm[b]",
    ]
    for term, truth in (("x", 0.8), ("arm[b]", 0.5)):
        line = find(lines, term)
        assert line.ci_low < truth < line.ci_high
        assert line.effect_size.value == pytest.approx(np.exp(line.estimate))
    effect = find(lines, "average marginal effect of arm[b]")
    truth = (special.expit(-0.5 + 0.8 * X) - special.expit(-1 + 0.8 * X)).mean()
    assert effect.ci_low < truth < effect.ci_high


def test_the_marginal_effect_of_two_groups_is_their_difference() -> None:
    """Second derivation: without other predictors the model is the groups' means."""
    effect = regress_share(PEOPLE, "rate", predictors=["arm"])[-1]
    difference = compare_groups(PEOPLE, "rate", group="arm", order=("b", "a"))
    assert effect.estimate == pytest.approx(difference.estimate)
    assert effect.se == pytest.approx(difference.se, rel=2e-3)


def test_predictors_in_products_have_no_single_marginal_effect() -> None:
    lines = regress_share(PEOPLE, "rate", predictors=["x", "arm", "x:arm"])
    assert [line.term for line in lines] == ["Intercept", "x", "arm[b]", "x:arm[b]"]


def test_both_parts_come_back_and_add_up() -> None:
    lines = regress_two_parts(PEOPLE, "amount", predictors=["x", "arm"], unit="0 to 5")
    assert find(lines, "any: x").ci_low < 0.8 < find(lines, "any: x").ci_high
    assert find(lines, "amount: arm[b]").estimate == pytest.approx(0.3, abs=0.05)
    assert find(lines, "amount: x").n == int(ANY.sum())
    assert find(lines, "overall: average marginal effect of arm[b]").unit == "0 to 5"


def test_overall_difference_of_two_groups_is_that_of_their_means() -> None:
    """Second derivation: without other predictors share times amount is the groups' mean."""
    line = regress_two_parts(PEOPLE, "amount", predictors=["arm"])[-1]
    difference = compare_groups(PEOPLE, "amount", group="arm", order=("b", "a"))
    assert line.estimate == pytest.approx(difference.estimate)
    assert line.se == pytest.approx(difference.se, rel=5e-3)


def test_a_floor_above_zero_shifts_nothing_but_the_intercept() -> None:
    moved = PEOPLE.with_columns(amount=pl.col("amount") + 0.5)
    first = regress_two_parts(PEOPLE, "amount", predictors=["x"])
    second = regress_two_parts(moved, "amount", predictors=["x"], floor=0.5)
    assert second[-1].estimate == pytest.approx(first[-1].estimate)
    assert second[-1].se == pytest.approx(first[-1].se, rel=1e-6)


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(InputError, match="no share"):
        regress_share(PEOPLE.with_columns(rate=pl.col("rate") * 100), "rate", predictors=["x"])


def test_a_group_that_is_all_at_the_floor_is_refused() -> None:
    table = PEOPLE.with_columns(
        pl.when(pl.col("arm") == "a").then(0.0).otherwise(pl.col(name)).alias(name) for name in ("rate", "amount")
    )
    with pytest.raises(InputError, match="no finite coefficient"):
        regress_share(table, "rate", predictors=["arm"])
    with pytest.raises(InputError, match="no finite coefficient"):
        regress_two_parts(table, "amount", predictors=["arm"])


def test_a_floor_that_nobody_or_everybody_is_at_is_refused() -> None:
    with pytest.raises(InputError, match="both parts need people"):
        regress_two_parts(PEOPLE.with_columns(amount=pl.col("amount") + 1), "amount", predictors=["x"])
    with pytest.raises(InputError, match="both parts need people"):
        regress_two_parts(PEOPLE, "amount", predictors=["x"], floor=1e6)


def test_rows_of_one_person_are_refused_and_missing_counted() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        regress_share(PEOPLE.with_columns(participant_id=pl.int_range(N) // 2), "rate", predictors=["x"])
    table = PEOPLE.with_columns(x=pl.when(pl.int_range(N) < 3).then(None).otherwise("x"))
    line = regress_share(table, "rate", predictors=["x"])[0]
    assert (line.n, line.warnings) == (N - 3, ("3 rows without every value left out",))

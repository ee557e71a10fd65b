import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.paired_tests import PAIRED_METHODS, compare_pairs, compare_with_value

PAIRS = pl.DataFrame(
    {
        "participant_id": ["a", "b", "c", "d", "e"] * 2,
        "block": ["happiness"] * 5 + ["neutral"] * 5,
        "AU12": [0.3, 0.5, 0.4, 0.9, 0.6, 0.1, 0.2, 0.3, 0.4, 0.7],
    }
)


@pytest.mark.parametrize("method", PAIRED_METHODS)
def test_pairs_are_the_one_sample_test_of_their_differences(method: str) -> None:
    differences = pl.DataFrame({"score": [0.2, 0.3, 0.1, 0.5, -0.1]})
    paired = compare_pairs(PAIRS, "AU12", condition="block", method=method)
    single = compare_with_value(differences, "score", method=method)
    assert paired.estimate == pytest.approx(single.estimate)
    assert paired.p == pytest.approx(single.p)
    assert [group.name for group in paired.groups] == ["happiness", "neutral"]
    assert paired.method.startswith("Paired")


def test_row_order_does_not_matter() -> None:
    shuffled = PAIRS.sample(fraction=1.0, shuffle=True, seed=3)
    assert compare_pairs(shuffled, "AU12", condition="block") == compare_pairs(PAIRS, "AU12", condition="block")


def test_sign_flip_of_five_people_is_exact() -> None:
    table = pl.DataFrame({"score": [1.0, 2.0, 3.0, 4.0, 5.0]})
    result = compare_with_value(table, "score", method="sign_flip")
    assert result.p == pytest.approx(2 / 32)
    assert "all 32 arrangements" in result.method


def test_value_shifts_the_estimate() -> None:
    table = pl.DataFrame({"score": [1.0, 2.0, 3.0, 6.0]})
    assert compare_with_value(table, "score", value=2.0).estimate == pytest.approx(1.0)
    assert compare_with_value(table, "score", value=2.0).groups[0].mean == pytest.approx(3.0)


def test_equal_differences_are_refused() -> None:
    table = PAIRS.with_columns(AU12=pl.when(pl.col("block") == "neutral").then(0.0).otherwise(0.5))
    with pytest.raises(InputError, match="same for everybody"):
        compare_pairs(table, "AU12", condition="block")


def test_differences_that_are_equal_but_for_rounding_are_refused() -> None:
    table = pl.DataFrame({"score": [0.1 + 0.2, 0.3, 0.3, 0.1 * 3]})
    with pytest.raises(InputError, match="same for everybody"):
        compare_with_value(table, "score")


def test_unknown_method_lists_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="wilcoxon"):
        compare_pairs(PAIRS, "AU12", condition="block", method="willcoxon")


def test_mostly_zero_outcomes_still_give_a_sign_flip_test() -> None:
    values = np.zeros(30)
    values[:6] = 0.2
    result = compare_with_value(pl.DataFrame({"score": values}), "score", method="sign_flip", draws=1999)
    assert 0.01 < result.p < 0.05
    assert result.ci_low is not None
    assert result.ci_low > 0

import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.assumptions import check_equal_variances, check_normality

GENERATOR = np.random.default_rng(5)
PEOPLE = pl.DataFrame(
    {
        "sex": ["f"] * 100 + ["m"] * 100,
        "normal": GENERATOR.normal(size=200),
        "skewed": GENERATOR.exponential(size=200),
        "spread": np.concatenate([GENERATOR.normal(size=100), GENERATOR.normal(scale=3, size=100)]),
    }
)


def test_skew_is_seen_and_a_normal_outcome_passes() -> None:
    assert check_normality(PEOPLE, "skewed")[0].p < 1e-6
    assert check_normality(PEOPLE, "normal")[0].p > 0.05


def test_one_line_a_group() -> None:
    assert [(line.term, line.n) for line in check_normality(PEOPLE, "normal", group="sex")] == [("f", 100), ("m", 100)]


def test_unequal_spread_is_seen_and_its_ratio_printed() -> None:
    result = check_equal_variances(PEOPLE, "spread", group="sex")
    assert result.p < 1e-6
    assert 5 < result.estimate < 15
    assert result.df == (1.0, 198.0)


def test_unknown_center_lists_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="mean, median"):
        check_equal_variances(PEOPLE, "spread", group="sex", center="mode")


def test_a_group_at_the_floor_has_no_test_of_normality_and_says_so() -> None:
    table = pl.DataFrame({"sex": ["f"] * 4 + ["m"] * 4, "score": [0.0] * 4 + [1.0, 2.0, 3.0, 5.0]})
    floor, other = check_normality(table, "score", group="sex")
    assert floor.estimate is None
    assert "same for everybody" in floor.warnings[0]
    assert other.estimate is not None


def test_variances_of_constant_groups_are_refused() -> None:
    table = pl.DataFrame({"sex": ["f"] * 4 + ["m"] * 4, "score": [0.0] * 4 + [1.0] * 4})
    with pytest.raises(InputError, match="does not vary"):
        check_equal_variances(table, "score", group="sex")

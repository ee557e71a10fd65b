import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.group_tests import GROUP_METHODS, compare_groups

PEOPLE = pl.DataFrame(
    {
        "participant_id": [f"P{i}" for i in range(8)],
        "arm": ["a"] * 4 + ["b"] * 4,
        "AU12": [1.0, 2.0, 3.0, 4.0, 3.0, 4.0, 5.0, 6.0],
    }
)


@pytest.mark.parametrize("method", GROUP_METHODS)
def test_swapping_the_groups_changes_the_sign_and_nothing_else(method: str) -> None:
    one = compare_groups(PEOPLE, "AU12", group="arm", order=("b", "a"), method=method)
    other = compare_groups(PEOPLE, "AU12", group="arm", order=("a", "b"), method=method)
    assert one.estimate == pytest.approx(2.0)
    assert other.estimate == pytest.approx(-2.0)
    assert one.p == pytest.approx(other.p)
    assert one.effect_size.value == pytest.approx(-other.effect_size.value)


def test_both_groups_are_summarised() -> None:
    result = compare_groups(PEOPLE, "AU12", group="arm", unit="eye distance")
    assert [(group.name, group.n, group.mean, group.median) for group in result.groups] == [
        ("a", 4, 2.5, 2.5),
        ("b", 4, 4.5, 4.5),
    ]
    assert (result.n, result.unit, result.term) == (8, "eye distance", "a - b")


def test_permutation_of_eight_people_takes_all_seventy_arrangements() -> None:
    table = pl.DataFrame({"arm": ["a"] * 4 + ["b"] * 4, "AU12": [1.0, 2.0, 3.0, 4.0, 11.0, 12.0, 13.0, 14.0]})
    result = compare_groups(table, "AU12", group="arm", method="permutation")
    assert result.p == pytest.approx(2 / 70)
    assert "all 70 arrangements" in result.method


def test_same_seed_same_result_and_the_seed_is_kept() -> None:
    table = pl.DataFrame({"arm": ["a", "b"] * 20, "AU12": np.random.default_rng(0).normal(size=40)})
    one, two, three = (
        compare_groups(table, "AU12", group="arm", method="permutation", seed=seed, draws=999) for seed in (7, 7, 8)
    )
    assert one == two
    assert one.seed == 7
    assert one.p != three.p


def test_a_group_of_two_is_refused() -> None:
    with pytest.raises(InputError, match="too few people"):
        compare_groups(PEOPLE.head(6), "AU12", group="arm")


def test_constant_within_both_groups_is_refused() -> None:
    table = pl.DataFrame({"arm": ["a"] * 3 + ["b"] * 3, "AU12": [0.0] * 3 + [1.0] * 3})
    with pytest.raises(InputError, match="does not vary within the groups"):
        compare_groups(table, "AU12", group="arm")


def test_floor_in_one_group_only_is_no_obstacle() -> None:
    table = pl.DataFrame({"arm": ["a"] * 3 + ["b"] * 3, "AU12": [0.0] * 3 + [1.0, 2.0, 3.0]})
    result = compare_groups(table, "AU12", group="arm", order=("b", "a"))
    assert (result.estimate, result.df[0]) == (2.0, pytest.approx(2.0))


@pytest.mark.parametrize("method", ["welch", "student", "permutation"])
def test_one_group_of_equal_values_above_zero_is_no_obstacle(method: str) -> None:
    table = pl.DataFrame({"arm": ["a"] * 4 + ["b"] * 4, "AU12": [0.3] * 4 + [0.1, 0.2, 0.4, 0.1]})
    assert compare_groups(table, "AU12", group="arm", method=method).estimate == pytest.approx(0.1)


def test_trials_are_refused_as_people() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        compare_groups(pl.concat([PEOPLE, PEOPLE]), "AU12", group="arm")


def test_unknown_method_lists_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'welch'"):
        compare_groups(PEOPLE, "AU12", group="arm", method="welsh")

import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.samples import take_columns, take_groups, take_pairs, take_sample, take_two_groups

PEOPLE = pl.DataFrame(
    {
        "participant_id": list("abcdefgh"),
        "arm": ["x", "x", "x", "y", "y", "y", None, "x"],
        "score": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, None],
        "same": [1.0] * 8,
        "word": ["w"] * 8,
    }
)
PAIRS = pl.DataFrame(
    {
        "participant_id": ["a", "a", "b", "b", "c", "c", "d"],
        "block": ["two", "one", "one", "two", "one", "two", "one"],
        "score": [2.0, 1.0, 3.0, 5.0, 4.0, 4.5, 9.0],
    }
)


def test_missing_values_leave_people_out_and_are_counted() -> None:
    sample = take_sample(PEOPLE, "score")
    assert sample.values.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert sample.warnings == ("1 person without a value of 'score' left out",)


def test_nan_is_a_missing_value() -> None:
    assert take_sample(pl.DataFrame({"v": [1.0, np.nan, 2.0, 4.0]}), "v").n == 3


def test_groups_come_in_the_order_asked_for_and_people_without_group_are_counted() -> None:
    second, first = take_two_groups(PEOPLE, "score", group="arm", order=("y", "x"))
    assert (second.values.tolist(), first.values.tolist()) == ([4, 5, 6], [1, 2, 3])
    assert second.warnings == ("1 person without 'arm' left out",)
    assert first.warnings == ("1 person without a value of 'score' left out",)


def test_pairs_are_matched_by_person_not_by_row() -> None:
    one, two = take_pairs(PAIRS, "score", condition="block")
    assert one.values.tolist() == [1, 3, 4]
    assert two.values.tolist() == [2, 5, 4.5]
    assert one.warnings == ("1 person with only one of the two conditions left out",)


def test_different_people_cannot_be_paired() -> None:
    with pytest.raises(InputError, match="different people cannot be paired"):
        take_pairs(PEOPLE, "score", condition="arm")


def test_several_rows_of_a_person_are_refused_as_independent() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        take_sample(PAIRS, "score")
    with pytest.raises(RefusedError, match="not independent"):
        take_groups(PAIRS, "score", group="block")


def test_several_rows_of_a_person_in_a_condition_are_refused_as_a_pair() -> None:
    with pytest.raises(RefusedError, match="in one block"):
        take_pairs(pl.concat([PAIRS, PAIRS]), "score", condition="block")


def test_complete_rows_only() -> None:
    numbers, warnings = take_columns(PEOPLE.with_columns(other=pl.col("score") ** 2), ["score", "other"])
    assert numbers.shape == (7, 2)
    assert warnings == ("1 person without every value left out",)


@pytest.mark.parametrize(
    ("column", "match"),
    [("same", "same for everybody"), ("word", "not numbers")],
)
def test_useless_outcomes_are_refused(column: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        take_sample(PEOPLE, column)


def test_unknown_column_proposes_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'score'"):
        take_sample(PEOPLE, "scor")


def test_unknown_group_is_named() -> None:
    with pytest.raises(UnknownNameError, match="group of 'arm'"):
        take_groups(PEOPLE, "score", group="arm", order=("x", "z"))


def test_fewer_than_three_in_a_group_are_refused() -> None:
    with pytest.raises(InputError, match="group 'y' of 'arm': too few people"):
        take_groups(PEOPLE.filter(pl.col("score").is_null() | (pl.col("score") < 6)), "score", group="arm")


def test_one_group_or_three_are_refused() -> None:
    with pytest.raises(InputError, match="a comparison needs two"):
        take_groups(PEOPLE.filter(arm="x"), "score", group="arm")
    three = pl.DataFrame({"g": ["a", "b", "c"] * 3, "v": list(range(9))})
    with pytest.raises(InputError, match="this test compares two"):
        take_two_groups(three, "v", group="g")


def test_infinite_values_are_refused() -> None:
    with pytest.raises(InputError, match="infinite"):
        take_sample(pl.DataFrame({"v": [1.0, 2.0, np.inf]}), "v")

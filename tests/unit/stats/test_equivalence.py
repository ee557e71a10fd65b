import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.equivalence import check_group_equivalence, check_mean_equivalence, check_pair_equivalence

SCORES = pl.DataFrame({"score": [-1.0, 0.0, 1.0, 0.5, -0.5, 0.2, -0.2]})


def test_equivalent_exactly_when_the_ninety_percent_interval_lies_inside() -> None:
    free = check_mean_equivalence(SCORES, "score", low=-9, high=9)
    edge = check_mean_equivalence(SCORES, "score", low=free.ci_low, high=-free.ci_low)
    assert free.ci_level == pytest.approx(0.9)
    assert edge.p == pytest.approx(0.05)
    assert check_mean_equivalence(SCORES, "score", low=free.ci_low * 1.01, high=9).p < 0.05
    assert check_mean_equivalence(SCORES, "score", low=free.ci_low * 0.99, high=9).p > 0.05


def test_a_clear_difference_is_not_equivalent() -> None:
    assert check_mean_equivalence(SCORES + 2, "score", low=-1, high=1).p > 0.99


def test_pairs_and_groups_use_their_own_standard_error() -> None:
    generator = np.random.default_rng(2)
    person = np.repeat(np.arange(30), 2)
    table = pl.DataFrame(
        {
            "participant_id": person,
            "block": ["a", "b"] * 30,
            "score": generator.normal(size=30)[person] * 3 + generator.normal(scale=0.1, size=60),
        }
    )
    paired = check_pair_equivalence(table, "score", condition="block", low=-0.2, high=0.2)
    unpaired = check_group_equivalence(table.drop("participant_id"), "score", group="block", low=-0.2, high=0.2)
    assert paired.p < 0.001 < unpaired.p


def test_limits_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(InputError, match="below the upper"):
        check_mean_equivalence(SCORES, "score", low=1, high=-1)

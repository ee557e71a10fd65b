"""A test as it was observed is the test of the plan; arranged, it is what people without an effect would give."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.arrangements import (
    Coefficient,
    Differences,
    Groups,
    Pairs,
    draw_arrangements,
    leave_people,
)
from mimicrylab.stats.correlation import correlate
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.group_tests import GroupMethod, compare_groups
from mimicrylab.stats.paired_tests import compare_with_value
from mimicrylab.stats.regression import regress

N = 40
GENERATOR = np.random.default_rng(3)
X = GENERATOR.normal(size=N)
Y = 0.5 * X + GENERATOR.normal(size=N) * (1 + X**2)
ARM = np.array(["drug"] * 15 + ["placebo"] * 25)
TABLE = pl.DataFrame({"participant_id": [f"P{k}" for k in range(N)], "x": X, "y": Y, "arm": ARM})
PEOPLE = np.arange(N)
AS_SEEN = leave_people(N)


def assert_same(found: object, estimate: Estimate, *, p: float | None = None) -> None:
    assert found.raw[0] == pytest.approx(estimate.estimate)  # type: ignore[attr-defined]
    assert found.p[0] == pytest.approx(estimate.p if p is None else p)  # type: ignore[attr-defined]


def test_differences_are_those_of_the_t_test() -> None:
    estimate = compare_with_value(TABLE, "y", value=0.0)
    found = Differences(PEOPLE, Y).compute(AS_SEEN)
    assert_same(found, estimate)
    assert estimate.effect_size is not None
    assert found.standardised[0] == pytest.approx(estimate.effect_size.value)


@pytest.mark.parametrize("method", ["welch", "student"])
def test_groups_are_those_of_the_group_test(method: GroupMethod) -> None:
    estimate = compare_groups(TABLE, "y", group="arm", method=method)
    found = Groups(PEOPLE, Y, ARM == "drug", method).compute(AS_SEEN)  # type: ignore[arg-type]
    assert_same(found, estimate)
    assert estimate.effect_size is not None
    assert found.standardised[0] == pytest.approx(estimate.effect_size.value)


def test_ranks_give_the_rank_biserial_correlation() -> None:
    estimate = compare_groups(TABLE, "y", group="arm", method="mann_whitney")
    found = Groups(PEOPLE, Y, ARM == "drug", "ranks").compute(AS_SEEN)
    assert estimate.effect_size is not None
    assert found.raw[0] == pytest.approx(estimate.effect_size.value)
    assert found.p[0] == pytest.approx(estimate.p, abs=0.01)  # normal here, exact there
    signed = compare_with_value(TABLE, "y", value=0.0, method="wilcoxon")
    assert signed.effect_size is not None
    assert Differences(PEOPLE, Y, ranks=True).compute(AS_SEEN).raw[0] == pytest.approx(signed.effect_size.value)


@pytest.mark.parametrize(("method", "ranks"), [("pearson", False), ("spearman", True)])
def test_pairs_are_those_of_the_correlation(method: str, ranks: bool) -> None:
    estimate = correlate(TABLE, "y", second="x", method=method)  # type: ignore[arg-type]
    assert_same(Pairs(PEOPLE, X, Y, ranks).compute(AS_SEEN), estimate)


@pytest.mark.parametrize("robust", [True, False])
def test_a_coefficient_is_that_of_the_regression(robust: bool) -> None:
    estimate = regress(TABLE, "y", predictors=["x", "arm"], errors="hc3" if robust else "classic")[-1]
    others = np.column_stack([np.ones(N), X])
    found = Coefficient(PEOPLE, Y, (ARM == "placebo").astype(float), others, robust).compute(AS_SEEN)
    assert_same(found, estimate)


def test_arranged_people_have_no_effect_and_right_p() -> None:
    arranged = draw_arrangements(N, 4000, seed=1)
    calm = np.random.default_rng(8).normal(size=N) + 0.8 * X
    designs = [
        Differences(PEOPLE, calm),
        Groups(PEOPLE, calm, ARM == "drug"),
        Pairs(PEOPLE, X, calm),
        Coefficient(PEOPLE, calm, X, np.column_stack([np.ones(N), ARM == "drug"]).astype(float)),
    ]
    for design in designs:
        found = design.compute(arranged)
        assert abs(found.standardised.mean()) < 4 * found.standardised.std() / np.sqrt(4000)
        assert 0.03 < (found.p < 0.05).mean() < 0.075


def test_tests_of_the_same_people_are_arranged_alike() -> None:
    arranged = draw_arrangements(N, 200, seed=2)
    whole, part = Groups(PEOPLE, Y, ARM == "drug"), Groups(PEOPLE[:-1], Y[:-1], (ARM == "drug")[:-1])
    both = np.corrcoef(whole.compute(arranged).raw, part.compute(arranged).raw)[0, 1]
    assert both > 0.8  # without the dealing round those who are missing: .42


def test_what_cannot_be_arranged_is_refused() -> None:
    with pytest.raises(InputError, match="sum of the others"):
        Coefficient(PEOPLE, Y, X, np.column_stack([np.ones(N), X])).compute(AS_SEEN)
    with pytest.raises(InputError, match="draws"):
        draw_arrangements(5, 0, seed=1)

"""Arms of a dry run."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.protocol.arms import Arm, Assignment
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.permute import PERMUTED_NOTE, permute_arms
from unit.stats.plan.formula_values import make_formula_data

TWO_TO_ONE = Assignment(arms=(Arm(name="drug", share=2), Arm(name="placebo")), kits_per_stratum=90, block_sizes=(3, 6))


def make_blind(number: int, *, strata: list[str] | None = None) -> PlanData:
    people = pl.DataFrame({"participant_id": [f"P{index:03d}" for index in range(number)]})
    if strata is not None:
        people = people.with_columns(pl.Series("stratum", strata))
    return replace(make_formula_data(), people=people, labels="none", arms=())


def test_the_ratio_is_the_studys_and_people_keep_their_place() -> None:
    permuted = permute_arms(make_blind(90), TWO_TO_ONE, seed=1)
    assert permuted.people["arm"].value_counts(sort=True).rows() == [("drug", 60), ("placebo", 30)]
    assert permuted.people["participant_id"].to_list() == [f"P{index:03d}" for index in range(90)]
    assert (permuted.labels, permuted.arms, permuted.notes[0]) == ("permuted", ("drug", "placebo"), PERMUTED_NOTE)


def test_the_seed_decides() -> None:
    first, again, other = (permute_arms(make_blind(40), TWO_TO_ONE, seed=seed).people["arm"] for seed in (1, 1, 2))
    assert first.to_list() == again.to_list() != other.to_list()


def test_the_ratio_holds_within_strata() -> None:
    data = make_blind(12, strata=["m", "f"] * 6)
    permuted = permute_arms(data, TWO_TO_ONE, seed=3).people
    counts = permuted.group_by("stratum").agg((pl.col("arm") == "drug").sum())
    assert dict(counts.iter_rows()) == {"m": 4, "f": 4}


def test_known_arms_are_never_permuted() -> None:
    with pytest.raises(InputError, match="the arms are known"):
        permute_arms(make_formula_data(), TWO_TO_ONE, seed=1)

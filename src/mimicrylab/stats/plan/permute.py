"""A dry run while arms are sealed: arms drawn at random, so that the whole plan runs and nobody learns anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.arms import Assignment
from mimicrylab.stats.plan.data import PlanData

ARM = "arm"
PERMUTED_NOTE = (
    "DRY RUN: the arms are drawn at random, because the list of kits is sealed. Every number here that has to do with "
    "treatment is noise; it says that the plan runs, and nothing about any treatment."
)


def permute_arms(data: PlanData, assignment: Assignment, *, seed: int) -> PlanData:
    """Return the data with an arm drawn at random for each person, in the study's ratio and within its strata.

    Parameters
    ----------
    data
        Data without arms.
    assignment
        Arms and their shares.
    seed
        The same seed gives the same arms.

    Raises
    ------
    InputError
        Arms are known already: nothing may be permuted over them.
    """
    if ARM in data.people.columns:
        raise InputError("the arms are known: a dry run is not needed", where="permute_arms")
    random = np.random.default_rng(seed)
    strata = [name for name in ("stratum",) if name in data.people.columns]
    people = data.people.with_row_index("_row")
    pieces = people.partition_by(strata, maintain_order=True) if strata else [people]
    drawn = [piece.with_columns(pl.Series(ARM, _draw(piece.height, assignment, random))) for piece in pieces]
    permuted = pl.concat(drawn).sort("_row").drop("_row") if drawn else people.drop("_row")
    return replace(
        data,
        people=permuted,
        labels="permuted",
        arms=tuple(arm.name for arm in assignment.arms),
        notes=(PERMUTED_NOTE, *data.notes),
    )


def _draw(number: int, assignment: Assignment, random: np.random.Generator) -> Sequence[str]:
    """Return as many arms as people, in the declared ratio as far as the number allows, in random order."""
    unit = [arm.name for arm in assignment.arms for _ in range(arm.share)]
    whole, rest = divmod(number, len(unit))
    arms = unit * whole + [str(name) for name in random.permutation(unit)[:rest]]
    return [str(name) for name in random.permutation(arms)]

"""The two means behind a congruence index: how much moved where it was shown, and where it was not."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import GroupSummary
from mimicrylab.stats.plan.models.question import Cell, Question
from mimicrylab.stats.plan.select import select_outcome
from mimicrylab.stats.samples import PERSON, Sample

CONGRUENCE = "congruence"
LEVELS = ("congruent", "incongruent")


def tabulate_levels(question: Question) -> pl.DataFrame | None:
    """Return the congruent and the incongruent value of each person and cell of a congruence index.

    None where the index stands alone (a flat table) or where the two cannot be told apart.
    """
    outcome = question.analysis.outcome
    request = question.data.find_request(outcome.measure) if outcome.measure else None
    if not question.is_congruence or request is None or request.of is None:
        return None
    source = outcome.model_copy(update={"measure": request.of, "baseline": None})
    try:
        return select_outcome(question.data, source, conditions=[CONGRUENCE]).table
    except InputError:
        return None


def summarise_levels(cell: Cell, levels: pl.DataFrame | None) -> tuple[GroupSummary, ...]:
    """Return the congruent and the incongruent mean over the people of a cell; nothing where they are not known."""
    if levels is None or not set(cell.keys) <= set(levels.columns):
        return ()
    known = cell.table.filter(pl.col(cell.question.outcome).is_not_null())[PERSON]
    rows = _keep(levels, cell.keys).filter(pl.col(PERSON).is_in(known.implode()))
    found = []
    for level in LEVELS:
        values = rows.filter(pl.col(CONGRUENCE) == level)["value"].drop_nulls()
        if len(values) != len(known):
            return ()
        found.append(Sample(level, values.to_numpy()).summarise())
    return tuple(found)


def _keep(table: pl.DataFrame, keys: Mapping[str, str]) -> pl.DataFrame:
    for name, value in keys.items():
        table = table.filter(pl.col(name).cast(pl.String) == value)
    return table

"""The participants' flow from all who are in the folder to those who are analysed, step by step with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

Groups = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
"""Counts by each grouping: ``(("sex", (("female", 63), ("male", 24))), ...)``."""


@dataclass(frozen=True)
class FlowStep:
    """One step: how many are left, in words, by group, and who was lost on the way to it."""

    label: str
    n: int
    groups: Groups = ()
    losses: tuple[tuple[str, int], ...] = ()


def tabulate_flow(steps: Sequence[FlowStep]) -> pl.DataFrame:
    """Return the steps as a table: step, kind (left, lost or a grouping), name, count.

    Examples
    --------
    >>> tabulate_flow([FlowStep("took part", 2, (("sex", (("female", 2),)),))])["count"].to_list()
    [2, 2]
    """
    rows: list[tuple[int, str, str, int]] = []
    for index, step in enumerate(steps):
        rows += [(index, "lost", reason, count) for reason, count in step.losses]
        rows.append((index, "left", step.label, step.n))
        rows += [(index, grouping, name, count) for grouping, members in step.groups for name, count in members]
    schema = {"step": pl.Int64, "kind": pl.String, "name": pl.String, "count": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def count_groups(participants: pl.DataFrame, arms: Mapping[str, str] | None = None) -> Groups:
    """Return counts by sex, and by arm where the study is unblinded; what is not known is counted as such."""
    found: list[tuple[str, tuple[tuple[str, int], ...]]] = []
    if "sex" in participants.columns and participants["sex"].is_not_null().any():
        found.append(("sex", _count_values(participants["sex"], missing="sex not given")))
    if arms is not None:
        kits = participants["kit"].replace_strict(dict(arms), default=None, return_dtype=pl.String)
        found.append(("arm", _count_values(kits, missing="without an arm")))
    return tuple(found)


def _count_values(values: pl.Series, *, missing: str) -> tuple[tuple[str, int], ...]:
    counted = values.alias("name").drop_nulls().value_counts().sort("name")
    rows = [(str(name), int(count)) for name, count in counted.iter_rows()]
    return (*rows, (missing, values.null_count())) if values.null_count() else tuple(rows)

"""From cells to the rows of a table: what is averaged over, when a mean is complete, and in which order levels come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.schemas import EMOTIONS
from mimicrylab.stats.plan.congruence_levels import CONGRUENCE_LEVELS, SHOWN
from mimicrylab.stats.plan.value_rows import NO_EMOTION, OF_TRIALS

COLUMNS = {"emotion": "stimulus_emotion", "bin": "window_start_s"}
"""Dimension or condition -> its column among the values, where the name is another."""

TRIAL_COLUMNS = ("session_id", *OF_TRIALS, "stimulus_emotion", SHOWN)
TRIAL_FACTS = ("window_start_s", "window_stop_s", "censored", "n_frames", "share_valid")
CONGRUENCE = "congruence"
LOOSE = frozenset({"block_position", "trial", "stimulus", "model_id"})
"""Conditions of which nobody need have all levels: the order of blocks, or who was shown, is drawn for each person."""


def find_column(dimension: str) -> str:
    """Return the column of a dimension among the values (emotion: stimulus_emotion)."""
    return COLUMNS.get(dimension, dimension)


def average_cells(
    cells: pl.DataFrame,
    dimensions: Sequence[str],
    *,
    measure: str,
    people: Sequence[str],
    apart: Sequence[str] = (),
) -> pl.DataFrame:
    """Return a row for each person and combination of dimensions: the mean over what is not named, if complete.

    ``people`` have a row for every combination that anybody has, null where it is missing. ``apart`` are further
    columns that tell the cells of a person apart.

    Raises
    ------
    InputError
        Values of different units would be averaged.
    """
    keys = [find_column(name) for name in dimensions]
    rest = [name for name in ("stimulus_emotion", "signal", "window_start_s", *apart) if name not in keys]
    _refuse_mixed_units(cells, keys, measure)
    visits = cells.group_by(["participant_id", *keys, *rest], maintain_order=True).agg(
        pl.col("value").mean(), pl.col("unit").first()
    )
    value = pl.col("value")
    averaged = visits.group_by(["participant_id", *keys], maintain_order=True).agg(
        value.mean(), value.count().alias("_values"), pl.len().alias("_own"), pl.col("unit").first()
    )
    loose = bool(LOOSE & set(keys))
    if loose:
        needed = pl.col("_own")
    elif keys:
        counts = visits.select(*keys, *rest).unique().group_by(keys).len(name="_needed")
        averaged = averaged.join(counts, on=keys, how="left", nulls_equal=True, maintain_order="left")
        needed = pl.col("_needed")
    else:
        needed = pl.lit(visits.select(rest).n_unique())
    averaged = averaged.with_columns(pl.when(pl.col("_values") == needed).then("value").alias("value"))
    averaged = averaged.select("participant_id", *keys, "value", "unit")
    filled = averaged if loose else _fill_grid(averaged, keys, people)
    return filled.rename({find_column(name): name for name in dimensions if find_column(name) != name})


def _fill_grid(averaged: pl.DataFrame, keys: Sequence[str], people: Sequence[str]) -> pl.DataFrame:
    """Return a row for every person and combination of conditions that anybody has, null where it is missing."""
    unit = pl.col("unit").drop_nulls().first()
    units = averaged.group_by(keys, maintain_order=True).agg(unit) if keys else averaged.select(unit)
    everybody = pl.DataFrame({"participant_id": sorted(people)}, schema={"participant_id": pl.String})
    grid = everybody.join(units, how="cross")
    values = averaged.drop("unit")
    return grid.join(values, on=["participant_id", *keys], how="left", nulls_equal=True, maintain_order="left").select(
        "participant_id", *keys, "value", "unit"
    )


def sort_rows(table: pl.DataFrame, dimensions: Sequence[str], levels: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return the rows by person, then by condition in the order of its levels."""
    keys = [pl.col(name).cast(pl.Enum(levels[name])) if name in levels else pl.col(name) for name in dimensions]
    return table.sort("participant_id", *keys, nulls_last=True, maintain_order=True)


def average_trials(rows: pl.DataFrame, dimensions: Sequence[str], measure: str) -> pl.DataFrame:
    """Return a row a trial (and named dimension): the mean over the signals that are not named, if all have a value.

    Raises
    ------
    InputError
        The measure has no values of single trials, or signals of different units would be averaged.
    """
    of_trials = rows.filter(pl.col("trial").is_not_null())
    if of_trials.is_empty():
        raise InputError(f"{measure!r} has no values of single trials", where=f"outcome {measure!r}")
    named = [find_column(name) for name in dimensions if find_column(name) in rows.columns]
    facts = [name for name in TRIAL_COLUMNS if name in rows.columns and name not in named]
    if SHOWN in facts and "emotion" not in dimensions:
        facts.remove("stimulus_emotion")  # the emotion mimicked, which is averaged over
    _refuse_mixed_units(of_trials, named, measure)
    keys = ["participant_id", *named, *facts]
    count = pl.col("value").count()
    table = of_trials.group_by(keys, maintain_order=True).agg(
        pl.when(count == pl.len()).then(pl.col("value").mean()).alias("value"),
        pl.col("unit").first(),
        *[pl.col(name).first() for name in TRIAL_FACTS if name in rows.columns and name not in keys],
    )
    emotion = "stimulus_emotion" if "stimulus_emotion" in keys else SHOWN
    return table.rename(
        {emotion: "emotion"} | {find_column(name): name for name in dimensions if find_column(name) != name}
    )


def _refuse_mixed_units(rows: pl.DataFrame, keys: Sequence[str], measure: str) -> None:
    """Raise where values that would be averaged have different units."""
    valued = rows.filter(pl.col("value").is_not_null())
    units = (
        valued.group_by(keys).agg(pl.col("unit").unique()) if keys else valued.select(pl.col("unit").unique().implode())
    )
    mixed = units.filter(pl.col("unit").list.len() > 1)
    if mixed.is_empty():
        return
    listed = sorted(mixed["unit"][0])
    examples = [f"{valued.filter(pl.col('unit') == unit)['signal'][0]} ({unit})" for unit in listed]
    raise InputError(
        f"the mean of {measure!r} would mix units",
        where=f"outcome {measure!r}",
        found=", ".join(examples),
        do="tell them apart (for_each: [emotion] or [signal]), name signals of one unit, or take a measure without a "
        "unit of its own (presence)",
    )


def order_levels(rows: pl.DataFrame, table: pl.DataFrame, name: str) -> tuple[str, ...]:
    """Return a condition's levels: emotions in the field's order, others as they came in the visit, or by name."""
    present = set(table[name].drop_nulls().unique())
    if name == CONGRUENCE:
        return tuple(level for level in CONGRUENCE_LEVELS if level in present)
    if name == "emotion":
        known = (*EMOTIONS, NO_EMOTION)
        return (*[level for level in known if level in present], *sorted(present - set(known)))
    if name == "phase" and name in rows.columns:
        placed = rows.with_row_index("_row").filter(pl.col(name).is_not_null())
        first = placed.group_by(name).agg(pl.col("trial").mean(), pl.col("_row").min())
        return tuple(level for level in first.sort("trial", "_row")[name] if level in present)
    return tuple(table[name].drop_nulls().unique(maintain_order=True)) if name == "signal" else tuple(sorted(present))

"""The rows of the values that one outcome or predictor is made of: its measure, window, baseline and blocks."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.epochs.baseline import describe_baseline
from mimicrylab.errors import InputError, UnknownNameError, suggest_nearest
from mimicrylab.measures.cells import aggregate_trials
from mimicrylab.protocol.analyses import Outcome
from mimicrylab.protocol.measurement import Window
from mimicrylab.schemas import MEASURES
from mimicrylab.stats.plan.data import PlanData

NO_EMOTION = "no emotion"
"""Stands for the emotion where a table names none."""

NEUTRAL_VERSIONS = "neutral"
"""Dimension: congruence with neutral among the other emotions, and without."""
WITH, WITHOUT = "with", "without"
WITHOUT_NEUTRAL = "_without_neutral"

OF_TRIALS = ("block", "block_position", "phase", "model_id", "stimulus", "trial")
"""What separates the trials of one emotion and signal; the values of a flat table may have more."""


def take_rows(data: PlanData, outcome: Outcome, *, blocks: Sequence[str] = (), both: bool = False) -> pl.DataFrame:
    """Return the rows of an outcome's measure in its window, baseline and blocks, with the column ``neutral``.

    ``neutral`` is ``without`` for the rows of ``<measure>_without_neutral``, which are taken only where ``both``
    versions are wanted or the study asks for that version alone. Rows without an emotion are left out where others
    have one (a condition is an emotion shown), and are all of ``no emotion`` where none has.

    Raises
    ------
    UnknownNameError
        There is no such measure, or no such block.
    InputError
        The measure was asked for in several windows and none is named; or in another window or baseline than named.
    """
    label = outcome.measure or str(outcome.score)
    rows = _take_versions(data, label, both=both)
    rows = _keep_window(data, rows, label, outcome.window)
    if outcome.baseline is not None:
        rows = _keep_baseline(rows, label, describe_baseline(outcome.baseline))
    rows = _keep_blocks(rows, label, blocks)
    emotion = pl.col("stimulus_emotion")
    if rows["stimulus_emotion"].null_count() == rows.height:
        rows = rows.with_columns(pl.lit(NO_EMOTION).alias("stimulus_emotion"))
    return rows.filter(emotion.is_not_null()).with_columns(pl.col("baseline").drop_nulls().first().alias("baseline"))


def make_cells(data: PlanData, rows: pl.DataFrame, measure: str, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return a person's value of each condition from rows of trials, as the measure itself aggregates.

    Parameters
    ----------
    data
        Says how the measure goes from trials to a condition, and how many trials a condition needs.
    rows
        Rows of trials of one measure.
    measure
        Its name.
    by
        What separates conditions besides emotion, signal and bin (phase, block ...).
    """
    request = data.find_request(measure)
    how = (request.aggregate if request else None) or "mean_of_trials"
    finer = tuple(name for name in by if name not in (*MEASURES.names, NEUTRAL_VERSIONS) or name in OF_TRIALS)
    return aggregate_trials(rows, data.cells, how=how, by=finer)


def _take_versions(data: PlanData, label: str, *, both: bool) -> pl.DataFrame:
    measure = pl.col("measure")
    first = data.values.filter(measure == label).with_columns(pl.lit(WITH).alias(NEUTRAL_VERSIONS))
    second = data.values.filter(measure == label + WITHOUT_NEUTRAL).with_columns(
        pl.lit(WITHOUT).alias(NEUTRAL_VERSIONS)
    )
    if first.is_empty() and second.is_empty():
        names = list(dict.fromkeys(data.values["measure"]))
        asked = data.find_request(label) is not None
        if asked:
            raise InputError(
                f"the measure {label!r} has no row", where=f"outcome {label!r}", do="mimicrylab measure  computes it"
            )
        raise UnknownNameError("measure", label, names, where="outcome or predictor of an analysis")
    if both and (first.is_empty() or second.is_empty()):
        raise InputError(
            f"{label!r} was not measured both with and without neutral",
            where=f"outcome {label!r}, for_each: [neutral]",
            do="write  neutral: both  with the measure in study.yaml (neutral must be shown)",
        )
    if both:
        return pl.concat([first, second])
    return second if first.is_empty() else first


def _keep_window(data: PlanData, rows: pl.DataFrame, label: str, wanted: str | None) -> pl.DataFrame:
    asked = [request for request in data.requests if request.label == label]
    names = [request.window for request in asked]
    where = f"outcome {label!r}"
    if wanted is None and len(names) > 1:
        raise InputError(
            f"{label!r} is measured in several windows", where=where, found=", ".join(names), do="name one: window: ..."
        )
    if wanted is not None and names and wanted not in names:
        raise InputError(
            f"{label!r} is not measured in the window {wanted!r}{suggest_nearest(wanted, names)}",
            where=where,
            expected=f"one of {', '.join(names)}",
            do=f"ask for it under measures: - {{measure: {asked[0].measure}, window: {wanted}}}",
        )
    if wanted is None or len(names) == 1:
        return rows
    window = data.windows.get(wanted)
    others = [found for name in names if name != wanted and (found := data.windows.get(name)) is not None]
    for other in others:
        rows = rows.filter(~_is_window(other))
    return rows if window is None else rows.filter(_is_inside(window))


def _is_window(window: Window) -> pl.Expr:
    return pl.col("window_start_s").eq_missing(window.start_s) & pl.col("window_stop_s").eq_missing(window.stop_s)


def _is_inside(window: Window) -> pl.Expr:
    """Whether a row's window lies in a window; a row over trials of different lengths has no end."""
    begins = pl.col("window_start_s") >= window.start_s
    return begins & (pl.col("window_stop_s").is_null() | (pl.col("window_stop_s") <= window.stop_s))


def _keep_baseline(rows: pl.DataFrame, label: str, wanted: str | None) -> pl.DataFrame:
    kept = rows.filter(pl.col("baseline").eq_missing(pl.lit(wanted, pl.String)))
    if kept.is_empty():
        found = rows["baseline"].unique(maintain_order=True).to_list()
        raise InputError(
            f"{label!r} is not measured with this baseline",
            where=f"outcome {label!r}",
            expected=wanted or "no baseline",
            found=", ".join(each or "no baseline" for each in found),
            do="ask for the measure with that baseline, under a name of its own, and analyse that",
        )
    return kept


def _keep_blocks(rows: pl.DataFrame, label: str, blocks: Sequence[str]) -> pl.DataFrame:
    if not blocks:
        return rows
    of_trials = rows.filter(pl.col("trial").is_not_null())
    if of_trials.is_empty() and rows["block"].null_count():
        raise InputError(
            f"{label!r} is one value a person over all blocks, so it cannot be limited to blocks",
            where=f"outcome or predictor {label!r}",
            found=f"blocks: {', '.join(blocks)}",
            do="take the measure of trials that it is made of, or leave out blocks",
        )
    known = set(rows["block"].drop_nulls())
    for name in blocks:
        if name not in known:
            raise UnknownNameError("block with values", name, known, where=f"outcome or predictor {label!r}")
    return (rows if of_trials.is_empty() else of_trials).filter(pl.col("block").is_in(list(blocks)))

"""Within-person z: a trial's value against all trials of the same person and signal, in their standard deviations.

It puts weak and strong expressers on one scale, a signal at a time, and thereby removes everything that differs
between people: no trait and no treatment main effect may be related to it (``guards`` refuses that).
"""

from __future__ import annotations

import polars as pl

from mimicrylab.measures.cells import aggregate_trials
from mimicrylab.measures.congruence import keep_signals
from mimicrylab.measures.measure import Conditions, PersonMeasure
from mimicrylab.protocol.measurement import MeasureRequest

UNIT = "SD of the person's trials"
MINIMUM_TRIALS = 3
"""Fewer trials have no standard deviation worth the name."""
PERSON_SIGNAL = ("participant_id", "coder", "signal")


def measure_z(rows: pl.DataFrame, request: MeasureRequest, conditions: Conditions) -> pl.DataFrame:
    """Return each trial's z, (value - the person's mean) / the person's SD (ddof 1), and the conditions' means of it.

    Mean and SD are over all trials (and bins) of the person and signal that count, washout left out. Null, with a
    reason, where a person has fewer than three such trials or all are alike.
    """
    used = keep_signals(rows.filter(pl.col("block_role").fill_null("test") != "washout"), request.signals)
    value = pl.col("value")
    mean, sd = value.mean().over(PERSON_SIGNAL), value.std(ddof=1).over(PERSON_SIGNAL)
    enough = (value.count().over(PERSON_SIGNAL) >= MINIMUM_TRIALS) & (sd > 0)
    reason = pl.lit(f"fewer than {MINIMUM_TRIALS} trials of the person count, or all are alike")
    scored = used.with_columns(
        pl.when(enough).then((value - mean) / sd).alias("value"),
        pl.when(value.is_not_null() & ~enough.fill_null(False)).then(reason).otherwise("reason").alias("reason"),
        pl.lit(request.label).alias("measure"),
        pl.lit(UNIT).alias("unit"),
    )
    cells = aggregate_trials(scored, conditions.cells, how=request.aggregate or "mean_of_trials")
    return pl.concat([scored, cells])


Z = PersonMeasure(
    "z",
    "a trial's value in standard deviations of the person's own trials; never with a trait or a treatment",
    "usual in facial electromyography; its limits: Bush, Hess & Wolford (1993)",
    measure_z,
    parameters=frozenset({"of", "aggregate"}),
    removes_people=True,
)

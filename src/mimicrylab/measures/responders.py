"""Responders: the share of a person's trials in which a signal rose above a declared level."""

from __future__ import annotations

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.measures.cells import aggregate_trials
from mimicrylab.measures.congruence import keep_signals
from mimicrylab.measures.measure import Conditions, PersonMeasure
from mimicrylab.protocol.measurement import MeasureRequest

UNIT = "share of trials"


def measure_responders(rows: pl.DataFrame, request: MeasureRequest, conditions: Conditions) -> pl.DataFrame:
    """Return, for each person, emotion and signal, the share of trials whose value is above ``request.level``.

    A person responded at all where the value is above 0. Trials that do not count leave numerator and denominator.

    Raises
    ------
    InputError
        No level is declared; it has a meaning only in the coder's own unit.
    """
    if request.level is None:
        raise InputError(
            f"the measure {request.label!r} needs a level",
            where="measures in study.yaml",
            expected="a value in the signal's unit that counts as a response",
            do="add  level: 50  (Kovalchuk et al. (2022) took 50 of 100)",
        )
    above = keep_signals(rows, request.signals).with_columns(
        (pl.col("value") > request.level).cast(pl.Float64).alias("value"),
        pl.lit(request.label).alias("measure"),
        pl.lit(UNIT).alias("unit"),
    )
    return aggregate_trials(above, conditions.cells)


RESPONDERS = PersonMeasure(
    "responders",
    "share of a person's trials above a declared level",
    "Kovalchuk et al. (2022): 3 of 50 people ever above 50 of 100",
    measure_responders,
    made_of="peak",
    parameters=frozenset({"of", "level"}),
)

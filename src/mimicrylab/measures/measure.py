"""What a measure is: a small object that the registry finds by name, ours and a plugin's through the same door.

A ``TrialMeasure`` turns epochs into one number (or several bins) a trial and signal; a ``PersonMeasure`` turns the
numbers of trials into numbers of a person. Which trials count, where a baseline is applied, units, names and the rows
of ``schemas.MEASURES`` are not their business: ``measures.rows`` does that for all of them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from mimicrylab.measures.signals import Target
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import Baseline, MeasureRequest

MEASURES_GROUP = "mimicrylab.measures"
TRIAL_KEY = ("recording_id", "trial")


def list_none_excluded() -> pl.DataFrame:
    """Return the empty list of excluded recordings: ``recording_id, excluded``."""
    return pl.DataFrame(schema={"recording_id": pl.String, "excluded": pl.String})


@dataclass(frozen=True)
class Batch:
    """Recordings of some participants, whole.

    ``frames`` are marked and in order of time, their signals null in lost frames, composites among the columns;
    ``recordings`` says whose they are (``recording_id, participant_id, session_id``); ``trials`` and ``steps`` come
    from ``epochs.trials``. ``excluded`` (``recording_id, excluded``: why) are the recordings that do not count: their
    trials are there, their frames are not.
    """

    frames: pl.DataFrame
    recordings: pl.DataFrame
    trials: pl.DataFrame
    steps: pl.DataFrame
    excluded: pl.DataFrame = field(default_factory=list_none_excluded)


@dataclass(frozen=True)
class Epochs:
    """The frames of a batch in one window: rows with ``recording_id, trial, t`` and the signals.

    ``placed`` are the trials with ``zero_s, start_s, stop_s``; ``baselines`` holds each trial's baseline
    (``epochs.baseline.measure_baselines``), None where no baseline is asked for.
    """

    frames: pl.DataFrame
    placed: pl.DataFrame
    batch: Batch
    baseline: Baseline
    baselines: pl.DataFrame | None = None


@dataclass(frozen=True)
class Conditions:
    """What measures of a person need to know of the study.

    ``congruence``: emotion -> its congruent action units; ``cells``: how many trials a condition needs; ``emotions``:
    those shown in the study's analysed trials, also where one person did not see all of them.
    """

    congruence: Mapping[str, Sequence[str]]
    cells: CellLimits
    emotions: tuple[str, ...]


@dataclass(frozen=True)
class TrialMeasure:
    """One number a trial and signal.

    Attributes
    ----------
    name, summary, reference
        Name in study.yaml; what it is, in a sentence; where it comes from.
    compute
        Function of epochs, targets and request that returns ``recording_id, trial, signal, value, n_frames`` and, where
        they apply, ``window_start_s, window_stop_s, censored, reason, baseline, unit`` and ``suffix`` (what is added to
        the measure's name). No value is null, never 0.
    baseline
        ``values``: the baseline is applied to the values; ``own``: the measure uses its mean itself; ``spread``: its
        mean and standard deviation; ``none``: never.
    parameters
        Settings of ``MeasureRequest`` that it reads, beyond measure, name, signals, window, baseline and aggregate.
    unit
        Unit of the value, from the signal's.
    prefers_flags
        Whether a coder's own presence columns go before its intensities.
    averaged
        Suffixes of the rows that are averaged to conditions. Onset latencies are not, because no onset is not a number;
        whether there was one is.
    grows_with_rate
        Whether the value grows with the frame rate, so that recordings with different rates cannot be compared.
    from_movement
        Whether the window counts from the start of the stimulus's movement instead of its onset.
    """

    name: str
    summary: str
    reference: str
    compute: Callable[[Epochs, Sequence[Target], MeasureRequest], pl.DataFrame]
    baseline: Literal["values", "own", "spread", "none"] = "values"
    parameters: frozenset[str] = field(default_factory=frozenset)
    unit: Callable[[str], str] = lambda signal_unit: signal_unit
    prefers_flags: bool = False
    averaged: tuple[str, ...] = ("",)
    grows_with_rate: bool = False
    from_movement: bool = False


@dataclass(frozen=True)
class PersonMeasure:
    """Numbers of a person, made of the numbers of trials.

    Attributes
    ----------
    name, summary, reference
        As in ``TrialMeasure``.
    parameters
        Settings of ``MeasureRequest`` that it reads, beyond measure, name, signals and window. With ``aggregate`` among
        them, it takes that of the measure it is made of where the request says none.
    compute
        Function of the trials' rows of some whole participants (``schemas.MEASURES``), the request and the
        conditions; it returns rows of ``schemas.MEASURES``.
    made_of
        The measure of trials that it is made of unless the request says ``of``.
    removes_people
        Whether it removes what differs between people, so that no trait and no treatment may be related to it.
    """

    name: str
    summary: str
    reference: str
    compute: Callable[[pl.DataFrame, MeasureRequest, Conditions], pl.DataFrame]
    made_of: str = "mean"
    parameters: frozenset[str] = field(default_factory=frozenset)
    removes_people: bool = False


Measure = TrialMeasure | PersonMeasure


def widen_to_rows(wide: pl.DataFrame, names: Sequence[str], *, keys: Sequence[str] = TRIAL_KEY) -> pl.DataFrame:
    """Return one row for each key and name from columns ``<name>`` (value) and ``<name>:n`` (frames).

    Examples
    --------
    >>> wide = pl.DataFrame({"recording_id": ["r"], "trial": [0], "AU12": [0.5], "AU12:n": [10]})
    >>> widen_to_rows(wide, ["AU12"]).row(0)
    ('r', 0, 'AU12', 0.5, 10)
    """
    if not names:
        empty = wide.select(*keys).clear()
        return empty.with_columns(
            pl.lit("").alias("signal"), pl.lit(0.0).alias("value"), pl.lit(0, pl.Int32).alias("n_frames")
        )
    values = wide.select(*keys, *[pl.col(name).cast(pl.Float64) for name in names])
    counts = wide.select(pl.col(f"{name}:n").cast(pl.Int32).fill_null(0) for name in names)
    rows = values.unpivot(index=list(keys), on=list(names), variable_name="signal", value_name="value")
    return rows.with_columns(counts.unpivot(value_name="n_frames")["n_frames"])

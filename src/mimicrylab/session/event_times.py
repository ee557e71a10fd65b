"""Can the times of events be right? Within the recording, one after the other, and in the unit that was stated."""

from __future__ import annotations

import polars as pl

from mimicrylab.errors import InputError, RefusedError, count_things

MOST_BEYOND = 0.5
"""When more of the events than this begin after the end of their recordings, the times are refused."""

OVERLAP_TOLERANCE_S = 0.05
"""Two stimuli of one recording may overlap by this much: loggers round, and screens change at the next refresh."""

LONGEST_STIMULUS_S = 100.0
"""A stimulus that lasts longer than this and overlaps the next was measured in milliseconds."""

EARLIEST_S = -0.001
"""An onset may lie this much before the recording's time 0, for rounding."""

SHORTEST_SESSION_SHARE = 0.01
"""Onsets that all lie within this share of the recordings look like seconds that were taken for milliseconds."""


def check_times(rows: pl.DataFrame, *, table: str = "events", time_unit: str = "s") -> list[str]:
    """Return what is worth knowing about the times of events; times that cannot be right are errors.

    Parameters
    ----------
    rows
        ``line, recording_id, recording_s`` (length of the recording, null: not known), ``trial_type, onset, duration``
        (s).
    table
        What the table is called in messages.
    time_unit
        Unit that was stated for the table, ``s`` or ``ms``; milliseconds are proposed only where it is ``s``.

    Raises
    ------
    RefusedError
        The onsets look as if they were in another unit than stated.
    InputError
        An event begins before its recording, most begin after its end, two stimuli overlap, or two events are the
        same.
    """
    known = rows.filter(pl.col("recording_s").is_not_null())
    beyond = known.filter(pl.col("onset") >= pl.col("recording_s"))
    if beyond.height > MOST_BEYOND * max(known.height, 1):
        _refuse_beyond(known, beyond, table, time_unit=time_unit)
    _refuse_too_early(known, table)
    before = rows.filter(pl.col("onset") < EARLIEST_S)
    if before.height:
        raise InputError(
            f"{count_things(before.height, 'event')} before the start of the recording",
            where=_name_first(before, table),
            found=f"{before['onset'][0]:g} s",
            do="state the offset: --offset-s is the recording's time when the table's clock shows 0",
        )
    _refuse_overlap(rows, table)
    _refuse_repeated(rows, table)
    if not beyond.height:
        return []
    n_recordings = beyond["recording_id"].n_unique()
    where = count_things(n_recordings, "recording")
    return [f"{count_things(beyond.height, 'event')} in {where} after the recording's end: their trials stay empty"]


def _refuse_beyond(known: pl.DataFrame, beyond: pl.DataFrame, table: str, *, time_unit: str) -> None:
    where = _name_first(beyond, table)
    found = f"{beyond.height} of {known.height} events; the first at {beyond['onset'][0]:g} s in a recording of "
    found += f"{beyond['recording_s'][0]:.6g} s"
    if time_unit == "s" and (known["onset"] / 1000 < known["recording_s"]).all():
        raise RefusedError(
            "the onsets lie beyond the end of the recordings and look like milliseconds",
            where=where,
            found=found,
            do="add --time-unit ms if that is what they are",
        )
    raise RefusedError(
        "most events lie beyond the end of their recordings",
        where=where,
        found=found,
        do="check --time-unit and --offset-s, and whether the table belongs to these recordings",
    )


def _refuse_too_early(known: pl.DataFrame, table: str) -> None:
    span = known["onset"].max()
    shortest = known["recording_s"].min()
    if known.height < 3 or not isinstance(span, float) or not isinstance(shortest, float):
        return
    if 0 < span < SHORTEST_SESSION_SHARE * shortest and (known["onset"] * 1000 < known["recording_s"]).all():
        raise RefusedError(
            "all events lie within the first moment of the recordings",
            where=_name_first(known, table),
            found=f"the last onset at {span:g} s, the shortest recording {shortest:.6g} s long",
            do="check --time-unit: seconds that are taken for milliseconds end up here",
        )


def _refuse_overlap(rows: pl.DataFrame, table: str) -> None:
    stimuli = rows.filter(pl.col("trial_type") == "stimulus").sort("recording_id", "onset")
    following = stimuli.with_columns(pl.col("onset").shift(-1).over("recording_id").alias("next"))
    late = following.filter(pl.col("onset") + pl.col("duration") > pl.col("next") + OVERLAP_TOLERANCE_S)
    if not late.height:
        return
    in_ms = late["duration"].min() >= LONGEST_STIMULUS_S  # type: ignore[operator]
    hint = "the durations look like milliseconds while the onsets do not: bring them to one unit"
    raise InputError(
        f"{count_things(late.height, 'stimulus overlaps', 'stimuli overlap')} the next one",
        where=_name_first(late, table),
        found=f"it lasts until {late['onset'][0] + late['duration'][0]:g} s, the next begins at {late['next'][0]:g} s",
        do=hint if in_ms else "correct onset or duration; leave the duration empty if it is not known",
    )


def _refuse_repeated(rows: pl.DataFrame, table: str) -> None:
    repeated = rows.filter(pl.struct("recording_id", "onset", "trial_type").is_duplicated())
    if repeated.height:
        raise InputError(
            "an event stands in the table twice",
            where=_name_first(repeated, table),
            found=f"{repeated['trial_type'][0]} at {repeated['onset'][0]:g} s",
        )


def _name_first(rows: pl.DataFrame, table: str) -> str:
    return f"{table}:{int(rows['line'].min())}"  # type: ignore[arg-type]

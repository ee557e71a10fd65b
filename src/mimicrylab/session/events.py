"""The table of events from rows that name recordings, stimuli and times: everything that can be checked is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError, MissingError, UnknownNameError, count_things, suggest_nearest
from mimicrylab.schemas import EVENTS
from mimicrylab.session.event_times import check_times
from mimicrylab.session.recording import match_recording

LISTED = 5


@dataclass(frozen=True)
class PlacedEvents:
    """The table ``events``, and what is to be said about it."""

    events: pl.DataFrame
    notes: tuple[str, ...]


def place_events(
    rows: pl.DataFrame,
    recordings: pl.DataFrame,
    *,
    stimuli: pl.DataFrame | None = None,
    blocks: Mapping[str, str] | None = None,
    error_s: float | None = None,
    missing_recordings: bool = False,
    table: str = "events",
    time_unit: str = "s",
) -> PlacedEvents:
    """Return the table ``events`` for the recordings that the rows name.

    Parameters
    ----------
    rows
        What an events reader read: ``line, recording, onset, duration, trial_type, stimulus, stimulus_emotion,
        model_id, block, block_role, phase, trial``; times in s on the recordings' clocks.
    recordings
        Recordings of the study, ``duration_s`` null where it is not known.
    stimuli
        The study's stimuli; emotion and model of a stimulus are looked up there, and unknown names are errors. None:
        the rows must say the emotion.
    blocks
        Role of each block of the study by its name; None: any name goes, with the role ``test`` unless the row says
        another.
    error_s
        Error of the map between the table's clock and the recordings' (s), stored with each event.
    missing_recordings
        Whether rows of recordings that the study does not have are passed over (with a note) instead of refused.
    table
        What the table of the rows is called in messages.
    time_unit
        Unit that was stated for the table, for messages; the rows' times are in s.

    Returns
    -------
    PlacedEvents
        Rows in order of recording and onset. Trials are numbered from 0 within each session: in the order of the
        table's numbers where all stimuli have one, else by time.

    Raises
    ------
    MissingError
        A row names a recording that the study does not have, or that could be more than one.
    UnknownNameError
        A stimulus or block is not in the study.
    InputError
        An emotion is missing or contradicts the stimulus, trials cannot be told apart, or times cannot be right.
    RefusedError
        Onsets look as if they were in another unit.
    """
    matched, notes = _match_recordings(rows, recordings, table, missing_recordings=missing_recordings)
    named = _name_emotions(matched, stimuli, table)
    placed = _place_blocks(named, blocks, table)
    notes = [*notes, *check_times(placed, table=table, time_unit=time_unit)]
    events = _number_trials(placed, table).with_columns(
        file_page_error_s=pl.lit(error_s, dtype=pl.Float64),
    )
    bare = sorted(set(recordings["recording_id"]) - set(events["recording_id"]))
    if bare:
        notes.append(f"the table has no event of {len(bare)} of {recordings.height} recordings: {_list_some(bare)}")
    columns = [name for name in EVENTS.names if name in events.columns]
    return PlacedEvents(events.sort("recording_id", "onset", "trial_type").select(columns), tuple(notes))


def _match_recordings(
    rows: pl.DataFrame, recordings: pl.DataFrame, table: str, *, missing_recordings: bool
) -> tuple[pl.DataFrame, list[str]]:
    ids = recordings["recording_id"].to_list()
    meant = {name: match_recording(name, ids) for name in rows["recording"].unique(maintain_order=True)}
    unknown = [name for name, recording_id in meant.items() if recording_id is None]
    notes = []
    if unknown:
        n_rows = rows.filter(pl.col("recording").is_in(unknown)).height
        shown = _list_some([f"{name!r}{suggest_nearest(name, ids)}" for name in unknown])
        if not missing_recordings or len(unknown) == len(meant):
            raise MissingError(
                "every event is of a recording that the study does not have"
                if len(unknown) == len(meant)
                else f"{count_things(n_rows, 'event')} of recordings that the study does not have",
                where=_name_lines(rows.filter(pl.col("recording").is_in(unknown)), table),
                found=shown,
                do="import these recordings too, or correct their names (an id or a file's name, if only one has it)"
                + ("" if missing_recordings else "; --missing-recordings passes their events over"),
            )
        notes.append(f"{count_things(n_rows, 'event')} of recordings that the study does not have, left out: {shown}")
    known = rows.with_columns(
        pl.col("recording").replace_strict(meant, return_dtype=pl.String).alias("recording_id")
    ).filter(pl.col("recording_id").is_not_null())
    facts = recordings.select("recording_id", "session_id", "segment", "duration_s")
    return known.join(facts.rename({"duration_s": "recording_s"}), on="recording_id", how="left"), notes


def _name_emotions(rows: pl.DataFrame, stimuli: pl.DataFrame | None, table: str) -> pl.DataFrame:
    if stimuli is None:
        shown = pl.DataFrame(schema=dict.fromkeys(("stimulus", "emotion", "model"), pl.String))
    else:
        shown = stimuli.select("stimulus", "emotion", model=pl.col("model_id"))
        names = shown["stimulus"].to_list()
        strange = rows.filter(pl.col("stimulus").is_not_null() & ~pl.col("stimulus").is_in(names))
        if strange.height:
            raise UnknownNameError(
                "stimulus",
                strange["stimulus"][0],
                names,
                where=_name_lines(strange, table),
                do="add it to the study's stimuli",
            )
    without = rows.filter((pl.col("trial_type") == "stimulus") & pl.col("stimulus_emotion").is_null())
    if stimuli is None and without.height:
        raise InputError(
            "it is not known which emotion a stimulus shows",
            where=_name_lines(without, table),
            do="add a column emotion, or list the stimuli in the study's stimuli table",
        )
    joined = rows.join(shown, on="stimulus", how="left", maintain_order="left")
    contrary = joined.filter(pl.col("emotion") != pl.col("stimulus_emotion"))
    if contrary.height:
        raise InputError(
            "the emotion is not the one that the stimulus shows",
            where=_name_lines(contrary, table),
            expected=f"{contrary['emotion'][0]} ({contrary['stimulus'][0]})",
            found=contrary["stimulus_emotion"][0],
        )
    return joined.with_columns(
        pl.coalesce("stimulus_emotion", "emotion").alias("stimulus_emotion"),
        pl.coalesce("model_id", "model").alias("model_id"),
    ).drop("emotion", "model")


def _place_blocks(rows: pl.DataFrame, blocks: Mapping[str, str] | None, table: str) -> pl.DataFrame:
    """Return ``rows`` with the role of each block and its place in the session (by the first onset in it)."""
    if blocks is not None:
        if len(blocks) == 1:
            rows = rows.with_columns(pl.col("block").fill_null(next(iter(blocks))))
        strange = rows.filter(pl.col("block").is_not_null() & ~pl.col("block").is_in(list(blocks)))
        if strange.height:
            raise UnknownNameError("block", strange["block"][0], blocks, where=_name_lines(strange, table))
        roles = pl.col("block").replace_strict(dict(blocks), default=None, return_dtype=pl.String)
    else:
        roles = pl.when(pl.col("block").is_not_null()).then(pl.lit("test"))
    rows = rows.with_columns(pl.coalesce("block_role", roles).alias("block_role"))
    firsts = (
        rows.filter(pl.col("block").is_not_null())
        .sort("session_id", "segment", "onset")
        .unique(["session_id", "block"], keep="first", maintain_order=True)
        .select("session_id", "block", _count_within("session_id").alias("block_position"))
    )
    return rows.join(firsts, on=["session_id", "block"], how="left", maintain_order="left")


def _number_trials(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return ``rows`` with trials numbered from 0 within each session."""
    stimuli = rows.filter(pl.col("trial_type") == "stimulus")
    if stimuli["trial"].null_count() == stimuli.height:
        by_time = stimuli.sort("session_id", "segment", "onset").select(
            "line", _count_within("session_id").alias("trial")
        )
        return rows.drop("trial").join(by_time, on="line", how="left")
    if stimuli["trial"].null_count():
        raise InputError(
            "some stimuli have a trial number and some do not",
            where=_name_lines(stimuli.filter(pl.col("trial").is_null()), table),
            do="number all, or leave the column out: then they are numbered by time",
        )
    key = ["session_id", "block_position", "trial"]
    numbered = (
        rows.filter(pl.col("trial").is_not_null())
        .select(key)
        .unique()
        .sort(key)
        .with_columns(_count_within("session_id").alias("number"))
    )
    ranked = rows.join(numbered, on=key, how="left", nulls_equal=True).drop("trial").rename({"number": "trial"})
    repeated = ranked.filter(
        (pl.col("trial_type") == "stimulus") & pl.struct("session_id", "trial", "trial_type").is_duplicated()
    )
    if repeated.height:
        raise InputError(
            "stimuli of one session have the same trial number",
            where=_name_lines(repeated, table),
            expected="a number for each stimulus, or none at all",
            do="number them anew, name their blocks, or leave the column out: then they are numbered by time",
        )
    return ranked


def _count_within(group: str) -> pl.Expr:
    """Return the 0-based number of each row within its group, in the order of the rows."""
    return pl.int_range(pl.len(), dtype=pl.Int32).over(group)


def _name_lines(rows: pl.DataFrame, table: str) -> str:
    lines = rows["line"].sort().to_list()
    return f"{table}:{lines[0]}" + (f" and {count_things(len(lines) - 1, 'more line')}" if len(lines) > 1 else "")


def _list_some(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")

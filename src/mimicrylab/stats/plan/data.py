"""What planned analyses are computed from, wherever it came from: a study folder or one flat table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest, Window

Labels = Literal["open", "permuted", "none"]
"""Arms as they were given; randomly permuted arms (a dry run while the study is blinded); no arms at all."""

RATING = "rating"
"""Signal of the rows that are ratings."""

SHARE_VALID = "share_valid"
"""Name of the rows that hold each trial's share of valid frames."""

OCCASION_JOIN = "."
"""Stands between a score and the occasion on which it was asked."""


@dataclass(frozen=True)
class PlanData:
    """The people who are analysed and their values.

    Parameters
    ----------
    people
        One row a person who is not excluded as a person: ``participant_id``; ``analysed`` (whether a recording can be
        used; a score is analysed also of people without one); ``arm`` where arms are known or permuted; every form's
        field and participant's column under its name; every score as ``SCALE.score`` (``EQ-60.total``), and where it
        was asked on several occasions also as ``SCALE.score.OCCASION`` (the plain name is then the first occasion).
        Null: not answered.
    values
        One row a value, with the columns of ``schemas.MEASURES`` (participant_id, session_id, recording_id, coder,
        block, block_role, phase, trial, stimulus, stimulus_emotion, model_id, signal, measure, window_start_s,
        window_stop_s, baseline, value, unit, n_frames, share_valid, censored, reason), ``block_position``, and any
        further column of a flat table. Only of people who are analysed. Ratings are rows too: their name is the
        ``measure``, and ``signal`` is ``rating``. The measure ``share_valid`` (signal ``face``) is the share of valid
        frames of every judged trial, those of excluded recordings and of trials that do not count among them. A value
        that is missing is null, with its ``reason``. Washout is not in it.
    congruent
        Emotion -> action units that count as mimicry of it.
    requests
        What the study asks to be measured, in its order (label, aggregate, window ...).
    windows
        The study's windows, by name.
    cells
        How many of a condition's trials must count.
    apart
        Columns that tell a person's values apart where they are no trials (a table with a column for each condition).
    arms
        The arms in the order in which they are declared; a difference is the first minus the second.
    labels
        Whether ``arm`` is what people were given.
    seed
        Seed of everything random in the plan.
    notes
        What must be said of the data as a whole (arms of a dry run, what was guessed of a table).
    column_notes
        Column of the people -> what must be said where it is used (a score that was asked twice).
    """

    people: pl.DataFrame
    values: pl.DataFrame
    congruent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests: tuple[MeasureRequest, ...] = ()
    windows: Mapping[str, Window] = field(default_factory=dict)
    cells: CellLimits = field(default_factory=CellLimits)
    apart: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    labels: Labels = "none"
    seed: int = 0
    notes: tuple[str, ...] = ()
    column_notes: Mapping[str, str] = field(default_factory=dict)

    def find_request(self, measure: str) -> MeasureRequest | None:
        """Return what study.yaml asked for under a measure's name, also for what a measure gives besides.

        ``latency_responded`` and ``congruence_without_neutral`` belong to ``latency`` and ``congruence``.
        """
        fitting = [each for each in self.requests if measure == each.label or measure.startswith(f"{each.label}_")]
        return max(fitting, key=lambda each: len(each.label), default=None)

"""What planned analyses are computed from, wherever it came from: a study folder or one flat table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from mimicrylab.protocol.measurement import MeasureRequest

Labels = Literal["open", "permuted", "none"]
"""Arms as they were given; randomly permuted arms (a dry run while the study is blinded); no arms at all."""


@dataclass(frozen=True)
class PlanData:
    """The people who are analysed and their values.

    Parameters
    ----------
    people
        One row a person: ``participant_id``; ``arm`` where arms are known or permuted; every form's field and
        participant's column under its name; every score as ``SCALE.score`` (``EQ-60.total``). Null: not answered.
    values
        One row a value, with the columns of ``schemas.MEASURES`` that describe it (participant_id, session_id, block,
        block_role, phase, trial, stimulus, stimulus_emotion, model_id, signal, measure, window_start_s,
        window_stop_s, baseline, value, unit, n_frames, share_valid, censored, coder). Ratings are rows too: their name
        is the ``measure``, and ``signal`` is ``rating``. A value that is missing is null. Washout is not in it.
    congruent
        Emotion -> action units that count as mimicry of it.
    requests
        What the study asks to be measured, in its order (label, aggregate, window ...).
    labels
        Whether ``arm`` is what people were given.
    seed
        Seed of everything random in the plan.
    """

    people: pl.DataFrame
    values: pl.DataFrame
    congruent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests: tuple[MeasureRequest, ...] = ()
    labels: Labels = "none"
    seed: int = 0

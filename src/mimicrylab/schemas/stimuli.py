"""What was shown."""

from __future__ import annotations

import polars as pl

from mimicrylab.schemas.table import EMOTIONS, Column, Table

STIMULI = Table(
    "stimuli",
    "a stimulus",
    ("stimulus",),
    (
        Column("stimulus", pl.String, "name of the stimulus, as events use it"),
        Column("set", pl.String, "stimulus set it belongs to"),
        Column("emotion", pl.String, "emotion shown", null="shows no face", choices=EMOTIONS),
        Column("model_id", pl.String, "person shown", null="shows no face or not known"),
        Column(
            "action_units",
            pl.List(pl.String),
            "action units the stimulus SHOWS (AU06, AU12 ...); empty: none",
            null="not known",
        ),
        Column("movement_onset_s", pl.Float64, "start of the movement in the clip", "s", "a still, or not known", 0),
        Column("apex_s", pl.Float64, "apex of the movement in the clip", "s", "a still, or not known", 0),
        Column("duration_s", pl.Float64, "length of the clip", "s", "a still", 0),
        Column("path", pl.String, "file within the study folder", null="the file is not in the folder"),
        Column("sha256", pl.String, "hash of the file", null="the file is not at hand"),
        Column("licence", pl.String, "licence of the file", null="not stated"),
    ),
)

STIMULUS_FRAMES = Table(
    "stimulus_frames",
    "a frame of a stimulus",
    ("stimulus", "frame"),
    (
        Column("stimulus", pl.String, "which"),
        Column("frame", pl.Int32, "0-based", minimum=0),
        Column("time", pl.Float64, "from the start of the stimulus", "s", minimum=0),
    ),
    open_ended=True,
    extra="the stimulus's own signals, named as in frames",
)

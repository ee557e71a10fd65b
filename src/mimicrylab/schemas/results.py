"""What came out: measures, time courses, quality, exclusions."""

from __future__ import annotations

import polars as pl

from mimicrylab.schemas.table import BLOCK_ROLES, EMOTIONS, Column, Table

MEASURES = Table(
    "measures",
    "one number",
    (
        "participant_id",
        "session_id",
        "recording_id",
        "coder",
        "block",
        "trial",
        "stimulus_emotion",
        "signal",
        "measure",
        "window_start_s",
        "window_stop_s",
        "baseline",
    ),
    (
        Column("participant_id", pl.String, "who"),
        Column("session_id", pl.String, "at which visit", null="over several visits"),
        Column("recording_id", pl.String, "in which recording", null="over several recordings"),
        Column("coder", pl.String, "which coder's frames"),
        Column("block", pl.String, "in which block", null="over blocks"),
        Column("block_role", pl.String, "part the block plays", null="over blocks", choices=BLOCK_ROLES),
        Column("phase", pl.String, "phase of the study", null="no phases, or over phases"),
        Column("trial", pl.Int32, "0-based within the session", null="over trials", minimum=0),
        Column("stimulus", pl.String, "which stimulus", null="over stimuli"),
        Column("stimulus_emotion", pl.String, "emotion shown", null="over emotions", choices=EMOTIONS),
        Column("model_id", pl.String, "person shown", null="over models"),
        Column("signal", pl.String, "signal or composite; a composite carries its action units in the name"),
        Column("measure", pl.String, "name of the measure"),
        Column("window_start_s", pl.Float64, "start of the window, from onset", "s", "no window"),
        Column("window_stop_s", pl.Float64, "end of the window, from onset; not included", "s", "no window"),
        Column("baseline", pl.String, "how a baseline was applied", null="none"),
        Column("value", pl.Float64, "the number", "see unit", "too few valid data"),
        Column("unit", pl.String, "unit of value"),
        Column("n_frames", pl.Int32, "valid frames behind it", minimum=0),
        Column("share_valid", pl.Float64, "valid frames by frames in the window", "", "no frame in the window", 0, 1),
        Column("censored", pl.Boolean, "no onset within the window (latencies only)", null="not a latency"),
        Column("reason", pl.String, "why there is no value", null="there is a value"),
    ),
)

TIMECOURSES = Table(
    "timecourses",
    "a bin of a person's mean time course",
    ("participant_id", "coder", "stimulus_emotion", "signal", "bin_start_s"),
    (
        Column("participant_id", pl.String, "who"),
        Column("coder", pl.String, "which coder's frames"),
        Column("stimulus_emotion", pl.String, "emotion shown", null="no face shown", choices=EMOTIONS),
        Column("signal", pl.String, "signal or composite; a composite carries its action units in the name"),
        Column("bin_start_s", pl.Float64, "start of the bin, from onset", "s"),
        Column("bin_stop_s", pl.Float64, "end of the bin, from onset; not included", "s"),
        Column("baseline", pl.String, "how a baseline was applied", null="none"),
        Column("value", pl.Float64, "mean of the trials' means", "see unit", "no valid frame"),
        Column("unit", pl.String, "unit of value"),
        Column("n_trials", pl.Int32, "trials behind it", minimum=0),
        Column("n_frames", pl.Int32, "valid frames behind it", minimum=0),
    ),
)

QUALITY = Table(
    "quality",
    "a recording, a trial or a face",
    ("recording_id", "face", "trial"),
    (
        Column("recording_id", pl.String, "which recording"),
        Column("participant_id", pl.String, "whose"),
        Column("coder", pl.String, "whose frames were judged"),
        Column("face", pl.Int16, "which face", null="the whole recording"),
        Column("trial", pl.Int32, "which trial", null="the whole recording", minimum=0),
        Column("grade", pl.Int8, "0 good, 1 minor issues, 2 major issues, 3 not usable", minimum=0, maximum=3),
        Column("reasons", pl.List(pl.String), "why the grade is not 0; empty when it is"),
        Column("n_frames", pl.Int64, "frames judged", minimum=0),
        Column("share_valid", pl.Float64, "frames that pass every limit", "", "no frame", 0, 1),
        Column("share_no_face", pl.Float64, "frames without a face", "", "no frame", 0, 1),
        Column("effective_fps", pl.Float64, "valid frames by second", "1/s", "no frame", 0),
        Column("longest_gap_s", pl.Float64, "longest time without a valid frame", "s", "no frame", 0),
        Column("override", pl.Int8, "grade set by a person", null="not overridden", minimum=0, maximum=3),
        Column("override_by", pl.String, "who set it", null="not overridden"),
        Column("override_reason", pl.String, "why", null="not overridden"),
    ),
    open_ended=True,
    extra="share of frames lost by each further cause (share_pose, share_blur, share_dark ...)",
)

EXCLUSION_STAGES = ("eligibility", "consent", "session", "questionnaires", "recording", "quality")
"""Where a participant can be lost, in the order of the participant flow."""

EXCLUSIONS = Table(
    "exclusions",
    "one exclusion and its reason; what is excluded stays in its own table",
    ("participant_id", "recording_id", "trial", "stage", "reason"),
    (
        Column("participant_id", pl.String, "who"),
        Column(
            "recording_id", pl.String, "which recording", null="the participant as a whole, or nothing was recorded"
        ),
        Column("trial", pl.Int32, "which trial", null="the recording, or the participant, as a whole", minimum=0),
        Column("level", pl.String, "what is excluded", choices=("participant", "recording", "trial")),
        Column("stage", pl.String, "where in the participant flow", choices=EXCLUSION_STAGES),
        Column("reason", pl.String, "why, with the figure and the declared limit"),
        Column("rule", pl.String, "the setting of study.yaml that excludes", null="decided by a person"),
        Column("decided_by", pl.String, "who decided", null="a declared rule"),
    ),
)

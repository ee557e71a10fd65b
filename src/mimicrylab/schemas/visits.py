"""Who took part, what happened at each visit, and what was answered."""

from __future__ import annotations

import polars as pl

from mimicrylab.schemas.table import BLOCK_ROLES, EMOTIONS, Column, Table

PARTICIPANTS = Table(
    "participants",
    "a participant",
    ("participant_id",),
    (
        Column("participant_id", pl.String, "code of the participant; never a name"),
        Column("kit", pl.String, "number of the treatment kit; the arm is never stored here", null="no treatment"),
        Column("stratum", pl.String, "stratum of the randomisation", null="not stratified"),
        Column("sex", pl.String, "as the participant gave it", null="not asked or not given"),
        Column("age", pl.Float64, "age, or the middle of the age band", "years", "not asked or not given", 0, 130),
        Column("age_band", pl.String, "age band as chosen in the form", null="not asked in bands"),
        Column("ethnicity", pl.String, "as the participant gave it", null="not asked or not given"),
        Column("glasses", pl.Boolean, "wore glasses in the recording", null="not known"),
        Column("consent_version", pl.String, "version of the consent text agreed to", null="consent kept elsewhere"),
        Column("consent_choices", pl.List(pl.String), "tiers agreed to", null="consent kept elsewhere"),
        Column(
            "state",
            pl.String,
            "where the participant is",
            choices=("invited", "started", "finished", "aborted", "withdrawn"),
        ),
        Column("excluded", pl.Boolean, "excluded from analyses; the row stays"),
        Column("exclusion_reason", pl.String, "why", null="not excluded"),
    ),
    open_ended=True,
    extra="further demographics, one column a form field",
)

ARMS = Table(
    "arms",
    "a kit; the table exists only after `unblind`, or where nobody is blinded",
    ("kit",),
    (
        Column("kit", pl.String, "number of the treatment kit"),
        Column("stratum", pl.String, "stratum the kit is meant for", null="not stratified"),
        Column("arm", pl.String, "treatment in the kit"),
    ),
)

SESSIONS = Table(
    "sessions",
    "a visit",
    ("session_id",),
    (
        Column("session_id", pl.String, "identifies the visit"),
        Column("participant_id", pl.String, "who"),
        Column("session", pl.String, "name of the session in study.yaml"),
        Column("started", pl.String, "ISO 8601 date and time with offset", null="not recorded"),
        Column("study_sha256", pl.String, "hash of the study.yaml in force", null="data came from elsewhere"),
        Column("seed", pl.Int64, "seed of the session's random orders", null="data came from elsewhere"),
        Column("state", pl.String, "how it ended", choices=("started", "finished", "aborted", "withdrawn")),
        Column("capture", pl.String, "how the face was recorded", null="nothing recorded"),
        Column("software", pl.String, "program and version that ran the session", null="not known"),
    ),
)

ANSWERS = Table(
    "answers",
    "an answer: scale item, rating, form field or measurement",
    ("session_id", "block", "trial", "occasion", "scale", "item"),
    (
        Column("participant_id", pl.String, "who"),
        Column("session_id", pl.String, "at which visit"),
        Column("block", pl.String, "in which block", null="outside blocks"),
        Column("trial", pl.Int32, "about which trial (0-based within the session)", null="not about a trial"),
        Column("occasion", pl.String, "planned time (consent, +35 min ...)", null="asked once"),
        Column("scale", pl.String, "questionnaire, form, rating or measurement"),
        Column("item", pl.String, "item or field"),
        Column("response", pl.String, "the answer as given; numbers as text", null="not answered"),
        Column("time", pl.Float64, "when, on the session's clock", "s", "not known"),
    ),
)

EVENTS = Table(
    "events",
    "a step shown",
    ("session_id", "onset", "trial_type"),
    (
        Column("session_id", pl.String, "at which visit"),
        Column("recording_id", pl.String, "recording that covers it", null="nothing recorded"),
        Column("block", pl.String, "name of the block", null="outside blocks"),
        Column("block_position", pl.Int32, "place of the block in this session, 0-based", null="outside blocks"),
        Column("block_role", pl.String, "part the block plays", null="outside blocks", choices=BLOCK_ROLES),
        Column("phase", pl.String, "phase of the study (before, after ...)", null="no phases"),
        Column("trial", pl.Int32, "0-based within the session", null="not part of a trial", minimum=0),
        Column("onset", pl.Float64, "on the recording's clock", "s"),
        Column("duration", pl.Float64, "as shown", "s", "not known", 0),
        Column("page_onset_s", pl.Float64, "on the page's clock", "s", "not shown by a page"),
        Column("frames_shown", pl.Int32, "frames of a clip that reached the screen", null="a still, or not known"),
        Column(
            "trial_type",
            pl.String,
            "what the step is",
            choices=("stimulus", "fixation", "blank", "rating", "questionnaire", "rest", "other"),
        ),
        Column("stimulus", pl.String, "which stimulus", null="no stimulus"),
        Column("stimulus_emotion", pl.String, "emotion shown", null="no face shown", choices=EMOTIONS),
        Column("model_id", pl.String, "person shown", null="no face shown or not known"),
        Column("file_page_error_s", pl.Float64, "error of the map between file and page time", "s", "not known", 0),
        Column("display_camera_delay_s", pl.Float64, "screen and camera latency", "s", "not measured"),
    ),
)

"""Every table of MimicryLab, declared once: column, type, unit, range, meaning, and what null means.

The documentation (docs/tables.md) is rendered from here, and ``tables.write_table`` refuses a frame that disagrees.
Times are float64 seconds; intervals are half-open ``[start, stop)``; a missing face is null, never 0.

Examples
--------
>>> FRAMES.column("time").unit
's'
>>> [column.name for column in FRAMES.columns][:3]
['recording_id', 'face', 'frame']
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import UnknownNameError

EMOTIONS = ("anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The field's words, in the order used everywhere. A vendor's word ("joy") is mapped at the reader."""

BLOCK_ROLES = ("baseline", "test", "washout")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``minimum`` and ``maximum`` bound the values (inclusive); ``choices`` lists the only values allowed;
    ``null`` says what a missing value means, or is empty where null is not allowed.
    """

    name: str
    dtype: pl.DataType | type[pl.DataType]
    meaning: str
    unit: str = ""
    null: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: what a row is, which columns identify it, and its columns.

    ``open_ended`` tables may have further columns behind the declared ones (signals, demographics);
    ``extra`` says what they are.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    open_ended: bool = False
    extra: str = ""

    def column(self, name: str) -> Column:
        """Return the column called ``name``; an unknown one is an ``UnknownNameError`` that proposes the nearest."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError(f"column of table {self.name!r}", name, [c.name for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the declared columns, in order."""
        return tuple(column.name for column in self.columns)

    def empty(self) -> pl.DataFrame:
        """Return a frame with the declared columns and no row."""
        return pl.DataFrame(schema={column.name: column.dtype for column in self.columns})


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

RECORDINGS = Table(
    "recordings",
    "a video or feature stream; a reload starts a new segment",
    ("recording_id",),
    (
        Column("recording_id", pl.String, "identifies the recording; its relative path without the ending"),
        Column("session_id", pl.String, "visit it belongs to"),
        Column("participant_id", pl.String, "whose face is analysed"),
        Column("segment", pl.Int32, "0-based; more than one after a reload", minimum=0),
        Column("path", pl.String, "file within the study folder", null="no file is kept (features only)"),
        Column("sha256", pl.String, "hash of the file", null="no file is kept"),
        Column("n_frames", pl.Int64, "frames in the file", null="not counted yet", minimum=0),
        Column("duration_s", pl.Float64, "last minus first frame plus one interval", "s", "not known yet", 0),
        Column("mean_fps", pl.Float64, "frames by duration", "1/s", "not known yet", 0),
        Column("width", pl.Int32, "picture width", "px", "not known yet", 1),
        Column("height", pl.Int32, "picture height", "px", "not known yet", 1),
        Column("expected_s", pl.Float64, "length it should have", "s", "not declared", 0),
        Column("received_s", pl.Float64, "length that arrived", "s", "not known yet", 0),
        Column("complete", pl.Boolean, "nothing is missing", null="not known yet"),
        Column("reason", pl.String, "what is missing and why", null="complete, or not known yet"),
    ),
)

FACES = Table(
    "faces",
    "a face in a recording",
    ("recording_id", "face"),
    (
        Column("recording_id", pl.String, "in which recording"),
        Column("face", pl.Int16, "number of the face as the coder gave it", minimum=0),
        Column("participant_id", pl.String, "whose face", null="not a participant (a bystander)"),
    ),
)

FRAMES = Table(
    "frames",
    "a face in a frame",
    ("recording_id", "face", "frame"),
    (
        Column("recording_id", pl.String, "in which recording"),
        Column("face", pl.Int16, "number of the face, 0 unless several were coded", minimum=0),
        Column("frame", pl.Int32, "0-based", minimum=0),
        Column("time", pl.Float64, "true presentation time, first frame of the file = its own time", "s"),
        Column("success", pl.Boolean, "a face was found and coded"),
        Column("confidence", pl.Float32, "the coder's confidence that this is a face", "", "no face", 0, 1),
        Column("pitch", pl.Float32, "head turned down (+) or up (-)", "deg", "no face, or not measured"),
        Column("yaw", pl.Float32, "head turned to the person's left (+) or right (-)", "deg", "no face"),
        Column("roll", pl.Float32, "head tilted to the person's left (+) or right (-)", "deg", "no face"),
        Column("box_x", pl.Float32, "left edge of the face's box", "px", "no face"),
        Column("box_y", pl.Float32, "top edge of the face's box", "px", "no face"),
        Column("box_width", pl.Float32, "width of the face's box", "px", "no face", 0),
        Column("box_height", pl.Float32, "height of the face's box", "px", "no face", 0),
        Column("sharpness", pl.Float32, "spread of the Laplacian over the face", "", "no face, or no pixels", 0),
        Column("luminance", pl.Float32, "mean grey value of the face", "0-255", "no face, or no pixels", 0, 255),
    ),
    open_ended=True,
    extra="signals in the coder's own unit and name (AU12, AU12L, bs_jawOpen, AU12_r ...); null: no face, or not "
    "measured",
)

FRAME_CONDITIONS = (
    Column("faces_found", pl.Int16, "faces in the picture, this one included", "", "not counted", 0),
    Column("mouth_occlusion", pl.Float32, "how surely something covers the mouth", "", "not judged", 0, 1),
    Column("brow_occlusion", pl.Float32, "how surely something covers the brow", "", "not judged", 0, 1),
    Column("gaze_yaw", pl.Float32, "eyes turned to the person's left (+) or right (-)", "deg", "not measured"),
    Column("gaze_pitch", pl.Float32, "eyes turned down (+) or up (-)", "deg", "not measured"),
)
"""Further columns of ``frames`` that a coder may write and that quality reads; they are no signals."""

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

EXCLUSION_STAGES = ("eligibility", "consent", "session", "questionnaires", "recording", "quality")
"""Where a participant can be lost, in the order of the participant flow."""

EXCLUSIONS = Table(
    "exclusions",
    "one exclusion and its reason; what is excluded stays in its own table",
    ("participant_id", "recording_id", "trial", "stage", "reason"),
    (
        Column("participant_id", pl.String, "who"),
        Column("recording_id", pl.String, "which recording", null="the participant as a whole"),
        Column("trial", pl.Int32, "which trial", null="the recording, or the participant, as a whole", minimum=0),
        Column("level", pl.String, "what is excluded", choices=("participant", "recording", "trial")),
        Column("stage", pl.String, "where in the participant flow", choices=EXCLUSION_STAGES),
        Column("reason", pl.String, "why, with the figure and the declared limit"),
        Column("rule", pl.String, "the setting of study.yaml that excludes", null="decided by a person"),
        Column("decided_by", pl.String, "who decided", null="a declared rule"),
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

TABLES = {
    table.name: table
    for table in (
        PARTICIPANTS,
        ARMS,
        SESSIONS,
        ANSWERS,
        STIMULI,
        STIMULUS_FRAMES,
        EVENTS,
        RECORDINGS,
        FACES,
        FRAMES,
        MEASURES,
        TIMECOURSES,
        QUALITY,
        EXCLUSIONS,
    )
}
"""Every table by name."""

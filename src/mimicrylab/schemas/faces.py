"""What was recorded, and what the faces did, frame by frame."""

from __future__ import annotations

import polars as pl

from mimicrylab.schemas.table import Column, Table

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
    Column("faces_found", pl.Int16, "faces in the picture; counted once a second and held", "", "not counted", 0),
    Column("mouth_occlusion", pl.Float32, "how surely something covers the mouth", "", "not judged", 0, 1),
    Column("brow_occlusion", pl.Float32, "how surely something covers the brow", "", "not judged", 0, 1),
    Column(
        "gaze_yaw",
        pl.Float32,
        "line of sight, head and eyes, to the person's left (+) or right (-)",
        "deg",
        "no open eye",
    ),
    Column("gaze_pitch", pl.Float32, "line of sight, head and eyes, down (+) or up (-)", "deg", "no open eye"),
)
"""Further columns of ``frames`` that a coder may write and that quality reads; they are no signals."""

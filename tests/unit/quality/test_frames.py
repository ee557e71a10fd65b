"""Frames are marked, never deleted. Fixture: one recording at 10 frames/s in which each frame fails one limit."""

import polars as pl
import pytest

from mimicrylab.protocol.limits import FrameLimits
from mimicrylab.quality.frames import CAUSE_NAMES, list_unjudged, mark_frames

GOOD = {
    "success": True,
    "confidence": 0.9,
    "pitch": 0.0,
    "yaw": 0.0,
    "roll": 0.0,
    "box_x": 200.0,
    "box_y": 100.0,
    "box_width": 150.0,
    "box_height": 150.0,
    "sharpness": 50.0,
    "luminance": 120.0,
    "faces_found": 1,
    "mouth_occlusion": 0.0,
    "brow_occlusion": 0.0,
    "gaze_yaw": 0.0,
    "gaze_pitch": 0.0,
}
PICTURE = pl.DataFrame({"recording_id": ["r"], "width": [640], "height": [480]})


def make_frames(*changes: dict[str, object], step_s: float = 0.1) -> pl.LazyFrame:
    """Return one frame for each change to the good frame."""
    rows = [
        {"recording_id": "r", "face": 0, "frame": i, "time": i * step_s, **GOOD, **change}
        for i, change in enumerate(changes)
    ]
    return pl.LazyFrame(rows, infer_schema_length=None)


@pytest.mark.parametrize(
    ("cause", "change"),
    [
        ("no_face", {"success": False, "confidence": None, "pitch": None, "yaw": None, "box_width": None}),
        ("confidence", {"confidence": 0.49}),
        ("pose", {"pitch": -31.0}),
        ("pose", {"yaw": 30.5}),
        ("pose", {"roll": -40.0}),
        ("size", {"box_width": 59.0}),
        ("outside", {"box_x": -16.0}),
        ("outside", {"box_y": 346.0}),
        ("blur", {"sharpness": 9.0}),
        ("dark", {"luminance": 29.0}),
        ("bright", {"luminance": 241.0}),
        ("second_face", {"faces_found": 2}),
        ("gaze", {"gaze_pitch": 41.0}),
        ("mouth_covered", {"mouth_occlusion": 0.6}),
        ("brow_covered", {"brow_occlusion": 0.6}),
    ],
)
def test_each_cause_is_found_and_named(cause: str, change: dict[str, object]) -> None:
    limits = FrameLimits(minimum_sharpness=10.0)
    marked = mark_frames(make_frames({}, change), limits, pictures=PICTURE).collect()
    assert marked["lost"].to_list() == [None, cause]
    assert marked["valid"].to_list() == [True, False]


def test_values_at_the_limit_are_valid() -> None:
    at_limit = {"confidence": 0.5, "pitch": 30.0, "yaw": -30.0, "box_x": -15.0, "luminance": 30.0}
    assert mark_frames(make_frames(at_limit), FrameLimits(), pictures=PICTURE).collect()["valid"].to_list() == [True]


def test_the_first_cause_in_the_declared_order_counts() -> None:
    both = {"yaw": 50.0, "luminance": 5.0}
    assert mark_frames(make_frames(both), FrameLimits(), pictures=PICTURE).collect()["lost"].to_list() == ["pose"]


def test_what_is_not_measured_is_not_held_against_a_frame() -> None:
    unmeasured = {"confidence": None, "pitch": None, "sharpness": None, "mouth_occlusion": None, "faces_found": None}
    frames = make_frames({}, unmeasured)
    assert mark_frames(frames, FrameLimits(), pictures=PICTURE).collect()["valid"].to_list() == [True, True]


def test_a_coder_without_columns_leaves_causes_unjudged_and_says_so() -> None:
    frames = make_frames({"box_x": -100.0}).select("recording_id", "face", "frame", "time", "success", "confidence")
    assert mark_frames(frames, FrameLimits(), pictures=None).collect()["valid"].to_list() == [True]
    judged = {"no_face", "confidence"}
    assert set(list_unjudged(frames.collect_schema().names(), pictures=False)) == set(CAUSE_NAMES) - judged


def test_a_second_face_can_be_allowed() -> None:
    limits = FrameLimits(allow_second_face=True)
    frames = make_frames({"faces_found": 3})
    assert mark_frames(frames, limits, pictures=PICTURE).collect()["valid"].to_list() == [True]


def test_a_recording_without_a_known_picture_size_is_not_judged_by_the_border() -> None:
    unknown = PICTURE.with_columns(width=pl.lit(None, pl.Int64))
    frames = make_frames({"box_x": -100.0})
    assert mark_frames(frames, FrameLimits(), pictures=unknown).collect()["valid"].to_list() == [True]


def test_a_hole_in_time_is_measured_without_the_usual_interval() -> None:
    """10 frames/s with a second missing after frame 3: 1.1 s between frames, 1.0 s of it missing."""
    frames = make_frames(*[{}] * 8).with_columns(
        time=pl.when(pl.col("frame") > 3).then(pl.col("time") + 1.0).otherwise("time")
    )
    marked = mark_frames(frames, FrameLimits()).collect()
    assert marked["gap_s"].to_list() == pytest.approx([0, 0, 0, 0, 1.0, 0, 0, 0])
    assert marked["interval_s"].to_list() == pytest.approx([0.1] * 8)
    assert marked["valid"].all()


def test_a_slow_camera_has_no_holes() -> None:
    assert mark_frames(make_frames(*[{}] * 6, step_s=0.2), FrameLimits()).collect()["gap_s"].to_list() == [0.0] * 6


def test_intervals_do_not_run_across_recordings() -> None:
    first = make_frames({}, {}, {})
    second = make_frames({}, {}).with_columns(recording_id=pl.lit("s"), time=pl.col("time") + 500.0)
    marked = mark_frames(pl.concat([first, second]), FrameLimits()).collect()
    assert marked["gap_s"].to_list() == [0.0] * 5


def test_no_frame_gives_no_row() -> None:
    empty = make_frames({}).filter(pl.col("frame") > 5)
    assert mark_frames(empty, FrameLimits(), pictures=PICTURE).collect().height == 0

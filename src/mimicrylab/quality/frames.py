"""Mark every frame valid, or lost and by which cause. Nothing is deleted: a lost frame keeps its row.

Quality never sees pixels; it reads what the coder measured while decoding. What a coder did not measure is not
judged, and :func:`list_unjudged` says which causes that leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from mimicrylab.protocol.limits import FrameLimits

FACE_KEY = ("recording_id", "face")


@dataclass(frozen=True)
class Cause:
    """One way in which a frame is lost: its name, what it means, and the columns it is judged by."""

    name: str
    meaning: str
    columns: tuple[str, ...]


CAUSES = (
    Cause("no_face", "no face was found", ("success",)),
    Cause("confidence", "the coder was not sure that this is a face", ("confidence",)),
    Cause("pose", "the head was turned too far", ("pitch", "yaw", "roll")),
    Cause("size", "the face was too small", ("box_width", "box_height")),
    Cause("outside", "the face left the picture", ("box_x", "box_y", "box_width", "box_height", "width", "height")),
    Cause("blur", "the face was not sharp", ("sharpness",)),
    Cause("dark", "the face was too dark", ("luminance",)),
    Cause("bright", "the face was too bright", ("luminance",)),
    Cause("second_face", "another face was in the picture", ("faces_found",)),
    Cause("gaze", "the eyes were off the screen", ("gaze_yaw", "gaze_pitch")),
    Cause("mouth_covered", "something covered the mouth", ("mouth_occlusion",)),
    Cause("brow_covered", "something covered the brow", ("brow_occlusion",)),
)
"""Every cause, in the order in which they are asked: a frame counts for the first that applies."""

CAUSE_NAMES = tuple(cause.name for cause in CAUSES)
LOST = pl.Enum(CAUSE_NAMES)


def mark_frames(frames: pl.LazyFrame, limits: FrameLimits, *, pictures: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Add to every frame whether it is valid, by which cause it is lost, and the time missing before it.

    Parameters
    ----------
    frames
        Rows of ``schemas.FRAMES`` in order of time within a face, with or without ``schemas.FRAME_CONDITIONS``.
    limits
        The declared limits.
    pictures
        ``recording_id, width, height`` (px) of the recordings' pictures; without it, faces that leave the picture
        are not judged.

    Returns
    -------
    pl.LazyFrame
        The same rows in the same order with four more columns: ``lost`` (the first cause that applies, null where
        the frame is valid), ``valid``, ``interval_s`` (the face's median time between frames) and ``gap_s`` (time
        without a frame just before this one: the time since the frame before less one interval where it exceeds
        ``limits.longest_interval_s``, else 0).

    Notes
    -----
    A value that is null where a face was found (a coder without confidence, say) is not held against the frame.

    Examples
    --------
    >>> frames = pl.LazyFrame(
    ...     {"recording_id": ["r"] * 3, "face": [0] * 3, "time": [0.0, 0.1, 0.2], "success": [True, False, True],
    ...      "yaw": [5.0, None, 50.0]}
    ... )
    >>> mark_frames(frames, FrameLimits()).collect()["lost"].to_list()
    [None, 'no_face', 'pose']
    """
    columns = frames.collect_schema().names()
    work = frames
    if pictures is not None:
        sizes = pictures.select("recording_id", pl.col("width").alias("_width"), pl.col("height").alias("_height"))
        work = work.join(sizes.lazy(), on="recording_id", how="left", maintain_order="left")
    present = set(columns) | ({"width", "height"} if pictures is not None else set())
    lost = _choose_cause(limits, present)
    marked = work.with_columns(lost.alias("lost"), *_measure_intervals(limits)).with_columns(
        pl.col("lost").is_null().alias("valid")
    )
    return marked.select(*columns, "lost", "valid", "interval_s", "gap_s")


def list_unjudged(columns: Iterable[str], *, pictures: bool) -> tuple[str, ...]:
    """Return the causes that cannot be judged because the coder wrote none of what they need.

    Examples
    --------
    >>> list_unjudged(["success", "confidence", "pitch", "yaw", "roll"], pictures=False)[:3]
    ('size', 'outside', 'blur')
    """
    present = set(columns) | ({"width", "height"} if pictures else set())
    return tuple(cause.name for cause in CAUSES if not _can_judge(cause, present))


def _can_judge(cause: Cause, present: set[str]) -> bool:
    if cause.name in ("pose", "gaze"):
        return any(column in present for column in cause.columns)
    return all(column in present for column in cause.columns)


def _choose_cause(limits: FrameLimits, present: set[str]) -> pl.Expr:
    tests = _list_tests(limits, present)
    chosen = pl.lit(None, dtype=LOST)
    for cause in reversed(CAUSES):
        if cause.name in tests:
            failed = tests[cause.name].fill_null(False)
            chosen = pl.when(failed).then(pl.lit(cause.name, dtype=LOST)).otherwise(chosen)
    return chosen


def _list_tests(limits: FrameLimits, present: set[str]) -> dict[str, pl.Expr]:
    """Return, for each cause that can be judged, the expression that is true where it applies."""
    tests = {
        "no_face": ~pl.col("success"),
        "confidence": pl.col("confidence") < limits.minimum_confidence,
        "size": pl.min_horizontal("box_width", "box_height") < limits.minimum_face_px,
        "outside": _share_inside() < limits.minimum_box_inside,
        "blur": pl.col("sharpness") < limits.minimum_sharpness,
        "dark": pl.col("luminance") < limits.minimum_luminance,
        "bright": pl.col("luminance") > limits.maximum_luminance,
        "mouth_covered": pl.col("mouth_occlusion") > limits.maximum_occlusion,
        "brow_covered": pl.col("brow_occlusion") > limits.maximum_occlusion,
    }
    if not limits.allow_second_face:
        tests["second_face"] = pl.col("faces_found") > 1
    angles = {
        "pose": {
            "pitch": limits.maximum_pitch_deg,
            "yaw": limits.maximum_yaw_deg,
            "roll": limits.maximum_roll_deg,
        },
        "gaze": {"gaze_yaw": limits.maximum_gaze_deg, "gaze_pitch": limits.maximum_gaze_deg},
    }
    for name, largest in angles.items():
        exceeded = [pl.col(angle).abs() > most for angle, most in largest.items() if angle in present]
        if exceeded:
            tests[name] = pl.any_horizontal(*[test.fill_null(False) for test in exceeded])
    judged = {cause.name for cause in CAUSES if _can_judge(cause, present)}
    return {name: test for name, test in tests.items() if name in judged}


def _share_inside() -> pl.Expr:
    """Return the share of the box's area that lies within the picture."""
    width = pl.min_horizontal(pl.col("box_x") + pl.col("box_width"), "_width") - pl.max_horizontal("box_x", 0.0)
    height = pl.min_horizontal(pl.col("box_y") + pl.col("box_height"), "_height") - pl.max_horizontal("box_y", 0.0)
    area = pl.col("box_width") * pl.col("box_height")
    inside = width.clip(lower_bound=0) * height.clip(lower_bound=0)
    known = pl.col("_width").is_not_null() & pl.col("_height").is_not_null() & (area > 0)
    return pl.when(known).then(inside / area)


def _measure_intervals(limits: FrameLimits) -> tuple[pl.Expr, pl.Expr]:
    step = pl.col("time").diff()
    usual = step.median()
    gap = pl.when(step > limits.longest_interval_s).then(step - usual).otherwise(0.0)
    return usual.over(FACE_KEY).alias("interval_s"), gap.over(FACE_KEY).alias("gap_s")

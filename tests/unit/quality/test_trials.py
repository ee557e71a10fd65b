"""What a trial holds and misses. Fixture: a trial of 2 s at 10 frames/s, so 20 frames are expected."""

import polars as pl
import pytest

from mimicrylab.protocol.limits import FrameLimits, TrialLimits
from mimicrylab.quality.frames import CAUSE_NAMES, mark_frames
from mimicrylab.quality.trials import NO_FRAME, judge_trials, summarise_trials

PLACED = pl.DataFrame({"recording_id": ["r"], "trial": [0], "start_s": [0.0], "stop_s": [2.0]})


def summarise(
    *, absent: tuple[int, ...] = (), lost: tuple[int, ...] = (), turned: tuple[int, ...] = ()
) -> dict[str, object]:
    """Return the summary of the trial that starts at frame 10 of 50, with some frames absent, lost or turned away."""
    frame = pl.col("frame")
    frames = (
        pl.LazyFrame({"recording_id": ["r"] * 50, "face": [0] * 50, "frame": range(50)})
        .with_columns(
            time=frame * 0.1, success=~frame.is_in(lost), yaw=pl.when(frame.is_in(turned)).then(60.0).otherwise(0.0)
        )
        .filter(~frame.is_in(absent))
    )
    epochs = (
        mark_frames(frames, FrameLimits())
        .with_columns(trial=pl.lit(0, pl.Int64), t=(pl.col("time") - 1.0).round(6))
        .filter((pl.col("t") >= 0) & (pl.col("t") < 2))
    )
    return summarise_trials(epochs, PLACED).row(0, named=True)


def test_a_whole_trial() -> None:
    found = summarise()
    assert (found["n_frames"], found["n_valid"], found["n_expected"]) == (20, 20, 20)
    assert found["share_valid"] == 1.0
    assert found["frame_rate"] == pytest.approx(10.0)
    assert found["effective_fps"] == pytest.approx(10.0)
    assert found["longest_gap_s"] == pytest.approx(0.1)
    assert found["share_gap"] == 0.0
    assert {found[f"share_{name}"] for name in CAUSE_NAMES} == {0.0}


def test_lost_frames_are_counted_by_cause() -> None:
    found = summarise(lost=(12, 13), turned=(20,))
    assert found["share_no_face"] == pytest.approx(0.10)
    assert found["share_pose"] == pytest.approx(0.05)
    assert found["share_valid"] == pytest.approx(0.85)
    assert found["effective_fps"] == pytest.approx(8.5)
    assert found["frame_rate"] == pytest.approx(10.0)
    assert found["longest_gap_s"] == pytest.approx(0.3)


def test_a_hole_counts_as_frames_that_were_expected() -> None:
    """Frames 15 to 19 were never recorded: .6 s between two frames, .5 s of it missing."""
    found = summarise(absent=tuple(range(15, 20)))
    assert (found["n_frames"], found["n_expected"]) == (15, 20)
    assert found["share_gap"] == pytest.approx(0.25)
    assert found["share_valid"] == pytest.approx(0.75)
    assert found["frame_rate"] == pytest.approx(10.0)
    assert found["longest_gap_s"] == pytest.approx(0.6)


@pytest.mark.parametrize(
    "absent",
    [tuple(range(5, 15)), tuple(range(15)), tuple(range(25, 50)), tuple(range(25, 40))],
    ids=["over the start", "before the recording", "recording ends", "over the end"],
)
def test_holes_at_the_ends_count_only_inside_the_window(absent: tuple[int, ...]) -> None:
    found = summarise(absent=absent)
    assert found["n_frames"] == 15
    assert found["n_expected"] == 20


def test_a_trial_without_a_face_is_all_gap() -> None:
    found = summarise(lost=tuple(range(10, 30)))
    assert (found["n_frames"], found["n_valid"], found["share_valid"]) == (20, 0, 0.0)
    assert found["longest_gap_s"] == 2.0


def test_a_trial_without_a_frame_has_null_shares() -> None:
    found = summarise(absent=tuple(range(10, 30)))
    assert (found["n_frames"], found["n_expected"]) == (0, 0)
    assert found["share_valid"] is None
    assert found["effective_fps"] is None


def judge(n_frames: int, share_valid: float | None, frame_rate: float | None) -> str | None:
    summary = pl.DataFrame(
        {"n_frames": [n_frames], "share_valid": [share_valid], "frame_rate": [frame_rate]},
        schema_overrides={"share_valid": pl.Float64, "frame_rate": pl.Float64},
    )
    return judge_trials(summary, TrialLimits())["reason"].item()


def test_trials_at_the_limits_count() -> None:
    assert judge(60, 0.8, 15.0) is None


def test_reasons_give_figure_and_limit() -> None:
    assert judge(60, 0.725, 30.0) == "72.5 % of the frames are valid, 80 % are asked for"
    assert judge(60, 1.0, 12.0) == "12 frames/s, 15 are asked for"
    assert judge(0, None, None) == NO_FRAME

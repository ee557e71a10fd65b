"""Epochs are half-open. Fixture: frames at 10 frames/s on recordings ``r`` (0-9.9 s) and ``q`` (100-109.9 s)."""

import polars as pl
import pytest

from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.errors import InputError
from mimicrylab.protocol.measurement import Window

FRAMES = pl.LazyFrame(
    {
        "recording_id": ["q"] * 100 + ["r"] * 100,
        "frame": [*range(100), *range(100)],
        "time": [100 + i * 0.1 for i in range(100)] + [i * 0.1 for i in range(100)],
    }
)


def make_trials(*rows: tuple[str, int, float, float | None], movement: float | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={"recording_id": pl.String, "trial": pl.Int32, "onset_s": pl.Float64, "duration_s": pl.Float64},
        orient="row",
    ).with_columns(movement_onset_s=pl.lit(movement, pl.Float64))


def cut(trials: pl.DataFrame, window: Window | None) -> pl.DataFrame:
    return cut_epochs(FRAMES, place_window(trials, window)).collect()


def test_the_start_is_in_and_the_stop_is_out() -> None:
    epoch = cut(make_trials(("r", 0, 2.0, 5.0)), Window(stop_s=0.3))
    assert epoch["frame"].to_list() == [20, 21, 22]
    assert epoch["t"].to_list() == [0.0, 0.1, 0.2]


def test_rounding_of_times_does_not_move_a_border() -> None:
    """3 * 0.1 is 0.30000000000000004 and 0.7 + 0.1 is 0.7999999999999999: frames 3 to 7 all the same."""
    epoch = cut(make_trials(("r", 0, 0.1 + 0.2, 5.0)), Window(stop_s=0.5))
    assert epoch["frame"].to_list() == [3, 4, 5, 6, 7]


def test_without_a_window_the_stimulus_is_the_window() -> None:
    assert cut(make_trials(("r", 0, 1.0, 0.5)), None)["frame"].to_list() == [10, 11, 12, 13, 14]


def test_without_a_window_and_a_duration_there_is_an_error() -> None:
    with pytest.raises(InputError, match="no duration"):
        cut(make_trials(("r", 3, 1.0, None)), None)


def test_a_window_may_lie_before_the_onset() -> None:
    epoch = cut(make_trials(("r", 0, 2.0, 5.0)), Window(start_s=-0.2, stop_s=0.0))
    assert epoch["t"].to_list() == [-0.2, -0.1]


def test_frames_are_joined_to_their_own_recording() -> None:
    epoch = cut(make_trials(("r", 0, 2.0, 5.0), ("q", 0, 102.0, 5.0)), Window(stop_s=0.2))
    assert epoch.select("recording_id", "frame").rows() == [("q", 20), ("q", 21), ("r", 20), ("r", 21)]


def test_a_frame_in_two_windows_appears_in_both() -> None:
    """Windows of three trials 0.2 s apart, 0.5 s long: each has its five frames."""
    trials = make_trials(("r", 0, 1.0, 5.0), ("r", 1, 1.2, 5.0), ("r", 2, 1.4, 5.0))
    epoch = cut(trials, Window(stop_s=0.5)).sort("trial", "t")
    assert epoch.filter(pl.col("trial") == 0)["frame"].to_list() == [10, 11, 12, 13, 14]
    assert epoch.filter(pl.col("trial") == 1)["frame"].to_list() == [12, 13, 14, 15, 16]
    assert epoch.filter(pl.col("trial") == 2)["frame"].to_list() == [14, 15, 16, 17, 18]


def test_windows_that_touch_share_no_frame() -> None:
    trials = make_trials(("r", 0, 1.0, 5.0), ("r", 1, 1.3, 5.0))
    epoch = cut(trials, Window(stop_s=0.3))
    assert epoch.select("trial", "frame").rows() == [(0, 10), (0, 11), (0, 12), (1, 13), (1, 14), (1, 15)]


def test_zero_can_be_the_start_of_the_movement() -> None:
    epoch = cut(make_trials(("r", 0, 2.0, 5.0), movement=0.5), Window(stop_s=0.2, zero="movement"))
    assert epoch.select("frame", "t").rows() == [(25, 0.0), (26, 0.1)]


def test_a_still_has_no_movement_and_starts_at_its_onset() -> None:
    epoch = cut(make_trials(("r", 0, 2.0, 5.0)), Window(stop_s=0.2, zero="movement"))
    assert epoch["frame"].to_list() == [20, 21]


def test_a_variable_frame_rate_keeps_its_own_times() -> None:
    frames = pl.LazyFrame({"recording_id": ["r"] * 5, "frame": range(5), "time": [0.0, 0.03, 0.50, 0.52, 1.20]})
    placed = place_window(make_trials(("r", 0, 0.02, 1.0)), Window(stop_s=0.5))
    assert cut_epochs(frames, placed).collect()["t"].to_list() == pytest.approx([0.01, 0.48])


def test_no_trial_gives_no_frame_but_the_columns() -> None:
    epoch = cut(make_trials(), Window(stop_s=1.0))
    assert epoch.height == 0
    assert epoch.columns == ["recording_id", "frame", "time", "trial", "t"]

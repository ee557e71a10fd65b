"""Times of frames from what programs write of them."""

import polars as pl
import pytest

from mimicrylab.readers.frame_times import NoTimesError, read_clock, time_frames


def test_whole_seconds_that_fit_no_rate_are_said() -> None:
    frame = pl.Series([0.0, 1.0, 2.0])
    for seconds in ([5.0, 5.0, 0.0], [0.0, 0.0, 0.0], [float("nan"), None, None]):
        with pytest.raises(NoTimesError):
            time_frames(frame, pl.Series(seconds, dtype=pl.Float64), rate=None, whole_s=True, where="a.csv")


def test_a_still_needs_no_time() -> None:
    nothing = pl.Series([None], dtype=pl.Float64)
    assert time_frames(pl.Series([7.0]), nothing, rate=None, whole_s=False, where="a.csv").time_s.to_list() == [0]


def test_clocks_of_every_kind() -> None:
    texts = ["1:02:03.5", "02:03,5", "3.5", "", "1:2:3:4", "1:x"]
    assert read_clock(pl.Series(texts)).to_list() == [3723.5, 123.5, 3.5, None, None, None]

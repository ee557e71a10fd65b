import polars as pl

from made_plans import make_data
from mimicrylab.stats.plan.frame_rates import FrameRates, find_frame_rates


def test_rates_are_medians_of_a_persons_trials() -> None:
    values = make_data(4).values
    assert find_frame_rates(values, "mean") == FrameRates(30.0, 30.0)
    slow = values.with_columns(
        n_frames=pl.when(pl.col("participant_id") == "P01").then(20).otherwise("n_frames"),
        share_valid=pl.when(pl.col("participant_id") == "P01").then(0.5).otherwise("share_valid"),
    )
    assert find_frame_rates(slow, "mean") == FrameRates(20.0, 30.0)
    assert find_frame_rates(slow, "mean", people=["P00", "P02"]) == FrameRates(30.0, 30.0)


def test_a_table_without_frames_does_not_tell() -> None:
    assert find_frame_rates(pl.DataFrame({"participant_id": ["a"], "measure": ["mean"]}), "mean") is None

import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.hazards import regress_hazard
from mimicrylab.stats.survival import compare_latencies, estimate_medians, estimate_responders, tabulate_onsets

FEW = pl.DataFrame(
    {
        "latency": [1.0, 2.0, 2.0, None, 3.0, None],
        "censored": [False, False, False, True, False, True],
        "arm": ["a", "a", "a", "b", "b", "b"],
    }
)


def make_latencies(n: int = 400, *, ratio: float = 2.0, until_s: float = 3.0, seed: int = 1) -> pl.DataFrame:
    """Return exponential latencies; arm b has ``ratio`` times the hazard of arm a."""
    generator = np.random.default_rng(seed)
    second = np.arange(n) % 2 == 1
    time = generator.exponential(2.0 / np.where(second, ratio, 1.0))
    return pl.DataFrame(
        {
            "arm": np.where(second, "b", "a"),
            "noise": generator.normal(size=n),
            "latency": pl.Series(np.where(time < until_s, time, np.nan)).fill_nan(None),
            "censored": time >= until_s,
        }
    )


def test_the_curve_counted_by_hand() -> None:
    curve = tabulate_onsets(FEW, "latency", until_s=4.0)
    assert curve["time_s"].to_list() == [1.0, 2.0, 3.0, 4.0]
    assert curve["at_risk"].to_list() == [6, 5, 3, 2]
    assert curve["waiting"].to_list() == pytest.approx([5 / 6, 5 / 6 * 3 / 5, 1 / 3, 1 / 3])


def test_without_censoring_the_curve_is_the_share_still_waiting() -> None:
    table = make_latencies(until_s=1e9)
    curve = tabulate_onsets(table, "latency", until_s=1e9)
    times = table["latency"].to_numpy()
    assert curve["waiting"].to_list() == pytest.approx([float((times > t).mean()) for t in curve["time_s"]])


def test_medians_are_those_of_the_exponential() -> None:
    first, second = estimate_medians(make_latencies(4000), "latency", until_s=3.0, group="arm")
    assert (first.term, second.term) == ("median, a", "median, b")
    assert first.ci_low < 2 * np.log(2) < first.ci_high
    assert second.ci_low < np.log(2) < second.ci_high


def test_fewer_than_half_have_no_median_but_a_reason() -> None:
    table = FEW.with_columns(censored=pl.Series([False, False, True, True, True, True]))
    line = estimate_medians(table.with_columns(latency=pl.Series([1.0, 2.0] + [None] * 4)), "latency", until_s=4.0)[0]
    assert line.estimate is None
    assert "fewer than half" in line.warnings[0]


def test_planted_hazard_ratio_comes_back() -> None:
    table = make_latencies(2000)
    lines = regress_hazard(table, "latency", predictors=["arm", "noise"], until_s=3.0)
    ratio = lines[1].effect_size
    assert ratio.ci_low < 2.0 < ratio.ci_high
    assert ratio.value == pytest.approx(2.0, rel=0.15)
    assert lines[2].p > 0.01


def test_the_score_test_of_two_groups_is_the_log_rank_test() -> None:
    """Second derivation: without ties Cox's likelihood-ratio test is close to the log-rank test."""
    table = make_latencies(ratio=1.3)
    rank = compare_latencies(table, "latency", group="arm", until_s=3.0)
    cox = regress_hazard(table, "latency", predictors=["arm"], until_s=3.0)
    assert cox[0].statistic.value == pytest.approx(rank.statistic.value, rel=0.03)
    assert "onsets: a" in rank.method


def test_robust_errors_of_copied_rows_do_not_shrink() -> None:
    table = make_latencies(200).with_columns(participant_id=pl.int_range(200))
    once = regress_hazard(table, "latency", predictors=["arm"], until_s=3.0)[1]
    copies = regress_hazard(
        pl.concat([table] * 5), "latency", predictors=["arm"], until_s=3.0, cluster="participant_id"
    )[1]
    assert copies.se == pytest.approx(once.se, rel=0.1)
    assert copies.n == 200


def test_share_of_responders_counts_those_without_onset() -> None:
    line = estimate_responders(FEW, "latency", until_s=4.0)
    assert line.estimate == pytest.approx(4 / 6)
    assert 0 < line.ci_low < line.estimate < line.ci_high < 1
    everybody = estimate_responders(FEW.filter(~pl.col("censored")), "latency", until_s=4.0)
    assert (everybody.estimate, everybody.ci_high) == (1.0, pytest.approx(1.0))
    assert everybody.ci_low < 0.6


def test_rows_without_measurement_are_left_out_not_censored() -> None:
    table = pl.concat([FEW, FEW.head(2).with_columns(censored=None, latency=None)], how="vertical_relaxed")
    line = estimate_responders(table, "latency", until_s=4.0)
    assert (line.n, line.warnings) == (6, ("2 rows without a measurement left out",))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"latency": pl.lit(5.0)}, "outside the window"),
        ({"latency": pl.lit(-1.0)}, "outside the window"),
        ({"latency": pl.lit(None, dtype=pl.Float64)}, "has no latency"),
        ({"censored": pl.lit(True)}, "no onset at all"),
        ({"censored": pl.lit("no")}, "not true or false"),
        ({"latency": pl.lit("fast")}, "not numbers"),
    ],
)
def test_impossible_latencies_are_refused(change: dict, match: str) -> None:
    with pytest.raises(InputError, match=match):
        estimate_responders(FEW.with_columns(**change), "latency", until_s=4.0)


def test_groups_must_be_comparable() -> None:
    with pytest.raises(InputError, match="groups cannot be compared"):
        compare_latencies(FEW.with_columns(arm=pl.lit("a")), "latency", group="arm", until_s=4.0)
    with pytest.raises(UnknownNameError, match="column"):
        compare_latencies(FEW, "latency", group="sex", until_s=4.0)


def test_onsets_that_all_come_at_one_moment_cannot_be_compared() -> None:
    table = FEW.with_columns(latency=pl.lit(1.0), censored=pl.lit(False))
    with pytest.raises(InputError, match="one moment"):
        compare_latencies(table, "latency", group="arm", until_s=4.0)


def test_rows_of_one_person_need_a_cluster() -> None:
    table = make_latencies(60).with_columns(participant_id=pl.int_range(60) // 3)
    for call in (
        lambda: regress_hazard(table, "latency", predictors=["arm"], until_s=3.0),
        lambda: compare_latencies(table, "latency", group="arm", until_s=3.0),
        lambda: estimate_responders(table, "latency", until_s=3.0),
    ):
        with pytest.raises(RefusedError, match="not independent"):
            call()


def test_a_group_without_onsets_has_no_hazard_ratio() -> None:
    table = make_latencies(60).with_columns(
        censored=pl.col("censored") | (pl.col("arm") == "b"),
        latency=pl.when(pl.col("arm") == "b").then(None).otherwise("latency"),
    )
    with pytest.raises(InputError, match="no finite estimate"):
        regress_hazard(table, "latency", predictors=["arm"], until_s=3.0)

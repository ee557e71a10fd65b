"""Presence rates of signals that are active in a known share of the frames."""

import polars as pl
import pytest

from mimicrylab.coding.coder import Signal
from mimicrylab.measures.presence import MESH_UNIT, NO_THRESHOLD, VISIT_MEDIAN
from mimicrylab.measures.signals import CoderSignals
from mimicrylab.protocol.limits import Quality, TrialLimits
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from unit.measures.fixtures import make_events, make_frames, measure, take_trials

T = pl.col("time")
ANY = Quality(trials=TrialLimits(minimum_fps=0, minimum_valid=0.0))
HALF = {"AU12": pl.when(T.is_between(5.95, 6.95)).then(2.0).otherwise(0.0)}
"""Active in the second half of trial 0."""


def make_signals(unit: str, *names: str, strong: float | None = None) -> CoderSignals:
    declared = {name: Signal(name, unit, "measured", "", strong=strong) for name in names}
    return CoderSignals("c", names, declared)


def ask(request: MeasureRequest, frames: pl.DataFrame, unit: str = "0-5", **settings: object) -> dict[str, object]:
    names = [name for name in frames.columns if name.startswith("AU")]
    known = {"limits": ANY, "signals": make_signals(unit, *names, strong=0.2)} | settings
    return take_trials(measure(frames, make_events(["fear"]), request, **known)).row(0, named=True)  # type: ignore[arg-type]


def test_a_fixed_threshold() -> None:
    row = ask(MeasureRequest(measure="presence", threshold=1.0), make_frames(HALF))
    assert (row["value"], row["unit"], row["n_frames"], row["baseline"]) == (0.5, "share of frames", 20, None)


def test_a_value_at_the_threshold_is_not_active() -> None:
    assert ask(MeasureRequest(measure="presence", threshold=2.0), make_frames(HALF))["value"] == 0.0


@pytest.mark.parametrize(("unit", "scale"), [("0-5", 1.0), ("0-100", 45.0), ("0-1", 0.45)])
def test_the_default_threshold_goes_with_the_unit(unit: str, scale: float) -> None:
    frames = make_frames({"AU12": HALF["AU12"] * scale})
    assert ask(MeasureRequest(measure="presence"), frames, unit)["value"] == 0.5
    assert (
        ask(MeasureRequest(measure="presence"), make_frames({"AU12": HALF["AU12"] * scale * 0.4}), unit)["value"] == 0.0
    )


def test_a_unit_without_a_default_threshold_has_no_presence() -> None:
    row = ask(MeasureRequest(measure="presence"), make_frames(HALF), "furlongs")
    assert (row["value"], row["reason"]) == (None, NO_THRESHOLD)


def test_lost_frames_leave_numerator_and_denominator() -> None:
    """Half of the active frames are lost: 5 of 15 valid frames are active."""
    frames = make_frames(HALF, lost=T.is_between(6.0, 6.45))
    row = ask(MeasureRequest(measure="presence", threshold=1.0), frames)
    assert row["value"] == pytest.approx(1 / 3)
    assert row["n_frames"] == 15


def test_a_composite_averages_its_units_flags() -> None:
    """AU06 is active in all frames, AU12 in half: the composite's rate is .75."""
    frames = make_frames({"AU06_c": pl.lit(1.0), "AU12_c": HALF["AU12"] / 2})
    rows = measure(
        frames,
        make_events(["happiness"]),
        MeasureRequest(measure="presence"),
        congruence={"happiness": ("AU06", "AU12")},
        limits=ANY,
    )
    values = dict(take_trials(rows).select("signal", "value").iter_rows())
    assert values == {"AU06": 1.0, "AU12": 0.5, "happiness[AU06+AU12]": 0.75}


def test_a_signal_without_a_zero_of_its_own_is_compared_with_the_baseline() -> None:
    """At rest it is .3; it rises by .04 in half of the frames; active is .15 x .2 = .03 above the baseline."""
    frames = make_frames({"AU12": 0.3 + HALF["AU12"] * 0.02})
    row = ask(MeasureRequest(measure="presence"), frames, MESH_UNIT, baseline=Baseline())
    assert (row["value"], row["baseline"]) == (0.5, "difference [-1, 0)")


def test_without_a_baseline_such_a_signal_is_compared_with_the_visits_median() -> None:
    """The face is at .3 but for one second of 30: that is the median, and half of the trial lies .04 above it."""
    row = ask(MeasureRequest(measure="presence"), make_frames({"AU12": 0.3 + HALF["AU12"] * 0.02}), MESH_UNIT)
    assert (row["value"], row["baseline"]) == (0.5, VISIT_MEDIAN)


def test_a_persons_own_threshold_on_such_a_signal_is_taken_as_it_is() -> None:
    row = ask(
        MeasureRequest(measure="presence", threshold=0.32), make_frames({"AU12": 0.3 + HALF["AU12"] * 0.02}), MESH_UNIT
    )
    assert (row["value"], row["baseline"]) == (0.5, None)


def test_a_lost_baseline_takes_presence_away_with_its_reason() -> None:
    frames = make_frames(HALF, lost=T.is_between(4.0, 4.95))
    row = ask(MeasureRequest(measure="presence"), frames, MESH_UNIT, baseline=Baseline())
    assert (row["value"], row["reason"]) == (None, "0 % of the baseline is valid")


def test_a_threshold_from_rest_uses_the_rest_segment_only() -> None:
    """At rest (20 to 30 s) the signal alternates 0 and 1: mean .5, SD .5085, limit 2.0 at 3 SD; active is 2.5."""
    resting = pl.when(pl.col("frame") % 2 == 0).then(1.0).otherwise(0.0)
    frames = make_frames({"AU12": pl.when(T >= 20).then(resting).otherwise(HALF["AU12"] * 1.25)})
    rest = (
        make_events(["fear"]).head(1).with_columns(trial_type=pl.lit("rest"), onset=pl.lit(20.0), duration=pl.lit(10.0))
    )
    events = pl.concat([make_events(["fear"]), rest])
    for sd, expected in ((3.0, 0.5), (4.0, 0.0)):
        request = MeasureRequest(measure="presence", threshold_from="rest", threshold_sd=sd)
        rows = measure(frames, events, request, limits=ANY, signals=make_signals("0-5", "AU12"))
        assert take_trials(rows)["value"].item() == expected


def test_without_a_rest_segment_there_is_no_threshold() -> None:
    row = ask(MeasureRequest(measure="presence", threshold_from="rest"), make_frames(HALF))
    assert row["value"] is None
    assert "of rest" in str(row["reason"])


def test_a_threshold_from_neutral_makes_the_neutral_block_alike_for_everybody() -> None:
    """Why it is refused with neutral as outcome: a quiet and a lively face have the same rate there."""
    rates = []
    for spread in (0.1, 1.0):
        noise = pl.when(pl.col("frame") % 2 == 0).then(spread).otherwise(0.0)
        request = MeasureRequest(measure="presence", threshold_from="neutral", threshold_sd=0.5)
        rows = measure(
            make_frames({"AU12": noise}),
            make_events(["neutral"] * 4),
            request,
            limits=ANY,
            signals=make_signals("0-5", "AU12"),
        )
        rates.append(take_trials(rows)["value"].to_list())
    assert rates[0] == rates[1]
    assert rates[0][0] == 0.5


def test_neutral_trials_of_a_block_without_a_role_are_neutral_too() -> None:
    request = MeasureRequest(measure="presence", threshold_from="neutral", threshold_sd=0.5)
    frames = make_frames({"AU12": pl.when(pl.col("frame") % 2 == 0).then(1.0).otherwise(0.0)})
    events = make_events(["neutral"] * 4).with_columns(pl.lit(None, pl.String).alias("block_role"))
    rows = measure(frames, events, request, limits=ANY, signals=make_signals("0-5", "AU12"))
    assert take_trials(rows)["value"].to_list() == [0.5] * 4

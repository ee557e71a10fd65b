"""Which trials count, and why a value is missing: null with a reason, never 0."""

import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.measures.signals import CoderSignals
from mimicrylab.protocol.limits import Quality, TrialLimits
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from unit.measures.fixtures import make_events, make_frames, measure, take_trials

T = pl.col("time")
ONE = {"AU12": pl.lit(1.0)}
ANY = Quality(trials=TrialLimits(minimum_fps=0))
MEAN = MeasureRequest(measure="mean")


def test_a_trial_with_too_few_valid_frames_is_null_with_its_reason() -> None:
    """Trial 0 loses 5 of its 20 frames, trial 1 none."""
    frames = make_frames(ONE, lost=T.is_between(5.0, 5.45))
    rows = take_trials(measure(frames, make_events(["fear", "fear"]), MEAN, limits=ANY))
    assert rows["value"].to_list() == [None, 1.0]
    assert rows["share_valid"].to_list() == [0.75, 1.0]
    assert rows["n_frames"].to_list() == [15, 20]
    assert rows["reason"].to_list() == ["75 % of the frames are valid, 80 % are asked for", None]


def test_a_slow_recording_is_null_with_its_reason() -> None:
    rows = take_trials(measure(make_frames(ONE), make_events(["fear"]), MEAN))
    assert rows["value"].item() is None
    assert rows["reason"].item() == "10 frames/s, 15 are asked for"


def test_a_trial_after_the_end_of_the_recording_has_a_row_without_a_value() -> None:
    rows = take_trials(measure(make_frames(ONE, duration_s=4.0), make_events(["fear"]), MEAN, limits=ANY))
    assert rows.select("value", "n_frames", "reason").row(0) == (None, 0, "no frame in the window")


def test_a_missing_face_is_never_zero() -> None:
    frames = make_frames(ONE, lost=T > 0)
    assert take_trials(measure(frames, make_events(["fear"]), MEAN, limits=ANY))["value"].item() is None


def test_not_a_number_is_no_value() -> None:
    frames = make_frames({"AU12": pl.when(T < 6.0).then(float("nan")).otherwise(2.0)})
    assert take_trials(measure(frames, make_events(["fear"]), MEAN, limits=ANY))["value"].item() == 2.0


def test_a_signal_without_any_value_is_null_though_the_trial_is_valid() -> None:
    frames = make_frames({"AU12": pl.lit(None, pl.Float64)})
    row = take_trials(measure(frames, make_events(["fear"]), MEAN, limits=ANY)).row(0, named=True)
    assert (row["value"], row["share_valid"], row["reason"]) == (None, 1.0, "no valid value in the window")


def test_a_trial_without_a_baseline_is_null_with_the_baselines_reason() -> None:
    frames = make_frames(ONE, lost=T.is_between(4.0, 4.95))
    row = take_trials(measure(frames, make_events(["fear"]), MEAN, baseline=Baseline(), limits=ANY)).row(0, named=True)
    assert row["value"] is None
    assert row["reason"] == "0 % of the baseline is valid"


def test_a_ratio_of_a_signal_that_touches_zero_is_refused() -> None:
    with pytest.raises(RefusedError, match="reach 0"):
        measure(make_frames({"AU12": T - T}), make_events(["fear"]), MEAN, baseline=Baseline(method="ratio"))


def test_a_composite_is_the_mean_of_its_units_frame_by_frame() -> None:
    """AU06 and AU12 move in turn: each peaks at 1, their mean never exceeds .5."""
    frames = make_frames({"AU06": (T < 6.0).cast(pl.Float64), "AU12": (T >= 6.0).cast(pl.Float64)})
    rows = measure(
        frames,
        make_events(["happiness"]),
        MeasureRequest(measure="peak", signals=("AU12", "congruent")),
        congruence={"happiness": ("AU06", "AU12")},
        limits=ANY,
    )
    assert dict(take_trials(rows).select("signal", "value").iter_rows()) == {"AU12": 1.0, "happiness[AU06+AU12]": 0.5}


def test_a_composite_that_nobody_asked_for_and_the_coder_cannot_measure_is_named() -> None:
    rows = measure(
        make_frames(ONE), make_events(["happiness"]), MEAN, congruence={"happiness": ("AU06", "AU12")}, limits=ANY
    )
    row = rows.filter(pl.col("signal") == "happiness[AU06+AU12]").row(0, named=True)
    assert (row["value"], row["reason"]) == (None, "AU06 is not measured by c")


def test_a_composite_that_was_asked_for_and_cannot_be_measured_is_an_error() -> None:
    request = MeasureRequest(measure="mean", signals=("congruent",))
    with pytest.raises(InputError, match="AU06 is not measured by c"):
        measure(make_frames(ONE), make_events(["happiness"]), request, congruence={"happiness": ("AU06", "AU12")})


def test_an_unknown_signal_is_an_error_with_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'AU12'"):
        measure(make_frames(ONE), make_events(["fear"]), MeasureRequest(measure="mean", signals=("AU13",)))


def test_an_unknown_measure_an_unknown_window_and_an_unused_setting_are_errors() -> None:
    for request, message in (
        (MeasureRequest(measure="peek"), "did you mean 'peak'"),
        (MeasureRequest(measure="mean", window="late"), "unknown window 'late'"),
        (MeasureRequest(measure="mean", threshold=1.0), "does not use 'threshold'"),
    ):
        with pytest.raises(InputError, match=message):
            measure(make_frames(ONE), make_events(["fear"]), request)


def test_a_measure_asked_for_twice_carries_its_own_name() -> None:
    own = MeasureRequest(measure="peak", name="early_peak")
    rows = measure(make_frames(ONE), make_events(["fear"]), MeasureRequest(measure="peak"), own, limits=ANY)
    assert set(rows["measure"]) == {"peak", "early_peak"}


def test_an_action_unit_is_found_under_the_programs_own_name() -> None:
    frames = make_frames({"AU12_r": pl.lit(2.0), "AU12_c": pl.lit(1.0)})
    signals = CoderSignals("openface", ("AU12_r", "AU12_c"))
    asked = (MeasureRequest(measure="mean", signals=("AU12",)), MeasureRequest(measure="presence", signals=("AU12",)))
    rows = take_trials(measure(frames, make_events(["fear"]), *asked, signals=signals, limits=ANY))
    assert rows.select("signal", "measure", "value").rows() == [("AU12", "mean", 2.0), ("AU12", "presence", 1.0)]


def test_windows_that_overlap_share_frames_between_trials() -> None:
    """A window of 7 s around trials 5 s apart: the second trial's mean is higher by the 5 s that lie between them."""
    frames = make_frames({"AU12": T})
    rows = measure(frames, make_events(["fear", "fear"]), MEAN, window=Window(stop_s=7.0), limits=ANY)
    first, second = take_trials(rows)["value"]
    assert second - first == pytest.approx(5.0)

"""Onset latency. Fixture: noise with memory at 25 frames/s, blanks of 8 s, and movements that start at a known time."""

import numpy as np
import polars as pl
import pytest
from scipy.signal import lfilter

from mimicrylab.epochs.trials import list_steps, list_trials
from mimicrylab.errors import RefusedError
from mimicrylab.measures.calibration import calibrate_rule, list_stretches
from mimicrylab.measures.requests import PreparedMeasures, prepare_measures
from mimicrylab.measures.rows import cut_windows, mark_batch, measure_all_baselines, measure_batch
from mimicrylab.measures.signals import CoderSignals
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from mimicrylab.schemas import EVENTS, MEASURES
from mimicrylab.tables import conform_table
from unit.measures.fixtures import make_recordings

BLANK_S, SHOWN_S = 8.0, 4.0
EVERY_S = BLANK_S + SHOWN_S
MEMORY_S = 0.2


def make_noise(n: int, generator: np.random.Generator, *, fps: float = 25.0) -> np.ndarray:
    """Return AR(1) noise of SD 1 that forgets itself within .2 s."""
    phi = np.exp(-1 / fps / MEMORY_S)
    shocks = generator.normal(size=n)
    shocks[1:] *= np.sqrt(1 - phi**2)
    return np.asarray(lfilter([1.0], [1.0, -phi], shocks))


def make_events(emotions: list[str], movement_s: float | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows: list[dict[str, object]] = []
    base = {"session_id": "s_r", "recording_id": "r", "block_role": "test"}
    for k, emotion in enumerate(emotions):
        rows.append({**base, "onset": EVERY_S * k, "duration": BLANK_S, "trial_type": "blank"})
        shown = {"trial": k, "stimulus": "clip", "stimulus_emotion": emotion, "trial_type": "stimulus"}
        rows.append({**base, **shown, "onset": EVERY_S * k + BLANK_S, "duration": SHOWN_S})
    stimuli = pl.DataFrame(
        {"stimulus": ["clip"], "movement_onset_s": [movement_s]}, schema_overrides={"movement_onset_s": pl.Float64}
    )
    return conform_table(pl.DataFrame(rows, infer_schema_length=None), EVENTS, where="events"), stimuli


def make_frames(values: np.ndarray, *, fps: float = 25.0, lost: np.ndarray | None = None) -> pl.DataFrame:
    n = len(values)
    return pl.DataFrame(
        {
            "recording_id": ["r"] * n,
            "face": pl.Series([0] * n, dtype=pl.Int16),
            "frame": pl.Series(range(n), dtype=pl.Int32),
            "time": np.arange(n) / fps,
            "success": ~lost if lost is not None else np.ones(n, dtype=bool),
            "AU12": values,
        }
    )


def prepare(request: MeasureRequest, baseline: Baseline) -> PreparedMeasures:
    windows = {"response": Window(stop_s=2.0)}
    signals = CoderSignals("c", ("AU12",))
    return prepare_measures([request], signals, windows=windows, baseline=baseline, congruence={})


def measure(
    frames: pl.DataFrame,
    emotions: list[str],
    *,
    request: MeasureRequest | None = None,
    movement_s: float | None = None,
    baseline: Baseline | None = None,
) -> pl.DataFrame:
    prepared = prepare(request or MeasureRequest(measure="latency"), baseline or Baseline())
    events, stimuli = make_events(emotions, movement_s)
    recordings = make_recordings("r")
    limits = Quality()
    batch = mark_batch(
        frames.lazy(),
        prepared.trials,
        recordings=recordings,
        trials=list_trials(events, recordings, stimuli),
        steps=list_steps(events),
        limits=limits,
    )
    windows = cut_windows(batch, prepared.trials, limits)
    baselines = measure_all_baselines(batch, prepared.trials)
    rows = pl.concat(
        measure_batch(batch, prepared.trials, windows=windows, baselines=baselines, coder="c", limits=limits)
    )
    return conform_table(rows, MEASURES, where="measures")


def add_movements(values: np.ndarray, starts: list[float], *, size: float, fps: float = 25.0) -> np.ndarray:
    """Return the series with a movement of 1.5 s that rises within one frame at each of the times."""
    moved = values.copy()
    times = np.arange(len(values)) / fps
    for start in starts:
        moved[(times >= start - 1e-9) & (times < start + 1.5)] += size
    return moved


def test_strong_movements_are_found_at_their_start() -> None:
    generator = np.random.default_rng(3)
    emotions = ["happiness"] * 10
    starts = [EVERY_S * k + BLANK_S + 0.6 for k in range(10)]
    values = add_movements(make_noise(3000, generator), starts, size=60.0)
    rows = measure(make_frames(values), emotions)
    onsets = rows.filter(pl.col("measure") == "latency")
    assert onsets["censored"].to_list() == [False] * 10
    assert onsets["value"].to_numpy() == pytest.approx(0.6, abs=0.041)
    assert set(onsets["unit"]) == {"s"}


def test_zero_is_the_start_of_the_stimuluss_movement() -> None:
    generator = np.random.default_rng(3)
    starts = [EVERY_S * k + BLANK_S + 0.6 for k in range(10)]
    values = add_movements(make_noise(3000, generator), starts, size=60.0)
    rows = measure(make_frames(values), ["happiness"] * 10, movement_s=0.4)
    assert rows.filter(pl.col("measure") == "latency")["value"].to_numpy() == pytest.approx(0.2, abs=0.041)


def test_a_trial_without_a_movement_is_censored_not_missing() -> None:
    values = make_noise(3000, np.random.default_rng(5)) + 1.0
    rows = measure(make_frames(values), ["happiness"] * 10).filter(pl.col("measure") == "latency")
    quiet = rows.filter(pl.col("censored"))
    assert quiet.height >= 8
    assert quiet["value"].null_count() == quiet.height
    assert quiet["reason"].null_count() == quiet.height


def test_the_share_of_responders_is_the_value_of_a_condition() -> None:
    """Movements in the first six of ten trials; noise may add one."""
    starts = [EVERY_S * k + BLANK_S + 0.6 for k in range(6)]
    values = add_movements(make_noise(3000, np.random.default_rng(3)), starts, size=60.0)
    rows = measure(make_frames(values), ["happiness"] * 10)
    cell = rows.filter(pl.col("trial").is_null())
    assert cell["measure"].to_list() == ["latency_responded"]
    assert cell["value"][0] == pytest.approx(0.6, abs=0.11)


def test_the_rule_and_its_false_alarm_rate_stand_beside_each_latency() -> None:
    rows = measure(make_frames(make_noise(3000, np.random.default_rng(6))), ["happiness"] * 10)
    names = {"latency", "latency_responded", "latency_level", "latency_sustained", "latency_false_alarms"}
    assert set(rows["measure"]) == names
    level = rows.filter(pl.col("measure") == "latency_level")["value"]
    alarms = rows.filter(pl.col("measure") == "latency_false_alarms")["value"]
    assert level.n_unique() == 1
    assert level[0] > 2.5
    assert 0.0 <= alarms[0] <= 0.1


def test_a_slow_camera_is_refused_with_a_reason() -> None:
    values = make_noise(1920, np.random.default_rng(7), fps=16.0)
    rows = measure(make_frames(values, fps=16.0), ["happiness"] * 10)
    assert set(rows["measure"]) == {"latency", "latency_responded"}
    assert rows["value"].null_count() == rows.height
    assert set(rows["reason"]) == {"16 frames/s: an onset needs 20"}
    assert rows["censored"].null_count() == rows.height


def test_too_few_blanks_cannot_calibrate() -> None:
    rows = measure(make_frames(make_noise(300, np.random.default_rng(8))), ["happiness"])
    assert set(rows["reason"]) == {"11 pseudo-trials are too few to calibrate the onset rule"}


def test_neutral_trials_calibrate_where_there_are_enough() -> None:
    """Neutral clips of 4 s hold three pseudo-trials each (1 s of baseline, 2 s of window, half a second apart)."""
    request = MeasureRequest(measure="latency", calibrate_on="neutral")
    values = make_noise(6000, np.random.default_rng(9))
    few = measure(make_frames(values), ["happiness"] * 14 + ["neutral"] * 6, request=request)
    assert "18 pseudo-trials are too few" in few["reason"][0]
    enough = measure(make_frames(values), ["happiness"] * 13 + ["neutral"] * 7, request=request)
    assert "latency_level" in set(enough["measure"])


def test_a_lost_frame_ends_a_movement() -> None:
    """The movement lasts 1.5 s, but every third frame is lost: nothing is seen to last .1 s."""
    starts = [EVERY_S * k + BLANK_S + 0.6 for k in range(10)]
    values = add_movements(make_noise(3000, np.random.default_rng(3)), starts, size=60.0)
    times = np.arange(3000) / 25
    lost = ((times % EVERY_S) >= BLANK_S + 0.5) & (np.arange(3000) % 6 == 0)
    rows = measure(make_frames(values, lost=lost), ["happiness"] * 10).filter(pl.col("measure") == "latency")
    assert rows["value"].drop_nulls().to_numpy() == pytest.approx(0.64, abs=0.13)


def test_a_signal_that_is_flat_before_the_stimulus_has_no_latency() -> None:
    values = np.zeros(3000)
    values[np.arange(3000) / 25 % EVERY_S < BLANK_S - 1.5] = make_noise(3000, np.random.default_rng(1))[
        np.arange(3000) / 25 % EVERY_S < BLANK_S - 1.5
    ]
    rows = measure(make_frames(values), ["happiness"] * 10).filter(pl.col("measure") == "latency")
    assert set(rows["reason"]) == {"the signal does not move at all in the baseline"}


def test_without_a_baseline_there_is_no_onset() -> None:
    frames = make_frames(make_noise(3000, np.random.default_rng(1)))
    with pytest.raises(RefusedError, match="needs a baseline"):
        measure(frames, ["happiness"] * 10, baseline=Baseline(method="none"))


def test_blanks_and_fixations_in_a_row_are_one_stretch() -> None:
    steps = pl.DataFrame(
        [("r", "blank", 0.0, 3.0), ("r", "fixation", 3.0, 4.0), ("r", "stimulus", 4.0, 6.0), ("r", "blank", 6.0, 9.0)],
        schema=["recording_id", "trial_type", "step_start_s", "step_stop_s"],
        orient="row",
    )
    assert list_stretches(steps, pl.DataFrame(), kind="blank") == {"r": [(0.0, 4.0), (6.0, 9.0)]}


def test_the_shortest_duration_whose_level_is_reachable_is_taken() -> None:
    noise = np.random.default_rng(1).uniform(size=40)
    strengths = {0.1: [noise * 20], 0.2: [noise * 5], 0.3: [noise]}
    assert calibrate_rule(strengths, false_alarm_rate=0.05).sustained_s == 0.2
    unreachable = {0.1: [noise * 200], 0.2: [noise * 100]}
    assert calibrate_rule(unreachable, false_alarm_rate=0.05).sustained_s == 0.2


def count_alarms(people: int, *, seed: int) -> tuple[int, int, float]:
    """Return false onsets and trials of people whose faces only make noise, and the mean of the rates printed."""
    alarms = trials = 0
    printed = []
    for person in range(people):
        values = make_noise(6000, np.random.default_rng([seed, person]))
        rows = measure(make_frames(values), ["happiness"] * 20)
        found = rows.filter(pl.col("measure") == "latency")
        alarms += int((~found["censored"]).sum())
        trials += found["censored"].count()
        printed.append(float(rows.filter(pl.col("measure") == "latency_false_alarms")["value"][0]))
    return alarms, trials, float(np.mean(printed))


def test_noise_with_memory_passes_in_about_the_declared_rate() -> None:
    """20 people with 20 trials each; the bound is four standard errors above .05."""
    alarms, trials, printed = count_alarms(20, seed=1)
    assert trials == 400
    assert alarms / trials <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / trials)
    assert printed <= 0.08


@pytest.mark.long
def test_noise_with_memory_passes_in_at_most_the_declared_rate_over_many_people() -> None:
    """300 people with 20 trials each. Levels differ between people, so that the bound is wider than the binomial's."""
    alarms, trials, printed = count_alarms(300, seed=2)
    assert alarms / trials == pytest.approx(0.05, abs=0.012)
    assert printed == pytest.approx(alarms / trials, abs=0.012)

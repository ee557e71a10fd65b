from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from mimicrylab.coding.action_units import list_action_units
from mimicrylab.schemas import FRAMES
from mimicrylab.simulate.frames import Shown, simulate_frames
from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.population import MOVEMENT_SIZES, Coding, Expressivity, Mimicry, Population
from mimicrylab.tables import conform_table

STILL = Population(
    mimicry=Mimicry(
        means={"happiness": 0.5}, spread_between_people=0.0, spread_between_trials=0.0, latency_sd_s=1e-9, sustained=1.0
    ),
    expressivity=Expressivity(rest_sd=0.0, movements_a_minute=0.0, novelty=0.0),
    coding=Coding(
        noise_sd=0.0,
        side_noise_sd=0.0,
        drift_sd=0.0,
        jitter=0.0,
        dropped_frames=0.0,
        blinks_a_minute=0.0,
        losses_a_minute=0.0,
        turns_a_minute=0.0,
        poor_recordings=0.0,
    ),
)
"""A face that does nothing but mimic, seen by a perfect camera."""

SMILE = Shown(trial=0, onset_s=5.0, duration_s=6.0, emotion="happiness", action_units=("AU06", "AU12"))


def make_frames(population: Population = STILL, shown: tuple[Shown, ...] = (SMILE,), seed: int = 1) -> pl.DataFrame:
    person = draw_people(population, 1, seed=seed)[0]
    return simulate_frames(person, population, shown, recording_id="r", duration_s=20.0)


def test_a_still_face_shows_exactly_the_planted_mimicry() -> None:
    frames = make_frames()
    late = frames.filter(pl.col("time").is_between(8.0, 10.9))
    assert late["AU12"].to_numpy() == pytest.approx(0.5 * MOVEMENT_SIZES["AU12"], abs=2e-4)
    assert frames.filter(pl.col("time") < 5.7)["AU12"].abs().max() == 0
    assert frames["AU04"].abs().max() == 0


def test_weight_scales_the_response_and_what_is_not_shown_does_not_move() -> None:
    frames = make_frames(shown=(replace(SMILE, weight=0.5, action_units=("AU12", "AU25")),))
    assert frames["AU12"].max() == pytest.approx(0.25 * MOVEMENT_SIZES["AU12"], abs=2e-4)
    assert frames["AU25"].max() == pytest.approx(0.25 * MOVEMENT_SIZES["AU25"], abs=2e-4)


def test_frames_conform_to_the_schema_and_name_what_the_coder_names() -> None:
    frames = conform_table(make_frames(Population()), FRAMES, where="frames")
    assert frames.columns == [*FRAMES.names, *(signal.name for signal in list_action_units())]


def test_a_lost_face_is_null_everywhere_and_never_zero() -> None:
    losing = replace(STILL, coding=replace(STILL.coding, losses_a_minute=20.0, loss_s=1.0))
    frames = make_frames(losing)
    lost = frames.filter(~pl.col("success"))
    assert 0 < lost.height < frames.height
    measured = [name for name in lost.columns if name not in ("recording_id", "face", "frame", "time", "success")]
    assert lost.select(pl.col(measured).is_null().all()).row(0) == (True,) * len(measured)


def test_what_the_coder_does_not_measure_is_null() -> None:
    assert make_frames()["AU06"].null_count() == make_frames().height


def test_a_unit_is_the_mean_of_its_sides() -> None:
    frames = make_frames(Population())
    mean = (frames["AU12L"] + frames["AU12R"]) / 2
    np.testing.assert_allclose(frames["AU12"].to_numpy(), mean.to_numpy(), atol=2e-4)
    assert (frames["AU12L"] - frames["AU12R"]).abs().max() > 0


def test_model_activations_stay_between_zero_and_one() -> None:
    wild = replace(Population(), expressivity=Expressivity(rest_sd=3.0))
    values = make_frames(wild)["AU17"].drop_nulls()
    assert values.min() >= 0
    assert values.max() <= 1


def test_times_are_uneven_and_frames_are_dropped() -> None:
    frames = make_frames(replace(Population(), coding=Coding(dropped_frames=0.1)))
    intervals = frames["time"].diff().drop_nulls()
    assert intervals.min() > 0
    assert intervals.std() > 0.1 * intervals.mean()
    assert frames["frame"].to_list() == list(range(frames.height))
    assert frames["time"].max() < 20.0


def test_same_person_same_frames() -> None:
    assert make_frames(Population()).equals(make_frames(Population()))
    assert not make_frames(Population()).equals(make_frames(Population(), seed=2))

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from mimicrylab.schemas import FRAMES
from mimicrylab.simulate.frames import Shown
from mimicrylab.simulate.openface_frames import simulate_openface
from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.published_oxytocin import UNITS, make_oxytocin_population
from mimicrylab.tables import conform_table

POPULATION = make_oxytocin_population()
PERSON = draw_people(POPULATION, 1, seed=3, arms=[0], women=0.0)[0]
SHOWN = [
    Shown(
        trial=number,
        onset_s=2.0 + 6.0 * number,
        duration_s=5.0,
        emotion=emotion,
        action_units=("AU12",) if emotion == "happiness" else (),
        block=block,
    )
    for number, (block, emotion) in enumerate(
        [("neutral", "neutral")] * 4 + [("happiness", "happiness")] * 4 + [("washout", "neutral")] * 2
    )
]
FRAMES_OF_PERSON = simulate_openface(PERSON, POPULATION, SHOWN, recording_id="r", duration_s=65.0)


def take_block(block: str) -> pl.DataFrame:
    time = pl.col("time")
    inside = [(time >= each.onset_s) & (time < each.onset_s + each.duration_s) for each in SHOWN if each.block == block]
    return FRAMES_OF_PERSON.filter(pl.any_horizontal(inside))


@pytest.mark.parametrize(("block", "emotion"), [("neutral", "neutral"), ("happiness", "happiness")])
def test_the_share_of_found_frames_is_the_persons_share_in_each_block(block: str, emotion: str) -> None:
    frames = take_block(block).filter("success")
    for unit in UNITS:
        share = frames[f"{unit}_c"].mean()
        assert share == pytest.approx(PERSON.shares[emotion][unit], abs=1 / frames.height)


def test_columns_are_those_of_the_reader_and_null_without_a_face() -> None:
    conformed = conform_table(FRAMES_OF_PERSON, FRAMES, where="simulated")
    assert conformed.select(FRAMES_OF_PERSON.columns).equals(FRAMES_OF_PERSON)
    flags = FRAMES_OF_PERSON.select(pl.col("^AU.._c$"))
    assert flags.width == len(UNITS)
    assert set(np.unique(flags.drop_nulls().to_numpy())) <= {0.0, 1.0}
    lost = simulate_openface(
        PERSON,
        replace(POPULATION, coding=replace(POPULATION.coding, losses_a_minute=20.0)),
        SHOWN,
        recording_id="r",
        duration_s=65.0,
    ).filter(~pl.col("success"))
    assert lost.height > 0
    assert lost.select(pl.col("^AU.*$")).null_count().row(0) == (lost.height,) * (2 * len(UNITS))


def test_intensities_rise_with_presence_and_stay_within_their_range() -> None:
    present = FRAMES_OF_PERSON.filter(pl.col("AU12_c") == 1)["AU12_r"]
    absent = FRAMES_OF_PERSON.filter(pl.col("AU12_c") == 0)["AU12_r"]
    assert present.mean() > absent.mean() + 0.3
    values = FRAMES_OF_PERSON.select(pl.col("^AU.._r$")).drop_nulls().to_numpy()
    assert (values.min(), values.max()) >= (0.0, 0.0)
    assert values.max() <= 5.0


def test_movement_follows_the_stimulus_that_shows_it() -> None:
    people = draw_people(POPULATION, 12, seed=4, arms=[0] * 12, women=0.0)
    late, early = [], []
    for person in people:
        frames = simulate_openface(person, POPULATION, SHOWN, recording_id="r", duration_s=65.0).filter("success")
        for each in SHOWN[4:8]:
            since = pl.col("time") - each.onset_s
            early += frames.filter((since >= 0) & (since < 0.8))["AU12_c"].to_list()
            late += frames.filter((since >= 1.2) & (since < 3))["AU12_c"].to_list()
    assert np.mean(late) > np.mean(early) + 0.05

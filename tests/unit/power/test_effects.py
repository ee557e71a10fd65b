"""What is planted: read from words, drawn into people, told in shares, units and standard deviations."""

import numpy as np
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.power.effects import describe_effects, plant_effects, plant_population, read_effects, word_effects
from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.population import Population

POPULATION = Population()
SPREAD = 0.15 * 0.67


def test_a_number_is_in_standard_deviations_and_a_percentage_in_shares_of_a_movement() -> None:
    effects = read_effects(["mimicry=.5", "treatment.happiness=1", "treatment.anger=5%", "trait=-.2"], POPULATION)
    assert effects.means["happiness"] == pytest.approx(0.5 * SPREAD)
    assert effects.spreads["happiness"] == pytest.approx(SPREAD)
    assert effects.differences["happiness"] == pytest.approx(SPREAD)
    assert effects.differences["anger"] == pytest.approx(0.05)
    assert effects.trait_correlation == -0.2


def test_a_share_keeps_the_spread_in_proportion_and_zero_keeps_it_as_it_is() -> None:
    louder = read_effects(["mimicry.happiness=30%"], POPULATION)
    assert (louder.means["happiness"], louder.spreads["happiness"]) == (0.3, pytest.approx(2 * SPREAD))
    nobody = read_effects(["mimicry.happiness=0%"], POPULATION)
    assert (nobody.means["happiness"], nobody.spreads["happiness"]) == (0.0, pytest.approx(SPREAD))


def test_none_plants_nothing_but_people_who_differ() -> None:
    effects = read_effects(["none"], POPULATION)
    assert set(effects.means.values()) == {0.0}
    assert (dict(effects.differences), effects.trait_correlation, effects.sex_difference) == ({}, 0.0, 0.0)
    assert effects.spreads["happiness"] == pytest.approx(SPREAD)


def test_people_have_the_planted_means_spreads_differences_and_correlation() -> None:
    effects = read_effects(["mimicry=1", "treatment=.5", "trait=.4"], POPULATION)
    arms = [number % 2 for number in range(4000)]
    people = [plant_effects(one, effects) for one in draw_people(POPULATION, 4000, seed=3, arms=arms)]
    smiles = np.array([one.amplitudes["happiness"] for one in people]) / SPREAD
    treated = np.array([one.arm == 0 for one in people])
    assert smiles[~treated].mean() == pytest.approx(1.0, abs=0.08)
    assert smiles[treated].mean() == pytest.approx(1.5, abs=0.08)
    assert smiles[~treated].std() == pytest.approx(1.0, abs=0.06)
    traits = np.array([one.trait for one in people])
    assert np.corrcoef(traits[~treated], smiles[~treated])[0, 1] == pytest.approx(0.4, abs=0.06)
    anger = np.array([one.amplitudes["anger"] for one in people])
    assert np.corrcoef(anger[~treated], smiles[~treated])[0, 1] == pytest.approx(0.16 + 0.84 * 0.4, abs=0.06)
    assert {one.amplitudes["neutral"] for one in people} == {0.0}


def test_the_population_says_the_same() -> None:
    planted = plant_population(POPULATION, read_effects(["mimicry=0", "trait=0", "sex=.2"], POPULATION))
    assert planted.effects.sex_difference == 0.2
    assert planted.mimicry.means["happiness"] == 0
    assert planted.effects.trait_correlation == 0


def test_what_is_planted_is_told_in_the_coders_unit_too() -> None:
    effects = read_effects(["mimicry.happiness=20%", "treatment.happiness=5%"], POPULATION)
    shown = {"happiness": ("AU12", "AU06"), "neutral": ()}
    described = describe_effects(effects, shown, arms=["oxytocin", "placebo"])
    (row,) = described["mimicry"]
    assert row["mean_in_coders_unit"] == {"AU12": pytest.approx(0.2 * 0.19)}
    assert row["d_z"] == pytest.approx(1 / 0.67)
    lines = word_effects(described)
    assert lines[0].startswith("happiness: mimicry 20 % of a full movement (SD between people 13.4 %, d_z 1.49")
    assert "oxytocin - placebo 5 %" in lines[0]
    assert "oxytocin" not in " ".join(word_effects(describe_effects(effects, shown, arms=[])))


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("mimcry=.5", UnknownNameError, "did you mean 'mimicry'"),
        ("mimicry.joy=.5", UnknownNameError, "unknown emotion 'joy'"),
        ("mimicry", InputError, "this is no effect"),
        ("mimicry=nan", InputError, "this is no effect"),
        ("treatment=much", InputError, "this is no number"),
        ("trait=1", InputError, "this is no correlation"),
        ("trait=30%", InputError, "this is no correlation"),
        ("sex.anger=1", InputError, "no difference in the trait"),
    ],
)
def test_what_is_no_effect_is_named(text: str, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        read_effects([text], POPULATION)


def test_none_stands_alone() -> None:
    with pytest.raises(InputError, match="no other effect"):
        read_effects(["none", "trait=.3"], POPULATION)

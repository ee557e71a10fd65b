import numpy as np
import pytest

from mimicrylab.errors import InputError
from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.population import NO_MIMICRY, Effects, Mimicry, Population

COUNT = 4000
"""Standard errors of means are then .016 SD, of correlations .016: limits below are some four of them."""


def test_amplitudes_have_the_stated_mean_spread_and_correlations() -> None:
    population = Population()
    people = draw_people(population, COUNT, seed=1)
    happiness, anger = (np.array([one.amplitudes[name] for one in people]) for name in ("happiness", "anger"))
    trait = np.array([one.trait for one in people])
    rho, shared = population.effects.trait_correlation, population.mimicry.shared_between_emotions
    assert happiness.mean() == pytest.approx(population.mimicry.means["happiness"], abs=0.007)
    spread = population.mimicry.means["happiness"] * population.mimicry.spread_between_people
    assert happiness.std() == pytest.approx(spread, rel=0.05)
    assert np.corrcoef(happiness, trait)[0, 1] == pytest.approx(rho, abs=0.06)
    assert np.corrcoef(happiness, anger)[0, 1] == pytest.approx(rho**2 + (1 - rho**2) * shared, abs=0.06)


def test_trait_is_standardised_with_the_stated_difference_of_the_sexes() -> None:
    people = draw_people(Population(effects=Effects(sex_difference=1.0)), COUNT, seed=2, women=0.5)
    trait = np.array([one.trait for one in people])
    women = np.array([one.female for one in people])
    within = np.sqrt((trait[women].var() + trait[~women].var()) / 2)
    assert (trait.mean(), trait.std()) == (pytest.approx(0, abs=0.07), pytest.approx(1, abs=0.05))
    assert (trait[women].mean() - trait[~women].mean()) / within == pytest.approx(1.0, abs=0.15)


def test_treatment_adds_to_the_first_arm_only_and_changes_nothing_else() -> None:
    population = Population(effects=Effects(treatment_differences={"sadness": 0.05}))
    treated, control = (draw_people(population, 5, seed=3, arms=[arm] * 5) for arm in (0, 1))
    for one, other in zip(treated, control, strict=True):
        assert one.amplitudes["sadness"] - other.amplitudes["sadness"] == pytest.approx(0.05)
        assert one.amplitudes["happiness"] == other.amplitudes["happiness"]
        assert one.trait == other.trait


def test_the_fifth_person_is_the_same_in_a_small_and_a_large_cohort() -> None:
    assert draw_people(Population(), 5, seed=4)[4] == draw_people(Population(), 50, seed=4)[4]


def test_people_differ_and_seeds_differ() -> None:
    one, two = draw_people(Population(), 2, seed=5)
    other = draw_people(Population(), 1, seed=6)[0]
    assert len({one.trait, two.trait, other.trait}) == 3


def test_nobody_mimics_in_the_population_without_mimicry() -> None:
    assert all(not any(one.amplitudes.values()) for one in draw_people(NO_MIMICRY, 50, seed=7))


def test_nobody_mimics_a_neutral_face() -> None:
    population = Population(mimicry=Mimicry(means={"neutral": 0.5}))
    assert draw_people(population, 1, seed=8)[0].amplitudes["neutral"] == 0.0


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"count": 0, "seed": 1}, "needs participants"),
        ({"count": 2, "seed": -1}, "not negative"),
        ({"count": 2, "seed": 1, "arms": [0]}, "needs an arm"),
    ],
)
def test_impossible_cohorts_are_refused(options: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        draw_people(Population(), **options)

"""Draw people from a population: trait, mimicry of each emotion, expressivity, camera, and what goes missing.

Every person has a stream of random numbers of their own, so the fifth person is the same in a cohort of ten and of
a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mimicrylab.errors import InputError
from mimicrylab.schemas import EMOTIONS
from mimicrylab.simulate.enrolment import Place
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.presence import draw_shares
from mimicrylab.simulate.responses import FloatArray

SHARE_OF_WOMEN = 0.73
"""As in Kovalchuk et al. (2022): 63 of 87."""

STREAMS = ("person", "answers", "trials", "face", "camera", "forms", "picture", "shares")
"""What a person's random numbers are for; each has a generator of its own."""


@dataclass(frozen=True)
class Person:
    """One simulated person.

    ``trait`` is empathy, standardised over the population; ``amplitudes`` are the true mimicry of each emotion, before
    habituation, in shares of a full movement; ``expressivity`` multiplies how often and how much the face moves of
    itself. ``arm`` is the place of the arm in study.yaml, and is never written to a file. ``given`` are answers to
    forms that are fixed (form field -> answer); ``shares`` the shares of time in which each action unit is active while
    an emotion is shown (emotion -> action unit -> share), in a population that is described by presence.
    """

    number: int
    seed: int
    female: bool
    trait: float
    arm: int
    amplitudes: Mapping[str, float]
    expressivity: float
    poor_recording: bool
    no_recording: bool
    aborted: bool
    questionnaire_lost: bool
    minor_recording: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def participant_id(self) -> str:
        """Code of the person: P001, P002 ..."""
        return f"P{self.number + 1:03d}"

    def open_stream(self, purpose: str) -> np.random.Generator:
        """Return this person's random numbers for one purpose (see ``STREAMS``)."""
        return np.random.default_rng([self.seed, self.number, STREAMS.index(purpose) + 1])


def draw_people(
    population: Population,
    count: int,
    *,
    seed: int,
    arms: Sequence[int] | None = None,
    women: float = SHARE_OF_WOMEN,
) -> list[Person]:
    """Draw people.

    Parameters
    ----------
    count
        Number of people.
    seed
        Seed of everything random about them.
    arms
        Each person's arm (place in study.yaml); None: no treatment.
    women
        Share of women; 0 or 1 for a study of one sex, whose trait is then not shifted.

    Raises
    ------
    InputError
        No people, a negative seed, or fewer arms than people.
    """
    if count < 1:
        raise InputError("a cohort needs participants", where="participants", expected="at least 1", found=str(count))
    if seed < 0:
        raise InputError("a seed is not negative", where="seed", expected="0 or more", found=str(seed))
    if arms is not None and len(arms) != count:
        raise InputError("every person needs an arm", expected=f"{count} arms", found=str(len(arms)))
    return [
        _draw_person(population, number, seed=seed, arm=arms[number] if arms is not None else -1, women=women)
        for number in range(count)
    ]


def _draw_person(population: Population, number: int, *, seed: int, arm: int, women: float) -> Person:
    generator = np.random.default_rng([seed, number, 1])
    place = population.enrolment.take_place(number) if population.enrolment else Place()
    chance, normal = float(generator.random()), float(generator.normal())
    female = chance < women if place.female is None else place.female
    if place.shift is None:
        trait = _draw_trait(normal, female=female, women=women, difference=population.effects.sex_difference)
    else:
        trait = place.shift + place.spread * normal
    general, special = float(generator.normal()), generator.normal(size=len(EMOTIONS))
    attrition, coding = population.attrition, population.coding
    chances = generator.random(4)
    expressivity = population.expressivity
    drawn = {
        "poor": bool(chances[0] < coding.poor_recordings),
        "none": bool(chances[1] < attrition.no_recording),
        "minor": False,
    }
    quality = drawn if place.recording is None else {name: name == place.recording for name in drawn}
    lost = bool(chances[3] < attrition.questionnaire_lost)
    person = Person(
        number=number,
        seed=seed,
        female=female,
        trait=trait,
        arm=arm,
        amplitudes=_compute_amplitudes(population, trait=trait, general=general, special=special, arm=arm),
        expressivity=float(np.exp(generator.normal(-(expressivity.spread**2) / 2, expressivity.spread))),
        poor_recording=quality["poor"],
        no_recording=quality["none"],
        aborted=bool(chances[2] < attrition.aborted),
        questionnaire_lost=lost if place.questionnaire_lost is None else place.questionnaire_lost,
        minor_recording=quality["minor"],
        given=place.answers,
    )
    if population.presence is None:
        return person
    return replace(person, shares=draw_shares(population.presence, person.open_stream("shares"), arm=arm))


def _draw_trait(normal: float, *, female: bool, women: float, difference: float) -> float:
    """Return the trait with mean 0 and SD 1 over both sexes, women ``difference`` within-sex SDs above men."""
    spread = math.sqrt(1.0 + difference**2 * women * (1.0 - women))
    return (float(normal) + difference * (float(female) - women) * (0.0 < women < 1.0)) / spread


def _compute_amplitudes(
    population: Population, *, trait: float, general: float, special: FloatArray, arm: int
) -> dict[str, float]:
    mimicry, effects = population.mimicry, population.effects
    rho, shared = effects.trait_correlation, mimicry.shared_between_emotions
    amplitudes = {}
    for place, emotion in enumerate(EMOTIONS):
        if emotion == "neutral":
            amplitudes[emotion] = 0.0
            continue
        own = math.sqrt(shared) * general + math.sqrt(1 - shared) * float(special[place])
        person = mimicry.spread_between_people * (rho * trait + math.sqrt(1 - rho**2) * own)
        treated = effects.treatment_differences.get(emotion, 0.0) if arm == 0 else 0.0
        amplitudes[emotion] = mimicry.means.get(emotion, 0.0) * (1.0 + person) + treated
    return amplitudes

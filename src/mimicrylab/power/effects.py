"""What is true in the simulated studies: how much people mimic, what the treatment changes, what goes with a trait.

An effect is a number in standard deviations, or a share of a full movement with a percent sign::

    mimicry=.5             people mimic every emotion; the mean is half the spread between people (d_z = .5)
    mimicry.happiness=15%  the mean mimicry of happiness is 15 % of a full smile
    treatment=.4           the first arm mimics .4 standard deviations (between people) more than the others
    treatment.sadness=5%   ... by 5 % of a full movement
    trait=.3               the trait (empathy) and a person's true mimicry correlate .3
    sex=.8                 women are .8 standard deviations (within a sex) above men in the trait
    none                   nothing of all this: what is found of it is a false alarm

All are about people's TRUE mimicry. A measured score holds noise as well, so that the same effect is smaller in it; how
large it is in the score of an analysis is what the simulation shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.schemas import EMOTIONS
from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import MOVEMENT_SIZES, Population

NONE = "none"
MIMICRY, TREATMENT, TRAIT, SEX = "mimicry", "treatment", "trait", "sex"
KINDS = (MIMICRY, TREATMENT, TRAIT, SEX)
MIMICKED = tuple(emotion for emotion in EMOTIONS if emotion != "neutral")
STREAM = 92
"""Number of the random numbers that a person's amplitudes are drawn with."""


@dataclass(frozen=True)
class PlantedEffects:
    """True mimicry in shares of a full movement, by emotion.

    ``means`` and ``spreads`` (standard deviations between people) of mimicry in the arms that are not the first;
    ``differences``: first arm minus the others; ``trait_correlation`` of the trait with every emotion's mimicry;
    ``sex_difference``: women minus men in the trait, in standard deviations; ``shared``: correlation between emotions,
    apart from the trait. ``given`` are the texts they were read from.
    """

    means: Mapping[str, float]
    spreads: Mapping[str, float]
    differences: Mapping[str, float]
    trait_correlation: float
    sex_difference: float
    shared: float
    given: tuple[str, ...] = ()


def read_effects(texts: Sequence[str], population: Population) -> PlantedEffects:
    """Return the effects of the population, changed by what was given (see the module).

    Raises
    ------
    InputError
        A text that is no effect, or a number out of range.
    UnknownNameError
        An effect or emotion that does not exist.

    Examples
    --------
    >>> planted = read_effects(["mimicry.happiness=15%", "trait=0"], Population())
    >>> planted.means["happiness"], planted.trait_correlation
    (0.15, 0.0)
    """
    effects = _take_defaults(population, tuple(texts))
    if NONE in texts:
        if len(texts) > 1:
            raise InputError("none goes with no other effect", where="--effect", do="give either none or effects")
        nothing = _scale_all(effects.means, 0.0)
        return replace(effects, means=nothing, differences={}, trait_correlation=0.0, sex_difference=0.0)
    for text in texts:
        effects = _change(effects, text)
    return effects


def _take_defaults(population: Population, given: tuple[str, ...]) -> PlantedEffects:
    mimicry = population.mimicry
    means = {emotion: mimicry.means.get(emotion, 0.0) for emotion in MIMICKED}
    return PlantedEffects(
        means=means,
        spreads=_scale_all(means, mimicry.spread_between_people),
        differences=dict(population.effects.treatment_differences),
        trait_correlation=population.effects.trait_correlation,
        sex_difference=population.effects.sex_difference,
        shared=mimicry.shared_between_emotions,
        given=given,
    )


def _change(effects: PlantedEffects, text: str) -> PlantedEffects:
    name, equals, number = text.partition("=")
    kind, _, emotion = name.strip().partition(".")
    if kind not in KINDS:
        raise UnknownNameError("effect", kind, [*KINDS, NONE], where=f"--effect {text}")
    value, is_share = _read_number(number, text) if equals else (math.nan, False)
    if not math.isfinite(value):
        raise InputError(
            "this is no effect", where=f"--effect {text}", expected="NAME=NUMBER, such as mimicry=.5 or treatment=5%"
        )
    if kind == TRAIT:
        if emotion or is_share or not -1 < value < 1:
            raise InputError(
                "this is no correlation", where=f"--effect {text}", expected="trait= a number between -1 and 1"
            )
        return replace(effects, trait_correlation=value)
    if kind == SEX:
        if emotion or is_share:
            raise InputError(
                "this is no difference in the trait", where=f"--effect {text}", expected="sex= standard deviations"
            )
        return replace(effects, sex_difference=value)
    if emotion and emotion not in MIMICKED:
        raise UnknownNameError("emotion", emotion, MIMICKED, where=f"--effect {text}")
    chosen = (emotion,) if emotion else MIMICKED

    def put(values: Mapping[str, float], compute: Callable[[str], float]) -> dict[str, float]:
        return {**values, **{name: compute(name) for name in chosen}}

    if kind == TREATMENT:
        changed = put(effects.differences, lambda one: value if is_share else value * effects.spreads[one])
        return replace(effects, differences=changed)
    if not is_share:
        return replace(effects, means=put(effects.means, lambda one: value * effects.spreads[one]))
    ratio = {one: effects.spreads[one] / mean if mean else 0.0 for one, mean in effects.means.items()}
    spreads = put(effects.spreads, lambda one: abs(value) * ratio[one] or effects.spreads[one])
    return replace(effects, means=put(effects.means, lambda _: value), spreads=spreads)


def _read_number(text: str, whole: str) -> tuple[float, bool]:
    cleaned = text.strip()
    try:
        if cleaned.endswith("%"):
            return float(cleaned[:-1]) / 100, True
        return float(cleaned), False
    except ValueError as error:
        raise InputError(
            "this is no number", where=f"--effect {whole}", expected="a number (.5) or a share (15%)", found=cleaned
        ) from error


def _scale_all(values: Mapping[str, float], factor: float) -> dict[str, float]:
    return {name: value * factor for name, value in values.items()}


def plant_effects(person: Person, effects: PlantedEffects) -> Person:
    """Return the person with true mimicry drawn anew from the effects; trait, arm and face stay as they are."""
    generator = np.random.default_rng([person.seed, person.number, STREAM])
    general, special = float(generator.normal()), generator.normal(size=len(MIMICKED))
    rho, shared = effects.trait_correlation, effects.shared
    amplitudes = dict.fromkeys(EMOTIONS, 0.0)
    for place, emotion in enumerate(MIMICKED):
        own = math.sqrt(shared) * general + math.sqrt(1 - shared) * float(special[place])
        deviation = rho * person.trait + math.sqrt(1 - rho**2) * own
        treated = effects.differences.get(emotion, 0.0) if person.arm == 0 else 0.0
        amplitudes[emotion] = effects.means[emotion] + effects.spreads[emotion] * deviation + treated
    return replace(person, amplitudes=amplitudes)


def plant_population(population: Population, effects: PlantedEffects) -> Population:
    """Return the population with the planted means and effects, so that what varies between trials fits them."""
    mimicry = replace(population.mimicry, means={**effects.means, "neutral": 0.0})
    planted = replace(
        population.effects,
        trait_correlation=effects.trait_correlation,
        sex_difference=effects.sex_difference,
        treatment_differences=effects.differences,
    )
    return replace(population, mimicry=mimicry, effects=planted)


def describe_effects(
    effects: PlantedEffects, shown: Mapping[str, Iterable[str]], *, arms: Sequence[str]
) -> dict[str, Any]:
    """Return what is planted, in shares of a full movement, in the coder's unit, and standardised.

    ``shown``: emotion -> action units that the study's stimuli show.
    """
    rows = []
    for emotion, units in shown.items():
        if emotion not in effects.means:
            continue
        mean, spread = effects.means[emotion], effects.spreads[emotion]
        difference = effects.differences.get(emotion, 0.0)
        rows.append(
            {
                "emotion": emotion,
                "mean_share_of_full_movement": mean,
                "sd_between_people": spread,
                "d_z": mean / spread if spread else None,
                "treatment_difference": difference if len(arms) > 1 else None,
                "treatment_d": difference / spread if spread and len(arms) > 1 else None,
                "mean_in_coders_unit": {unit: mean * MOVEMENT_SIZES[unit] for unit in units if unit in MOVEMENT_SIZES},
            }
        )
    return {
        "given": list(effects.given),
        "mimicry": rows,
        "trait_correlation": effects.trait_correlation,
        "sex_difference": effects.sex_difference,
        "treatment": f"{arms[0]} - {' and '.join(arms[1:])}" if len(arms) > 1 else None,
    }


def word_effects(described: Mapping[str, Any]) -> list[str]:
    """Return what is planted as lines to read."""
    lines = []
    for row in described["mimicry"]:
        units = ", ".join(f"{unit} {size:.3g}" for unit, size in row["mean_in_coders_unit"].items())
        d_z = "" if row["d_z"] is None else f", d_z {row['d_z']:.2f}"
        line = f"{row['emotion']}: mimicry {100 * row['mean_share_of_full_movement']:.3g} % of a full movement"
        line += f" (SD between people {100 * row['sd_between_people']:.3g} %{d_z}; in the coder's unit: {units})"
        if row["treatment_difference"] is not None:
            d = "" if row["treatment_d"] is None else f", d {row['treatment_d']:.2f}"
            line += f"; {described['treatment']} {100 * row['treatment_difference']:.3g} %{d}"
        lines.append(line)
    lines.append(
        f"correlation of the trait with true mimicry: {described['trait_correlation']:.2g}; "
        f"women - men in the trait: {described['sex_difference']:.2g} SD"
    )
    return lines

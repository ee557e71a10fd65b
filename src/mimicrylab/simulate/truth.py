"""What an analysis of a simulated study should find: effects of the population, never anything about a person.

``truth.json`` holds no arm, no score and no amplitude of anybody, so that a blinded study stays blinded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from mimicrylab import __version__
from mimicrylab.coding.action_units import list_action_units
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.scales import Scale
from mimicrylab.schemas import EMOTIONS
from mimicrylab.simulate.population import MOVEMENT_SIZES, Population
from mimicrylab.simulate.questionnaires import describe_score
from mimicrylab.simulate.responses import measure_window
from mimicrylab.simulate.truth_of_enrolment import describe_enrolment
from mimicrylab.simulate.truth_of_presence import describe_presence

ABOUT = (
    "What was planted in this simulated study: statements about the population it was drawn from, none about a person. "
    "peak: height of the mean response; windows: mean over a window of study.yaml, the difference to a quiet baseline "
    "that a measure of the mean should find; sd: spread of people's true values. Novelty, movements of the face by "
    "itself and noise come on top and are the same for all emotions."
)
ABOUT_PRESENCE = (
    "What was planted in this simulated study: statements about the population it was drawn from, none about a person. "
    "Faces are what OpenFace would have coded; presence tells in which share of the time each action unit is active."
)


def describe_truth(
    study: Study,
    stimuli: pl.DataFrame,
    population: Population,
    *,
    scales: Mapping[str, Scale],
    participants: int,
    seed: int,
    template: str | None = None,
) -> dict[str, Any]:
    """Return the content of truth.json: plain dictionaries, lists and numbers."""
    about: dict[str, Any] = {
        "about": ABOUT if population.presence is None else ABOUT_PRESENCE,
        "software": f"mimicrylab {__version__}",
        "template": template,
        "participants": participants,
        "seed": seed,
    }
    trait = {
        "trait": describe_trait(population, scales),
        "enrolment": describe_enrolment(population, scales),
    }
    settings = {"population": asdict(replace(population, enrolment=None, presence=None))}
    if population.presence is not None and study.assignment is not None:
        arms = [arm.name for arm in study.assignment.arms]
        return {**about, "presence": describe_presence(population.presence, arms), **trait, **settings}
    effects = {
        "mimicry": list_mimicry(study, stimuli, population),
        "treatment": describe_treatment(study, stimuli, population),
    }
    return {**about, **effects, **trait, **settings}


def list_mimicry(study: Study, stimuli: pl.DataFrame, population: Population) -> list[dict[str, Any]]:
    """Return, for each emotion and action unit its stimuli show and the coder measures, peak and window means.

    In a study with arms they are those of the arms that are not the first.
    """
    mimicry = population.mimicry
    found = []
    for emotion, unit, shown_s, onset_s in _list_shown(study, stimuli):
        size = MOVEMENT_SIZES[unit]
        mean = mimicry.means.get(emotion, 0.0) * size
        sd = abs(mean) * mimicry.spread_between_people
        shares = _measure_windows(study, population, shown_s=shown_s, onset_s=onset_s)
        found.append(
            {
                "emotion": emotion,
                "signal": unit,
                "unit": _find_unit(unit),
                "peak": {"mean": mean, "sd": sd},
                "windows": {name: {"mean": mean * share, "sd": sd * abs(share)} for name, share in shares.items()},
            }
        )
    return found


def describe_trait(population: Population, scales: Mapping[str, Scale]) -> dict[str, Any]:
    """Return how the trait, the questionnaires and mimicry go together.

    ``correlation_with_amplitude`` of a score is its correlation with everybody's TRUE amplitude of one emotion; a
    measured amplitude correlates less, by the square root of its reliability.
    """
    rho = population.effects.trait_correlation
    scores = [describe_score(scale, score) for scale in scales.values() for score in scale.scores]
    return {
        "name": "empathy",
        "correlation_with_amplitude": rho,
        "scores": [
            {
                "scale": score.scale,
                "score": score.score,
                "mean": score.mean,
                "sd": score.sd,
                "correlation_with_trait": score.trait_correlation,
                "correlation_with_amplitude": rho * score.trait_correlation,
            }
            for score in scores
        ],
    }


def describe_treatment(study: Study, stimuli: pl.DataFrame, population: Population) -> dict[str, Any] | None:
    """Return the difference of the first arm from the others, an emotion and action unit; None without arms."""
    if study.assignment is None:
        return None
    first, *others = [arm.name for arm in study.assignment.arms]
    differences = []
    for emotion, unit, shown_s, onset_s in _list_shown(study, stimuli):
        size = MOVEMENT_SIZES[unit] * population.effects.treatment_differences.get(emotion, 0.0)
        shares = _measure_windows(study, population, shown_s=shown_s, onset_s=onset_s)
        differences.append(
            {
                "emotion": emotion,
                "signal": unit,
                "unit": _find_unit(unit),
                "peak": size,
                "windows": {name: size * share for name, share in shares.items()},
            }
        )
    return {"difference": f"{first} - {' and '.join(others)}", "effects": differences}


def correlate_composite(population: Population, emotions: Sequence[str]) -> float:
    """Return the correlation of the trait with the mean of several emotions' amplitudes.

    rho sum(s) / sqrt(sum over pairs of s_i s_j c_ij), s an emotion's spread and c the correlation between two emotions.

    Examples
    --------
    >>> round(correlate_composite(Population(), ["happiness"]), 3)
    0.3
    """
    rho = population.effects.trait_correlation
    between = rho**2 + (1 - rho**2) * population.mimicry.shared_between_emotions
    spreads = [population.mimicry.means[emotion] for emotion in emotions]
    total, squares = sum(spreads), sum(spread**2 for spread in spreads)
    return rho * total / math.sqrt(squares + between * (total**2 - squares))


def _list_shown(study: Study, stimuli: pl.DataFrame) -> list[tuple[str, str, float, float]]:
    """Return (emotion, action unit, seconds shown, start of the movement) for what analysed blocks show."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    measured = {signal.name for signal in list_action_units() if signal.standing != "not measured"}
    for block in study.blocks:
        if not block.analysed:
            continue
        rows = stimuli.filter(pl.col("set") == block.stimuli.set)
        if block.stimuli.emotions:
            rows = rows.filter(pl.col("emotion").is_in(list(block.stimuli.emotions)))
        for row in rows.iter_rows(named=True):
            shown_s = block.duration_s or row["duration_s"] or 0.0
            for unit in row["action_units"] or ():
                if unit in MOVEMENT_SIZES and unit in measured and row["emotion"] is not None:
                    found.setdefault((row["emotion"], unit), (shown_s, row["movement_onset_s"] or 0.0))
    order = {emotion: place for place, emotion in enumerate(EMOTIONS)}
    return [(*key, *found[key]) for key in sorted(found, key=lambda key: (order[key[0]], key[1]))]


def _measure_windows(study: Study, population: Population, *, shown_s: float, onset_s: float) -> dict[str, float]:
    shares = {}
    for name, window in study.windows.items():
        shift = onset_s if window.zero == "movement" else 0.0
        shares[name] = measure_window(
            window.start_s + shift,
            window.stop_s + shift,
            shown_s=shown_s,
            mimicry=population.mimicry,
            movement_onset_s=onset_s,
        )
    return shares


def _find_unit(signal: str) -> str:
    return next(declared.unit for declared in list_action_units() if declared.name == signal)

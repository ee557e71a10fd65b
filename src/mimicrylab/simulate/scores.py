"""A cohort at the level of measures: one number a person, trial and action unit, without a face in between.

Fast, so that a claim about an analysis can be tested over hundreds of cohorts. The same people as in the cohort of
frames; the noise of a trial's mean is that of ``frames`` averaged over the window, taken as normal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import MOVEMENT_SIZES, Population
from mimicrylab.simulate.responses import FloatArray, measure_window, weigh_trials

DEFAULT_TYPICAL: Mapping[str, Sequence[str]] = {
    "happiness": ("AU12", "AU25"),
    "sadness": ("AU15", "AU17"),
    "anger": ("AU04", "AU23"),
    "neutral": (),
}
"""What the stimuli of a simulated measure table show, if nothing else is said."""

BACKGROUND_SD = 0.10
"""Spread of a trial's mean (share of a full movement) around a person's resting face: spontaneous movements, drift."""


def simulate_scores(
    people: Sequence[Person],
    population: Population,
    *,
    typical: Mapping[str, Sequence[str]] = DEFAULT_TYPICAL,
    models: int = 8,
    window_s: float = 5.0,
    seed: int,
) -> pl.DataFrame:
    """Return a trial's mean of each action unit for each person.

    Parameters
    ----------
    people
        See ``people.draw_people``.
    typical
        Emotion -> action units that its stimuli show; every person sees each emotion by each model once, in random
        order.
    models
        Number of stimulus models.
    window_s
        The measure is the mean over ``[0, window_s)``, the time that a stimulus is shown.

    Returns
    -------
    DataFrame
        ``participant_id, stimulus_emotion, model_id, trial, signal, value``; the value includes the person's resting
        face, in the signal's unit.
    """
    signals = sorted({unit for units in typical.values() for unit in units})
    sizes = np.array([MOVEMENT_SIZES[signal] for signal in signals])
    emotions = list(typical)
    shown = np.array([[signal in typical[emotion] for signal in signals] for emotion in emotions], dtype=float)
    share = measure_window(0.0, window_s, shown_s=window_s, mimicry=population.mimicry)
    strengths = draw_model_strengths(population, emotions, models, seed=seed)
    tables = [
        _simulate_person(
            person,
            population,
            emotions=emotions,
            signals=signals,
            shown=shown,
            sizes=sizes,
            share=share,
            strengths=strengths,
        )
        for person in people
    ]
    return pl.concat(tables)


def draw_model_strengths(population: Population, emotions: Sequence[str], models: int, *, seed: int) -> FloatArray:
    """Return how strongly each model moves people, ``[emotions, models]``, with a mean of 1 for each emotion.

    The mean is exactly 1 so that the truth is a statement about these stimuli; nothing is said about other ones.
    """
    generator = np.random.default_rng([seed, 0, 0, 7])
    drawn = 1.0 + population.mimicry.spread_between_models * generator.normal(size=(len(emotions), models))
    return np.asarray(drawn - drawn.mean(axis=1, keepdims=True) + 1.0)


def _simulate_person(
    person: Person,
    population: Population,
    *,
    emotions: Sequence[str],
    signals: Sequence[str],
    shown: FloatArray,
    sizes: FloatArray,
    share: float,
    strengths: FloatArray,
) -> pl.DataFrame:
    generator = person.open_stream("trials")
    models = strengths.shape[1]
    count = len(emotions) * models
    order = generator.permutation(count)
    emotion, model = order // models, order % models
    emotional = shown[emotion].any(axis=1)
    habituation = np.ones(count)
    habituation[emotional] = weigh_trials(np.flatnonzero(emotional).astype(float), mimicry=population.mimicry)
    amplitude = np.array([person.amplitudes[name] for name in emotions])[emotion]
    response = habituation * strengths[emotion, model] * amplitude
    means = np.array([population.mimicry.means.get(name, 0.0) for name in emotions])[emotion]
    response += population.mimicry.spread_between_trials * means * generator.normal(size=count)
    rest = population.expressivity.rest_sd * generator.normal(size=len(signals))
    spread = math.hypot(BACKGROUND_SD * math.sqrt(person.expressivity), population.coding.noise_sd)
    noise = spread * generator.normal(size=(count, len(signals)))
    values = (rest + noise + share * response[:, None] * shown[emotion]) * sizes
    names = np.array(emotions)[emotion]
    return pl.DataFrame(
        {
            "participant_id": np.repeat(person.participant_id, values.size),
            "stimulus_emotion": np.repeat(names, len(signals)),
            "model_id": np.repeat(np.array([f"M{index + 1}" for index in range(models)])[model], len(signals)),
            "trial": np.repeat(np.arange(count, dtype=np.int32), len(signals)),
            "signal": np.tile(np.array(signals), count),
            "value": values.ravel(),
        }
    )

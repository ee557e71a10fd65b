"""Studies in which one thing is nothing, from frames on, fast enough for thousands of them.

Everything that makes real data difficult is there at once: noise that is correlated from frame to frame (most of it
forgotten within a quarter of a second), a slow drift within a trial, people who differ in their resting face, in how
restless it is (log-normal, so that few people make most of the movement) and in how they react to each emotion, four
stimulus models who move each person differently, and two groups that may be filmed at different frame rates. Of each
trial the mean, the share of frames above a threshold (0 in most trials), and the peak are kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import signal

EMOTIONS = ("happiness", "anger", "neutral")
TYPICAL = {"happiness": ("AU12",), "anger": ("AU04",), "neutral": ()}
SIGNALS = ("AU12", "AU04")

FORGOTTEN_S = 0.25
JITTER = 0.3
"""Share of the noise's variance that is new in every frame: what a coder's face points tremble."""

DRIFT_SD = 0.3
SHOWN_S = 5.0
THRESHOLD = 3.0
"""In standard deviations of the frames' noise of a usual person: three trials in four have no frame above it."""

BIN_S = 0.5


@dataclass(frozen=True)
class NullStudy:
    """How a study looks; everything is in standard deviations of the frames' noise of a usual person.

    ``mimicry`` is the mean reaction to an emotion in the action unit that it shows; people differ around it by
    ``spread_of_people`` whatever it is. ``frame_rates`` are those of the two arms. ``spread_of_models``: how
    differently the models move everybody; with ``fixed_models`` the same differences come in every emotion, in random
    order and with a mean of 0, so that a test about these very models has a true null.
    """

    mimicry: float = 0.0
    people: int = 40
    models: int = 4
    frame_rates: tuple[float, float] = (30.0, 15.0)
    spread_of_people: float = 0.3
    spread_of_models: float = 0.3
    fixed_models: bool = True


@dataclass(frozen=True)
class Drawn:
    """One such study: people (``participant_id, arm, trait``), trials (``mean, presence, peak, peak_of_means``)."""

    people: pl.DataFrame
    trials: pl.DataFrame
    seed: int

    @property
    def smiles(self) -> pl.DataFrame:
        """The trials of AU12, and whether they are ``congruent``."""
        rows = self.trials.filter(pl.col("signal") == "AU12")
        return rows.with_columns((pl.col("stimulus_emotion") == "happiness").cast(pl.Float64).alias("congruent"))

    def average(self, outcome: str) -> pl.DataFrame:
        """Return AU12 in one row a person and emotion: ``value``."""
        keys = ["participant_id", "stimulus_emotion", "signal"]
        return self.smiles.group_by(keys, maintain_order=True).agg(pl.col(outcome).mean().alias("value"))

    def score(self, outcome: str) -> pl.DataFrame:
        """Return one row a person: AU12 in ``happiness`` and in ``neutral``, and ``index`` (happiness - the others)."""
        wide = self.average(outcome).pivot("stimulus_emotion", index="participant_id", values="value")
        index = pl.col("happiness") - (pl.col("anger") + pl.col("neutral")) / 2
        return self.people.join(wide.with_columns(index.alias("index")), on="participant_id")


def draw_null_study(study: NullStudy, seed: int) -> Drawn:
    """Draw one study."""
    generator = np.random.default_rng([seed, 4])
    half = study.people // 2
    shape = (study.people, len(EMOTIONS), study.models, len(SIGNALS))
    levels = _draw_levels(study, shape, generator)
    restless = np.exp(0.5 * generator.normal(size=study.people))
    pieces = [
        _measure(levels[rows], restless[rows], rate, generator)
        for rows, rate in zip((slice(0, half), slice(half, None)), study.frame_rates, strict=True)
    ]
    measured = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    person, emotion, model, unit = (part.ravel() for part in np.indices(shape))
    trials = pl.DataFrame(
        {
            "participant_id": person,
            "stimulus_emotion": np.array(EMOTIONS)[emotion],
            "model_id": np.array([f"M{i + 1}" for i in range(study.models)])[model],
            "signal": np.array(SIGNALS)[unit],
            **{name: values.ravel() for name, values in measured.items()},
        }
    )
    people = pl.DataFrame(
        {
            "participant_id": np.arange(study.people),
            "arm": np.where(np.arange(study.people) < half, "oxytocin", "placebo"),
            "trait": generator.normal(size=study.people),
        }
    )
    return Drawn(people, trials, seed)


def _draw_levels(study: NullStudy, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Return each trial's true level: rest, reaction to the emotion, the model's part, the trial's own."""
    people, emotions, models, units = shape
    level = 0.5 * generator.normal(size=(people, 1, 1, units))
    reaction = study.spread_of_people * generator.normal(size=(people, emotions, 1, units))
    for place, unit in enumerate(SIGNALS):
        own = next(i for i, emotion in enumerate(EMOTIONS) if unit in TYPICAL[emotion])
        reaction[:, own, 0, place] += study.mimicry
    of_models = study.spread_of_models * generator.normal(size=(1, emotions, models, units))
    if study.fixed_models:
        of_models[:] = of_models[:, :1] - of_models[:, :1].mean(axis=2, keepdims=True)
        of_models = generator.permuted(of_models, axis=2)
    personal = 0.2 * generator.normal(size=(people, 1, models, units))
    return level + reaction + of_models + personal + 0.3 * generator.normal(size=shape)


def _measure(
    levels: np.ndarray, restless: np.ndarray, rate: float, generator: np.random.Generator
) -> dict[str, np.ndarray]:
    frames = round(SHOWN_S * rate)
    forgets = math.exp(-1.0 / (rate * FORGOTTEN_S))
    shocks = generator.standard_normal((*levels.shape, frames), dtype=np.float32)
    shocks[..., 1:] *= math.sqrt(1.0 - forgets**2)
    slow = signal.lfilter([1.0], [1.0, -forgets], shocks, axis=-1)
    jitter = generator.standard_normal(shocks.shape, dtype=np.float32)
    noise = math.sqrt(1.0 - JITTER) * slow + math.sqrt(JITTER) * jitter
    drift = DRIFT_SD * generator.normal(size=(*levels.shape, 1)) * np.linspace(-1.0, 1.0, frames)
    x = levels[..., None] + restless[:, None, None, None, None] * noise + drift
    edges = np.ceil(np.arange(0.0, SHOWN_S, BIN_S) * rate).astype(int)
    bins = np.add.reduceat(x, edges, axis=-1) / np.diff([*edges, frames])
    return {
        "mean": x.mean(axis=-1),
        "presence": (x > THRESHOLD).mean(axis=-1),
        "peak": x.max(axis=-1),
        "peak_of_means": bins.max(axis=-1),
    }

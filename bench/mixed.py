"""Mixed models: 100 people x 32 trials x 5 conditions, by us and by statsmodels, the same model in turns.

The model is one that both can fit: a random intercept and slopes of the condition over people. Ours with crossed
stimuli and lme4's kind of slopes over both stands beside it; statsmodels has no crossed slopes of that size.
"""

from __future__ import annotations

import importlib.util

import numpy as np
import polars as pl

from bench.runner import Result, measure_pairs, time_call
from mimicrylab.stats.mixed import MixedModel, fit_mixed
from mimicrylab.stats.model_matrix import build_model_matrix

CONDITIONS = 5
PREDICTORS = ["block", "arm", "block:arm"]


def run(quick: bool) -> list[Result]:
    """Measure; ``quick``: a tenth of the people, one pair."""
    people, pairs = (10, 1) if quick else (100, 3)
    trials = make_trials(people, 32)
    shape = f"{people} people x 32 trials x {CONDITIONS} conditions"
    both = time_call(lambda: fit_crossed(trials))
    results = [
        Result(
            f"mixed model, {shape}, crossed slopes",
            both,
            "s",
            at_most=None if quick else 20.0,
            note="slopes of the condition over people and over 32 stimuli, Satterthwaite's df",
        )
    ]
    if importlib.util.find_spec("statsmodels") is None:
        return results
    measured = measure_pairs(
        lambda: time_call(lambda: fit_ours(trials)), lambda: time_call(lambda: fit_theirs(trials)), pairs=pairs
    )
    ours, (theirs, converged) = fit_ours(trials), fit_theirs(trials)
    note = (
        f"-2 log restricted likelihood {ours.deviance:.4f} (converged: {ours.converged}) against "
        f"{theirs:.4f} (converged: {converged}; lower is better), slopes over people only"
    )
    return [
        *results,
        Result(
            f"mixed model, {shape}, slopes over people",
            measured.ours,
            "s",
            "statsmodels MixedLM",
            measured.other,
            measured.ratio,
            at_most=None if quick else 1.0,
            note=note,
        ),
    ]


def make_trials(people: int, trials: int) -> pl.DataFrame:
    """Return simulated trials with deviations of people and stimuli in level and in the condition's effect."""
    generator = np.random.default_rng(1)
    person = np.repeat(np.arange(people), trials * CONDITIONS)
    stimulus = np.tile(np.repeat(np.arange(trials), CONDITIONS), people)
    block = np.tile(np.arange(CONDITIONS), people * trials)
    y = generator.normal(size=people)[person] + 0.5 * generator.normal(size=trials)[stimulus]
    y += 0.4 * generator.normal(size=(people, CONDITIONS))[person, block]
    y += 0.2 * generator.normal(size=(trials, CONDITIONS))[stimulus, block] + generator.normal(size=len(y))
    return pl.DataFrame(
        {
            "participant_id": person,
            "model_id": stimulus,
            "block": pl.Series(block).cast(pl.String),
            "arm": person % 2,
            "y": y,
        }
    )


def fit_crossed(trials: pl.DataFrame) -> MixedModel:
    """Fit slopes over people and stimuli."""
    return fit_mixed(trials, "y", predictors=PREDICTORS, stimulus="model_id", slopes={"model_id": ["block"]})


def fit_ours(trials: pl.DataFrame) -> MixedModel:
    """Fit slopes over people."""
    return fit_mixed(trials, "y", predictors=PREDICTORS)


def fit_theirs(trials: pl.DataFrame) -> tuple[float, bool]:
    """Fit the same with statsmodels at its defaults; return -2 log restricted likelihood and its own verdict."""
    import warnings

    from statsmodels.regression.mixed_linear_model import MixedLM

    matrix = build_model_matrix(trials, PREDICTORS)
    slopes = matrix.values[:, [0, *matrix.find_columns("block")]]
    model = MixedLM(trials["y"].to_numpy(), matrix.values, trials["participant_id"].to_numpy(), exog_re=slopes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = model.fit(reml=True)
    return -2 * float(fitted.llf), bool(fitted.converged)

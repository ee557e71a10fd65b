"""Answers to questionnaires, item by item, consistent with a trait; and what their scores then say of the trait.

An item's answer follows ``y = a t + sqrt(1 - a^2) e`` (t the trait, e normal, both standard): y is cut into the
answers so that each has its declared share in the population, the answers that mean much of the trait on top. Filler
items follow e alone. The wording is not needed, the keys say which end means much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy import stats

from mimicrylab.protocol.scales import Scale, Score
from mimicrylab.simulate.enrolment import Place
from mimicrylab.simulate.responses import FloatArray

LOADING = 0.36
"""How closely an item follows the trait. The EQ then has a standard deviation of about 11, as in published samples."""

SHARES: Mapping[str, tuple[float, ...]] = {
    "EQ": (0.41, 0.38, 0.16, 0.05),
    "AQ": (0.08, 0.26, 0.36, 0.30),
}
"""Share of each answer from most to least of the trait, by the beginning of the scale's name. The EQ's mean is then
48 (Kovalchuk et al. 2022: 47.97), the AQ's about 17."""

TRAIT_CORRELATIONS: Mapping[str, float] = {"EQ": 1.0, "AQ": -0.4, "IRI": 0.5}
"""Correlation of what a scale measures with empathy, by the beginning of its name; 0 for others."""

NODES = 61

Value = TypeVar("Value")


@dataclass(frozen=True)
class ScoreTruth:
    """What a score is in the population: mean, standard deviation, and correlation with the trait empathy."""

    scale: str
    score: str
    mean: float
    sd: float
    trait_correlation: float


def answer_scale(
    scale: Scale, trait: float, generator: np.random.Generator, *, missing: float = 0.0
) -> dict[str, str | None]:
    """Return item -> code of the answer (null: not answered), for a person with this empathy."""
    traits = _draw_factors(scale, trait, generator)
    shares = _find_shares(scale)
    cuts = stats.norm.ppf(1.0 - np.cumsum(shares)[:-1])
    codes = [answer.code for answer in scale.answers]
    answers: dict[str, str | None] = {}
    for item in range(1, scale.items + 1):
        direction = _find_direction(scale, item)
        y = LOADING * abs(direction) * traits[item - 1] + math.sqrt(1 - (LOADING * direction) ** 2) * generator.normal()
        place = int(np.sum(y < cuts))
        place = place if direction >= 0 else len(codes) - 1 - place
        answers[str(item)] = None if generator.random() < missing else str(codes[place])
    return answers


def describe_score(scale: Scale, score: Score) -> ScoreTruth:
    """Return a score's mean, SD and correlation with empathy in the population, by quadrature over the trait.

    A prorated score is not covered: a person with a missing item has no score.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / math.sqrt(2 * math.pi)
    groups = _group_items(scale)
    items = scale.list_items(score)
    mean, within = np.zeros((len(groups), NODES)), np.zeros((len(groups), NODES))
    for item in items:
        group = next(place for place, members in enumerate(groups) if item in members)
        points, chances = _list_points(scale, score, item), _list_chances(scale, item, nodes)
        first = chances @ points
        mean[group] += first
        within[group] += chances @ points**2 - first**2
    average = mean @ weights
    variance = float(((mean**2 + within) @ weights - average**2).sum())
    correlation = _find_correlation(scale)
    covariance = correlation * mean @ (weights * nodes)
    if correlation:
        variance += float(np.sum(np.outer(covariance, covariance)) - np.sum(covariance**2))
    count = len(items) if score.combine == "mean" else 1
    sd = math.sqrt(variance)
    return ScoreTruth(scale.name, score.name, float(average.sum()) / count, sd / count, float(covariance.sum()) / sd)


def describe_group(scale: Scale, score: Score, places: Sequence[Place]) -> tuple[float, float]:
    """Return mean and standard deviation of a score among people with these places, whose traits differ.

    Raises
    ------
    ValueError
        The scale's factors are several, or a place says nothing of the trait.
    """
    if len(_group_items(scale)) > 1:
        raise ValueError(f"{scale.name} measures several things")
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / math.sqrt(2 * math.pi)
    correlation = _find_correlation(scale)
    found: dict[tuple[float, float], tuple[float, float]] = {}
    for place in places:
        if place.shift is None:
            raise ValueError("a place says nothing of the trait")
        key = (place.shift, place.spread)
        if key not in found:
            spread = math.sqrt((correlation * place.spread) ** 2 + 1 - correlation**2)
            mean, within = _score_given_factor(scale, score, correlation * place.shift + spread * nodes)
            found[key] = (float(mean @ weights), float((within + mean**2) @ weights))
    moments = np.array([found[place.shift or 0.0, place.spread] for place in places])
    average, squares = moments.mean(axis=0)
    count = len(scale.list_items(score)) if score.combine == "mean" else 1
    return float(average) / count, math.sqrt(squares - average**2) / count


def _score_given_factor(scale: Scale, score: Score, factors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the sum of a score's items at each value of what they measure."""
    mean, within = np.zeros(len(factors)), np.zeros(len(factors))
    for item in scale.list_items(score):
        points, chances = _list_points(scale, score, item), _list_chances(scale, item, factors)
        first = chances @ points
        mean += first
        within += chances @ points**2 - first**2
    return mean, within


def _draw_factors(scale: Scale, trait: float, generator: np.random.Generator) -> FloatArray:
    """Return what each item measures: one factor a subscale, each correlated with the trait."""
    correlation = _find_correlation(scale)
    groups = _group_items(scale)
    factors = correlation * trait + math.sqrt(1.0 - correlation**2) * generator.normal(size=len(groups))
    values = np.zeros(scale.items)
    for factor, members in zip(factors, groups, strict=True):
        for item in members:
            values[item - 1] = factor
    return values


def _group_items(scale: Scale) -> list[tuple[int, ...]]:
    """Return the items of each factor: subscales where they share no item and there is no total, else all in one."""
    own = [scale.list_items(score) for score in scale.scores if score.derived is None]
    flat = [item for members in own for item in members]
    if len(own) > 1 and len(set(flat)) == len(flat) and set(flat) == set(scale.scored_items):
        return own
    return [scale.scored_items]


def _find_direction(scale: Scale, item: int) -> int:
    """Return 1 where the first answers mean much of the trait, -1 where the last ones do, 0 for fillers."""
    for key in scale.keys:
        if item in key.items:
            return 1 if key.points[0] > key.points[-1] else -1
    return 0


def _find_shares(scale: Scale) -> tuple[float, ...]:
    count = len(scale.answers)
    declared = _find_by_prefix(SHARES, scale.name)
    if declared is not None and len(declared) == count:
        return declared
    return tuple(math.comb(count - 1, place) / 2 ** (count - 1) for place in range(count))


def _find_correlation(scale: Scale) -> float:
    return _find_by_prefix(TRAIT_CORRELATIONS, scale.name) or 0.0


def _find_by_prefix(table: Mapping[str, Value], name: str) -> Value | None:
    return next((value for prefix, value in table.items() if name.startswith(prefix)), None)


def _list_points(scale: Scale, score: Score, item: int) -> FloatArray:
    key = next(key for key in scale.keys if item in key.items)
    points = np.array(key.points, dtype=np.float64)
    return np.asarray(points.min() + points.max() - points) if score.reflected else points


def _list_chances(scale: Scale, item: int, traits: Sequence[float] | FloatArray) -> FloatArray:
    """Return the chance of each answer, in the order of the answers, given the item's factor: ``[traits, answers]``."""
    cuts = stats.norm.ppf(1.0 - np.cumsum(_find_shares(scale))[:-1])
    above = stats.norm.sf((cuts[None, :] - LOADING * np.asarray(traits)[:, None]) / math.sqrt(1 - LOADING**2))
    edges = np.column_stack([np.zeros(len(above)), above, np.ones(len(above))])
    chances = np.diff(edges, axis=1)
    return np.asarray(chances if _find_direction(scale, item) >= 0 else chances[:, ::-1])

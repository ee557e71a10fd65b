"""How power, people and effect go together: the table behind a curve."""

from __future__ import annotations

import math

import polars as pl

from mimicrylab.power.answers import PowerAnswer
from mimicrylab.stats.power import find_detectable_effect
from mimicrylab.stats.power_designs import Design

POINTS = 60
"""Points of a line."""

EFFECT_FACTORS = (0.8, 1.0, 1.2)
"""Effects drawn beside the expected one: published effects are rather too large than too small."""

POWERS = (0.8, 0.9, 0.95)
"""Powers whose smallest detectable effects are drawn."""

LARGEST_CORRELATION = 0.95
"""Correlations above this are not drawn."""

SCHEMA = {"people": pl.Int64, "effect": pl.Float64, "power": pl.Float64}


def tabulate_curve(answer: PowerAnswer) -> pl.DataFrame:
    """Return the lines around an answer: ``people`` (analysed), ``effect``, ``power``.

    Where people or power were asked for: the power of 0.8, 1 and 1.2 times the effect. Where the effect was asked for:
    the smallest effect found with a power of .80, .90, .95 and the one that was asked for.
    """
    counts = list_counts(answer.design, answer.people)
    if answer.asked == "effect":
        powers = sorted({*POWERS, answer.power})
        return _find_effects(answer.design, counts, powers, answer.alpha)
    effects = [factor * abs(answer.effect) for factor in EFFECT_FACTORS]
    rows = [
        (people, effect, answer.design.find_power(people, effect, answer.alpha))
        for effect in effects
        if effect < answer.design.largest_effect
        for people in counts
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def list_counts(design: Design, people: int) -> list[int]:
    """Return numbers of people from the fewest possible to twice ``people``, which is among them.

    Examples
    --------
    >>> from mimicrylab.stats.power_designs import GroupsDesign
    >>> counts = list_counts(GroupsDesign(), 128)
    >>> counts[0], 128 in counts, counts[-1]
    (4, True, 256)
    """
    step = design.step
    first = math.ceil(design.smallest / step) * step
    last = max(2 * people, first + 20 * step)
    stride = step * max(math.ceil((last - first) / step / POINTS), 1)
    return sorted({*range(first, last + 1, stride), max(people, first), last})


def _find_effects(design: Design, counts: list[int], powers: list[float], alpha: float) -> pl.DataFrame:
    bounded = design.largest_effect <= 1
    rows = [
        (people, find_detectable_effect(design, people=people, power=power, alpha=alpha).estimate, power)
        for power in powers
        for people in counts
        if not bounded or design.find_power(people, LARGEST_CORRELATION, alpha) > power
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")

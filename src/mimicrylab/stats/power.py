"""How many people does a study need, and which effect can it find? Exact power of the common tests.

A design knows its test: how large its noncentrality and degrees of freedom are with n people and an effect. Power, the
number of people and the smallest detectable effect all follow from that. Values are those of G*Power 3.1 (Faul,
Erdfelder, Lang & Buchner 2007), whose rules are named with each design. Power for mixed models, losses and floor
effects needs simulation.
"""

from __future__ import annotations

import math

import polars as pl
from scipy import optimize

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.power_designs import Design

DEFAULT_ALPHA = 0.05
DEFAULT_POWER = 0.80
"""The field's convention (Cohen 1992)."""

NEXT_TO_1 = 0.9999
"""A correlation above this is not looked for."""

MAXIMUM_PEOPLE = 1_000_000
"""Beyond this the search for a number of people is given up: the effect is nothing."""


def estimate_power(design: Design, *, people: int, effect: float, alpha: float = DEFAULT_ALPHA) -> Estimate:
    """Return the power of a design with that many people and that effect.

    Examples
    --------
    >>> from mimicrylab.stats.power_designs import GroupsDesign
    >>> round(estimate_power(GroupsDesign(), people=128, effect=0.5).estimate, 4)
    0.8015
    """
    _check(design, effect=effect, alpha=alpha, people=people)
    return _describe(design, "power", design.find_power(people, abs(effect), alpha), people, effect, alpha)


def find_people(
    design: Design, *, effect: float, power: float = DEFAULT_POWER, alpha: float = DEFAULT_ALPHA
) -> Estimate:
    """Return the fewest people that give the power, in groups of equal size; the power they give is in the result.

    Raises
    ------
    InputError
        An argument is out of range, or no reasonable number of people is enough.

    Examples
    --------
    >>> from mimicrylab.stats.power_designs import RepeatedDesign
    >>> design = RepeatedDesign(measurements=5, groups=2, tested="between", correlation=0.0)
    >>> find_people(design, effect=0.2, power=0.95).estimate
    68.0
    """
    _check(design, effect=effect, alpha=alpha, power=power)
    low, step = 0, design.step
    first = math.ceil(design.smallest / step)

    def reach(multiple: int) -> bool:
        return design.find_power(multiple * step, abs(effect), alpha) >= power

    high = first
    while not reach(high):
        if high * step > MAXIMUM_PEOPLE:
            raise InputError(
                f"more than {MAXIMUM_PEOPLE:,} people would be needed",
                where="effect",
                found=f"{effect:g}",
                do="ask for the smallest effect that would matter",
            )
        low, high = high, high * 2
    while high - low > 1 and high > first:
        middle = (low + high) // 2
        low, high = (low, middle) if reach(middle) else (middle, high)
    people = high * step
    return _describe(design, "people", float(people), people, effect, alpha)


def find_detectable_effect(
    design: Design, *, people: int, power: float = DEFAULT_POWER, alpha: float = DEFAULT_ALPHA
) -> Estimate:
    """Return the smallest effect that a design with that many people finds with that power.

    Raises
    ------
    InputError
        An argument is out of range, or no effect can be found with so few people.

    Examples
    --------
    >>> from mimicrylab.stats.power_designs import CorrelationDesign
    >>> round(find_detectable_effect(CorrelationDesign(), people=50).estimate, 3)
    0.384
    """
    _check(design, effect=0.1, alpha=alpha, people=people, power=power)
    bounded = design.largest_effect <= 1
    high = 0.5 if bounded else 1.0
    while design.find_power(people, high, alpha) < power:
        if (bounded and high > NEXT_TO_1) or high > 1e6:
            raise InputError("no effect can be found with so few people", where="people", found=str(people))
        high = 1 - (1 - high) / 2 if bounded else high * 2
    effect = float(
        optimize.brentq(lambda value: design.find_power(people, value, alpha) - power, 0.0, high, xtol=1e-10)
    )
    return _describe(design, f"smallest detectable {design.effect_name}", effect, people, effect, alpha)


def tabulate_sensitivity(
    design: Design, *, people: list[int], powers: tuple[float, ...] = (0.8, 0.9, 0.95), alpha: float = DEFAULT_ALPHA
) -> pl.DataFrame:
    """Return the smallest detectable effect for each number of people and power: ``people, power, effect``."""
    rows = [
        (count, power, find_detectable_effect(design, people=count, power=power, alpha=alpha).estimate)
        for power in powers
        for count in people
    ]
    return pl.DataFrame(rows, schema={"people": pl.Int64, "power": pl.Float64, "effect": pl.Float64}, orient="row")


def _check(
    design: Design, *, effect: float, alpha: float, people: int | None = None, power: float | None = None
) -> None:
    largest = "" if math.isinf(design.largest_effect) else f" and below {design.largest_effect:g}"
    checks = [
        ("alpha", 0 < alpha < 1, "this is no level of significance", "between 0 and 1, such as .05", alpha),
        (
            "effect",
            0 < abs(effect) < design.largest_effect,
            f"this effect cannot be found ({design.effect_name})",
            f"a size above 0{largest}",
            effect,
        ),
    ]
    if people is not None:
        enough = people >= design.smallest
        checks.append(("people", enough, "too few people for this test", f"at least {design.smallest}", people))
    if power is not None:
        fits = alpha < power < 1
        checks.append(("power", fits, "this is no power to ask for", "above alpha and below 1, such as .8", power))
    for name, fits, problem, expected, found in checks:
        if not fits:
            raise InputError(problem, where=name, expected=expected, found=f"{found:g}")


def _describe(design: Design, term: str, value: float, people: int, effect: float, alpha: float) -> Estimate:
    power = design.find_power(people, abs(effect), alpha)
    return Estimate(
        f"power: {design.description}",
        term,
        value,
        effect_sizes=(EffectSize(design.effect_name, effect), EffectSize("power", power), EffectSize("alpha", alpha)),
        n=people,
        method=f"{design.description}; noncentral F, alpha {alpha:g}",
    )

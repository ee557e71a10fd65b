"""The question a researcher asks, number of people, power or effect, and its answer with all that belongs to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.power import (
    DEFAULT_ALPHA,
    DEFAULT_POWER,
    estimate_power,
    find_detectable_effect,
    find_people,
)
from mimicrylab.stats.power_designs import REPEATED_EFFECTS, Design, GroupsDesign, RepeatedDesign

Asked = Literal["people", "power", "effect"]


@dataclass(frozen=True)
class PowerAnswer:
    """Number of people, power and effect that belong together; ``asked`` says which of them was computed.

    Parameters
    ----------
    design
        The test.
    asked
        What was computed from the other two.
    people
        Participants who are analysed.
    groups
        Participants of each group; empty where there are no groups.
    enrolled
        Participants who take part, before ``losses``.
    effect
        In the design's own effect size (d, d_z, r, f2, f).
    power, alpha
        Power that is reached, and level of the two-sided test.
    wanted_power
        Power that was asked for; None where power was computed.
    losses
        Share of those who take part that is expected to be lost before the analysis.
    """

    design: Design
    asked: Asked
    people: int
    groups: tuple[int, ...]
    enrolled: int
    effect: float
    power: float
    alpha: float
    wanted_power: float | None
    losses: float


def answer_question(
    design: Design,
    *,
    effect: float | None = None,
    people: int | None = None,
    power: float | None = None,
    alpha: float = DEFAULT_ALPHA,
    losses: float = 0.0,
) -> PowerAnswer:
    """Return the number of people, the power or the smallest detectable effect: whichever was not given.

    An effect alone asks for the people of a power of .80; a number of people alone for the effect found with it.

    Parameters
    ----------
    design
        The test, see ``stats.power_designs``.
    effect
        Effect to be found, in the design's effect size.
    people
        Participants who take part; ``losses`` of them are not analysed.
    power
        Power wanted.
    losses
        Share of participants lost before the analysis (bad recordings, questionnaires not filled in), 0 to below 1.

    Raises
    ------
    InputError
        Nothing or everything was given, or a number is out of range.

    Examples
    --------
    >>> answer_question(GroupsDesign(), effect=0.5, power=0.8).people
    128
    >>> answer_question(GroupsDesign(), effect=0.5, power=0.8, losses=0.1).enrolled
    144
    """
    _check_question(effect=effect, people=people, power=power, losses=losses)
    wanted = power or DEFAULT_POWER
    analysed = _lose(people, losses) if people is not None else None
    if effect is not None and analysed is not None:
        found = float(estimate_power(design, people=analysed, effect=effect, alpha=alpha).estimate or 0.0)
        return _make_answer(
            design, "power", analysed, effect, found, alpha, wanted=None, losses=losses, enrolled=people
        )
    if effect is not None:
        analysed = round(find_people(design, effect=effect, power=wanted, alpha=alpha).estimate or 0.0)
        reached = design.find_power(analysed, abs(effect), alpha)
        return _make_answer(design, "people", analysed, effect, reached, alpha, wanted=wanted, losses=losses)
    least = int(analysed or 0)
    smallest = float(find_detectable_effect(design, people=least, power=wanted, alpha=alpha).estimate or 0.0)
    return _make_answer(design, "effect", least, smallest, wanted, alpha, wanted=wanted, losses=losses, enrolled=people)


def _check_question(*, effect: float | None, people: int | None, power: float | None, losses: float) -> None:
    if effect is None and people is None:
        raise InputError(
            "nothing to compute from",
            expected="an effect (how many people find it?), or a number of people (which effect do they find?)",
            do="add --effect or --people",
        )
    if effect is not None and people is not None and power is not None:
        raise InputError(
            "effect, people and power are all given: nothing is left to compute",
            do="leave out the one that is asked for",
        )
    if not 0 <= losses < 1:
        raise InputError("losses do not fit", where="losses", expected="0 to below 1, such as .1", found=f"{losses:g}")


def _lose(people: int, losses: float) -> int:
    return math.floor(people * (1 - losses) + 1e-9)


def _enrol(people: int, losses: float, step: int) -> int:
    """Return how many must take part so that ``people`` are left, in groups of equal size."""
    return step * math.ceil(people / (1 - losses) / step - 1e-9)


def _make_answer(
    design: Design,
    asked: Asked,
    people: int,
    effect: float,
    power: float,
    alpha: float,
    *,
    wanted: float | None,
    losses: float,
    enrolled: int | None = None,
) -> PowerAnswer:
    taking_part = _enrol(people, losses, design.step) if enrolled is None else enrolled
    groups = split_people(design, people)
    return PowerAnswer(design, asked, people, groups, taking_part, effect, power, alpha, wanted, losses)


def split_people(design: Design, people: int) -> tuple[int, ...]:
    """Return the participants of each group; empty where the design has no groups.

    Examples
    --------
    >>> split_people(GroupsDesign(ratio=2.0), 99), split_people(RepeatedDesign(5, 2, "between"), 68)
    ((33, 66), (34, 34))
    """
    if isinstance(design, GroupsDesign):
        first = math.ceil(people / 2) if design.ratio == 1 else round(people / (1 + design.ratio))
        return first, people - first
    if isinstance(design, RepeatedDesign) and design.groups > 1:
        least, more = divmod(people, design.groups)
        return tuple(least + (place < more) for place in range(design.groups))
    return ()


def make_repeated_design(
    tested: str, *, measurements: int, groups: int | None, correlation: float, epsilon: float, multivariate: bool
) -> RepeatedDesign:
    """Return a repeated-measures design; without a number of groups it has the fewest that ``tested`` makes sense for.

    Raises
    ------
    UnknownNameError
        ``tested`` is not between, within or interaction.
    InputError
        A number is out of range.
    """
    effect = next((name for name in REPEATED_EFFECTS if name == tested), None)
    if effect is None:
        raise UnknownNameError("tested effect", tested, REPEATED_EFFECTS, where="--tested")
    number = groups if groups is not None else (1 if effect == "within" else 2)
    return RepeatedDesign(measurements, number, effect, correlation, epsilon, multivariate)


def describe_answer(answer: PowerAnswer) -> dict[str, Any]:
    """Return an answer as plain numbers and texts, for JSON."""
    return {
        "asked": answer.asked,
        "test": answer.design.description,
        "people": answer.people,
        "groups": list(answer.groups),
        "enrolled": answer.enrolled,
        "effect": answer.effect,
        "effect_name": answer.design.effect_name,
        "power": answer.power,
        "alpha": answer.alpha,
        "losses": answer.losses,
    }

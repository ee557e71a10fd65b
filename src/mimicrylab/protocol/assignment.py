"""Randomisation: which kit holds which arm, in shuffled blocks of varying size, within each stratum.

Kits are numbered through; each stratum has its own range and takes them in order. A kit is never used twice, so a
participant who drops out leaves the balance of the others as it is, within half a block.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.protocol.arms import Assignment
from mimicrylab.protocol.trial_order import open_stream, shuffle

STRATUM_SEPARATOR = " / "


@dataclass(frozen=True)
class Kit:
    """One kit: its number, the stratum it is meant for (None: not stratified), and the arm it holds."""

    kit: str
    stratum: str | None
    arm: str


def list_strata(assignment: Assignment) -> tuple[str | None, ...]:
    """Return the names of all strata (each combination of levels), or a single None where nothing is stratified."""
    if not assignment.strata:
        return (None,)
    combinations = product(*(stratum.levels for stratum in assignment.strata))
    return tuple(STRATUM_SEPARATOR.join(levels) for levels in combinations)


def find_stratum(assignment: Assignment, answers: Mapping[str, str]) -> str | None:
    """Return the stratum of a participant with these answers to the form's fields.

    Raises
    ------
    InputError
        An answer that decides is missing or is none of the levels.
    """
    if not assignment.strata:
        return None
    levels = []
    for stratum in assignment.strata:
        answer = answers.get(stratum.field)
        if answer not in stratum.levels:
            raise InputError(
                f"the stratum cannot be told: {stratum.field} is none of its levels",
                expected=f"one of {', '.join(stratum.levels)}",
                do="correct the answer, or add the level under assignment.strata before the first participant",
            )
        levels.append(answer)
    return STRATUM_SEPARATOR.join(levels)


def randomise_kits(assignment: Assignment, *, seed: int) -> tuple[Kit, ...]:
    """Return every kit with its arm. The same settings and seed give the same list on every system.

    In a blinded study the seed tells the arms as surely as the list does: it belongs into the sealed list alone.

    Examples
    --------
    >>> two = Assignment.model_validate_json(
    ...     '{"arms": [{"name": "active"}, {"name": "control"}], "kits_per_stratum": 6, "block_sizes": [2]}')
    >>> [(kit.kit, kit.arm) for kit in randomise_kits(two, seed=1)][:2]
    [('K0001', 'active'), ('K0002', 'control')]
    """
    kits: list[Kit] = []
    for stratum in list_strata(assignment):
        for arm in _draw_arms(assignment, seed=seed, stratum=stratum):
            kits.append(Kit(f"{assignment.kit_prefix}{len(kits) + 1:04d}", stratum, arm))
    return tuple(kits)


def choose_kit(kits: Iterable[tuple[str, str | None]], *, used: Collection[str], stratum: str | None) -> str:
    """Return the number of the next unused kit of a stratum; ``kits`` are (number, stratum) in order.

    Raises
    ------
    RefusedError
        All kits of the stratum are used up.
    """
    for kit, of_stratum in kits:
        if of_stratum == stratum and kit not in used:
            return kit
    raise RefusedError(
        f"no kit is left{f' for the stratum {stratum!r}' if stratum is not None else ''}",
        do="stop here: more kits need a list of their own, made by the third party and reported",
    )


def _draw_arms(assignment: Assignment, *, seed: int, stratum: str | None) -> list[str]:
    stream = open_stream(seed, "kits", stratum if stratum is not None else "all")
    total = sum(arm.share for arm in assignment.arms)
    drawn: list[str] = []
    while len(drawn) < assignment.kits_per_stratum:
        size = stream.choice(assignment.block_sizes)
        block = [arm.name for arm in assignment.arms for _ in range(arm.share * size // total)]
        drawn += shuffle(block, stream)
    return drawn[: assignment.kits_per_stratum]

"""Does a hypothesis hold over all its specifications together? A joint test by arranging people.

Each of many specifications may be significant by chance, and because they share people and frames they are so together;
their number proves nothing. The joint test asks how often people without any effect would give a curve like this one
(Simonsohn, Simmons & Nelson 2020, Nature Human Behaviour 4, 1208-1214): the median effect, and the share of
specifications that are significant in the expected direction, against the same of every arrangement of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mimicrylab.errors import InputError
from mimicrylab.protocol.multiverse import DRAWS
from mimicrylab.stats.arrangements import Design, Effects, draw_arrangements, leave_people
from mimicrylab.stats.resampling import TOLERANCE
from mimicrylab.stats.samples import FloatArray

Direction = Literal["positive", "negative"]


@dataclass(frozen=True)
class JointTest:
    """All specifications of a hypothesis together.

    Parameters
    ----------
    specifications, draws, seed
        How many specifications and arrangements, and the seed of these.
    direction
        The expected sign; None: none was, and the commoner one counts, here and in every arrangement.
    standardised
        Whether effects are standardised (d, or r), because the specifications' units differ.
    median, median_p
        Median effect over specifications; share of arrangements with one as large (in the expected direction).
    significant, significant_p
        Number of specifications significant in that direction; share of arrangements with as many.
    expected_significant
        Mean of that number over arrangements: what to expect of people without an effect.
    """

    specifications: int
    draws: int
    seed: int
    direction: Direction | None
    standardised: bool
    median: float
    median_p: float
    significant: int
    significant_p: float
    expected_significant: float


def compare_jointly(
    designs: Sequence[Design],
    *,
    alpha: float = 0.05,
    direction: Direction | None = None,
    standardised: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> JointTest:
    """Test all specifications together: p = (1 + arrangements at least as extreme) / (1 + arrangements).

    Parameters
    ----------
    designs
        One test a specification, all of the same people (numbered alike).
    alpha
        Level at which a specification counts as significant.
    direction
        Expected sign of the effect; None: two-sided.
    standardised
        Take the median of standardised effects, as where specifications have different units.
    draws, seed
        Random arrangements of people.

    Raises
    ------
    InputError
        There is no specification.

    Examples
    --------
    >>> from mimicrylab.stats.arrangements import Differences
    >>> people = np.arange(20)
    >>> means = [Differences(people, np.linspace(-0.2, 1.0, 20) + shift) for shift in (0.0, 0.1, 0.2)]
    >>> joint = compare_jointly(means, direction="positive", draws=199, seed=1)
    >>> round(joint.median, 2), joint.median_p <= 0.01, joint.significant
    (0.5, True, 3)
    """
    if not designs:
        raise InputError("there is no specification to test", where="multiverse", expected="at least one")
    people = 1 + max(int(design.people.max()) for design in designs)
    observed = [design.compute(leave_people(people)) for design in designs]
    arranged = draw_arrangements(people, draws, seed=seed)
    null = [design.compute(arranged) for design in designs]
    seen_medians, seen_counts = _summarise(observed, alpha=alpha, direction=direction, standardised=standardised)
    medians, counts = _summarise(null, alpha=alpha, direction=direction, standardised=standardised)
    extreme = np.count_nonzero(medians >= seen_medians[0] - TOLERANCE * abs(seen_medians[0]))
    as_many = np.count_nonzero(counts >= seen_counts[0])
    effects = [one.standardised if standardised else one.raw for one in observed]
    return JointTest(
        specifications=len(designs),
        draws=draws,
        seed=seed,
        direction=direction,
        standardised=standardised,
        median=float(np.median([effect[0] for effect in effects])),
        median_p=float((1 + extreme) / (1 + draws)),
        significant=int(seen_counts[0]),
        significant_p=float((1 + as_many) / (1 + draws)),
        expected_significant=float(counts.mean()),
    )


def _summarise(
    found: Sequence[Effects], *, alpha: float, direction: Direction | None, standardised: bool
) -> tuple[FloatArray, FloatArray]:
    """Return each arrangement's median effect in the direction that counts, and its number of significant ones."""
    effects = np.column_stack([one.standardised if standardised else one.raw for one in found])
    significant = np.column_stack([one.p for one in found]) < alpha
    medians = np.median(effects, axis=1)
    up, down = ((significant & (sign * effects > 0)).sum(axis=1).astype(np.float64) for sign in (1, -1))
    if direction is None:
        return np.abs(medians), np.maximum(up, down)
    return (medians, up) if direction == "positive" else (-medians, down)

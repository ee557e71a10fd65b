"""How often each action unit is active in each block, for a population whose faces OpenFace has coded.

The share of time ``p`` in which unit u is active while emotion e is shown differs between people as a beta distribution
with the declared mean and spread. The shares of one person go together through normal scores::

    z(u, e) = g(e) G + a(e) F(u) + sqrt(1 - g(e)^2 - a(e)^2) (sqrt(r(e)) K(e) + sqrt(1 - r(e)) L(u, e))
    p(u, e) = Q(Phi(z(u, e)))                       Q: quantiles of the beta distribution of u and e

G is how much a person's face moves in general, F what lasts of a single unit, K what the units of one block share, L
the rest; all are standard normal. So before Q the correlation of two units in a block is g^2 + (1 - g^2 - a^2) r, that
of one unit in two blocks g g' + a a', that of two units in two blocks g g'. An arm may have other means, and another
g(e) and r(e): a treatment that unties a block from the face in general moderates its own effect, because it adds most
where the face moves least.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]
Cell = tuple[str, str]
"""An emotion shown and an action unit."""

NODES = 48


@dataclass(frozen=True)
class Presence:
    """Shares of time in which action units are active.

    Parameters
    ----------
    units
        Action units.
    means
        Arm (its place in study.yaml) -> emotion -> mean share of each unit, in the order of ``units``.
    spread
        Emotion -> standard deviation between people as a share of the largest possible one, sqrt(m (1 - m)).
    spread_of
        The same for single cells.
    general, lasting, together
        Emotion -> g(e), a(e), r(e).
    general_in, together_in
        Arm -> emotion -> g(e), r(e), where they are others in that arm.
    """

    units: tuple[str, ...]
    means: Mapping[int, Mapping[str, tuple[float, ...]]]
    spread: Mapping[str, float]
    general: Mapping[str, float]
    lasting: Mapping[str, float]
    together: Mapping[str, float]
    spread_of: Mapping[Cell, float] = field(default_factory=dict)
    general_in: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    together_in: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotions of the blocks."""
        return tuple(self.spread)

    def take_arm(self, arm: int) -> int:
        """Return the arm whose means hold; without a treatment (-1) the last one's."""
        return arm if arm in self.means else max(self.means)

    def find_mean(self, arm: int, cell: Cell) -> float:
        """Return the mean share of a cell in an arm."""
        emotion, unit = cell
        return self.means[self.take_arm(arm)][emotion][self.units.index(unit)]

    def find_sd(self, arm: int, cell: Cell) -> float:
        """Return the standard deviation between people of a cell in an arm."""
        mean = self.find_mean(arm, cell)
        return self.spread_of.get(cell, self.spread[cell[0]]) * math.sqrt(mean * (1 - mean))

    def find_general(self, arm: int, emotion: str) -> float:
        """Return g(e) in an arm."""
        return self.general_in.get(self.take_arm(arm), {}).get(emotion, self.general[emotion])

    def find_together(self, arm: int, emotion: str) -> float:
        """Return r(e) in an arm."""
        return self.together_in.get(self.take_arm(arm), {}).get(emotion, self.together[emotion])


def draw_shares(presence: Presence, generator: np.random.Generator, *, arm: int) -> dict[str, dict[str, float]]:
    """Return one person's shares: emotion -> action unit -> share of time. The same numbers are drawn in every arm."""
    count = len(presence.units)
    general, usual = float(generator.normal()), generator.normal(size=count)
    shares = {}
    for emotion in presence.emotions:
        block, own = float(generator.normal()), generator.normal(size=count)
        of_general, lasting = presence.find_general(arm, emotion), presence.lasting[emotion]
        together = presence.find_together(arm, emotion)
        rest = math.sqrt(together) * block + math.sqrt(1 - together) * own
        scores = of_general * general + lasting * usual + math.sqrt(1 - of_general**2 - lasting**2) * rest
        shares[emotion] = {
            unit: float(find_quantiles(presence, arm, (emotion, unit), np.array([score]))[0])
            for unit, score in zip(presence.units, scores, strict=True)
        }
    return shares


def find_quantiles(presence: Presence, arm: int, cell: Cell, scores: FloatArray) -> FloatArray:
    """Return the shares of people with these normal scores: quantiles of the cell's beta distribution."""
    mean, sd = presence.find_mean(arm, cell), presence.find_sd(arm, cell)
    precision = mean * (1 - mean) / sd**2 - 1
    return np.asarray(special.betaincinv(mean * precision, (1 - mean) * precision, special.ndtr(scores)))


def describe_composite(presence: Presence, arm: int, cells: Sequence[Cell]) -> tuple[float, float]:
    """Return mean and standard deviation between people of the mean of some cells, in an arm."""
    mean = float(np.mean([presence.find_mean(arm, cell) for cell in cells]))
    return mean, math.sqrt(find_covariance(presence, arm, cells, cells))


def find_covariance(presence: Presence, arm: int, first: Sequence[Cell], second: Sequence[Cell]) -> float:
    """Return the covariance between people of the means of two sets of cells, in an arm; by quadrature."""
    total = 0.0
    for one in first:
        for other in second:
            total += _find_cell_covariance(presence, arm, one, other)
    return total / (len(first) * len(second))


def _find_cell_covariance(presence: Presence, arm: int, one: Cell, other: Cell) -> float:
    if one == other:
        return presence.find_sd(arm, one) ** 2
    correlation = _correlate_scores(presence, arm, one, other)
    if correlation == 0:
        return 0.0
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / math.sqrt(2 * math.pi)
    first = find_quantiles(presence, arm, one, nodes) - presence.find_mean(arm, one)
    scores = correlation * nodes[:, None] + math.sqrt(1 - correlation**2) * nodes[None, :]
    second = find_quantiles(presence, arm, other, scores) - presence.find_mean(arm, other)
    return float((weights * first) @ second @ weights)


def _correlate_scores(presence: Presence, arm: int, one: Cell, other: Cell) -> float:
    (emotion, unit), (other_emotion, other_unit) = one, other
    general, other_general = presence.find_general(arm, emotion), presence.find_general(arm, other_emotion)
    lasting, other_lasting = presence.lasting[emotion], presence.lasting[other_emotion]
    if emotion == other_emotion:
        return general**2 + (1 - general**2 - lasting**2) * presence.find_together(arm, emotion)
    return general * other_general + (lasting * other_lasting if unit == other_unit else 0.0)

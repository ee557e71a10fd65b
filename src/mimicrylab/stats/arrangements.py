"""The effect and p of a test under many arrangements of people at once: what it would show if nothing were there.

An arrangement flips the signs of people's differences (a within-person effect), or deals people's groups or values anew
(an effect between people). It moves whole people, the same way in every test that is computed from it, so that tests of
the same people stay as alike as they are. Regressions are arranged as Freedman & Lane (1983) do: residuals of the model
without the tested term are dealt anew, so that covariates keep their effects (Winkler et al. 2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.samples import FloatArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
GroupTest = Literal["welch", "student", "ranks"]


@dataclass(frozen=True)
class Arrangements:
    """Random arrangements of people: each person's sign (+1 or -1), and whose value each person is dealt.

    Both have a row an arrangement and a column a person.
    """

    signs: FloatArray
    dealt: IntArray

    def order(self, people: IntArray) -> IntArray:
        """Return whose place each of some people (in rising order) is dealt among them: arrangements x people.

        Who is dealt somebody outside takes what that one is dealt, and so on: the permutation without the others. So
        tests of nearly the same people are dealt nearly alike.
        """
        places = np.full(self.dealt.shape[1], -1)
        places[people] = np.arange(len(people))
        found = self.dealt[:, people]
        while (outside := places[found] < 0).any():
            found = np.where(outside, np.take_along_axis(self.dealt, found, axis=1), found)
        return places[found]


@dataclass(frozen=True)
class Effects:
    """What a test shows in each arrangement: the effect in the outcome's unit, standardised (d or r), and p."""

    raw: FloatArray
    standardised: FloatArray
    p: FloatArray


@dataclass(frozen=True)
class Differences:
    """One difference a person, tested against 0 by t or by signed ranks; ``people`` numbers whose they are."""

    people: IntArray
    values: FloatArray
    ranks: bool = False

    def compute(self, arranged: Arrangements) -> Effects:
        """Return the mean and d_z (ranks: rank-biserial r) with flipped signs."""
        signs, n = arranged.signs[:, self.people], len(self.values)
        if self.ranks:
            return self._compute_ranks(signs)
        mean = signs @ self.values / n
        variance = (float(self.values @ self.values) - n * mean**2) / (n - 1)
        d = mean / np.sqrt(np.maximum(variance, 1e-300))
        return Effects(mean, d, 2 * stats.t.sf(np.abs(d) * np.sqrt(n), n - 1))

    def _compute_ranks(self, signs: FloatArray) -> Effects:
        kept = self.values != 0
        ranks = stats.rankdata(np.abs(self.values[kept]))
        total = ranks.sum()
        difference = signs[:, kept] @ (np.sign(self.values[kept]) * ranks)
        z = difference / np.sqrt(float(ranks @ ranks))
        return Effects(difference / total, difference / total, 2 * stats.norm.sf(np.abs(z)))


@dataclass(frozen=True)
class Groups:
    """One value a person in two groups, ``first`` minus the other."""

    people: IntArray
    values: FloatArray
    first: BoolArray
    test: GroupTest = "welch"

    def compute(self, arranged: Arrangements) -> Effects:
        """Return the difference of means and d (ranks: rank-biserial r) with people dealt to the groups anew."""
        member = self.first[arranged.order(self.people)].astype(np.float64)
        values = stats.rankdata(self.values) if self.test == "ranks" else self.values - self.values.mean()
        n, n1 = len(values), int(self.first.sum())
        n2 = n - n1
        sum1, square1 = member @ values, member @ values**2
        sum2, square2 = values.sum() - sum1, (values**2).sum() - square1
        difference = sum1 / n1 - sum2 / n2
        if self.test == "ranks":
            spread = values.var() * n / (n - 1)
            z = difference / np.sqrt(spread * (1 / n1 + 1 / n2))
            return Effects(2 * difference / n, 2 * difference / n, 2 * stats.norm.sf(np.abs(z)))
        v1 = np.maximum(square1 - sum1**2 / n1, 0.0) / (n1 - 1)
        v2 = np.maximum(square2 - sum2**2 / n2, 0.0) / (n2 - 1)
        if self.test == "student":
            df = np.full(len(v1), float(n - 2))
            pooled = ((n1 - 1) * v1 + (n2 - 1) * v2) / (n - 2)
            sd, error = np.sqrt(pooled), np.sqrt(pooled * (1 / n1 + 1 / n2))
        else:
            parts = v1 / n1, v2 / n2
            error, sd = np.sqrt(parts[0] + parts[1]), np.sqrt((v1 + v2) / 2)
            df = (parts[0] + parts[1]) ** 2 / (parts[0] ** 2 / (n1 - 1) + parts[1] ** 2 / (n2 - 1))
        return Effects(difference, difference / sd, 2 * stats.t.sf(np.abs(difference / error), df))


@dataclass(frozen=True)
class Pairs:
    """Two values a person that may go together, by Pearson's r or (``ranks``) Spearman's rho."""

    people: IntArray
    first: FloatArray
    second: FloatArray
    ranks: bool = False

    def compute(self, arranged: Arrangements) -> Effects:
        """Return the correlation with people's first values dealt anew."""
        x, y = (stats.rankdata(one) if self.ranks else one for one in (self.first, self.second))
        x, y = ((one - one.mean()) / np.linalg.norm(one - one.mean()) for one in (x, y))
        r = np.clip(x[arranged.order(self.people)] @ y, -1 + 1e-12, 1 - 1e-12)
        df = len(x) - 2
        return Effects(r, r, 2 * stats.t.sf(np.abs(r) * np.sqrt(df / (1 - r**2)), df))


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of a regression: the column ``tested`` beside ``others`` (people x columns, an intercept in it).

    ``robust`` takes HC3 standard errors, else classic ones.
    """

    people: IntArray
    outcome: FloatArray
    tested: FloatArray
    others: FloatArray
    robust: bool = True

    def compute(self, arranged: Arrangements) -> Effects:
        """Return b and the partial correlation t / sqrt(t^2 + df) with the other columns' residuals dealt anew.

        Raises
        ------
        InputError
            The tested column is a sum of the others.
        """
        q = np.linalg.qr(self.others)[0]
        own = self.tested - q @ (q.T @ self.tested)
        left = self.outcome - q @ (q.T @ self.outcome)
        square = float(own @ own)
        if square <= 1e-12 * float(self.tested @ self.tested):
            raise InputError("the tested term is a sum of the others", expected="a term of its own")
        whole = np.column_stack([q, own / np.sqrt(square)])
        dealt = left[arranged.order(self.people)]
        b = dealt @ own / square
        residuals = dealt - (dealt @ whole) @ whole.T
        df = len(left) - whole.shape[1]
        if self.robust:
            scaled = residuals / (1 - (whole**2).sum(axis=1))
            error = np.sqrt(scaled**2 @ own**2) / square
        else:
            error = np.sqrt((residuals**2).sum(axis=1) / df / square)
        t = b / error
        return Effects(b, t / np.sqrt(t**2 + df), 2 * stats.t.sf(np.abs(t), df))


Design = Differences | Groups | Pairs | Coefficient
"""One test of people, ready to be arranged."""


def draw_arrangements(people: int, draws: int, *, seed: int) -> Arrangements:
    """Return random arrangements of so many people.

    Raises
    ------
    InputError
        There is nothing to draw.
    """
    if draws < 1 or people < 1:
        raise InputError("an arrangement needs people and draws", found=f"{people} people, {draws} draws")
    generator = np.random.default_rng(seed)
    signs = 1 - 2 * generator.integers(0, 2, (draws, people)).astype(np.float64)
    return Arrangements(signs, np.argsort(generator.random((draws, people)), axis=1))


def leave_people(people: int) -> Arrangements:
    """Return the one arrangement in which everybody is who they are: what was observed."""
    return Arrangements(np.ones((1, people)), np.arange(people)[None, :])

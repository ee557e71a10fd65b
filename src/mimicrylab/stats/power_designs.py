"""Designs whose power is known: noncentrality and degrees of freedom of their tests, see ``power``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy import special, stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.effect_sizes import compute_noncentral_f_tail


class Design(Protocol):
    """A test whose power can be computed."""

    @property
    def effect_name(self) -> str:
        """What the effect is: d, r, f, f2."""

    @property
    def description(self) -> str:
        """The test in words."""

    @property
    def smallest(self) -> int:
        """Fewest people for which the test exists."""

    @property
    def step(self) -> int:
        """People come in multiples of this (groups of equal size)."""

    @property
    def largest_effect(self) -> float:
        """Effects are below this."""

    def find_power(self, people: int, effect: float, alpha: float) -> float:
        """Return the power of the two-sided test."""


@dataclass(frozen=True)
class GroupsDesign:
    """Two independent groups, t test; ``effect`` is d, people are of both groups together.

    ``ratio``: size of the second group by the first. Noncentrality d sqrt(n1 n2 / (n1 + n2)), df n1 + n2 - 2.
    """

    ratio: float = 1.0
    effect_name: str = "d"
    description: str = "t test of two independent groups, two-sided"
    largest_effect: float = math.inf

    def __post_init__(self) -> None:
        if not 0 < self.ratio < math.inf:
            raise InputError("ratio does not fit", where="ratio", expected="above 0", found=f"{self.ratio:g}")

    @property
    def smallest(self) -> int:
        """Each group has two people."""
        return math.ceil(2 * (1 + max(self.ratio, 1 / self.ratio)))

    @property
    def step(self) -> int:
        """Pairs of people where the groups are of one size."""
        return 2 if self.ratio == 1 else 1

    def find_power(self, people: int, effect: float, alpha: float) -> float:
        """See ``Design``."""
        first = people / 2 if self.ratio == 1 else float(round(people / (1 + self.ratio)))
        second = people - first
        return _compute_f_power(effect**2 * first * second / people, 1.0, people - 2.0, alpha)


@dataclass(frozen=True)
class WithinDesign:
    """One value a person (a difference, a contrast) against 0, or pairs; ``effect`` is d_z.

    Noncentrality d_z sqrt(n), df n - 1.
    """

    effect_name: str = "d_z"
    description: str = "one-sample or paired t test, two-sided"
    smallest: int = 3
    step: int = 1
    largest_effect: float = math.inf

    def find_power(self, people: int, effect: float, alpha: float) -> float:
        """See ``Design``."""
        return _compute_f_power(effect**2 * people, 1.0, people - 1.0, alpha)


@dataclass(frozen=True)
class CorrelationDesign:
    """Pearson's r against 0; ``effect`` is r. Exact for two normal variables.

    Given the predictor, t is noncentral with r / sqrt(1 - r^2) sqrt(sum of squares); that sum is chi-squared with
    n - 1 df, which turns the Poisson weights of the noncentral F into negative-binomial ones (G*Power: "bivariate
    normal model, exact").
    """

    effect_name: str = "r"
    description: str = "Pearson's correlation against 0, two-sided, exact for two normal variables"
    smallest: int = 4
    step: int = 1
    largest_effect: float = 1.0

    def find_power(self, people: int, effect: float, alpha: float) -> float:
        """See ``Design``."""
        df = people - 2.0
        critical = float(stats.f.isf(alpha, 1.0, df))
        mean = (people - 1) / 2 * effect**2 / (1 - effect**2)
        reach = 12 * math.sqrt(mean / (1 - effect**2)) + 60
        terms = np.arange(max(math.floor(mean - reach), 0), math.ceil(mean + reach) + 1, dtype=np.float64)
        weights = stats.nbinom.pmf(terms, (people - 1) / 2, 1 - effect**2)
        return float(weights @ special.betainc(df / 2, 0.5 + terms, df / (df + critical)))


@dataclass(frozen=True)
class RegressionDesign:
    """Increase of R squared by ``tested`` of all ``predictors`` (fixed); ``effect`` is f2 = increase / (1 - R squared).

    Noncentrality f2 n, df tested and n - predictors - 1.
    """

    predictors: int
    tested: int = 1
    effect_name: str = "f2"
    step: int = 1
    largest_effect: float = math.inf

    def __post_init__(self) -> None:
        if not 1 <= self.tested <= self.predictors:
            raise InputError(
                "some of the predictors are tested",
                expected=f"1 to {self.predictors}",
                found=str(self.tested),
                where="tested",
            )

    @property
    def description(self) -> str:
        """The test in words."""
        return f"F test of {self.tested} of {self.predictors} predictors, ordinary least squares"

    @property
    def smallest(self) -> int:
        """One residual degree of freedom."""
        return self.predictors + 2

    def find_power(self, people: int, effect: float, alpha: float) -> float:
        """See ``Design``."""
        return _compute_f_power(effect * people, float(self.tested), people - self.predictors - 1.0, alpha)


RepeatedEffect = Literal["between", "within", "interaction"]
REPEATED_EFFECTS: tuple[RepeatedEffect, ...] = ("between", "within", "interaction")


@dataclass(frozen=True)
class RepeatedDesign:
    """Groups of people measured several times; ``effect`` is f (as G*Power: "as in Cohen 1988" for interactions).

    Parameters
    ----------
    measurements, groups
        Numbers of measurements (m) and groups (k).
    tested
        ``between``: lambda = f^2 n m / (1 + (m - 1) rho), df k - 1 and n - k, the same for analysis of variance and
        MANOVA. ``within`` and ``interaction``: lambda = f^2 n m epsilon / (1 - rho), df (m - 1) epsilon, times k - 1
        for the interaction, and (n - k) (m - 1) epsilon; with ``multivariate`` (Hotelling's T^2; the interaction
        only of two groups) lambda = f^2 n m / (1 - rho), df m - 1 and n - k - m + 2.
    correlation
        rho between measurements of a person. It decides much: 0 asks for the fewest people for a between effect and the
        most for a within effect.
    epsilon
        Nonsphericity correction, 1 / (m - 1) to 1.
    """

    measurements: int
    groups: int = 1
    tested: RepeatedEffect = "within"
    correlation: float = 0.5
    epsilon: float = 1.0
    multivariate: bool = False
    effect_name: str = "f"
    largest_effect: float = math.inf

    def __post_init__(self) -> None:
        if self.tested not in REPEATED_EFFECTS:
            raise UnknownNameError("tested effect", self.tested, REPEATED_EFFECTS)
        lowest = 1 / (self.measurements - 1) if self.measurements > 1 else math.nan
        needs = 1 if self.tested == "within" else 2
        for name, fits, expected in (
            ("measurements", self.measurements >= 2, "at least 2"),
            ("groups", self.groups >= needs, f"at least {needs}"),
            ("correlation", -lowest < self.correlation < 1, f"above {-lowest:.3g} and below 1"),
            ("epsilon", lowest - 1e-9 <= self.epsilon <= 1, f"{lowest:.3g} to 1"),
        ):
            if not fits:
                raise InputError(f"{name} does not fit", where=name, expected=expected, found=str(getattr(self, name)))
        if self.multivariate and self.tested == "interaction" and self.groups > 2:
            raise InputError(
                "the multivariate test of this design has no exact power",
                where="multivariate",
                expected="two groups",
                do="use epsilon, or simulate",
            )

    @property
    def description(self) -> str:
        """The test in words."""
        kind = "MANOVA" if self.multivariate else "analysis of variance"
        return (
            f"repeated measures {kind}, {self.tested} effect, {self.groups} groups x {self.measurements} measurements, "
            f"correlation {self.correlation:g}, epsilon {self.epsilon:g}"
        )

    @property
    def smallest(self) -> int:
        """Every group has two people, and the multivariate test its df."""
        return max(2 * self.groups, self.groups + self.measurements if self.multivariate else 0, 3)

    @property
    def step(self) -> int:
        """Groups of one size."""
        return self.groups

    def find_power(self, people: int, effect: float, alpha: float) -> float:
        """See ``Design``."""
        m, k, rho = self.measurements, self.groups, self.correlation
        if self.tested == "between":
            return _compute_f_power(effect**2 * people * m / (1 + (m - 1) * rho), k - 1.0, float(people - k), alpha)
        strength = effect**2 * people * m / (1 - rho)
        if self.multivariate:
            return _compute_f_power(strength, m - 1.0, people - k - m + 2.0, alpha)
        df = (m - 1) * self.epsilon
        many = k - 1 if self.tested == "interaction" else 1
        return _compute_f_power(strength * self.epsilon, df * many, (people - k) * df, alpha)


def _compute_f_power(noncentrality: float, df: float, df_residual: float, alpha: float) -> float:
    critical = float(stats.f.isf(alpha, df, df_residual))
    return compute_noncentral_f_tail(critical, df, df_residual, noncentrality)

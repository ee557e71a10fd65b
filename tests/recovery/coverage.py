"""Did intervals cover the truth as often as they claim, and was the mean estimate right? Judged with their own error.

A proportion over ``runs`` simulations is judged by the binomial distribution: a claim of .95 is refuted only by a count
that would be seen in fewer than one of ``1 / ALPHA`` suites if the claim were true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from mimicrylab.stats.estimates import Estimate

ALPHA = 1e-3
"""Chance that a single check fails although all is right; the seeds are fixed, so it fails always or never."""


@dataclass(frozen=True)
class Recovery:
    """What came back from many simulations."""

    estimates: np.ndarray
    covered: np.ndarray
    significant: np.ndarray
    truth: float

    def check(self, *, level: float = 0.95) -> None:
        """Fail where the estimates are biased, or the intervals cover too seldom or too often."""
        runs = len(self.estimates)
        error = self.estimates.std(ddof=1) / np.sqrt(runs)
        bias = self.estimates.mean() - self.truth
        reach = stats.t.ppf(1 - ALPHA / 2, runs - 1) * error
        assert abs(bias) <= reach, f"bias {bias:.5f} of {self.truth:.5f}, beyond {reach:.5f}"
        check_share(int(self.covered.sum()), runs, level, what="coverage")

    def check_false_alarms(self, *, alpha: float = 0.05) -> None:
        """Fail where tests of nothing are significant too often or too seldom."""
        check_share(int(self.significant.sum()), len(self.significant), alpha, what="false alarms")


def gather(results: list[Estimate], truth: float, *, alpha: float = 0.05) -> Recovery:
    """Return what came back: estimates, whether their intervals cover ``truth``, whether p is below alpha."""
    return Recovery(
        np.array([result.estimate for result in results]),
        np.array([result.ci_low <= truth <= result.ci_high for result in results]),
        np.array([result.p < alpha for result in results if result.p is not None]),
        truth,
    )


def check_share(count: int, runs: int, expected: float, *, what: str) -> None:
    """Fail where ``count`` of ``runs`` cannot be a matter of chance if ``expected`` is the true share."""
    low, high = stats.binom.ppf([ALPHA / 2, 1 - ALPHA / 2], runs, expected)
    assert low <= count <= high, f"{what} {count / runs:.3f}, expected {low / runs:.3f} to {high / runs:.3f}"

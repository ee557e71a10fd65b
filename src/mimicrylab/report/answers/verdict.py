"""What a test decides: by the corrected p of its family where there is one, at the level that was declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult

Finding = Literal["shown", "not shown", "no test"]
EQUIVALENCE = "Two one-sided tests"
NOT_TESTED = ("Intercept", "SD of ", "correlation of ")
"""First words of terms that describe a model and answer no question."""


@dataclass(frozen=True)
class Verdict:
    """Whether the data show what was asked: the p that decides, whether it is corrected, and the level."""

    finding: Finding
    p: float | None
    corrected: bool
    alpha: float

    @property
    def is_shown(self) -> bool:
        """Whether the test is significant."""
        return self.finding == "shown"


def judge(estimate: Estimate, analysis: Analysis) -> Verdict:
    """Return what an estimate decides: the corrected p goes before the plain one.

    A p equal to alpha is not below it.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> plan = Analysis(id="eq", hypothesis="H1", model="two_groups", outcome=Outcome(score="EQ-60.total"))
    >>> judge(Estimate("eq", "female - male", 8.5, p=0.02, p_adjusted=0.08, family="H1 (Holm, 4 tests)"), plan).finding
    'not shown'
    """
    corrected = estimate.p_adjusted is not None
    p = estimate.p_adjusted if corrected else estimate.p
    if p is None:
        return Verdict("no test", None, corrected=False, alpha=analysis.alpha)
    return Verdict("shown" if p < analysis.alpha else "not shown", p, corrected=corrected, alpha=analysis.alpha)


def is_lost_in_correction(estimate: Estimate, analysis: Analysis) -> bool:
    """Return whether the plain p is below alpha and the corrected one is not."""
    if estimate.p is None or estimate.p_adjusted is None:
        return False
    return estimate.p < analysis.alpha <= estimate.p_adjusted


def is_equivalence(estimate: Estimate) -> bool:
    """Return whether the test asks for a difference within limits: a small p then means: equivalent."""
    return estimate.method.startswith(EQUIVALENCE)


def list_answers(result: AnalysisResult) -> tuple[Estimate, ...]:
    """Return the estimates that answer the plan's question; all but what describes the model, where none is named."""
    if result.tests:
        named = set(result.tests)
        return tuple(one for one in result.estimates if one.term in named)
    return tuple(one for one in result.estimates if not one.term.rpartition(": ")[2].startswith(NOT_TESTED))


def count_shown(estimates: Iterable[Estimate], analysis: Analysis) -> int:
    """Return how many of the estimates are significant."""
    return sum(judge(one, analysis).is_shown for one in estimates)

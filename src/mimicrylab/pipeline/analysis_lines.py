"""What an analysis found, in one plain line for the terminal: the clearest of its tests, and how many passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.errors import count_things
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.data import Labels
from mimicrylab.stats.plan.results import AnalysisResult, State

SMALLEST_P = 0.001
DECIMALS = 3
FEW = 2
"""So many numbers that nothing tests are told in a line."""


@dataclass(frozen=True)
class AnalysisLine:
    """One analysis in a line.

    Parameters
    ----------
    id, hypothesis, standing, model
        As declared.
    state, text
        Whether it was done; what was found, or why not.
    p_adjusted
        The smallest p over its tests, corrected over the family; uncorrected where there is no family (exploratory
        analyses); None where nothing was tested.
    labels
        Whether it rests on arms as given, on permuted ones, or on none.
    n
        People in the largest of its tests.
    warnings
        How many notes and warnings stand beside it.
    path
        Folder of its table and curves; None where there is none.
    """

    id: str
    hypothesis: str
    standing: str
    model: str
    state: State
    text: str
    p_adjusted: float | None = None
    is_corrected: bool = False
    labels: Labels = "none"
    n: int = 0
    warnings: int = 0
    path: Path | None = None


def describe_results(results: Iterable[AnalysisResult], folder: Path) -> tuple[AnalysisLine, ...]:
    """Return one line a result; ``folder`` is where their tables lie."""
    return tuple(_describe(result, folder) for result in results)


def _describe(result: AnalysisResult, folder: Path) -> AnalysisLine:
    analysis = result.analysis
    tested = _list_tested(result)
    best = min(tested, key=_find_p, default=None)
    return AnalysisLine(
        analysis.id,
        analysis.hypothesis,
        analysis.standing,
        analysis.model,
        result.state,
        _write_text(result, tested, best),
        p_adjusted=None if best is None else _find_p(best),
        is_corrected=best is not None and best.p_adjusted is not None,
        labels=result.labels,
        n=max((one.n for one in result.estimates), default=0),
        warnings=len(result.notes) + sum(len(one.warnings) for one in result.estimates),
        path=folder / analysis.id if result.data.width else None,
    )


def _list_tested(result: AnalysisResult) -> list[Estimate]:
    """Return the estimates that answer the plan's question and have a p."""
    named = set(result.tests)
    return [one for one in result.estimates if one.p is not None and (not named or one.term in named)]


def _find_p(estimate: Estimate) -> float:
    p = estimate.p if estimate.p_adjusted is None else estimate.p_adjusted
    return 1.0 if p is None else p


def _write_text(result: AnalysisResult, tested: Sequence[Estimate], best: Estimate | None) -> str:
    if result.state != "done":
        return join_lines(result.reason or "no reason is given")
    if best is None:
        described = [one for one in result.estimates if one.estimate is not None]
        if 1 <= len(described) <= FEW:
            return "; ".join(_write_estimate(one) for one in described)
        return f"{count_things(len(described), 'estimate')}, nothing tested"
    if len(tested) == 1:
        return _write_estimate(best)
    passed = sum(_find_p(one) < result.analysis.alpha for one in tested)
    words = f"{count_things(len(tested), 'test')}, {passed} below {_trim(result.analysis.alpha)}"
    return f"{words}; smallest: {_write_estimate(best)}"


def join_lines(text: str) -> str:
    r"""Return an error's lines as one.

    Examples
    --------
    >>> join_lines("column 'EQ': constant\n  expected: variation\n  do: look")
    "column 'EQ': constant; expected: variation; do: look"
    """
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def _write_estimate(one: Estimate) -> str:
    """Return ``oxytocin - placebo = 0.053 [-0.002, 0.108]`` or, without a number, the statistic."""
    parts = [one.term or "estimate"]
    if one.estimate is not None:
        parts.append(f"= {_write_number(one.estimate)}")
        if one.ci_low is not None and one.ci_high is not None:
            parts.append(f"[{_write_number(one.ci_low)}, {_write_number(one.ci_high)}]")
    elif one.statistic is not None and one.statistic.value is not None:
        df = f"({', '.join(_trim(value) for value in one.df)})" if one.df else ""
        parts.append(f"{one.statistic.name}{df} = {_write_number(one.statistic.value)}")
    return " ".join(parts)


def _write_number(value: float) -> str:
    """Return a number in three decimals, more where it is small."""
    small = 0 < abs(value) < 10**-DECIMALS
    return f"{value:.2g}" if small or abs(value) >= 1e6 else f"{value:.{DECIMALS}f}"


def _trim(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def write_p(line: AnalysisLine) -> str:
    """Return the p of a line: corrected, or in parentheses where it is not; ``-`` where nothing was tested.

    Examples
    --------
    >>> write_p(AnalysisLine("a", "H1", "confirmatory", "paired", "done", "", p_adjusted=0.0004, is_corrected=True))
    '<.001'
    >>> write_p(AnalysisLine("a", "H1", "exploratory", "paired", "done", "", p_adjusted=0.0431))
    '(.043)'
    """
    if line.p_adjusted is None:
        return "-"
    text = "<.001" if line.p_adjusted < SMALLEST_P else f"{line.p_adjusted:.3f}".removeprefix("0")
    return text if line.is_corrected else f"({text})"

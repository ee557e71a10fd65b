"""What a sentence is about: the analysis, its words, and what stands beside an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.report.answers.naming import Vocabulary, name_column, name_label, name_outcome, name_signals
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult

UNIT = "unit"
CELL_END = ": "
PARTS_OF_MODEL = frozenset({"any", "amount", "overall"})
"""What a term may begin with although it is no cell: the two parts of a two-part model."""


@dataclass(frozen=True)
class Setting:
    """One result with the names that its study declares."""

    result: AnalysisResult
    words: Vocabulary = field(default_factory=Vocabulary)

    @property
    def analysis(self) -> Analysis:
        """The analysis as it was declared."""
        return self.result.analysis

    @property
    def outcome(self) -> str:
        """The outcome of the whole analysis in words."""
        return name_outcome(self.analysis.outcome, self.words)

    def name_subject(self, estimate: Estimate) -> str:
        """Return what one estimate is about: the outcome, and which signal, emotion or block of it."""
        return name_subject(self.analysis, self.split(estimate)[0], self.words)

    def split(self, estimate: Estimate) -> tuple[tuple[str, ...], str]:
        """Return the cells of an estimate (``happiness, AU12``) and its term; a cell alone has no term."""
        return split_cells(estimate.term, self.analysis)

    def find_unit(self, estimate: Estimate) -> str:
        """Return the unit of an estimate; where the model had several, that of its cell in the model's table."""
        if estimate.unit:
            return estimate.unit
        table, cells = self.result.data, self.split(estimate)[0]
        if UNIT not in table.columns or not cells or estimate.statistic is None:
            return ""
        own = table.filter(
            *(pl.col(name).cast(pl.String).is_in(list(cells) + cells[0].split(", ")) for name in self._list_cells())
        )
        units = own[UNIT].drop_nulls().unique()
        return str(units[0]) if len(units) == 1 else ""

    def _list_cells(self) -> list[str]:
        return [name for name, role in self.result.roles.items() if role == "cell"]

    def split_contrast(self, term: str) -> tuple[str, str]:
        """Return the planned contrast that a term begins with (empty: none) and the rest of the term."""
        for contrast in self.analysis.contrasts:
            if term == contrast.name:
                return contrast.name, ""
            if term.startswith(f"{contrast.name}, "):
                return contrast.name, term.removeprefix(f"{contrast.name}, ")
        return "", term

    def find_bayes(self, estimate: Estimate) -> Estimate | None:
        """Return the Bayes factor of the same test as an estimate, if one was computed: of a t test or Pearson's r."""
        name = estimate.statistic.name if estimate.statistic else ""
        if name != "t" or estimate.unit in ("Spearman's rho", "Kendall's tau-b"):
            return None
        cell = self.split(estimate)[0]
        factors = [one for one in self.result.checks if one.unit == "BF10" and one.estimate is not None]
        return next((one for one in factors if split_term(one.term)[0] == cell), None)


def split_term(term: str) -> tuple[tuple[str, ...], str]:
    """Return the cells before a term, and the term.

    Examples
    --------
    >>> split_term("happiness, AU12: oxytocin - placebo"), split_term("EQ")
    ((('happiness, AU12',), 'oxytocin - placebo'), ((), 'EQ'))
    >>> split_term("AU12: any: arm[oxytocin]")
    (('AU12',), 'any: arm[oxytocin]')
    """
    *labels, last = term.split(CELL_END)
    while labels and labels[-1] in PARTS_OF_MODEL:
        last = f"{labels.pop()}{CELL_END}{last}"
    return tuple(labels), last


def split_cells(term: str, analysis: Analysis) -> tuple[tuple[str, ...], str]:
    """Return the cells before a term, and the term; with ``for_each``, a term without a colon is a cell alone."""
    labels, last = split_term(term)
    alone = not labels and bool(analysis.outcome.for_each) and analysis.model != "multivariate_regression"
    return ((last,), "") if alone else (labels, last)


def split_difference(term: str) -> tuple[str, str] | None:
    """Return the two levels of ``first - second``; None where the term is no difference of two.

    Examples
    --------
    >>> split_difference("female - male"), split_difference("EQ")
    (('female', 'male'), None)
    """
    parts = term.split(" - ")
    return (parts[0], parts[1]) if len(parts) == 2 else None


def split_level(term: str) -> tuple[str, str] | None:
    """Return predictor and level of a coefficient ``predictor[level]``; None where the term is another.

    Examples
    --------
    >>> split_level("arm[oxytocin]"), split_level("EQ"), split_level("arm[b]:EQ")
    (('arm', 'oxytocin'), None, None)
    """
    name, bracket, level = term.partition("[")
    return (name, level[:-1]) if bracket and level.endswith("]") and "]" not in level[:-1] else None


def name_subject(analysis: Analysis, labels: Sequence[str], words: Vocabulary) -> str:
    """Return the outcome with what its cell says of it.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> outcome = Outcome(measure="presence", for_each=("emotion", "signal"))
    >>> plan = Analysis(id="x", hypothesis="H", model="two_groups", outcome=outcome)
    >>> name_subject(plan, ["happiness, AU12"], Vocabulary(kinds={"presence": "presence"}))
    'presence rate of AU12 while happiness was shown'
    """
    outcome = analysis.outcome
    parts = [part for label in labels for part in _split_label(label)]
    dimensions = list(outcome.for_each)
    if analysis.model == "multivariate_regression" and "signal" in dimensions:
        dimensions = [name for name in dimensions if name != "signal"] + ["signal"]
        dimensions = dimensions[:-1] if len(parts) == len(dimensions) - 1 else dimensions
    if analysis.model == "multivariate_regression" and len(parts) == len(dimensions) + 1:
        dimensions.append("score" if outcome.measure is None else "signal")
    if not parts:
        return name_outcome(outcome, words)
    if len(parts) != len(dimensions):
        return f"{name_outcome(outcome, words)} ({name_label(', '.join(labels))})"
    cell = dict(zip(dimensions, parts, strict=True))
    if "score" in cell:
        own = cell["score"] if "." in cell["score"] or not outcome.score else f"{outcome.score}.{cell['score']}"
        return name_column(own, words)
    text = name_column(outcome.measure or outcome.score or "", words)
    signals = (cell["signal"],) if "signal" in cell else outcome.signals
    if signals:
        text += f" of {name_signals(signals)}"
    emotions = (cell["emotion"],) if "emotion" in cell else tuple(outcome.emotions)
    if emotions:
        text += f" while {' and '.join(emotions)} {'was' if len(emotions) == 1 else 'were'} shown"
    if "neutral" in cell:
        text += ", neutral left out" if "without" in cell["neutral"] else ", neutral among the others"
    others = {name: value for name, value in cell.items() if name in ("block", "phase", "model_id")}
    return text + "".join(f", {name.replace('_id', '')} {value.replace('_', ' ')}" for name, value in others.items())


def _split_label(label: str) -> list[str]:
    """Return the parts of a cell's name; a composite's action units are joined by plus signs, never by commas."""
    return label.split(", ")

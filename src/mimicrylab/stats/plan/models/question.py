"""What a model is asked: one planned analysis, its table, which columns play which part; and what it answers.

The table has one row a person (or a person and condition, or a trial; ``analysis.rows``). ``for_each`` makes a cell of
each combination: a test of its own. Every model answers for one cell; ``answer_cells`` asks it for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import polars as pl

from mimicrylab.errors import InputError, MimicryLabError, RefusedError
from mimicrylab.protocol.analyses import Analysis, Predictor
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.resampling import DEFAULT_DRAWS
from mimicrylab.stats.samples import PERSON

CELL_END = ": "
"""Stands between the cell and the rest of a term."""


@dataclass(frozen=True)
class Question:
    """One analysis with the table that answers it.

    Parameters
    ----------
    analysis, data, seed
        What was declared, what it is computed from, and the seed of everything random.
    table
        The rows; ``participant_id`` says whose.
    outcome, unit
        Column of the outcome, and its unit.
    cells
        Columns that tell tests apart (``for_each``), in the order declared.
    columns
        Predictor's name -> its columns in the table (several where it is a set of features).
    levels
        Column of words -> its levels in order (phases as they came, arms as declared).
    notes
        What was met while the table was made.
    """

    analysis: Analysis
    data: PlanData
    table: pl.DataFrame
    outcome: str
    unit: str = ""
    cells: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def level(self) -> float:
        """Confidence level of intervals: 1 - alpha, so that interval and test say the same."""
        return 1 - self.analysis.alpha

    @property
    def draws(self) -> int:
        """Random draws of a permutation or sign-flip test."""
        return self.analysis.draws or DEFAULT_DRAWS

    @property
    def is_congruence(self) -> bool:
        """Whether the outcome is a difference already: a congruence index."""
        label = self.analysis.outcome.measure
        return any(one.label == label and one.measure == "congruence" for one in self.data.requests)

    def list_predictors(self, *kinds: str) -> list[Predictor]:
        """Return the predictors of these kinds (all, if none is named), in the order declared."""
        return [one for one in self.analysis.predictors if not kinds or one.kind in kinds]

    def find_column(self, predictor: Predictor) -> str:
        """Return the one column of a predictor.

        Raises
        ------
        InputError
            It has none, or several (a set of features).
        """
        columns = self.columns.get(predictor.name, ())
        if len(columns) != 1:
            raise InputError(
                f"{predictor.name!r} stands for {len(columns)} columns, this model needs one",
                where=f"analysis {self.analysis.id!r}",
                do="name one signal, or a composite",
            )
        return columns[0]


@dataclass(frozen=True)
class Cell:
    """The rows of one test, and its name (empty where there is only one test)."""

    question: Question
    name: str
    table: pl.DataFrame
    keys: Mapping[str, str] = field(default_factory=dict)

    def label(self, term: str) -> str:
        """Return a term with the cell's name before it."""
        return join_term(self.name, term)


@dataclass(frozen=True)
class Answer:
    """What a model found in one cell; see ``AnalysisResult`` for the parts."""

    estimates: Sequence[Estimate]
    tests: Sequence[str] = ()
    checks: Sequence[Estimate] = ()
    curves: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    notes: Sequence[str] = ()


def join_term(cell: str, term: str) -> str:
    """Return a cell's name and a term as one.

    Examples
    --------
    >>> join_term("happiness, AU12", "oxytocin - placebo"), join_term("", "EQ")
    ('happiness, AU12: oxytocin - placebo', 'EQ')
    """
    if not term:
        return cell
    return f"{cell}{CELL_END}{term}" if cell else term


def list_cells(question: Question, *, without: Sequence[str] = ()) -> list[Cell]:
    """Return the cells in the order in which the table has them; ``without`` names columns that make no cell.

    A column that is a predictor makes none, either: its levels are compared within one test.
    """
    predictors = {name for columns in question.columns.values() for name in columns}
    columns = [name for name in question.cells if name not in {*without, *predictors}]
    if not columns:
        return [Cell(question, "", question.table)]
    return [
        Cell(
            question,
            ", ".join(str(part) for part in key),
            rows,
            {name: str(part) for name, part in zip(columns, key, strict=True)},
        )
        for key, rows in question.table.group_by(columns, maintain_order=True)
    ]


def answer_cells(
    question: Question, answer: Callable[[Cell], Answer], *, without: Sequence[str] = ()
) -> AnalysisResult:
    """Return the result of an analysis: the model's answer for every cell.

    Where there are several cells, one that cannot be tested stands there without a number and with the reason. Where
    there is one cell, or none can be tested, the reason is that of the whole analysis.

    Raises
    ------
    InputError, RefusedError
        No cell can be tested.
    """
    cells = list_cells(question, without=without)
    if not cells:
        raise InputError("there is no value at all", where=f"analysis {question.analysis.id!r}")
    answers: list[tuple[Cell, Answer]] = []
    failures: list[MimicryLabError] = []
    for cell in cells:
        try:
            answers.append((cell, _name_terms(cell, answer(cell))))
        except (InputError, RefusedError) as error:
            failures.append(error)
            reason = error.describe().replace("\n ", ";")
            answers.append((cell, Answer([Estimate(question.analysis.id, cell.name, None, warnings=(reason,))])))
    if len(failures) == len(cells):
        raise failures[0]
    found = [one for _, one in answers]
    return AnalysisResult(
        question.analysis,
        estimates=tuple(chain.from_iterable(one.estimates for one in found)),
        tests=tuple(chain.from_iterable(one.tests for one in found)),
        checks=tuple(chain.from_iterable(one.checks for one in found)),
        curves=_join_curves(answers),
        notes=tuple(dict.fromkeys(chain(question.notes, *(one.notes for one in found)))),
        data=question.table,
        roles=describe_roles(question),
    )


def _name_terms(cell: Cell, answer: Answer) -> Answer:
    """Return an answer whose estimates carry the analysis's id and the cell's name."""
    identity = cell.question.analysis.id

    def name(estimate: Estimate) -> Estimate:
        return replace(estimate, analysis=identity, term=cell.label(estimate.term))

    return replace(
        answer,
        estimates=[name(one) for one in answer.estimates],
        checks=[name(one) for one in answer.checks],
        tests=[cell.label(term) for term in answer.tests],
    )


def _join_curves(answers: Sequence[tuple[Cell, Answer]]) -> dict[str, pl.DataFrame]:
    """Return each curve of all cells as one table, the cell's columns first."""
    joined: dict[str, list[pl.DataFrame]] = {}
    for cell, answer in answers:
        for name, curve in answer.curves.items():
            placed = [pl.lit(value).alias(key) for key, value in cell.keys.items()]
            joined.setdefault(name, []).append(curve.select(*placed, pl.all()))
    return {name: pl.concat(curves, how="vertical_relaxed") for name, curves in joined.items()}


ROLES = {
    "treatment": "group",
    "trait": "trait",
    "within": "condition",
    "covariate": "covariate",
    "moderator": "moderator",
    "features": "feature",
}
"""Kind of predictor -> role of its columns; a trait of words is a group."""


def describe_roles(question: Question) -> dict[str, str]:
    """Return what each column of the table is, see ``AnalysisResult.roles``."""
    roles = dict(_list_roles(question))
    return {name: roles[name] for name in question.table.columns if name in roles}


def _list_roles(question: Question) -> Iterator[tuple[str, str]]:
    yield PERSON, "person"
    yield "model_id", "stimulus"
    yield "censored", "censored"
    yield from ((name, "cell") for name in question.cells)
    for predictor in question.analysis.predictors:
        for name in question.columns.get(predictor.name, ()):
            words = name in question.table.columns and not question.table[name].dtype.is_numeric()
            yield name, "group" if predictor.kind == "trait" and words else ROLES[predictor.kind]
    yield question.outcome, "outcome"

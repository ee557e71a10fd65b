"""One measure or many with a trait: sorted from the most positive, with the reliability that limits them."""

from __future__ import annotations

from dataclasses import replace

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Predictor
from mimicrylab.stats.correlation import CorrelationMethod, correlate
from mimicrylab.stats.plan.models.beside import check_correlation
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, write_loop
from mimicrylab.stats.plan.models.split_halves import check_reliability
from mimicrylab.stats.plan.results import AnalysisResult

METHODS: dict[str, CorrelationMethod] = {"pearson": "pearson", "spearman": "spearman", "kendall": "kendall"}


def correlate_with_trait(question: Question) -> AnalysisResult:
    """Return each cell's correlation with the trait, the most positive first.

    ``checks`` hold the Bayes factor, the split-half reliability of each measure over stimulus models, and the largest
    correlation that this reliability allows.
    """
    result = answer_cells(question, _answer)
    checks = [*result.checks, *check_reliability(question)]
    estimates = sorted(result.estimates, key=lambda one: (one.estimate is None, -(one.estimate or 0.0)))
    return replace(result, estimates=tuple(estimates), checks=tuple(checks), r_code=_write_r(question))


def find_trait(question: Question) -> Predictor:
    """Return the one trait (or covariate) that is correlated with.

    Raises
    ------
    InputError
        There is none, or several.
    """
    found = question.list_predictors("trait", "covariate", "moderator")
    if len(found) != 1:
        raise InputError(
            f"{len(found)} traits are named, a correlation takes one",
            where=f"analysis {question.analysis.id!r}",
            do="name one predictor of kind trait; for several use model: regression",
        )
    return found[0]


def _answer(cell: Cell) -> Answer:
    question = cell.question
    trait = question.find_column(find_trait(question))
    found = correlate(
        cell.table,
        question.outcome,
        second=trait,
        method=METHODS[question.analysis.method or "pearson"],
        level=question.level,
    )
    found = replace(found, term=_name_term(cell, trait))
    return Answer([found], [found.term], check_correlation(cell, trait) if found.n > 3 else [])


def _name_term(cell: Cell, trait: str) -> str:
    return "" if cell.name else f"{cell.question.outcome} with {trait}"


def _write_r(question: Question) -> str:
    method = question.analysis.method or "pearson"
    trait = quote_column(question.find_column(find_trait(question)))
    exact = "" if method == "pearson" else ", exact = FALSE"
    line = f'print(cor.test(rows${quote_column(question.outcome)}, rows${trait}, method = "{method}"{exact}))'
    return write_loop(question, [line])

"""Two conditions of the same people, or a planned contrast of several: one difference a person."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Contrast, Predictor
from mimicrylab.stats.contrasts import contrast_conditions, score_contrast
from mimicrylab.stats.equivalence import check_pair_equivalence
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.paired_tests import PairedMethod, compare_pairs
from mimicrylab.stats.plan.models.beside import check_pairs, check_scores
from mimicrylab.stats.plan.models.margins import find_margin
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, quote_words, write_loop, write_two_tests
from mimicrylab.stats.plan.models.terms import find_pair
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.samples import PERSON

METHODS: dict[str, PairedMethod] = {"t": "t", "wilcoxon": "wilcoxon", "sign_flip": "sign_flip"}


def compare_paired(question: Question) -> AnalysisResult:
    """Return the difference of two conditions within people (or each planned contrast) in each cell."""
    return replace(answer_cells(question, _answer), r_code=_write_r(question))


def find_condition(question: Question) -> Predictor:
    """Return the predictor that makes the conditions.

    Raises
    ------
    InputError
        There is none, or several.
    """
    found = question.list_predictors("within")
    if len(found) != 1:
        raise InputError(
            f"{len(found)} predictors differ within people, a paired test takes one",
            where=f"analysis {question.analysis.id!r}",
            do="name one predictor of kind within; for several use model: repeated",
        )
    return found[0]


def _answer(cell: Cell) -> Answer:
    question = cell.question
    predictor = find_condition(question)
    condition = question.find_column(predictor)
    if question.analysis.contrasts:
        lines = [weigh_conditions(cell, condition, contrast) for contrast in question.analysis.contrasts]
        checks = [
            line for contrast in question.analysis.contrasts for line in _check_contrast(cell, condition, contrast)
        ]
        return Answer(lines, [line.term for line in lines], checks)
    order = find_pair(cell, predictor)
    method = question.analysis.method or "t"
    if method == "equivalence":
        found = _test_equivalence(cell, condition, order)
    else:
        found = compare_pairs(
            cell.table,
            question.outcome,
            condition=condition,
            order=order,
            method=METHODS[method],
            unit=question.unit,
            level=question.level,
            seed=question.seed,
            draws=question.draws,
        )
    return Answer([found], [found.term], check_pairs(cell, condition, order, ranks=method == "t"))


def weigh_conditions(cell: Cell, condition: str, contrast: Contrast) -> Estimate:
    """Return the mean over people of a weighted difference of their conditions, against 0."""
    question = cell.question
    return contrast_conditions(
        cell.table,
        question.outcome,
        condition=condition,
        codes=contrast.weights,
        term=contrast.name,
        method=METHODS.get(question.analysis.method or "t", "t"),
        unit=question.unit,
        level=question.level,
        seed=question.seed,
        draws=question.draws,
    )


def _check_contrast(cell: Cell, condition: str, contrast: Contrast) -> list[Estimate]:
    """Return normality and the Bayes factor of each person's weighted difference."""
    scores = score_contrast(cell.table, cell.question.outcome, condition=condition, codes=contrast.weights)
    found = check_scores(scores, "score")
    return [replace(line, term=f"{contrast.name}, {line.term}") for line in found]


def _test_equivalence(cell: Cell, condition: str, order: tuple[str, str]) -> Estimate:
    question = cell.question
    test = compare_pairs(cell.table, question.outcome, condition=condition, order=order)
    margin = find_margin(question, test)
    return check_pair_equivalence(
        cell.table,
        question.outcome,
        condition=condition,
        low=-margin,
        high=margin,
        order=order,
        unit=question.unit,
        level=question.level,
    )


def _write_r(question: Question) -> str:
    if question.analysis.contrasts:
        return ""
    predictor = find_condition(question)
    condition = question.find_column(predictor)
    order = find_pair(Cell(question, "", question.table.filter(pl.col(condition).is_not_null())), predictor)
    columns = quote_words([PERSON, condition, question.outcome])
    wide = f'wide <- reshape(rows[{columns}], idvar = "{PERSON}", timevar = "{condition}", direction = "wide")'
    first, second = (f"wide${quote_column(f'{question.outcome}.{level}')}" for level in order)
    options = f"paired = TRUE, conf.level = {question.level:g}"
    lines = {
        "t": f"print(t.test({first}, {second}, {options}))",
        "wilcoxon": f"print(wilcox.test({first}, {second}, {options}, conf.int = TRUE))",
    }
    if question.analysis.method == "equivalence":
        difference = f"wide$difference <- {first} - {second}"
        tests = write_two_tests(question, "difference ~ 1", "wide", "sd(wide$difference, na.rm = TRUE)")
        return write_loop(question, [wide, difference, *tests])
    line = lines.get(question.analysis.method or "t", "")
    return write_loop(question, [wide, line] if line else [])

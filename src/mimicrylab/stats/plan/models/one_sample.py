"""One value of each person against a number, mostly 0: whether there is mimicry at all; or a contrast of conditions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import polars as pl

from mimicrylab.stats.equivalence import check_mean_equivalence
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.paired_tests import PairedMethod, compare_with_value
from mimicrylab.stats.plan.models.beside import check_value
from mimicrylab.stats.plan.models.congruent_means import summarise_levels, tabulate_levels
from mimicrylab.stats.plan.models.margins import find_margin
from mimicrylab.stats.plan.models.paired import compare_paired
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, write_loop, write_two_tests
from mimicrylab.stats.plan.results import AnalysisResult

METHODS: dict[str, PairedMethod] = {"t": "t", "wilcoxon": "wilcoxon", "sign_flip": "sign_flip"}


def compare_with_number(question: Question) -> AnalysisResult:
    """Return the mean minus ``compared_with`` of each cell, tested by t (default), ranks, sign flips, or TOST.

    With contrasts each person's weighted difference of conditions is that value.
    """
    if question.analysis.contrasts:
        return compare_paired(question)
    levels = tabulate_levels(question)
    return replace(answer_cells(question, partial(_answer, levels)), r_code=_write_r(question))


def _answer(levels: pl.DataFrame | None, cell: Cell) -> Answer:
    question = cell.question
    method = question.analysis.method or "t"
    if method == "equivalence":
        found = _test_equivalence(cell)
    else:
        found = compare_with_value(
            cell.table,
            question.outcome,
            value=question.analysis.compared_with,
            method=METHODS[method],
            unit=question.unit,
            level=question.level,
            seed=question.seed,
            draws=question.draws,
        )
    found = replace(found, term=_name_term(question), groups=summarise_levels(cell, levels) or found.groups)
    return Answer([found], [found.term], check_value(cell, ranks=method == "t"))


def _test_equivalence(cell: Cell) -> Estimate:
    question = cell.question
    value = question.analysis.compared_with
    margin = find_margin(question, compare_with_value(cell.table, question.outcome, value=value))
    shifted = cell.table.with_columns(cell.table[question.outcome] - value)
    return check_mean_equivalence(
        shifted, question.outcome, low=-margin, high=margin, unit=question.unit, level=question.level
    )


def _name_term(question: Question) -> str:
    value = question.analysis.compared_with
    if question.is_congruence:
        return "congruent - incongruent"
    return f"mean - {value:g}" if value else "mean"


def _write_r(question: Question) -> str:
    outcome, value = quote_column(question.outcome), question.analysis.compared_with
    if question.analysis.method == "equivalence":
        lines = [f"rows$shifted <- rows${outcome} - {value:g}"]
        return write_loop(
            question, [*lines, *write_two_tests(question, "shifted ~ 1", "rows", "sd(rows$shifted, na.rm = TRUE)")]
        )
    against = f", mu = {value:g}" if value else ""
    body = {
        "t": f"print(t.test(rows${outcome}{against}, conf.level = {question.level:g}))",
        "wilcoxon": f"print(wilcox.test(rows${outcome}{against}, conf.int = TRUE, conf.level = {question.level:g}))",
    }
    return write_loop(question, [body.get(question.analysis.method or "t", "")])

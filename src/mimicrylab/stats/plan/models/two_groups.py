"""Two groups of different people: Welch's test (default), Student's, ranks, permutation, or equivalence."""

from __future__ import annotations

import math
from dataclasses import replace

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Predictor
from mimicrylab.stats.equivalence import check_group_equivalence
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.group_tests import GroupMethod, compare_groups
from mimicrylab.stats.plan.models.beside import check_groups
from mimicrylab.stats.plan.models.margins import find_margin
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, quote_words, write_loop, write_two_tests
from mimicrylab.stats.plan.models.terms import find_pair
from mimicrylab.stats.plan.results import AnalysisResult

METHODS: dict[str, GroupMethod] = {
    "welch": "welch",
    "student": "student",
    "mann_whitney": "mann_whitney",
    "permutation": "permutation",
}
DEFAULT = {"two_groups": "welch", "rank_groups": "mann_whitney"}
STUDENT = (
    "Student's t test pools the variances of the groups; where they differ and the groups have unequal sizes its p is "
    "wrong in either direction. The default, Welch's test, needs no equal variances."
)


def compare_two_groups(question: Question) -> AnalysisResult:
    """Return the difference of two groups in each cell, with d and g, or ranks where the model is ``rank_groups``."""
    result = replace(answer_cells(question, _answer), r_code=_write_r(question))
    return replace(result, published=STUDENT) if _choose_method(question) == "student" else result


def find_group(question: Question) -> Predictor:
    """Return the one predictor that makes the groups.

    Raises
    ------
    InputError
        There is none, or several.
    """
    found = question.list_predictors("treatment", "trait", "within")
    if len(found) != 1:
        raise InputError(
            f"{len(found)} predictors make groups, this model takes one",
            where=f"analysis {question.analysis.id!r}",
            do="name one predictor of kind treatment or trait",
        )
    return found[0]


def _choose_method(question: Question) -> str:
    analysis = question.analysis
    if analysis.method is not None:
        return analysis.method
    return "student" if analysis.as_published and analysis.model == "two_groups" else DEFAULT[analysis.model]


def _answer(cell: Cell) -> Answer:
    question, method = cell.question, _choose_method(cell.question)
    predictor = find_group(question)
    group, order = question.find_column(predictor), find_pair(cell, predictor)
    if method == "equivalence":
        found = _test_equivalence(cell, group, order)
    else:
        found = compare_groups(
            cell.table,
            question.outcome,
            group=group,
            order=order,
            method=METHODS[method],
            unit=question.unit,
            level=question.level,
            seed=question.seed,
            draws=question.draws,
        )
    if found.statistic is not None and found.statistic.name == "t" and method != "equivalence":
        found = replace(found, effect_sizes=(*found.effect_sizes, correlate_group(found)))
    ranks = METHODS.get(method) in {"welch", "student"}
    return Answer([found], [found.term], check_groups(cell, group, order, ranks=ranks), notes=_tell_cut(predictor))


def correlate_group(test: Estimate) -> EffectSize:
    """Return the correlation of the outcome with the group, r = t / sqrt(t^2 + df) (Rosenthal 1991); no interval."""
    t = float(test.statistic.value or 0.0) if test.statistic else 0.0
    return EffectSize("r (from t)", t / math.sqrt(t * t + test.df[0])) if test.df else EffectSize("r (from t)", None)


def _test_equivalence(cell: Cell, group: str, order: tuple[str, str]) -> Estimate:
    question = cell.question
    margin = find_margin(question, compare_groups(cell.table, question.outcome, group=group, order=order))
    return check_group_equivalence(
        cell.table,
        question.outcome,
        group=group,
        low=-margin,
        high=margin,
        order=order,
        unit=question.unit,
        level=question.level,
    )


def _tell_cut(predictor: Predictor) -> tuple[str, ...]:
    if predictor.split_at_median is None:
        return ()
    side = "low" if predictor.split_at_median == "low_includes_median" else "high"
    return (
        f"{predictor.name} was cut at its median; people exactly at the median are in the {side} group. The cut throws "
        "away what tells people within a group apart (about a third of the power; MacCallum et al. 2002): a "
        "correlation keeps it.",
    )


def _write_r(question: Question) -> str:
    predictor = find_group(question)
    group = question.find_column(predictor)
    levels = find_pair(Cell(question, "", question.table), predictor)
    outcome, column = quote_column(question.outcome), quote_column(group)
    formula = f"{outcome} ~ factor({column}, levels = {quote_words(levels)})"
    options = f"data = rows, conf.level = {question.level:g}"
    lines = {
        "welch": f"print(t.test({formula}, {options}))",
        "student": f"print(t.test({formula}, {options}, var.equal = TRUE))",
        "mann_whitney": f"print(wilcox.test({formula}, {options}, conf.int = TRUE))",
    }
    method = _choose_method(question)
    if method == "equivalence":
        spread = f"sqrt(mean(tapply(rows${outcome}, rows${column}, var, na.rm = TRUE)[{quote_words(levels)}]))"
        return write_loop(question, write_two_tests(question, formula, "rows", spread))
    return write_loop(question, [lines.get(method, "")])

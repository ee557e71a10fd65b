"""Groups compared at the same value of a covariate, mostly their neutral block: mimicry apart from expressivity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mimicrylab.stats.ancova import Ancova, compare_adjusted
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import centre, quote_column, write_formula, write_loop
from mimicrylab.stats.plan.models.terms import list_interactions, order_levels
from mimicrylab.stats.plan.results import AnalysisResult

PARALLEL = "equal slopes, "
"""Before the terms of the checks whether the covariate works alike in all groups."""


def compare_at_covariate(question: Question) -> AnalysisResult:
    """Return the adjusted difference of the groups and their adjusted means in each cell.

    ``tests`` are the difference of two groups, or the F of a factor of more groups (and of interactions that are
    declared).
    """
    return replace(answer_cells(question, _answer), r_code=_write_r(question))


def list_factors(question: Question) -> list[str]:
    """Return the columns of the groups."""
    return [question.find_column(one) for one in question.list_predictors("treatment", "trait", "within")]


def list_covariates(question: Question) -> list[str]:
    """Return the columns of the covariates."""
    return [question.find_column(one) for one in question.list_predictors("covariate", "moderator")]


def _answer(cell: Cell) -> Answer:
    question = cell.question
    factors, covariates = list_factors(question), list_covariates(question)
    found = compare_adjusted(
        cell.table,
        question.outcome,
        factors=factors,
        covariates=covariates,
        errors="classic" if question.analysis.method == "ols" or question.analysis.as_published else "hc3",
        unit=question.unit,
        level=question.level,
    )
    differences = [_turn(cell, line) for line in found.differences]
    tests = _choose_tests(question, found, differences, factors)
    parallel = [replace(line, term=PARALLEL + line.term) for line in found.parallel]
    return Answer([*differences, *found.means, *found.tests], tests, parallel, notes=_tell_parallel(found))


def _turn(cell: Cell, line: Estimate) -> Estimate:
    """Return a difference taken first minus second, in the order of the plan."""
    later, _, earlier = line.term.partition(" - ")
    for predictor in cell.question.list_predictors("treatment", "trait", "within"):
        levels = order_levels(cell.question, predictor, cell.table)
        if later in levels and earlier in levels and levels.index(later) > levels.index(earlier):
            return replace(
                line,
                term=f"{earlier} - {later}",
                estimate=_minus(line.estimate),
                ci_low=_minus(line.ci_high),
                ci_high=_minus(line.ci_low),
                statistic=replace(line.statistic, value=_minus(line.statistic.value)) if line.statistic else None,
            )
    return line


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _choose_tests(
    question: Question, found: Ancova, differences: Sequence[Estimate], factors: Sequence[str]
) -> list[str]:
    products = list_interactions(question.analysis)
    if products:
        by_name = {one.name: question.columns[one.name][0] for one in question.analysis.predictors}
        wanted = {":".join(by_name[name] for name in names) for names in products}
        return [line.term for line in found.tests if line.term in wanted]
    if len(factors) == 1 and len(differences) == 1:
        return [differences[0].term]
    return [line.term for line in found.tests if line.term in factors]


def _tell_parallel(found: Ancova) -> tuple[str, ...]:
    uneven = [line for line in found.parallel if line.p is not None and line.p < 1 - line.ci_level]
    return tuple(
        f"the covariate does not work alike in all groups ({line.term}): the adjusted difference holds at the "
        "covariate's mean; see the moderation"
        for line in uneven
    )


def _write_r(question: Question) -> str:
    factors, covariates = list_factors(question), list_covariates(question)
    terms = [*covariates, "*".join(quote_column(name) for name in factors)]
    white = "" if question.analysis.method == "ols" or question.analysis.as_published else ', white.adjust = "hc3"'
    lines = [
        'options(contrasts = c("contr.sum", "contr.poly"))',
        *(f"rows${quote_column(name)} <- factor(rows${quote_column(name)})" for name in factors),
        *centre(covariates),
        f"fit <- lm({write_formula(question.outcome, covariates)} + {terms[-1]}, data = rows)",
        f"print(Anova(fit, type = 3{white}))",
    ]
    return write_loop(question, lines, libraries=["car"])

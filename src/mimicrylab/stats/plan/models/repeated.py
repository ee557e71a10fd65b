"""Several conditions of the same people, with or without groups: analysis of variance and planned contrasts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.stats.contrasts import score_contrast
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.plan.models.paired import weigh_conditions
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_words, write_loop
from mimicrylab.stats.plan.models.terms import find_pair, list_interactions, order_levels
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.repeated import check_sphericity, compare_repeated
from mimicrylab.stats.samples import PERSON

SCORE = "score"
PUBLISHED = (
    "Sphericity is taken for granted; where it does not hold, as with conditions in time, p is too small. The default "
    "corrects the degrees of freedom (Greenhouse-Geisser)."
)


def compare_conditions(question: Question) -> AnalysisResult:
    """Return the planned contrasts, then F of every effect, in each cell.

    ``tests`` are the planned contrasts; without any, the interactions declared; without these, the main effects. With
    two groups each contrast is also compared between them. ``checks`` hold Mauchly's test and epsilon.
    """
    result = replace(answer_cells(question, _answer), r_code=_write_r(question))
    return replace(result, published=PUBLISHED) if question.analysis.as_published else result


def list_within(question: Question) -> list[str]:
    """Return the columns of the conditions.

    Raises
    ------
    InputError
        There is none.
    """
    found = [question.find_column(one) for one in question.list_predictors("within")]
    if not found:
        raise InputError(
            "repeated measures need a condition that differs within people",
            where=f"analysis {question.analysis.id!r}",
            do="name a predictor of kind within; to compare groups use two_groups, ancova or regression",
        )
    return found


def list_between(question: Question) -> list[str]:
    """Return the columns of the groups."""
    return [question.find_column(one) for one in question.list_predictors("treatment", "trait")]


def _answer(cell: Cell) -> Answer:
    question = cell.question
    within, between = list_within(question), list_between(question)
    effects = compare_repeated(
        cell.table,
        question.outcome,
        within=within,
        between=between,
        correction="none" if question.analysis.as_published else "greenhouse_geisser",
        level=question.level,
    )
    contrasts = _weigh_conditionss(cell, within, between)
    checks = check_sphericity(cell.table, question.outcome, within=within, between=between)
    checks = [replace(one, term=f"sphericity, {one.term}") for one in checks]
    tests = [one.term for one in contrasts] or _choose_effects(question, [one.term for one in effects])
    return Answer([*contrasts, *effects], tests, checks, {"means": _average_cells(cell, [*between, *within])})


def _choose_effects(question: Question, terms: list[str]) -> list[str]:
    """Return the effects asked for, written as the analysis of variance writes them (groups first)."""
    columns = {one.name: question.find_column(one) for one in question.list_predictors("within", "treatment", "trait")}
    products = [{columns[name] for name in names} for names in list_interactions(question.analysis)]
    highest = [one for one in products if not any(one < other for other in products)]
    wanted = highest or [{column} for column in columns.values()]
    return [term for term in terms if set(term.split(":")) in wanted]


def _weigh_conditionss(cell: Cell, within: list[str], between: list[str]) -> list[Estimate]:
    """Return each contrast over everybody and, with two groups, its difference between them."""
    question = cell.question
    if not question.analysis.contrasts:
        return []
    if len(within) != 1:
        raise InputError(
            "a planned contrast weighs the levels of one condition, and there are several",
            where=f"analysis {question.analysis.id!r}",
            found=", ".join(within),
            do="one contrast analysis a condition (model: paired), or name one condition",
        )
    lines = []
    for contrast in question.analysis.contrasts:
        lines.append(weigh_conditions(cell, within[0], contrast))
        if len(between) == 1:
            scored = score_contrast(cell.table, question.outcome, condition=within[0], codes=contrast.weights)
            people = cell.table.select(PERSON, between[0]).unique(subset=PERSON, maintain_order=True)
            predictor = question.list_predictors("treatment", "trait")[0]
            if len(order_levels(question, predictor, cell.table)) != 2:
                continue
            order = find_pair(cell, predictor)
            found = compare_groups(
                people.join(scored, on=PERSON),
                SCORE,
                group=between[0],
                order=order,
                unit=question.unit,
                level=question.level,
            )
            lines.append(replace(found, term=f"{contrast.name}, {found.term}"))
    return lines


def _average_cells(cell: Cell, factors: list[str]) -> pl.DataFrame:
    """Return n, mean and SD of people in each combination of conditions and groups."""
    value = pl.col(cell.question.outcome)
    return (
        cell.table.group_by(factors, maintain_order=True)
        .agg(value.count().alias("n"), value.mean().alias("mean"), value.std().alias("sd"))
        .sort(factors)
    )


def _write_r(question: Question) -> str:
    within, between = list_within(question), list_between(question)
    sides = f", between = {quote_words(between)}" if between else ""
    correction = "none" if question.analysis.as_published else "GG"
    lines = [
        f'print(anova(aov_ez("{PERSON}", "{question.outcome}", rows, within = {quote_words(within)}{sides}), '
        f'correction = "{correction}"))'
    ]
    return write_loop(question, lines, libraries=["afex"])

"""Single trials, with people (and stimulus models) as random samples: congruence x treatment x trait."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.mixed import MixedModel, fit_mixed
from mimicrylab.stats.model_matrix import list_columns
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import centre, quote_column, set_references, write_formula, write_loop
from mimicrylab.stats.plan.models.terms import (
    centre_columns,
    find_references,
    is_coefficient_of,
    list_asked,
    list_centred,
    list_terms,
)
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.random_terms import list_within
from mimicrylab.stats.samples import PERSON

STIMULUS = "model_id"
LEAST_MODELS = 5
"""Below five models their variance is a guess (a variance of four numbers), and their differences are better fixed."""
TEST = "F of "
PUBLISHED = (
    "Random intercepts only: what differs within people is tested as if everybody had the same effect, which takes "
    "trials for people (19 % false positives instead of 5 % in a simulation of this design). The default gives every "
    "within-person predictor a slope of its own for each person."
)


def fit_trials(question: Question) -> AnalysisResult:
    """Return the fixed effects and the F of each predictor, in each cell.

    ``tests`` are the coefficients of what is asked, or its F where it has several. ``checks`` hold the random
    deviations. A search that did not converge, or a singular fit, is told in every line's warnings.
    """
    result = replace(answer_cells(question, _answer), r_code=_write_r(question))
    return replace(result, published=PUBLISHED) if question.analysis.as_published else result


def find_stimulus(question: Question, table: pl.DataFrame) -> str | None:
    """Return the column of the stimulus model, where there are enough models for a random term."""
    if STIMULUS not in table.columns or _is_predictor(question, STIMULUS):
        return None
    return STIMULUS if table[STIMULUS].drop_nulls().n_unique() >= LEAST_MODELS else None


def _is_predictor(question: Question, column: str) -> bool:
    return any(column in columns for columns in question.columns.values())


def _answer(cell: Cell) -> Answer:
    question = cell.question
    table = centre_columns(cell.table, list_centred(question, cell.table))
    stimulus = find_stimulus(question, table)
    found = fit_mixed(
        table,
        question.outcome,
        predictors=list_terms(question),
        stimulus=stimulus,
        slopes=_choose_slopes(question, table),
        references=find_references(question, table),
        unit=question.unit,
        level=question.level,
    )
    effects = [replace(line, term=TEST + line.term) for line in found.tests]
    lines = [*found.coefficients, *effects]
    return Answer(
        lines,
        _choose_tests(question, found),
        [*found.components, _describe_search(found)],
        notes=[*_tell_stimuli(question, table, stimulus), *_tell_search(found)],
    )


def _choose_slopes(question: Question, table: pl.DataFrame) -> dict[str, list[str]] | None:
    """Return the terms whose effect differs between people; None: all that vary within people."""
    if question.analysis.as_published:
        return {PERSON: []}
    if question.analysis.slopes is None:
        return None
    named = {column for name in question.analysis.slopes for column in question.columns[name]}
    within = list_within(table, list_terms(question), grouping=PERSON)
    return {PERSON: [term for term in within if set(term.split(":")) <= named]}


def _choose_tests(question: Question, found: MixedModel) -> list[str]:
    """Return the one coefficient of each term asked, or its F where it has several coefficients."""
    tests = []
    for term in list_asked(question):
        coefficients = [line.term for line in found.coefficients if is_coefficient_of(line.term, [term])]
        tests.append(coefficients[0] if len(coefficients) == 1 else TEST + term)
    return tests


def _describe_search(found: MixedModel) -> Estimate:
    said = "converged" if found.converged else "did NOT converge"
    return Estimate(
        "",
        "deviance",
        found.deviance,
        unit="-2 log restricted likelihood",
        method=f"REML, {said}{', singular' if found.singular else ''}",
    )


def _tell_stimuli(question: Question, table: pl.DataFrame, stimulus: str | None) -> tuple[str, ...]:
    if STIMULUS not in table.columns or _is_predictor(question, STIMULUS):
        return ("the models shown are not in this analysis: its results hold for these stimuli",)
    count = table[STIMULUS].drop_nulls().n_unique()
    if stimulus is None:
        return (
            f"{count} models are too few to be a sample of models (fewer than {LEAST_MODELS}): results do not "
            "generalise over stimuli",
        )
    return ()


def _tell_search(found: MixedModel) -> tuple[str, ...]:
    notes = []
    if not found.converged:
        notes.append(
            "the search did NOT converge: do not report this fit; name fewer predictors that vary within people"
        )
    if found.singular:
        notes.append(
            "the fit is singular: some deviations between people (or models) cannot be told from noise; estimates hold"
        )
    return tuple(notes)


def _write_r(question: Question) -> str:
    terms = list_terms(question)
    table = question.table
    chosen = _choose_slopes(question, table)
    known = table.drop_nulls([PERSON, question.outcome, *list_columns(terms)])
    within = chosen[PERSON] if chosen else list_within(known, terms, grouping=PERSON)
    slopes = " + ".join(["1", *(":".join(quote_column(part) for part in term.split(":")) for term in within)])
    stimulus = find_stimulus(question, table)
    crossed = f" + (1 | {stimulus})" if stimulus else ""
    lines = [
        *set_references(find_references(question, table)),
        *centre(list_centred(question, table)),
        f"fit <- lmer({write_formula(question.outcome, terms)} + ({slopes} | {PERSON}){crossed}, data = rows)",
        "print(summary(fit))",
        "print(anova(fit, type = 3))",
    ]
    return write_loop(question, lines, libraries=["lmerTest"])

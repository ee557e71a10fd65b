"""From a planned analysis to tests that can be arranged: for the joint test of a multiverse.

A design gives, for what was observed, the same effect and p as the model of the plan (ranks: the normal approximation
of p).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Model
from mimicrylab.stats.arrangements import Coefficient, Design, Differences, Groups, GroupTest, Pairs
from mimicrylab.stats.contrasts import score_contrast
from mimicrylab.stats.model_matrix import build_model_matrix, keep_complete_rows, list_columns, take_numbers
from mimicrylab.stats.plan.models.ancova import list_covariates, list_factors
from mimicrylab.stats.plan.models.beside import subtract_pairs
from mimicrylab.stats.plan.models.correlation import find_trait
from mimicrylab.stats.plan.models.moderation import find_sides
from mimicrylab.stats.plan.models.paired import find_condition
from mimicrylab.stats.plan.models.question import Cell, Question
from mimicrylab.stats.plan.models.regression import choose_errors
from mimicrylab.stats.plan.models.terms import (
    centre_columns,
    find_pair,
    find_references,
    list_asked,
    list_centred,
    list_terms,
)
from mimicrylab.stats.plan.models.two_groups import find_group
from mimicrylab.stats.samples import MINIMUM_PEOPLE, PERSON

Numbers = Mapping[str, int]
"""Person -> number, the same in every design of a joint test."""

GROUP_TESTS: dict[str, GroupTest] = {
    "welch": "welch",
    "student": "student",
    "permutation": "welch",
    "mann_whitney": "ranks",
}
SIGNED = {"t": False, "sign_flip": False, "wilcoxon": True}
"""Method of one sample or pairs -> whether it takes ranks."""


def number_people(questions: list[Question]) -> dict[str, int]:
    """Return a number for everybody in any of the tables, in sorted order."""
    people = {person for question in questions for person in question.table[PERSON].unique()}
    return {person: number for number, person in enumerate(sorted(people))}


def design_test(cell: Cell, numbers: Numbers) -> Design:
    """Return the test of one cell of an analysis, ready to be arranged.

    Raises
    ------
    InputError
        The model has no such form (a mixed model, several terms, more than two groups), or the data do not allow it.
    """
    model = cell.question.analysis.model
    make = MAKERS.get(model)
    if make is None:
        raise InputError(
            f"the model {model!r} has no joint test",
            where=f"analysis {cell.question.analysis.id!r}",
            expected=f"one of {', '.join(MAKERS)}",
            do="take one value a person (a contrast, a congruence index), or read the curve without a test",
        )
    repeated = cell.table.height - cell.table[PERSON].n_unique()
    if repeated and model not in ("paired", "repeated"):
        raise InputError(
            "some people have several rows, and a joint test moves people",
            where=f"analysis {cell.question.analysis.id!r}",
            do="take one value a person",
        )
    return make(cell, numbers)


def _design_value(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    table = cell.table.select(PERSON, question.outcome)
    return _design_differences(cell, table, numbers, shift=question.analysis.compared_with)


def _design_pair(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    predictor = find_condition(question)
    column = question.find_column(predictor)
    contrasts = question.analysis.contrasts
    if question.analysis.model == "repeated" and (
        len(contrasts) != 1 or question.list_predictors("treatment", "trait")
    ):
        raise InputError(
            "repeated measures have a joint test for one planned contrast of conditions",
            where=f"analysis {question.analysis.id!r}",
            found=f"{len(contrasts)} contrasts",
        )
    if len(contrasts) > 1:
        raise InputError("several contrasts are several tests", where=f"analysis {question.analysis.id!r}")
    if contrasts:
        scored = score_contrast(cell.table, question.outcome, condition=column, codes=contrasts[0].weights)
        return _design_differences(cell, scored, numbers)
    return _design_differences(cell, subtract_pairs(cell, column, find_pair(cell, predictor)), numbers)


def _design_differences(cell: Cell, table: pl.DataFrame, numbers: Numbers, *, shift: float = 0.0) -> Design:
    method = cell.question.analysis.method or "t"
    if method not in SIGNED:
        raise _refuse_method(cell, method)
    known = _sort_people(table.fill_nan(None).drop_nulls(), numbers)
    _check_number(known, cell)
    values = known[known.columns[1]].cast(pl.Float64).to_numpy() - shift
    return Differences(known["_number"].to_numpy(), values, SIGNED[method])


def _design_groups(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    analysis = question.analysis
    predictor = find_group(question)
    column, order = question.find_column(predictor), find_pair(cell, predictor)
    default = "mann_whitney" if analysis.model == "rank_groups" else "student" if analysis.as_published else "welch"
    method = analysis.method or default
    if method not in GROUP_TESTS:
        raise _refuse_method(cell, method)
    table = cell.table.select(PERSON, question.outcome, pl.col(column).cast(pl.String).alias("_group"))
    known = _sort_people(table.drop_nulls().filter(pl.col("_group").is_in(list(order))), numbers)
    first = (known["_group"] == order[0]).to_numpy()
    if min(first.sum(), (~first).sum()) < MINIMUM_PEOPLE:
        raise InputError("a group has fewer than three people", where=f"analysis {analysis.id!r}")
    values = known[question.outcome].cast(pl.Float64).to_numpy()
    return Groups(known["_number"].to_numpy(), values, first, GROUP_TESTS[method])


def _design_correlation(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    method = question.analysis.method or "pearson"
    if method == "kendall":
        raise _refuse_method(cell, method)
    trait = question.find_column(find_trait(question))
    known = _sort_people(cell.table.select(PERSON, trait, question.outcome).drop_nulls(), numbers)
    _check_number(known, cell)
    x, y = (known[name].cast(pl.Float64).to_numpy() for name in (trait, question.outcome))
    return Pairs(known["_number"].to_numpy(), x, y, method == "spearman")


def _design_regression(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    if question.analysis.method in ("fractional_logit", "two_part"):
        raise _refuse_method(cell, question.analysis.method)
    asked = list_asked(question)
    table = centre_columns(cell.table, list_centred(question, cell.table))
    robust = choose_errors(question) != "classic"
    return _design_coefficient(cell, table, list_terms(question), asked, numbers, robust=robust)


def _design_ancova(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    factors, covariates = list_factors(question), list_covariates(question)
    robust = question.analysis.method != "ols" and not question.analysis.as_published
    terms = [*covariates, *factors]
    return _design_coefficient(cell, cell.table, terms, factors, numbers, robust=robust)


def _design_moderation(cell: Cell, numbers: Numbers) -> Design:
    question = cell.question
    one, other = find_sides(question)
    predictor, moderator = question.find_column(one), question.find_column(other)
    covariates = [question.find_column(each) for each in question.list_predictors("covariate")]
    product = f"{predictor}:{moderator}"
    robust = question.analysis.method != "ols" and not question.analysis.as_published
    terms = [*covariates, predictor, moderator, product]
    return _design_coefficient(cell, cell.table, terms, [product], numbers, robust=robust)


def _design_coefficient(
    cell: Cell, table: pl.DataFrame, terms: list[str], asked: list[str], numbers: Numbers, *, robust: bool
) -> Design:
    """Return the one coefficient that codes what is asked."""
    question = cell.question
    complete, _ = keep_complete_rows(table, [PERSON, question.outcome, *list_columns(terms)])
    known = _sort_people(complete, numbers)
    matrix = build_model_matrix(known, terms, references=find_references(question, known))
    columns = [place for term in asked for place in matrix.find_columns(term)]
    if len(columns) != 1:
        raise InputError(
            "a joint test takes one coefficient",
            where=f"analysis {question.analysis.id!r}",
            found=f"{len(columns)} ({', '.join(asked)})",
            do="ask for one term, of two groups or of numbers",
        )
    if known.height <= matrix.values.shape[1] + 1:
        raise InputError("too few people", where=f"analysis {question.analysis.id!r}", found=str(known.height))
    others = np.delete(matrix.values, columns[0], axis=1)
    outcome = take_numbers(known, [question.outcome])[:, 0]
    return Coefficient(known["_number"].to_numpy(), outcome, matrix.values[:, columns[0]], others, robust)


def _sort_people(table: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Return the table in the order of the people's numbers, which stand in ``_number``."""
    number = pl.col(PERSON).replace_strict(dict(numbers), return_dtype=pl.Int64)
    return table.with_columns(number.alias("_number")).sort("_number")


def _check_number(known: pl.DataFrame, cell: Cell) -> None:
    if known.height < MINIMUM_PEOPLE:
        raise InputError(
            "too few people",
            where=f"analysis {cell.question.analysis.id!r}",
            expected="at least 3",
            found=str(known.height),
        )


def _refuse_method(cell: Cell, method: str | None) -> InputError:
    return InputError(f"the method {method!r} has no joint test", where=f"analysis {cell.question.analysis.id!r}")


MAKERS: Mapping[Model, Callable[[Cell, Numbers], Design]] = {
    "one_sample": _design_value,
    "paired": _design_pair,
    "repeated": _design_pair,
    "two_groups": _design_groups,
    "rank_groups": _design_groups,
    "correlation": _design_correlation,
    "regression": _design_regression,
    "ancova": _design_ancova,
    "moderation": _design_moderation,
}

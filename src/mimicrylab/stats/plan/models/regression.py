"""Least squares (HC3, or by clusters where a person has several rows), fractional logit, and the two-part model."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.stats.bounded import regress_share, regress_two_parts
from mimicrylab.stats.diagnostics import check_regression
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.models.asking import has_stacked_rows
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import (
    centre,
    quote_column,
    quote_words,
    set_references,
    write_formula,
    write_loop,
)
from mimicrylab.stats.plan.models.terms import (
    centre_columns,
    find_references,
    is_coefficient_of,
    list_asked,
    list_centred,
    list_terms,
)
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.regression import StandardErrors, regress
from mimicrylab.stats.samples import PERSON

BOUNDED = ("fractional_logit", "two_part")
CLASSIC = (
    "Classic standard errors hold only where residuals spread alike everywhere; the default is HC3, which holds "
    "either way."
)


def regress_outcome(question: Question) -> AnalysisResult:
    """Return a regression's lines in each cell: R squared, then every coefficient.

    ``tests`` are the coefficients that the question asks for: the highest products declared, else all predictors but
    covariates.
    """
    result = replace(answer_cells(question, _answer), r_code=_write_r(question))
    return replace(result, published=CLASSIC) if choose_errors(question) == "classic" else result


def choose_errors(question: Question) -> StandardErrors:
    """Return the kind of standard errors: HC3, CR2 by person where a person has several rows, classic as published."""
    method, published = question.analysis.method, question.analysis.as_published
    if method == "ols" or (method is None and published):
        return "classic"
    return "cr2" if method == "cluster" or (method is None and has_stacked_rows(question)) else "hc3"


def _answer(cell: Cell) -> Answer:
    question = cell.question
    if question.analysis.contrasts:
        return _answer_contrasts(cell)
    table = centre_columns(cell.table, list_centred(question, cell.table))
    terms, references = list_terms(question), find_references(question, table)
    lines = _fit(question, table, terms, references)
    tests = _find_tests(lines, list_asked(question))
    checks = check_regression(table, question.outcome, terms, references=references)
    return Answer(lines, tests, checks, notes=_tell_centred(question, table))


def _answer_contrasts(cell: Cell) -> Answer:
    """Return the regression on each planned contrast of a condition, in place of the condition itself.

    The codes are divided by their sum of squares, so that with every condition of everybody the coefficient is the
    weighted difference itself; conditions without a weight are left out.
    """
    question = cell.question
    (predictor,) = question.list_predictors("within")
    condition = question.find_column(predictor)
    others = [term for term in list_terms(question, interactions=False) if term != condition]
    lines, tests, checks = [], [], []
    for contrast in question.analysis.contrasts:
        codes = {name: weight for name, weight in contrast.weights.items() if weight}
        size = sum(weight**2 for weight in codes.values())
        code = pl.col(condition).cast(pl.String).replace_strict(codes, default=None, return_dtype=pl.Float64) / size
        table = cell.table.with_columns(code.alias(contrast.name)).filter(pl.col(contrast.name).is_not_null())
        references = {name: level for name, level in find_references(question, table).items() if name != condition}
        found = _fit(question, table, [contrast.name, *others], references)
        lines += found if len(question.analysis.contrasts) == 1 else [one for one in found if one.term == contrast.name]
        tests.append(contrast.name)
        checks += check_regression(table, question.outcome, [contrast.name, *others], references=references)
    return Answer(lines, tests, checks)


def _fit(question: Question, table: pl.DataFrame, terms: list[str], references: dict[str, str]) -> list[Estimate]:
    method = question.analysis.method
    if method in BOUNDED:
        model = regress_share if method == "fractional_logit" else regress_two_parts
        return model(table, question.outcome, predictors=terms, references=references, level=question.level)
    errors = choose_errors(question)
    return regress(
        table,
        question.outcome,
        predictors=terms,
        references=references,
        errors=errors,
        cluster=PERSON if errors == "cr2" else None,
        unit=question.unit,
        level=question.level,
    )


OVERALL = "overall: "
EFFECT = "average marginal effect of "


def _find_tests(lines: list[Estimate], asked: list[str]) -> list[str]:
    """Return the terms that test what is asked; of a two-part model those of both parts together where there are."""
    overall = [line.term for line in lines if line.term.startswith(OVERALL)]
    chosen = [term for term in overall if is_coefficient_of(term.removeprefix(OVERALL).removeprefix(EFFECT), asked)]
    if chosen:
        return chosen
    parts = [(line.term, line.term.removeprefix("any: ").removeprefix("amount: ")) for line in lines]
    return [term for term, bare in parts if is_coefficient_of(bare, asked)]


def _tell_centred(question: Question, table: pl.DataFrame) -> tuple[str, ...]:
    centred = list_centred(question, table)
    if not centred:
        return ()
    return (
        f"{', '.join(centred)} centred on the mean: the other effects are those of a person with an average value.",
    )


def _write_contrasts(question: Question) -> str:
    (predictor,) = question.list_predictors("within")
    condition = question.find_column(predictor)
    others = [term for term in list_terms(question, interactions=False) if term != condition]
    lines = []
    for contrast in question.analysis.contrasts:
        codes = {name: weight for name, weight in contrast.weights.items() if weight}
        listed = ", ".join(f"{quote_words([name])[2:-1]} = {weight:.12g}" for name, weight in codes.items())
        size = sum(weight**2 for weight in codes.values())
        name = quote_column(contrast.name)
        lines += [
            f"rows${name} <- c({listed})[as.character(rows${quote_column(condition)})] / {size:.12g}",
            f"fit <- lm({write_formula(question.outcome, [contrast.name, *others])}, data = rows)",
            f"print({_print_errors(question)})",
        ]
    robust = choose_errors(question) != "classic"
    return write_loop(question, lines, libraries=["sandwich", "lmtest"] if robust else [])


def _print_errors(question: Question) -> str:
    errors = choose_errors(question)
    if errors == "classic":
        return "summary(fit)"
    kind = 'vcovHC(fit, type = "HC3")' if errors == "hc3" else f'vcovCL(fit, ~ {PERSON}, type = "HC2")'
    return f"coeftest(fit, vcov. = {kind})"


def _write_r(question: Question) -> str:
    if question.analysis.contrasts:
        return _write_contrasts(question)
    table = question.table
    prepare = [*set_references(find_references(question, table)), *centre(list_centred(question, table))]
    formula = write_formula(question.outcome, list_terms(question))
    method = question.analysis.method
    if method == "fractional_logit":
        fit = [
            f"fit <- glm({formula}, data = rows, family = quasibinomial)",
            "print(coeftest(fit, vcovHC(fit, 'HC3')))",
        ]
        return write_loop(question, [*prepare, *fit], libraries=["sandwich", "lmtest"])
    if method == "two_part":
        return ""
    lines = [*prepare, f"fit <- lm({formula}, data = rows)", f"print({_print_errors(question)})"]
    robust = choose_errors(question) != "classic"
    return write_loop(question, lines, libraries=["sandwich", "lmtest"] if robust else [])

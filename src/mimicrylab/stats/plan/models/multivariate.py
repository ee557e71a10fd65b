"""Several outcomes at once: one test of all (Wilks, Pillai, Hotelling, Roy), then a table an outcome, Holm-corrected.

The outcomes are the last dimension of ``for_each`` (signal, or score); the other dimensions make a model each.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.stats.multivariate import compare_outcomes, regress_outcomes
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, quote_words, set_references, write_loop
from mimicrylab.stats.plan.models.terms import (
    centre_columns,
    find_references,
    is_coefficient_of,
    list_asked,
    list_centred,
    list_terms,
)
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.samples import PERSON, is_constant

OUTCOMES = ("signal", "score", "emotion", "block", "phase", "model_id")
"""What may tell outcomes apart; the first of these that ``for_each`` names does."""

PUBLISHED = (
    "Each outcome's table has classic standard errors, and its p were published without a correction for the number of "
    "outcomes. The default has HC3 errors; p corrected over the outcomes (Holm) stands beside in either case."
)


def regress_together(question: Question) -> AnalysisResult:
    """Return, for each predictor, the four multivariate statistics, then its coefficient for every outcome.

    ``tests`` are Wilks' lambda of the predictors that are asked for; the tables an outcome are corrected over outcomes.
    """
    outcome = find_outcomes(question)
    result = replace(answer_cells(question, _answer, without=[outcome]), r_code=_write_r(question, outcome))
    return replace(result, published=PUBLISHED) if question.analysis.as_published else result


def find_outcomes(question: Question) -> str:
    """Return the column whose levels are the outcomes.

    Raises
    ------
    InputError
        ``for_each`` names none.
    """
    for name in OUTCOMES:
        if name in question.cells:
            return name
    raise InputError(
        "a multivariate regression needs several outcomes",
        where=f"analysis {question.analysis.id!r}",
        do="say in the outcome what they are:  for_each: [signal]",
    )


def widen_outcomes(cell: Cell, column: str) -> tuple[pl.DataFrame, list[str]]:
    """Return one row a person with a column an outcome, and the outcomes' names.

    Raises
    ------
    InputError
        A predictor has the name of an outcome.
    """
    names = [str(name) for name in cell.table[column].unique(maintain_order=True)]
    kept = [name for columns in cell.question.columns.values() for name in columns]
    clash = sorted(set(kept) & set(names))
    if clash:
        raise InputError(f"{clash[0]!r} is outcome and predictor", where=f"analysis {cell.question.analysis.id!r}")
    people = cell.table.select(PERSON, *dict.fromkeys(kept)).unique(subset=PERSON, maintain_order=True)
    wide = cell.table.pivot(column, index=PERSON, values=cell.question.outcome, on_columns=names)
    return people.join(wide, on=PERSON, how="left", maintain_order="left"), names


def _answer(cell: Cell) -> Answer:
    question = cell.question
    table, every = widen_outcomes(cell, find_outcomes(question))
    outcomes = [name for name in every if not _is_constant(table[name])]
    table = centre_columns(table, list_centred(question, table))
    terms, references = list_terms(question), find_references(question, table)
    together = compare_outcomes(table, outcomes, predictors=terms, references=references, level=question.level)
    single = regress_outcomes(
        table,
        outcomes,
        predictors=terms,
        references=references,
        errors="classic" if question.analysis.as_published or question.analysis.method == "ols" else "hc3",
        unit=question.unit,
        level=question.level,
    )
    asked = list_asked(question)
    named = [replace(line, term=f"{line.term}, {line.unit}") for line in together]
    tests = [
        line.term for line, plain in zip(named, together, strict=True) if plain.term in asked and "Wilks" in plain.unit
    ]
    shown = [line for line in single if is_coefficient_of(line.term.partition(": ")[2], asked)]
    beside = [line for line in single if line not in shown]
    gone = [name for name in every if name not in outcomes]
    notes = [f"{', '.join(gone)} left out: the same for everybody"] if gone else []
    return Answer([*named, *shown], tests, beside, notes=notes)


def _is_constant(values: pl.Series) -> bool:
    known = values.cast(pl.Float64).fill_nan(None).drop_nulls().to_numpy()
    return len(known) > 0 and is_constant(known)


def _write_r(question: Question, outcome: str) -> str:
    predictors = [name for columns in question.columns.values() for name in columns]
    keys = [PERSON, *dict.fromkeys(predictors)]
    wide = (
        f"wide <- reshape(rows[{quote_words([*keys, outcome, question.outcome])}], "
        f'idvar = {quote_words(keys)}, timevar = "{outcome}", direction = "wide")'
    )
    sides = " + ".join(":".join(quote_column(part) for part in term.split(":")) for term in list_terms(question))
    lines = [
        *set_references(find_references(question, question.table)),
        wide,
        f"outcomes <- setdiff(names(wide), {quote_words(keys)})",
        "outcomes <- outcomes[sapply(wide[outcomes], function(x) length(unique(na.omit(x))) > 1)]",
        f"fit <- lm(as.matrix(wide[outcomes]) ~ {sides}, data = wide)",
        "print(car::Manova(fit, type = 3), digits = 6)",
        "print(summary(fit))",
    ]
    others = replace(question, cells=tuple(name for name in question.cells if name != outcome))
    return write_loop(others, lines)

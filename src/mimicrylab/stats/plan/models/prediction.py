"""Can an outcome be predicted in people whom the model has not seen? Linear, ridge and elastic net."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.prediction import MODEL_NAMES, PredictionModel, Validation, predict_people
from mimicrylab.stats.row_prediction import RowCheck, judge_rows
from mimicrylab.stats.samples import PERSON

METHODS: dict[str, PredictionModel] = {"linear": "linear", "ridge": "ridge", "elastic_net": "elastic_net"}
ROW_CHECKS: dict[str, RowCheck] = {"whole_sample": "whole_sample", "split_70_30": "split_70_30"}
REPEATS: dict[PredictionModel, int] = {"linear": 20, "ridge": 20, "elastic_net": 5}
"""How often people are split anew. The elastic net takes a second or more a repeat with 50 people."""

PERMUTATIONS: dict[PredictionModel, int] = {"linear": 999, "ridge": 199, "elastic_net": 0}
"""How often people are permuted: a second or two each. The elastic net has p only where the plan asks for ``draws``."""

PUBLISHED = {
    "whole_sample": (
        "The model is judged on the rows that it was fitted to: R squared then rises with every predictor, of pure "
        "noise too, and says nothing about other people. The default predicts only people left out."
    ),
    "split_70_30": (
        "Rows are split at random, so that a person stands on both sides and is recognised rather than predicted; and "
        "a single split is a matter of luck. The default leaves out whole people, many times over."
    ),
}


def predict_score(question: Question) -> AnalysisResult:
    """Return R squared and the mean absolute error out of sample, for the method named or for all three.

    ``tests`` are R squared of each, with p by permutation of people where it was asked for.
    """
    result = answer_cells(question, _answer)
    check = question.analysis.validation
    return replace(result, published=PUBLISHED[check]) if check in PUBLISHED else result


def _answer(cell: Cell) -> Answer:
    question = cell.question
    features = list_features(question)
    named = question.analysis.method
    lines: list[Estimate] = []
    curves: list[pl.DataFrame] = []
    for model in [METHODS[named]] if named else MODEL_NAMES:
        found, rows = _judge(cell, features, model)
        lines += [replace(line, term=line.term if named else f"{MODEL_NAMES[model]}, {line.term}") for line in found]
        if rows.height:
            curves.append(rows.select(pl.lit(MODEL_NAMES[model]).alias("model"), pl.all()))
    tests = [line.term for line in lines if line.p is not None]
    predicted = {"predicted": pl.concat(curves)} if curves else {}
    return Answer(lines, tests, curves=predicted, notes=_tell_missing(cell, features))


def list_features(question: Question) -> list[str]:
    """Return the columns that predict.

    Raises
    ------
    InputError
        There is none.
    """
    found = [column for one in question.analysis.predictors for column in question.columns[one.name]]
    if not found:
        raise InputError(
            "a prediction needs features",
            where=f"analysis {question.analysis.id!r}",
            do="name a measure with kind: features",
        )
    return found


def _judge(cell: Cell, features: list[str], model: PredictionModel) -> tuple[list[Estimate], pl.DataFrame]:
    """Return the estimates, and each row's prediction (none where it was judged on rows)."""
    question = cell.question
    check = ROW_CHECKS.get(question.analysis.validation or "")
    if check is not None:
        lines = judge_rows(
            cell.table,
            question.outcome,
            predictors=features,
            model=model,
            check=check,
            unit=question.unit,
            seed=question.seed,
        )
        return lines, pl.DataFrame()
    several = cell.table[PERSON].n_unique() < cell.table.height
    draws = question.analysis.draws if question.analysis.draws is not None else PERMUTATIONS[model]
    validation = Validation(repeats=REPEATS[model], permutations=0 if several else draws, seed=question.seed)
    found = predict_people(
        cell.table, question.outcome, predictors=features, model=model, validation=validation, unit=question.unit
    )
    return found.estimates, found.rows


def _tell_missing(cell: Cell, features: list[str]) -> tuple[str, ...]:
    lacking = cell.table.filter(pl.any_horizontal(pl.col(features).is_null())).height
    return (f"{lacking} rows without every feature are left out",) if lacking else ()

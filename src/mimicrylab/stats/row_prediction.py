"""How a prediction looks when it is judged on rows instead of people, as published studies did; never the default.

On the rows that a model was fitted to R squared rises with every predictor, of pure noise too. A random split of rows
puts rows of one person on both sides, so that people are recognised rather than predicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.model_matrix import build_model_matrix, keep_complete_rows, list_columns, take_numbers
from mimicrylab.stats.prediction import MODEL_NAMES, IntArray, PredictionModel, Validation, fit_rows
from mimicrylab.stats.samples import PERSON, Sample, check_sample

RowCheck = Literal["whole_sample", "split_70_30"]
ROW_CHECKS: dict[RowCheck, str] = {
    "whole_sample": "judged on the rows that it was fitted to",
    "split_70_30": "judged on 30 % of rows drawn at random",
}
TRAINING_SHARE = 0.7
LEAST_ROWS = 10


def judge_rows(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    model: PredictionModel = "linear",
    check: RowCheck = "whole_sample",
    unit: str = "",
    seed: int = 0,
    person: str = PERSON,
) -> list[Estimate]:
    """Return R squared and the mean absolute error of a prediction that is judged on rows.

    Parameters
    ----------
    table
        Any rows; incomplete ones are left out and counted. Rows of one person count as different people.
    predictors
        As in ``prediction.predict_outcome``.
    model
        ``linear``, ``ridge`` or ``elastic_net``; penalties are chosen by cross-validation over rows.
    check
        ``whole_sample``: fitted to and judged on all rows; ``split_70_30``: fitted to 70 % of rows drawn at random,
        judged on the others, R squared against the mean of the others (as scikit-learn's ``r2_score``).

    Raises
    ------
    UnknownNameError
        A model or check that does not exist.
    InputError
        Fewer than ten complete rows, or an outcome that does not vary.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 40)
    >>> table = pl.DataFrame({"AU12": x, "EQ": 50 + 10 * x})
    >>> r_squared, error = judge_rows(table, "EQ", predictors=["AU12"])
    >>> round(r_squared.estimate, 6), round(error.estimate, 6)
    (1.0, 0.0)
    """
    if model not in MODEL_NAMES:
        raise UnknownNameError("model", model, MODEL_NAMES)
    if check not in ROW_CHECKS:
        raise UnknownNameError("check of a prediction", check, ROW_CHECKS)
    people = [person] if person in table.columns else []
    complete, left_out = keep_complete_rows(table, [outcome, *list_columns(predictors), *people])
    if complete.height < LEAST_ROWS:
        raise InputError("too few complete rows", expected=f"at least {LEAST_ROWS}", found=str(complete.height))
    y = take_numbers(complete, [outcome])[:, 0]
    check_sample(Sample(outcome, y))
    x = np.column_stack([build_model_matrix(complete, [name]).values[:, 1:] for name in predictors])
    train, test = _split_rows(len(y), check, seed)
    predict = fit_rows(x[train], y[train], model=model, validation=Validation(seed=seed))
    left, base = y[test] - predict(x[test]), y[test] - y[test].mean()
    pattern = Estimate(
        f"{outcome} predicted from {len(predictors)} measures",
        "",
        None,
        n=complete[person].n_unique() if people else complete.height,
        method=f"{MODEL_NAMES[model]}, {x.shape[1]} columns, fitted to {len(train)} rows, {ROW_CHECKS[check]}",
        seed=None if model == "linear" and check == "whole_sample" else seed,
        warnings=(*left_out, *_warn_rows(complete.height, people, complete, person)),
    )
    r_squared = 1 - float(left @ left) / float(base @ base)
    kind = "R squared within the sample" if check == "whole_sample" else "R squared of held-out rows"
    return [
        replace(
            pattern,
            term=kind,
            estimate=r_squared,
            unit="share of variance",
            effect_sizes=(EffectSize(kind, r_squared),),
        ),
        replace(
            pattern,
            term="mean absolute error",
            estimate=float(np.abs(left).mean()),
            unit=unit,
            effect_sizes=(EffectSize("mean absolute error of predicting the mean", float(np.abs(base).mean())),),
        ),
    ]


def _warn_rows(rows: int, people: list[str], table: pl.DataFrame, person: str) -> tuple[str, ...]:
    if not people or table[person].n_unique() == rows:
        return ()
    return (f"{rows} rows of {table[person].n_unique()} people are taken for different people",)


def _split_rows(rows: int, check: RowCheck, seed: int) -> tuple[IntArray, IntArray]:
    every = np.arange(rows)
    if check == "whole_sample":
        return every, every
    order = np.random.default_rng(seed).permutation(rows)
    cut = round(TRAINING_SHARE * rows)
    return np.sort(order[:cut]), np.sort(order[cut:])

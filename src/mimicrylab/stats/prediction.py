"""Predict an outcome in people whom the model has not seen.

R squared within a sample says nothing about that: 27 measures of pure noise "explain" half of the variance of 50
people. Here every person is predicted by a model that was chosen and fitted without any row of that person (nested
cross-validation over people, repeated, as a single split of 50 people is a matter of luck), and p comes from permuting
people.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.errors import DependencyError, InputError, RefusedError, UnknownNameError
from mimicrylab.stats.estimates import EffectSize, Estimate, Statistic
from mimicrylab.stats.model_matrix import build_model_matrix, keep_complete_rows, list_columns, take_numbers
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, check_sample

PredictionModel = Literal["linear", "ridge", "elastic_net"]
MODEL_NAMES: dict[PredictionModel, str] = {
    "linear": "linear regression",
    "ridge": "ridge regression",
    "elastic_net": "elastic net",
}
MIXES = (0.1, 0.5, 0.9, 1.0)
"""Shares of the absolute penalty that the elastic net chooses from."""

STRENGTHS = 25
"""Penalties on a grid over four (ridge: six) powers of ten."""

TOLERANCE = 1e-4
MAXIMUM_STEPS = 1000
"""Of the elastic net's search, scikit-learn's own: with ten times the digits predictions are the same to four, and it
takes up to twenty times as long where predictors go together."""

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Validation:
    """How people are split: folds and inner folds, repeats, permutations (0: no test) and the seed of all."""

    folds: int = 5
    inner_folds: int = 5
    repeats: int = 10
    permutations: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, lowest in (("folds", 2), ("inner_folds", 2), ("repeats", 1), ("permutations", 0)):
            if getattr(self, name) < lowest:
                raise InputError(
                    f"too few {name}", where=name, expected=f"at least {lowest}", found=str(getattr(self, name))
                )


def predict_outcome(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    model: PredictionModel = "elastic_net",
    validation: Validation | None = None,
    unit: str = "",
    person: str = PERSON,
) -> list[Estimate]:
    """Predict an outcome in people left out, by repeated nested cross-validation over people.

    Parameters
    ----------
    table
        One row a person, or several (all of one person's stay together); rows without every value are left out and
        counted. Without the column ``person`` each row is a person.
    predictors
        As in ``regression.regress``; standardised with the training people's means and standard deviations.
    model
        ``linear``; ``ridge``, whose penalty, and ``elastic_net`` (default), whose penalty and mix are chosen by inner
        cross-validation within the training people. The elastic net needs scikit-learn
        (``pip install 'mimicrylab[stats]'``).
    validation
        How people are split; ``permutations`` above 0 adds p: outcomes are dealt anew to people, everything is repeated
        with one split, p = (1 + permutations at least as good) / (1 + permutations).

    Returns
    -------
    list of Estimate
        R squared out of sample, 1 - sum (y - predicted)^2 / sum (y - mean of the training people)^2, mean over repeats
        (below 0: worse than predicting the mean), and the mean absolute error beside that of the mean. R squared within
        the sample stands among the effect sizes, to show what it would have promised.

    Raises
    ------
    RefusedError
        A permutation test of an outcome that varies within people.
    InputError
        Fewer people than twice the folds, an outcome or predictor without variation.
    DependencyError
        The elastic net without scikit-learn.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 40)
    >>> table = pl.DataFrame({"AU12": x, "EQ": 50 + 10 * x + np.tile([1.0, -1.0], 20)})
    >>> r_squared, error = predict_outcome(table, "EQ", predictors=["AU12"], model="linear")
    >>> round(r_squared.estimate, 2), round(error.estimate, 1)
    (0.97, 1.1)
    """
    return predict_people(
        table, outcome, predictors=predictors, model=model, validation=validation, unit=unit, person=person
    ).estimates


@dataclass(frozen=True)
class Prediction:
    """What ``predict_people`` found.

    Parameters
    ----------
    estimates
        See ``predict_outcome``.
    rows
        ``person, observed, predicted``: each row's prediction by a model that knew nothing of that person, mean over
        repeats.
    """

    estimates: list[Estimate]
    rows: pl.DataFrame


def predict_people(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    model: PredictionModel = "elastic_net",
    validation: Validation | None = None,
    unit: str = "",
    person: str = PERSON,
) -> Prediction:
    """Return ``predict_outcome``'s estimates with every row's prediction, for the figure.

    Raises
    ------
    RefusedError, InputError, DependencyError
        See ``predict_outcome``.
    """
    if model not in MODEL_NAMES:
        raise UnknownNameError("model", model, MODEL_NAMES)
    rule = validation or Validation()
    people_column = [person] if person in table.columns else []
    complete, left_out = keep_complete_rows(table, [outcome, *list_columns(predictors), *people_column])
    y = take_numbers(complete, [outcome])[:, 0]
    check_sample(Sample(outcome, y))
    for name in list_columns(predictors):
        if complete[name].n_unique() < 2:
            raise InputError("a predictor is the same for everybody", where=f"column {name!r}", expected="variation")
    x = _build_columns(complete, predictors)
    people = np.arange(len(y)) if not people_column else _number_people(complete[person])
    count = int(people.max()) + 1
    if count < 2 * rule.folds:
        raise InputError(
            "too few people for so many folds",
            expected=f"at least {2 * rule.folds}",
            found=str(count),
            do="fewer folds",
        )
    data = _Data(x, y, people, model)
    predictions = [_predict(data, rule, repeat) for repeat in range(rule.repeats)]
    scores = np.array([_score(data, predicted, means) for predicted, means in predictions])
    p = _permute(data, rule) if rule.permutations else None
    inside = _fit(data, np.arange(len(y)), rule, np.random.default_rng([rule.seed, 0]))
    within = 1 - float(((y - inside.predict(x)) ** 2).sum() / ((y - y.mean()) ** 2).sum())
    spread = scores.std(axis=0, ddof=1) if rule.repeats > 1 else np.zeros(3)
    method = (
        f"{MODEL_NAMES[model]}, {len(data.x.T)} columns; {rule.folds}-fold cross-validation over {count} people, "
        f"{rule.repeats} times"
        + ("" if model == "linear" else f", penalty chosen by {rule.inner_folds} inner folds")
        + (f"; permutation of people, {rule.permutations} draws, one split" if p is not None else "")
    )
    analysis = f"{outcome} predicted from {len(predictors)} measures"
    r_squared, error, error_of_mean = (float(value) for value in scores.mean(axis=0))
    rows = pl.DataFrame(
        {
            person: complete[person] if people_column else pl.Series(people),
            "observed": y,
            "predicted": np.mean([predicted for predicted, _ in predictions], axis=0),
        }
    )
    estimates = [
        Estimate(
            analysis,
            "R squared out of sample",
            r_squared,
            unit="share of variance",
            statistic=Statistic("R squared", r_squared) if p is not None else None,
            p=p,
            effect_sizes=(
                EffectSize("R squared out of sample", r_squared),
                EffectSize("SD over repeats", float(spread[0])),
                EffectSize("R squared within the sample", within),
            ),
            n=count,
            method=method,
            seed=rule.seed,
            warnings=left_out,
        ),
        Estimate(
            analysis,
            "mean absolute error",
            error,
            unit=unit,
            effect_sizes=(
                EffectSize("mean absolute error of predicting the mean", error_of_mean),
                EffectSize("SD over repeats", float(spread[1])),
            ),
            n=count,
            method=method,
            seed=rule.seed,
            warnings=left_out,
        ),
    ]
    return Prediction(estimates, rows)


@dataclass(frozen=True)
class _Data:
    x: FloatArray
    y: FloatArray
    people: IntArray
    model: PredictionModel


@dataclass(frozen=True)
class _Fit:
    mean: FloatArray
    scale: FloatArray
    intercept: float
    coefficients: FloatArray

    def predict(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.intercept + (x - self.mean) / self.scale @ self.coefficients)


def _build_columns(table: pl.DataFrame, predictors: Sequence[str]) -> FloatArray:
    """Return the columns without intercept; more columns than people are no fault here."""
    return np.column_stack([build_model_matrix(table, [name]).values[:, 1:] for name in predictors])


def _number_people(column: pl.Series) -> IntArray:
    return np.asarray(column.rank("dense").cast(pl.Int64).to_numpy() - 1)


def _split(people: IntArray, folds: int, generator: np.random.Generator) -> IntArray:
    """Return each row's fold: people in random order, in turn."""
    names, numbers = np.unique(people, return_inverse=True)
    return np.asarray((generator.permutation(len(names)) % folds)[numbers])


def _validate(data: _Data, rule: Validation, repeat: int) -> tuple[float, float, float]:
    """Return R squared, the mean absolute error and that of predicting the mean, out of sample."""
    return _score(data, *_predict(data, rule, repeat))


def _score(data: _Data, predicted: FloatArray, means: FloatArray) -> tuple[float, float, float]:
    left, base = data.y - predicted, data.y - means
    return 1 - float(left @ left) / float(base @ base), float(np.abs(left).mean()), float(np.abs(base).mean())


def _predict(data: _Data, rule: Validation, repeat: int) -> tuple[FloatArray, FloatArray]:
    """Return each row's prediction without its person, and the mean of the training rows."""
    generator = np.random.default_rng([rule.seed, repeat])
    fold = _split(data.people, rule.folds, generator)
    predicted, means = np.empty(len(data.y)), np.empty(len(data.y))
    for number in range(rule.folds):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        predicted[test] = _fit(data, train, rule, generator).predict(data.x[test])
        means[test] = data.y[train].mean()
    return predicted, means


def _permute(data: _Data, rule: Validation) -> float:
    first = np.unique(data.people, return_index=True)[1]
    if not np.array_equal(data.y, data.y[first][data.people]):
        raise RefusedError(
            "an outcome that varies within people cannot be dealt anew to people",
            where="permutations",
            do="predict one value a person, or set permutations to 0",
        )
    observed = _validate(data, rule, 0)[0]
    generator = np.random.default_rng([rule.seed, 1_000_003])
    better = 0
    for _ in range(rule.permutations):
        dealt = generator.permutation(data.y[first])[data.people]
        better += _validate(_Data(data.x, dealt, data.people, data.model), rule, 0)[0] >= observed
    return (1 + better) / (1 + rule.permutations)


def fit_rows(
    x: FloatArray, y: FloatArray, *, model: PredictionModel, validation: Validation
) -> Callable[[FloatArray], FloatArray]:
    """Return the function that predicts from a model fitted to rows (rows x columns), penalties chosen over rows."""
    rows = np.arange(len(y))
    return _fit(_Data(x, y, rows, model), rows, validation, np.random.default_rng([validation.seed, 0])).predict


def _fit(data: _Data, rows: IntArray, rule: Validation, generator: np.random.Generator) -> _Fit:
    """Fit on rows, the penalty chosen by inner folds over their people."""
    if data.model == "linear":
        return _fit_paths(data.x[rows], data.y[rows], data.model, 0.0)[0]
    inner = _split(data.people[rows], rule.inner_folds, generator)
    choices = [0.0] if data.model == "ridge" else list(MIXES)
    losses = np.zeros((len(choices), STRENGTHS))
    for number in range(rule.inner_folds):
        train, test = rows[inner != number], rows[inner == number]
        for place, mix in enumerate(choices):
            fits = _fit_paths(data.x[train], data.y[train], data.model, mix)
            losses[place] += [float(((data.y[test] - fit.predict(data.x[test])) ** 2).sum()) for fit in fits]
    mix_place, strength_place = np.unravel_index(int(losses.argmin()), losses.shape)
    return _fit_paths(data.x[rows], data.y[rows], data.model, choices[int(mix_place)])[int(strength_place)]


def _fit_paths(x: FloatArray, y: FloatArray, model: PredictionModel, mix: float) -> list[_Fit]:
    """Return one fit for each penalty, from the strongest to the weakest (linear: one without)."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    z, centre = (x - mean) / scale, float(y.mean())
    if model == "elastic_net":
        paths = fit_elastic_net(z, y - centre, mix=mix)
    else:
        u, d, vt = np.linalg.svd(z, full_matrices=False)
        projected = u.T @ (y - centre)
        kept = d > 1e-10 * d.max()
        inverse = np.where(kept, 1 / np.where(kept, d, 1.0), 0.0)
        if model == "linear":
            paths = vt.T @ (inverse * projected)[:, None]
        else:
            strengths = len(y) * np.logspace(3, -3, STRENGTHS)
            paths = vt.T @ ((d[:, None] / (d[:, None] ** 2 + strengths)) * projected[:, None])
    return [_Fit(mean, scale, centre, paths[:, place]) for place in range(paths.shape[1])]


def fit_elastic_net(
    z: FloatArray,
    y: FloatArray,
    *,
    mix: float,
    strengths: Sequence[float] | None = None,
    tolerance: float = TOLERANCE,
    maximum_steps: int = MAXIMUM_STEPS,
) -> FloatArray:
    """Return coefficients (columns x penalties) that minimise |y - z b|^2 / 2n + s (mix |b|_1 + (1 - mix) |b|^2 / 2).

    ``z`` and ``y`` are centred. Penalties ``strengths`` fall from the one that leaves no coefficient, over four powers
    of ten, if not given. R: ``glmnet`` scales y, so that its lambda is s times the standard deviation of y for y / sd.

    Raises
    ------
    DependencyError
        scikit-learn is not installed.
    """
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import enet_path
    except ImportError as error:
        raise DependencyError(
            "the elastic net needs scikit-learn", do="pip install 'mimicrylab[stats]', or choose ridge"
        ) from error
    if strengths is None:
        largest = float(np.abs(z.T @ y).max()) / len(y) / mix
        strengths = list(max(largest, 1e-12) * np.logspace(0, -4, STRENGTHS))
    with warnings.catch_warnings():
        # the weakest penalties of more columns than people never settle; how well they predict is judged all the same
        warnings.simplefilter("ignore", ConvergenceWarning)
        path = enet_path(z, y, l1_ratio=mix, alphas=np.asarray(strengths), tol=tolerance, max_iter=maximum_steps)
    return np.asarray(path[1])

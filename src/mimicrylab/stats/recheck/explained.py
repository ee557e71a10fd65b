"""Explained variance: R squared, its F, what single predictors explain, and whether an error is what it is called."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np

from mimicrylab.stats.recheck.averages import EVERYBODY
from mimicrylab.stats.recheck.degrees import find_multivariate_df
from mimicrylab.stats.recheck.entries import ChiSquare, Correlation, FTest, Model, Multivariate
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.judging import judge
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Interval, Printed, Reading, find_range, write_interval

SQUARE_RULE = "r squared"
WITHIN_RULE = "r squared within R squared"
NESTED_RULE = "R squared of nested models"
F_RULE = "F from R squared"
V_RULE = "Cramer's V"
ETA_RULE = "partial eta squared"
WILKS_RULE = "F from Wilks' lambda"
ERROR_RULE = "name of the error"

ROOT_MEAN_SQUARE = re.compile(r"\brmse\b|root", re.IGNORECASE)
MEAN_SQUARE = re.compile(r"\bmse\b|mean squared? error|squared", re.IGNORECASE)
MEAN_ABSOLUTE = re.compile(r"\bmae\b|absolute", re.IGNORECASE)

ROOM = 1.5
"""Errors of other rows than R squared was computed on differ; a squared one differs by the size of the outcome's SD."""


def check_explained(paper: Paper) -> Iterator[Finding]:
    """Yield every explained share, F or error that other printed numbers contradict."""
    for correlation in paper.correlations:
        yield from _check_square(correlation)
    for model in paper.models:
        yield from _check_f(model)
        yield from _check_adjusted(model)
        yield from _check_within(model, paper)
        yield from _check_nested(model, paper)
    yield from _check_errors(paper)
    for test in paper.multivariate:
        yield from _check_wilks(test)
    for one in paper.f_tests:
        yield from _check_eta(one)
    for square in paper.chi_square:
        yield from _check_v(square)


def _check_square(correlation: Correlation) -> Iterator[Finding]:
    r = correlation.r
    if correlation.r2 is not None:
        yield from judge(
            (correlation.id,),
            SQUARE_RULE,
            correlation.r2,
            lambda reading: [find_range(np.square, r.interval(reading))],
            named="r squared",
            of=f"r {r.text}",
            means="r or its square is misprinted",
        )


def _check_f(model: Model) -> Iterator[Finding]:
    r2, f = model.r2, model.f
    if r2 is None or f is None or model.fitted != "in_sample":
        return
    first = model.df_1.value if model.df_1 is not None else model.predictors
    second = model.df_2.value if model.df_2 is not None else None
    if second is None and model.n is not None and model.predictors is not None:
        second = model.n - model.predictors - 1
    if not first or not second or second < 1:
        return
    yield from judge(
        (model.id,),
        F_RULE,
        f,
        lambda reading: [find_range(lambda x: (x / first) / ((1 - x) / second), _share(r2, reading))],
        named="F",
        of=f"R squared {r2.text} with {first:g} and {second:g} df",
        means="R squared, F or a df is misprinted",
        certainty="likely",
        because="F with robust standard errors is not that of R squared",
    )


def _share(printed: Printed, reading: Reading) -> Interval:
    found = printed.interval(reading)
    return Interval(max(found.low, 0.0), min(found.high, 1 - 1e-9))


def _check_adjusted(model: Model) -> Iterator[Finding]:
    r2, adjusted = model.r2, model.r2_adjusted
    if r2 is None or adjusted is None or model.predictors is None or model.n is None:
        return
    if model.n - model.predictors < 2:
        return
    factor = (model.n - 1) / (model.n - model.predictors - 1)
    yield from judge(
        (model.id,),
        F_RULE,
        adjusted,
        lambda reading: [find_range(lambda x: 1 - (1 - x) * factor, _share(r2, reading))],
        named="adjusted R squared",
        of=f"R squared {r2.text} of {model.n} rows and {model.predictors} predictors",
        means="R squared, its adjusted value or a number is misprinted",
    )


def _is_judged_in_sample(model: Model) -> bool:
    return model.fitted == "in_sample" and model.r2 is not None and bool(model.features) and model.data is not None


def _check_within(model: Model, paper: Paper) -> Iterator[Finding]:
    """A model explains at least what its best single predictor explains on the same rows."""
    if not _is_judged_in_sample(model) or model.r2 is None:
        return
    inside = [
        one
        for one in paper.correlations
        if one.data == model.data and one.outcome == model.outcome and one.predictor in model.features
    ]
    if not inside:
        return
    best = max(inside, key=lambda one: abs(one.r.value))
    least = find_range(np.square, best.r.interval("either"))
    if least.low > model.r2.interval("either").high * (1 + 1e-9):
        beyond = [one for one in inside if one.r.value**2 > model.r2.interval("either").high]
        yield Finding(
            WITHIN_RULE,
            (model.id, *[one.id for one in beyond]),
            f"R squared {model.r2.text} of a model with {best.predictor} among its predictors",
            f"{best.predictor} alone has r = {best.r.text}, which explains "
            f"{write_interval(least, decimals=3, bounded=True)}",
            "model and correlation were not computed on the same data: on other rows, other people or other scores",
            "likely",
            "least squares on the same rows cannot explain less than one of its predictors; the paper calls them the "
            "same data",
        )


def _check_nested(model: Model, paper: Paper) -> Iterator[Finding]:
    """A model explains at least what a model with some of its predictors explains on the same rows."""
    for smaller in paper.models:
        if (
            smaller is model
            or not _is_judged_in_sample(model)
            or not _is_judged_in_sample(smaller)
            or (smaller.data, smaller.outcome) != (model.data, model.outcome)
            or not set(smaller.features) < set(model.features)
            or model.r2 is None
            or smaller.r2 is None
        ):
            continue
        if smaller.r2.interval("either").low > model.r2.interval("either").high * (1 + 1e-9):
            yield Finding(
                NESTED_RULE,
                (model.id, smaller.id),
                f"R squared {model.r2.text}, and {smaller.r2.text} of a model with some of its predictors",
                "more predictors explain at least as much on the same rows",
                "the models were not fitted to the same rows, or an R squared is misprinted",
                "likely",
                "least squares on the same rows cannot lose by a further predictor",
            )


def _check_errors(paper: Paper) -> Iterator[Finding]:
    """Compare the sizes of errors with their name: squared ones have the size of the variance, others of the SD."""
    named = [model for model in paper.models if model.error is not None and model.error_name is not None]
    for name in dict.fromkeys(model.error_name for model in named):
        models = [model for model in named if model.error_name == name]
        called = _list_names(name or "")
        wrong = [model for model in models if _is_no_such_error(model, called, paper)]
        if len(called) > 1 or wrong:
            yield _describe_error(name or "", called, wrong if len(called) < 2 else models, paper)


def _is_no_such_error(model: Model, called: list[str], paper: Paper) -> bool:
    possible = _list_possible(model, paper)
    return len(called) == 1 and possible is not None and called[0] not in possible


def _describe_error(name: str, called: list[str], models: list[Model], paper: Paper) -> Finding:
    roots = [root for model in models if (root := _find_root(model, paper)) is not None]
    sizes = ""
    if roots:
        squares = write_interval(Interval(min(roots) ** 2, max(roots) ** 2), decimals=0)
        low_to_high = write_interval(Interval(min(roots), max(roots)), decimals=1)
        sizes = (
            f"R squared and the outcome's SD give a mean squared error of about {squares}, its root of {low_to_high}, "
            "and a mean absolute error below that root"
        )
    two = f"the name says two different errors, {' and '.join(called)}" if len(called) > 1 else ""
    kinds = [found for model in models for found in _list_possible(model, paper) or []]
    possible = [kind for kind in dict.fromkeys(kinds) if kinds.count(kind) == len(models)]
    is_none = [kind for kind in called if kind not in possible]
    means = f"it is no {is_none[0]}" if is_none and roots else "the name does not say what was computed"
    fitting = [kind for kind in called if kind in possible]
    if len(called) > 1 and fitting:
        means = f"of the two only the {' or the '.join(fitting)} fits its size; {means}"
    elif possible and roots:
        means += f"; by its size it is a {' or a '.join(possible)}"
    errors = ", ".join(model.error.text for model in models if model.error is not None)
    return Finding(
        ERROR_RULE,
        tuple(model.id for model in models),
        f"{errors}, called {name!r}",
        "; ".join(part for part in (two, sizes) if part),
        means,
        "certain" if len(called) > 1 else "likely",
        "one number is not both" if len(called) > 1 else "the outcome's SD may be of other people than the error",
    )


def _list_names(name: str) -> list[str]:
    found = []
    if ROOT_MEAN_SQUARE.search(name):
        found.append("root mean squared error")
    elif MEAN_SQUARE.search(name):
        found.append("mean squared error")
    if MEAN_ABSOLUTE.search(name):
        found.append("mean absolute error")
    return found


def _find_sd(model: Model, paper: Paper) -> Printed | None:
    if model.outcome_sd is not None:
        return model.outcome_sd
    return next(
        (mean.sd for mean in paper.means if mean.variable == model.outcome and mean.of.lower() in EVERYBODY), None
    )


def _find_root(model: Model, paper: Paper) -> float | None:
    """Return the root mean squared error that R squared and the outcome's SD give."""
    sd = _find_sd(model, paper)
    if sd is None or model.r2 is None or not model.r2.value < 1:
        return None
    return sd.value * math.sqrt(1 - model.r2.value)


def _list_possible(model: Model, paper: Paper) -> list[str] | None:
    """Return which errors a printed one can be by its size; None where the outcome's SD is not printed."""
    root = _find_root(model, paper)
    if root is None or model.error is None or not root:
        return None
    size = model.error.value
    found = []
    if root**2 / ROOM <= size <= root**2 * ROOM:
        found.append("mean squared error")
    if root / ROOM <= size <= root * ROOM:
        found.append("root mean squared error")
    if root / 2 <= size <= root * (1.02 if model.fitted == "in_sample" and model.outcome_sd is not None else ROOM):
        found.append("mean absolute error")
    return found


def _check_wilks(test: Multivariate) -> Iterator[Finding]:
    if test.wilks is None or test.groups != 2:
        return
    wilks = test.wilks
    if test.f is not None and test.outcomes is not None and test.n is not None:
        first, second = find_multivariate_df(test.groups, test.outcomes, test.n)
        if first < 1 or second < 1:
            return
        yield from judge(
            (test.id,),
            WILKS_RULE,
            test.f,
            lambda reading: [find_range(lambda x: (1 - x) / x * second / first, _positive(wilks, reading))],
            named="F",
            of=f"lambda {wilks.text} with {first:g} and {second:g} df",
            means="lambda, F or a number of people or outcomes is misprinted",
        )
    if test.partial_eta2 is not None:
        yield from judge(
            (test.id,),
            ETA_RULE,
            test.partial_eta2,
            lambda reading: [find_range(lambda x: 1 - x, wilks.interval(reading))],
            named="partial eta squared",
            of=f"lambda {wilks.text} of two groups",
            means="lambda or partial eta squared is misprinted",
        )


def _positive(printed: Printed, reading: Reading) -> Interval:
    found = printed.interval(reading)
    return Interval(max(found.low, 1e-9), max(found.high, 1e-9))


def _check_eta(test: FTest) -> Iterator[Finding]:
    f, first, second = test.f, test.df_1, test.df_2
    if test.partial_eta2 is None or f is None or first is None or second is None:
        return
    yield from judge(
        (test.id,),
        ETA_RULE,
        test.partial_eta2,
        lambda reading: [
            find_range(
                lambda x, a, b: x * a / (x * a + b),
                _positive(f, reading),
                first.interval("rounded") if first.step < 1 else Interval(first.value, first.value),
                second.interval("rounded") if second.step < 1 else Interval(second.value, second.value),
            )
        ],
        named="partial eta squared",
        of=f"F {f.text} with {first.text} and {second.text} df",
        means="F, a df or partial eta squared is misprinted",
    )


def _check_v(test: ChiSquare) -> Iterator[Finding]:
    if test.v is None or not test.n:
        return
    smaller = min(test.rows or 2, test.columns or 2) - 1
    cases = test.n * max(smaller, 1)
    yield from judge(
        (test.id,),
        V_RULE,
        test.v,
        lambda reading: [find_range(lambda x: np.sqrt(np.maximum(x, 0) / cases), test.chi2.interval(reading))],
        named="V",
        of=f"chi squared {test.chi2.text} of {test.n} cases",
        means="chi squared, V or the number of cases is misprinted",
    )

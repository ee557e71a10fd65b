"""Degrees of freedom: what a test has by the people, groups, predictors and outcomes that the paper names.

A t test of two groups: n - 2, or Welch's; of differences: n - 1; a correlation: n - 2; a regression on k predictors:
k and n - k - 1; a multivariate test of p outcomes in two groups: p and n - p - 1 (Rao for more groups).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from mimicrylab.stats.recheck.entries import (
    ChiSquare,
    Coefficient,
    FTest,
    Groups,
    Model,
    Multivariate,
    Test,
)
from mimicrylab.stats.recheck.findings import Certainty, Finding
from mimicrylab.stats.recheck.formulas import bound_welch_df, compute_p_of_f
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Interval, Printed, Reading, find_range, write_interval, write_number

RULE = "degrees of freedom"


def check_degrees(paper: Paper) -> Iterator[Finding]:
    """Yield every df that does not fit the people, groups, predictors or outcomes named."""
    for groups in paper.groups:
        yield from _check_groups(groups)
    for one in paper.one_sample:
        if one.n is not None:
            yield from _compare(one, one.df, Interval(one.n - 1, one.n - 1), f"{one.n} people", "t")
    for correlation in paper.correlations:
        if correlation.n is not None:
            expected = Interval(correlation.n - 2, correlation.n - 2)
            yield from _compare(correlation, correlation.df, expected, f"{correlation.n} people", "the correlation")
    for model in paper.models:
        yield from _check_model(model)
    for coefficient in paper.coefficients:
        yield from _check_coefficient(coefficient, paper)
    for multivariate in paper.multivariate:
        yield from _check_multivariate(multivariate)
    for test in paper.f_tests:
        yield from _check_f_test(test)
    for square in paper.chi_square:
        yield from _check_chi_square(square)


def count_groups(groups: Groups) -> tuple[int, int] | None:
    """Return the people in two groups, or None where they are not printed or too few for a test."""
    if groups.n_1 is None or groups.n_2 is None or min(groups.n_1, groups.n_2) < 2:
        return None
    return groups.n_1, groups.n_2


def bound_groups_df(groups: Groups, reading: Reading) -> Interval | None:
    """Return the df that a t test of two groups can have: printed, else by the people in the groups; None: unknown."""
    counts = count_groups(groups)
    if counts is None:
        return groups.df.interval(reading) if groups.df is not None else None
    student = float(sum(counts) - 2)
    if groups.test == "student":
        return Interval(student, student)
    welch = _bound_welch(groups, reading)
    return welch if groups.test == "welch" else Interval(welch.low, student)


def _bound_welch(groups: Groups, reading: Reading) -> Interval:
    n_1, n_2 = groups.n_1 or 2, groups.n_2 or 2
    if groups.sd_1 is None or groups.sd_2 is None:
        return Interval(float(min(n_1, n_2) - 1), float(n_1 + n_2 - 2))
    return bound_welch_df(groups.sd_1.interval(reading), n_1, groups.sd_2.interval(reading), n_2)


def _bound_df(df: Printed, *, whole: float = 0.0) -> Interval:
    """Return the values of a printed df: with decimals what its digits leave open, else itself or ``whole`` around."""
    return df.interval("either") if df.step < 1 else Interval(df.value - whole, df.value + whole)


def _check_groups(groups: Groups) -> Iterator[Finding]:
    counts = count_groups(groups)
    if groups.df is None or counts is None:
        return
    expected = f"{counts[0]} and {counts[1]} people"
    printed = _bound_df(groups.df, whole=0.5)
    student = Interval(sum(counts) - 2, sum(counts) - 2)
    if groups.test == "student":
        yield from _compare(groups, groups.df, student, expected, "Student's t")
        return
    welch = _bound_welch(groups, "either")
    if groups.test == "welch":
        yield from _compare(groups, groups.df, welch, expected, "Welch's t")
    elif not (printed.overlaps(student) or printed.overlaps(welch)):
        yield Finding(
            RULE,
            (groups.id,),
            f"t({groups.df.text})",
            f"{expected} give {write_interval(student, decimals=0)} df (Student) or {write_interval(welch)} (Welch)",
            _explain_people(groups.df.value + 2, sum(counts)),
            _rate(printed, student),
            _excuse(printed, student),
        )


def _compare(entry: Test, df: Printed | None, expected: Interval, whose: str, what: str) -> Iterator[Finding]:
    printed = _bound_df(df, whole=0.5) if df is not None else None
    if df is None or printed is None or printed.overlaps(expected):
        return
    decimals = 0 if expected.low == expected.high else 2
    yield Finding(
        RULE,
        (entry.id,),
        f"{df.text} df",
        f"{what} of {whose} has {write_interval(expected, decimals=decimals)} df",
        "the test was made on other people than are named, or the df is misprinted",
        _rate(printed, expected),
        _excuse(printed, expected),
    )


def _rate(printed: Interval, expected: Interval) -> Certainty:
    return "certain" if printed.low > expected.high else "likely"


def _excuse(printed: Interval, expected: Interval) -> str:
    if printed.low > expected.high:
        return "more df than the people can give"
    return "people with a missing value would lower it; the paper names none"


def _explain_people(people: float, named: int) -> str:
    more = "more" if people > named else "fewer"
    count = write_number(people, decimals=0)
    return f"the test was made on {count} people, {more} than the {named} named, or the df is misprinted"


def _check_model(model: Model) -> Iterator[Finding]:
    if model.predictors is not None:
        yield from _compare_one(model, model.df_1, model.predictors, f"{model.predictors} predictors give", "first df")
    if model.predictors is not None and model.n is not None:
        residual = model.n - model.predictors - 1
        yield from _compare_one(
            model, model.df_2, residual, f"{model.n} rows and {model.predictors} predictors leave", "residual df"
        )


def _compare_one(entry: Test, df: Printed | None, expected: int, whose: str, what: str) -> Iterator[Finding]:
    if df is not None and not df.interval("rounded").overlaps(Interval(expected, expected)):
        yield Finding(
            RULE,
            (entry.id,),
            f"{what} {df.text}",
            f"{whose} {expected}",
            "the model was fitted to other rows or predictors than are named, or the df is misprinted",
            "likely",
            "rows with a missing value would lower it; the paper names none"
            if df.value < expected
            else "more df than the rows can give",
        )


def _check_coefficient(coefficient: Coefficient, paper: Paper) -> Iterator[Finding]:
    model = next((one for one in paper.models if one.id == coefficient.model), None)
    if model is not None and model.n is not None and model.predictors is not None:
        residual = model.n - model.predictors - 1
        whose = f"the model of {model.n} rows and {model.predictors} predictors leaves"
        yield from _compare_one(coefficient, coefficient.df, residual, whose, "df")


def find_multivariate_df(groups: int, outcomes: int, n: int) -> tuple[float, float]:
    """Return the df of Rao's F for Wilks' lambda; exact for two or three groups, or one or two outcomes.

    Examples
    --------
    >>> find_multivariate_df(2, 11, 145)
    (11.0, 133.0)
    """
    effect = groups - 1
    both = outcomes**2 + effect**2 - 5
    root = math.sqrt((outcomes**2 * effect**2 - 4) / both) if both > 0 and outcomes * effect > 2 else 1.0
    first = float(outcomes * effect)
    second = root * (n - groups + effect - (outcomes + effect + 1) / 2) - (first - 2) / 2
    return first, second


def _check_multivariate(test: Multivariate) -> Iterator[Finding]:
    if test.outcomes is None or test.n is None or test.df_1 is None or test.df_2 is None or test.pillai is not None:
        return
    first, second = find_multivariate_df(test.groups, test.outcomes, test.n)
    fits = (
        df.interval("rounded").overlaps(Interval(expected, expected))
        for df, expected in ((test.df_1, first), (test.df_2, second))
    )
    if all(fits):
        return
    right = f"({write_number(first, decimals=0)}, {write_number(second, decimals=0)})"
    follows = f"{test.outcomes} outcomes of {test.n} people in {test.groups} groups give F the df {right}"
    p_right, p_printed = _find_p(test, first, second), _find_p(test, test.df_1.value, test.df_2.value)
    if test.p is not None and p_right is not None and p_printed is not None:
        fits_right = p_right.overlaps(test.p.interval("either"))
        fits_printed = p_printed.overlaps(test.p.interval("either"))
        follows += f"; p is then {write_interval(p_right, decimals=3, bounded=True)}"
        if fits_right and not fits_printed:
            follows += (
                f", as printed, while the printed df would give {write_interval(p_printed, decimals=3, bounded=True)}"
            )
    yield Finding(
        RULE,
        (test.id,),
        f"F({test.df_1.text}, {test.df_2.text})",
        follows,
        "the df of a test of a single outcome were printed for a multivariate test, or other outcomes were tested",
        "certain",
        "df follow from the numbers of outcomes, groups and people",
    )


def _find_p(test: Multivariate, first: float, second: float) -> Interval | None:
    if test.f is None:
        return None
    return find_range(compute_p_of_f, test.f.interval("rounded"), Interval(first, first), Interval(second, second))


def _check_f_test(test: FTest) -> Iterator[Finding]:
    if test.levels is None or test.df_1 is None:
        return
    first = test.levels - 1
    corrected = test.design != "between" and test.df_1.step < 1 and test.df_1.value < first
    if not corrected:
        yield from _compare_one(test, test.df_1, first, f"{test.levels} levels give", "first df")
    if test.n is None or test.df_2 is None:
        return
    if test.design == "between":
        residual = test.n - test.levels
        yield from _compare_one(
            test, test.df_2, residual, f"{test.n} people at {test.levels} levels leave", "second df"
        )
    elif test.design == "within":
        ratio = find_range(lambda second, one: second / one, _bound_df(test.df_2), _bound_df(test.df_1))
        if not ratio.overlaps(Interval(test.n - 1, test.n - 1)):
            yield Finding(
                RULE,
                (test.id,),
                f"F({test.df_1.text}, {test.df_2.text})",
                f"within {test.n} people the second df is {test.n - 1} times the first",
                "the test was made on other people than are named, or a df is misprinted",
                "likely",
                "a design with further factors between people would lower the second df",
            )


def _check_chi_square(test: ChiSquare) -> Iterator[Finding]:
    if test.rows is not None and test.columns is not None:
        expected = (test.rows - 1) * (test.columns - 1)
        yield from _compare_one(test, test.df, expected, f"a table of {test.rows} x {test.columns} has", "df")

"""The kinds of printed results, each with what a paper may print of it. The text below a field is its documentation.

Every entry stands in the list of its kind, has a name (``id``), and gives what the paper prints, as it prints it; what
it does not print is left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from mimicrylab.errors import InputError
from mimicrylab.protocol.settings import Name, Settings, Text
from mimicrylab.stats.recheck.printed import Printed, read_printed


def _read_number(value: Any) -> Printed:
    if not isinstance(value, str):
        raise ValueError(f"expected a printed number, found {value!r}")
    try:
        return read_printed(value)
    except InputError as error:
        raise ValueError("; ".join(part for part in (error.problem, error.do) if part)) from error


def _read_level(value: Any) -> Printed:
    level = _read_number(value)
    if not 0 < level.value < 1:
        raise ValueError(f"a level is between 0 and 1, as .95 or 95%, found {value!r}")
    return level


def _read_count(value: Any) -> int:
    if not isinstance(value, str) or not value.strip().isdigit():
        raise ValueError(f"expected a whole number, found {value!r}")
    return int(value)


Number = Annotated[Printed, PlainValidator(_read_number)]
"""A number as printed: -3.35, .050, < .001, 67.9%."""

Level = Annotated[Printed, PlainValidator(_read_level)]
"""Level of an interval: .95 or 95%."""

Count = Annotated[int, PlainValidator(_read_count)]
"""A whole number: people, rows, outcomes."""

Verdict = Literal["significant", "not_significant"]


class Entry(Settings):
    """What every printed result has."""

    id: Name
    """Name of the entry; findings are told under it."""
    where: Text | None = None
    """Where it stands in the paper (page 9, table 2)."""


class Sample(Entry):
    """People that results are about."""

    n: Count
    """People in it."""


class Test(Entry):
    """What a printed test has."""

    sample: Name | None = None
    """The sample it is computed on; it cannot have more people than that."""
    p: Number | None = None
    """Two-sided p."""
    alpha: Number | None = None
    """Level at which the paper calls it significant; .05 where it is not said."""
    says: Verdict | None = None
    """What the paper says of it: significant, or not_significant."""


class WithInterval(Test):
    """A test with a standard error and an interval."""

    se: Number | None = None
    """Standard error of the difference or coefficient."""
    ci_low: Number | None = None
    """Lower end of the interval of the difference or coefficient."""
    ci_high: Number | None = None
    """Upper end."""
    level: Level = Printed(".95", 0.95, 0.0)
    """Level of the interval."""
    t: Number | None = None
    """The t statistic."""
    df: Number | None = None
    """Its degrees of freedom."""


class Groups(WithInterval):
    """Two groups of different people: means, and a t test of their difference."""

    outcome: Text | None = None
    """What is compared; entries with the same outcome are about the same values."""
    group_1: Text | None = None
    """First group."""
    n_1: Count | None = None
    """People in the first group."""
    mean_1: Number | None = None
    """Its mean."""
    sd_1: Number | None = None
    """Its standard deviation."""
    group_2: Text | None = None
    """Second group."""
    n_2: Count | None = None
    """People in the second group."""
    mean_2: Number | None = None
    """Its mean."""
    sd_2: Number | None = None
    """Its standard deviation."""
    difference: Number | None = None
    """First mean minus second mean, or the coefficient b of the group."""
    test: Literal["student", "welch", "unknown"] = "unknown"
    """student: equal variances (also regression on the group); welch; unknown: both are tried."""
    d: Number | None = None
    """Cohen's d."""
    g: Number | None = None
    """Hedges' g."""
    r: Number | None = None
    """The effect as a correlation."""
    split: Text | None = None
    """What tells the groups apart (gender); two groups that are everybody."""


class OneSample(WithInterval):
    """The mean of differences (or of one value a person) against 0: a one-sample or paired t test."""

    n: Count | None = None
    """People, or pairs."""
    mean: Number | None = None
    """Mean of the differences."""
    sd: Number | None = None
    """Standard deviation of the differences."""
    d: Number | None = None
    """Mean by standard deviation of the differences."""


class Difference(Entry):
    """Two printed means and their printed difference."""

    mean_1: Number
    """First mean."""
    mean_2: Number
    """Second mean."""
    difference: Number
    """First minus second."""


class Mean(Entry):
    """A mean of one variable over some people."""

    variable: Text
    """What is averaged; the ``outcome`` of groups means the same."""
    of: Text
    """Whose mean: all, or a group's name."""
    split: Text | None = None
    """What tells groups apart; the means with the same split are those of groups that together are everybody."""
    n: Count | None = None
    """People."""
    mean: Number
    """The mean."""
    sd: Number | None = None
    """The standard deviation."""


class Correlation(Test):
    """A correlation of two variables."""

    predictor: Text | None = None
    """One variable."""
    outcome: Text | None = None
    """The other."""
    data: Text | None = None
    """Name of the data; models of the same data must explain at least r squared."""
    n: Count | None = None
    """People."""
    r: Number
    """The correlation."""
    r2: Number | None = None
    """Its square."""
    t: Number | None = None
    """The t statistic."""
    df: Number | None = None
    """Its degrees of freedom."""
    ci_low: Number | None = None
    """Lower end of the interval."""
    ci_high: Number | None = None
    """Upper end."""
    level: Level = Printed(".95", 0.95, 0.0)
    """Level of the interval."""


class Model(Test):
    """A regression model: what it explains, and its F test."""

    outcome: Text | None = None
    """What is explained."""
    data: Text | None = None
    """Name of the data."""
    n: Count | None = None
    """Rows that the model was fitted to."""
    people: Count | None = None
    """People in those rows, where a person may have several."""
    predictors: Count | None = None
    """Number of predictors, without the constant."""
    features: tuple[Text, ...] = ()
    """Names of the predictors."""
    fitted: Literal["in_sample", "held_out"] = "in_sample"
    """in_sample: least squares judged on the data it was fitted to; held_out, or shrunken models: judged elsewhere."""
    r2: Number | None = None
    """R squared."""
    r2_adjusted: Number | None = None
    """Adjusted R squared."""
    f: Number | None = None
    """F of the whole model."""
    df_1: Number | None = None
    """Its first degrees of freedom."""
    df_2: Number | None = None
    """Its second degrees of freedom."""
    error: Number | None = None
    """Error of its predictions."""
    error_name: Text | None = None
    """What the paper calls that error."""
    outcome_sd: Number | None = None
    """Standard deviation of the outcome."""


class Coefficient(WithInterval):
    """One coefficient of a regression model."""

    model: Name | None = None
    """The model it belongs to (its id)."""
    predictor: Text | None = None
    """Name of the predictor."""
    b: Number | None = None
    """The coefficient."""
    z: Number | None = None
    """The z statistic, where it is no t."""


class Multivariate(Test):
    """A multivariate test of a factor on several outcomes."""

    n: Count | None = None
    """People."""
    groups: Count = 2
    """Groups compared."""
    outcomes: Count | None = None
    """Number of outcomes."""
    wilks: Number | None = None
    """Wilks' lambda."""
    pillai: Number | None = None
    """Pillai's trace."""
    f: Number | None = None
    """F."""
    df_1: Number | None = None
    """Its first degrees of freedom."""
    df_2: Number | None = None
    """Its second degrees of freedom."""
    partial_eta2: Number | None = None
    """Partial eta squared."""


class FTest(Test):
    """An F test of an analysis of variance."""

    n: Count | None = None
    """People."""
    levels: Count | None = None
    """Levels of the factor."""
    design: Literal["between", "within", "unknown"] = "unknown"
    """between: different people; within: the same people at each level."""
    f: Number | None = None
    """F."""
    df_1: Number | None = None
    """Its first degrees of freedom."""
    df_2: Number | None = None
    """Its second degrees of freedom."""
    partial_eta2: Number | None = None
    """Partial eta squared (in a design with one factor also eta squared)."""


class ChiSquare(Test):
    """A chi-square test of a table."""

    chi2: Number
    """Chi squared."""
    df: Number | None = None
    """Its degrees of freedom."""
    rows: Count | None = None
    """Rows of the table."""
    columns: Count | None = None
    """Columns of the table."""
    n: Count | None = None
    """Cases."""
    v: Number | None = None
    """Cramer's V, or phi of a 2 x 2 table."""


class Tally(Entry):
    """A count of people or things, and the share that it is."""

    count: Count | None = None
    """How many."""
    total: Count | None = None
    """Of how many."""
    share: Number | None = None
    """Share, as 67.9% or .679."""
    includes: tuple[Name, ...] = ()
    """Entries that are parts of this one; they cannot be more than it."""
    all_of: tuple[Name, ...] = ()
    """Entries that together are this one, without overlap."""


class Statement(Entry):
    """A sentence about several results."""

    text: Text
    """The sentence."""
    says: Verdict
    """What it says of them."""
    about: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The entries it is about."""
    alpha: Number | None = None
    """Level of significance, where it is not .05."""

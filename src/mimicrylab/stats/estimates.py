"""What every model returns: an ``Estimate``, a number with its interval, its test, its effect sizes and its warnings.

Estimates travel as a table (one row an estimate, for CSV and reports) and as JSON (results.json). A number that could
not be computed is None, never NaN, and ``warnings`` says why.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, SupportsFloat

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError

DEFAULT_LEVEL = 0.95
"""Confidence level of intervals, the field's convention (APA 7)."""


@dataclass(frozen=True)
class Statistic:
    """A test statistic: its name as printed (t, W, U, F, chi2) and its value."""

    name: str
    value: float | None


@dataclass(frozen=True)
class EffectSize:
    """An effect size: its full name (with its standardiser), its value and interval."""

    name: str
    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True)
class GroupSummary:
    """What a group or a condition looks like: number of people, mean, standard deviation (n - 1), median."""

    name: str
    n: int
    mean: float | None = None
    sd: float | None = None
    median: float | None = None


@dataclass(frozen=True)
class Estimate:
    """One number of a model, with all that a reader needs to judge it.

    Parameters
    ----------
    analysis
        Which analysis it belongs to.
    term
        What the number is about, in words: ``oxytocin - placebo``, ``AU12: congruent - incongruent``.
    estimate
        The number itself, in ``unit``.
    se, ci_low, ci_high, ci_level
        Standard error and interval.
    statistic, df, p
        The test: its statistic, degrees of freedom (two for F) and two-sided p unless ``method`` says otherwise.
    p_adjusted, family
        p corrected for all tests of the declared family, and the family's name.
    effect_sizes
        Effect sizes, the main one first.
    groups
        Summaries of the groups or conditions that are compared.
    n
        People behind the number.
    method
        Test, standard errors and corrections, named in full.
    seed
        Seed of the random numbers used, where any were.
    warnings
        What the reader must know: people left out, limits, why a number is missing.
    """

    analysis: str
    term: str
    estimate: float | None
    unit: str = ""
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: float = DEFAULT_LEVEL
    statistic: Statistic | None = None
    df: tuple[float, ...] = ()
    p: float | None = None
    p_adjusted: float | None = None
    family: str | None = None
    effect_sizes: tuple[EffectSize, ...] = ()
    groups: tuple[GroupSummary, ...] = ()
    n: int = 0
    method: str = ""
    seed: int | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, value in _list_numbers(self):
            if value is not None and not math.isfinite(value):
                raise InputError(
                    f"{name} is {value}", where=f"{self.analysis}: {self.term}", expected="a finite number or None"
                )
        for name in ("p", "p_adjusted"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise InputError(f"{name} is {value}", where=f"{self.analysis}: {self.term}", expected="0 to 1")

    @property
    def effect_size(self) -> EffectSize | None:
        """The main effect size, or None."""
        return self.effect_sizes[0] if self.effect_sizes else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dictionaries and numbers, as in results.json."""
        return asdict(self)


def _list_numbers(estimate: Estimate) -> list[tuple[str, float | None]]:
    numbers = [(name, getattr(estimate, name)) for name in ("estimate", "se", "ci_low", "ci_high", "p", "p_adjusted")]
    if estimate.statistic:
        numbers.append((f"statistic {estimate.statistic.name}", estimate.statistic.value))
    numbers += [("df", df) for df in estimate.df]
    for effect in estimate.effect_sizes:
        numbers += [
            (effect.name, effect.value),
            (f"{effect.name}, ci_low", effect.ci_low),
            (f"{effect.name}, ci_high", effect.ci_high),
        ]
    for group in estimate.groups:
        numbers += [("mean", group.mean), ("sd", group.sd), ("median", group.median)]
    return numbers


def keep_finite(value: SupportsFloat) -> float | None:
    """Return ``value`` as a plain float, or None where it is NaN or infinite.

    Examples
    --------
    >>> keep_finite(float("nan")) is None
    True
    """
    number = float(value)
    return number if math.isfinite(number) else None


ESTIMATES_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "analysis": pl.String,
    "term": pl.String,
    "estimate": pl.Float64,
    "unit": pl.String,
    "se": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_level": pl.Float64,
    "statistic_name": pl.String,
    "statistic": pl.Float64,
    "df": pl.Float64,
    "df_residual": pl.Float64,
    "p": pl.Float64,
    "p_adjusted": pl.Float64,
    "family": pl.String,
    "effect_size_name": pl.String,
    "effect_size": pl.Float64,
    "effect_size_ci_low": pl.Float64,
    "effect_size_ci_high": pl.Float64,
    "n": pl.Int64,
    "method": pl.String,
    "seed": pl.Int64,
    "warnings": pl.String,
}
"""Columns of the flat table. ``df_residual`` is the second df of F; ``effect_size`` is the main one."""


def tabulate_estimates(estimates: Iterable[Estimate]) -> pl.DataFrame:
    """Return estimates as a flat table, one row each, for CSV files and reports.

    Further effect sizes and the groups' summaries are only in the JSON form.

    Examples
    --------
    >>> tabulate_estimates([Estimate("mimicry", "AU12", 0.1, p=0.02, n=40)])["estimate"].to_list()
    [0.1]
    """
    rows = [_flatten(estimate) for estimate in estimates]
    return pl.DataFrame(rows, schema=ESTIMATES_SCHEMA, orient="row")


def _flatten(estimate: Estimate) -> dict[str, Any]:
    row = {name: getattr(estimate, name) for name in ESTIMATES_SCHEMA if hasattr(estimate, name)}
    effect = estimate.effect_size
    return row | {
        "statistic_name": estimate.statistic.name if estimate.statistic else None,
        "statistic": estimate.statistic.value if estimate.statistic else None,
        "df": estimate.df[0] if estimate.df else None,
        "df_residual": estimate.df[1] if len(estimate.df) > 1 else None,
        "effect_size_name": effect.name if effect else None,
        "effect_size": effect.value if effect else None,
        "effect_size_ci_low": effect.ci_low if effect else None,
        "effect_size_ci_high": effect.ci_high if effect else None,
        "warnings": "; ".join(estimate.warnings),
    }


def encode_estimates(estimates: Iterable[Estimate]) -> str:
    """Return estimates as JSON text (a list of objects); the same estimates give the same bytes."""
    return json.dumps(
        [estimate.to_dict() for estimate in estimates], ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False
    )


def decode_estimates(text: str, *, where: str = "results.json") -> list[Estimate]:
    """Return the estimates of a JSON text written by ``encode_estimates``.

    Raises
    ------
    InputError
        The text is no list of estimates.
    """
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError("this is not JSON", where=f"{where}, line {error.lineno}", found=error.msg) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError("this is not a list of estimates", where=where)
    return [_decode_estimate(row, where=f"{where}, entry {index}") for index, row in enumerate(rows)]


def _decode_estimate(row: Mapping[str, Any], *, where: str) -> Estimate:
    names = [field.name for field in fields(Estimate)]
    for name in row:
        if name not in names:
            raise UnknownNameError("field of an estimate", name, names, where=where)
    try:
        return Estimate(
            **{
                **row,
                "statistic": Statistic(**row["statistic"]) if row.get("statistic") else None,
                "df": tuple(row.get("df", ())),
                "effect_sizes": tuple(EffectSize(**effect) for effect in row.get("effect_sizes", ())),
                "groups": tuple(GroupSummary(**group) for group in row.get("groups", ())),
                "warnings": tuple(row.get("warnings", ())),
            }
        )
    except TypeError as error:
        raise InputError("this is not an estimate", where=where, found=str(error)) from error

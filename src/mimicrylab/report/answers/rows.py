"""Estimates as rows of a table: unrounded for the CSV file, with what the page writes of them beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from mimicrylab.report.answers.naming import name_label
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.symbols import is_share
from mimicrylab.report.answers.verdict import judge
from mimicrylab.report.wording import MISSING, format_interval
from mimicrylab.stats.estimates import EffectSize, Estimate, GroupSummary

INTERCEPT = "Intercept"
NEUTRAL_WORDS = {"with": "with neutral", "without": "without neutral"}
"""Congruence with neutral among the other emotions, and without."""
ROW_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "analysis": pl.String,
    "cell": pl.String,
    "group": pl.String,
    "label": pl.String,
    "term": pl.String,
    "estimate": pl.Float64,
    "unit": pl.String,
    "se": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_level": pl.Float64,
    "interval": pl.String,
    "statistic_name": pl.String,
    "statistic": pl.Float64,
    "df": pl.Float64,
    "df_residual": pl.Float64,
    "p": pl.Float64,
    "p_adjusted": pl.Float64,
    "family": pl.String,
    "shown": pl.Boolean,
    "effect_name": pl.String,
    "effect": pl.Float64,
    "effect_low": pl.Float64,
    "effect_high": pl.Float64,
    "first": pl.String,
    "first_n": pl.Int64,
    "first_mean": pl.Float64,
    "first_sd": pl.Float64,
    "first_median": pl.Float64,
    "second": pl.String,
    "second_n": pl.Int64,
    "second_mean": pl.Float64,
    "second_sd": pl.Float64,
    "second_median": pl.Float64,
    "n": pl.Int64,
    "method": pl.String,
    "warnings": pl.String,
}
"""One row an estimate. ``cell`` is what ``for_each`` tells apart, ``label`` what the page writes of cell and term,
``group`` the first of two dimensions, ``interval`` the rounded interval; ``shown`` is the verdict."""


def tabulate_answers(estimates: Iterable[Estimate], setting: Setting) -> pl.DataFrame:
    """Return estimates as rows of ``ROW_SCHEMA``, in their order."""
    return pl.DataFrame([describe_row(one, setting) for one in estimates], schema=ROW_SCHEMA, orient="row")


def describe_row(estimate: Estimate, setting: Setting) -> dict[str, object]:
    """Return one estimate as a row."""
    labels, term = setting.split(estimate)
    cell = ", ".join(labels)
    group, label = split_group(labels, term)
    effect = estimate.effect_size or EffectSize("", None)
    first, second = _pad_groups(estimate.groups)
    statistic = estimate.statistic
    return {
        "analysis": estimate.analysis,
        "cell": cell or None,
        "group": group or None,
        "label": label,
        "term": term or None,
        "estimate": estimate.estimate,
        "unit": setting.find_unit(estimate),
        "se": estimate.se,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
        "ci_level": estimate.ci_level,
        "statistic_name": statistic.name if statistic else None,
        "statistic": statistic.value if statistic else None,
        "df": estimate.df[0] if estimate.df else None,
        "df_residual": estimate.df[1] if len(estimate.df) > 1 else None,
        "p": estimate.p,
        "p_adjusted": estimate.p_adjusted,
        "family": estimate.family,
        "shown": term != INTERCEPT and judge(estimate, setting.analysis).is_shown,
        "effect_name": effect.name or None,
        "effect": effect.value,
        "effect_low": effect.ci_low,
        "effect_high": effect.ci_high,
        **_describe_group("first", first),
        **_describe_group("second", second),
        "n": estimate.n,
        "method": estimate.method,
        "warnings": "; ".join(estimate.warnings) or None,
    }


def split_group(labels: Sequence[str], term: str) -> tuple[str, str]:
    """Return what heads a group of rows (an emotion) and what one row is called (its action unit).

    Two dimensions make groups and rows; one makes rows; none leaves the term.
    """
    parts = [NEUTRAL_WORDS.get(part, part) for label in labels for part in label.split(", ")]
    if len(parts) > 1:
        return name_label(parts[0]), name_label(", ".join(parts[1:]))
    return "", name_label(parts[0]) if parts else name_label(term).replace(" - ", " − ")


def _pad_groups(groups: Sequence[GroupSummary]) -> tuple[GroupSummary | None, GroupSummary | None]:
    return (groups[0] if groups else None, groups[1] if len(groups) > 1 else None)


def _describe_group(place: str, group: GroupSummary | None) -> dict[str, object]:
    if group is None:
        return {}
    return {
        place: group.name,
        f"{place}_n": group.n,
        f"{place}_mean": group.mean,
        f"{place}_sd": group.sd,
        f"{place}_median": group.median,
    }


def add_intervals(frame: pl.DataFrame, *, decimals: int, unbounded: bool = False) -> pl.DataFrame:
    """Return the rows with ``interval`` written: one number of decimals, leading zero by each row's unit."""
    columns = frame.select("ci_low", "ci_high", "unit").iter_rows()
    texts = [
        MISSING
        if low is None and high is None
        else format_interval(low, high, decimals=decimals, bounded=is_share(unit or "") and not unbounded)
        for low, high, unit in columns
    ]
    return frame.with_columns(pl.Series("interval", texts, dtype=pl.String))

"""What an outcome looks like: people, mean, spread, quartiles and range, in each cell and group; no test."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import polars as pl
from scipy import stats

from mimicrylab.stats.estimates import EffectSize, Estimate, GroupSummary, keep_finite
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, write_loop
from mimicrylab.stats.plan.models.terms import is_words
from mimicrylab.stats.plan.results import AnalysisResult

LEAST_FOR_NORMALITY = 3


def describe_outcome(question: Question) -> AnalysisResult:
    """Return the mean of each cell (and group) with its interval, or the share of each answer."""
    return replace(answer_cells(question, _answer), r_code=_write_r(question))


def _answer(cell: Cell) -> Answer:
    describe = _describe_answers if is_words(cell.table, cell.question.outcome) else _describe_numbers
    lines, checks = [], []
    for name, rows in _list_groups(cell):
        found, beside = describe(cell.question, rows)
        lines += [replace(one, term=_join(name, one.term)) for one in found]
        checks += [replace(one, term=_join(name, one.term)) for one in beside]
    return Answer(lines, checks=checks)


def _join(name: str, term: str) -> str:
    return f"{name}, {term}" if name and term else name or term


def _list_groups(cell: Cell) -> Iterator[tuple[str, pl.DataFrame]]:
    columns = [cell.question.find_column(one) for one in cell.question.list_predictors("treatment", "trait", "within")]
    if not columns:
        yield "", cell.table
        return
    known = cell.table.drop_nulls(columns)
    for key, rows in sorted(known.group_by(columns, maintain_order=True), key=lambda item: str(item[0])):
        yield ", ".join(str(part) for part in key), rows


def _describe_numbers(question: Question, rows: pl.DataFrame) -> tuple[list[Estimate], list[Estimate]]:
    values = rows[question.outcome].cast(pl.Float64).fill_nan(None).drop_nulls()
    n, missing = len(values), rows.height - len(values)
    warnings = (f"{missing} without a value",) if missing else ()
    if n == 0:
        return [Estimate("", "mean", None, unit=question.unit, n=0, warnings=("nobody has a value",))], []
    array = values.to_numpy()
    mean = float(array.mean())
    sd = float(array.std(ddof=1)) if n > 1 else None
    se = sd / math.sqrt(n) if sd is not None else None
    reach = float(stats.t.ppf((1 + question.level) / 2, n - 1)) * se if se is not None else None
    places = {"lowest": 0.0, "first quartile": 0.25, "median": 0.5, "third quartile": 0.75, "highest": 1.0}
    found = Estimate(
        "",
        "mean",
        mean,
        unit=question.unit,
        se=se,
        ci_low=mean - reach if reach is not None else None,
        ci_high=mean + reach if reach is not None else None,
        ci_level=question.level,
        effect_sizes=tuple(
            EffectSize(name, keep_finite(values.quantile(place, "linear") or 0.0)) for name, place in places.items()
        ),
        groups=(GroupSummary("everybody", n, mean, sd, keep_finite(values.median() or 0.0)),),  # type: ignore[arg-type]
        n=n,
        method="mean; interval by t",
        warnings=warnings,
    )
    return [found], _check_normality(array.tolist())


def _check_normality(values: list[float]) -> list[Estimate]:
    if len(values) < LEAST_FOR_NORMALITY or max(values) - min(values) <= 0:
        return []
    test = stats.shapiro(values)
    return [
        Estimate(
            "",
            "normality",
            float(test.statistic),
            unit="W",
            p=keep_finite(test.pvalue),
            n=len(values),
            method="Shapiro-Wilk test",
        )
    ]


def _describe_answers(question: Question, rows: pl.DataFrame) -> tuple[list[Estimate], list[Estimate]]:
    answers = rows[question.outcome].cast(pl.String).drop_nulls()
    total = len(answers)
    missing = (f"{rows.height - total} without an answer",) if rows.height > total else ()
    lines = []
    for answer, count in sorted(answers.value_counts().iter_rows()):
        low, high = _bound_share(count, total, question.level)
        lines.append(
            Estimate(
                "",
                f"{answer}",
                count / total,
                unit="share of people",
                ci_low=low,
                ci_high=high,
                ci_level=question.level,
                n=total,
                method=f"{count} of {total}; Wilson interval",
                warnings=missing,
            )
        )
    return lines, []


def _bound_share(count: int, total: int, level: float) -> tuple[float, float]:
    interval = stats.binomtest(count, total).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def _write_r(question: Question) -> str:
    column = f"rows${quote_column(question.outcome)}"
    if is_words(question.table, question.outcome):
        return write_loop(question, [f"print(prop.table(table({column})))"])
    return write_loop(question, [f"print(summary({column}))", f"print(sd({column}, na.rm = TRUE))"])

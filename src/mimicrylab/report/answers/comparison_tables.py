"""APA tables of comparisons (groups, conditions, a value) and of correlations with what reliability allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.associations import name_trait
from mimicrylab.report.answers.columns import (
    ITALIC_N,
    STANDARD_ERROR,
    Write,
    finish_table,
    list_ps,
    list_tests,
    list_units,
    name_interval,
    note_units,
    write_estimates,
)
from mimicrylab.report.answers.naming import capitalise, name_predictor
from mimicrylab.report.answers.rows import add_intervals, tabulate_answers
from mimicrylab.report.answers.setting import Setting, split_term
from mimicrylab.report.answers.symbols import find_effect_symbol
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_bounded, format_count, join_words
from mimicrylab.stats.estimates import Estimate

RELIABILITY, LIMIT = "reliability", "largest correlation"
"""First words of the checks that stand beside correlations."""


def make_comparisons(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return differences with both sides' means (or medians), interval, test, corrected p and effect size."""
    frame = tabulate_answers(estimates, setting)
    ranked = bool(frame["method"].str.contains("Mann-Whitney|Wilcoxon").fill_null(False).any())
    write, frame = write_estimates(
        frame, *(f"{side}_{what}" for side in ("first", "second") for what in ("mean", "sd"))
    )
    sides = [side for side in ("first", "second") if frame[side].is_not_null().any()]
    between = setting.analysis.model not in ("one_sample", "paired", "repeated")
    columns = [TableColumn("label", name_rows(frame, setting), emphasis="shown"), *list_units(frame)]
    for side in sides:
        columns += list(_list_side(frame, side, write, ranked=ranked, counted=between))
    if len(sides) > 1 or ranked:
        columns.append(TableColumn("estimate", "Diff.", write, "number"))
    if not between and frame["se"].is_not_null().any():
        columns.append(TableColumn("se", STANDARD_ERROR, write, "number"))
    columns += list_tests(frame)
    title = f"{capitalise(setting.outcome)} {_name_comparison(setting)}"
    return finish_table(setting, frame, columns, title, note=note_units(frame))


def _list_side(frame: pl.DataFrame, side: str, write: Write, *, ranked: bool, counted: bool) -> Iterator[TableColumn]:
    """Yield the columns of one group or condition; its n stands in the heading where all rows have the same."""
    names, sizes = frame[side].drop_nulls().unique(), frame[f"{side}_n"].drop_nulls().unique()
    several = frame["second"].is_not_null().any()
    spanner = capitalise(names[0].replace("_", " ")) if len(names) == 1 and several else ""
    if spanner and counted and len(sizes) == 1:
        spanner, counted = f"{spanner} (n = {sizes[0]:,})", False
    if ranked:
        yield TableColumn(f"{side}_median", Markup("<i>Mdn</i>"), write, "number", spanner=spanner)
    else:
        yield TableColumn(f"{side}_mean", Markup("<i>M</i>"), write, "number", spanner=spanner)
        yield TableColumn(f"{side}_sd", Markup("<i>SD</i>"), write, "number", spanner=spanner)
    if counted:
        yield TableColumn(f"{side}_n", ITALIC_N, format_count, "number", spanner=spanner)


def _name_comparison(setting: Setting) -> str:
    model = setting.analysis.model
    if model == "one_sample":
        return f"against {setting.analysis.compared_with:g}" if setting.analysis.compared_with else "against zero"
    by = [name_predictor(one, setting.words) for one in setting.analysis.predictors if one.kind != "covariate"]
    within = ", within people" if model in ("paired", "repeated") else ""
    return f"by {join_words(by)}{within}" if by else within.removeprefix(", ")


def name_rows(frame: pl.DataFrame, setting: Setting) -> str:
    """Return the heading of a table's rows: what ``for_each`` tells apart last."""
    dimensions = setting.analysis.outcome.for_each
    if frame["cell"].is_null().all() or not dimensions:
        return "Comparison"
    words = {"signal": "Action unit", "emotion": "Emotion", "model_id": "Model"}
    last = dimensions[-1] if frame["group"].is_not_null().any() else dimensions[0]
    return words.get(last, capitalise(last.replace("_", " ")))


def make_correlations(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return correlations in the order of the result (the most positive first), with what reliability allows."""
    frame = add_intervals(tabulate_answers(estimates, setting), decimals=2)
    symbol = find_effect_symbol(estimates[0].unit).html
    found = {name: [_find_check(one, name, setting) for one in estimates] for name in (RELIABILITY, LIMIT)}
    frame = frame.with_columns(pl.Series(name, values, dtype=pl.Float64) for name, values in found.items())
    columns = [
        TableColumn("label", name_rows(frame, setting) if len(estimates) > 1 else "Measure", emphasis="shown"),
        TableColumn("estimate", symbol, format_bounded, "number"),
        TableColumn("interval", name_interval(frame), align="number"),
        *list_ps(frame),
        TableColumn("n", ITALIC_N, format_count, "number"),
    ]
    note = Markup("Sorted from the most positive.")
    if frame[RELIABILITY].is_not_null().any():
        columns.append(TableColumn(RELIABILITY, Markup("<i>r<sub>xx</sub></i>"), format_bounded, "number"))
        columns.append(TableColumn(LIMIT, Markup("max. <i>r</i>"), format_bounded, "number"))
        note += Markup(
            " <i>r<sub>xx</sub></i>: split-half reliability of the measure; max. <i>r</i>: the largest correlation "
            "that this reliability allows."
        )
    title = f"Correlations of the {setting.outcome} with the {name_trait(setting)}"
    return finish_table(setting, frame, columns, title, note=note)


def _find_check(estimate: Estimate, beginning: str, setting: Setting) -> float | None:
    cell = setting.split(estimate)[0]
    for check in setting.result.checks:
        labels, term = split_term(check.term)
        if labels == cell and term.startswith(beginning):
            return check.estimate
    return None

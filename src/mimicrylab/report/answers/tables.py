"""The APA tables of one planned analysis: comparisons, correlations, coefficients, F tests, predictions, the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.associations import is_correlation, name_coefficient, name_moderator
from mimicrylab.report.answers.columns import (
    ITALIC_N,
    STANDARD_ERROR,
    finish_table,
    list_f,
    list_ps,
    list_tests,
    note_fit,
    note_units,
    write_estimates,
)
from mimicrylab.report.answers.comparison_tables import make_comparisons, make_correlations, name_rows
from mimicrylab.report.answers.describing import make_description
from mimicrylab.report.answers.naming import capitalise, name_label
from mimicrylab.report.answers.rows import INTERCEPT, tabulate_answers
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.symbols import MULTIVARIATE_SYMBOLS
from mimicrylab.report.answers.write import is_slope
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_count, format_number
from mimicrylab.stats.estimates import Estimate

MOST_FITS = 4
"""Of so many models the explained variance stands in the note; of more in the CSV file of estimates alone."""
LONGEST_OPEN = 40


def make_tables(setting: Setting) -> list[ReportTable]:
    """Return the tables of one result, each kind of estimate in one of its own."""
    if setting.result.state != "done":
        return []
    kinds: dict[str, list[Estimate]] = {}
    for estimate in setting.result.estimates:
        kinds.setdefault(find_kind(estimate, setting), []).append(estimate)
    made: list[ReportTable] = []
    for kind, estimates in kinds.items():
        table = MAKERS[kind](estimates, setting)
        suffix = "" if not made else f"-{kind}"
        made.append(replace(table, name=f"analysis-{setting.analysis.id}{suffix}", fold=_is_folded(estimates, kinds)))
    return made


def _is_folded(estimates: Sequence[Estimate], kinds: dict[str, list[Estimate]]) -> bool:
    """Return whether a table starts folded: a single row, which the sentence has said, or very many."""
    return len(estimates) > LONGEST_OPEN or (len(estimates) == 1 and len(kinds) == 1)


def find_kind(estimate: Estimate, setting: Setting) -> str:
    """Return which table an estimate stands in."""
    model, term = setting.analysis.model, setting.split(estimate)[1]
    if is_correlation(estimate):
        return "correlations"
    if estimate.unit in MULTIVARIATE_SYMBOLS:
        return "together"
    if model == "prediction":
        return "prediction"
    if is_slope(estimate):
        return "slopes"
    if model == "description":
        return "description"
    if model in ("frequencies", "survival"):
        return "others"
    if model in ("one_sample", "two_groups", "paired", "rank_groups") or (estimate.groups and " - " in term):
        return "comparisons"
    if model == "ancova" and estimate.method.startswith("adjusted"):
        return "adjusted"
    if estimate.estimate is None and estimate.statistic is not None:
        return "effects"
    return "coefficients"


def make_coefficients(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return regression coefficients; what is said of the whole model goes to the note.

    Where each of several cells (or outcomes) has one coefficient besides its intercept, a row is a cell.
    """
    lines = [one for one in estimates if setting.split(one)[1] != "R squared"] or list(estimates)
    terms = {setting.split(one)[1] for one in lines} - {INTERCEPT}
    cells = any(setting.split(one)[0] for one in lines)
    alone = cells and len(terms) == 1
    lines = [one for one in lines if setting.split(one)[1] != INTERCEPT] if alone else lines
    frame = tabulate_answers(lines, setting)
    title = f"Regression of the {setting.outcome}"
    if alone:
        title += f": {name_coefficient(terms.pop(), setting)}"
    else:
        names = [name_coefficient(term, setting) for term in frame["term"].fill_null("")]
        frame = frame.with_columns(pl.Series("label", names, dtype=pl.String), pl.col("cell").alias("group"))
    slopes = [one for one in lines if not _is_of_level(setting.split(one)[1])]
    write, frame = write_estimates(frame, each=True, unbounded=bool(slopes))
    columns = [
        TableColumn("label", name_rows(frame, setting) if alone else "Predictor", emphasis="shown"),
        TableColumn("estimate", Markup("<i>b</i>"), write, "number"),
        TableColumn("se", STANDARD_ERROR, write, "number"),
        *list_tests(frame),
    ]
    fits = (
        note_fit(estimates, setting) if len({setting.split(one)[0] for one in estimates}) <= MOST_FITS else Markup("")
    )
    return finish_table(setting, frame, columns, title, note=fits + note_units(frame))


def _is_of_level(term: str) -> bool:
    """Return whether a coefficient compares two levels, so that it has the bounds of its outcome."""
    return term == INTERCEPT or ("[" in term and ":" not in term)


def make_slopes(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return the predictor's effect at three values of the moderator."""
    frame = tabulate_answers(estimates, setting)
    places = [term.partition(" at ")[2].partition(" of ")[0] for term in frame["term"].fill_null("")]
    named = [capitalise(place).replace("-", "−") for place in places]
    frame = frame.with_columns(pl.Series("label", named, dtype=pl.String))
    if frame["cell"].is_not_null().any():
        frame = frame.with_columns(pl.col("cell").alias("group"))
    write, frame = write_estimates(frame)
    columns = [
        TableColumn("label", "Moderator at", emphasis="shown"),
        TableColumn("estimate", Markup("<i>b</i>"), write, "number"),
        TableColumn("se", STANDARD_ERROR, write, "number"),
        *list_tests(frame, effect=False),
    ]
    moderator = name_moderator(setting)
    title = f"Simple slopes: the effect on the {setting.outcome} at values of the {moderator}"
    return finish_table(setting, frame, columns, title, note=note_units(frame))


def make_effects(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return F tests."""
    frame = tabulate_answers(estimates, setting)
    names = [name_coefficient(term.removeprefix("F of "), setting) for term in frame["term"].fill_null("")]
    frame = frame.with_columns(pl.Series("label", names, dtype=pl.String), pl.col("cell").alias("group"))
    columns = [TableColumn("label", "Effect", emphasis="shown"), *list_f(frame)]
    title = f"Tests of effects on the {setting.outcome}"
    return finish_table(setting, frame, columns, title)


def make_together(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return the four multivariate statistics with F."""
    frame = tabulate_answers(estimates, setting).with_columns(
        pl.col("unit").alias("label"), pl.lit("multivariate regression").alias("method")
    )
    bare = [term.removesuffix(f", {unit}") for term, unit in frame.select("term", "unit").iter_rows()]
    terms = [name_coefficient(term, setting) for term in bare]
    group = [f"{cell}: {term}" if cell else term for cell, term in zip(frame["cell"], terms, strict=True)]
    frame = frame.with_columns(pl.Series("group", group, dtype=pl.String))
    value = partial(format_number, decimals=3)
    columns = [
        TableColumn("label", "Statistic"),
        TableColumn("estimate", "Value", value, "number"),
        *list_f(frame),
    ]
    title = f"Test of all outcomes together: {setting.outcome}"
    return finish_table(setting, frame, columns, title, note=Markup("Wilks's lambda is the one reported."))


def make_adjusted(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return adjusted means and their difference."""
    frame = tabulate_answers(estimates, setting)
    names = [_name_adjusted(term, setting) for term in frame["term"].fill_null("")]
    frame = frame.with_columns(pl.Series("label", names, dtype=pl.String), pl.col("cell").alias("group"))
    write, frame = write_estimates(frame)
    columns = [
        TableColumn("label", "Adjusted mean or difference", emphasis="shown"),
        TableColumn("estimate", "Value", write, "number"),
        TableColumn("se", STANDARD_ERROR, write, "number"),
        *list_tests(frame),
    ]
    title = f"{capitalise(setting.outcome)} at the covariate's mean"
    return finish_table(setting, frame, columns, title, note=note_units(frame))


def _name_adjusted(term: str, setting: Setting) -> str:
    """Return an adjusted mean by its level alone (``treatment placebo`` -> ``placebo``), a difference as it is."""
    for predictor in setting.analysis.predictors:
        if term.startswith(f"{predictor.name} "):
            return name_label(term.removeprefix(f"{predictor.name} "))
    return name_label(term).replace(" - ", " − ")


def make_predictions(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return R squared and the mean absolute error, a row a model."""
    frame = tabulate_answers(estimates, setting)
    columns = [
        TableColumn("label", "Of the prediction"),
        TableColumn("estimate", "Value", format_number, "number"),
        *list_ps(frame),
        TableColumn("n", ITALIC_N, format_count, "number"),
    ]
    title = f"Prediction of the {setting.outcome}"
    return finish_table(setting, frame, columns, title)


def make_others(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return descriptions, frequencies and onsets: value, interval, test where there is one."""
    frame = tabulate_answers(estimates, setting)
    names = [name_coefficient(term, setting) for term in frame["term"].fill_null("")]
    frame = frame.with_columns(pl.Series("label", names, dtype=pl.String), pl.col("cell").alias("group"))
    write, frame = write_estimates(frame)
    columns = [TableColumn("label", "What"), TableColumn("estimate", "Value", write, "number"), *list_tests(frame)]
    if frame["first_sd"].is_not_null().any():
        columns.insert(2, TableColumn("first_sd", Markup("<i>SD</i>"), write, "number"))
    title = capitalise(setting.outcome)
    return finish_table(setting, frame, columns, title, note=note_units(frame))


MAKERS: dict[str, Callable[[Sequence[Estimate], Setting], ReportTable]] = {
    "comparisons": make_comparisons,
    "correlations": make_correlations,
    "coefficients": make_coefficients,
    "slopes": make_slopes,
    "effects": make_effects,
    "together": make_together,
    "adjusted": make_adjusted,
    "prediction": make_predictions,
    "description": make_description,
    "others": make_others,
}

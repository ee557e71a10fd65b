"""Tables over several analyses: groups compared on one score, and predictions side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.analyses import Analysis, Predictor
from mimicrylab.report.answers.columns import ITALIC_N, list_ps, write_estimates
from mimicrylab.report.answers.naming import capitalise, name_column, name_predictor
from mimicrylab.report.answers.predictions import HELD_OUT, WITHIN_SAMPLE
from mimicrylab.report.answers.rows import ROW_SCHEMA, describe_row
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.verdict import list_answers
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import (
    format_bounded,
    format_count,
    format_degrees,
    format_number,
    format_p,
    join_words,
)
from mimicrylab.stats.estimates import Estimate, GroupSummary

GROUPED = frozenset({"welch", "student", None})


def join_analyses(settings: Sequence[Setting]) -> list[ReportTable]:
    """Return the tables over several analyses of one hypothesis: comparisons of one score, and predictions."""
    tables = []
    done = [one for one in settings if one.result.state == "done"]
    for published in (False, True):
        chosen = [one for one in done if one.analysis.as_published == published]
        for outcome in dict.fromkeys(one.analysis.outcome.score for one in chosen if is_group_test(one.analysis)):
            own = [one for one in chosen if is_group_test(one.analysis) and one.analysis.outcome.score == outcome]
            if len(own) > 1:
                tables.append(make_group_table(own))
        predictions = [one for one in chosen if one.analysis.model == "prediction"]
        if len(predictions) > 1:
            tables.append(make_prediction_table(predictions))
    return tables


def is_group_test(analysis: Analysis) -> bool:
    """Return whether an analysis compares a score between two groups by means, once."""
    plain = analysis.method in GROUPED and not analysis.outcome.for_each
    return analysis.model == "two_groups" and plain and analysis.outcome.score is not None


def correlate_groups(first: GroupSummary, second: GroupSummary) -> float | None:
    """Return the correlation of group (first = 1) with outcome, from means, standard deviations and numbers of people.

    r = (M1 - M2) sqrt(n1 n2 / N) / sqrt(SS), SS the sum of squares around the common mean; it equals t / sqrt(t^2 + df)
    of Student's test.

    Examples
    --------
    >>> round(correlate_groups(GroupSummary("m", 22, 41.77, 11.9), GroupSummary("f", 59, 50.28, 9.39)), 3)
    -0.354
    """
    if first.mean is None or second.mean is None or first.sd is None or second.sd is None:
        return None
    n1, n2 = first.n, second.n
    between = (first.mean - second.mean) ** 2 * n1 * n2 / (n1 + n2)
    total = (n1 - 1) * first.sd**2 + (n2 - 1) * second.sd**2 + between
    return math.copysign(math.sqrt(between / total), first.mean - second.mean) if total > 0 else None


def make_group_table(settings: Sequence[Setting]) -> ReportTable:
    """Return one score by demographic groups: means, t, p, d and r (as Kovalchuk et al., 2022, in the text of 3.1)."""
    rows = []
    for setting in settings:
        for one in list_answers(setting.result):
            if len(one.groups) != 2:
                continue
            row = describe_row(one, setting)
            first, second = (_name_group(group, setting) for group in one.groups)
            rows.append({**row, "label": f"{first} vs {second}", "r": correlate_groups(*one.groups)})
    frame = pl.DataFrame(rows, schema=ROW_SCHEMA | {"r": pl.Float64}, orient="row")
    write, frame = write_estimates(frame, "first_mean", "first_sd", "second_mean", "second_sd")
    analysis = settings[0].analysis
    score = name_column(str(analysis.outcome.score), settings[0].words)
    published = ", as published" if analysis.as_published else ""
    columns = (
        TableColumn("label", "Groups", emphasis="shown"),
        *(
            TableColumn(f"{side}_{what}", symbol, written, "number", spanner=f"{heading} group")
            for side, heading in (("first", "First"), ("second", "Second"))
            for what, symbol, written in (
                ("n", ITALIC_N, format_count),
                ("mean", Markup("<i>M</i>"), write),
                ("sd", Markup("<i>SD</i>"), write),
            )
        ),
        TableColumn("statistic", Markup("<i>t</i>"), format_number, "number"),
        TableColumn("df", Markup("<i>df</i>"), format_degrees, "number"),
        *list_ps(frame),
        TableColumn("effect", Markup("<i>d</i>"), format_number, "number"),
        TableColumn("r", Markup("<i>r</i>"), format_bounded, "number"),
    )
    methods = frame["method"].unique(maintain_order=True)
    note = Markup("{}. First minus second group. <i>r</i>: correlation of group and score.").format("; ".join(methods))
    if frame["shown"].any():
        note += Markup(" Bold: {}<i>p</i> below {}.").format(
            "corrected " if frame["p_adjusted"].is_not_null().any() else "", f"{analysis.alpha:g}".lstrip("0")
        )
    name = f"groups-{analysis.hypothesis}-{analysis.outcome.score}{'-as-published' if published else ''}"
    return ReportTable(name, f"{capitalise(score)} by group{published}", frame, columns, note=note)


def _name_group(group: GroupSummary, setting: Setting) -> str:
    plain = group.name.replace("_", " ")
    predictors: list[Predictor] = [one for one in setting.analysis.predictors if one.kind in ("trait", "treatment")]
    if plain.lower() in ("yes", "no", "true", "false") and predictors:
        return f"{predictors[0].name.replace('_', ' ')}: {plain.lower()}"
    return plain


PREDICTION_SCHEMA = {
    "analysis": pl.String,
    "features": pl.String,
    "model": pl.String,
    "judged": pl.String,
    "r_squared": pl.Float64,
    "r_squared_sd": pl.Float64,
    "r_squared_within": pl.Float64,
    "error": pl.Float64,
    "error_of_mean": pl.Float64,
    "p": pl.Float64,
    "n": pl.Int64,
    "warnings": pl.String,
}
JUDGED = {
    WITHIN_SAMPLE: "on the rows fitted to",
    HELD_OUT: "on 30% of rows",
    "R squared out of sample": "on people left out",
}


def make_prediction_table(settings: Sequence[Setting]) -> ReportTable:
    """Return R squared and mean absolute error of several predictions (as table 3 of Kovalchuk et al., 2022)."""
    rows = [row for setting in settings for row in _describe_predictions(setting)]
    frame = pl.DataFrame(rows, schema=PREDICTION_SCHEMA, orient="row")
    analysis = settings[0].analysis
    score = name_column(str(analysis.outcome.score or analysis.outcome.measure), settings[0].words)
    columns = [
        TableColumn("model", "Model"),
        TableColumn("judged", "Judged"),
        TableColumn("r_squared", Markup("<i>R</i><sup>2</sup>"), format_bounded, "number"),
        TableColumn("r_squared_within", Markup("within"), format_bounded, "number"),
        TableColumn("error", "Error", format_number, "number"),
        TableColumn("error_of_mean", "by mean", format_number, "number"),
        TableColumn("p", Markup("<i>p</i>"), format_p, "number"),
        TableColumn("n", ITALIC_N, format_count, "number"),
    ]
    columns = [column for column in columns if column.name == "model" or frame[column.name].is_not_null().any()]
    note = Markup(
        "<i>R</i><sup>2</sup> below 0: worse than predicting everybody's mean. Within: <i>R</i><sup>2</sup> on the "
        "rows that the model was fitted to. Error: mean absolute error in points of the score; by mean: that of "
        "predicting everybody's mean. <i>p</i>: permutation of people."
    )
    published = ", as published" if analysis.as_published else ""
    name = f"predictions-{analysis.hypothesis}{'-as-published' if published else ''}"
    title = f"Prediction of the {score}{published}"
    return ReportTable(name, title, frame, tuple(columns), group="features", note=note)


def _describe_predictions(setting: Setting) -> list[dict[str, object]]:
    found: dict[str, dict[str, Estimate]] = {}
    for one in setting.result.estimates:
        model, _, kind = setting.split(one)[1].rpartition(", ")
        found.setdefault(model, {})["error" if kind == "mean absolute error" else "share"] = one
    rows: list[dict[str, object]] = []
    for model, pair in found.items():
        share, error = pair.get("share"), pair.get("error")
        sizes = {effect.name: effect.value for one in pair.values() for effect in one.effect_sizes if one is share}
        errors = {effect.name: effect.value for effect in error.effect_sizes} if error else {}
        kind = setting.split(share)[1].rpartition(", ")[2] if share else ""
        method = (share or error).method if (share or error) else ""  # type: ignore[union-attr]
        rows.append(
            {
                "analysis": setting.analysis.id,
                "features": describe_features(setting),
                "model": capitalise(model or method.partition(",")[0]),
                "judged": JUDGED.get(kind, kind),
                "r_squared": share.estimate if share else None,
                "r_squared_sd": sizes.get("SD over repeats"),
                "r_squared_within": sizes.get(WITHIN_SAMPLE) if kind != WITHIN_SAMPLE else None,
                "error": error.estimate if error else None,
                "error_of_mean": errors.get("mean absolute error of predicting the mean"),
                "p": share.p if share else None,
                "n": share.n if share else None,
                "warnings": "; ".join(share.warnings) if share else None,
            }
        )
    return rows


def describe_features(setting: Setting) -> str:
    """Return what predicts, in words: the measure, and how many composites of movements and action units."""
    return join_words([name_predictor(one, setting.words) for one in setting.analysis.predictors])

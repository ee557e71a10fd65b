"""Scores of questionnaires, and what was measured besides the face at its planned times."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.forms import Measurement
from mimicrylab.report.content import Item, Section
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_count, format_number


def build_questionnaires(source: ReportSource) -> Section | None:
    """Return the tables of scores and of numeric measurements by occasion; None where there are neither."""
    items: list[Item] = []
    if not source.scores.is_empty():
        items.append(_make_score_table(source))
    measured = summarise_measurements(source)
    if not measured.is_empty():
        items.append(_make_measurement_table(measured))
    if not items:
        return None
    title = "Questionnaires" if measured.is_empty() else "Questionnaires and measurements"
    return Section("questionnaires", title, tuple(items))


def _make_score_table(source: ReportSource) -> ReportTable:
    own = source.scores.filter(pl.col("participant_id").is_in(list(source.analysed)))
    by = ["scale", "score", "occasion"]
    prorated = own.group_by(by, maintain_order=True).agg(pl.col("prorated").sum().alias("prorated"))
    rows = (
        summarise_people(own, by)
        .join(prorated, on=by, how="left", nulls_equal=True, maintain_order="left")
        .with_columns((len(source.analysed) - pl.col("n")).alias("missing"))
    )
    occasions = rows["occasion"].is_not_null().any()
    columns = (
        TableColumn("score", "Score", write_name),
        *([TableColumn("occasion", "Occasion")] if occasions else []),
        *_list_number_columns(),
        TableColumn("missing", "Missing", format_count, "number"),
        TableColumn("prorated", "Prorated", format_count, "number"),
    )
    note = (
        "Those who are analysed. Missing: people without a score, because they left out the questionnaire or too many "
        "of its items. Prorated: scores that the mean of the answered items stands in for, as the study declares."
    )
    return ReportTable("scores", "Scores of questionnaires", rows, columns, group="scale", note=note)


def write_name(name: str) -> str:
    """Return a name from study.yaml or a scale's file as words."""
    return name.replace("_", " ")


def _list_number_columns() -> list[TableColumn]:
    return [
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("mean", Markup("<i>M</i>"), format_number, "number"),
        TableColumn("sd", Markup("<i>SD</i>"), format_number, "number"),
        TableColumn("median", Markup("<i>Mdn</i>"), format_number, "number"),
        TableColumn("minimum", "Min", format_number, "number"),
        TableColumn("maximum", "Max", format_number, "number"),
    ]


def summarise_measurements(source: ReportSource) -> pl.DataFrame:
    """Return a row a numeric field of a measurement and occasion, with its summary over those who are analysed."""
    parts = []
    for measurement in source.study.measurements:
        values = _take_numbers(source, measurement)
        if not values.is_empty():
            parts.append(summarise_people(values, ["measurement", "field", "occasion", "unit"]))
    return pl.concat(parts) if parts else pl.DataFrame()


def _take_numbers(source: ReportSource, measurement: Measurement) -> pl.DataFrame:
    units = {field.name: field.unit for field in measurement.fields if field.kind == "number"}
    answers = source.tables.answers.filter(
        (pl.col("scale") == measurement.name)
        & pl.col("item").is_in(list(units))
        & pl.col("participant_id").is_in(list(source.analysed))
    ).with_columns(pl.col("response").cast(pl.Float64, strict=False).alias("value"))
    by = ["participant_id", "measurement", "field", "occasion", "unit"]
    named = answers.sort("time", maintain_order=True).with_columns(
        pl.lit(measurement.name.replace("_", " ")).alias("measurement"),
        pl.col("item").alias("field"),
        pl.col("item").replace_strict(units, default="", return_dtype=pl.String).alias("unit"),
    )
    return average_within(named.drop_nulls("value"), by)


def _make_measurement_table(rows: pl.DataFrame) -> ReportTable:
    columns = (
        TableColumn("field", "Field", write_name),
        TableColumn("occasion", "When"),
        *_list_number_columns(),
        TableColumn("unit", "Unit"),
    )
    return ReportTable("measurements", "Measurements by the experimenter", rows, columns, group="measurement")

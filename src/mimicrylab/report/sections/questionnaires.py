"""Scores of questionnaires, and what was measured besides the face at its planned times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab import __version__
from mimicrylab.protocol.forms import Measurement
from mimicrylab.protocol.scales import hash_scale
from mimicrylab.report.content import Item, Listing, Section
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_bounded, format_count, format_interval, format_number, shorten_hash
from mimicrylab.stats.scale_reliability import ScaleReliability, estimate_scale_reliability


def build_questionnaires(source: ReportSource) -> Section | None:
    """Return the tables of scores and of numeric measurements by occasion; None where there are neither."""
    items: list[Item] = []
    found: list[ScaleReliability] = []
    if not source.scores.is_empty():
        found = list(_estimate_reliability(source))
        items.append(_make_score_table(source, found))
        items.append(_describe_keys(source, found))
    measured = summarise_measurements(source)
    if not measured.is_empty():
        items.append(_make_measurement_table(measured))
    if not items:
        return None
    title = "Questionnaires" if measured.is_empty() else "Questionnaires and measurements"
    estimates = [each for one in found for each in (one.alpha, one.omega) if each is not None]
    return Section("questionnaires", title, tuple(items), tuple(estimates))


def _estimate_reliability(source: ReportSource) -> Iterator[ScaleReliability]:
    answers = source.tables.answers.filter(pl.col("participant_id").is_in(list(source.analysed)))
    for name, found in source.scales.items():
        own = answers.filter(pl.col("scale") == name)
        if not own.is_empty():
            yield from estimate_scale_reliability(own, found.scale)


def _describe_keys(source: ReportSource, found: Sequence[ScaleReliability]) -> Listing:
    """Return by which key each questionnaire was scored, and which scores have no reliability, and why."""
    points = []
    for name, one in source.scales.items():
        origin = f"MimicryLab {__version__}" if one.origin == "mimicrylab" else one.origin
        points.append(
            Markup("<strong>{}</strong>: {}. Key from {}, SHA-256 {}. {}").format(
                name, one.scale.title.rstrip("."), origin, shorten_hash(hash_scale(one.scale)), one.scale.citation
            )
        )
    for each in found:
        if each.reason:
            when = f" ({each.occasion})" if each.occasion else ""
            points.append(Markup("{} {}{}: {}.").format(each.scale, write_name(each.score), when, each.reason))
    return Listing(tuple(points), quiet=True)


def _tabulate_reliability(found: Sequence[ScaleReliability]) -> pl.DataFrame:
    rows = []
    for one in found:
        alpha, omega = one.alpha, one.omega
        low, high = (alpha.ci_low, alpha.ci_high) if alpha else (None, None)
        interval = format_interval(low, high, bounded=True) if alpha else None
        rows.append((one.scale, one.score, one.occasion, alpha.estimate if alpha else None, low, high, interval,
                     omega.estimate if omega else None))  # fmt: skip
    schema = {
        **dict.fromkeys(("scale", "score", "occasion"), pl.String),
        **dict.fromkeys(("alpha", "alpha_ci_low", "alpha_ci_high"), pl.Float64),
        "alpha_interval": pl.String,
        "omega": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _make_score_table(source: ReportSource, found: Sequence[ScaleReliability]) -> ReportTable:
    own = source.scores.filter(pl.col("participant_id").is_in(list(source.analysed)))
    by = ["scale", "score", "occasion"]
    counted = own.group_by(by, maintain_order=True).agg(
        pl.col("prorated").sum(), pl.col("n_items").max(), pl.col("n_answered").min().alias("fewest_answered")
    )
    rows = (
        summarise_people(own, by)
        .join(counted, on=by, how="left", nulls_equal=True, maintain_order="left")
        .join(_tabulate_reliability(found), on=by, how="left", nulls_equal=True, maintain_order="left")
        .with_columns((len(source.analysed) - pl.col("n")).alias("missing"))
    )
    occasions = rows["occasion"].is_not_null().any()
    columns = (
        TableColumn("score", "Score", write_name),
        *([TableColumn("occasion", "Occasion")] if occasions else []),
        *_list_number_columns(),
        TableColumn("n_items", "Items", format_count, "number"),
        TableColumn("fewest_answered", "Fewest answered", format_count, "number"),
        TableColumn("missing", "Missing", format_count, "number"),
        TableColumn("prorated", "Prorated", format_count, "number"),
        TableColumn("alpha", Markup("<i>α</i>"), format_bounded, "number"),
        TableColumn("alpha_interval", "95% CI", align="number"),
        TableColumn("omega", Markup("<i>ω</i>"), format_bounded, "number"),
    )
    note = (
        "Those who are analysed. Fewest answered: items that a person answered at least. Missing: people without a "
        "score, because they left out the questionnaire or too many of its items. Prorated: scores that the mean of "
        "the answered items stands in for, as the study declares. α: Cronbach's alpha with Feldt's interval; ω: "
        "McDonald's omega (total, one factor); both over people who answered all items of the score."
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

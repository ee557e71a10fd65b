"""What participants answered about the stimuli: ratings by emotion, and by arm once the study is unblinded."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.blocks import Rating
from mimicrylab.report.content import Item, Section
from mimicrylab.report.figures.intervals import arrange_intervals, draw_intervals
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_count, format_number
from mimicrylab.schemas import EMOTIONS


def build_ratings(source: ReportSource) -> Section | None:
    """Return a figure and a table of each rating's mean by emotion; None where nobody rated anything."""
    items: list[Item] = []
    summaries = []
    for rating in source.study.ratings:
        if rating.choices:  # hits are analysed by the plan
            continue
        values = average_ratings(source, rating.name)
        if values.is_empty():
            continue
        by = ["stimulus_emotion", "arm"] if source.arms is not None else ["stimulus_emotion"]
        summary = summarise_people(values, by).with_columns(pl.lit(rating.name).alias("rating"))
        summaries.append(summary)
        if summary["stimulus_emotion"].n_unique() > 1:
            items.append(_draw_rating(summary, rating))
    if not summaries:
        return None
    items.append(_make_table(pl.concat(summaries), with_arms=source.arms is not None))
    return Section("ratings", "Ratings", tuple(items))


def average_ratings(source: ReportSource, rating: str) -> pl.DataFrame:
    """Return ``participant_id, stimulus_emotion, value`` (and ``arm``): each person's mean rating of each emotion.

    Answers that are no number, those of washout blocks, and those to trials of excluded recordings are left out.
    """
    excluded = pl.col("recording_id").is_in(list(source.excluded_recordings)).fill_null(False)
    shown = source.tables.events.filter(
        (pl.col("trial_type") == "stimulus") & pl.col("block_role").fill_null("test").ne("washout") & ~excluded
    ).select("session_id", "trial", "stimulus_emotion")
    answers = source.tables.answers.filter(
        (pl.col("scale") == rating)
        & pl.col("trial").is_not_null()
        & pl.col("participant_id").is_in(list(source.analysed))
    ).with_columns(pl.col("response").cast(pl.Float64, strict=False).alias("value"))
    rows = answers.drop_nulls("value").join(
        shown.unique(["session_id", "trial"], keep="first", maintain_order=True),
        on=["session_id", "trial"],
        how="inner",
        maintain_order="left",
    )
    emotion = pl.col("stimulus_emotion").cast(pl.Enum(EMOTIONS))
    values = average_within(rows.drop_nulls("stimulus_emotion"), ["participant_id", "stimulus_emotion"])
    values = values.sort(emotion, "participant_id")
    return values if source.arms is None else source.add_arms(values)


def _draw_rating(summary: pl.DataFrame, rating: Rating) -> Item:
    series = "arm" if "arm" in summary.columns else None
    return draw_intervals(
        arrange_intervals(summary, label="stimulus_emotion", series=series),
        unit=f"1 {rating.low} – {rating.points} {rating.high}",
        name=f"rating-{rating.name}",
        limits=(1, rating.points),
        title=f"“{rating.question}” Mean over people of each person's mean, with 95% interval.",
    )


def _make_table(summary: pl.DataFrame, *, with_arms: bool) -> ReportTable:
    columns = [
        TableColumn("stimulus_emotion", "Emotion shown"),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("mean", Markup("<i>M</i>"), format_number, "number"),
        TableColumn("sd", Markup("<i>SD</i>"), format_number, "number"),
        TableColumn("ci_low", "Low", format_number, "number", spanner="95% CI"),
        TableColumn("ci_high", "High", format_number, "number", spanner="95% CI"),
    ]
    if with_arms:
        columns.insert(1, TableColumn("arm", "Arm"))
    return ReportTable("ratings", "Ratings by emotion shown", summary, tuple(columns), group="rating")

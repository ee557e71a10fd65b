"""Reactions to each stimulus emotion: the mean of people's maxima as bars, and their spread as boxes."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.cells import list_all_requests, list_requests, take_cells
from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.figures.bars import draw_reaction_bars
from mimicrylab.report.figures.boxes import draw_reaction_boxes
from mimicrylab.report.measure_names import describe_bin, name_label
from mimicrylab.report.signals import find_action_unit, is_composite, is_congruent, name_short
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import count_noun, format_count, join_words, make_writer, shorten_unit

PEAKS = ("peak", "peak_of_means", "percentile_95")
"""Measures of how far a face moved at most, in the order of preference: what the field's figures show first."""
LONGEST_OPEN_TABLE = 21


def build_reactions(source: ReportSource) -> Section | None:
    """Return bars and boxes of people's maxima, or None where the study asks for no peak."""
    requests = list_requests(source, PEAKS)
    if not requests:
        return None
    request = requests[0]
    title = "Reactions to each emotion"
    cells = mark_congruent(choose_reactions(take_cells(source, request), source), source)
    if cells.drop_nulls("value").is_empty():
        text = Markup("There is no value of the measure <b>{}</b> yet.").format(request.label)
        return Section("reactions", title, (Notice(text, kind="missing"),))
    valued = cells.drop_nulls("value")["stimulus_emotion"].unique()
    without = [emotion for emotion in source.emotions if emotion not in set(valued)]
    cells = cells.filter(pl.col("stimulus_emotion").is_in(valued.implode()))
    items: list[Item] = [Prose(_introduce(cells, request))]
    if without:
        missing = Markup("No trial with enough valid frames: {}.").format(join_words(without))
        items.append(Notice(missing, kind="missing"))
    units = cells["unit"].unique(maintain_order=True).to_list()
    for index, unit in enumerate(units, start=1):
        suffix = f"-{index}" if len(units) > 1 else ""
        items += _draw_unit(cells.filter(pl.col("unit") == unit), request, source, unit=unit, suffix=suffix)
    return Section("reactions", title, tuple(items))


def choose_reactions(cells: pl.DataFrame, source: ReportSource) -> pl.DataFrame:
    """Return the rows of the action units that some emotion shows, or of all signals where the study asks for others.

    One side of a unit (AU12L) is left out beside the whole; composites of movements are shown where the measure was
    asked for them alone.
    """
    names = cells["signal"].unique().to_list()
    units = [name for name in names if find_action_unit(name) and not name.endswith(("L", "R"))]
    congruent = {unit for found in source.congruent.values() for unit in found}
    typical = [name for name in units if find_action_unit(name) in congruent]
    return cells.filter(pl.col("signal").is_in(typical or units or names))


def mark_congruent(cells: pl.DataFrame, source: ReportSource) -> pl.DataFrame:
    """Return the cells with ``reaction`` (the signal in words) and whether it matches the emotion shown."""
    pairs = cells.select("stimulus_emotion", "signal").iter_rows()
    matches = [is_congruent(signal, emotion, source.congruent.get(emotion, ())) for emotion, signal in pairs]
    named = [name_short(signal) for signal in cells["signal"]]
    return cells.with_columns(
        pl.Series("congruent", matches, dtype=pl.Boolean), pl.Series("reaction", named, dtype=pl.String)
    )


def _introduce(cells: pl.DataFrame, request: MeasureRequest) -> Markup:
    people = cells.drop_nulls("value")["participant_id"].n_unique()
    how = "largest trial value" if request.aggregate == "maximum" else "mean of the trials"
    words = {
        "peak": "largest value in the window",
        "peak_of_means": f"largest mean of {describe_bin(request)} bins in the window",
        "percentile_95": "95th percentile of the window",
    }
    text = (
        f"For each of {count_noun(people, 'participant')}: the {words[request.measure]} of each trial, and the {how} "
        "of each emotion. Blue marks the reaction that matches the emotion shown."
    )
    if request.measure == "peak":
        text += " A peak grows with the frame rate and with the length of the window; it is never zero, even at rest."
    if any(is_composite(signal) for signal in cells["signal"]):
        text += " Emotion words name composites of movements (their action units in brackets), not feelings."
    return Markup.escape(text)


def _draw_unit(
    cells: pl.DataFrame, request: MeasureRequest, source: ReportSource, *, unit: str, suffix: str
) -> list[Item]:
    summary = summarise_people(cells, ["stimulus_emotion", "reaction", "congruent"])
    named = name_label(request, list_all_requests(source))
    axis = f"{named[0].upper()}{named[1:]} ({shorten_unit(unit)})"
    bars = draw_reaction_bars(
        summary,
        unit=f"{axis}, mean over people",
        name=f"reaction-bars{suffix}",
        title="Mean reaction to each stimulus emotion, with 95% interval of the mean.",
    )
    items: list[Item] = [bars]
    if len(source.analysed) > 1:
        boxes = draw_reaction_boxes(
            cells.select("stimulus_emotion", "reaction", "congruent", "participant_id", "value"),
            unit=axis,
            name=f"reaction-boxes{suffix}",
            title=(
                "Spread of the reactions over people: median, quartiles, whiskers to the last value within 1.5 "
                "interquartile ranges, and every person beyond; fewer than five people are dots alone."
            ),
        )
        items.append(boxes)
    return [*items, _make_table(summary, named, suffix=suffix)]


def _make_table(summary: pl.DataFrame, named: str, *, suffix: str) -> ReportTable:
    write = make_writer(summary["maximum"])
    columns = (
        TableColumn("reaction", "Reaction", emphasis="congruent"),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("mean", Markup("<i>M</i>"), write, "number", emphasis="congruent"),
        TableColumn("sd", Markup("<i>SD</i>"), write, "number"),
        TableColumn("ci_low", "Low", write, "number", spanner="95% CI"),
        TableColumn("ci_high", "High", write, "number", spanner="95% CI"),
        TableColumn("median", Markup("<i>Mdn</i>"), write, "number"),
        TableColumn("maximum", "Max", write, "number"),
    )
    return ReportTable(
        f"reactions{suffix}",
        f"Reactions to each stimulus emotion ({named})",
        summary,
        columns,
        group="stimulus_emotion",
        note="Bold: the reaction that matches the emotion shown.",
        fold=summary.height > LONGEST_OPEN_TABLE,
    )

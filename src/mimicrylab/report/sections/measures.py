"""Every measure that was computed, summarised over people, and how much is missing."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.report.cells import CELL_KEY
from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.signals import name_short
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import (
    MINUS,
    MISSING,
    count_noun,
    format_count,
    format_number,
    format_share,
    make_writer,
    shorten_unit,
)
from mimicrylab.schemas import EMOTIONS

LONGEST_OPEN_TABLE = 24


def build_measures(source: ReportSource) -> Section:
    """Return one table a measure: mean and spread over people for each emotion and signal, and what is missing."""
    measures = source.tables.measures
    if measures.is_empty():
        text = "No measure has been computed yet: <code>mimicrylab measure</code> does that."
        return Section("measures", "Measures", (Notice(Markup(text), kind="missing"),))
    own = measures.filter(pl.col("participant_id").is_in(list(source.analysed)))
    people = own.filter(pl.col("trial").is_null() & (pl.col("block_role").fill_null("test") != "washout"))
    items: list[Item] = [Prose(_introduce(own))]
    for label in people["measure"].unique(maintain_order=True):
        items.append(_make_table(people.filter(pl.col("measure") == label), label))
    return Section("measures", "Measures", tuple(items))


def _introduce(own: pl.DataFrame) -> Markup:
    trials = own.filter(pl.col("trial").is_not_null())
    missing = trials["value"].null_count()
    text = (
        f"The measures table holds {count_noun(own.height, 'number')}, "
        f"{format_count(trials.height)} of them about single trials"
    )
    if trials.height:
        text += f"; {format_share(missing / trials.height)} of these are missing, each with its reason in the table"
    return Markup.escape(f"{text}. Missing values are left out, never counted as zero. Below, each person counts once.")


def _make_table(rows: pl.DataFrame, label: str) -> ReportTable:
    rows = rows.with_columns(
        pl.struct("window_start_s", "window_stop_s").map_elements(_name_window, return_dtype=pl.String).alias("window")
    )
    key = [*CELL_KEY, "window", "baseline", "unit"]
    people = rows.group_by(key, maintain_order=True).agg(pl.col("value").mean())
    by = [name for name in key if name != "participant_id"]
    emotion = pl.col("stimulus_emotion").cast(pl.Enum(EMOTIONS))
    missing = people.group_by(by).agg(pl.col("value").null_count().alias("missing"))
    summary = (
        summarise_people(people, by)
        .join(missing, on=by, how="left", nulls_equal=True, maintain_order="left")
        .sort(emotion, "window", "signal", nulls_last=True)
        .with_columns(
            pl.col("stimulus_emotion").fill_null("over emotions"),
            pl.col("unit").map_elements(shorten_unit, return_dtype=pl.String),
        )
    )
    empty = summary.filter(pl.col("n") == 0)
    valued = summary.filter(pl.col("n") > 0)
    units = valued["unit"].unique(maintain_order=True).to_list()
    write = make_writer(valued["mean"], units=units)
    several = valued["window"].n_unique() > 1
    columns = (
        TableColumn("signal", "Signal", name_short),
        *([TableColumn("window", "Window (s)")] if several else []),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("missing", "Missing", format_count, "number"),
        TableColumn("mean", Markup("<i>M</i>"), write, "number"),
        TableColumn("sd", Markup("<i>SD</i>"), write, "number"),
        TableColumn("median", Markup("<i>Mdn</i>"), write, "number"),
        TableColumn("minimum", "Min", write, "number"),
        TableColumn("maximum", "Max", write, "number"),
        *([TableColumn("unit", "Unit")] if len(units) > 1 else []),
    )
    first = summary.row(0, named=True)
    note = f"Window: {first['window']} s from onset. " if not several and first["window"] != MISSING else ""
    note += f"Baseline: {write_baseline(first['baseline'])}."
    note += f" Unit: {units[0]}." if len(units) == 1 else ""
    if not empty.is_empty():
        without = sorted(
            {name_short(name) for name in empty["signal"]} - {name_short(name) for name in valued["signal"]}
        )
        note += f" Without any value: {', '.join(without)}." if without else ""
    return ReportTable(
        f"measure-{label.replace('_', '-')}",
        f"{label.replace('_', ' ').capitalize()}, over people",
        valued,
        columns,
        group="stimulus_emotion",
        note=note,
        fold=valued.height > LONGEST_OPEN_TABLE,
    )


def _name_window(window: dict[str, float | None]) -> str:
    start, stop = window["window_start_s"], window["window_stop_s"]
    if start is None or stop is None:
        return MISSING
    return f"{format_number(start, decimals=1)} to {format_number(stop, decimals=1)}"


def write_baseline(baseline: str | None) -> str:
    """Return a baseline as the measures table writes it, in words.

    Examples
    --------
    >>> write_baseline("difference [-1, 0)"), write_baseline(None)
    ('difference to −1 to 0 s', 'none')
    >>> write_baseline("difference to the visit's median")
    "difference to the visit's median"
    """
    if baseline is None:
        return "none"
    method, _, window = baseline.partition(" [")
    if not window:
        return method
    ends = window.rstrip(")").replace("-", MINUS).split(", ")
    return f"{method.replace('_', ' ')} to {' to '.join(ends)} s"

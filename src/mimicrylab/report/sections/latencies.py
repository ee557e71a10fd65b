"""When movements start: the share of trials with an onset beside its false-alarm rate, and latencies with censoring."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from markupsafe import Markup

from mimicrylab.errors import MimicryLabError
from mimicrylab.measures.latency import ALARMS, LATENCY, RESPONDED
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.cells import CELL_KEY, list_all_requests, list_requests, take_cells, take_trials
from mimicrylab.report.content import Item, Notice, Prose, Section, Subheading
from mimicrylab.report.measure_names import name_measure, write_rate
from mimicrylab.report.signals import is_congruent, name_short
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import (
    MISSING,
    close_percent,
    format_bounded,
    format_count,
    format_interval,
    format_number,
    join_words,
)
from mimicrylab.schemas import EMOTIONS
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.survival import estimate_medians

LONGEST_OPEN_TABLE = 24
CONDITION = ["stimulus_emotion", "signal"]


def build_latencies(source: ReportSource) -> Section | None:
    """Return responders and latencies of each signal by emotion; None where the study asks for no latency."""
    requests = list_requests(source, [LATENCY.name])
    if not requests:
        return None
    items: list[Item] = []
    estimates: list[Estimate] = []
    for index, request in enumerate(requests):
        named = name_measure(request, list_all_requests(source))
        if len(requests) > 1:
            items.append(Subheading(named[0].upper() + named[1:]))
        shown, found = _report_request(request, source, named, suffix=f"-{index + 1}" if index else "")
        items += shown
        estimates += found
    return Section("latencies", "When movements start", tuple(items), tuple(estimates))


def _report_request(
    request: MeasureRequest, source: ReportSource, named: str, *, suffix: str
) -> tuple[list[Item], list[Estimate]]:
    responders = take_cells(source, request, suffix=RESPONDED)
    if responders.drop_nulls("value").is_empty():
        return [Notice(_explain_nothing(request, source), kind="missing")], []
    medians = {
        (emotion, signal): _estimate_median(rows, emotion=emotion, signal=signal)
        for (emotion, signal), rows in take_half_times(source, request).group_by(CONDITION, maintain_order=True)
    }
    table = _make_table(tabulate_latencies(source, request), medians, source, named, suffix=suffix)
    estimates = [one for one in medians.values() if one is not None]
    return [Prose(_introduce(request)), table], estimates


def _explain_nothing(request: MeasureRequest, source: ReportSource) -> Markup:
    reasons = take_trials(source, request)["reason"].drop_nulls()
    if reasons.is_empty():
        return Markup("There is no value of the measure <b>{}</b> yet.").format(request.label)
    counted = reasons.alias("reason").value_counts().sort("count", "reason", descending=[True, False])
    return Markup("No onset could be looked for in any condition. The commonest reason: {}.").format(
        close_percent(counted["reason"][0])
    )


def _introduce(request: MeasureRequest) -> Markup:
    return Markup(
        "An onset is the first time from which a signal stays above a level that is set for each person so that noise "
        "alone gives one in at most {} of trials. Time counts from the start of the movement shown, where the manifest "
        "knows it, else from stimulus onset."
    ).format(write_rate(request))


def take_half_times(source: ReportSource, request: MeasureRequest) -> pl.DataFrame:
    """Return, for each person, emotion and signal, the time by which half of the person's trials have an onset.

    Columns ``participant_id, stimulus_emotion, signal, value, censored, start_s, stop_s``. ``value`` is null and
    ``censored`` true where fewer than half have an onset within the window; trials in which none could be looked for
    are left out, and so are persons who have too few others.
    """
    counted = take_cells(source, request, suffix=RESPONDED).drop_nulls("value").select(CELL_KEY)
    trials = take_trials(source, request).filter(pl.col("censored").is_not_null())
    half = (pl.len() + 1) // 2 - 1
    emotion = pl.col("stimulus_emotion").cast(pl.Enum(EMOTIONS))
    return (
        trials.group_by(CELL_KEY, maintain_order=True)
        .agg(
            pl.col("value").sort(nulls_last=True).get(half),
            pl.col("window_start_s").min().alias("start_s"),
            pl.col("window_stop_s").max().alias("stop_s"),
        )
        .join(counted, on=CELL_KEY, how="semi", maintain_order="left")
        .with_columns(pl.col("value").is_null().alias("censored"))
        .sort(emotion, "signal", "participant_id")
    )


def _estimate_median(rows: pl.DataFrame, *, emotion: str, signal: str) -> Estimate | None:
    """Return the time by which half of the people have an onset; None where nobody has one."""
    start, stop = float(rows["start_s"].min() or 0.0), float(rows["stop_s"].max() or 0.0)  # type: ignore[arg-type]
    try:
        (found,) = estimate_medians(rows.with_columns(pl.col("value") - start), "value", until_s=stop - start)
    except MimicryLabError:
        return None
    later = {
        name: None if value is None else value + start
        for name, value in (("estimate", found.estimate), ("ci_low", found.ci_low), ("ci_high", found.ci_high))
    }
    return replace(found, term=f"{emotion}, {signal}: median", **later)  # type: ignore[arg-type]


def tabulate_latencies(source: ReportSource, request: MeasureRequest) -> pl.DataFrame:
    """Return a row an emotion and signal: responders over people, false alarms, and the onsets that were found.

    Columns ``stimulus_emotion, signal, n, responders, ci_low, ci_high, false_alarms, onsets, median_onset_s``: the
    share of trials with an onset, its 95 % interval, the calibrated rate, how many onsets, and the median over people
    of each person's median onset. Conditions in which nobody has a value are left out.
    """
    cells = take_cells(source, request, suffix=RESPONDED)
    shares = summarise_people(cells, CONDITION).filter(pl.col("n") > 0)
    rates = average_within(take_trials(source, request, suffix=ALARMS), CELL_KEY).sort(CELL_KEY)
    alarms = rates.group_by(CONDITION, maintain_order=True).agg(pl.col("value").mean().alias("false_alarms"))
    found = take_trials(source, request).drop_nulls("value")
    onsets = found.group_by(CONDITION, maintain_order=True).agg(pl.len().cast(pl.Int64).alias("onsets"))
    medians = found.group_by(CELL_KEY, maintain_order=True).agg(pl.col("value").median())
    median = medians.group_by(CONDITION, maintain_order=True).agg(pl.col("value").median().alias("median_onset_s"))
    table = shares.select(
        *CONDITION,
        "n",
        pl.col("mean").alias("responders"),
        pl.col("ci_low").clip(lower_bound=0.0),
        pl.col("ci_high").clip(upper_bound=1.0),
    )
    for each in (alarms, onsets, median):
        table = table.join(each, on=CONDITION, how="left", maintain_order="left")
    return table.with_columns(pl.col("onsets").fill_null(0))


def _make_table(
    table: pl.DataFrame,
    medians: dict[tuple[str, str], Estimate | None],
    source: ReportSource,
    named: str,
    *,
    suffix: str,
) -> ReportTable:
    pairs = table.select(CONDITION).rows()
    found = [medians.get(pair) for pair in pairs]
    matches = [is_congruent(signal, emotion, source.congruent.get(emotion, ())) for emotion, signal in pairs]
    limits = list(table.select("ci_low", "ci_high").iter_rows())
    frame = table.with_columns(
        pl.Series("interval", [format_interval(*each, bounded=True) for each in limits]),
        pl.Series("half_s", [one and one.estimate for one in found], dtype=pl.Float64),
        pl.Series("half_ci_low", [one and one.ci_low for one in found], dtype=pl.Float64),
        pl.Series("half_ci_high", [one and one.ci_high for one in found], dtype=pl.Float64),
        pl.Series("congruent", matches, dtype=pl.Boolean),
    )
    reached = frame["half_s"].is_not_null().any()
    columns = (
        TableColumn("signal", "Signal", name_short),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("responders", "Share", format_bounded, "number", "Trials with an onset", "congruent"),
        TableColumn("interval", "95% CI", align="number", spanner="Trials with an onset"),
        TableColumn("false_alarms", "False alarms", format_bounded, "number", "Trials with an onset"),
        *((TableColumn("half_s", "Half by", format_number, "number", "Latency (s)"),) if reached else ()),
        TableColumn("median_onset_s", "Median of onsets", format_number, "number", "Latency (s)"),
    )
    return ReportTable(
        f"latencies{suffix}",
        f"Trials with an onset, and when it comes ({named})",
        frame,
        columns,
        group="stimulus_emotion",
        note=_write_note(source, frame, reached=reached),
        fold=frame.height > LONGEST_OPEN_TABLE,
    )


def _write_note(source: ReportSource, frame: pl.DataFrame, *, reached: bool) -> str:
    note = (
        "Share: mean over people; bold where the emotion shows the action unit. False alarms: the share of stretches "
        "as long without an emotion shown in which each person's own rule finds an onset; the share of trials is to be "
        "read against it. A trial without an onset is censored, "
        "neither missing nor the longest latency: the median of onsets says nothing of such trials."
    )
    if reached:
        note += (
            " Half by: the time by which half of the people have an onset in half of their trials (Kaplan-Meier; a "
            f"dash, {MISSING}, where fewer have one within the window)."
        )
    else:
        note += " In no condition do half of the people have an onset in half of their trials within the window."
    without = sorted({emotion for emotion in source.emotions if emotion not in set(frame["stimulus_emotion"])})
    return note + (f" Without any value: {join_words(without)}." if without else "")

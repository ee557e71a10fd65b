"""Onset latencies: responders beside their false alarms, and medians that keep the trials without an onset."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.content import Notice, list_tables
from mimicrylab.report.document import write_documents
from mimicrylab.report.methods import write_methods
from mimicrylab.report.sections.latencies import build_latencies, take_half_times
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable

LATENCY = MeasureRequest(measure="latency")
ALARMS = 0.04


def add_onsets(source: ReportSource, onsets: dict[str, dict[str, list[float | None]]]) -> ReportSource:
    """Return the source with latencies of AU12: emotion -> person -> the onsets of both trials (None: censored)."""
    rows = source.tables.measures.filter((pl.col("measure") == "mean") & (pl.col("signal") == "AU12"))
    added = []
    for row in rows.iter_rows(named=True):
        trials = onsets.get(row["stimulus_emotion"], {}).get(row["participant_id"])
        if trials is None:
            continue
        row |= {"unit": "s", "measure": "latency", "reason": None}
        found = [float(each is not None) for each in trials]
        if row["trial"] is None:
            share = {"measure": "latency_responded", "unit": "share of trials", "value": sum(found) / len(found)}
            added.append(row | share)
            continue
        onset = trials[row["trial"] % 2]
        added.append(row | {"value": onset, "censored": onset is None})
        added.append(row | {"measure": "latency_responded", "value": float(onset is not None)})
        added.append(row | {"measure": "latency_false_alarms", "value": ALARMS})
    frame = pl.DataFrame(added, schema=source.tables.measures.schema)
    study = source.study.model_copy(update={"measures": (*source.study.measures, LATENCY)})
    measures = pl.concat([source.tables.measures, frame])
    return replace(source, study=study, tables=replace(source.tables, measures=measures))


@pytest.fixture
def with_onsets(source_of_twelve: ReportSource) -> ReportSource:
    """Happiness: six people respond in both trials, two in one, two in none; anger: nobody."""
    happy: dict[str, list[float | None]] = {f"P{i:03d}": [0.5 + 0.1 * i, 0.9 + 0.1 * i] for i in range(1, 7)}
    happy |= {"P007": [2.0, None], "P008": [None, 2.0], "P009": [None, None], "P010": [None, None]}
    return add_onsets(source_of_twelve, {"happiness": happy, "anger": {name: [None, None] for name in happy}})


def take_table(source: ReportSource) -> ReportTable:
    section = build_latencies(source)
    assert section is not None
    (table,) = list_tables([section])
    return table


def test_responders_false_alarms_and_medians_keep_what_is_censored(with_onsets: ReportSource) -> None:
    table = take_table(with_onsets)
    rows = {row["stimulus_emotion"]: row for row in table.frame.iter_rows(named=True)}
    happy, angry = rows["happiness"], rows["anger"]
    assert (happy["n"], happy["onsets"]) == (10, 14)
    assert happy["responders"] == pytest.approx(0.7)  # six with 1, two with .5, two with 0
    assert happy["false_alarms"] == pytest.approx(ALARMS)
    assert happy["half_s"] == pytest.approx(1.05)  # after .6 .7 .8 .9 1.0 five of ten wait; the next onset is at 1.1
    assert happy["median_onset_s"] == pytest.approx(1.15)  # of .8 .9 1.0 1.1 1.2 1.3 2 2
    assert happy["congruent"]
    assert (angry["responders"], angry["half_s"], angry["median_onset_s"]) == (0.0, None, None)
    assert "censored" in table.note
    assert "Without any value: neutral." in table.note


def test_a_person_is_censored_where_fewer_than_half_of_the_trials_have_an_onset(with_onsets: ReportSource) -> None:
    times = take_half_times(with_onsets, LATENCY).filter(pl.col("stimulus_emotion") == "happiness")
    assert times["value"].to_list() == pytest.approx([0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 2.0, 2.0, None, None])
    assert times["censored"].sum() == 2


def test_medians_are_among_the_estimates_and_the_table_is_in_the_report(with_onsets: ReportSource) -> None:
    section = build_latencies(with_onsets)
    assert section is not None
    (estimate,) = section.estimates
    assert (estimate.term, estimate.unit, estimate.n) == ("happiness, AU12: median", "s", 10)
    documents = write_documents(assemble_report(with_onsets))
    assert "tables/latencies.csv" in documents
    assert "False alarms" in documents["report.html"]
    assert documents == write_documents(assemble_report(with_onsets))


def test_a_half_that_is_nowhere_reached_is_a_sentence_not_a_column(source_of_twelve: ReportSource) -> None:
    few = {name: [1.0 if name == "P001" else None, None] for name in source_of_twelve.analysed}
    table = take_table(add_onsets(source_of_twelve, {"happiness": few}))
    assert "half_s" not in [column.name for column in table.columns]
    assert "In no condition do half of the people" in table.note


def test_onsets_that_could_not_be_looked_for_are_told_with_the_reason(with_onsets: ReportSource) -> None:
    reason = "0 pseudo-trials are too few to calibrate the onset rule"
    latency = pl.col("measure").str.starts_with("latency")
    measures = with_onsets.tables.measures.with_columns(
        pl.when(~latency).then("value").alias("value"),
        pl.when(latency).then(None).otherwise(pl.col("censored")).alias("censored"),
        pl.when(latency).then(pl.lit(reason)).otherwise(pl.col("reason")).alias("reason"),
    )
    section = build_latencies(replace(with_onsets, tables=replace(with_onsets.tables, measures=measures)))
    assert section is not None
    (said,) = section.items
    assert isinstance(said, Notice)
    assert reason in said.html


def test_methods_say_what_an_onset_is(with_onsets: ReportSource) -> None:
    text = write_methods(with_onsets).striptags()
    assert "stayed for 0.1, 0.2 or 0.3 s above a level set for each person" in text
    assert "in at most 5% of trials" in text
    strict = LATENCY.model_copy(update={"false_alarm_rate": 0.025, "sustained_s": (0.2,)})
    study = with_onsets.study.model_copy(update={"measures": (strict,)})
    text = write_methods(replace(with_onsets, study=study)).striptags()
    assert "stayed for 0.2 s above" in text
    assert "in at most 2.5% of trials" in text


def test_no_latency_asked_for_is_no_section(source_of_twelve: ReportSource) -> None:
    assert build_latencies(source_of_twelve) is None

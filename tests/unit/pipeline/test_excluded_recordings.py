"""A person with two recordings of which one is excluded: it enters no number, from quality to the report."""

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.pipeline.measure import measure_study
from mimicrylab.pipeline.quality import Override, judge_study
from mimicrylab.protocol.design import read_study
from mimicrylab.report.cells import take_cells, take_trials
from mimicrylab.report.flow import find_losses, trace_flow
from mimicrylab.report.sections.ratings import average_ratings
from mimicrylab.report.source import read_source
from mimicrylab.schemas import ANSWERS, EXCLUSIONS, MEASURES, QUALITY, TIMECOURSES
from mimicrylab.study import StudyFolder
from mimicrylab.tables import read_table
from unit.pipeline.small_study import STUDY, add_second_recording, write, write_small_study

REASON = "another person answers"
EVERY_MEASURE = STUDY.replace(
    "  - {measure: congruence",
    """  - {measure: peak}
  - {measure: bins, bin_s: 0.5}
  - {measure: latency, signals: [AU12]}
  - {measure: presence, name: above_neutral, signals: [AU12_r], threshold_from: neutral}
  - {measure: z}
  - {measure: selectivity}
  - {measure: responders, level: 1.5}
  - {measure: congruence""",
)
ROW = ["participant_id", "recording_id", "trial", "stimulus_emotion", "signal", "measure", "window_start_s"]
RESULT = ["value", "censored", "baseline", "unit", "n_frames", "share_valid"]


def exclude(folder: StudyFolder, *names: str) -> None:
    judge_study(folder.root, overrides=tuple(Override(name, 3, "A. Observer", REASON) for name in names))


def write_two_recordings(root: Path, *, study: str = STUDY, smile: float = 3.0) -> StudyFolder:
    """P2's AU12 rises by 1 in the first recording and by 2 in the second, P2b."""
    folder = write_small_study(root, study=study)
    add_second_recording(folder, "P2", smile=smile)
    return folder


def read_measures(folder: StudyFolder, **wanted: str) -> pl.DataFrame:
    rows = read_table(folder.table_path("measures"), MEASURES)
    return rows.filter(*[pl.col(name) == value for name, value in wanted.items()])


def read_cell(folder: StudyFolder, measure: str = "mean", person: str = "P2") -> float | None:
    rows = read_measures(folder, participant_id=person, measure=measure, signal="AU12", stimulus_emotion="happiness")
    (value,) = rows.filter(pl.col("trial").is_null())["value"]
    return None if value is None else float(value)


def test_each_recording_is_graded_and_one_is_logged_as_excluded(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    summary = judge_study(folder.root, overrides=(Override("P2b", 3, "A. Observer", REASON),))
    assert (summary.recordings, summary.excluded_recordings) == (3, 1)
    whole = read_table(folder.table_path("quality"), QUALITY).filter(pl.col("trial").is_null())
    assert dict(whole.select("recording_id", "override").iter_rows()) == {"P1": None, "P2": None, "P2b": 3}
    logged = read_table(folder.table_path("exclusions"), EXCLUSIONS).filter(pl.col("level") == "recording")
    assert logged.select("participant_id", "recording_id").rows() == [("P2", "P2b")]


def test_both_recordings_enter_while_both_count(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    judge_study(folder.root)
    measure_study(folder.root)
    assert read_cell(folder) == pytest.approx(1.5)


def test_an_excluded_recording_enters_no_value_and_its_trials_say_why(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    exclude(folder, "P2b")
    summary = measure_study(folder.root)
    assert read_cell(folder) == pytest.approx(1.0)
    assert read_cell(folder, "congruence") == pytest.approx(1.0)
    trials = read_measures(folder, recording_id="P2b").filter(pl.col("trial").is_not_null())
    assert set(trials["trial"]) == {4, 5, 6, 7}
    assert set(trials["value"]) == {None}
    assert set(trials["reason"]) == {f"recording excluded: graded 3: {REASON}"}
    assert "1 recording is excluded: its trials have no values" in summary.warnings


def test_an_excluded_recording_enters_no_time_course(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    exclude(folder, "P2b")
    measure_study(folder.root)
    courses = read_table(folder.table_path("timecourses"), TIMECOURSES).filter(
        (pl.col("participant_id") == "P2") & (pl.col("signal") == "AU12") & (pl.col("stimulus_emotion") == "happiness")
    )
    assert courses["value"].to_list() == pytest.approx([0.0] * 5 + [1.0] * 10)
    assert set(courses["n_trials"]) == {2}


def test_no_measure_differs_from_a_study_that_never_had_the_recording(tmp_path: Path) -> None:
    """Neither means nor what is worked out of a person's own frames: thresholds, calibrated levels, z."""
    without = write_small_study(tmp_path / "without", study=EVERY_MEASURE)
    folder = write_two_recordings(tmp_path / "with", study=EVERY_MEASURE, smile=40.0)
    judge_study(without.root)
    exclude(folder, "P2b")
    for each in (without, folder):
        measure_study(each.root)
    kept = read_measures(folder).filter(pl.col("recording_id").ne_missing("P2b"))
    of_trials = pl.col("trial").is_not_null()
    keys = [name for name in ROW if name != "recording_id"]
    for rows, expected, key in (
        (kept.filter(of_trials), read_measures(without).filter(of_trials), ROW),
        (kept.filter(~of_trials), read_measures(without).filter(~of_trials), keys),
    ):
        assert expected["value"].count() > 20
        assert rows.select(*key, *RESULT).sort(key).equals(expected.select(*key, *RESULT).sort(key))


def test_a_new_override_makes_the_measures_out_of_date(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    judge_study(folder.root)
    measure_study(folder.root)
    assert measure_study(folder.root).up_to_date
    exclude(folder, "P2b")
    stale = read_source(folder, read_study(folder.study_file)).stale
    assert "measures.parquet was made from another version of exclusions.parquet" in stale
    assert not measure_study(folder.root).up_to_date
    assert read_cell(folder) == pytest.approx(1.0)


def test_without_an_exclusion_log_every_recording_is_measured_and_it_is_said(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    assert any("not judged yet" in warning for warning in measure_study(folder.root).warnings)
    assert read_cell(folder) == pytest.approx(1.5)
    judge_study(folder.root)
    assert not measure_study(folder.root).warnings


def test_a_person_whose_recordings_are_all_excluded_has_rows_without_values(tmp_path: Path) -> None:
    folder = write_two_recordings(tmp_path / "s")
    exclude(folder, "P2", "P2b")
    measure_study(folder.root)
    assert read_cell(folder, person="P1") == pytest.approx(2.0)
    rows = read_measures(folder, participant_id="P2")
    assert set(rows["value"]) == {None}
    assert set(rows.filter(pl.col("measure") == "mean")["reason"]) == {f"recording excluded: graded 3: {REASON}"}
    assert set(read_table(folder.table_path("timecourses"), TIMECOURSES)["participant_id"]) == {"P1"}


def test_the_report_keeps_the_person_and_leaves_the_recording_out(tmp_path: Path) -> None:
    rated = STUDY + "ratings:\n  - {name: pleasant, question: How pleasant?, low: little, high: much, points: 7}\n"
    folder = write_two_recordings(tmp_path / "s", study=rated)
    answer = {"session_id": "P2", "participant_id": "P2", "scale": "pleasant", "item": "pleasant"}
    write(folder, ANSWERS, [{**answer, "trial": trial, "response": value} for trial, value in ((0, "2"), (4, "6"))])
    exclude(folder, "P2b")
    measure_study(folder.root)
    source = read_source(folder, read_study(folder.study_file))
    assert source.analysed == ("P1", "P2")
    tables = source.tables
    losses = find_losses(tables.participants, tables.recordings, tables.exclusions, analysed=source.analysed)
    assert [step.n for step in trace_flow(tables.participants, losses)] == [2]
    request = source.study.measures[0]
    smiles = take_cells(source, request).filter(
        (pl.col("signal") == "AU12") & (pl.col("stimulus_emotion") == "happiness")
    )
    assert smiles["value"].to_list() == pytest.approx([2.0, 1.0])
    assert set(take_trials(source, request).drop_nulls("value")["recording_id"]) == {"P1", "P2"}
    assert average_ratings(source, "pleasant")["value"].to_list() == [2.0]
    assert source.stale == ()

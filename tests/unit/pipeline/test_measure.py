"""Measuring a study folder whose right answers are known by hand, and the command."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import InputError, MissingError, RefusedError, StudyFileError
from mimicrylab.pipeline.measure import measure_study
from mimicrylab.schemas import MEASURES, TIMECOURSES
from mimicrylab.tables import read_provenance, read_table
from unit.pipeline.small_study import STUDY, add_second_recording, write_small_study


def read_values(root: Path, **wanted: object) -> list[float | None]:
    rows = read_table(root / "measures.parquet", MEASURES)
    for name, value in wanted.items():
        rows = rows.filter(pl.col(name).is_null() if value is None else pl.col(name) == value)
    return rows["value"].to_list()


def test_the_numbers_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    """AU12 rises by 2 and by 1 over the second before; AU25 not at all; presence is OpenFace's own flag."""
    root = write_small_study(tmp_path / "s").root
    summary = measure_study(root)
    assert (summary.participants, summary.trials, summary.up_to_date) == (2, 8, False)
    one = {"participant_id": "P1", "signal": "AU12", "measure": "mean"}
    assert read_values(root, **one, stimulus_emotion="happiness") == pytest.approx([2.0, 2.0, 2.0])
    assert read_values(root, **one, stimulus_emotion="neutral", trial=None) == pytest.approx([0.0])
    presence = {"signal": "AU12", "measure": "presence", "stimulus_emotion": "happiness", "trial": None}
    assert read_values(root, **presence) == [1.0, 0.0]
    index = {"measure": "congruence", "signal": "happiness[AU12+AU25]"}
    assert read_values(root, **index) == pytest.approx([1.0, 0.5])


def test_measures_of_persons_take_the_trials_of_their_own_window(tmp_path: Path) -> None:
    """A mean over a second window under the same name does not enter the index; "response" is the stimulus here."""
    alone = STUDY.replace("  response: {start_s: 0, stop_s: 2}", "  late: {start_s: 1.5, stop_s: 3.5}")
    both = alone.replace("  - {measure: mean}", "  - {measure: mean}\n  - {measure: mean, window: late}")
    roots = [write_small_study(tmp_path / str(n), study=text).root for n, text in enumerate((alone, both))]
    for root in roots:
        measure_study(root)
    index = {"measure": "congruence", "signal": "AU12"}
    assert read_values(roots[1], **index) == read_values(roots[0], **index) == pytest.approx([2.0, 1.0])


def test_the_index_rests_on_the_aggregation_of_the_measure_it_is_made_of(tmp_path: Path) -> None:
    """P2's smiles rise by 1 in the first recording and by 2 in the second; nothing moves in neutral."""
    folder = write_small_study(
        tmp_path / "s", study=STUDY.replace("{measure: mean}", "{measure: mean, aggregate: maximum}")
    )
    add_second_recording(folder, "P2", smile=3.0)
    measure_study(folder.root)
    smile = {"participant_id": "P2", "signal": "AU12", "stimulus_emotion": "happiness", "trial": None}
    assert read_values(folder.root, **smile, measure="mean") == pytest.approx([2.0])
    assert read_values(folder.root, **smile, measure="congruence") == pytest.approx([2.0])


def test_time_courses_are_written_beside_the_measures(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s").root
    measure_study(root)
    courses = read_table(root / "timecourses.parquet", TIMECOURSES)
    smile = courses.filter(
        (pl.col("participant_id") == "P1") & (pl.col("signal") == "AU12") & (pl.col("stimulus_emotion") == "happiness")
    )
    assert smile["bin_start_s"].min() == -1.0
    assert smile["value"].to_list() == pytest.approx([0.0] * 5 + [2.0] * 10)
    assert set(smile["n_trials"]) == {2}


def test_what_is_up_to_date_is_not_measured_again(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    measure_study(folder.root)
    before = (folder.root / "measures.parquet").stat().st_mtime_ns
    assert measure_study(folder.root).up_to_date
    assert (folder.root / "measures.parquet").stat().st_mtime_ns == before
    assert not measure_study(folder.root, force=True).up_to_date


@pytest.mark.parametrize("change", ["setting", "frames", "events"])
def test_a_change_of_settings_frames_or_events_is_measured_again(tmp_path: Path, change: str) -> None:
    folder = write_small_study(tmp_path / "s")
    measure_study(folder.root)
    other = write_small_study(tmp_path / "other", lost={"P1": (5.0, 7.0)})
    if change == "setting":
        folder.study_file.write_text(STUDY.replace("stop_s: 2", "stop_s: 1"), encoding="utf-8")
    elif change == "frames":
        folder.frames_path("openface", "P1").write_bytes(other.frames_path("openface", "P1").read_bytes())
    else:
        events = pl.read_parquet(folder.table_path("events")).with_columns(pl.col("onset") + 0.5)
        events.write_parquet(folder.table_path("events"))
    assert not measure_study(folder.root).up_to_date


def test_a_comment_in_the_study_file_changes_nothing(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    measure_study(folder.root)
    folder.study_file.write_text(STUDY + "\n# a thought\n", encoding="utf-8")
    assert measure_study(folder.root).up_to_date


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    roots = [write_small_study(tmp_path / name).root for name in ("a", "b")]
    for root in roots:
        measure_study(root)
    for name in ("measures.parquet", "timecourses.parquet"):
        assert (roots[0] / name).read_bytes() == (roots[1] / name).read_bytes()


def test_a_lost_trial_is_null_and_the_person_stays(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", lost={"P1": (5.0, 6.0)}).root
    measure_study(root)
    one = {"participant_id": "P1", "signal": "AU12", "measure": "mean", "stimulus_emotion": "happiness"}
    assert read_values(root, **one) == [None, pytest.approx(2.0), pytest.approx(2.0)]


def test_a_recording_without_frames_has_rows_without_values_and_is_named(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    folder.frames_path("openface", "P2").unlink()
    summary = measure_study(folder.root)
    assert summary.not_coded == ("P2",)
    assert "1 recordings are not coded" in summary.warnings[-1]
    assert set(read_values(folder.root, participant_id="P2", measure="mean")) == {None}


def test_the_only_coder_with_frames_is_taken_and_a_named_one_must_be_there(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", study=STUDY.replace("coder: openface", "coder: landmarker")).root
    assert measure_study(root).coder == "openface"
    with pytest.raises(MissingError, match="no recording of this study has frames of the coder 'landmarker'"):
        measure_study(root, coder="landmarker")


def test_peaks_at_different_frame_rates_come_with_a_warning(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s", study=STUDY.replace("measure: mean", "measure: peak, name: mean"))
    path = folder.frames_path("openface", "P2")
    pl.read_parquet(path).filter(pl.col("frame") % 4 != 0).write_parquet(path)
    assert "a maximum grows with the frame rate" in measure_study(folder.root).warnings[0]


def test_ratings_before_the_clips_leave_no_baseline(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    events = pl.read_parquet(folder.table_path("events"))
    rated = events.with_columns(trial_type=pl.col("trial_type").replace({"blank": "rating"}))
    rated.write_parquet(folder.table_path("events"))
    with pytest.raises(RefusedError, match="no baseline in this task"):
        measure_study(folder.root)


def test_mistakes_are_named_and_leave_no_file(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", study=STUDY.replace("[AU12]", "[AU99]")).root
    with pytest.raises((InputError, StudyFileError), match="AU99"):
        measure_study(root)
    assert not (root / "measures.parquet").exists()


def test_a_measure_made_of_one_that_is_not_asked_for_is_an_error(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", study=STUDY.replace("- {measure: mean}", "- {measure: peak}")).root
    with pytest.raises((InputError, StudyFileError), match="mean"):
        measure_study(root)


def test_without_recordings_the_way_on_is_named(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    folder.table_path("recordings").unlink()
    with pytest.raises(MissingError, match="mimicrylab import recordings"):
        measure_study(folder.root)


def test_provenance_names_inputs_by_their_place_and_settings(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s").root
    measure_study(root)
    found = read_provenance(root / "measures.parquet")
    assert found is not None
    assert set(found.inputs) == {
        "events.parquet",
        "frames/openface/P1.parquet",
        "frames/openface/P2.parquet",
        "recordings.parquet",
        "stimuli.parquet",
    }
    assert found.arguments["congruence"] == {"happiness": ["AU12", "AU25"]}


def test_the_command_prints_counts_and_json(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", lost={"P1": (5.0, 6.0)}).root
    shown = CliRunner().invoke(app, ["measure", str(root)])
    assert shown.exit_code == 0
    assert "2 participants, 8 trials" in shown.output
    assert ".. % of the frames are valid, 80 % are asked for" in shown.output
    again = CliRunner().invoke(app, ["measure", str(root), "--json"])
    assert json.loads(again.stdout)["up_to_date"] is True

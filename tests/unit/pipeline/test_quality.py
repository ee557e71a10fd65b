"""Judging a study folder made by hand, overrides, and the command."""

import json
import math
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.pipeline.quality import Override, judge_study, read_overrides
from mimicrylab.schemas import EXCLUSIONS, FRAMES, QUALITY
from mimicrylab.tables import read_table, write_table
from unit.pipeline.small_study import MADE, write_small_study

SEEN = Override("P1", 3, "A. Observer", "another person answers")


def read_recording(root: Path, name: str) -> dict[str, object]:
    rows = read_table(root / "quality.parquet", QUALITY)
    return rows.filter((pl.col("recording_id") == name) & pl.col("trial").is_null()).row(0, named=True)


def read_exclusions(root: Path) -> list[tuple[str, str, str]]:
    rows = read_table(root / "exclusions.parquet", EXCLUSIONS)
    return rows.select("participant_id", "level", "reason").rows()


def test_a_good_study(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s").root
    summary = judge_study(root)
    assert summary.grades == {0: 2, 1: 0, 2: 0, 3: 0}
    assert (summary.trials, summary.trials_counting, summary.excluded_recordings) == (8, 8, 0)
    assert "mouth_covered" in summary.unjudged
    row = read_recording(root, "P1")
    assert (row["share_valid"], row["n_frames"], row["n_trials_counting"]) == (1.0, 160, 4)
    assert row["share_mouth_covered"] is None
    assert read_exclusions(root) == []


def test_lost_trials_are_counted_logged_and_lower_the_grade(tmp_path: Path) -> None:
    """P1 has no face from 5 to 11.5 s: trial 0 is lost whole, of trial 1 a quarter is left."""
    root = write_small_study(tmp_path / "s", lost={"P1": (5.0, 11.5)}).root
    summary = judge_study(root)
    assert summary.grades == {0: 1, 1: 0, 2: 1, 3: 0}
    row = read_recording(root, "P1")
    assert row["share_valid"] == pytest.approx(90 / 160)
    assert row["share_no_face"] == pytest.approx(70 / 160)
    assert row["longest_gap_s"] == pytest.approx(6.55)
    assert row["reasons"] == [
        "56.2 % of the frames are valid (good: from 95 %)",
        "2 of 4 trials count (good: from 90 %)",
    ]
    assert read_exclusions(root) == [
        ("P1", "trial", "0 % of the frames are valid, 80 % are asked for"),
        ("P1", "trial", "25 % of the frames are valid, 80 % are asked for"),
    ]


def test_an_unusable_recording_is_excluded_and_its_rows_stay(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", lost={"P1": (0.0, 30.0)}).root
    assert judge_study(root).excluded_recordings == 1
    levels = {level for person, level, _ in read_exclusions(root) if person == "P1"}
    assert levels == {"recording", "trial"}
    assert read_recording(root, "P1")["grade"] == 3


def test_a_recording_that_was_not_coded_is_not_usable(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    folder.frames_path("openface", "P2").unlink()
    assert judge_study(folder.root).grades[3] == 1
    assert read_recording(folder.root, "P2")["n_frames"] == 0


def test_talking_is_marked_counted_and_its_effect_told(tmp_path: Path) -> None:
    """P1's lips open and close four times a second from 15 to 17 s (trial 2, a happy one, so AU12 is 3)."""
    folder = write_small_study(tmp_path / "s")
    path = folder.frames_path("openface", "P1")
    swing = 1.5 * (1 + (pl.col("time") * 4 * 2 * math.pi).sin())
    inside = pl.col("time").is_between(15.0, 17.0)
    frames = read_table(path, FRAMES).with_columns(AU25_r=pl.when(inside).then(swing).otherwise(0.0).cast(pl.Float32))
    write_table(frames, path, FRAMES, MADE)
    summary = judge_study(folder.root)
    assert summary.talking_trials == 1
    assert summary.trials_counting == 8
    assert summary.talking_effects["AU12"] == pytest.approx(3.0 - (40 * 3.0 + 80 * 1.0) / 120, abs=0.01)
    row = read_recording(folder.root, "P1")
    assert row["reasons"] == ["talking or eating in 1 of 4 trials"]
    assert "talking or eating in 1 trials" in CliRunner().invoke(app, ["quality", str(folder.root)]).output


def test_an_override_stays_when_the_step_runs_again(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s").root
    judge_study(root)
    assert judge_study(root, overrides=(SEEN,)).excluded_recordings == 1
    for force in (False, True):
        summary = judge_study(root, force=force)
        assert (summary.overridden, summary.grades[3]) == (1, 1)
    row = read_recording(root, "P1")
    assert (row["grade"], row["override"], row["override_by"], row["override_reason"]) == (
        0,
        3,
        "A. Observer",
        "another person answers",
    )
    assert ("P1", "recording", "graded 3: another person answers") in read_exclusions(root)


def test_an_override_can_be_set_anew_and_is_logged(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s").root
    judge_study(root, overrides=(SEEN,))
    judge_study(root, overrides=(Override("P1", 0, "B. Observer", "it was the participant"),))
    assert read_exclusions(root) == []
    logged = [json.loads(line) for line in (root / "log" / "steps.jsonl").read_text().splitlines()]
    assert [entry["by"] for entry in logged if entry["step"] == "quality --override"] == ["A. Observer", "B. Observer"]


def test_overrides_without_name_reason_or_recording_are_errors(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s").root
    with pytest.raises(InputError, match="name of who sets it and a reason"):
        judge_study(root, overrides=(Override("P1", 3, "", "why"),))
    with pytest.raises(UnknownNameError, match="unknown recording 'P9'"):
        judge_study(root, overrides=(Override("P9", 3, "A", "why"),))
    assert not (root / "quality.parquet").exists()


@pytest.mark.parametrize("text", ["P1", "P1=4", "=3", "P1=good"])
def test_a_text_that_is_no_override_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="no override"):
        read_overrides([text], by="A", reason="why")


def test_a_name_without_an_override_is_an_error() -> None:
    with pytest.raises(InputError, match="belong to an override"):
        read_overrides([], by="A", reason="")


def test_what_is_up_to_date_is_not_judged_again_and_bytes_are_the_same(tmp_path: Path) -> None:
    roots = [write_small_study(tmp_path / name).root for name in ("a", "b")]
    for root in roots:
        assert not judge_study(root).up_to_date
        assert judge_study(root).up_to_date
    for name in ("quality.parquet", "exclusions.parquet"):
        assert (roots[0] / name).read_bytes() == (roots[1] / name).read_bytes()


def test_a_study_without_events_is_judged_by_whole_recordings(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s", lost={"P1": (0.0, 3.0)})
    folder.table_path("events").unlink()
    summary = judge_study(folder.root)
    assert summary.trials == 0
    assert read_recording(folder.root, "P1")["share_valid"] == pytest.approx(0.9)


def test_the_command(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", lost={"P1": (5.0, 7.0)}).root
    shown = CliRunner().invoke(app, ["quality", str(root)])
    assert shown.exit_code == 0
    assert "grade 0 (good): 1" in shown.output
    assert "7 of 8 trials count" in shown.output
    as_json = CliRunner().invoke(
        app, ["quality", str(root), "--override", "P1=0", "--by", "A", "--reason", "b", "--json"]
    )
    assert json.loads(as_json.stdout)["overridden"] == 1


def test_contact_sheets_without_a_video_show_traces_and_stay_in_the_folder(tmp_path: Path) -> None:
    root = write_small_study(tmp_path / "s", lost={"P2": (5.0, 7.0)}).root
    shown = CliRunner().invoke(app, ["quality", str(root), "--pictures"])
    assert shown.exit_code == 0
    assert sorted(path.name for path in (root / "quality").iterdir()) == ["P1.html", "P2.html", "index.html"]
    page = (root / "quality" / "P2.html").read_text(encoding="utf-8")
    assert "They stay in this folder" in page
    assert "1. happiness (trial 0 in the tables)" in page
    assert "0 % of the frames are valid" in page
    assert page.count("<svg") == 4 * 2
    assert "http" not in page

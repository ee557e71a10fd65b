"""Coding a study's recordings: where the frames go, and what its table of recordings learns."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from mimicrylab.coding.engine import Shard
from mimicrylab.errors import MissingError, UnknownNameError
from mimicrylab.pipeline.code import code_files, code_study, count_processors
from mimicrylab.pipeline.new import create_study
from mimicrylab.schemas import FRAMES, RECORDINGS
from mimicrylab.study import open_study
from mimicrylab.tables import Provenance, conform_table, hash_file, read_table, write_table
from unit.coding.conftest import grey_coder  # noqa: F401 - a fixture
from unit.coding.small_videos import cut_file, write_video

pytestmark = pytest.mark.usefixtures("grey_coder")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with a whole video, a broken-off one, one that is not the imported file, and one without a file."""
    root = tmp_path / "study"
    create_study(root, template="minimal")
    write_video(root / "recordings" / "P01.mp4", frames=20)
    cut_file(write_video(root / "recordings" / "P02.mkv", frames=50), share=0.5)
    write_video(root / "recordings" / "P03.mp4", frames=5)
    rows = [
        {"recording_id": name, "participant_id": name, "path": path, "sha256": sha256}
        for name, path, sha256 in (
            ("P01", "recordings/P01.mp4", hash_file(root / "recordings" / "P01.mp4")),
            ("P02", "recordings/P02.mkv", None),
            ("P03", "recordings/P03.mp4", "0" * 64),
            ("P04", None, None),
        )
    ]
    table = pl.DataFrame(rows).with_columns(session_id=pl.col("participant_id"), segment=0)
    table = conform_table(table, RECORDINGS, where="test")
    write_table(table, root / "recordings.parquet", RECORDINGS, Provenance("import"))
    return root


def test_frames_lie_under_the_coder_and_the_recordings_table_learns(study: Path) -> None:
    summary = code_study(study, coder="grey", processes=1)
    states = {receipt.recording_id: receipt.state for receipt in summary.receipts}
    assert states == {"P01": "coded", "P02": "coded", "P03": "failed"}
    assert summary.unkept == ("P04",)
    assert [receipt.recording_id for receipt in summary.incomplete] == ["P02"]
    assert read_table(open_study(study).frames_path("grey", "P01"), FRAMES).height == 20
    rows = {row["recording_id"]: row for row in read_table(study / "recordings.parquet", RECORDINGS).to_dicts()}
    whole = rows["P01"]
    assert (whole["n_frames"], whole["width"], whole["height"], whole["complete"]) == (20, 64, 48, True)
    assert whole["duration_s"] == pytest.approx(0.8)
    assert whole["mean_fps"] == pytest.approx(25)
    broken = rows["P02"]
    assert broken["complete"] is False
    assert broken["reason"].startswith("from second ")
    assert 0 < broken["n_frames"] < 50
    for name in ("P03", "P04"):
        assert rows[name]["n_frames"] is None
        assert rows[name]["complete"] is None


def test_the_log_counts_and_a_rerun_changes_nothing(study: Path) -> None:
    code_study(study, coder="grey", processes=1)
    (study / "recordings" / "P03.mp4").unlink()
    code_study(study, coder="grey", processes=1)
    table, log = (study / "recordings.parquet").read_bytes(), (study / "log" / "steps.jsonl").read_text()
    entries = [entry for entry in map(json.loads, log.splitlines()) if entry["step"] == "code"]
    assert [(entry["coded"], entry["up to date"], entry["failed"]) for entry in entries] == [(2, 0, 1), (0, 2, 1)]
    assert entries[0]["incomplete"] == 1
    again = code_study(study, coder="grey", processes=1)
    assert {receipt.state for receipt in again.receipts} == {"up to date", "failed"}
    assert (study / "recordings.parquet").read_bytes() == table


def test_what_an_import_knew_to_be_missing_stays_missing(study: Path) -> None:
    path = study / "recordings.parquet"
    known = read_table(path, RECORDINGS).with_columns(
        complete=pl.when(pl.col("recording_id") == "P01").then(pl.lit(False)),
        reason=pl.when(pl.col("recording_id") == "P01").then(pl.lit("3 s never arrived")),
    )
    write_table(known, path, RECORDINGS, Provenance("import"))
    code_study(study, coder="grey", processes=1)
    row = read_table(path, RECORDINGS).row(0, named=True)
    assert (row["complete"], row["reason"], row["n_frames"]) == (False, "3 s never arrived", 20)


def test_parts_leave_the_table_to_a_later_run(study: Path) -> None:
    before = (study / "recordings.parquet").read_bytes()
    done = [code_study(study, coder="grey", processes=1, shard=Shard(index, 2)) for index in (1, 2)]
    assert sum(len(part.receipts) for part in done) == 3
    assert (study / "recordings.parquet").read_bytes() == before
    code_study(study, coder="grey", processes=1)
    assert read_table(study / "recordings.parquet", RECORDINGS)["n_frames"].drop_nulls().len() == 2


def test_options_are_the_studys_where_the_coder_has_them_and_the_callers_before_them(study: Path) -> None:
    summary = code_study(study, coder="grey", options={"version": "7"}, processes=1)
    assert len(summary.select("coded")) == 2
    with pytest.raises(UnknownNameError, match="option of the coder 'grey': 'blendshapes'"):
        code_study(study, coder="grey", options={"blendshapes": False}, processes=1)


def test_a_study_without_recordings_says_what_to_do(tmp_path: Path) -> None:
    create_study(tmp_path / "new", template="minimal")
    with pytest.raises(MissingError, match="import recordings"):
        code_study(tmp_path / "new", coder="grey")


def test_results_inside_the_folder_of_videos_are_not_called_unknown_files(tmp_path: Path) -> None:
    write_video(tmp_path / "videos" / "a.mp4")
    out = tmp_path / "videos" / "frames"
    for _ in range(2):
        assert code_files([tmp_path / "videos"], out, coder="grey").passed_over == ()


def test_processors_are_counted() -> None:
    assert count_processors() >= 1


def test_imported_frames_of_the_coder_stay_unless_forced(study: Path) -> None:
    code_study(study, coder="grey", processes=1)
    path = open_study(study).frames_path("grey", "P01")
    imported = read_table(path, FRAMES).with_columns(grey=pl.lit(1.0, pl.Float32))
    write_table(imported, path, FRAMES, Provenance("import frames"))
    summary = code_study(study, coder="grey", processes=1)
    assert summary.imported == ("P01",)
    assert [receipt.recording_id for receipt in summary.receipts] == ["P02", "P03"]
    assert read_table(path, FRAMES)["grey"].to_list() == [1.0] * 20
    assert code_study(study, coder="grey", processes=1, force=True).imported == ()
    assert read_table(path, FRAMES)["grey"][0] != 1.0

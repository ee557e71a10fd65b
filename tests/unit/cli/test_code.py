"""The commands ``code`` and ``coders`` on real faces: the console command, its output and its exit codes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from mimicrylab.assets import fetch_asset
from mimicrylab.cli.main import app
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import read_table

SMILE = "single_face.mp4"  # 72 frames; rest, then a smile
COMMAND = [sys.executable, "-m", "mimicrylab.cli.main"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A batch of a good video, an empty one and one that is no video, coded by the real command."""
    folder = tmp_path_factory.mktemp("coded")
    (folder / "videos").mkdir()
    shutil.copy(fetch_asset(SMILE), folder / "videos" / "smile.mp4")
    (folder / "videos" / "empty.mp4").touch()
    (folder / "videos" / "letter.mp4").write_text("dear reader")
    (folder / "videos" / "notes.txt").write_text("x")
    return folder, run("code", folder / "videos", "--out", folder / "out", "--jobs", 1)


def test_a_batch_codes_what_it_can_and_tells_the_rest(coded: tuple[Path, Result]) -> None:
    folder, result = coded
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == f"coded with landmarker: 1 recording (72 frames, a face in 72), in {folder / 'out'}"
    assert f"not taken for videos: {folder / 'videos' / 'notes.txt'}" in lines
    assert "failed: empty: the file is empty" in lines
    assert any(line.startswith("failed: letter: this cannot be read as a video; found text") for line in lines)
    assert [file.name for file in (folder / "out").iterdir()] == ["smile.parquet"]


def test_frames_of_a_real_smile_show_it(coded: tuple[Path, Result]) -> None:
    frames = read_table(coded[0] / "out" / "smile.parquet", FRAMES)
    assert frames.height == 72
    rest, smile = frames.head(14), frames.tail(12)
    for unit in ("AU12", "AU12L", "AU12R"):
        assert smile[unit].mean() - rest[unit].mean() > 0.1, unit
        assert rest[unit].std() < 0.02, unit
    assert np.corrcoef(frames["AU12L"], frames["bs_mouthSmileLeft"])[0, 1] > 0.95
    assert np.corrcoef(frames["AU12R"], frames["bs_mouthSmileRight"])[0, 1] > 0.95
    assert np.corrcoef(frames["AU45"], frames["bs_eyeBlinkLeft"])[0, 1] > 0.9
    assert np.corrcoef(frames["AU25"], frames["bs_jawOpen"])[0, 1] > 0.85
    assert frames["AU06"].null_count() == frames["AU09"].null_count() == 72
    assert frames["AU26"].null_count() == 0


def test_a_rerun_says_that_all_is_up_to_date(coded: tuple[Path, Result]) -> None:
    folder, _ = coded
    before = (folder / "out" / "smile.parquet").stat().st_mtime_ns
    result = run("code", folder / "videos" / "smile.mp4", "--out", folder / "out")
    assert result.exit_code == 0
    assert result.output.splitlines() == ["coded with landmarker: nothing", "up to date: 1 recording"]
    assert (folder / "out" / "smile.parquet").stat().st_mtime_ns == before


def test_json_tells_each_recording_and_no_frames(coded: tuple[Path, Result]) -> None:
    folder, _ = coded
    result = run("code", folder / "videos", "--out", folder / "out", "--json")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    receipts = {receipt["recording_id"]: receipt for receipt in summary["receipts"]}
    assert receipts["smile"]["state"] == "up to date"
    assert (receipts["smile"]["n_frames"], receipts["smile"]["complete"]) == (72, True)
    assert receipts["empty"]["state"] == receipts["letter"]["state"] == "failed"


def test_without_blendshapes_their_columns_go_and_their_units_are_null(coded: tuple[Path, Result]) -> None:
    folder, _ = coded
    result = run("code", folder / "videos" / "smile.mp4", "--out", folder / "plain", "--no-blendshapes")
    assert result.exit_code == 0
    plain = read_table(folder / "plain" / "smile.parquet", FRAMES)
    whole = read_table(folder / "out" / "smile.parquet", FRAMES)
    assert not [name for name in plain.columns if name.startswith("bs_")]
    assert plain["AU26"].null_count() == plain.height
    assert plain["AU12"].equals(whole["AU12"])


def test_parts_together_are_the_whole(coded: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = coded
    for name in ("p", "q", "r"):
        (tmp_path / "videos").mkdir(exist_ok=True)
        shutil.copy(folder / "videos" / "empty.mp4", tmp_path / "videos" / f"{name}.mp4")
    reports = [run("code", tmp_path / "videos", "--out", tmp_path / "out", "--shard", f"{i}/2") for i in (1, 2)]
    failed = [line for report in reports for line in report.output.splitlines() if line.startswith("failed")]
    assert sorted(failed) == [f"failed: {name}: the file is empty" for name in ("p", "q", "r")]
    assert "in other parts: " in reports[0].output + reports[1].output


def test_killed_in_the_middle_it_leaves_no_half_file_and_goes_on_from_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    video = tmp_path / "long.mp4"
    shutil.copy(fetch_asset("WolfgangLanger_Pexels.mp4"), video)  # 472 frames: seconds of work
    process = subprocess.Popen([*COMMAND, "code", str(video), "--out", str(out)], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not list(out.glob(".*.partial")):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "long.parquet").exists()
    result = run("code", video, "--out", out)
    assert result.exit_code == 0, result.output
    assert "1 recording (472 frames, a face in 472)" in result.output
    assert [file.name for file in out.iterdir()] == ["long.parquet"]


@pytest.mark.parametrize("arguments", [["code"], ["code", "x.mp4"], ["code", "x.mp4", "--out", "o", "--study", "s"]])
def test_a_command_line_that_makes_no_sense_ends_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_coders_lists_every_signal_with_standing_and_unit() -> None:
    result = run("coders")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith("landmarker: ")
    assert "  can run here" in lines
    smile = next(line.split() for line in lines if line.split()[:1] == ["AU12L"])
    assert smile[1] == "measured"
    assert any(line.split()[:3] == ["AU06", "not", "measured"] for line in lines)
    assert any("licence: BSD-3-Clause" in line for line in lines)
    assert "[share of the distance between the outer eye corners]" in result.output


def test_coders_as_json_is_what_a_script_needs() -> None:
    (state,) = [each for each in json.loads(run("coders", "--json").stdout) if each["name"] == "landmarker"]
    assert state["obstacle"] is None
    signals = {signal["name"]: signal for signal in state["description"]["signals"]}
    assert signals["AU12L"]["standing"] == "measured"
    assert signals["bs_jawOpen"]["maximum"] == 1.0


def test_an_unknown_coder_is_an_error() -> None:
    with pytest.raises(LookupError, match="did you mean 'landmarker'"):
        CliRunner().invoke(app, ["coders", "landmaker"], catch_exceptions=False)


def test_signals_keep_small_and_negative_values(coded: tuple[Path, Result]) -> None:
    frames = pl.read_parquet(coded[0] / "out" / "smile.parquet")
    assert float(frames["AU25"].min()) < 0  # the lips of this face at rest are closer than the reference head's

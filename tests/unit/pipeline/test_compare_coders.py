"""The verb ``coders compare``: OpenFace beside human codes, muscles and another coder, with known lag and bias."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from made_coders import VIDEO_LATE_S, write_human_codes, write_muscles, write_openface
from mimicrylab.cli.main import app
from mimicrylab.errors import InputError, MissingError, UnknownNameError
from mimicrylab.pipeline.compare_coders import Compared, compare_coders
from mimicrylab.readers.openface import OpenFaceReader
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import Provenance, write_table
from unit.coding.conftest import grey_coder  # noqa: F401 - a fixture
from unit.coding.small_videos import write_video
from unit.pipeline.small_study import write_small_study

EMG = {"rectified": True, "unit": "uV", "time_unit": "s"}
PEOPLE = ("P01", "P02", "P03")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exports")
    for place, name in enumerate(PEOPLE):
        write_openface(root / "openface" / f"{name}.csv", seed=place)
        write_human_codes(root / "facs" / f"{name}.csv")
        write_muscles(root / "emg" / f"{name}.csv", seed=place + 9)
    return root


def find(pairs: tuple[dict, ...], reference: str, unit: str) -> dict:
    return next(row for row in pairs if (row["reference"], row["action_unit"]) == (reference, unit))


def test_human_codes_and_muscles_are_the_references_and_their_numbers_come_back(exports: Path, tmp_path: Path) -> None:
    files = {name: exports / name for name in ("openface", "emg", "facs")}
    found = compare_coders(Compared(files=files, options={"emg": EMG}), tmp_path)
    assert [row["coder"] for row in found.coders] == ["facs", "emg", "openface"]
    codes = find(found.pairs, "facs", "AU12")
    assert codes["n_recordings"] == 3
    assert codes["f1"] > 0.97
    assert codes["auc"] > 0.99
    assert codes["kappa"] > 0.97
    assert codes["correlation"] is None
    muscle = find(found.pairs, "emg", "AU04")
    assert muscle["lag_s"] == pytest.approx(VIDEO_LATE_S, abs=0.02)
    assert muscle["correlation"] < muscle["correlation_at_lag"]
    assert muscle["correlation_at_lag"] > 0.97
    assert (muscle["bias"], muscle["unit"]) == (None, None)
    page = found.page.read_text()
    assert "openface beside emg" in page
    assert "://" not in page.replace("http://www.w3.org", "")
    rows = pl.read_csv(tmp_path / "tables" / "recordings.csv")
    assert rows.height == 2 * 2 * 3
    assert any("AU12 r .8" in line and "lag +0.20 s" in line for line in found.lines)


def test_a_study_compares_its_coders_in_their_shared_unit(exports: Path, tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "study")
    for place, name in enumerate(("P1", "P2")):
        for coder, bias in (("openface", 0.0), ("other", 0.3)):
            made = write_openface(tmp_path / f"{coder}.csv", seed=place, bias=bias)
            frames = OpenFaceReader().read(made).tables["frames"].with_columns(recording_id=pl.lit(name))
            path = folder.frames_path(coder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_table(frames, path, FRAMES, Provenance("test"))
    found = compare_coders(Compared(study=folder.root), tmp_path / "out", reference="openface")
    smile = find(found.pairs, "openface", "AU12")
    assert smile["coder"] == "other"
    assert smile["correlation"] > 0.99
    assert smile["lag_s"] == pytest.approx(0, abs=0.01)
    assert smile["bias"] is None  # the other program declares no unit
    files = {"openface": exports / "openface" / "P01.csv"}
    with pytest.raises(InputError, match="'openface' comes twice"):
        compare_coders(Compared(study=folder.root, files=files), tmp_path / "out")
    with pytest.raises(MissingError, match="no frames of the coder 'pyfeat'"):
        compare_coders(Compared(study=folder.root, coders=("openface", "pyfeat")), tmp_path / "out")


@pytest.mark.usefixtures("grey_coder")
def test_videos_are_coded_and_timed_and_their_times_are_taken(tmp_path: Path) -> None:
    write_video(tmp_path / "videos" / "P01.mp4", frames=40)
    write_openface(tmp_path / "openface" / "P01.csv")
    video = (tmp_path / "videos",)
    with pytest.raises(InputError, match="takes two coders"):
        compare_coders(Compared(videos=video, coders=("grey",)), tmp_path / "out", processes=1)
    files = {"openface": tmp_path / "openface"}
    found = compare_coders(Compared(videos=video, coders=("grey",), files=files), tmp_path / "again", processes=1)
    grey = next(row for row in found.coders if row["coder"] == "grey")
    assert grey["frames"] == 40
    assert grey["frames_per_s"] > 0
    assert found.pairs == ()
    assert "no action unit in the same recordings" in found.page.read_text()


def test_what_cannot_be_compared_is_said(exports: Path, tmp_path: Path) -> None:
    other = write_openface(tmp_path / "other" / "P09.csv")
    files = {"openface": exports / "openface", "facs": other.parent}
    with pytest.raises(InputError):
        compare_coders(Compared(files=files), tmp_path / "out")
    codes = write_human_codes(tmp_path / "codes" / "P09.csv")
    with pytest.raises(InputError, match="no recording was coded by two"):
        compare_coders(Compared(files={"openface": exports / "openface", "facs": codes}), tmp_path / "out")
    both = {"openface": exports / "openface", "facs": exports / "facs"}
    with pytest.raises(UnknownNameError):
        compare_coders(Compared(files=both), tmp_path / "out", reference="emg")
    with pytest.raises(UnknownNameError):
        compare_coders(Compared(files=both, options={"emg": EMG}), tmp_path / "out")


def test_the_command_and_the_list_behind_it(exports: Path, tmp_path: Path) -> None:
    files = [word for name in ("openface", "facs") for word in ("--frames", f"{name}={exports / name}")]
    runner = CliRunner()
    result = runner.invoke(app, ["coders", "compare", *files, "--out", str(tmp_path / "out"), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert {row["action_unit"] for row in found["pairs"]} == {"AU04", "AU12"}
    again = runner.invoke(app, ["coders", "compare", *files, "--out", str(tmp_path / "again")])
    assert (tmp_path / "again" / "comparison.html").read_bytes() == (tmp_path / "out" / "comparison.html").read_bytes()
    assert "openface beside facs" in again.output
    for words in (["coders"], ["coders", "landmarker"], ["coders", "list", "landmarker"]):
        assert runner.invoke(app, words).output.startswith("landmarker:")

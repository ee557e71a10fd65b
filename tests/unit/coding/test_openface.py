"""The coder ``openface``, with a stand-in for the program that the user installs (stand_in_openface.py)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from made_openface import COHORT_HEADER, format_rows, make_row
from made_videos import make_video
from mimicrylab.coding.coder import load_coder
from mimicrylab.coding.licences import accept_terms, is_accepted
from mimicrylab.coding.openface import TERMS, OpenFace
from mimicrylab.coding.video import VideoBreak
from mimicrylab.errors import DamagedFileError, InputError, RefusedError
from mimicrylab.measures.signals import read_coder_signals
from mimicrylab.pipeline.code import code_files
from mimicrylab.pipeline.coder_terms import accept_coder_terms
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import read_provenance, read_table
from unit.coding.stand_in_openface import install_stand_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a shebang")

TIMES_MS = (0, 40, 80, 150, 190, 230, 300, 340, 380, 420)
"""A varying frame rate: OpenFace's own timestamps would be wrong."""
LOST = (4, 5)


def write_recorded(*, frames: int = len(TIMES_MS)) -> str:
    """Return a table as OpenFace writes it: AU12 rises a step a frame; frames 4 and 5 (0-based) have no face."""
    rows = []
    for number in range(frames):
        face = {"success": 0, "confidence": "0.02"} if number in LOST else {}
        values = {"AU12_r": "0.00" if face else f"{number * 0.25:.2f}", "AU12_c": "0.00" if face else "1.00"}
        rows.append(make_row(number + 1, **values, **face))
    return format_rows(rows, header=COHORT_HEADER)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return make_video(tmp_path / "P01.mp4", times_ms=TIMES_MS)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in on PATH, its terms agreed to."""
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MIMICRYLAB_OPENFACE", raising=False)
    program = install_stand_in(tmp_path / "OpenFace 2", recorded=write_recorded())
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    accept_terms(TERMS)
    return program


def test_frames_have_the_videos_times_null_without_a_face_and_both_kinds_of_units(program: Path, video: Path) -> None:
    (frames,) = list(OpenFace().code(video))
    assert frames["time"].to_list() == pytest.approx([ms / 1000 for ms in TIMES_MS])
    assert frames["frame"].to_list() == list(range(len(TIMES_MS)))
    lost = [number in LOST for number in range(len(TIMES_MS))]
    assert frames["success"].not_().to_list() == lost
    expected = [None if gone else number * 0.25 for number, gone in enumerate(lost)]
    assert frames["AU12_r"].to_list() == expected
    assert frames["AU12_c"].to_list() == [None if gone else 1.0 for gone in lost]
    assert frames["AU28_c"].null_count() == len(LOST)
    assert (program.parent / "arguments.txt").read_text().splitlines()[:2] == ["-f", str(video.resolve())]


@pytest.mark.usefixtures("program")
def test_presences_beside_a_lost_frame_are_masked_where_asked(video: Path) -> None:
    (frames,) = list(OpenFace(masked_neighbours=2).code(video))
    assert [place for place, value in enumerate(frames["AU12_c"]) if value is None] == [2, 3, 4, 5, 6, 7]
    assert frames["AU12_r"].null_count() == len(LOST)
    with pytest.raises(InputError, match="number of frames"):
        OpenFace(masked_neighbours=-1)


def test_a_batch_is_coded_and_names_the_program_by_hash(program: Path, video: Path, tmp_path: Path) -> None:
    out = tmp_path / "coded"
    (receipt,) = code_files([video], out, coder="openface", processes=1).receipts
    assert (receipt.state, receipt.n_frames, receipt.n_faces, receipt.complete) == ("coded", 10, 8, True)
    stored = read_table(out / "P01.parquet", FRAMES)
    signals = [signal.name for signal in OpenFace().description.signals]
    assert [name for name in stored.columns if name in signals] == signals
    made = read_provenance(out / "P01.parquet")
    assert made is not None
    assert made.notes["model_sha256"] == OpenFace().description.model_sha256
    assert (code_files([video], out, coder="openface", processes=1).receipts)[0].state == "up to date"
    program.write_text(program.read_text() + "# another version\n")
    assert (code_files([video], out, coder="openface", processes=1).receipts)[0].state == "coded"


def test_what_openface_leaves_out_at_the_end_is_said_after_the_frames(program: Path, video: Path) -> None:
    (program.parent / "recorded.csv").write_text(write_recorded(frames=7))
    pieces = OpenFace().code(video)
    assert next(pieces).height == 7
    with pytest.raises(VideoBreak, match="OpenFace coded 7 of 10 frames") as stopped:
        next(pieces)
    assert stopped.value.second == pytest.approx(0.34)


def test_other_frames_than_the_videos_are_refused(program: Path, video: Path) -> None:
    (program.parent / "recorded.csv").write_text(write_recorded(frames=14))
    with pytest.raises(InputError, match="other frames than the video has"):
        list(OpenFace().code(video))


def test_openfaces_own_failure_is_told_in_its_words(program: Path, video: Path) -> None:
    (program.parent / "exit.txt").write_text("1")
    with pytest.raises(DamagedFileError, match="exit code 1: Could not open the input file"):
        list(OpenFace().code(video))


def test_terms_are_shown_before_the_first_use_and_asked_once(
    program: Path, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path / "other computer"))
    with pytest.raises(RefusedError, match=r"--accept-licence(?s:.)*academic and non-commercial"):
        code_files([video], tmp_path / "coded", coder="openface", processes=1)
    assert not (tmp_path / "coded").exists()
    (program.parent / "Copyright.txt").write_text("OpenFace's own terms")
    assert "Copyright.txt" in (OpenFace().find_obstacle() or "").splitlines()[-1]
    shown = accept_coder_terms("openface")
    assert TERMS.text in shown.text
    assert shown.remembered is not None
    assert is_accepted(TERMS)
    assert code_files([video], tmp_path / "coded", coder="openface", processes=1).select("coded")
    assert accept_coder_terms("landmarker").remembered is None


def test_without_openface_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MIMICRYLAB_OPENFACE", raising=False)
    obstacle = load_coder("openface").find_obstacle()
    assert obstacle is not None
    assert "mimicrylab import openface" in obstacle


def test_the_setting_names_the_program_or_its_folder(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert OpenFace().find_obstacle() is not None
    for place in (program, program.parent):
        monkeypatch.setenv("MIMICRYLAB_OPENFACE", str(place))
        assert OpenFace().find_obstacle() is None


def test_the_coder_and_the_reader_declare_the_same_columns() -> None:
    declared = read_coder_signals("openface", []).declared
    own = {signal.name: signal for signal in OpenFace().description.signals}
    assert {name: (s.unit, s.standing, s.action_unit) for name, s in declared.items()} == {
        name: (s.unit, s.standing, s.action_unit) for name, s in own.items()
    }

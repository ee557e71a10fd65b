"""py-feat: files with known content, and real ones."""

from pathlib import Path

import polars as pl
import pytest

from made_exports import PYFEAT_HEADER, format_pyfeat, make_pyfeat_row, write_text
from mimicrylab.assets import fetch_asset
from mimicrylab.errors import InputError
from mimicrylab.readers.pyfeat import PyfeatReader
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table


def read(path: Path, **options: float) -> tuple[pl.DataFrame, Imported]:
    imported = PyfeatReader(**options).read(path)
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def test_whole_seconds_tell_the_rate_as_far_as_they_can(tmp_path: Path) -> None:
    rows = [make_pyfeat_row(k) for k in range(250)]
    frames, imported = read(write_text(tmp_path / "P01.csv", format_pyfeat(rows)))
    assert imported.time_error_s is not None
    truth = frames["frame"] / 25.0
    assert float((frames["time"] - truth).abs().max()) <= imported.time_error_s < 0.05  # type: ignore[arg-type]
    assert any("whole seconds" in note for note in imported.notes)


def test_a_stated_rate_goes_before(tmp_path: Path) -> None:
    rows = [make_pyfeat_row(k) for k in range(50)]
    frames, imported = read(write_text(tmp_path / "P01.csv", format_pyfeat(rows)), frames_per_second=25.0)
    assert frames["time"].to_list() == pytest.approx([k / 25 for k in range(50)])
    assert imported.time_error_s is None


def test_without_times_the_rate_must_be_stated(tmp_path: Path) -> None:
    header = [name for name in PYFEAT_HEADER if name != "approx_time"]
    path = write_text(tmp_path / "P01.csv", format_pyfeat([make_pyfeat_row(k) for k in range(3)], header))
    with pytest.raises(InputError, match="when its frames were taken"):
        read(path)


def test_no_face_is_null_and_a_missing_frame_is_no_face(tmp_path: Path) -> None:
    rows = [make_pyfeat_row(0), make_pyfeat_row(1, face=False), make_pyfeat_row(3, AU12="0.75")]
    frames, imported = read(write_text(tmp_path / "P01.csv", format_pyfeat(rows)), frames_per_second=25.0)
    assert frames["success"].to_list() == [True, False, False, True]
    assert frames["AU12"].to_list() == [0.25, None, None, 0.75]
    assert frames.row(0, named=True)["confidence"] == pytest.approx(0.99)
    assert imported.counts["frames filled in"] == 1
    assert frames.select("pitch", "yaw", "roll").row(0) == (10.0, -4.0, 2.0)


def test_two_faces_are_told_apart_by_identity(tmp_path: Path) -> None:
    header = [*PYFEAT_HEADER, "Identity"]
    rows = [
        *(make_pyfeat_row(0, Identity=name, AU12=value) for name, value in (("Person_0", "0.1"), ("Person_1", "0.9"))),
        *(make_pyfeat_row(1, Identity=name, AU12=value) for name, value in (("Person_1", "0.8"), ("Person_0", "0.2"))),
    ]
    frames, _ = read(write_text(tmp_path / "P01.csv", format_pyfeat(rows, header)), frames_per_second=25.0)
    assert frames.filter(face=0)["AU12"].to_list() == pytest.approx([0.1, 0.2])
    assert frames.filter(face=1)["AU12"].to_list() == pytest.approx([0.9, 0.8])
    assert frames["faces_found"].to_list() == [2] * 4


def test_version_2_writes_radians_and_blendshapes(tmp_path: Path) -> None:
    header = [*PYFEAT_HEADER, "gaze_pitch", "gaze_yaw", "gaze_angle", "mouthSmileLeft", "_neutral", "FrameHeight", "Y"]
    more = {"gaze_pitch": 0.1, "gaze_yaw": 0.2, "mouthSmileLeft": 0.5, "_neutral": 0.01, "FrameHeight": 720, "Y": 3}
    rows = [make_pyfeat_row(k, **{**more, "Pitch": "-0.1", "Yaw": "0.2", "Roll": "0.05"}) for k in range(3)]
    frames, imported = read(write_text(tmp_path / "P01.csv", format_pyfeat(rows, header)), frames_per_second=25.0)
    first = frames.row(0, named=True)
    assert (first["pitch"], first["yaw"], first["roll"]) == pytest.approx((5.72958, -11.45916, -2.86479))
    assert "gaze_yaw" not in frames.columns
    assert first["bs_mouthSmileLeft"] == 0.5
    assert not any("not understood" in note for note in imported.notes)


@pytest.mark.parametrize(("name", "n_frames"), [("pyfeat_001.csv", 40), ("pyfeat_002.csv", 28)])
def test_real_videos(name: str, n_frames: int) -> None:
    frames, imported = read(fetch_asset(name), frames_per_second=30.0)
    assert imported.counts["frames with a face"] == frames.height == n_frames
    assert frames["AU12"].is_between(0, 1).all()
    assert not any("not understood" in note for note in imported.notes)


def test_a_real_still_needs_no_times() -> None:
    frames, _ = read(fetch_asset("pyfeat_still.csv"))
    assert frames["time"].to_list() == [0.0]
    assert frames["happiness"].item() == pytest.approx(0.98699605)

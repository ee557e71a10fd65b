"""iMotions with Emotient FACET: files with known content, and two real ones."""

from pathlib import Path

import polars as pl
import pytest

from made_exports import format_facet, make_facet_row, write_text
from mimicrylab.assets import fetch_asset
from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.readers.facet import FacetReader
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table


def read(path: Path) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, int], tuple[str, ...]]:
    imported = FacetReader().read(path)
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported.tables["events"], dict(imported.counts), imported.notes


def make_rows() -> list[dict[str, object]]:
    """Five frames: a smile grows in four of them; the third has no face; the eye tracker repeats values between."""
    rows = [make_facet_row(k, **{"AU12 Evidence": str(k), "Joy Evidence": str(-k)}) for k in range(5)]
    rows[2] = make_facet_row(2, face=False)
    stale = make_facet_row(1, EventSource="ET", Timestamp=50, **{"AU12 Evidence": "1"})
    rows[3]["StimulusName"] = rows[4]["StimulusName"] = "frown.mp4"
    return [*rows[:2], stale, *rows[2:]]


def test_evidence_keeps_its_unit_and_joy_is_happiness(tmp_path: Path) -> None:
    frames, _, counts, notes = read(write_text(tmp_path / "P01.txt", format_facet(make_rows())))
    assert frames["time"].to_list() == pytest.approx([0.007, 0.047, 0.087, 0.127, 0.167])
    assert frames["success"].to_list() == [True, True, False, True, True]
    assert frames["AU12_evidence"].to_list() == [0, 1, None, 3, 4]
    assert frames["happiness_evidence"].to_list() == [0, -1, None, -3, -4]
    assert frames["faces_found"].to_list() == [1, 1, None, 1, 1]
    assert counts["stale rows"] == 1
    assert "1 row of other sensors dropped: the face's values there are stale" in notes
    assert not any("not understood" in note for note in notes)


def test_angles_have_our_directions(tmp_path: Path) -> None:
    frames, *_ = read(write_text(tmp_path / "P01.txt", format_facet(make_rows())))
    assert frames.select("yaw", "pitch", "roll").row(0) == (5.0, 2.0, 3.0)
    assert frames.select("yaw", "pitch", "roll").row(2) == (None, None, None)


def test_what_was_shown_comes_from_the_export(tmp_path: Path) -> None:
    _, events, *_ = read(write_text(tmp_path / "P01.txt", format_facet(make_rows())))
    assert events["stimulus"].to_list() == ["smile.mp4", "frown.mp4"]
    assert events["onset"].to_list() == pytest.approx([0.007, 0.127])
    assert events["duration"].to_list() == pytest.approx([0.12, 0.04])


def test_nothing_about_the_person_is_kept(tmp_path: Path) -> None:
    frames, _, _, notes = read(write_text(tmp_path / "P01.txt", format_facet(make_rows())))
    assert not {"Name", "Age", "Gender", "HasGlasses Probability"} & set(frames.columns)
    assert "nobody" not in " ".join(notes)
    assert any("name, age and sex" in note for note in notes)


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    text = format_facet(make_rows()).replace("LiveMarker", "Zeal Evidence")
    assert "1 column not understood and left out: 'Zeal Evidence'" in read(write_text(tmp_path / "a.txt", text))[3]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    frames, *_ = read(write_text(tmp_path / "a.txt", format_facet(make_rows()), encoding=encoding))
    assert frames["AU12_evidence"].to_list() == [0, 1, None, 3, 4]


def test_a_decimal_comma_is_understood(tmp_path: Path) -> None:
    rows = [make_facet_row(k, **{"AU12 Evidence": "1,25"}) for k in range(3)]
    frames, *_ = read(write_text(tmp_path / "a.txt", format_facet(rows)))
    assert frames["AU12_evidence"].to_list() == [1.25] * 3


def test_two_rows_of_one_millisecond_are_one_frame(tmp_path: Path) -> None:
    rows = [make_facet_row(k) for k in range(4)]
    rows[2]["Timestamp"] = rows[1]["Timestamp"]
    _, _, counts, notes = read(write_text(tmp_path / "a.txt", format_facet(rows)))
    assert (counts["frames"], counts["rows of the same time"]) == (3, 1)
    assert any("of a millisecond that has another row" in note for note in notes)


def test_too_much_damage_is_refused(tmp_path: Path) -> None:
    text = format_facet([make_facet_row(k) for k in range(20)]).replace("-0.5", "-o.5")
    with pytest.raises(DamagedFileError, match="too many cells"):
        read(write_text(tmp_path / "a.txt", text))


def test_another_programs_file_is_not_recognised(tmp_path: Path) -> None:
    assert "Evidence" in FacetReader().recognise(write_text(tmp_path / "a.txt", format_facet(make_rows())))
    with pytest.raises(InputError, match="no line of the file is a header"):
        FacetReader().recognise(write_text(tmp_path / "b.csv", "frame,AU12_r\n1,2\n"))


def test_a_real_file_of_version_5() -> None:
    frames, events, counts, notes = read(fetch_asset("iMotions_Test_v5.txt"))
    assert (counts["frames"], counts["frames with a face"], counts["stale rows"]) == (264, 230, 232)
    assert events["stimulus"].to_list() == ["Emotient_Baseline", "screen_data"]
    assert events["onset"].to_list() == pytest.approx([0.007, 5.998])
    first = frames.row(0, named=True)
    assert (first["time"], first["success"]) == (pytest.approx(0.036), True)
    assert first["AU12_evidence"] == pytest.approx(-3.096375)
    assert frames.filter(~pl.col("success"))["AU12_evidence"].null_count() == 34
    assert not any("not understood" in note for note in notes)


def test_a_real_file_of_version_6() -> None:
    frames, events, counts, notes = read(fetch_asset("iMotions_Test_v6.txt"))
    assert (counts["frames"], counts["frames with a face"], counts["stale rows"]) == (519, 304, 0)
    assert frames["time"].to_list()[:3] == pytest.approx([0.035, 0.068, 0.101])
    assert events["stimulus"].to_list() == ["gopro"]
    assert not any("not understood" in note for note in notes)

"""iMotions with Affectiva AFFDEX, on files made after its documentation."""

from pathlib import Path

import polars as pl
import pytest

from made_exports import format_affdex, make_affdex_row, make_slide_row, write_text
from mimicrylab.errors import InputError
from mimicrylab.readers.affdex import AffdexReader
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table


def read(path: Path) -> tuple[pl.DataFrame, Imported]:
    imported = AffdexReader().read(path)
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def make_rows() -> list[dict[str, object]]:
    rows = [make_affdex_row(40 * k, Smile=10 * k, Joy=20 * k) for k in range(5)]
    rows[3] = make_affdex_row(120, face=False)
    return [
        make_slide_row(0, "StartSlide", "KDEF_1"),
        make_slide_row(10, "StartMedia", "KDEF_1"),
        *rows[:3],
        make_slide_row(90, "EndMedia", "KDEF_1"),
        make_slide_row(95, "StartMedia", "KDEF_2"),
        *rows[3:],
    ]


def test_expressions_keep_their_names_and_joy_is_happiness(tmp_path: Path) -> None:
    frames, imported = read(write_text(tmp_path / "P01.csv", format_affdex(make_rows())))
    assert frames["time"].to_list() == pytest.approx([0, 0.04, 0.08, 0.12, 0.16])
    assert frames["success"].to_list() == [True, True, True, False, True]
    assert frames["Smile"].to_list() == [0, 10, 20, None, 40]
    assert frames["happiness"].to_list() == [0, 20, 40, None, 80]
    assert frames.select("pitch", "yaw", "roll").row(0) == (4.0, -6.0, 2.0)
    assert "1 column not understood and left out: 'Secret Sauce'" in imported.notes


def test_slide_events_say_what_was_shown(tmp_path: Path) -> None:
    _, imported = read(write_text(tmp_path / "P01.csv", format_affdex(make_rows())))
    events = imported.tables["events"]
    assert events["stimulus"].to_list() == ["KDEF_1", "KDEF_2"]
    assert events["onset"].to_list() == pytest.approx([0.010, 0.095])
    assert events["duration"].to_list() == [pytest.approx(0.08), None]


def test_rows_of_other_sensors_are_dropped(tmp_path: Path) -> None:
    rows = make_rows()
    rows.insert(4, make_affdex_row(60, **{"Combined Event Source": "Shimmer GSR"}))
    frames, imported = read(write_text(tmp_path / "P01.csv", format_affdex(rows)))
    assert frames.height == 5
    assert imported.counts["stale rows"] == 1


def test_without_sources_a_row_with_a_value_counts(tmp_path: Path) -> None:
    text = format_affdex(make_rows()).replace("Combined Event Source", "Something")
    frames, _ = read(write_text(tmp_path / "P01.csv", text))
    assert frames["Smile"].to_list() == [0, 10, 20, 40]


def test_every_expression_stands_for_its_action_unit() -> None:
    units = AffdexReader().description.action_units
    assert len(units) == 19
    assert (units["Smile"], units["Brow Furrow"], units["Nose Wrinkle"]) == ("AU12", "AU04", "AU09")
    assert "Smirk" not in units


def test_facets_files_are_not_affdexs(tmp_path: Path) -> None:
    from made_exports import format_facet, make_facet_row

    with pytest.raises(InputError):
        AffdexReader().recognise(write_text(tmp_path / "a.txt", format_facet([make_facet_row(0)])))

"""LibreFace's CSV, made after its source."""

from pathlib import Path

import polars as pl
import pytest

from made_exports import format_libreface, make_libreface_row, write_text
from mimicrylab.readers.libreface import LibreFaceReader
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table


def read(path: Path) -> tuple[pl.DataFrame, Imported]:
    imported = LibreFaceReader().read(path)
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def test_intensities_and_detections_are_two_things(tmp_path: Path) -> None:
    rows = [make_libreface_row(k, au_12_intensity=f"{k}.5", au_12=1, facial_expression="Happiness") for k in range(4)]
    frames, imported = read(write_text(tmp_path / "a.csv", format_libreface(rows)))
    assert frames["au_12_intensity"].to_list() == [0.5, 1.5, 2.5, 3.5]
    assert frames["au_12"].to_list() == [1] * 4
    assert frames["happiness"].to_list() == [1] * 4
    assert frames["neutral"].to_list() == [0] * 4
    assert frames["pitch"].null_count() == 4
    assert not any("not understood" in note for note in imported.notes)


def test_frames_that_were_left_out_are_frames_without_a_face(tmp_path: Path) -> None:
    rows = [make_libreface_row(k) for k in (0, 1, 4)]
    frames, imported = read(write_text(tmp_path / "a.csv", format_libreface(rows)))
    assert frames["success"].to_list() == [True, True, False, False, True]
    assert frames["time"].to_list() == pytest.approx([0, 0.04, 0.08, 0.12, 0.16])
    assert imported.counts["frames filled in"] == 2


@pytest.mark.parametrize("seconds", [True, False])
def test_times_in_seconds_or_milliseconds(tmp_path: Path, seconds: bool) -> None:
    rows = [make_libreface_row(k, seconds=seconds) for k in range(5)]
    frames, imported = read(write_text(tmp_path / "a.csv", format_libreface(rows)))
    assert frames["time"].to_list() == pytest.approx([0, 0.04, 0.08, 0.12, 0.16])
    assert any("holds seconds" in note for note in imported.notes) == seconds


def test_an_amount_goes_before_a_flag_and_the_other_way_round_for_presence() -> None:
    from mimicrylab.measures.signals import read_coder_signals

    signals = read_coder_signals("libreface", ["au_12", "au_12_intensity", "au_7"])
    assert signals.find_column("AU12") == "au_12_intensity"
    assert signals.find_column("AU12", flags=True) == "au_12"
    assert signals.find_column("AU07") is None
    assert signals.find_column("AU07", flags=True) == "au_7"

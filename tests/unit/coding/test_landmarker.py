"""The coder as the engine sees it: tables that agree with the schema, batches, breaks, same bytes again."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import polars as pl
import pytest

from made_videos import make_video
from mimicrylab.assets import fetch_asset
from mimicrylab.coding import landmarker
from mimicrylab.coding.coder import load_coder
from mimicrylab.coding.landmarker import Landmarker
from mimicrylab.coding.video import VideoBreak
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES
from mimicrylab.tables import conform_table

ONE_FACE = "single_face.mp4"
FACE_LEAVES = "face_noface.mov"


@cache
def code(name: str, *, blendshapes: bool = True) -> pl.DataFrame:
    return pl.concat(Landmarker(blendshapes=blendshapes).code(fetch_asset(name)))


def list_signals(coder: Landmarker) -> list[str]:
    return [signal.name for signal in coder.description.signals]


def test_it_is_registered_and_can_run_here():
    coder = load_coder("landmarker", blendshapes=False)
    assert coder == Landmarker(blendshapes=False)
    assert coder.find_obstacle() is None


def test_describing_it_loads_nothing_heavy():
    program = (
        "import sys; from mimicrylab.coding.landmarker import Landmarker; Landmarker().description;"
        "Landmarker().find_obstacle(); print([m for m in ('cv2', 'av', 'ai_edge_litert', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [ONE_FACE, FACE_LEAVES])
def test_rows_agree_with_the_schema_and_the_description(name):
    frames = code(name)
    conform_table(frames.with_columns(recording_id=pl.lit("a")), FRAMES, where=name)
    declared = [column.name for column in (*FRAMES.columns, *FRAME_CONDITIONS)]
    assert [column for column in frames.columns if column not in declared] == list_signals(Landmarker())
    for column in FRAME_CONDITIONS:
        assert frames.schema.get(column.name, column.dtype) == column.dtype
    for signal in Landmarker().description.signals:
        assert (frames[signal.name].drop_nulls().len() == 0) == (signal.standing == "not measured"), signal.name


def test_a_missing_face_is_null_never_zero():
    frames = code(FACE_LEAVES)
    lost = frames.filter(~pl.col("success"))
    measured = [name for name in frames.columns if name not in ("face", "frame", "time", "success", "faces_found")]
    assert lost.height > 50
    assert lost.select(pl.col(measured).null_count()).row(0) == (lost.height,) * len(measured)
    assert frames.filter("success").select(pl.col("confidence", "yaw", "box_x", "AU12").null_count()).row(0) == (0,) * 4
    assert not frames.select(pl.col(pl.Float32, pl.Float64).is_nan().any()).row(0).count(True)


def test_numbers_are_those_of_a_frontal_face():
    frames = code(ONE_FACE)
    assert frames["success"].all()
    assert frames["frame"].to_list() == list(range(72))
    assert frames["time"].diff().drop_nulls().min() > 0
    assert frames["yaw"].abs().max() < 10
    assert frames["box_x"].min() > 0
    assert (frames["box_x"] + frames["box_width"]).max() < 640
    assert frames["sharpness"].min() > 1


def test_without_blendshapes_the_mesh_units_are_the_same():
    frames, without = code(ONE_FACE), code(ONE_FACE, blendshapes=False)
    assert not [name for name in without.columns if name.startswith("bs_")]
    assert without["AU12"].equals(frames["AU12"])
    for signal in Landmarker(blendshapes=False).description.signals:
        if signal.standing == "not measured":
            assert without[signal.name].null_count() == 72
    assert Landmarker(blendshapes=False).description.version != Landmarker().description.version


def test_the_size_of_batches_changes_nothing(monkeypatch):
    whole = code(ONE_FACE)
    monkeypatch.setattr(landmarker, "BATCH_FRAMES", 25)
    batches = list(Landmarker().code(fetch_asset(ONE_FACE)))
    assert [batch.height for batch in batches] == [25, 25, 22]
    signals = [name for name in whole.columns if not name.endswith("occlusion")]
    assert pl.concat(batches).select(signals).equals(whole.select(signals))


def test_a_second_run_gives_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        pl.concat(Landmarker().code(fetch_asset(ONE_FACE))).write_ipc(tmp_path / name)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_a_damaged_video_gives_its_frames_before_the_break(tmp_path):
    whole = make_video(tmp_path / "whole.mkv", codec="libx264", times_ms=tuple(range(0, 4000, 40)))
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    rows = []
    with pytest.raises(VideoBreak, match="ends early"):
        rows.extend(Landmarker().code(cut))
    frames = pl.concat(rows)
    assert frames.height > 20
    assert not frames["success"].any()
    assert set(frames["faces_found"]) == {0}

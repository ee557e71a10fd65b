"""Going through coded frames: batches of whole participants, the right face, missing columns."""

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import DamagedFileError, InputError, MissingError
from mimicrylab.pipeline.coded_frames import CodedFile, CodedStudy, find_coded, scan_frames, split_batches
from mimicrylab.schemas import FACES, FRAMES, RECORDINGS
from mimicrylab.study import StudyFolder
from mimicrylab.tables import conform_table, read_table, write_table
from unit.pipeline.small_study import MADE, write_small_study


def read_recordings(folder: StudyFolder) -> pl.DataFrame:
    return read_table(folder.table_path("recordings"), RECORDINGS)


def test_batches_hold_whole_participants() -> None:
    """Four recordings of 100 frames, two of person B: A alone reaches 100, then B with both, then C."""
    names = {"a1": "A", "b1": "B", "b2": "B", "c1": "C"}
    recordings = conform_table(
        pl.DataFrame(
            [{"recording_id": r, "session_id": r, "participant_id": p, "segment": 0} for r, p in names.items()]
        ),
        RECORDINGS,
        where="recordings",
    )
    coded = CodedStudy("c", tuple(CodedFile(name, Path(name), 100, ()) for name in names), ())
    batches = [batch["recording_id"].to_list() for batch in split_batches(coded, recordings, rows=100)]
    assert batches == [["a1"], ["b1", "b2"], ["c1"]]
    whole = [batch["recording_id"].to_list() for batch in split_batches(coded, recordings, rows=10_000)]
    assert whole == [["a1", "b1", "b2", "c1"]]


def test_the_participants_face_is_taken(tmp_path: Path) -> None:
    """Two faces in a recording; face 1 is the participant's."""
    folder = write_small_study(tmp_path / "s")
    path = folder.frames_path("openface", "P1")
    one = read_table(path, FRAMES)
    other = one.with_columns(face=pl.lit(1, pl.Int16), AU12_r=pl.lit(4.5, pl.Float32))
    write_table(pl.concat([one, other]).sort("frame", "face"), path, FRAMES, MADE)
    recordings = read_recordings(folder)
    coded = find_coded(folder, recordings, coder="openface", asked=True)
    faces = conform_table(
        pl.DataFrame({"recording_id": ["P1", "P1"], "face": [0, 1], "participant_id": [None, "P1"]}),
        FACES,
        where="faces",
    )
    own = scan_frames(coded, recordings, faces, signals=["AU12_r"]).collect()
    assert own.filter(pl.col("recording_id") == "P1")["AU12_r"].unique().to_list() == [4.5]
    assert own.filter(pl.col("recording_id") == "P2").height == 600
    without = scan_frames(coded, recordings, FACES.empty(), signals=["AU12_r"]).collect()
    assert set(without["face"]) == {0}


def test_a_column_that_one_file_lacks_is_null_there(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    path = folder.frames_path("openface", "P2")
    write_table(read_table(path, FRAMES).drop("AU25_r"), path, FRAMES, MADE)
    recordings = read_recordings(folder)
    coded = find_coded(folder, recordings, coder="openface", asked=True)
    assert "AU25_r" in coded.signals
    frames = scan_frames(coded, recordings, FACES.empty(), signals=["AU25_r"]).collect()
    missing = frames.group_by("recording_id").agg(pl.col("AU25_r").null_count()).sort("recording_id")
    assert missing["AU25_r"].to_list() == [0, 600]


def test_no_frames_of_any_coder(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    for name in ("P1", "P2"):
        folder.frames_path("openface", name).unlink()
    with pytest.raises(MissingError, match="no recording of this study has frames"):
        find_coded(folder, read_recordings(folder), coder="openface", asked=False)


def test_a_damaged_file_and_one_that_holds_no_frames_are_named(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "s")
    path = folder.frames_path("openface", "P1")
    path.write_bytes(b"no parquet")
    with pytest.raises(DamagedFileError, match="cannot be read"):
        find_coded(folder, read_recordings(folder), coder="openface", asked=True)
    pl.DataFrame({"a": [1]}).write_parquet(path)
    with pytest.raises(InputError, match="no column 'time'"):
        find_coded(folder, read_recordings(folder), coder="openface", asked=True)

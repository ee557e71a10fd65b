"""OpenFace's files come into a study, with the video's own times where the video is there."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_openface import make_row, write_rows
from made_videos import make_video
from mimicrylab.errors import ConflictError, InputError, UnknownNameError
from mimicrylab.pipeline.import_events import EventsSource
from mimicrylab.pipeline.import_frames import import_frames
from mimicrylab.pipeline.import_recordings import import_recordings
from mimicrylab.pipeline.new import create_study
from mimicrylab.schemas import EVENTS, FRAMES, RECORDINGS
from mimicrylab.tables import hash_file, read_provenance, read_table


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_study(tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    folder = tmp_path / "openface"
    folder.mkdir()
    for name in ("P01", "P02"):
        write_rows(folder / f"{name}.csv", [make_row(k, AU12_r="1.50") for k in range(1, 61)])
    return folder


def read_frames(study: Path, name: str) -> pl.DataFrame:
    return read_table(study / "frames/openface" / f"{name}.parquet", FRAMES)


def test_frames_recordings_and_events_are_stored(study: Path, coded: Path, tmp_path: Path) -> None:
    table = tmp_path / "events.tsv"
    table.write_text("recording\tonset\temotion\nP01.csv\t500\tjoy\nP02\t700\tanger\n")
    events = EventsSource(table, time_unit="ms")
    summary = import_frames("openface", [coded], study, events=events)
    assert summary.counts == {"recordings": 2, "participants": 2, "events": 2}
    frames = read_frames(study, "P02")
    assert frames["recording_id"].unique().to_list() == ["P02"]
    assert frames["AU12_r"].mean() == 1.5
    recordings = read_table(study / "recordings.parquet", RECORDINGS)
    assert recordings.select("recording_id", "path", "n_frames", "complete").rows() == [
        ("P01", None, 60, True),
        ("P02", None, 60, True),
    ]
    assert recordings["duration_s"].to_list() == pytest.approx([2, 2], abs=0.001)
    assert read_table(study / "events.parquet", EVENTS)["onset"].to_list() == [0.5, 0.7]
    provenance = read_provenance(study / "frames/openface/P02.parquet")
    assert provenance is not None
    assert provenance.inputs == {"openface": hash_file(coded / "P02.csv")}
    assert import_frames("openface", [coded], study, events=events).written == ()


def test_other_frames_of_a_recording_need_replace(study: Path, coded: Path) -> None:
    import_frames("openface", [coded], study)
    before = hash_file(study / "frames/openface/P01.parquet")
    write_rows(coded / "P01.csv", [make_row(k, AU12_r="2.50") for k in range(1, 61)])
    with pytest.raises(ConflictError, match="other openface frames"):
        import_frames("openface", [coded], study)
    with pytest.raises(ConflictError):
        import_frames("openface", [coded / "P02.csv"], study, options={"frames_per_second": 25.0})
    assert hash_file(study / "frames/openface/P01.parquet") == before
    summary = import_frames("openface", [coded], study, replace=True)
    assert summary.count_states() == {"unchanged": 1, "replaced": 1}
    assert read_frames(study, "P01")["AU12_r"].mean() == 2.5


def test_one_wrong_file_stores_nothing(study: Path, coded: Path) -> None:
    (coded / "P03.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"P03\.csv: this is not a CSV that OpenFace"):
        import_frames("openface", [coded], study)
    assert not (study / "frames").exists()


def test_the_videos_own_times_are_taken(study: Path, coded: Path, tmp_path: Path) -> None:
    times_ms = np.cumsum([0, *([20, 50] * 30)])[:60].tolist()
    video = make_video(tmp_path / "P01.mp4", times_ms=times_ms)
    import_recordings([video], study)
    summary = import_frames("openface", [coded / "P01.csv"], study)
    frames = read_frames(study, "P01")
    assert frames["time"].to_list() == pytest.approx(np.array(times_ms) / 1000)
    assert summary.recordings[0].notes[-1] == ("times are the video's own; the file's were off by up to 97 ms")
    recordings = read_table(study / "recordings.parquet", RECORDINGS)
    assert recordings["path"].to_list() == ["recordings/P01.mp4"]


def test_times_stay_where_the_video_is_another(study: Path, coded: Path, tmp_path: Path) -> None:
    import_recordings([make_video(tmp_path / "P01.mp4", times_ms=range(0, 1200, 40))], study)
    summary = import_frames("openface", [coded / "P01.csv"], study)
    assert summary.recordings[0].notes[-1] == "the video has 30 frames and the file 60: the file's own times are kept"
    assert read_frames(study, "P01")["time"][1] == pytest.approx(0.033)


def test_of_several_faces_one_is_kept(study: Path, tmp_path: Path) -> None:
    rows = [make_row(k, face_id=face, AU12_r=face) for k in range(1, 21) for face in (0, 1) if face or k > 10]
    path = write_rows(tmp_path / "P01.csv", rows)
    summary = import_frames("openface", [path], study)
    frames = read_frames(study, "P01")
    assert frames["face"].unique().to_list() == [1]
    assert frames["faces_found"].to_list() == [1] * 10 + [2] * 10
    note = "only face 1 is kept (found most often, in 100% of the frames); --face keeps another"
    assert note in summary.recordings[0].notes
    import_frames("openface", [path], study, face=0, replace=True)
    assert read_frames(study, "P01")["success"].to_list() == [False] * 10 + [True] * 10
    with pytest.raises(InputError, match="the file has no face 7"):
        import_frames("openface", [path], study, face=7, replace=True)


def test_only_readers_of_frames_read_frames(study: Path, coded: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'openface'"):
        import_frames("open-face", [coded], study)
    with pytest.raises(InputError, match="not frames"):
        import_frames("events", [coded], study)
    with pytest.raises(UnknownNameError, match="did you mean 'landmarks'"):
        import_frames("openface", [coded], study, options={"landmark": True})

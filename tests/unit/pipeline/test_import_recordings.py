"""Recordings come into a study whole or not at all, and the same twice changes nothing."""

import json
from pathlib import Path

import polars as pl
import pytest

from made_videos import make_video
from mimicrylab.errors import ConflictError, DamagedFileError, InputError, MissingError
from mimicrylab.pipeline.import_events import EventsSource, import_events
from mimicrylab.pipeline.import_participants import import_participants
from mimicrylab.pipeline.import_recordings import WhoIsWho, import_recordings
from mimicrylab.pipeline.new import create_study
from mimicrylab.schemas import EVENTS, PARTICIPANTS, RECORDINGS, SESSIONS
from mimicrylab.tables import hash_file, read_provenance, read_table

LONG_MS = range(0, 10_000, 100)
EVENTS_TEXT = "recording,onset,duration,emotion\nP01.webm,1,2,joy\nP01,4,2,anger\nP02,1.5,2,neutral\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_study(tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "P01.webm", times_ms=LONG_MS, codec="libvpx", live=True)
    make_video(folder / "P02.MP4", times_ms=LONG_MS)
    return folder


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def list_files(folder: Path) -> dict[str, str]:
    found = {path.relative_to(folder).as_posix(): hash_file(path) for path in folder.rglob("*") if path.is_file()}
    return {name: digest for name, digest in found.items() if name != "log/steps.jsonl"}


def test_a_recording_is_copied_registered_and_its_events_placed(study: Path, videos: Path, tmp_path: Path) -> None:
    events = EventsSource(write(tmp_path / "events.csv", EVENTS_TEXT), offset_s=0.5, offset_error_s=0.04)
    summary = import_recordings([videos], study, events=events)
    assert summary.counts == {"recordings": 2, "participants": 2, "events": 3}
    assert [(each.recording_id, each.state, each.facts["events"]) for each in summary.recordings] == [
        ("P01", "new", 2),
        ("P02", "new", 1),
    ]
    recordings = read_table(study / "recordings.parquet", RECORDINGS)
    assert recordings["path"].to_list() == ["recordings/P01.webm", "recordings/P02.mp4"]
    assert recordings["duration_s"].to_list() == pytest.approx([10, 10])
    assert recordings["mean_fps"].to_list() == pytest.approx([10, 10])
    assert recordings.select("width", "height", "segment", "participant_id").row(1) == (64, 48, 0, "P02")
    assert hash_file(study / "recordings/P02.mp4") == hash_file(videos / "P02.MP4") == recordings["sha256"][1]
    placed = read_table(study / "events.parquet", EVENTS)
    columns = ("recording_id", "onset", "stimulus_emotion", "trial", "block", "file_page_error_s")
    assert placed.select(columns).rows() == [
        ("P01", 1.5, "happiness", 0, "faces", 0.04),
        ("P01", 4.5, "anger", 1, "faces", 0.04),
        ("P02", 2.0, "neutral", 0, "faces", 0.04),
    ]
    assert read_table(study / "sessions.parquet", SESSIONS)["session"].to_list() == ["visit", "visit"]
    assert read_table(study / "participants.parquet", PARTICIPANTS)["participant_id"].to_list() == ["P01", "P02"]
    provenance = read_provenance(study / "recordings.parquet")
    assert provenance is not None
    assert provenance.inputs["recording P02"] == recordings["sha256"][1]
    last = json.loads((study / "log/steps.jsonl").read_text().splitlines()[-1])
    assert (last["step"], last["recordings"], last["new"]) == ("import recordings", 2, 2)


def test_the_same_again_changes_nothing(study: Path, videos: Path, tmp_path: Path) -> None:
    events = EventsSource(write(tmp_path / "events.csv", EVENTS_TEXT))
    import_recordings([videos], study, events=events)
    before = list_files(study)
    summary = import_recordings([videos], study, events=events)
    assert summary.count_states() == {"unchanged": 2}
    assert summary.written == ()
    assert list_files(study) == before
    again = import_recordings([study / "recordings"], study)
    assert again.count_states() == {"unchanged": 2}
    assert list_files(study) == before


def test_another_file_under_a_stored_id_needs_replace(study: Path, videos: Path, tmp_path: Path) -> None:
    events = EventsSource(write(tmp_path / "events.csv", EVENTS_TEXT))
    import_recordings([videos], study, events=events)
    before = list_files(study)
    (videos / "P02.MP4").unlink()
    other = make_video(videos / "P02.webm", times_ms=LONG_MS, codec="libvpx")
    with pytest.raises(ConflictError, match="another recording with the id 'P02'"):
        import_recordings([videos], study)
    assert list_files(study) == before
    summary = import_recordings([videos], study, replace=True)
    assert summary.count_states() == {"unchanged": 1, "replaced": 1}
    assert sorted(path.name for path in (study / "recordings").iterdir()) == ["P01.webm", "P02.webm"]
    assert read_table(study / "recordings.parquet", RECORDINGS)["sha256"][1] == hash_file(other)
    assert read_table(study / "events.parquet", EVENTS).height == 3


def test_a_stored_id_in_another_case_is_the_same_id(study: Path, videos: Path, tmp_path: Path) -> None:
    import_recordings([videos], study)
    other = make_video(tmp_path / "p01.mp4")
    with pytest.raises(ConflictError):
        import_recordings([other], study)


def test_links_hold_the_same_bytes_and_leave_the_original_alone(study: Path, videos: Path) -> None:
    (videos / "P02.MP4").chmod(0o640)
    import_recordings([videos], study, link=True)
    assert (study / "recordings/P02.mp4").samefile(videos / "P02.MP4")
    assert (videos / "P02.MP4").stat().st_mode & 0o777 == 0o640
    assert import_recordings([videos], study, link=True).written == ()


def test_unreadable_files_stop_the_import_or_are_lost_recordings(study: Path, videos: Path) -> None:
    write(videos / "P03.mp4", "a text")
    write(videos / "P04.mp4", "")
    before = list_files(study)
    with pytest.raises(DamagedFileError, match="2 of 4 files cannot be read as videos"):
        import_recordings([videos], study)
    assert list_files(study) == before
    import_recordings([videos], study, keep_unreadable=True)
    recordings = read_table(study / "recordings.parquet", RECORDINGS)
    assert recordings["complete"].to_list() == [None, None, False, False]
    assert recordings["reason"][3] == "the file is empty"
    assert read_table(study / "participants.parquet", PARTICIPANTS).height == 4


def test_a_mistake_in_the_events_leaves_nothing_behind(study: Path, videos: Path, tmp_path: Path) -> None:
    before = list_files(study)
    wrong = write(tmp_path / "events.csv", EVENTS_TEXT.replace("P02", "P03"))
    with pytest.raises(MissingError, match="recordings that the study does not have"):
        import_recordings([videos], study, events=EventsSource(wrong))
    assert list_files(study) == before


def test_who_is_in_which_recording_comes_from_a_table_or_a_pattern(study: Path, tmp_path: Path) -> None:
    for name in ("a/1", "a/2", "b/1"):
        (tmp_path / "videos" / name).parent.mkdir(parents=True, exist_ok=True)
        make_video(tmp_path / "videos" / f"{name}.mp4")
    folder = tmp_path / "videos"
    with pytest.raises(InputError, match="do not tell whose they are"):
        import_recordings([folder], study)
    table = "participant,recording,sex\nX,a/1,f\nX,a/2,f\nY,b/1.mp4,m\nZ,,f\n"
    people = write(tmp_path / "people.csv", table)
    import_recordings([folder], study, who=WhoIsWho(people))
    recordings = read_table(study / "recordings.parquet", RECORDINGS)
    assert recordings["participant_id"].to_list() == ["X", "X", "Y"]
    participants = read_table(study / "participants.parquet", PARTICIPANTS)
    assert participants.select("participant_id", "sex").rows() == [("X", "f"), ("Y", "m"), ("Z", "f")]
    with pytest.raises(ConflictError, match="belongs to another participant"):
        import_recordings([folder], study, who=WhoIsWho(pattern="^(.)/"))
    import_recordings([folder], study, who=WhoIsWho(pattern="^(.)/"), replace=True)
    recordings = read_table(study / "recordings.parquet", RECORDINGS)
    assert recordings["participant_id"].to_list() == ["a", "a", "b"]
    sessions = read_table(study / "sessions.parquet", SESSIONS)
    assert sessions["participant_id"].to_list() == ["a", "a", "b"]


def test_events_of_one_recording_can_be_corrected_later(study: Path, videos: Path, tmp_path: Path) -> None:
    import_recordings([videos], study, events=EventsSource(write(tmp_path / "events.csv", EVENTS_TEXT)))
    source = EventsSource(write(tmp_path / "other.csv", "recording,onset,duration,emotion\nP02,2.5,2,fear\n"))
    with pytest.raises(ConflictError, match="other events of these recordings"):
        import_events(source, study)
    summary = import_events(source, study, replace=True)
    assert summary.written == ("events",)
    events = read_table(study / "events.parquet", EVENTS)
    assert events.select("recording_id", "onset").rows() == [("P01", 1.0), ("P01", 4.0), ("P02", 2.5)]
    assert import_events(source, study).written == ()


def test_participants_are_added_once(study: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "people.csv", "participant,age,eq\nP01,30,44\n")
    assert import_participants(table, study).written == ("participants",)
    assert import_participants(table, study).written == ()
    write(table, "participant,age,eq\nP01,31,44\n")
    with pytest.raises(ConflictError):
        import_participants(table, study)
    import_participants(table, study, replace=True)
    participants = read_table(study / "participants.parquet", PARTICIPANTS)
    assert participants.select("participant_id", "age", "eq").rows() == [("P01", 31.0, 44.0)]
    assert participants.schema["eq"] == pl.Float64

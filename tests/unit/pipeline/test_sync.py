"""The verb ``sync``: a recording with known offset and drift, from file to corrected events."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from made_marks import make_flash_video
from mimicrylab.cli.main import app
from mimicrylab.coding.brightness import Region
from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.sync import MarkSettings, MatchSettings, sync_file, sync_study
from mimicrylab.pipeline.sync_times import LogTimes, read_trigger
from mimicrylab.schemas import EVENTS, RECORDINGS
from mimicrylab.tables import Provenance, conform_table, read_provenance, read_table, write_table

OFFSET_S, DRIFT_PPM = 3.456, 250.0
"""A drift that is large, so that 80 s are enough to see it."""
LOGGED = np.array([1.0, 6.3, 13.9, 18.2, 27.7, 35.1, 44.4, 47.9, 58.0, 66.6, 71.3])
TRUE = OFFSET_S + (1 + DRIFT_PPM * 1e-6) * LOGGED
LIGHT = MarkSettings(region=Region(4, 4, 8, 8))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """80 s at 25 frames/s: a flash and, 0.2 s later, a beep for each line of the log; one flash is false."""
    path = tmp_path_factory.mktemp("filmed") / "P01.mp4"
    flashes = sorted([*TRUE, 40.0])
    return make_flash_video(path, flashes, duration_s=80, beeps_s=[float(each) + 0.2 for each in TRUE])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    lines = [f"{1000 * moment:.1f};flash" for moment in LOGGED] + ["500;fixation"]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["time;what", *lines, ""]))
    return path


def make_study(root: Path, video: Path) -> Path:
    create_study(root, template="minimal")
    (root / "recordings").mkdir(exist_ok=True)
    (root / "recordings" / "P01.mp4").write_bytes(video.read_bytes())
    base = {"session_id": "P01", "recording_id": "P01"}
    rows = [{**base, "participant_id": "P01", "segment": 0, "path": "recordings/P01.mp4"}]
    other = {"session_id": "P02", "recording_id": "P02"}
    rows.append({**other, "participant_id": "P02", "segment": 0, "path": None})
    events = [{**base, "onset": float(each), "trial_type": "stimulus", "stimulus_emotion": "anger"} for each in LOGGED]
    events += [{**base, "onset": 0.2, "trial_type": "fixation"}, {**other, "onset": 5.0, "trial_type": "stimulus"}]
    for table, content in ((RECORDINGS, rows), (EVENTS, events)):
        frame = conform_table(pl.DataFrame(content, infer_schema_length=None), table, where="test")
        write_table(frame, root / f"{table.name}.parquet", table, Provenance("import"))
    return root


def test_offset_and_drift_come_back_from_light_and_from_sound(video: Path, log: Path, tmp_path: Path) -> None:
    times = LogTimes(log, "time", "ms", {"what": "flash"})
    picture = tmp_path / "check.svg"
    seen = sync_file(video, times, marks=LIGHT, picture=picture)
    assert (seen.fit.n_matched, seen.fit.n_seen, seen.fit.n_logged) == (11, 12, 11)
    assert "1 mark of the recording match no time of the log" in seen.notes
    assert np.abs(seen.fit.place(LOGGED) - TRUE).max() <= seen.fit.error_s < 0.06
    assert picture.read_text().count("<svg") == 1
    heard = sync_file(video, times, marks=MarkSettings(kind="sound", frequency_hz=1000.0))
    assert np.abs(heard.fit.place(LOGGED) - TRUE - 0.2).max() <= heard.fit.error_s < 0.01
    assert heard.fit.drift_ppm == pytest.approx(DRIFT_PPM, abs=heard.fit.drift_error_ppm)


def test_events_are_corrected_with_their_error_once(video: Path, tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", video)
    before = read_table(study / "events.parquet", EVENTS)
    dry = sync_study(study, "P01", marks=LIGHT)
    assert dry.n_events == 0
    assert read_table(study / "events.parquet", EVENTS).equals(before)
    done = sync_study(study, "P01", marks=LIGHT, apply=True)
    assert done.n_events == 12
    assert done.largest_shift_s == pytest.approx(OFFSET_S, abs=0.05)
    events = read_table(study / "events.parquet", EVENTS)
    own = events.filter((pl.col("recording_id") == "P01") & (pl.col("trial_type") == "stimulus"))
    assert np.abs(own["onset"].to_numpy() - TRUE).max() <= done.fit.error_s
    assert own["file_page_error_s"].unique().to_list() == [done.fit.error_s]
    assert events.filter(recording_id="P02").equals(before.filter(recording_id="P02"))
    made = read_provenance(study / "events.parquet")
    assert made is not None
    assert (made.step, made.notes["matched"], made.arguments["kind"]) == ("sync", 11, "light")
    assert "sync" in (study / "log" / "steps.jsonl").read_text()
    again = sync_study(study, "P01", marks=LIGHT, apply=True)
    assert again.n_events == 0
    assert "in step already" in again.notes[-1]


def test_an_event_before_the_recording_is_refused(video: Path, tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", video)
    events = read_table(study / "events.parquet", EVENTS)
    late = events.with_columns(
        onset=pl.when(pl.col("trial_type") == "fixation").then(0.1).otherwise(pl.col("onset") + 10)
    )
    write_table(late, study / "events.parquet", EVENTS, Provenance("import"))
    with pytest.raises(RefusedError, match="would begin before the recording"):
        sync_study(study, "P01", marks=LIGHT, apply=True)
    assert read_table(study / "events.parquet", EVENTS).equals(late)


def test_a_recording_without_events_of_the_kind_or_unknown_is_said(video: Path, tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", video)
    with pytest.raises(InputError, match="one of fixation, stimulus"):
        sync_study(study, "P01", trial_type="rest")
    with pytest.raises(UnknownNameError):
        sync_study(study, "P09")


def test_a_trigger_channel_takes_the_pictures_place(video: Path, log: Path, tmp_path: Path) -> None:
    times = np.arange(0, 80, 0.01)
    level = np.zeros(times.size)
    for moment in TRUE:
        level[(times >= moment) & (times < moment + 0.05)] = 5.0
    table = pl.DataFrame({"time": times, "ttl": level})
    table.write_csv(tmp_path / "trigger.csv")
    trace = read_trigger(tmp_path / "trigger.csv", "ttl")
    assert trace.resolution_s == pytest.approx(0.01)
    marks = MarkSettings(kind="trigger", trigger=tmp_path / "trigger.csv", trigger_column="ttl")
    found = sync_file(video, LogTimes(log, "time", "ms", {"what": "flash"}), marks=marks)
    assert np.abs(found.fit.place(LOGGED) - TRUE).max() <= found.fit.error_s < 0.02


def test_the_picture_is_there_where_nothing_met(video: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("onset,x\n1,a\n4.4,a\n11.1,a\n29,a\n55.5,a\n70.7,a\n")
    picture = tmp_path / "check.svg"
    with pytest.raises(RefusedError):
        sync_file(
            video,
            LogTimes(tmp_path / "other.csv", "onset"),
            marks=LIGHT,
            matching=MatchSettings(tolerance_s=0.01),
            picture=picture,
        )
    assert picture.is_file()


def test_the_command_says_offset_drift_error_and_what_comes_next(video: Path, log: Path) -> None:
    words = ["sync", str(video), "--log", str(log), "--column", "time", "--time-unit", "ms", "--where", "what=flash"]
    result = CliRunner().invoke(app, [*words, "--region", "4,4,8,8"])
    assert result.exit_code == 0, result.output
    assert "P01.mp4: 11 of 12 marks match 11 times of the log" in result.output
    assert "--offset-s 3.4" in result.output
    found = json.loads(CliRunner().invoke(app, [*words, "--region", "4,4,8,8", "--json"]).output)
    assert found["fit"]["offset_s"] == pytest.approx(OFFSET_S, abs=0.05)

"""Logs of stimulus programs: all say the same two showings, each in its own way."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_exports import write_text
from made_logs import (
    BIDS,
    EPRIME_LOG,
    EPRIME_TABLE,
    GORILLA,
    OPENSESAME,
    PRESENTATION,
    PSYCHOPY,
    QUALTRICS,
    format_jspsych,
    write_xdf,
)
from mimicrylab.errors import InputError, MimicryLabError, UnknownNameError
from mimicrylab.readers.bids_events import BidsEventsReader
from mimicrylab.readers.browser_logs import GorillaReader, JspsychReader, QualtricsReader
from mimicrylab.readers.eprime import EprimeReader
from mimicrylab.readers.opensesame import OpenSesameReader
from mimicrylab.readers.presentation import PresentationReader
from mimicrylab.readers.psychopy import PsychopyReader
from mimicrylab.readers.reader import Reader
from mimicrylab.readers.xdf import XdfReader

LOGS: dict[str, tuple[Callable[[], Reader], str, str]] = {
    "psychopy": (PsychopyReader, "P01_faces.csv", PSYCHOPY),
    "eprime table": (EprimeReader, "merged.txt", EPRIME_TABLE),
    "eprime log": (EprimeReader, "faces-1-1.txt", EPRIME_LOG),
    "opensesame": (OpenSesameReader, "subject-1.csv", OPENSESAME),
    "presentation": (lambda: PresentationReader(from_first_pulse=True), "P01-faces.log", PRESENTATION),
    "gorilla": (GorillaReader, "data_exp.csv", GORILLA),
    "qualtrics": (QualtricsReader, "survey.csv", QUALTRICS),
    "jspsych csv": (JspsychReader, "P01.csv", format_jspsych(as_json=False)),
    "jspsych json": (JspsychReader, "P01.json", format_jspsych(as_json=True)),
    "bids": (BidsEventsReader, "sub-P01_task-faces_events.tsv", BIDS),
}


@pytest.mark.parametrize("log", LOGS)
def test_all_say_the_same(tmp_path: Path, log: str) -> None:
    make, name, text = LOGS[log]
    path = write_text(tmp_path / name, text)
    reader = make()
    assert reader.recognise(path)
    imported = reader.read(path)
    events = imported.tables["events"]
    pictures = events.filter(events["stimulus"].str.contains("_F1"))
    assert [Path(each).stem for each in pictures["stimulus"]] == ["joy_F1", "anger_F1"]
    assert pictures["onset"].to_list() == pytest.approx([2.0, 6.0])
    if log != "opensesame":
        assert pictures["duration"].to_list() == pytest.approx([1.5, 1.5])
    if not log.startswith("jspsych"):
        assert set(events["recording"]) <= {"P01", "sub-P01"}


def test_errors_of_times_are_known_where_a_program_says_them(tmp_path: Path) -> None:
    assert EprimeReader().read(write_text(tmp_path / "a.txt", EPRIME_TABLE)).time_error_s == pytest.approx(0.012)
    assert PresentationReader().read(write_text(tmp_path / "a.log", PRESENTATION)).time_error_s == pytest.approx(0.0002)
    assert JspsychReader().read(write_text(tmp_path / "a.json", format_jspsych(as_json=True))).time_error_s == 0.034


def test_utf_16_logs_of_eprime(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", EPRIME_LOG, encoding="utf-16")
    assert EprimeReader().read(path).counts["events"] == 2


def test_a_column_that_cannot_be_told_must_be_stated(tmp_path: Path) -> None:
    text = PSYCHOPY.replace("fixation.started", "stim_frame.started").replace("fixation.stopped", "stim_frame.stopped")
    path = write_text(tmp_path / "a.csv", text)
    with pytest.raises(InputError, match="several columns could be the onset"):
        PsychopyReader().read(path)
    imported = PsychopyReader({"onset": "stim_image.started"}).read(path)
    assert imported.tables["events"]["duration"].to_list() == pytest.approx([1.5, 1.5])
    with pytest.raises(UnknownNameError):
        PsychopyReader({"onset": "nothing.started"}).read(path)
    with pytest.raises(UnknownNameError):
        PsychopyReader({"start": "stim_image.started"})


def test_rows_that_repeat_a_time_show_nothing_new(tmp_path: Path) -> None:
    imported = OpenSesameReader().read(write_text(tmp_path / "a.csv", OPENSESAME))
    assert any("1 row with the time of the row before" in note for note in imported.notes)


def test_several_participants_in_one_gorilla_file(tmp_path: Path) -> None:
    text = GORILLA.replace("2,1700000003500,,P01", "2,1700000003500,,P02")
    with pytest.raises(InputError, match="several participants"):
        GorillaReader().read(write_text(tmp_path / "a.csv", text))


def test_markers_of_lsl(tmp_path: Path) -> None:
    camera = [100.5 + k / 25 for k in range(200)]
    path = write_xdf(tmp_path / "P01.xdf", [(102.0, "joy_F1"), (106.0, "anger_F1")], camera=camera)
    assert XdfReader().recognise(path) == "its first bytes"
    events = XdfReader().read(path).tables["events"]
    assert events["stimulus"].to_list() == ["joy_F1", "anger_F1"]
    assert events["onset"].to_list() == pytest.approx([1.5, 5.5], abs=0.001)
    assert XdfReader(zero_stream="stimuli").read(path).tables["events"]["onset"][0] == pytest.approx(0)
    with pytest.raises(UnknownNameError):
        XdfReader(stream="eyes").read(path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(MimicryLabError):
        XdfReader().read(path)


def test_no_log_is_taken_for_another(tmp_path: Path) -> None:
    for log, (make, _, _) in LOGS.items():
        for other, (_, name, text) in LOGS.items():
            if log.split()[0] != other.split()[0]:
                path = write_text(tmp_path / name, text)
                with pytest.raises(InputError):
                    make().recognise(path)


TOKENS = st.sampled_from([b",", b"\t", b"\n", b'"', b"\0", b"{", b"]", b"-", b"1e999", b"nan", b"\xff"]) | st.binary(
    max_size=3
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), TOKENS), min_size=1, max_size=5)


@pytest.mark.parametrize("log", LOGS)
@settings(max_examples=40, deadline=None)
@given(edits=EDITS)
def test_any_damage(log: str, edits: Sequence[tuple[float, int, bytes]]) -> None:
    make, name, text = LOGS[log]
    content = text.encode()
    for share, length, token in edits:
        start = int(share * len(content))
        content = content[:start] + token + content[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with suppress(MimicryLabError):
            make().recognise(path)
        try:
            events = make().read(path).tables["events"]
        except MimicryLabError:
            return
    assert events["onset"].is_finite().all()
    assert (events["duration"].drop_nulls() > 0).all()

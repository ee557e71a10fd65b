from pathlib import Path

import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.readers.participants_table import WHO, ParticipantsTableReader
from mimicrylab.readers.reader import Imported


def read(folder: Path, text: str, **options: object) -> Imported:
    path = folder / "participants.csv"
    path.write_text(text)
    return ParticipantsTableReader(**options).read(path)  # type: ignore[arg-type]


def test_declared_columns_have_their_types_and_others_are_demographics(tmp_path: Path) -> None:
    imported = read(tmp_path, "participant,age,glasses,handedness,eq\nP01,31.5,yes,left,44\nP02,,0,,n/a\n")
    people = imported.tables["participants"]
    assert people.to_dicts() == [
        {"participant_id": "P01", "age": 31.5, "glasses": True, "handedness": "left", "eq": 44.0},
        {"participant_id": "P02", "age": None, "glasses": False, "handedness": None, "eq": None},
    ]
    assert WHO not in imported.tables


def test_a_row_a_recording_says_who_is_in_it(tmp_path: Path) -> None:
    imported = read(tmp_path, "sub,video,session,sex\nP01,a.mp4,one,f\nP01,b.mp4,two,f\nP02,,,m\n")
    assert imported.tables["participants"]["participant_id"].to_list() == ["P01", "P02"]
    assert imported.tables[WHO].rows() == [("a.mp4", "P01", "one"), ("b.mp4", "P01", "two")]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("id,age\nP01,3\n", InputError, "the column 'participant' is missing"),
        ("participant,age\n,3\n", InputError, "participants.csv:2: the participant is not named"),
        ("participant,age\nP01,old\n", InputError, "participants.csv:2: age: 'old' is not a number"),
        ("participant,glasses\nP01,maybe\n", InputError, "glasses: 'maybe' is neither yes nor no"),
        ("participant,age\nP01,3\nP01,4\n", InputError, "a participant's rows do not agree"),
        ("participant,state\nP01,x\n", InputError, "belongs to MimicryLab"),
        ("participant,First name\nP01,x\n", RefusedError, "says who a participant is"),
        ("participant,E-mail\nP01,x\n", RefusedError, "says who a participant is"),
        ("participant,treatment\nP01,x\n", RefusedError, "would unblind the study"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read(tmp_path, text)


def test_recognising(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("participant_id,age\nP01,30\n")
    assert "participant_id" in ParticipantsTableReader().recognise(path)
    path.write_text("age\n30\n")
    with pytest.raises(InputError):
        ParticipantsTableReader().recognise(path)

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.readers.events_table import EventsTableReader


def read(folder: Path, text: str, **options: object) -> pl.DataFrame:
    path = folder / "events.csv"
    path.write_text(text)
    return EventsTableReader(**options).read(path).tables["events"]  # type: ignore[arg-type]


def test_times_in_milliseconds_with_offsets_and_another_programs_words(tmp_path: Path) -> None:
    text = "video,StimOn,dur,expression,offset\nP01.mp4,2500,4000,Joy,100\nP02.mp4,0,,HA,n/a\n"
    columns = {"onset": "StimOn", "duration": "dur", "emotion": "expression"}
    events = read(tmp_path, text, columns=columns, time_unit="ms", offset_s=1.5, emotions={"ha": "happiness"})
    assert events.select("line", "recording", "onset", "duration", "trial_type", "stimulus_emotion").rows() == [
        (2, "P01.mp4", 4.1, 4.0, "stimulus", "happiness"),
        (3, "P02.mp4", 1.5, None, "stimulus", "happiness"),
    ]


def test_what_is_not_understood_is_said(tmp_path: Path) -> None:
    path = tmp_path / "events.tsv"
    path.write_text("recording\tonset\tstimulus\tkeypress\nP01\t1\tsmile\tx\n")
    assert EventsTableReader().read(path).notes == ("columns of the events table that are left out: keypress",)
    assert EventsTableReader().recognise(path) == "its columns recording, onset, stimulus"
    path.write_text("a\tb\n1\t2\n")
    with pytest.raises(InputError, match="the column 'recording' is missing"):
        EventsTableReader().recognise(path)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("P01,x,1,smile,", "events.csv:2: onset: 'x' is not a number"),
        ("P01,,1,smile,", "events.csv:2: the onset is missing"),
        (",1,1,smile,", "events.csv:2: the recording is not named"),
        ("P01,1,0,smile,", "events.csv:2: duration: a length is above 0"),
        ("P01,1,1,,", "events.csv:2: neither the stimulus nor its emotion is named"),
        ("P01,1,1,smile,hapiness", r"events.csv:2: unknown emotion 'hapiness' \(did you mean 'happiness'\?\)"),
    ],
)
def test_wrong_cells_are_named_with_their_line(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, f"recording,onset,duration,stimulus,emotion\n{row}\n")


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="25 mistakes") as raised:
        read(tmp_path, "recording,onset,emotion\n" + "P01,x,fear\n" * 25)
    assert "events.csv:21:" in str(raised.value)
    assert "and 5 more" in str(raised.value)


def test_kinds_of_steps_and_roles_are_words_of_the_schema(tmp_path: Path) -> None:
    header = "recording,onset,emotion,trial_type,block_role\n"
    assert read(tmp_path, header + "P01,1,,Fixation,test\n")["trial_type"].to_list() == ["fixation"]
    with pytest.raises(InputError, match="unknown trial_type 'stimulis'"):
        read(tmp_path, header + "P01,1,fear,stimulis,test\n")
    with pytest.raises(InputError, match="unknown block_role 'tests'"):
        read(tmp_path, header + "P01,1,fear,,tests\n")


def test_settings_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="time unit"):
        EventsTableReader(time_unit="min")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="emotion"):
        EventsTableReader(emotions={"HA": "hapiness"})
    with pytest.raises(InputError, match="neither a column 'stimulus' nor a column 'emotion'"):
        read(tmp_path, "recording,onset\nP01,1\n")

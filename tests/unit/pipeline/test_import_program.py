"""Logs, muscles, human codes and files of unknown programs come into a study at the level where they belong."""

import json
from pathlib import Path

import polars as pl
import pytest

from made_emg import make_muscle, write_brainvision
from made_exports import format_facereader, format_facet, make_facereader_row, make_facet_row, write_text
from made_logs import BIDS, PSYCHOPY, format_jspsych
from made_openface import make_row, write_rows
from mimicrylab.errors import ConflictError, InputError, MissingError, UnknownNameError
from mimicrylab.pipeline.import_log import LogClock, import_logs
from mimicrylab.pipeline.import_program import ImportSettings, decide, import_found, import_program, load_readers
from mimicrylab.pipeline.import_trials import ShownNames, read_rule
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.run import run_study
from mimicrylab.schemas import EVENTS, FRAMES, MEASURES
from mimicrylab.tables import read_table

SHOWN = ShownNames({"joy_F1.png": "happiness_F1", "anger_F1.png": "anger_F1"})


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_study(tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def coded(study: Path, tmp_path: Path) -> Path:
    """A study with ten seconds of P01, coded by OpenFace."""
    path = write_rows(tmp_path / "P01.csv", [make_row(k) for k in range(1, 301)])
    import_program("openface", [path], study, ImportSettings())
    return study


def test_a_log_finds_its_recording_and_its_stimuli(coded: Path, tmp_path: Path) -> None:
    log = write_text(tmp_path / "P01_faces_2026.csv", PSYCHOPY)
    clock = LogClock(offset_s=0.5, offset_error_s=0.02)
    summary = import_logs("psychopy", [log], coded, clock=clock, shown=SHOWN)
    assert summary.counts == {"logs": 1, "events": 2}
    events = read_table(coded / "events.parquet", EVENTS)
    assert events.select("recording_id", "stimulus", "onset", "duration").rows() == [
        ("P01", "happiness_F1", 2.5, 1.5),
        ("P01", "anger_F1", 6.5, 1.5),
    ]
    assert events["file_page_error_s"].to_list() == [0.02, 0.02]
    assert import_logs("psychopy", [log], coded, clock=clock, shown=SHOWN).written == ()
    with pytest.raises(ConflictError):
        import_logs("psychopy", [log], coded, clock=LogClock(offset_s=0.6), shown=SHOWN)


def test_a_log_without_an_offset_says_what_it_takes_for_granted(coded: Path, tmp_path: Path) -> None:
    log = write_text(tmp_path / "P01.json", format_jspsych(as_json=True))
    summary = import_logs("jspsych", [log], coded, shown=SHOWN)
    assert any("--offset-s" in note for note in summary.notes)
    assert any("no stimulus of the study" in note for note in summary.notes)
    events = read_table(coded / "events.parquet", EVENTS)
    assert events.filter(trial_type="stimulus")["onset"].to_list() == [2.0, 6.0]


def test_a_log_of_nobody_is_refused(coded: Path, tmp_path: Path) -> None:
    log = write_text(tmp_path / "X77.csv", PSYCHOPY.replace("P01", "X77"))
    with pytest.raises(MissingError, match="to which recording"):
        import_logs("psychopy", [log], coded, shown=SHOWN)


def test_muscles_are_measured_as_action_units(study: Path, tmp_path: Path) -> None:
    """Zygomaticus rises from 2 to 20 µV (amplitude) for two of the four seconds after a marker."""
    zygomaticus = make_muscle(12, [(4.5, 6.5, 20)])
    markers = [(4.0, "S  1")]
    path = write_brainvision(tmp_path / "P01.vhdr", {"Zyg": zygomaticus, "Corr": make_muscle(12, [])}, markers)
    settings = ImportSettings(shown=ShownNames({}, {"S 1": "happiness"}))
    summary = import_program("emg", [path], study, settings)
    assert summary.counts["events"] == 1
    assert run_study(study).report is not None
    measures = read_table(study / "measures.parquet", MEASURES)
    mean = measures.filter(pl.col("trial").is_not_null(), signal="AU12", measure="mean")
    rise = (20 - 2) / 2**0.5 * 2 / 4
    assert mean["value"].to_list() == [pytest.approx(rise, rel=0.03)]
    assert mean["unit"].to_list() == ["µV"]


def test_human_codes_are_frames(study: Path, tmp_path: Path) -> None:
    path = write_text(tmp_path / "P01.csv", "onset,offset,code\n1,3,12C\n2,4,4\n")
    import_program("facs", [path], study, ImportSettings(options={"coded_until_s": 10.0}))
    frames = read_table(study / "frames/facs/P01.parquet", FRAMES)
    assert frames.height == 250
    assert frames["AU12_c"].sum() == 50


def write_mixed(folder: Path) -> Path:
    """A folder of three programs' files, a table of events, and a letter."""
    write_rows_to = folder / "openface"
    write_rows_to.mkdir(parents=True)
    write_rows(write_rows_to / "P01.csv", [make_row(k) for k in range(1, 301)])
    write_text(folder / "facet/P02.txt", format_facet([make_facet_row(k) for k in range(250)]))
    write_text(folder / "noldus/P03.txt", format_facereader([make_facereader_row(k) for k in range(250)]))
    write_text(folder / "letter.txt", "Dear colleague,\nhere are the files.\n")
    return folder


def test_auto_says_why_and_names_what_it_leaves_out(study: Path, tmp_path: Path) -> None:
    pattern = ImportSettings(rule=read_rule("first=2 every=3 duration=1 emotions=happiness,anger"))
    from dataclasses import replace

    from mimicrylab.pipeline.import_recordings import WhoIsWho

    settings = replace(pattern, who=WhoIsWho(pattern="/(P[0-9]+)$"))
    found = import_found([write_mixed(tmp_path / "data")], study, settings)
    assert {decision.program for decision in found.decisions} == {"openface", "facet", "facereader"}
    assert all(" by its " in decision.because for decision in found.decisions)
    assert [text.partition(":")[0] for text in found.left_out] == ["letter.txt"]
    assert sorted(path.name for path in (study / "frames").iterdir()) == ["facereader", "facet", "openface"]
    events = read_table(study / "events.parquet", EVENTS)
    assert events["recording_id"].n_unique() == 3


def test_auto_imports_recordings_before_the_logs(study: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    write_rows(data / "sub-P01.csv", [make_row(k) for k in range(1, 301)])
    write_text(data / "sub-P01_task-faces_events.tsv", BIDS)
    write_text(data / "sub-P01.txt", format_facet([make_facet_row(k) for k in range(250)]))
    found = import_found([data], study, ImportSettings(shown=SHOWN))
    assert list(found.summaries) == ["openface", "facet", "bids"]
    events = read_table(study / "events.parquet", EVENTS).filter(trial_type="stimulus")
    assert events["stimulus"].to_list() == ["happiness_F1", "anger_F1"]


def test_auto_refuses_what_it_does_not_know(study: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no reader knows this file"):
        import_found([write_text(tmp_path / "a.csv", "a,b\n1,2\n")], study, ImportSettings())
    with pytest.raises(UnknownNameError):
        import_found([tmp_path], study, ImportSettings(options={"speling": 1}))


def test_every_reader_knows_only_its_own(tmp_path: Path) -> None:
    """The real and made files of the tests are each known by exactly one reader."""
    readers = load_readers({})
    data = write_mixed(tmp_path / "data")
    for name, program in (
        ("openface/P01.csv", "openface"),
        ("facet/P02.txt", "facet"),
        ("noldus/P03.txt", "facereader"),
    ):
        assert decide(data / name, readers).program == program
    assert decide(write_text(tmp_path / "x.csv", PSYCHOPY), readers).program == "psychopy"
    assert (
        decide(write_text(tmp_path / "x.json", json.dumps([{"trial_type": "a", "time_elapsed": 1}])), readers).program
        == "jspsych"
    )
    table = write_text(tmp_path / "t.csv", "recording,onset,emotion\nP01,1,joy\n")
    assert decide(table, readers).program == "events"

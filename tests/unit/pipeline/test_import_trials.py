"""Trials from exports and from rules, and other programs' files from the import to the measures."""

from pathlib import Path

import polars as pl
import pytest

from made_exports import format_affdex, format_facet, make_affdex_row, make_facet_row, make_slide_row, write_text
from mimicrylab.assets import fetch_asset
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.pipeline.import_blocks import place_in_blocks, read_blocks
from mimicrylab.pipeline.import_frames import import_frames
from mimicrylab.pipeline.import_trials import ShownNames, TrialRule, apply_rule, name_shown, read_rule
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.run import run_study
from mimicrylab.readers.events_table import ROW_SCHEMA
from mimicrylab.schemas import EVENTS, MEASURES
from mimicrylab.tables import read_table

RULE = read_rule("first=1.5 every=2.4 duration=1 emotions=happiness,anger,neutral")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_study(tmp_path / "study")
    return tmp_path / "study"


def test_a_rule_is_read_and_applied() -> None:
    rule = read_rule("first=1 every=2 duration=1.5 emotions=joy,sad")
    assert rule == TrialRule(1, 2, ("happiness", "sadness"), 1.5)
    recordings = pl.DataFrame({"recording_id": ["a", "b"], "duration_s": [6.0, 3.0]})
    rows = apply_rule(rule, recordings)
    assert rows.select("recording", "onset", "stimulus_emotion").rows() == [
        ("a", 1.0, "happiness"),
        ("a", 3.0, "sadness"),
        ("b", 1.0, "happiness"),
    ]
    assert rows["line"].is_unique().all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("first=1 every=2", "says too little"),
        ("first=1 every=x emotions=joy", "is not a number"),
        ("first=1 every=0 emotions=joy", "above 0"),
        ("first=1 every=2 emotions=joy at=3", "unknown part"),
        ("first=1 every=2 emotions=mirth", "unknown emotion"),
    ],
)
def test_a_rule_that_cannot_be_meant(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_rule(text)


def test_a_rule_without_room_is_refused() -> None:
    with pytest.raises(InputError, match="no trial"):
        apply_rule(RULE, pl.DataFrame({"recording_id": ["a"], "duration_s": [2.0]}))


def test_names_are_the_studys_with_or_without_an_ending() -> None:
    shown = ["happiness_F1.mp4", "C:\\media\\clip_7.avi", "baseline"]
    rows = pl.DataFrame(
        [{"line": n, "recording": "a", "onset": n, "stimulus": s} for n, s in enumerate(shown)], ROW_SCHEMA
    )
    stimuli = pl.DataFrame({"stimulus": ["happiness_F1", "anger_F1"]})
    named, notes = name_shown(rows, ShownNames({"clip_7": "anger_F1"}), stimuli=stimuli)
    assert named["stimulus"].to_list() == ["happiness_F1", "anger_F1", None]
    assert named["trial_type"].to_list() == ["stimulus", "stimulus", "other"]
    assert "'baseline'" in notes[0]
    assert name_shown(rows, ShownNames({}, {"baseline": "calm"}), stimuli=None)[0]["stimulus_emotion"][2] == "neutral"
    with pytest.raises(UnknownNameError):
        name_shown(rows, ShownNames({"clip_7": "nothing"}), stimuli=stimuli)


def make_affdex_export(*, smile: float) -> str:
    """Twelve seconds: a happy face from 3 s to 7 s, at which Smile rises by ``smile``; 25 samples a second."""
    rows = [make_affdex_row(40 * k, Smile=f"{1 + (smile if 75 <= k < 175 else 0):g}") for k in range(300)]
    marks = [
        make_slide_row(3000, "StartMedia", "happiness_F1.mp4"),
        make_slide_row(7000, "EndMedia", "happiness_F1.mp4"),
    ]
    return format_affdex([*rows[:75], marks[0], *rows[75:175], marks[1], *rows[175:]])


def test_affdex_expressions_are_measured_as_action_units(study: Path, tmp_path: Path) -> None:
    write_text(tmp_path / "exports/P01.csv", make_affdex_export(smile=30))
    summary = import_frames("affdex", [tmp_path / "exports"], study)
    assert summary.counts["events"] == 1
    events = read_table(study / "events.parquet", EVENTS)
    assert events.select("onset", "duration", "stimulus", "stimulus_emotion").row(0) == (
        3.0,
        4.0,
        "happiness_F1",
        "happiness",
    )
    assert events["file_page_error_s"][0] is not None
    assert run_study(study).report is not None
    measures = read_table(study / "measures.parquet", MEASURES)
    smile = measures.filter(signal="AU12", measure="mean").row(0, named=True)
    assert (smile["value"], smile["unit"], smile["coder"]) == (pytest.approx(30, abs=0.01), "0-100", "affdex")
    both = measures.filter(signal="happiness[AU12+AU25]", measure="mean").row(0, named=True)
    assert both["value"] == pytest.approx(15, abs=0.01)


def test_facets_evidence_is_measured_as_action_units(study: Path, tmp_path: Path) -> None:
    rows = [
        make_facet_row(k, stimulus="anger_F1" if 75 <= k < 175 else "slide 1", **{"AU4 Evidence": 2 if k >= 75 else -1})
        for k in range(300)
    ]
    write_text(tmp_path / "P01.txt", format_facet(rows))
    summary = import_frames("facet", [tmp_path / "P01.txt"], study)
    assert any("'slide 1'" in note for note in summary.notes)
    assert run_study(study).failed  # what comes before the stimulus is not known to be a baseline
    shown = ShownNames({"slide 1": "blank"})
    assert import_frames("facet", [tmp_path / "P01.txt"], study, shown=shown, replace=True).notes == ()
    assert not run_study(study).failed
    measures = read_table(study / "measures.parquet", MEASURES)
    brow = measures.filter(pl.col("trial").is_not_null(), signal="AU04", measure="mean")
    assert brow["value"].to_list() == [pytest.approx(3.0)]
    assert brow["unit"].to_list() == ["evidence (log odds)"]
    present = measures.filter(pl.col("trial").is_not_null(), signal="AU04", measure="presence")
    assert present["value"].to_list() == [1.0]


@pytest.mark.parametrize(
    ("program", "asset", "options", "rule"),
    [
        ("facet", "iMotions_Test_v5.txt", {}, RULE),
        ("facet", "iMotions_Test_v6.txt", {}, RULE),
        (
            "pyfeat",
            "pyfeat_001.csv",
            {"frames_per_second": 30.0},
            read_rule("first=.3 every=.5 duration=.4 emotions=joy"),
        ),
        ("openface", "OpenFace_Test.csv", {}, read_rule("first=.04 every=1 duration=.04 emotions=joy")),
    ],
)
def test_each_real_sample_reaches_a_report(
    study: Path, program: str, asset: str, options: dict[str, object], rule: TrialRule
) -> None:
    summary = import_frames(program, [fetch_asset(asset)], study, options=options, rule=rule)
    assert summary.counts["events"] > 0
    done = run_study(study)
    assert not done.failed
    assert done.report is not None


def test_trials_are_placed_in_blocks_in_order_of_time() -> None:
    onsets = [9.0, 1.0, 5.0, 3.0]
    rows = pl.DataFrame(
        [
            {"line": n, "recording": "a", "onset": onset, "trial_type": "stimulus" if onset != 3 else "blank"}
            for n, onset in enumerate(onsets)
        ],
        ROW_SCHEMA,
    )
    placed = place_in_blocks(rows, read_blocks("one=2:before,two=1:after"))
    assert placed.select("block", "phase").rows() == [
        ("two", "after"),
        ("one", "before"),
        ("one", "before"),
        (None, None),
    ]
    with pytest.raises(InputError, match="another number of trials"):
        place_in_blocks(rows, read_blocks("one=2"))


@pytest.mark.parametrize("text", ["one", "one=0", "one=2,one=3", "one=x:before", ""])
def test_blocks_that_cannot_be_meant(text: str) -> None:
    with pytest.raises(InputError):
        read_blocks(text)

"""A multiverse from frames to files: every specification has the number worked out by hand."""

from __future__ import annotations

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import MissingError, UnknownNameError
from mimicrylab.pipeline.measure import measure_study
from mimicrylab.pipeline.multiverse import run_multiverses
from mimicrylab.pipeline.quality import Override, judge_study
from mimicrylab.protocol.design import read_study
from mimicrylab.report.sections.multiverse import build_multiverse
from mimicrylab.report.source import read_source
from mimicrylab.schemas import EVENTS, FRAMES, PARTICIPANTS, RECORDINGS, STIMULI
from mimicrylab.stats.plan.multiverse import MultiverseResult
from mimicrylab.study import StudyFolder
from mimicrylab.tables import write_table
from unit.pipeline.small_study import MADE, list_events, make_frames, write

PEOPLE = 8
SMILES = {f"P{number}": 2 + number / 4 for number in range(PEOPLE)}
"""AU12 while a happy clip is shown; 1 otherwise: it rises by 1 to 2.75, 1.875 on average."""
RISE = 1.875
STUDY = """
version: 1
title: Eight people by formula
hypotheses: {H1: People smile at happy faces.}
stimuli:
  sets: {faces: {kind: clip, source: made up}}
blocks:
  - {name: faces, stimuli: {set: faces}, duration_s: 2, blank_s: 3}
coding: {coder: openface}
windows:
  response: {start_s: 0, stop_s: 2}
  longer: {start_s: 0, stop_s: 4}
measures:
  - {measure: mean}
  - {measure: peak}
  - {measure: presence, signals: [AU12]}
analyses:
  - id: smile
    hypothesis: H1
    model: one_sample
    outcome: {measure: mean, signals: [AU12], emotions: [happiness]}
multiverse:
  - analysis: smile
    measures: [peak]
    windows: [longer]
    baselines: [{method: none}, {method: difference, start_s: -6, stop_s: -4}]
    maximum_grades: [0]
    direction: positive
    draws: 199
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """P7 was graded 1 by hand."""
    made = StudyFolder(tmp_path_factory.mktemp("study") / "s")
    made.root.mkdir()
    made.study_file.write_text(STUDY, encoding="utf-8")
    for person, smile in SMILES.items():
        path = made.frames_path("openface", person)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(make_frames(person, (), smile=smile), path, FRAMES, MADE)
    write(made, PARTICIPANTS, [{"participant_id": p, "state": "finished", "excluded": False} for p in SMILES])
    stimuli = [("happy", "happiness", ["AU12", "AU25"]), ("calm", "neutral", [])]
    write(made, STIMULI, [{"stimulus": s, "set": "faces", "emotion": e, "action_units": u} for s, e, u in stimuli])
    size = {"segment": 0, "width": 640, "height": 480}
    write(made, RECORDINGS, [{"recording_id": p, "session_id": p, "participant_id": p, **size} for p in SMILES])
    write(made, EVENTS, [event for person in SMILES for event in list_events(person)])
    judge_study(made.root, overrides=(Override("P7", 1, "A. Observer", "a hand at the chin"),))
    measure_study(made.root)
    return made


@pytest.fixture(scope="module")
def result(folder: StudyFolder) -> MultiverseResult:
    return run_multiverses(folder.root).results[0]


def find(result: MultiverseResult, **choices: str) -> dict[str, object]:
    (row,) = result.table.filter(*[pl.col(name) == value for name, value in choices.items()]).iter_rows(named=True)
    return row


@pytest.mark.parametrize(
    ("measure", "window", "baseline", "grade", "estimate"),
    [
        ("mean", "response", "difference [-1, 0)", "2", RISE),
        ("mean", "longer", "difference [-1, 0)", "2", RISE / 2),
        ("mean", "response", "none", "2", RISE + 1),
        ("peak", "longer", "difference [-1, 0)", "2", RISE),
        ("mean", "response", "difference [-1, 0)", "0", sum(SMILES[f"P{k}"] - 1 for k in range(7)) / 7),
    ],
)
def test_each_specification_is_computed_from_the_frames(
    result: MultiverseResult, measure: str, window: str, baseline: str, grade: str, estimate: float
) -> None:
    row = find(result, measure=measure, window=window, baseline=baseline, maximum_grade=grade)
    assert row["estimate"] == pytest.approx(estimate, abs=1e-5)
    assert row["n"] == (7 if grade == "0" else 8)


def test_what_cannot_be_computed_has_its_reason_and_the_rest_goes_on(result: MultiverseResult) -> None:
    early = pl.col("baseline") == "difference [-6, -4)"  # the clip before is shown then
    assert result.table.height == 24
    assert result.table.filter(early)["state"].to_list() == ["not possible"] * 8
    assert result.table.filter(early)["reason"].null_count() == 0
    assert result.table.filter(~early)["estimate"].null_count() == 0
    assert result.notes[0].startswith("8 of 24 specifications have no result (8: ")


def test_all_specifications_are_tested_jointly(result: MultiverseResult) -> None:
    median, count = result.joint
    assert median.p == pytest.approx(1 / 200, abs=0.01)
    assert count.estimate is not None
    assert count.estimate > 0.9
    assert result.standing == "exploratory"


def test_values_lie_in_a_table_of_their_own(folder: StudyFolder, result: MultiverseResult) -> None:
    values = pl.read_parquet(folder.analyses / "smile" / "multiverse.parquet")
    assert values["measure"].str.starts_with("set").all()
    assert set(pl.read_parquet(folder.table_path("measures"))["measure"]) == {"mean", "peak", "presence"}
    assert result.table["specification"].n_unique() == 24


def test_what_is_up_to_date_is_not_computed_again(folder: StudyFolder, result: MultiverseResult) -> None:
    path = folder.analyses / "smile" / "multiverse.json"
    before = path.read_bytes()
    again = run_multiverses(folder.root)
    assert again.up_to_date == ("smile",)
    assert again.results[0].table.equals(result.table)
    forced = run_multiverses(folder.root, force=True)
    assert forced.up_to_date == ()
    assert path.read_bytes() == before


def test_the_report_shows_it(folder: StudyFolder, result: MultiverseResult) -> None:
    section = build_multiverse(read_source(folder, read_study(folder.study_file)))
    assert section is not None
    assert len(section.estimates) == len(result.joint)
    names = [item.name for item in section.items if hasattr(item, "name")]
    assert names == ["multiverse-smile", "multiverse-smile"]  # the figure and its table


def test_the_command_runs_the_plan_and_its_multiverse(folder: StudyFolder) -> None:
    done = CliRunner().invoke(app, ["analyse", str(folder.root), "--multiverse"])
    assert done.exit_code == 0
    assert "multiverse of smile" in done.output
    listed = CliRunner().invoke(app, ["analyse", str(folder.root), "--multiverse", "--json"])
    (line,) = json.loads(listed.stdout)["multiverse"]
    assert line["declared"] == pytest.approx(RISE, abs=1e-5)


def test_a_multiverse_that_is_not_declared_is_missing(folder: StudyFolder) -> None:
    with pytest.raises(UnknownNameError, match="'smiles'"):
        run_multiverses(folder.root, only=["smiles"])
    text = folder.study_file.read_text(encoding="utf-8")
    try:
        folder.study_file.write_text(text[: text.index("multiverse:")], encoding="utf-8")
        with pytest.raises(MissingError, match="names no multiverse"):
            run_multiverses(folder.root)
        assert build_multiverse(read_source(folder, read_study(folder.study_file))) is None
    finally:
        folder.study_file.write_text(text, encoding="utf-8")


def test_a_report_says_that_a_multiverse_is_older_than_its_data(folder: StudyFolder, result: MultiverseResult) -> None:
    del result
    assert not [one for one in read_source(folder, read_study(folder.study_file)).stale if "multiverse" in one]
    text = folder.study_file.read_text(encoding="utf-8")
    try:
        folder.study_file.write_text(text.replace("stop_s: 4", "stop_s: 3"), encoding="utf-8")
        stale = read_source(folder, read_study(folder.study_file)).stale
        assert any(one.startswith("analyses/smile/multiverse.json was made with other settings") for one in stale)
    finally:
        folder.study_file.write_text(text, encoding="utf-8")

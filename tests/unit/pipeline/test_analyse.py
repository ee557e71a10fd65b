"""The verb analyse, from the tables of a study to its folder of results."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import MissingError, StudyFileError, UnknownNameError
from mimicrylab.pipeline.analyse import analyse_study
from mimicrylab.pipeline.run import run_study
from mimicrylab.protocol.design import read_study
from mimicrylab.report.source import read_source
from mimicrylab.schemas import TABLES
from mimicrylab.stats.plan.permute import PERMUTED_NOTE
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.storage import read_results
from mimicrylab.study import open_study
from mimicrylab.tables import Provenance, write_table

STUDY = """
version: 1
title: Twelve people by formula
hypotheses: {H1: The drug makes people smile more., H2: Older people smile more.}
assignment:
  arms: [{name: drug}, {name: placebo}]
  kits_per_stratum: 12
  block_sizes: [2]
stimuli:
  sets: {faces: {kind: clip, source: made up}}
blocks:
  - {name: faces, stimuli: {set: faces}, duration_s: 2}
baseline: {method: none}
measures: [{measure: mean}]
analyses:
  - id: effect
    hypothesis: H1
    model: two_groups
    outcome: {measure: mean, signals: [AU12]}
    predictors: [{name: treatment, kind: treatment}]
  - id: age_and_smile
    hypothesis: H2
    model: correlation
    outcome: {measure: mean, signals: [AU12]}
    predictors: [{name: age, kind: trait}]
  - id: no_brow
    hypothesis: H2
    standing: exploratory
    model: one_sample
    outcome: {measure: mean, signals: [AU04]}
"""
PEOPLE = 12


def write_study(folder: Path, *, open_arms: bool) -> Path:
    """Write a study of twelve people; AU12 is 1 + age / 100 (+ 1 with the drug) and a little that is each one's own."""
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    participants, measures = [], []
    for index in range(PEOPLE):
        person, drug, age = f"P{index:02d}", index % 2 == 0, 20.0 + (index * 7) % 40
        participants.append(
            {"participant_id": person, "kit": f"K{index}", "age": age, "state": "finished", "excluded": False}
        )
        own = 0.1 * ((index * 5) % 7 - 3)
        for trial in (0, 1):
            measures.append(
                {
                    "participant_id": person,
                    "session_id": f"{person}-v",
                    "recording_id": f"{person}-v",
                    "coder": "openface",
                    "block": "faces",
                    "block_role": "test",
                    "trial": trial,
                    "stimulus_emotion": "happiness",
                    "model_id": f"M{trial}",
                    "signal": "AU12",
                    "measure": "mean",
                    "window_start_s": 0.0,
                    "window_stop_s": 2.0,
                    "value": 1 + age / 100 + own + drug + 0.01 * trial,
                    "unit": "0-5",
                    "n_frames": 60,
                    "share_valid": 1.0,
                }
            )
    arms = [{"kit": f"K{index}", "arm": "drug" if index % 2 == 0 else "placebo"} for index in range(PEOPLE)]
    tables = {"participants": participants, "measures": measures} | ({"arms": arms} if open_arms else {})
    for name, rows in tables.items():
        schema = {column.name: column.dtype for column in TABLES[name].columns}
        write_table(pl.DataFrame(rows, schema=schema), folder / f"{name}.parquet", TABLES[name], Provenance("made"))
    return folder


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    return write_study(tmp_path, open_arms=True)


def find(folder: Path, identity: str) -> AnalysisResult:
    stored = read_results(folder / "analyses")
    assert stored is not None
    return next(result for result in stored.results if result.analysis.id == identity)


def test_the_plan_is_run_and_stored_with_the_table_of_each_analysis(opened: Path) -> None:
    summary = analyse_study(opened)
    assert [(line.id, line.state) for line in summary.lines] == [
        ("effect", "done"),
        ("age_and_smile", "done"),
        ("no_brow", "not possible"),
    ]
    assert (summary.labels, summary.people, summary.permuted) == ("open", 12, False)
    assert summary.lines[0].text.startswith("drug - placebo = ")
    assert "AU04 is not measured" in summary.lines[2].text
    effect = find(opened, "effect")
    data = effect.data.sort("participant_id")
    values = pl.read_parquet(opened / "measures.parquet").group_by("participant_id").agg(pl.col("value").mean())
    assert data["mean"].to_list() == pytest.approx(values.sort("participant_id")["value"].to_list())
    arms = data.group_by("treatment").agg(pl.col("mean").mean()).sort("treatment")["mean"]
    assert effect.estimates[0].estimate == pytest.approx(arms[0] - arms[1])
    log = json.loads((opened / "log" / "steps.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (log["step"], log["analyses"], log["done"], log["labels"]) == ("analyse", 3, 2, "open")


def test_what_is_up_to_date_is_not_run_again_and_a_change_is_noticed(opened: Path) -> None:
    first = analyse_study(opened)
    before = (opened / "analyses" / "results.json").read_bytes()
    again = analyse_study(opened)
    assert (first.up_to_date, again.up_to_date) == (False, True)
    assert again.lines == first.lines
    study = opened / "study.yaml"
    study.write_text(study.read_text().replace("title: Twelve", "title: A dozen"), encoding="utf-8")
    assert analyse_study(opened).up_to_date  # a title changes no result
    study.write_text(study.read_text().replace("model: correlation", "model: correlation\n    method: spearman"))
    assert not analyse_study(opened).up_to_date
    assert (opened / "analyses" / "results.json").read_bytes() != before


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        analyse_study(write_study(tmp_path / name, open_arms=True))
        folder = tmp_path / name / "analyses"
        made.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert made[0] == made[1]


def test_while_the_list_is_sealed_arms_are_drawn_at_random_and_every_place_says_so(tmp_path: Path) -> None:
    folder = write_study(tmp_path, open_arms=False)
    summary = analyse_study(folder)
    assert (summary.labels, summary.permuted, summary.lines[0].labels) == ("permuted", True, "permuted")
    assert summary.lines[1].labels == "none"  # age and smile have to do with no arm
    assert PERMUTED_NOTE in summary.notes
    stored = json.loads((folder / "analyses" / "results.json").read_text())
    assert (stored["labels"], stored["analyses"][0]["labels"]) == ("permuted", "permuted")
    shown = CliRunner().invoke(app, ["analyse", str(folder)])
    assert "[dry run] drug - placebo" in shown.output
    assert "DRY RUN: the list of kits is sealed" in shown.output


def test_a_dry_run_is_called_old_once_the_arms_are_known_and_is_run_again(tmp_path: Path) -> None:
    folder = write_study(tmp_path, open_arms=False)
    analyse_study(folder)
    write_study(folder, open_arms=True)
    stale = read_source(open_study(folder), read_study(folder / "study.yaml")).stale
    assert "analyses/results.json is a dry run on arms drawn at random, and the arms are known now" in stale
    assert analyse_study(folder).labels == "open"


def test_reports_call_results_of_another_plan_or_table_out_of_date(opened: Path) -> None:
    analyse_study(opened)

    def list_stale() -> tuple[str, ...]:
        return read_source(open_study(opened), read_study(opened / "study.yaml")).stale

    assert list_stale() == ()
    study = opened / "study.yaml"
    study.write_text(study.read_text().replace("model: correlation", "model: correlation\n    method: kendall"))
    assert list_stale() == ("analyses/results.json was made with other settings than study.yaml has now (analyses)",)
    changed = pl.read_parquet(opened / "measures.parquet").with_columns(pl.col("value") + 1)
    write_table(changed, opened / "measures.parquet", TABLES["measures"], Provenance("made"))
    assert "analyses/results.json was made from another version of measures.parquet" in list_stale()


def test_one_analysis_is_run_with_its_family_and_keeps_the_others_results(opened: Path) -> None:
    seen: list[str] = []
    one = analyse_study(opened, only=["effect"], watch=lambda result, *_: seen.append(result.analysis.id))
    assert (seen, [line.id for line in one.lines]) == (["effect"], ["effect"])
    analyse_study(opened)
    assert find(opened, "age_and_smile").state == "done"
    seen.clear()
    analyse_study(opened, only=["no_brow"], force=True, watch=lambda result, *_: seen.append(result.analysis.id))
    assert seen == ["no_brow"]
    stored = read_results(opened / "analyses")
    assert stored is not None
    assert [result.analysis.id for result in stored.results] == ["effect", "age_and_smile", "no_brow"]


def test_what_cannot_be_run_is_an_error(opened: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'effect'"):
        analyse_study(opened, only=["efect"])
    (opened / "participants.parquet").unlink()
    with pytest.raises(MissingError, match="no participants yet"):
        analyse_study(opened)
    study = opened / "study.yaml"
    study.write_text(STUDY[: STUDY.index("analyses:")])
    with pytest.raises(MissingError, match="no analysis is planned"):
        analyse_study(opened)
    study.write_text(STUDY.replace("model: correlation", "model: corelation"))
    with pytest.raises(StudyFileError, match=r"analyses\.1\.model"):
        analyse_study(opened)


def test_run_does_it_and_names_what_was_not_possible(opened: Path) -> None:
    steps = {step.step: step for step in run_study(opened).steps}
    assert steps["analyse"].state == "done"
    assert steps["analyse"].text == "2 of 3 analyses"
    (detail,) = steps["analyse"].details
    assert detail.startswith("no_brow not possible: ")
    again = {step.step: step for step in run_study(opened).steps}
    assert again["analyse"].state == "up to date"


def test_without_people_run_skips_the_plan(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    steps = {step.step: step for step in run_study(tmp_path).steps}
    assert steps["analyse"].state == "skipped"


def test_the_command_prints_a_line_an_analysis_and_json_for_scripts(opened: Path) -> None:
    shown = CliRunner().invoke(app, ["analyse", str(opened)])
    assert shown.exit_code == 1  # one of the three is not possible
    assert "NOT POSSIBLE: outcome 'mean': AU04 is not measured" in shown.output
    assert "2 of 3 analyses done; 12 people" in shown.output
    told = json.loads(CliRunner().invoke(app, ["analyse", str(opened), "--only", "effect", "--json"]).stdout)
    assert told["lines"][0]["id"] == "effect"
    assert told["permuted"] is False


def test_a_summary_of_nothing_undone_is_whole(opened: Path) -> None:
    summary = analyse_study(opened, only=["effect"])
    assert summary.not_done == ()
    assert replace(summary, lines=()).permuted is False

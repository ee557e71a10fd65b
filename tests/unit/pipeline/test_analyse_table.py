"""The verb analyse on a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import ConflictError, MissingError
from mimicrylab.pipeline.analyse_table import analyse_table
from mimicrylab.stats.plan.storage import read_results

PLAN = """version: 1
hypotheses: {H1: Groups differ.}
analyses:
  - id: groups
    hypothesis: H1
    model: two_groups
    outcome: {score: EQ}
    predictors: [{name: group, kind: trait}]
"""
ROWS = [("a", 41.0), ("a", 44.0), ("a", 46.0), ("a", 43.0), ("b", 50.0), ("b", 53.0), ("b", 49.0), ("b", 52.5)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    lines = [f"P{index},{group},{value}" for index, (group, value) in enumerate(ROWS)]
    (tmp_path / "data.csv").write_text("\n".join(["id,group,EQ", *lines]) + "\n", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def test_a_plan_runs_on_a_table_and_its_results_lie_beside_it(table: Path) -> None:
    summary = analyse_table(table / "data.csv", table / "plan.yaml")
    assert summary.folder == table / "data-analyses"
    stored = read_results(summary.folder)
    assert stored is not None
    estimate = stored.results[0].estimates[0]
    assert (estimate.term, estimate.estimate, estimate.n) == ("a - b", pytest.approx(43.5 - 51.125), 8)
    assert stored.provenance.inputs.keys() == {"data.csv", "plan.yaml"}


def test_a_report_lies_beside_the_results_and_links_the_very_tables(table: Path) -> None:
    summary = analyse_table(table / "data.csv", table / "plan.yaml")
    assert summary.report == table / "data-analyses" / "report" / "report.html"
    page = summary.report.read_text(encoding="utf-8")
    assert "H1: Groups differ." in page
    assert "person is the column &#39;id&#39;" in page
    assert 'href="../groups/data.csv"' in page
    assert (summary.report.parent / "../groups/data.csv").is_file()
    again = analyse_table(table / "data.csv", table / "plan.yaml", force=True)
    assert again.report is not None
    assert again.report.read_text(encoding="utf-8") == page


def test_what_is_up_to_date_is_not_run_again(table: Path) -> None:
    analyse_table(table / "data.csv", table / "plan.yaml")
    assert analyse_table(table / "data.csv", table / "plan.yaml").up_to_date
    assert not analyse_table(table / "data.csv", table / "plan.yaml", seed=7).up_to_date
    with (table / "data.csv").open("a", encoding="utf-8") as stream:
        stream.write("P9,b,51\n")
    assert analyse_table(table / "data.csv", table / "plan.yaml").people == 9


def test_a_folder_is_no_table(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(table)
    with pytest.raises(MissingError, match="no such table"):
        analyse_table(Path(), Path("plan.yaml"))


def test_a_folder_of_other_files_is_left_alone(table: Path) -> None:
    with pytest.raises(ConflictError, match="holds other files"):
        analyse_table(table / "data.csv", table / "plan.yaml", output=table)
    with pytest.raises(ConflictError, match="a file, not a folder"):
        analyse_table(table / "data.csv", table / "plan.yaml", output=table / "data.csv")


def test_the_command_says_what_was_taken_for_what(table: Path) -> None:
    arguments = ["analyse", "--data", str(table / "data.csv"), "--plan", str(table / "plan.yaml")]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0, shown.output
    assert "person is the column 'id' (by its name; another: columns in the plan file)" in shown.output
    assert "1 of 1 analysis done; 8 people\n" in shown.output
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert told["notes"][0] == "one row a person"


@pytest.mark.parametrize(
    "arguments",
    [["--data", "data.csv"], ["--plan", "plan.yaml"], [".", "--data", "d.csv", "--plan", "p.yaml"], ["--output", "x"]],
)
def test_options_that_do_not_fit_together_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["analyse", *arguments]).exit_code == 2

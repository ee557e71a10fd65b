"""The verb run: what is left is done, what cannot be done is named, the rest goes on."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import MissingError
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.run import StepResult, run_study
from mimicrylab.pipeline.simulate import simulate_study


def list_states(steps: tuple[StepResult, ...]) -> dict[str, str]:
    return {step.step: step.state for step in steps}


def test_study_without_recordings_gets_a_report_that_says_so(tmp_path: Path) -> None:
    root = tmp_path / "study"
    create_study(root, template="minimal")
    summary = run_study(root)
    assert list_states(summary.steps) == {
        "code": "skipped",
        "quality": "skipped",
        "measure": "skipped",
        "report": "done",
    }
    assert "import recordings" in summary.steps[0].text
    assert summary.report is not None


@pytest.mark.parametrize("template", ["minimal", "classic", "oxytocin", "empathy"])
def test_simulated_study_of_every_template_runs_to_its_report(tmp_path: Path, template: str) -> None:
    root = tmp_path / template
    simulate_study(root, template=template, participants=4, seed=3)
    heard: list[StepResult] = []
    summary = run_study(root, watch=heard.append)
    assert tuple(heard) == summary.steps
    states = list_states(summary.steps)
    assert states["code"] == "skipped"
    assert (states["quality"], states["measure"], states["report"]) == ("done", "done", "done")
    measures = pl.read_parquet(root / "measures.parquet")
    assert measures["value"].is_not_null().mean() > 0.5  # type: ignore[operator]


def test_step_that_fails_is_named_and_the_report_is_written_all_the_same(tmp_path: Path) -> None:
    root = tmp_path / "study"
    simulate_study(root, template="minimal", participants=3, seed=3)
    frames = next((root / "frames").rglob("*.parquet"))
    frames.write_bytes(b"no parquet")
    summary = run_study(root)
    states = list_states(summary.steps)
    assert states["measure"] == "failed"
    assert states["report"] == "done"
    assert summary.failed
    shown = CliRunner().invoke(app, ["run", str(root)])
    assert shown.exit_code == 1
    assert frames.name in shown.output


def test_folder_that_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"study\.yaml"):
        run_study(tmp_path)

"""The command ``mimicrylab plan``."""

import json
from pathlib import Path

from typer.testing import CliRunner

from mimicrylab.cli.main import app
from unit.protocol.study_texts import write_study
from unit.protocol.test_deviations import MANIFEST, PLAN

RUNNER = CliRunner()


def test_a_plan_is_shown_frozen_and_compared(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", PLAN, MANIFEST)
    shown = RUNNER.invoke(app, ["plan", str(folder)])
    assert shown.exit_code == 0
    assert "#### mimicry" in shown.stdout
    assert "not frozen yet: mimicrylab plan --freeze" in shown.stdout
    assert "participants.planned_because: why so many" in shown.stdout

    frozen = RUNNER.invoke(app, ["plan", str(folder), "--freeze"])
    assert frozen.exit_code == 0
    assert (folder / "plan" / "preregistration.html").is_file()
    again = RUNNER.invoke(app, ["plan", str(folder), "--freeze"])
    assert "nothing has changed since version 1" in again.stdout

    (folder / "study.yaml").write_text(PLAN.replace("planned: 40", "planned: 60"), encoding="utf-8")
    later = RUNNER.invoke(app, ["plan", str(folder)])
    assert "1 deviation from it:" in later.stdout
    state = json.loads(RUNNER.invoke(app, ["plan", str(folder), "--json"]).stdout)
    assert state["frozen"]["version"] == 1
    assert state["deviations"] == [{"part": "sample", "setting": "participants.planned", "was": "40", "is": "60"}]
    assert state["sha256"] != state["frozen"]["sha256"]
    second = json.loads(RUNNER.invoke(app, ["plan", str(folder), "--freeze", "--json"]).stdout)
    assert second["version"] == 2
    assert second["changes"] == ["participants.planned (number of participants planned): was 40, is 60"]

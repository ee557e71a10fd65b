import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.pipeline.new import create_study
from mimicrylab.protocol.reference import render_schema


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return create_study(tmp_path / "study", template="empathy").folder.root


def test_a_sound_study_prints_its_timeline_and_exits_0(study: Path) -> None:
    result = run(str(study))
    assert result.exit_code == 0
    assert "session online (online): about 20 min" in result.output
    assert "trials analysed: 28 (anger 4, " in result.output
    assert "missing before participants can take part" in result.output
    assert result.output.rstrip().endswith("no mistakes")


def test_the_study_file_itself_can_be_named(study: Path) -> None:
    assert run(str(study / "study.yaml")).output == run(str(study)).output


def test_another_seed_is_another_participant(study: Path) -> None:
    one, other = run(str(study), "--trials").output, run(str(study), "--trials", "--seed", "2").output
    assert one != other
    assert one == run(str(study), "--trials").output


def test_mistakes_exit_1_with_their_lines(study: Path) -> None:
    file = study / "study.yaml"
    file.write_text(file.read_text().replace("duration_s: 10", "duraton_s: 10", 1))
    result = run(str(study))
    assert result.exit_code == 1
    line = next(n for n, text in enumerate(file.read_text().splitlines(), start=1) if "duraton_s" in text)
    assert f"  - study.yaml:{line}: blocks.0.duraton_s: unknown (did you mean 'duration_s'?)" in result.output


def test_a_script_gets_the_same_as_json(study: Path) -> None:
    found = json.loads(run(str(study), "--json").output)
    assert found["sound"] is True
    assert found["visits"][0]["trials"]["neutral"] == 4
    (study / "study.yaml").write_text("version: 1\n")
    broken = run(str(study), "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.output)["mistakes"][0] == "study.yaml:1: blocks: missing"


def test_the_schema_is_printed_without_a_study(tmp_path: Path) -> None:
    result = run(str(tmp_path), "--schema")
    assert result.exit_code == 0
    assert result.output == render_schema()

import json
from pathlib import Path

from typer.testing import CliRunner

from mimicrylab.cli.main import app


def run(*arguments: str):
    return CliRunner().invoke(app, ["simulate", *arguments])


def test_says_what_was_made_and_what_to_do_next(tmp_path: Path) -> None:
    out = tmp_path / "study"
    result = run("--template", "minimal", "--participants", "2", "--out", str(out))
    assert result.exit_code == 0
    assert "2 simulated people" in result.output
    assert "none of them exists" in result.output
    assert f"next: mimicrylab run {out}" in result.output
    assert "passphrase" not in result.output


def test_json_holds_the_folder_the_counts_and_the_passphrase(tmp_path: Path) -> None:
    result = run("--template", "oxytocin", "--participants", "2", "--seed", "4", "--out", str(tmp_path / "s"), "--json")
    facts = json.loads(result.stdout)
    assert facts["folder"] == str(tmp_path / "s")
    assert (facts["template"], facts["participants"], facts["seed"]) == ("oxytocin", 2, 4)
    assert facts["frames"] > 1000
    assert "simulated" in facts["passphrase"]


def test_words_where_a_number_belongs_are_a_wrong_command_line(tmp_path: Path) -> None:
    assert run("--participants", "many", "--out", str(tmp_path / "s")).exit_code == 2

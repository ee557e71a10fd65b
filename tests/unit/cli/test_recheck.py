"""The command ``mimicrylab recheck``."""

import json
from pathlib import Path

from typer.testing import CliRunner

from mimicrylab.cli.main import app

RUNNER = CliRunner()


def test_an_example_is_checked_and_the_exit_code_says_that_something_contradicts_itself() -> None:
    result = RUNNER.invoke(app, ["recheck", "--example", "pavarini-2019"])
    assert result.exit_code == 1
    assert "printed: F(1, 143)" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("6 contradictions")


def test_the_file_of_an_example_is_printed_to_start_from_and_gives_the_same(tmp_path: Path) -> None:
    shown = RUNNER.invoke(app, ["recheck", "--example", "kovalchuk-2022", "--show"])
    assert shown.exit_code == 0
    file = tmp_path / "paper.yaml"
    file.write_text(shown.stdout, encoding="utf-8")
    found = json.loads(RUNNER.invoke(app, ["recheck", str(file), "--json"]).stdout)
    example = json.loads(RUNNER.invoke(app, ["recheck", "--example", "kovalchuk-2022", "--json"]).stdout)
    assert found == example
    assert [each["kind"] for each in found["findings"]].count("slip") == 5


def test_a_sound_file_is_passed_with_one_line_and_exit_code_0(tmp_path: Path) -> None:
    file = tmp_path / "paper.yaml"
    file.write_text("version: 1\ntitle: Sound\ncorrelations: [{id: r, n: 50, r: .30, p: .034}]\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["recheck", str(file)])
    assert result.exit_code == 0
    assert result.stdout == "Sound: 1 result checked, nothing contradicts itself\n"

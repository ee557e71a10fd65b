import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import RefusedError
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.seal import seal_study


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["unblind", *arguments])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_study(tmp_path / "study", template="oxytocin")
    seal_study(tmp_path / "study", passphrase="four random words", codes=tmp_path / "codes.csv", cost=16)
    (tmp_path / "secret").write_text("four random words\n")
    return tmp_path / "study"


def test_the_whole_list(study: Path) -> None:
    result = run(str(study), "--by", "A", "--passphrase-file", str(study.parent / "secret"), "--json")
    assert result.exit_code == 0
    assert json.loads(result.output) == {"arms": str(study / "arms.parquet")}


def test_one_code_with_the_passphrase_or_its_own_code(study: Path) -> None:
    emergency = (str(study), "--by", "A", "--emergency", "--kit", "K0001", "--reason", "rash")
    with_passphrase = run(*emergency, "--passphrase-file", str(study.parent / "secret"))
    code = (study.parent / "codes.csv").read_text().splitlines()[1].split(",")[1]
    (study.parent / "code").write_text(code)
    with_code = run(*emergency, "--code-file", str(study.parent / "code"), "--json")
    assert with_passphrase.output.strip() == "kit K0001: " + json.loads(with_code.output)["arm"]
    assert not (study / "arms.parquet").exists()


def test_a_wrong_passphrase_is_refused(study: Path) -> None:
    (study.parent / "secret").write_text("five other random words")
    result = run(str(study), "--by", "A", "--passphrase-file", str(study.parent / "secret"))
    assert isinstance(result.exception, RefusedError)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--by", "A", "--kit", "K0001"),
        ("--by", "A", "--emergency", "--kit", "K0001"),
        ("--by", "A", "--emergency", "--reason", "rash"),
        ("--by", "A", "--emergency", "--kit", "K1", "--reason", "r", "--code-file", "a", "--passphrase-file", "b"),
    ],
)
def test_command_lines_that_are_wrong(study: Path, options: tuple[str, ...]) -> None:
    assert run(str(study), *options).exit_code == 2

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import ConflictError, InputError, MissingError


def run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["new", *arguments], input=answer)


def test_a_new_study_names_what_to_read_next(tmp_path: Path) -> None:
    result = run(str(tmp_path / "study"), "--template", "empathy")
    assert result.exit_code == 0
    assert "a new study from the template 'empathy'" in result.output
    assert f"mimicrylab check {tmp_path / 'study'}" in result.output
    assert (tmp_path / "study" / "study.yaml").is_file()


def test_minimal_is_the_template_where_none_is_named(tmp_path: Path) -> None:
    assert "template 'minimal'" in run(str(tmp_path / "study")).output


def test_a_study_can_be_made_and_sealed_at_once_or_later(tmp_path: Path) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.write_text("four random words here\nsecond line\n")
    options = ("--seal", "--passphrase-file", str(secret))
    at_once = run(str(tmp_path / "one"), "--template", "oxytocin", *options, "--pharmacy-list", str(tmp_path / "l.csv"))
    assert at_once.exit_code == 0
    assert "200 kits are sealed" in at_once.output
    assert f"written for the third party only: {tmp_path / 'l.csv'}" in at_once.output
    run(str(tmp_path / "two"), "--template", "oxytocin")
    later = run(str(tmp_path / "two"), *options, "--seed", "7")
    assert later.exit_code == 0
    assert "a new study" not in later.output


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, MissingError),
        (b"", InputError),
        (b"\n", InputError),
        (b"short", InputError),
        (b"\xff\xfe\x00", InputError),
    ],
)
def test_a_passphrase_that_cannot_be_used_is_told_so(
    tmp_path: Path, content: bytes | None, error: type[Exception]
) -> None:
    run(str(tmp_path / "study"), "--template", "oxytocin")
    secret = tmp_path / "passphrase.txt"
    if content is not None:
        secret.write_bytes(content)
    result = run(str(tmp_path / "study"), "--seal", "--passphrase-file", str(secret))
    assert isinstance(result.exception, error)
    assert not (tmp_path / "study" / "assignment").exists()


def test_without_a_terminal_the_passphrase_must_come_from_a_file(tmp_path: Path) -> None:
    run(str(tmp_path / "study"), "--template", "oxytocin")
    result = run(str(tmp_path / "study"), "--seal")
    assert isinstance(result.exception, InputError)
    assert "--passphrase-file" in str(result.exception)


def test_options_that_contradict_each_other(tmp_path: Path) -> None:
    assert run(str(tmp_path / "study"), "--seed", "1").exit_code == 2
    run(str(tmp_path / "study"))
    again = run(str(tmp_path / "study"), "--template", "oxytocin", "--seal")
    assert isinstance(again.exception, ConflictError)
    assert "leave out --template" in str(again.exception)
    assert isinstance(run(str(tmp_path / "none"), "--seal").exception, (MissingError, InputError))

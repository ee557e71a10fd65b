from pathlib import Path

import pytest

from mimicrylab.errors import ConflictError, InputError, UnknownNameError
from mimicrylab.pipeline.new import create_study
from mimicrylab.protocol.study_check import check_folder
from mimicrylab.protocol.templates import TEMPLATES, read_template


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_new_study_is_the_template_byte_for_byte_and_passes_its_check(name: str, tmp_path: Path) -> None:
    made = create_study(tmp_path / "deep" / "study", template=name)
    for path, text in read_template(name).items():
        assert (made.folder.root / path).read_bytes() == text.encode()
    assert check_folder(made.folder.root).mistakes == ()
    assert (made.folder.log / "steps.jsonl").read_text().count(f'"template": "{name}"') == 1


def test_an_empty_folder_is_filled_and_one_with_files_is_left_alone(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    create_study(empty)
    before = {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()}
    with pytest.raises(ConflictError, match="there is a study already"):
        create_study(empty, template="classic")
    assert {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()} == before


def test_a_folder_with_something_else_or_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    with pytest.raises(ConflictError, match="a folder with files"):
        create_study(tmp_path / "notes")
    with pytest.raises(ConflictError, match="a file of this name"):
        create_study(tmp_path / "notes" / "a.txt")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "notes"]


def test_a_place_where_nothing_can_be_written_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be made there"):
        create_study(tmp_path / "file" / "study")


def test_an_unknown_template_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        create_study(tmp_path / "study", template="empaty")
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mimicrylab.pipeline.new as new

    def break_off(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(new, "append_log", break_off)
    with pytest.raises(OSError, match="no space"):
        create_study(tmp_path / "study")
    assert list(tmp_path.iterdir()) == []

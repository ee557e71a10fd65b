from pathlib import Path

import pytest

from mimicrylab.errors import MissingError, StudyFileError
from mimicrylab.protocol.design import load_study, parse_study, read_study
from mimicrylab.protocol.templates import TEMPLATES, read_template
from unit.protocol.study_texts import SMALL, read


def test_a_study_is_read_from_its_file_or_its_folder(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(SMALL)
    assert read_study(tmp_path) == read_study(tmp_path / "study.yaml")
    assert read_study(tmp_path).title == "Small study"


def test_without_sessions_one_visit_shows_all_blocks_in_order() -> None:
    study = read(SMALL + "  - {name: second, stimuli: {set: faces}, duration_s: 4, blank_s: 2}\n")
    assert [step.block for visit in study.visits for step in visit.steps] == ["first", "second"]
    assert study.block("second").name == "second"


def test_one_mistake_stands_in_the_first_line_of_the_message(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(SMALL.replace("duration_s", "duraton_s").replace("image", "clip"))
    with pytest.raises(StudyFileError) as caught:
        read_study(tmp_path)
    assert str(caught.value) == "study.yaml:9: blocks.0.duraton_s: unknown (did you mean 'duration_s'?)"


def test_several_mistakes_are_counted_and_listed(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(SMALL.replace("blank_s: 2", "blnk_s: 2\n    role: tst"))
    with pytest.raises(StudyFileError) as caught:
        read_study(tmp_path)
    assert str(caught.value).splitlines()[0] == "2 mistakes in the study file"
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()[1:]] == [
        "  study.yaml:10",
        "  study.yaml:11",
    ]


def test_no_file_is_an_error_that_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="mimicrylab new"):
        read_study(tmp_path)


def test_a_file_in_another_encoding_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_bytes("version: 1\ntitle: Müller\n".encode("latin-1"))
    assert [m.describe("study.yaml") for m in load_study(tmp_path).mistakes] == [
        "study.yaml:2: the file is not in UTF-8; save it as UTF-8 in the editor"
    ]


@pytest.mark.parametrize("name", TEMPLATES)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(name: str, tmp_path: Path) -> None:
    text = read_template(name)["study.yaml"]
    (tmp_path / "study.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_study(tmp_path) == parse_study(text).study


def test_a_study_cannot_be_changed_after_reading() -> None:
    study = read(SMALL)
    with pytest.raises(ValueError, match="frozen"):
        study.title = "another"  # type: ignore[misc]

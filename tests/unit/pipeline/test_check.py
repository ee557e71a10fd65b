from pathlib import Path

import pytest

from mimicrylab.errors import MissingError
from mimicrylab.pipeline.check import check_study
from mimicrylab.pipeline.new import create_study
from mimicrylab.protocol.templates import TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_done_by_the_coder_and_the_measures_that_there_are(name: str, tmp_path: Path) -> None:
    found = check_study(create_study(tmp_path / "study", template=name).folder.root)
    assert found.mistakes == ()
    assert found.visits
    assert not [warning for warning in found.warnings if "cannot measure" in warning]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("measure: peak", "measure: peek", ": measures.1: unknown measure 'peek' (did you mean 'peak'?)"),
        ("measure: peak", "measure: peak\n    level: 3", ": measures.1: the measure 'peak' does not use 'level'"),
        ("title:", "coding: {coder: landmark}\ntitle:", ": coding.coder: no coder is called 'landmark'; there is "),
    ],
)
def test_coders_and_measures_must_exist_and_use_what_is_set(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = create_study(tmp_path / "study", template="minimal").folder
    text = folder.study_file.read_text().replace(old, new, 1)
    folder.study_file.write_text(text)
    found = check_study(folder.root)
    (mistake,) = found.mistakes
    assert words in mistake
    line = text.splitlines()[int(mistake.split(":")[1]) - 1]
    assert line.strip() == f"- {new.splitlines()[0]}" or line == new.splitlines()[0]
    assert found.visits == ()


def test_what_the_coder_cannot_measure_is_told(tmp_path: Path) -> None:
    folder = create_study(tmp_path / "study", template="minimal").folder
    text = folder.study_file.read_text().replace("happiness: [AU12, AU25]", "happiness: [AU06, AU12]")
    folder.study_file.write_text(text)
    assert "the coder 'landmarker' cannot measure AU06 (congruent here)" in check_study(folder.root).warnings


def test_a_readers_data_are_a_coder_too(tmp_path: Path) -> None:
    folder = create_study(tmp_path / "study", template="oxytocin").folder
    folder.study_file.write_text(folder.study_file.read_text().replace("coder: landmarker", "coder: openface"))
    assert check_study(folder.root).mistakes == ()


def test_no_study_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="mimicrylab new"):
        check_study(tmp_path)

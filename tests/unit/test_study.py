"""The folder of a study and its log."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mimicrylab import __version__
from mimicrylab.errors import MissingError
from mimicrylab.study import StudyFolder, append_log, open_study


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    (tmp_path / "study.yaml").write_text("version: 1\n")
    return StudyFolder(tmp_path)


def test_a_study_is_opened_by_its_folder_or_by_its_study_file(folder: StudyFolder) -> None:
    assert open_study(folder.root) == folder
    assert open_study(folder.study_file) == folder


def test_a_folder_without_study_file_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"no study\.yaml") as caught:
        open_study(tmp_path / "elsewhere")
    assert "mimicrylab new" in str(caught.value.do)


def test_commands_that_are_proposed_can_be_copied(tmp_path: Path) -> None:
    with pytest.raises(MissingError) as caught:
        open_study(tmp_path / "my study")
    assert f'mimicrylab new "{tmp_path / "my study"}" ' in str(caught.value.do)


def test_a_file_is_no_place_for_a_new_study(tmp_path: Path) -> None:
    file = tmp_path / "videos.csv"
    file.touch()
    with pytest.raises(MissingError, match="a file, not a study folder") as caught:
        open_study(file)
    assert "mimicrylab new" not in str(caught.value.do)


def test_every_part_lies_inside_the_folder(folder: StudyFolder) -> None:
    parts = [
        folder.study_file,
        folder.texts,
        folder.stimuli,
        folder.recordings,
        folder.frames,
        folder.report,
        folder.log,
        folder.table_path("events"),
        folder.frames_path("landmarker", "P01/visit1"),
    ]
    assert len(set(parts)) == len(parts)
    assert all(part.is_relative_to(folder.root) for part in parts)


def test_the_log_keeps_every_line_in_order(folder: StudyFolder) -> None:
    append_log(folder, "code", {"recordings": 2})
    append_log(folder, "measure", {"note": "Prüfung"})
    lines = [json.loads(line) for line in (folder.log / "steps.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["step"], line["software"]) for line in lines] == [
        ("code", f"mimicrylab {__version__}"),
        ("measure", f"mimicrylab {__version__}"),
    ]
    assert lines[0]["recordings"] == 2
    assert lines[1]["note"] == "Prüfung"
    assert lines[0]["time"].endswith("+00:00")


def test_lines_written_side_by_side_do_not_mix(folder: StudyFolder) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: append_log(folder, "code", {"number": number, "pad": "x" * 2000}), range(100)))
    lines = (folder.log / "steps.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["number"] for line in lines) == list(range(100))

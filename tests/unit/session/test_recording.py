from pathlib import Path

import pytest

from mimicrylab.errors import ConflictError, MissingError
from mimicrylab.session.recording import find_sources, match_recording


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def ids(*paths: Path) -> list[str]:
    return [source.recording_id for source in find_sources(paths)]


def test_a_folder_gives_relative_paths_without_the_ending(tmp_path: Path) -> None:
    make(tmp_path, "P01/visit1.mp4", "P01/visit2.WEBM", "P02.part.mov", "notes.txt", ".hidden/P09.mp4", "._P01.mp4")
    assert ids(tmp_path) == ["P01/visit1", "P01/visit2", "P02.part"]


def test_a_named_file_may_have_any_ending(tmp_path: Path) -> None:
    make(tmp_path, "P01.dat")
    assert ids(tmp_path / "P01.dat") == ["P01"]


def test_a_file_reached_twice_is_taken_once(tmp_path: Path) -> None:
    make(tmp_path, "P01.mp4")
    assert ids(tmp_path, tmp_path / "P01.mp4") == ["P01"]


@pytest.mark.parametrize("names", [("1.mp4", "1.webm"), ("P01.mp4", "p01.webm"), ("u\u0308.mp4", "\u00fc.webm")])
def test_two_files_with_one_id_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    make(tmp_path, *names)
    with pytest.raises(ConflictError, match="two files would get the recording id"):
        find_sources([tmp_path])


def test_same_name_in_two_named_folders_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "a/1.mp4", "b/1.mp4")
    with pytest.raises(ConflictError):
        find_sources([tmp_path / "a", tmp_path / "b"])
    assert ids(tmp_path) == ["a/1", "b/1"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such file or folder"):
        find_sources([tmp_path / "nowhere"])
    make(tmp_path, "notes.txt")
    with pytest.raises(MissingError, match="no file that could be a recording"):
        find_sources([tmp_path])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("P01/visit1", "P01/visit1"),
        ("P01/visit1.mp4", "P01/visit1"),
        ("p01\\Visit1.MP4", "P01/visit1"),
        ("/data/videos/P01/visit1.mp4", "P01/visit1"),
        ("visit2", "P02/visit2"),
        ("visit1", None),
        ("P01", None),
        ("P03.5", "P03.5"),
        ("P03.5.avi", "P03.5"),
        ("P03.5.csv", "P03.5"),
        ("P03.5.1", None),
        ("", None),
    ],
)
def test_the_ways_in_which_tables_name_a_recording(name: str, meant: str | None) -> None:
    assert match_recording(name, ["P01/visit1", "P02/visit1", "P02/visit2", "P03.5"]) == meant

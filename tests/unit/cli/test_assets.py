import json

from typer.testing import CliRunner

from mimicrylab.cli.main import app


def run(*arguments: str):
    return CliRunner().invoke(app, ["assets", *arguments])


def test_list_tells_what_is_here_and_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path))
    result = run("list")
    assert result.exit_code == 0
    assert "missing  model     3.76 MB  face_landmarker.task" in result.output
    assert "Apache-2.0" in result.output
    assert list(tmp_path.iterdir()) == []


def test_list_as_json_names_hashes_and_paths():
    rows = {row["name"]: row for row in json.loads(run("list", "--json").output)}
    assert rows["face_landmarker.task"]["sha256"].startswith("64184e22")
    assert set(rows["single_face.mp4"]) >= {"licence", "size_bytes", "path", "kind"}


def test_fetch_prints_where_the_files_are():
    """Everything is cached by the other tests, or fetched here."""
    result = run("fetch", "face_landmarker.task", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["face_landmarker.task"].endswith("face_landmarker.task")


def test_names_and_all_exclude_each_other():
    assert run("fetch", "face_landmarker.task", "--all").exit_code == 2

"""The verb report, from a folder to files."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from mimicrylab import schemas
from mimicrylab.cli.main import app
from mimicrylab.errors import InputError, MissingError
from mimicrylab.pipeline.report import write_report
from mimicrylab.tables import Provenance, write_table

STUDY = """\
version: 1
title: A study with nothing in it yet
stimuli:
  sets:
    faces: {kind: clip, source: none}
blocks:
  - {name: faces, stimuli: {set: faces}, duration_s: 2, blank_s: 2}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def test_report_is_written_with_its_files_and_logged(study: Path) -> None:
    result = write_report(study)
    assert result.path == study / "report" / "report.html"
    for name in result.files:
        assert (study / "report" / name).is_file()
    entry = json.loads((study / "log" / "steps.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert entry["step"] == "report"


def test_files_of_an_older_report_are_removed_and_foreign_files_stay(study: Path) -> None:
    figures = study / "report" / "figures"
    figures.mkdir(parents=True)
    (figures / "time-course-fear.svg").write_text("old", encoding="utf-8")
    (figures / "my-notes.docx").write_text("mine", encoding="utf-8")
    write_report(study)
    assert not (figures / "time-course-fear.svg").exists()
    assert (figures / "my-notes.docx").exists()


def test_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"no study\.yaml"):
        write_report(tmp_path)


def test_damaged_table_is_named(study: Path) -> None:
    (study / "measures.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match=r"measures\.parquet"):
        write_report(study)


def test_command_prints_the_path_or_json(study: Path) -> None:
    runner = CliRunner()
    plain = runner.invoke(app, ["report", str(study)])
    assert plain.exit_code == 0
    assert plain.stdout.startswith(str(study / "report" / "report.html"))
    answer = json.loads(runner.invoke(app, ["report", str(study), "--json"]).stdout)
    assert answer["report"] == str(study / "report" / "report.html")
    assert answer["out_of_date"] == []


def test_command_names_what_is_out_of_date(study: Path) -> None:
    provenance = Provenance("measure", arguments={"windows": {"response": {"start_s": 0.0, "stop_s": 9.0}}})
    path = study / "measures.parquet"
    write_table(pl.DataFrame(schemas.MEASURES.empty()), path, schemas.MEASURES, provenance)
    result = CliRunner().invoke(app, ["report", str(study)])
    expected = "out of date: measures.parquet was made with other settings than study.yaml has now (windows)"
    assert expected in result.stderr


def test_all_tables_lie_beside_the_report_for_word(study: Path) -> None:
    result = write_report(study)
    path = study / "report" / "tables.docx"
    assert "tables.docx" in result.files
    assert 'href="tables.docx"' in result.path.read_text(encoding="utf-8")
    first = path.read_bytes()
    write_report(study)
    assert path.read_bytes() == first


def test_without_the_package_the_page_says_how_to_get_it_and_an_old_document_goes(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(study)
    monkeypatch.setattr("mimicrylab.report.word_document.PACKAGE", "no_such_package_docx")
    result = write_report(study)
    assert "tables.docx" not in result.files
    assert not (study / "report" / "tables.docx").exists()
    assert "<code>pip install &#39;mimicrylab[docx]&#39;</code>" in result.path.read_text(encoding="utf-8")

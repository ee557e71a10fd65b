"""All tables as a Word document: three lines, italic statistics, notes, and the same bytes every time."""

from __future__ import annotations

import io
import sys
import zipfile

import docx
import polars as pl
import pytest
from markupsafe import Markup

from mimicrylab.errors import DependencyError
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.word_document import is_word_available, write_runs, write_word_tables

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def make_table(number: int = 3) -> ReportTable:
    frame = pl.DataFrame(
        {"emotion": ["anger", "anger", "fear"], "unit": ["AU04", "AU05", "AU01"], "p": [0.001, 0.2, 0.3],
         "low": [0.1, 0.2, None], "high": [0.3, 0.4, None], "shown": [True, False, False]}
    )  # fmt: skip
    columns = (
        TableColumn("unit", "Action unit"),
        TableColumn("p", Markup("<i>p</i><sub>Holm</sub>"), lambda p: f"{p:.3f}", "number", emphasis="shown"),
        TableColumn("low", "Low", align="number", spanner="95% CI"),
        TableColumn("high", "High", align="number", spanner="95% CI"),
    )
    note = Markup("η<sub>p</sub><sup>2</sup> & <i>t</i> tests, Wilks's Λ < 1.")
    return ReportTable("contrasts", "Contrasts & more", frame, columns, group="emotion", note=note, number=number)


def open_document(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def test_every_cell_stands_in_the_document() -> None:
    document = open_document(write_word_tables([make_table()], title="A study"))
    (table,) = document.tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0] == ["", "", "95% CI", "95% CI"]  # merged over two columns
    assert texts[1] == ["Action unit", "pHolm", "Low", "High"]
    assert texts[2] == ["anger"] * 4
    assert texts[3] == ["AU04", "0.001", "0.1", "0.3"]
    assert texts[6] == ["AU01", "0.300", "–", "–"]
    paragraphs = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert paragraphs == ["Table 3", "Contrasts & more", "Note. ηp2 & t tests, Wilks's Λ < 1."]


def test_symbols_are_italic_indices_lowered_and_the_significant_bold() -> None:
    document = open_document(write_word_tables([make_table()], title="A study"))
    head = document.tables[0].rows[1].cells[1].paragraphs[0].runs
    assert [(run.text, run.italic, run.font.subscript) for run in head] == [("p", True, None), ("Holm", None, True)]
    body = document.tables[0].rows
    assert [body[3].cells[1].paragraphs[0].runs[0].bold, body[4].cells[1].paragraphs[0].runs[0].bold] == [True, None]
    raised = [run for paragraph in document.paragraphs for run in paragraph.runs if run.font.superscript]
    assert [run.text for run in raised] == ["2"]


def test_a_table_has_three_lines_and_none_between_columns() -> None:
    (table,) = open_document(write_word_tables([make_table()], title="A study")).tables
    borders = table._tbl.find(f"{W}tblPr/{W}tblBorders")
    assert borders is not None
    assert [child.tag.removeprefix(W) for child in borders] == ["top", "bottom"]
    lines = [cell.find(f"{W}tcPr/{W}tcBorders/{W}bottom") for cell in table.rows[1]._tr.iter(f"{W}tc")]
    assert all(line is not None for line in lines)
    assert table.rows[3]._tr.find(f".//{W}tcBorders") is None
    assert table.rows[1]._tr.find(f"{W}trPr/{W}tblHeader") is not None  # repeated on the next page


def test_the_same_tables_give_the_same_bytes() -> None:
    tables = [make_table(1), make_table(2)]
    content = write_word_tables(tables, title="A study")
    assert content == write_word_tables(tables, title="A study")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert archive.testzip() is None
    properties = open_document(content).core_properties
    assert (properties.title, properties.author, properties.created.year if properties.created else None) == (
        "A study",
        "",
        1980,
    )


def test_no_tables_make_an_empty_document() -> None:
    assert open_document(write_word_tables([], title="A study")).tables == []


def test_text_is_escaped_and_links_are_plain() -> None:
    runs = write_runs(Markup('<a href="#x">a &lt; b</a> <b><i>c</i></b>'))
    assert "a &lt; b" in runs
    assert "href" not in runs
    assert "<w:b/><w:i/>" in runs


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_word_available()
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.setattr("mimicrylab.report.word_document.PACKAGE", "no_such_package_docx")
    with pytest.raises(DependencyError, match=r"pip install 'mimicrylab\[docx\]'"):
        write_word_tables([make_table()], title="A study")

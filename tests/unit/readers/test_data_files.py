"""Tables of every kind, with what was done to their cells."""

from __future__ import annotations

import builtins
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl
import pytest

from mimicrylab.errors import DamagedFileError, DependencyError, InputError, MissingError
from mimicrylab.readers.data_files import DataFile, read_data_file

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write the smallest spreadsheet that Excel would open: numbers, words, empty cells."""
    parts = {"[Content_Types].xml": CONTENT_TYPES}
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(sheets, 1))
    parts["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>'
    links = "".join(
        f'<Relationship Id="s{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, 1)
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{package}">{links}</Relationships>'
    for number, rows in enumerate(sheets.values(), 1):
        body = "".join(f'<row r="{r}">{_write_cells(r, row)}</row>' for r, row in enumerate(rows, 1))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def _write_cells(row: int, cells: list[Any]) -> str:
    written = []
    for place, cell in enumerate(cells):
        name = f"{chr(65 + place)}{row}"
        if isinstance(cell, str):
            written.append(f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        elif cell is not None:
            written.append(f'<c r="{name}"><v>{cell}</v></c>')
    return "".join(written)


def write_text(tmp_path: Path, text: str, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def write_spss(tmp_path: Path) -> Path:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"id": ["a", "b", "c"], "sex": [1.0, 2.0, 2.0], "age": [20.0, -99.0, 98.0]})
    path = tmp_path / "table.sav"
    labels = {"sex": {1: "male", 2: "female"}}
    missing = {"age": [-99, {"lo": 97, "hi": 99}]}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, missing_ranges=missing)
    return path


def test_numbers_are_numbers_words_stay_words_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    found = read_data_file(write_text(tmp_path, "id,EQ,group\n007,40.5,a\n\n008,NA,b\n"))
    assert found.rows.to_dict(as_series=False) == {"id": [7.0, 8.0], "EQ": [40.5, None], "group": ["a", "b"]}
    assert found.lines == (2, 4)
    assert found.take_words("id").to_list() == ["007", "008"]
    assert found.notes == ()


def test_german_tables_have_semicolons_and_decimal_commas_and_that_is_said(tmp_path: Path) -> None:
    found = read_data_file(write_text(tmp_path, "VP;EQ;Alter\n1;40,5;20\n2;41;30\n"))
    assert found.rows["EQ"].to_list() == [40.5, 41.0]
    assert found.notes == ("decimal commas are read as decimal points (EQ)",)


def test_what_may_be_thousands_stays_words(tmp_path: Path) -> None:
    found = read_data_file(write_text(tmp_path, "VP;n\n1;1,234\n2;2,500\n"))
    assert found.rows["n"].to_list() == ["1,234", "2,500"]


def test_a_zero_before_the_comma_is_no_thousand(tmp_path: Path) -> None:
    found = read_data_file(write_text(tmp_path, "VP;smile\n1;1,234\n2;0,892\n"))
    assert found.rows["smile"].to_list() == [1.234, 0.892]


def test_another_column_tells_that_commas_are_decimal(tmp_path: Path) -> None:
    found = read_data_file(write_text(tmp_path, "VP;EQ;smile\n1;40,125;0,5\n2;41,250;1,25\n"))
    assert found.rows["EQ"].to_list() == [40.125, 41.25]
    assert found.notes == ("decimal commas are read as decimal points (EQ, smile)",)


def test_declared_marks_are_missing_in_numbers_and_words(tmp_path: Path) -> None:
    path = write_text(tmp_path, "id;age;group\n1;-99;k.A.\n2;30;a\n")
    found = read_data_file(path, missing=(-99, "k.A."))
    assert found.rows["age"].to_list() == [None, 30.0]
    assert found.rows["group"].to_list() == [None, "a"]
    assert found.notes == ("2 cells with -99, k.A. are taken as missing",)


def test_a_code_far_from_all_other_values_is_asked_about(tmp_path: Path) -> None:
    found = read_data_file(write_text(tmp_path, "id,age,change\n1,-99,-9\n2,30,-8\n3,40,5\n"))
    assert len(found.notes) == 1
    assert "'age' holds -99" in found.notes[0]
    assert "missing: [-99]" in found.notes[0]


def test_spss_missing_codes_are_missing_and_labels_are_words(tmp_path: Path) -> None:
    found = read_data_file(write_spss(tmp_path))
    assert found.rows["age"].to_list() == [20.0, None, None]
    assert found.notes == ("2 values of age declared missing in SPSS",)
    assert found.rows["sex"].to_list() == [1.0, 2.0, 2.0]
    assert found.take_words("sex").to_list() == ["male", "female", "female"]


def test_parquet_keeps_types_and_truth_is_yes_or_no(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"id": [1, 2], "glasses": [True, None], "list": [[1], [2]]}).write_parquet(path)
    found = read_data_file(path)
    assert found.rows.to_dict(as_series=False) == {"id": [1.0, 2.0], "glasses": ["yes", None]}
    assert found.take_words("id").to_list() == ["1", "2"]


def test_a_sheet_is_read_from_its_first_row_with_its_own_row_numbers(tmp_path: Path) -> None:
    rows = [[None, None], ["id", "EQ"], ["P1", 40.25], [None, None], ["P2", None]]
    found = read_data_file(write_book(tmp_path / "table.xlsx", {"data": rows, "notes": [["x"], [1]]}))
    assert found.rows.to_dict(as_series=False) == {"id": ["P1", "P2"], "EQ": [40.25, None]}
    assert found.lines == (3, 5)
    assert found.notes == ("sheet 'data' of data, notes",)


def test_another_sheet_can_be_named(tmp_path: Path) -> None:
    path = write_book(tmp_path / "table.xlsx", {"data": [["a"], [1]], "other": [["b"], [2]]})
    assert read_data_file(path, sheet="other").rows.to_dict(as_series=False) == {"b": [2.0]}
    with pytest.raises(InputError, match="no sheet 'thrd'"):
        read_data_file(path, sheet="thrd")


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("table.doc", b"x", InputError, "a table of the kind .doc is not read"),
        ("table.xlsx", b"no book", DamagedFileError, "not a readable spreadsheet"),
        ("table.sav", b"no table", DamagedFileError, "not a readable SPSS file"),
        ("table.parquet", b"no table", DamagedFileError, "not a readable Parquet file"),
        ("table.csv", b"id,,x\n1,2,3\n", None, ""),
        ("table.csv", "id;größe\n1;2\n".encode("cp1252"), InputError, "not in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes, error: type[Exception] | None, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    if error is None:
        assert read_data_file(path).rows.columns == ["id", "x"]  # a column without a name is left out
        return
    with pytest.raises(error, match=message):
        read_data_file(path)


def test_no_file_is_missing_and_a_sheet_of_a_text_is_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        read_data_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="only a spreadsheet has sheets"):
        read_data_file(write_text(tmp_path, "a\n1\n"), sheet="data")


@pytest.mark.parametrize(("ending", "package"), [("xlsx", "fastexcel"), ("sav", "pyreadstat")])
def test_without_the_package_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, package: str
) -> None:
    load = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return load(name, *rest, **more)

    (tmp_path / f"table.{ending}").write_bytes(b"x")
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DependencyError, match=r"mimicrylab\[tables\]"):
        read_data_file(tmp_path / f"table.{ending}")


def test_lines_are_named_up_to_five() -> None:
    found = DataFile("t.csv", pl.DataFrame({"a": range(8)}), tuple(range(2, 10)))
    assert found.name_lines(pl.Series([True] * 8)) == "lines 2, 3, 4, 5, 6 and 3 more"
    assert found.name_lines(pl.Series([False] * 7 + [True])) == "line 9"

from pathlib import Path

import pytest

from mimicrylab.errors import InputError, MissingError, UnknownNameError
from mimicrylab.readers.text_table import map_columns, read_number, read_text_table


def write(folder: Path, content: bytes | str) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_lines_and_what_is_empty(tmp_path: Path, mark: str, end: str) -> None:
    rows = [["a", " b "], ["1", '"x\ny"'], ["", ""], ["n/a", "NA"]]
    table = read_text_table(write(tmp_path, "\ufeff" + "".join(mark.join(row) + end for row in rows)))
    assert table.columns == ("a", "b")
    assert [dict(row.cells) for row in table.rows] == [{"a": "1", "b": "x\ny"}, {"a": None, "b": None}]
    assert [row.line for row in table.rows] == [2, 5]
    assert table.mark == mark


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the table is empty"),
        ("\n\n", "the table is empty"),
        ("a,b\n", "no row below it"),
        ("a,a\n1,2\n", "the column 'a' comes twice"),
        ("a,b\n1\n", r"table\.csv:2: the line has 1 cell, the first line 2 columns"),
        ("a,b\n1,2\n1,2,3\n", r"table\.csv:3: the line has 3 cells"),
        ('a,b\n1,"2\n', "a line cannot be read"),
        (b"a,b\n\xff,2\n", r"table\.csv:2: the table is not in UTF-8"),
        (b"PK\x03\x04xlsx", "this is a spreadsheet"),
        (b"a\x00,b\n", "not a text table"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes | str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_text_table(write(tmp_path, content))


def test_a_trailing_mark_on_every_line_is_no_column(tmp_path: Path) -> None:
    assert read_text_table(write(tmp_path, "a,b,\n1,2,\n")).columns == ("a", "b")
    with pytest.raises(MissingError):
        read_text_table(tmp_path / "nowhere.csv")


def test_columns_are_found_by_name_by_another_name_or_as_stated(tmp_path: Path) -> None:
    table = read_text_table(write(tmp_path, "Onset,file,StimOn\n1,2,3\n"))
    known = {"onset": (), "recording": ("file",), "duration": ()}
    assert map_columns(table, known, stated={}) == {"onset": "Onset", "recording": "file"}
    assert map_columns(table, known, stated={"onset": "StimOn"})["onset"] == "StimOn"
    with pytest.raises(UnknownNameError, match="did you mean 'StimOn'"):
        map_columns(table, known, stated={"onset": "Stimon"})
    with pytest.raises(UnknownNameError, match="did you mean 'onset'"):
        map_columns(table, known, stated={"onst": "Onset"})
    with pytest.raises(InputError, match="the column 'duration' is missing"):
        map_columns(table, known, stated={}, required=("duration",))
    twice = read_text_table(write(tmp_path, "file,recording\n1,2\n"))
    with pytest.raises(InputError, match="two columns could be the recording"):
        map_columns(twice, known, stated={})


@pytest.mark.parametrize(("text", "mark", "number"), [("1.5", ",", 1.5), ("1,5", ";", 1.5), ("-2e3", "\t", -2000.0)])
def test_numbers(text: str, mark: str, number: float) -> None:
    assert read_number(text, mark=mark) == number


@pytest.mark.parametrize(
    ("text", "mark"), [("1,5", ","), ("x", ","), ("nan", ","), ("inf", ";"), ("1_0", ","), ("1.000,5", ";")]
)
def test_what_is_no_number(text: str, mark: str) -> None:
    with pytest.raises(InputError, match="is not a number"):
        read_number(text, mark=mark)

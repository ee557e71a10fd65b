"""Tables as they are shown and as they are written to CSV."""

from __future__ import annotations

import polars as pl

from mimicrylab.report.tables import Cell, ReportTable, Spanner, TableColumn, write_csv, write_text


def make_table() -> ReportTable:
    frame = pl.DataFrame(
        {
            "emotion": ["anger", "anger", "fear"],
            "unit": ["AU04", "AU05", "AU01"],
            "low": [0.123456, None, 3.0],
            "high": [1.0, 2.0, 4.0],
            "reliable": [True, False, None],
        }
    )
    columns = (
        TableColumn("unit", "Unit"),
        TableColumn("low", "Low", lambda x: "–" if x is None else f"{x:.2f}", "number", spanner="95% CI"),
        TableColumn("high", "High", lambda x: f"{x:.2f}", "number", spanner="95% CI", emphasis="reliable"),
    )
    return ReportTable("contrasts", "Contrasts", frame, columns, group="emotion")


def test_rows_are_gathered_under_their_group() -> None:
    groups = make_table().groups
    assert [label for label, _ in groups] == ["anger", "fear"]
    assert groups[0][1][1] == [Cell("AU05", "text"), Cell("–", "number"), Cell("2.00", "number")]


def test_emphasis_follows_a_column_and_null_is_no_emphasis() -> None:
    strong = [row[2].strong for _, rows in make_table().groups for row in rows]
    assert strong == [True, False, False]


def test_neighbouring_columns_share_a_spanner() -> None:
    assert make_table().spanners == [Spanner("", 1), Spanner("95% CI", 2)]


def test_csv_is_unrounded_and_missing_is_empty() -> None:
    lines = make_table().write_csv().splitlines()
    assert lines[0] == "emotion,unit,low,high,reliable"
    assert lines[1] == "anger,AU04,0.123456,1.0,true"
    assert lines[2] == "anger,AU05,,2.0,false"


def test_lists_are_joined() -> None:
    frame = pl.DataFrame({"units": [["AU06", "AU12"], [], None]}, schema={"units": pl.List(pl.String)})
    assert write_csv(frame) == 'units\nAU06;AU12\n""\n\n'
    assert [write_text(value) for value in (["AU06", "AU12"], [], None, False)] == ["AU06, AU12", "–", "–", "no"]

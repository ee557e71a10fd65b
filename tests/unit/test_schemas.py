"""The declared tables."""

import polars as pl
import pytest

from mimicrylab.errors import UnknownNameError
from mimicrylab.schemas import EMOTIONS, FRAMES, TABLES, Table

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


@every_table
def test_columns_have_distinct_names_and_say_what_they_mean(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(column.meaning for column in table.columns)


@every_table
def test_the_key_is_made_of_declared_columns(table: Table) -> None:
    assert set(table.key) <= set(table.names)


@every_table
def test_times_are_float64_seconds(table: Table) -> None:
    times = [column for column in table.columns if column.name.endswith("_s") or column.unit == "s"]
    assert all(column.dtype == pl.Float64 for column in times)
    assert all(column.unit == "s" for column in times)


@every_table
def test_an_open_ended_table_says_what_its_further_columns_are(table: Table) -> None:
    assert bool(table.extra) == table.open_ended


@every_table
def test_an_empty_table_has_the_declared_columns_and_types(table: Table) -> None:
    frame = table.empty()
    assert frame.height == 0
    assert dict(frame.schema) == {column.name: column.dtype for column in table.columns}


def test_tables_are_found_by_their_own_name() -> None:
    assert all(name == table.name for name, table in TABLES.items())


def test_emotion_columns_allow_the_fields_words_only() -> None:
    emotions = [c for table in TABLES.values() for c in table.columns if c.name in {"emotion", "stimulus_emotion"}]
    assert emotions
    assert all(column.choices == EMOTIONS for column in emotions)


def test_an_unknown_column_proposes_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown column of table 'frames' 'tme' \(did you mean 'time'\?\)"):
        FRAMES.column("tme")

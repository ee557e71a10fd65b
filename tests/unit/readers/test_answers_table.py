"""Answers to questionnaires from tables of every layout."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import Scale, find_scale, parse_scale
from mimicrylab.readers.answers_table import find_item_columns, read_answers_table
from mimicrylab.readers.data_files import read_data_file

MOOD = parse_scale(
    """\
version: 1
name: MOOD-3
title: Mood, three items
measures: mood
citation: made for the test
licence: none
items: 4
answers: [{code: 1, text: never}, {code: 2, text: sometimes}, {code: 3, text: always}]
keys: [{name: forward, points: [1, 2, 3], items: [1, 3]}, {name: reversed, points: [3, 2, 1], items: [2]}]
fillers: [4]
scores: [{name: total, combine: sum}]
""",
    where="MOOD-3.yaml",
)
EXPECTED = [
    ("P1", "MOOD-3", "1", "3"),
    ("P1", "MOOD-3", "2", "1"),
    ("P1", "MOOD-3", "3", "2"),
    ("P2", "MOOD-3", "1", "2"),
    ("P2", "MOOD-3", "2", None),
    ("P2", "MOOD-3", "3", "1"),
]


def read(tmp_path: Path, text: str, *, scales: tuple[Scale, ...] = (MOOD,), **options: object) -> pl.DataFrame:
    path = tmp_path / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return read_answers_table(read_data_file(path), scales, **options).answers  # type: ignore[arg-type]


def list_rows(answers: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(answers.select("participant_id", "scale", "item", "response").rows(), key=str)


@pytest.mark.parametrize(
    "text",
    [
        "participant,MOOD-3_1,MOOD-3_2,MOOD-3_3,MOOD-3_4\nP1,3,1,2,2\nP2,2,,1,2\n",
        "ID,mood1,mood2,mood3\nP1,3,1,2\nP2,2,,1\n",
        "subject,age,Mood item 01,Mood item 02,Mood item 03\nP1,30,3,1,2\nP2,40,2,NA,1\n",
        "participant;1;2;3\nP1;3;1;2\nP2;2;;1\n",
        "participant,scale,item,response\nP1,MOOD-3,1,3\nP1,mood-3,2,1\nP1,MOOD-3,3,2\nP2,MOOD-3,1,2\nP2,MOOD-3,2,\n"
        "P2,MOOD-3,3,1\nP2,OTHER,1,9\n",
        "participant,question,answer\nP1,mood_1,3\nP1,mood_2,1\nP1,mood_3,2\nP2,mood_1,2\nP2,mood_2,\nP2,mood_3,1\n",
    ],
)
def test_wide_and_long_tables_say_the_same(tmp_path: Path, text: str) -> None:
    answers = read(tmp_path, text)
    assert [row for row in list_rows(answers) if row[2] != "4"] == sorted(EXPECTED, key=str)


def test_a_qualtrics_export_is_read_without_its_extra_lines_and_previews(tmp_path: Path) -> None:
    text = (
        "Status,ResponseId,MOOD_1,MOOD_2,MOOD_3\n"
        'Response Type,Response ID,"I laugh, often","I cry",I sing\n'
        '"{""ImportId"":""status""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1_1""}",x,y\n'
        "Survey Preview,R_0,never,never,never\n"
        "IP Address,R_1,always,never,sometimes\n"
    )
    path = tmp_path / "answers.csv"
    path.write_text(text, encoding="utf-8")
    table = read_answers_table(read_data_file(path), (MOOD,))
    assert list_rows(table.answers) == [
        ("R_1", "MOOD-3", "1", "always"),
        ("R_1", "MOOD-3", "2", "never"),
        ("R_1", "MOOD-3", "3", "sometimes"),
    ]
    assert any("ImportId" in note for note in table.notes)
    assert any("1 preview" in note for note in table.notes)


def test_words_of_the_table_are_turned_into_the_scales_answers(tmp_path: Path) -> None:
    answers = read(tmp_path, "participant,mood1,mood2,mood3\nP1,Nie,manchmal,2\n", words={"nie": "1", "Manchmal": "2"})
    assert answers["response"].to_list() == ["1", "2", "2"]


def test_who_left_out_a_whole_questionnaire_has_no_row(tmp_path: Path) -> None:
    answers = read(tmp_path, "participant,mood1,mood2,mood3\nP1,1,2,3\nP2,,,\n")
    assert set(answers["participant_id"]) == {"P1"}


def test_columns_may_begin_otherwise_when_it_is_stated(tmp_path: Path) -> None:
    answers = read(tmp_path, "participant,Q7_1,Q7_2,Q7_3\nP1,1,2,3\n", prefixes={"MOOD-3": "Q7"})
    assert answers["item"].to_list() == ["1", "2", "3"]


def test_two_scales_with_the_same_letters_need_their_whole_names() -> None:
    columns = [f"EQ_{item}" for item in range(1, 61)]
    assert len(find_item_columns(columns, find_scale("EQ-60").scale)) == 60
    assert find_item_columns(columns, find_scale("EQ-60").scale, prefix="EQ-60") == {}


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("participant,mood1,mood2\nP1,1,2\n", {}, "no column for 1 scored item of MOOD-3"),
        ("who,mood1,mood2,mood3\nP1,1,2,3\n", {}, "column with the participants is missing"),
        ("participant,a,b\nP1,1,2\n", {}, "no column is an item of a questionnaire"),
        ("participant,mood1,mood_1,mood2,mood3\nP1,1,1,2,3\n", {}, "two columns are item 1"),
        ("participant,scale,item,response\nP1,EQ,1,2\n", {}, "no row is of a questionnaire of the study"),
        ("participant,mood1,mood2,mood3\n,1,2,3\n", {}, "1 row does not name the participant"),
        ("name,mood1,mood2,mood3\nA,1,2,3\n", {"stated": {"participant": "name"}}, "says who a participant is"),
        ("participant,mood1,mood2,mood3\nP1,1,2,3\n", {"stated": {"participant": "x"}}, "there is no column 'x'"),
        ("participant,mood1,mood2,mood3\nP1,1,2,3\n", {"stated": {"person": "x"}}, "no column to state"),
        ("subject,id,mood1,mood2,mood3\nP1,1,1,2,3\n", {}, "two columns could be the participant"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text, **options)

"""From one table to the data of a plan."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import InputError, StudyFileError
from mimicrylab.protocol.plan_file import read_plan_file
from mimicrylab.readers.data_files import DataFile, read_data_file
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.flat_table import read_flat_table
from mimicrylab.stats.plan.predictors import build_table

HEAD = "version: 1\nhypotheses: {H1: Something.}\n"
BY_SEX = """analyses:
  - id: one
    hypothesis: H1
    model: two_groups
    outcome: {score: EQ}
    predictors: [{name: sex, kind: trait}]
"""
WIDE = "subject,arm,sex,EQ,smile_before,smile_after\nS1,drug,f,40,1,3\nS2,placebo,m,50,2,2.5\nS3,drug,f,45,3,\n"
LONG = """id,group,face,task,AU12_r,AU04_r,age
S1,drug,happy,look,1,5,20
S1,drug,angry,look,2,6,20
S1,drug,happy,copy,3,7,20
S1,drug,angry,copy,4,8,20
S2,placebo,happy,look,5,1,30
S2,placebo,angry,look,6,2,30
S2,placebo,happy,copy,7,3,30
S2,placebo,angry,copy,8,,30
"""
LONG_PLAN = """columns: {arm: group, emotion: face}
arms: [placebo, drug]
analyses:
  - id: one
    hypothesis: H1
    model: paired
    outcome: {measure: AU12_r, for_each: [emotion]}
    predictors: [{name: task, kind: within}]
"""
SMILE = """measures:
  smile:
    unit: mV
    columns: {smile_before: {phase: before, signal: AU12}, smile_after: {phase: after, signal: AU12}}
analyses:
  - id: one
    hypothesis: H1
    model: repeated
    outcome: {measure: smile}
    predictors:
      - {name: phase, kind: within, interacts_with: [treatment]}
      - {name: treatment, kind: treatment}
"""


def read(tmp_path: Path, table: str | DataFile, plan: str) -> PlanData:
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + plan, encoding="utf-8")
    document = read_plan_file(path)
    if isinstance(table, DataFile):
        return read_flat_table(table, document, seed=1)
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    return read_flat_table(read_data_file(tmp_path / "table.csv"), document, seed=1)


def test_one_row_a_person_is_a_table_of_people(tmp_path: Path) -> None:
    data = read(tmp_path, WIDE, BY_SEX)
    assert data.people.select("participant_id", "sex", "EQ", "smile_after").rows() == [
        ("S1", "f", 40.0, 3.0),
        ("S2", "m", 50.0, 2.5),
        ("S3", "f", 45.0, None),
    ]
    assert (data.values.height, data.labels, data.people["analysed"].all()) == (0, "none", True)
    assert data.notes == (
        "one row a person",
        "person is the column 'subject' (by its name; another: columns in the plan file)",
    )


def test_columns_that_belong_together_are_one_measure_in_several_conditions(tmp_path: Path) -> None:
    data = read(tmp_path, WIDE, SMILE)
    assert (data.labels, data.arms) == ("open", ("drug", "placebo"))
    built = build_table(data, read_plan_file(tmp_path / "plan.yaml").plan.analyses[0])
    assert built.table.select("participant_id", "phase", "smile", "treatment").rows() == [
        ("S1", "before", 1.0, "drug"),
        ("S1", "after", 3.0, "drug"),
        ("S2", "before", 2.0, "placebo"),
        ("S2", "after", 2.5, "placebo"),
        ("S3", "before", 3.0, "drug"),
        ("S3", "after", None, "drug"),
    ]
    assert built.unit == "mV"


def test_somebody_who_lacks_one_of_the_columns_has_no_mean_of_them(tmp_path: Path) -> None:
    data = read(tmp_path, WIDE, SMILE)
    analysis = read_plan_file(tmp_path / "plan.yaml").plan.analyses[0]
    built = build_table(data, analysis.model_copy(update={"predictors": (), "model": "description"}))
    assert built.table["smile"].to_list() == [2.0, 2.25, None]


def test_several_rows_a_person_numbers_are_measures_and_words_conditions(tmp_path: Path) -> None:
    data = read(tmp_path, LONG, LONG_PLAN)
    assert data.people.select("participant_id", "arm", "age").rows() == [("S1", "drug", 20.0), ("S2", "placebo", 30.0)]
    assert data.arms == ("placebo", "drug")
    assert set(data.values["measure"]) == {"AU12_r", "AU04_r"}
    assert "emotions in the field's words: happy is happiness, angry is anger" in data.notes
    built = build_table(data, read_plan_file(tmp_path / "plan.yaml").plan.analyses[0])
    happy = built.table.filter(pl.col("emotion") == "happiness")
    assert happy.select("participant_id", "task", "AU12_r").rows() == [
        ("S1", "copy", 3.0),
        ("S1", "look", 1.0),
        ("S2", "copy", 7.0),
        ("S2", "look", 5.0),
    ]


def test_columns_of_action_units_are_signals_of_one_measure_and_congruence_can_be_declared(tmp_path: Path) -> None:
    plan = """columns: {emotion: face}
measures: {amplitude: {columns: {AU12_r: {signal: AU12}, AU04_r: {signal: AU04}}}}
congruent: {happiness: [AU12], anger: [AU04]}
analyses:
  - id: one
    hypothesis: H1
    model: paired
    outcome: {measure: amplitude, for_each: [emotion]}
    predictors: [{name: congruence, kind: within}]
"""
    data = read(tmp_path, LONG, plan)
    built = build_table(data, read_plan_file(tmp_path / "plan.yaml").plan.analyses[0])
    own = built.table.filter((pl.col("participant_id") == "S1") & (pl.col("emotion") == "happiness"))
    assert own.select("congruence", "amplitude").rows() == [("congruent", 2.0), ("incongruent", 3.0)]


def test_a_long_table_has_a_column_for_the_signal_and_one_for_the_value(tmp_path: Path) -> None:
    rows = "\n".join(
        f"S{p},{e},{s},{p + 10 * (s == 'AU12')}" for p in (1, 2) for e in ("joy", "sad") for s in ("AU12", "AU04")
    )
    plan = LONG_PLAN.replace("{arm: group, emotion: face}", "{value: amount}").replace("arms: [placebo, drug]\n", "")
    plan = plan.replace("AU12_r, for_each: [emotion]", "amount, signals: [AU12]").replace("name: task", "name: emotion")
    data = read(tmp_path, f"vp,emotion,signal,amount\n{rows}\n", plan)
    built = build_table(data, read_plan_file(tmp_path / "plan.yaml").plan.analyses[0])
    assert built.table["amount"].to_list() == [11.0, 11.0, 12.0, 12.0]
    assert built.levels["emotion"] == ("happiness", "sadness")


def test_half_of_the_trials_are_enough_unless_the_plan_says_otherwise(tmp_path: Path) -> None:
    plan = LONG_PLAN.replace("measure: AU12_r, for_each: [emotion]", "measure: AU04_r")
    for share, expected in ((0.5, 2.0), (1.0, None)):
        data = read(tmp_path, LONG.replace("task", "x"), f"minimum_trials: {share}\n" + plan.replace("task", "x"))
        analysis = read_plan_file(tmp_path / "plan.yaml").plan.analyses[0]
        only = analysis.model_copy(update={"predictors": (), "model": "description"})
        emotions = only.outcome.model_copy(update={"emotions": ("anger",)})
        built = build_table(data, only.model_copy(update={"outcome": emotions}))
        assert built.table["AU04_r"].to_list() == [7.0, expected]


def test_codes_with_words_behind_them_are_groups_where_the_plan_makes_groups(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "sex": [1.0, 2.0], "EQ": [40.0, 50.0]})
    file = DataFile("t.sav", frame, (1, 2), labels={"sex": {1.0: "male", 2.0: "female"}})
    data = read(tmp_path, file, BY_SEX)
    assert data.people["sex"].to_list() == ["male", "female"]
    assert "sex: the words behind its codes (1 male, 2 female)" in data.notes
    number = BY_SEX.replace("two_groups", "correlation")
    assert read(tmp_path, file, number).people["sex"].to_list() == [1.0, 2.0]
    both = BY_SEX + number.removeprefix("analyses:\n").replace("id: one", "id: two")
    with pytest.raises(StudyFileError, match="give the column a second name"):
        read(tmp_path, file, both)
    named = both[::-1].replace("sex"[::-1], "sex_number"[::-1], 1)[::-1]
    twice = read(tmp_path, file, "columns: {sex_number: sex}\n" + named)
    assert twice.people.select("sex", "sex_number").row(0) == ("male", 1.0)


@pytest.mark.parametrize(
    ("table", "plan", "message"),
    [
        (WIDE.replace("subject", "who"), BY_SEX, "no column says who a row is of"),
        (WIDE.replace("S2", ""), BY_SEX, "table.csv: line 3"),
        (WIDE + "S1,drug,f,40,1,3\n", BY_SEX, "most people have one row, and 1 of 3 have more"),
        (WIDE, "columns: {person: sbject}\n" + BY_SEX, "no column 'sbject' .did you mean 'subject'"),
        (WIDE, BY_SEX.replace("EQ", "EK"), "plan.yaml:7: analyses.0.outcome: the table has no column 'EK'"),
        (WIDE, BY_SEX.replace("score", "measure"), "write  score: EQ"),
        (WIDE, BY_SEX.replace("name: sex, kind: trait", "name: sx, kind: trait"), "no column 'sx' .did you mean 'sex'"),
        (LONG, LONG_PLAN.replace("name: task", "name: taks"), "differs within people is called 'taks' .did you mean"),
        (WIDE.replace(",arm", ",x"), SMILE, "no column is the arm"),
        (WIDE, "arms: [verum]\n" + SMILE, "nobody is in the arm 'verum'"),
        (WIDE.replace("50", "50 or so"), BY_SEX, "numbers are needed, and 'EQ' holds words .table.csv: line 3"),
        (WIDE.replace("2.5", "2.5?"), SMILE, "numbers are needed, and 'smile_after' holds words"),
        (
            LONG.replace("copy,4", "copy,4").replace("S1,drug,angry", "S1,placebo,angry"),
            LONG_PLAN,
            "1 person is in several arms",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(tmp_path: Path, table: str, plan: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, table, plan)


def test_no_cell_of_a_person_stands_in_a_message(tmp_path: Path) -> None:
    with pytest.raises(StudyFileError) as caught:
        read(tmp_path, WIDE.replace("50", "a name"), BY_SEX)
    assert "a name" not in str(caught.value)

"""Answers to questionnaires into a study."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import ConflictError, InputError, UnknownNameError
from mimicrylab.pipeline.import_answers import import_answers
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.schemas import ANSWERS, PARTICIPANTS, SESSIONS
from mimicrylab.tables import read_provenance, read_table
from unit.protocol.study_texts import SMALL, write_study

ITEMS = find_scale("IRI").scale.items
VISITS = """\
scales: [{name: IRI}]
sessions:
  - name: home
    steps: [{scale: IRI, occasion: before}]
  - name: laboratory
    place: laboratory
    steps: [{block: first}]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study", SMALL + VISITS, "stimulus,emotion\na,happiness\n")


def write_wide(path: Path, people: dict[str, int], *, prefix: str = "IRI_") -> Path:
    """Write a wide table in which a person gives every item the same answer."""
    columns = ",".join(f"{prefix}{item}" for item in range(1, ITEMS + 1))
    rows = [f"{person},{','.join([str(answer)] * ITEMS)}" for person, answer in people.items()]
    path.write_text("\n".join([f"participant,{columns}", *rows, ""]), encoding="utf-8")
    return path


def test_answers_become_scores_of_the_visit_that_asks_them(tmp_path: Path, study: Path) -> None:
    summary = import_answers(write_wide(tmp_path / "a.csv", {"P1": 4, "P2": 0}), study)
    assert summary.counts["answers in the study"] == 2 * ITEMS
    answers = read_table(study / "answers.parquet", ANSWERS)
    assert set(answers.select("session_id", "occasion").rows()) == {("P1/home", "before"), ("P2/home", "before")}
    assert set(read_table(study / "sessions.parquet", SESSIONS)["session"]) == {"home"}
    assert set(read_table(study / "participants.parquet", PARTICIPANTS)["participant_id"]) == {"P1", "P2"}
    scores = score_answers(answers, find_scale("IRI").scale)
    # perspective taking: 5 forward and 2 reversed items, 0 to 4
    taken = scores.filter(pl.col("score") == "perspective_taking").sort("participant_id")["value"].to_list()
    assert taken == [20.0, 8.0]
    provenance = read_provenance(study / "answers.parquet")
    assert provenance is not None
    assert provenance.step == "import answers"


def test_the_same_table_twice_changes_nothing_and_another_answer_is_a_conflict(tmp_path: Path, study: Path) -> None:
    table = write_wide(tmp_path / "a.csv", {"P1": 4})
    import_answers(table, study)
    first = (study / "answers.parquet").read_bytes()
    assert import_answers(table, study).written == ()
    assert (study / "answers.parquet").read_bytes() == first
    other = write_wide(tmp_path / "b.csv", {"P1": 3})
    with pytest.raises(ConflictError, match="other answers"):
        import_answers(other, study)
    assert (study / "answers.parquet").read_bytes() == first
    import_answers(other, study, replace=True)
    answers = read_table(study / "answers.parquet", ANSWERS)
    assert answers.height == ITEMS
    assert set(answers["response"]) == {"3"}


def test_an_answer_that_is_none_is_refused_before_anything_is_stored(tmp_path: Path, study: Path) -> None:
    table = write_wide(tmp_path / "a.csv", {"P1": 7})
    with pytest.raises(InputError, match="none of the answers of IRI"):
        import_answers(table, study)
    assert not (study / "answers.parquet").exists()
    import_answers(table, study, words={"7": "4"})
    assert set(read_table(study / "answers.parquet", ANSWERS)["response"]) == {"4"}


def test_missing_items_are_told_and_are_not_zero(tmp_path: Path, study: Path) -> None:
    table = write_wide(tmp_path / "a.csv", {"P1": 4, "P2": 2})
    table.write_text(table.read_text(encoding="utf-8").replace("P1,4,", "P1,,"), encoding="utf-8")
    summary = import_answers(table, study)
    assert any("2 participants, 1 of them without" in note for note in summary.notes)
    answers = read_table(study / "answers.parquet", ANSWERS)
    assert answers.filter((pl.col("participant_id") == "P1") & (pl.col("item") == "1"))["response"].to_list() == [None]


def test_the_visit_may_be_stated(tmp_path: Path, study: Path) -> None:
    import_answers(write_wide(tmp_path / "a.csv", {"P1": 4}), study, session="laboratory")
    assert set(read_table(study / "answers.parquet", ANSWERS)["session_id"]) == {"P1/laboratory"}
    with pytest.raises(UnknownNameError, match="session"):
        import_answers(write_wide(tmp_path / "b.csv", {"P2": 4}), study, session="office")


def test_a_study_without_questionnaires_takes_none(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "bare", SMALL, "stimulus,emotion\na,happiness\n")
    with pytest.raises(InputError, match="asks no questionnaire"):
        import_answers(write_wide(tmp_path / "a.csv", {"P1": 4}), folder)

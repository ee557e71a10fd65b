import polars as pl
import pytest

from mimicrylab.errors import ConflictError, InputError
from mimicrylab.schemas import PARTICIPANTS, RECORDINGS, SESSIONS
from mimicrylab.session.participants import (
    Visit,
    make_sessions,
    merge_participants,
    merge_sessions,
    read_assignments,
    read_ids,
)
from mimicrylab.tables import conform_table


def test_without_a_pattern_a_flat_folder_holds_one_participant_a_file() -> None:
    assert read_ids(["P01", "P02"]) == {"P01": Visit("P01"), "P02": Visit("P02")}


def test_folders_are_never_guessed() -> None:
    with pytest.raises(InputError, match="do not tell whose they are"):
        read_ids(["P01/before", "P02/before"])


@pytest.mark.parametrize(
    ("pattern", "visit"),
    [
        ("([^/]+)/", Visit("P01")),
        ("(?P<participant>P[0-9]+)", Visit("P01")),
        ("(?P<participant>[^/]+)/(?P<session>.+)", Visit("P01", "before")),
        ("(?P<session>[^/]+)$|(?P<participant>x)", None),
    ],
)
def test_a_pattern_says_which_part_is_the_participant(pattern: str, visit: Visit | None) -> None:
    if visit is None:
        with pytest.raises(InputError, match="does not fit a recording"):
            read_ids(["P01/before"], pattern=pattern)
    else:
        assert read_ids(["P01/before"], pattern=pattern) == {"P01/before": visit}


@pytest.mark.parametrize("pattern", ["P[0-9", "P[0-9]+", "(?P<session>.+)"])
def test_a_pattern_that_names_nobody_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="pattern"):
        read_ids(["P01"], pattern=pattern)


def table(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["recording", "participant_id", "session"], orient="row")


def test_a_table_says_who_is_in_which_recording() -> None:
    assert read_assignments(
        ["a/1", "a/2"], table(("a/1.mp4", "P01", "one"), ("2", "P02", None), ("other", "P03", None)), where="who.csv"
    ) == {"a/1": Visit("P01", "one"), "a/2": Visit("P02")}
    with pytest.raises(InputError, match="1 of 2 recordings"):
        read_assignments(["1", "2"], table(("1", "P01", None)), where="who.csv")
    with pytest.raises(InputError, match="two participants"):
        read_assignments(["1"], table(("1", "P01", None), ("1", "P02", None)), where="who.csv")


def test_named_visits_have_segments_and_others_are_visits_of_their_own() -> None:
    visits = {"b": Visit("P01", "one"), "a": Visit("P01", "one"), "c": Visit("P02")}
    sessions = make_sessions(visits, stored=RECORDINGS.empty(), default_session="visit", capture="video")
    assert sessions.select("recording_id", "session_id", "session", "segment").rows() == [
        ("a", "P01/one", "one", 0),
        ("b", "P01/one", "one", 1),
        ("c", "c", "visit", 0),
    ]
    stored = sessions.filter(pl.col("recording_id") != "b")
    later = make_sessions({"b": Visit("P01", "one")}, stored=stored, default_session="visit", capture="video")
    assert later["segment"].to_list() == [1]


def people(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_new_participants_are_added_and_empty_cells_filled() -> None:
    stored = merge_participants(
        PARTICIPANTS.empty(), people(participant_id=["P02", "P01"], age=[None, 30.0], hand=["left", None])
    )
    assert stored["state"].to_list() == ["finished", "finished"]
    assert stored["excluded"].to_list() == [False, False]
    merged = merge_participants(stored, people(participant_id=["P02", "P03"], age=[25.0, 40.0], sex=["f", None]))
    rows = merged.select("participant_id", "age", "sex", "hand").rows()
    assert rows == [("P01", 30.0, None, None), ("P02", 25.0, "f", "left"), ("P03", 40.0, None, None)]
    conform_table(merged, PARTICIPANTS, where="test")
    assert merge_participants(merged, merged).equals(merged)


def test_a_stored_value_is_replaced_only_when_asked() -> None:
    stored = merge_participants(PARTICIPANTS.empty(), people(participant_id=["P01", "P02"], age=[30.0, 20.0]))
    new = people(participant_id=["P01"], age=[31.0])
    with pytest.raises(ConflictError, match="other values of 'age'") as raised:
        merge_participants(stored, new)
    assert "31" not in str(raised.value)
    assert merge_participants(stored, new, replace=True)["age"].to_list() == [31.0, 20.0]
    with_text = merge_participants(stored, people(participant_id=["P01"], hand=["left"]))
    with pytest.raises(InputError, match="holds numbers here and text in the study"):
        merge_participants(with_text, people(participant_id=["P01"], hand=[1.0]))


def test_a_visit_cannot_change_hands() -> None:
    first = make_sessions({"a": Visit("P01")}, stored=RECORDINGS.empty(), default_session="visit", capture="video")
    stored = merge_sessions(SESSIONS.empty(), first)
    conform_table(stored, SESSIONS, where="test")
    assert merge_sessions(stored, first).equals(stored)
    other = make_sessions({"a": Visit("P02")}, stored=RECORDINGS.empty(), default_session="visit", capture="video")
    with pytest.raises(ConflictError, match="another participant"):
        merge_sessions(stored, other)

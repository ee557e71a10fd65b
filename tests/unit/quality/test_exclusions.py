"""The exclusion log. Fixture: six people; P1 is whole, the others are lost at different places."""

from typing import Any

import polars as pl

from mimicrylab.quality.exclusions import GRADE_RULE, TRIAL_RULE, list_exclusions
from mimicrylab.schemas import EXCLUSIONS, PARTICIPANTS, QUALITY, RECORDINGS
from mimicrylab.tables import conform_table


def make_people(*rows: dict[str, Any]) -> pl.DataFrame:
    filled = [{"state": "finished", "excluded": False, **row} for row in rows]
    return conform_table(pl.DataFrame(filled, infer_schema_length=None), PARTICIPANTS, where="participants")


PEOPLE = make_people(
    {"participant_id": "P1"},
    {"participant_id": "P2", "state": "withdrawn"},
    {"participant_id": "P3", "excluded": True, "exclusion_reason": "questionnaire lost"},
    {"participant_id": "P4"},
    {"participant_id": "P5"},
    {"participant_id": "P6", "state": "aborted"},
)
RECORDED = conform_table(
    pl.DataFrame(
        [
            {"recording_id": f"{p}/v", "session_id": f"{p}-v", "participant_id": p, "segment": 0}
            for p in ("P1", "P3", "P4", "P6")
        ]
    ),
    RECORDINGS,
    where="recordings",
)


def make_quality(*rows: dict[str, Any]) -> pl.DataFrame:
    base: dict[str, Any] = {"coder": "c", "grade": 0, "reasons": [], "n_frames": 10, "trial": None, "override": None}
    filled = [{**base, "recording_id": f"{row['participant_id']}/v", **row} for row in rows]
    schema: dict[str, Any] = {"reasons": pl.List(pl.String), "trial": pl.Int32, "override": pl.Int8}
    return conform_table(
        pl.DataFrame(filled, infer_schema_length=None, schema_overrides=schema), QUALITY, where="quality"
    )


QUALITY_ROWS = make_quality(
    {"participant_id": "P1"},
    {"participant_id": "P1", "trial": 2, "grade": 3, "reasons": ["70 % of the frames are valid, 80 % are asked for"]},
    {"participant_id": "P1", "trial": 3, "grade": 1, "reasons": ["talking or eating"]},
    {"participant_id": "P3"},
    {"participant_id": "P4", "grade": 2, "reasons": ["12 frames/s", "mouth or brow covered"]},
    {"participant_id": "P6"},
)


def list_rows(quality: pl.DataFrame = QUALITY_ROWS, maximum_grade: int = 1) -> list[dict[str, Any]]:
    found = list_exclusions(PEOPLE, RECORDED, quality, maximum_grade=maximum_grade)
    assert conform_table(found, EXCLUSIONS, where="exclusions").equals(found)
    return list(found.iter_rows(named=True))


def find(rows: list[dict[str, Any]], person: str) -> list[tuple[str, str, str, int | None]]:
    return [(r["level"], r["stage"], r["reason"], r["trial"]) for r in rows if r["participant_id"] == person]


def test_everyone_is_lost_where_and_why() -> None:
    rows = list_rows()
    assert find(rows, "P1") == [("trial", "quality", "70 % of the frames are valid, 80 % are asked for", 2)]
    assert find(rows, "P2") == [("participant", "consent", "consent withdrawn", None)]
    assert find(rows, "P3") == [("participant", "questionnaires", "questionnaire lost", None)]
    assert find(rows, "P4") == [("recording", "quality", "graded 2: 12 frames/s; mouth or brow covered", None)]
    assert find(rows, "P5") == [("recording", "recording", "no recording", None)]


def test_a_visit_that_was_broken_off_does_not_exclude_the_person() -> None:
    assert find(list_rows(), "P6") == []


def test_talking_is_marked_and_excludes_nothing() -> None:
    assert all(row["trial"] != 3 for row in list_rows())


def test_rules_name_the_setting_that_excludes() -> None:
    rules = {(row["participant_id"], row["level"]): row["rule"] for row in list_rows()}
    assert rules["P4", "recording"] == GRADE_RULE
    assert rules["P1", "trial"] == TRIAL_RULE


def test_the_declared_grade_decides() -> None:
    assert find(list_rows(maximum_grade=2), "P4") == []


def test_an_override_excludes_and_includes_in_place_of_the_grade() -> None:
    set_by_hand = {"override_by": "A. Observer", "override_reason": "glare only"}
    included = make_quality({"participant_id": "P4", "grade": 2, "reasons": ["x"], "override": 1, **set_by_hand})
    assert find(list_rows(included), "P4") == []
    excluded = make_quality({"participant_id": "P1", "override": 3, **set_by_hand})
    row = next(row for row in list_rows(excluded) if row["participant_id"] == "P1")
    assert (row["reason"], row["decided_by"], row["rule"]) == ("graded 3: glare only", "A. Observer", None)


def test_a_study_of_recordings_alone_has_no_people_to_lose() -> None:
    rows = list_exclusions(PARTICIPANTS.empty(), RECORDED, QUALITY_ROWS, maximum_grade=3)
    assert set(rows["level"]) == {"trial"}


def test_a_study_of_answers_alone_loses_nobody_for_want_of_a_recording() -> None:
    rows = list_exclusions(PEOPLE, RECORDINGS.empty(), QUALITY.empty(), maximum_grade=3)
    assert set(rows["participant_id"]) == {"P2", "P3"}

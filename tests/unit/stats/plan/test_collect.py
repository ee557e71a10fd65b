"""From a study's tables to its plan's data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from mimicrylab.protocol.design import Study, parse_study
from mimicrylab.schemas import TABLES
from mimicrylab.stats.plan.collect import collect_data
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.study_tables import SCORES_SCHEMA, StudyTables, list_analysed, list_people

STUDY = """
version: 1
title: A study of two visits
assignment:
  arms: [{name: drug}, {name: placebo}]
  kits_per_stratum: 4
  block_sizes: [2]
forms:
  - name: demographics
    fields:
      - {name: gender, label: Gender?, choices: [female, male], column: sex}
      - {name: years, label: Age?, kind: number}
      - {name: hobby, label: Hobby?, kind: text}
measurements:
  - name: pressure
    fields: [{name: systolic, label: Systolic, kind: number}]
  - name: event
    anytime: true
    fields: [{name: what, label: What?, choices: [fall, headache]}]
ratings: [{name: liking, question: Liked?, low: not at all, high: very much}]
stimuli:
  manifest: stimuli/stimuli.csv
  sets: {faces: {kind: clip, source: made up, licence: free, citation: none, action_units_from: prototype,
                 congruence: {action_units: {happiness: [AU12]}}}}
blocks:
  - {name: faces, stimuli: {set: faces}, ratings: [liking]}
  - {name: end, role: washout, stimuli: {set: faces}, ratings: [liking]}
sessions:
  - name: visit
    steps:
      - form: demographics
      - {measurement: pressure, name: first, occasion: consent}
      - {measurement: pressure, name: second, occasion: +35 min}
      - block: faces
      - block: end
baseline: {method: none}
measures: [{measure: mean}]
"""


def parse(text: str = STUDY) -> Study:
    document = parse_study(text)
    assert document.study is not None, document.mistakes
    return document.study


def make_table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column.name: column.dtype for column in TABLES[name].columns}
    return pl.DataFrame(rows, schema=schema)


def make_tables() -> StudyTables:
    """Four people: P1 and P2 as they should be, P3 whose recording is excluded, P4 who withdrew."""
    people = ("P1", "P2", "P3", "P4")
    states = {"P4": "withdrawn"}
    participants = [
        {"participant_id": p, "kit": f"K{p[1]}", "sex": "male", "glasses": p == "P1", "excluded": False}
        | {"state": states.get(p, "finished")}
        for p in people
    ]
    sessions = [
        {"session_id": f"{p}-v", "participant_id": p, "session": "visit", "started": "2026-03-02T09:00:00+00:00"}
        | {"state": "finished"}
        for p in people
    ]
    shown = [("faces", "test", 0), ("faces", "test", 1), ("end", "washout", 2)]
    events = [
        {"session_id": f"{p}-v", "recording_id": f"{p}-v", "block": block, "block_role": role, "trial": trial}
        | {"block_position": int(block == "end"), "onset": 10.0 * trial, "trial_type": "stimulus"}
        | {"stimulus": f"M{trial}", "stimulus_emotion": "happiness", "model_id": f"M{trial}"}
        for p in people
        for block, role, trial in shown
    ]
    answers = [
        {"participant_id": p, "session_id": f"{p}-v", "scale": scale, "item": item, "response": response, "time": time}
        | {"occasion": occasion, "trial": trial, "block": block}
        for p in people
        for scale, item, response, time, occasion, trial, block in (
            ("demographics", "gender", "female", 1.0, None, None, None),
            ("demographics", "years", "2" + p[1], 1.0, None, None, None),
            ("demographics", "hobby", "something private", 1.0, None, None, None),
            ("pressure", "systolic", "130", 9.0, "+35 min", None, None),
            ("pressure", "systolic", "120", 2.0, "consent", None, None),
            ("event", "what", "headache", 3.0, None, None, None),
            ("liking", "rating", "4", 5.0, None, 0, "faces"),
            ("liking", "rating", "no idea", 6.0, None, 1, "faces"),
            ("liking", "rating", "1", 7.0, None, 2, "end"),
        )
    ]
    measures = [
        {"participant_id": p, "session_id": f"{p}-v", "recording_id": f"{p}-v", "coder": "openface", "block": block}
        | {"block_role": role, "trial": trial, "stimulus_emotion": "happiness", "model_id": f"M{trial}"}
        | {"signal": "AU12", "measure": "mean", "window_start_s": 0.0, "window_stop_s": 5.0, "value": 0.5}
        | {"unit": "0-5", "n_frames": 100, "share_valid": 1.0}
        for p in people
        for block, role, trial in shown
    ]
    recordings = [
        {"recording_id": f"{p}-v", "session_id": f"{p}-v", "participant_id": p, "segment": 0, "complete": True}
        for p in people
    ]
    exclusions = [
        {"participant_id": "P3", "recording_id": "P3-v", "level": "recording", "stage": "quality", "reason": "too dark"}
    ]
    quality = [
        {"recording_id": f"{p}-v", "participant_id": p, "coder": "openface", "trial": trial, "grade": 0, "reasons": []}
        | {"n_frames": 150, "share_valid": 0.25 if p == "P3" else 1.0}
        for p in people
        for _, _, trial in shown
    ]
    stimuli = [
        {"stimulus": f"M{trial}", "set": "faces", "emotion": "happiness", "model_id": f"M{trial}"}
        | {"action_units": ["AU12"], "sha256": "0", "licence": "free"}
        for trial in range(3)
    ]
    made: dict[str, list[dict[str, Any]]] = {
        "participants": participants,
        "sessions": sessions,
        "events": events,
        "answers": answers,
        "measures": measures,
        "recordings": recordings,
        "exclusions": exclusions,
        "quality": quality,
        "stimuli": stimuli,
    }
    return StudyTables(**{name: make_table(name, rows) for name, rows in made.items()})


@pytest.fixture(scope="module")
def data() -> PlanData:
    scores = pl.DataFrame(
        [
            ("P1", "P1-v", None, "EQ", "total", 40.0, 40, 40, False),
            ("P3", "P3-v", None, "EQ", "total", 50.0, 40, 40, False),
        ],
        schema=SCORES_SCHEMA,
        orient="row",
    )
    return collect_data(parse(), make_tables(), scores=scores, arms={"K1": "drug", "K2": "placebo", "K3": "drug"})


def test_people_are_those_who_are_not_excluded_as_people() -> None:
    assert list_people(make_tables()) == ("P1", "P2", "P3")
    assert list_analysed(make_tables()) == ("P1", "P2")


def test_scores_count_also_without_a_recording_and_values_do_not(data: PlanData) -> None:
    assert data.people.select("participant_id", "analysed", "EQ.total").rows() == [
        ("P1", True, 40.0),
        ("P2", True, None),
        ("P3", False, 50.0),
    ]
    assert set(data.values.filter(pl.col("measure") != "share_valid")["participant_id"]) == {"P1", "P2"}


def test_washout_never_enters(data: PlanData) -> None:
    assert set(data.values["block"]) == {"faces"}
    assert data.values["trial"].max() == 1


def test_arms_come_from_the_opened_list_alone(data: PlanData) -> None:
    assert data.people["arm"].to_list() == ["drug", "placebo", "drug"]
    assert (data.labels, data.arms) == ("open", ("drug", "placebo"))
    sealed = collect_data(parse(), make_tables(), scores=pl.DataFrame(schema=SCORES_SCHEMA))
    assert sealed.labels == "none"
    assert not {"arm", "kit"} & set(sealed.people.columns)


def test_fields_are_columns_numbers_are_numbers_and_free_text_is_left_out(data: PlanData) -> None:
    row = data.people.row(0, named=True)
    assert (row["gender"], row["sex"], row["years"], row["glasses"]) == ("female", "male", 21.0, "yes")
    assert not {"hobby", "what"} & set(data.people.columns)


def test_what_was_asked_twice_is_the_first_in_time_and_has_a_column_for_each_occasion(data: PlanData) -> None:
    row = data.people.row(0, named=True)
    assert (row["systolic"], row["systolic.consent"], row["systolic.+35_min"]) == (120.0, 120.0, 130.0)
    assert data.column_notes["systolic"].endswith("systolic is the first of them")


def test_ratings_are_values_and_words_are_missing(data: PlanData) -> None:
    liking = data.values.filter((pl.col("measure") == "liking") & (pl.col("participant_id") == "P1"))
    assert liking.select("trial", "value", "signal", "reason", "stimulus_emotion").rows() == [
        (0, 4.0, "rating", None, "happiness"),
        (1, None, "rating", "not rated", "happiness"),
    ]


def test_shares_of_valid_frames_are_those_of_every_recording(data: PlanData) -> None:
    shares = data.values.filter(pl.col("measure") == "share_valid")
    assert shares.filter(pl.col("participant_id") == "P3")["value"].to_list() == [0.25, 0.25]
    assert shares["signal"].unique().to_list() == ["face"]


def test_places_of_blocks_stand_beside_the_values(data: PlanData) -> None:
    assert data.values["block_position"].to_list().count(None) == 0


def test_a_rating_in_an_excluded_recording_is_missing_with_its_reason() -> None:
    tables = make_tables()
    extra = tables.recordings.filter(pl.col("participant_id") == "P3").with_columns(recording_id=pl.lit("P3-second"))
    found = collect_data(
        parse(),
        replace(tables, recordings=pl.concat([tables.recordings, extra])),
        scores=pl.DataFrame(schema=SCORES_SCHEMA),
    )
    liking = found.values.filter((pl.col("measure") == "liking") & (pl.col("participant_id") == "P3"))
    assert liking["reason"].to_list() == ["recording excluded", "recording excluded"]
    assert liking["value"].null_count() == 2

"""The congruence index of people whose trial values are written down."""

from typing import Any

import polars as pl
import pytest

from mimicrylab.measures.congruence import measure_congruence, score_models
from mimicrylab.measures.measure import Conditions
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import EMOTIONS, MEASURES
from mimicrylab.tables import conform_table

TABLE = {"happiness": ("AU06", "AU12"), "anger": ("AU04",)}
REQUEST = MeasureRequest(measure="congruence")

VALUES = {
    ("happiness", "AU06"): 4.0,
    ("happiness", "AU12"): 6.0,
    ("happiness", "AU04"): 1.0,
    ("anger", "AU06"): 1.0,
    ("anger", "AU12"): 2.0,
    ("anger", "AU04"): 5.0,
    ("neutral", "AU06"): 3.0,
    ("neutral", "AU12"): 0.0,
    ("neutral", "AU04"): 3.0,
}
"""AU06 in happiness: 4 - (1 + 3) / 2 = 2 with neutral, 4 - 1 = 3 without; AU12: 6 - 1 = 5, 6 - 2 = 4; AU04: 3, 4."""


def make_rows(
    values: dict[tuple[str, str], float | None] = VALUES,  # type: ignore[assignment]
    *,
    person: str = "p",
    trials: int = 2,
    **columns: Any,
) -> pl.DataFrame:
    """Return ``trials`` trials for each emotion, all with the value given."""
    base: dict[str, Any] = {
        "participant_id": person,
        "session_id": "s",
        "recording_id": f"r_{person}",
        "coder": "c",
        "block": "b",
        "block_role": "test",
        "measure": "mean",
        "window_start_s": 0.0,
        "window_stop_s": 2.0,
        "unit": "0-5",
        "n_frames": 50,
        "share_valid": 1.0,
    }
    rows = [
        {
            **base,
            "trial": 10 * EMOTIONS.index(emotion) + number,
            "model_id": f"m{number}",
            "stimulus_emotion": emotion,
            "signal": unit,
            "value": value,
            "reason": None if value is not None else "too little",
            **columns,
        }
        for (emotion, unit), value in values.items()
        for number in range(trials)
    ]
    return conform_table(pl.DataFrame(rows, infer_schema_length=None), MEASURES, where="measures")


def score(
    rows: pl.DataFrame, request: MeasureRequest = REQUEST, **conditions: Any
) -> dict[tuple[str, str], float | None]:
    settings = {"congruence": TABLE, "cells": CellLimits(), "emotions": ("anger", "happiness", "neutral")} | conditions
    found = measure_congruence(rows, request, Conditions(**settings))
    assert conform_table(found, MEASURES, where="measures").equals(found)
    return {(row["measure"], row["signal"]): row["value"] for row in found.iter_rows(named=True)}


def test_the_index_of_each_unit_and_composite_with_and_without_neutral() -> None:
    assert score(make_rows()) == {
        ("congruence", "AU06"): 2.0,
        ("congruence", "AU12"): 5.0,
        ("congruence", "happiness[AU06+AU12]"): 3.5,
        ("congruence", "AU04"): 3.0,
        ("congruence", "anger[AU04]"): 3.0,
        ("congruence_without_neutral", "AU06"): 3.0,
        ("congruence_without_neutral", "AU12"): 4.0,
        ("congruence_without_neutral", "happiness[AU06+AU12]"): 3.5,
        ("congruence_without_neutral", "AU04"): 4.0,
        ("congruence_without_neutral", "anger[AU04]"): 4.0,
    }


@pytest.mark.parametrize(("choice", "label"), [("with", "congruence"), ("without", "congruence_without_neutral")])
def test_one_of_both_can_be_asked_for(choice: str, label: str) -> None:
    found = score(make_rows(), MeasureRequest(measure="congruence", neutral=choice))  # type: ignore[arg-type]
    assert {measure for measure, _ in found} == {label}


def test_a_person_who_lacks_an_emotion_has_no_index_that_needs_it() -> None:
    """Without the anger trials AU06 and AU12 cannot be compared as others are; AU04 has nothing of its own."""
    lacking = {key: value for key, value in VALUES.items() if key[0] != "anger"}
    found = score(make_rows(lacking))
    assert found["congruence", "AU12"] is None
    assert found["congruence", "happiness[AU06+AU12]"] is None
    assert ("congruence", "AU04") not in found


def test_a_composite_lacks_a_value_when_one_unit_does_and_says_which() -> None:
    missing = VALUES | {("happiness", "AU06"): None}
    conditions = Conditions(TABLE, CellLimits(), ("anger", "happiness", "neutral"))
    found = measure_congruence(make_rows(missing), REQUEST, conditions)
    rows = {(r["measure"], r["signal"]): r for r in found.iter_rows(named=True)}
    assert rows["congruence", "AU12"]["value"] == 5.0
    assert rows["congruence", "happiness[AU06+AU12]"]["value"] is None
    assert rows["congruence", "happiness[AU06+AU12]"]["reason"] == "too little"


def test_a_unit_that_the_coder_does_not_measure_is_named() -> None:
    without = {key: value for key, value in VALUES.items() if key[1] != "AU06"}
    conditions = Conditions(TABLE, CellLimits(), ("anger", "happiness", "neutral"))
    found = measure_congruence(make_rows(without), REQUEST, conditions)
    reasons = dict(found.select("signal", "reason").iter_rows())
    assert reasons["happiness[AU06+AU12]"] == "AU06 not measured"


def test_washout_trials_are_left_out() -> None:
    washout = make_rows({("neutral", "AU12"): 99.0}, block_role="washout")
    assert score(pl.concat([make_rows(), washout]))["congruence", "AU12"] == 5.0


def test_fewer_than_half_of_the_trials_give_no_value() -> None:
    one_of_three = pl.concat(
        [make_rows({("happiness", "AU12"): None}, trials=2), make_rows(VALUES, trials=1)]  # type: ignore[arg-type]
    )
    assert score(one_of_three)["congruence", "AU12"] is None


def test_clips_weigh_alike_or_by_their_frames() -> None:
    """Two happy clips: 2 with 10 frames, 8 with 30 frames; mean of clips 5, pooled frames 6.5."""
    own = pl.concat(
        [
            make_rows({("happiness", "AU12"): 2.0}, trials=1, n_frames=10, trial=100),
            make_rows({("happiness", "AU12"): 8.0}, trials=1, n_frames=30, trial=101),
            make_rows({("anger", "AU12"): 1.0}),
        ]
    )
    table = {"happiness": ("AU12",), "anger": ("AU04",)}
    shown = {"congruence": table, "emotions": ("anger", "happiness")}
    assert score(own, **shown)["congruence", "AU12"] == pytest.approx(4.0)
    pooled = MeasureRequest(measure="congruence", aggregate="pooled_frames")
    assert score(own, pooled, **shown)["congruence", "AU12"] == pytest.approx(5.5)


def test_units_of_different_size_weigh_alike() -> None:
    """The coder landmarker says that a strong AU12 is .19 and a strong AU17 is 1: an index of half of each is .5."""
    values = {("happiness", "AU12"): 0.095, ("happiness", "AU17"): 0.5, ("anger", "AU12"): 0.0, ("anger", "AU17"): 0.0}
    rows = make_rows(values, coder="landmarker").with_columns(
        unit=pl.when(pl.col("signal") == "AU12").then(pl.lit("mesh")).otherwise(pl.lit("0-1"))
    )
    table = {"happiness": ("AU12", "AU17"), "anger": ("AU04",)}
    found = score(rows, congruence=table, emotions=("anger", "happiness"))
    assert found["congruence", "happiness[AU12+AU17]"] == pytest.approx(0.5)


def test_signals_can_be_chosen() -> None:
    chosen = MeasureRequest(measure="congruence", neutral="with", signals=("congruent:anger", "AU12"))
    assert set(score(make_rows(), chosen)) == {("congruence", "AU12"), ("congruence", "anger[AU04]")}


def test_scores_of_each_model_are_the_parts_of_a_split_half_reliability() -> None:
    """Model m0 gives an index of 5, model m1 of 7."""
    shifted = make_rows(VALUES, trials=2).with_columns(
        value=pl.when(
            (pl.col("model_id") == "m1") & (pl.col("stimulus_emotion") == "happiness") & (pl.col("signal") == "AU12")
        )
        .then(8.0)
        .otherwise("value")
    )
    parts = score_models(shifted, TABLE).filter(pl.col("signal") == "AU12")
    assert dict(parts.select("model_id", "value").iter_rows()) == {"m0": 5.0, "m1": 7.0}

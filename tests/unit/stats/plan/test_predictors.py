"""The table of one analysis: outcome, predictors, groups and their levels."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from mimicrylab.errors import InputError, MimicryLabError, MissingError, UnknownNameError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.plan.analysis_table import AnalysisTable
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.predictors import build_table
from unit.stats.plan.formula_values import make_formula_data
from unit.stats.plan.test_select import average

HAPPINESS = {"measure": "mean", "signals": ["congruent:happiness"], "emotions": ["happiness"]}


def build(data: PlanData | None = None, **settings: Any) -> AnalysisTable:
    given = {"id": "one", "hypothesis": "H1", "model": "regression", "outcome": HAPPINESS} | settings
    analysis = Analysis.model_validate_json(json.dumps(given))
    return build_table(make_formula_data() if data is None else data, analysis)


def test_treatment_is_the_arm_with_levels_as_declared() -> None:
    built = build(predictors=[{"name": "treatment", "kind": "treatment"}])
    assert built.table["treatment"].to_list() == ["drug", "placebo", "drug"]
    assert built.levels["treatment"] == ("drug", "placebo")
    assert (built.outcome, built.unit, built.columns) == ("mean", "share of frames", {"treatment": ("treatment",)})


def test_without_arms_a_treatment_is_missing_and_says_how_to_get_it() -> None:
    data = make_formula_data()
    blind = PlanData(data.people.drop("arm"), data.values, data.congruent, data.requests)
    with pytest.raises(MissingError, match="nobody's arm is known"):
        build(blind, predictors=[{"name": "treatment", "kind": "treatment"}])


def test_a_covariate_from_one_block_is_of_the_outcomes_own_signals() -> None:
    built = build(predictors=[{"name": "mean", "kind": "covariate", "block": "neutral"}])
    expected = [(average(p, "neutral", "AU12") + average(p, "neutral", "AU25")) / 2 for p in range(3)]
    assert built.columns == {"mean": ("mean_neutral",)}
    assert built.table["mean_neutral"].to_list() == expected


def test_a_covariate_follows_the_cells_of_the_outcome() -> None:
    outcome = {"measure": "mean", "signals": ["congruent"], "for_each": ["emotion"]}
    built = build(outcome=outcome, predictors=[{"name": "mean", "kind": "moderator", "block": "neutral"}])
    anger = built.table.filter(pl.col("emotion") == "anger")
    assert anger["mean_neutral"].to_list() == [average(person, "neutral", "AU04") for person in range(3)]
    assert built.cells == ("emotion",)


def test_a_trait_of_words_has_levels_and_a_score_is_a_number() -> None:
    built = build(predictors=[{"name": "sex", "kind": "trait"}, {"name": "EQ.total", "kind": "trait"}])
    assert built.levels["sex"] == ("female", "male", "other")
    assert built.table["EQ.total"].dtype == pl.Float64


def test_recoded_answers_and_named_groups_leave_the_others_out() -> None:
    recode = {"women": ["female"], "others": ["male", "other"]}
    built = build(predictors=[{"name": "sex", "kind": "trait", "recode": recode}])
    assert built.levels["sex"] == ("women", "others")
    assert built.table["sex"].to_list() == ["women", "others", "others"]
    named = build(predictors=[{"name": "sex", "kind": "trait"}], groups=["male", "female"])
    assert named.levels["sex"] == ("male", "female")
    assert named.table["participant_id"].to_list() == ["P0", "P1"]


def test_an_answer_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(InputError, match="nobody is in the level 'women'"):
        build(predictors=[{"name": "sex", "kind": "trait", "recode": {"women": ["Female"], "men": ["male"]}}])


@pytest.mark.parametrize(("side", "middle"), [("low_includes_median", "low"), ("high_includes_median", "high")])
def test_a_score_is_cut_at_the_median_of_those_with_an_outcome(side: str, middle: str) -> None:
    built = build(predictors=[{"name": "EQ.total", "kind": "trait", "split_at_median": side}])
    assert built.table["EQ.total"].to_list() == ["low", middle, "high"]
    assert built.notes[0].startswith("EQ.total is cut at its median (45;")


def test_groups_without_a_predictor_are_arms() -> None:
    assert build(groups=["placebo"]).table["participant_id"].to_list() == ["P1"]
    with pytest.raises(UnknownNameError, match="'verum'"):
        build(groups=["verum"])


def test_arms_beside_a_within_factor_are_arms() -> None:
    built = build(predictors=[{"name": "phase", "kind": "within"}], groups=["placebo"])
    assert built.table.select("participant_id", "phase").rows() == [("P1", "before"), ("P1", "after")]
    later = build(predictors=[{"name": "phase", "kind": "within"}], groups=["after", "before"])
    assert later.levels["phase"] == ("after", "before")


def test_features_are_a_column_a_signal_or_emotion_and_signal() -> None:
    outcome = {"score": "EQ.total"}
    features = {"name": "mean", "kind": "features", "signals": ["AU12", "AU04"], "emotions": ["happiness", "anger"]}
    one = build(outcome=outcome, predictors=[features])
    assert one.columns["mean"] == ("AU12", "AU04")
    expected = [(average(p, "happiness", "AU12") + average(p, "anger", "AU12")) / 2 for p in range(3)]
    assert one.table["AU12"].to_list() == expected
    both = build(outcome=outcome, predictors=[features | {"for_each": ["emotion", "signal"]}])
    assert both.columns["mean"] == ("anger:AU12", "anger:AU04", "happiness:AU12", "happiness:AU04")
    assert both.table["anger:AU04"].to_list() == [average(person, "anger", "AU04") for person in range(3)]


def test_rows_of_conditions_repeat_a_score_beside_the_features_of_each_emotion() -> None:
    features = {"name": "mean", "kind": "features", "signals": ["AU12"]}
    built = build(outcome={"score": "EQ.total"}, predictors=[features], rows="conditions", as_published=True)
    assert built.table.height == 9
    angry = built.table.filter(pl.col("emotion") == "anger")
    assert angry.select("EQ.total", "AU12").rows() == [
        (score, average(person, "anger", "AU12")) for person, score in enumerate((40.0, 45.0, 50.0))
    ]


def test_rows_of_conditions_with_congruence_are_one_a_shown_emotion() -> None:
    outcome = {"measure": "mean", "for_each": ["emotion", "signal"]}
    predictors = [{"name": "congruence", "kind": "within"}]
    built = build(outcome=outcome, predictors=predictors, rows="conditions", as_published=True)
    own = built.table.filter((pl.col("participant_id") == "P0") & (pl.col("signal") == "AU04"))
    assert own.select("congruence", "shown_emotion").rows() == [
        ("congruent", "anger"),
        ("incongruent", "happiness"),
        ("incongruent", "neutral"),
    ]
    assert built.cells == ("emotion", "signal")


def test_multivariate_models_have_an_outcome_for_each_signal_or_score() -> None:
    assert build(model="multivariate_regression", outcome={"measure": "mean"}).cells == ("signal",)
    assert build(model="multivariate_regression", outcome={"score": "STAI"}).cells == ("score",)


def test_mixed_models_take_trials() -> None:
    built = build(model="mixed", outcome={"measure": "mean"}, predictors=[{"name": "congruence", "kind": "within"}])
    assert {"trial", "model_id", "congruence"} <= set(built.table.columns)


def test_a_column_with_several_occasions_says_which_is_taken() -> None:
    data = make_formula_data(column_notes={"EQ.total": "EQ.total was asked on several occasions"})
    for settings in ({"outcome": {"score": "EQ.total"}}, {"predictors": [{"name": "EQ.total", "kind": "trait"}]}):
        assert "EQ.total was asked on several occasions" in build(data, **settings).notes


@pytest.mark.parametrize(
    ("predictor", "message"),
    [
        ({"name": "EQ.totl", "kind": "trait"}, "did you mean 'EQ.total'"),
        ({"name": "STAI", "kind": "trait"}, "several scores"),
        ({"name": "mean", "kind": "covariate"}, "is outcome and predictor"),
        ({"name": "mean", "kind": "covariate", "block": "fear"}, "unknown block"),
        ({"name": "sex", "kind": "trait", "split_at_median": "low_includes_median"}, "a median needs numbers"),
    ],
)
def test_what_does_not_fit_is_an_error(predictor: dict[str, Any], message: str) -> None:
    with pytest.raises(MimicryLabError, match=message):
        build(predictors=[predictor])

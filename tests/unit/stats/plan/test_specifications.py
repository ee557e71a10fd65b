"""All combinations of declared choices and alternatives, each once, the declared one first."""

from __future__ import annotations

import pytest

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Analysis, Outcome, Predictor
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from mimicrylab.protocol.multiverse import Multiverse
from mimicrylab.stats.plan.specifications import Specification, list_specifications

NONE = Baseline(method="none")
REQUESTS = (
    MeasureRequest(measure="mean"),
    MeasureRequest(measure="presence"),
    MeasureRequest(measure="congruence", of="presence"),
    MeasureRequest(measure="mean", name="early_mean", window="early"),
)


def make_plan(measure: str, **more: object) -> Analysis:
    return Analysis(id="a", hypothesis="H", model="one_sample", outcome=Outcome(measure=measure), **more)  # type: ignore[arg-type]


def list_for(measure: str, plan: Analysis | None = None, **alternatives: object) -> tuple[Specification, ...]:
    multiverse = Multiverse.model_validate({"analysis": "a", **alternatives})
    return list_specifications(
        multiverse, plan or make_plan(measure), requests=REQUESTS, quality=Quality(), baseline=Baseline()
    )


def test_every_combination_stands_once_and_the_declared_one_first() -> None:
    found = list_for("mean", windows=("early",), baselines=(NONE, Baseline()), maximum_grades=(0, 2))
    assert len(found) == 2 * 2 * 2  # the baseline and the grade that are declared are no alternatives
    assert [one.declared for one in found] == [True] + [False] * 7
    assert dict(found[0].choices) == {"window": "response", "baseline": "difference [-1, 0)", "maximum_grade": "2"}
    assert found[0].requests[0].baseline is None
    assert {one.requests[0].baseline for one in found} == {None, NONE}
    assert {one.quality.recordings.maximum_grade for one in found} == {0, 2}


def test_a_choice_that_does_not_apply_makes_no_specification() -> None:
    found = list_for("mean", measures=("presence",), thresholds=(0.1, 0.2))
    words = [(one.choices["measure"], one.choices["threshold"]) for one in found]
    assert words == [("mean", "not used"), ("presence", "default"), ("presence", "0.1"), ("presence", "0.2")]


def test_a_measure_of_persons_varies_what_it_is_made_of() -> None:
    found = list_for("congruence", thresholds=(0.3,), neutral=("with", "without"), windows=("early",))
    assert len(found) == 8
    last = found[-1]
    assert [(one.label, one.window) for one in last.requests] == [("presence", "early"), ("congruence", "early")]
    assert last.requests[0].threshold == 0.3
    assert last.requests[1].neutral == "without"


def test_neutral_leaves_the_values_where_congruence_is_a_predictor() -> None:
    plan = make_plan("presence", predictors=(Predictor(name="congruence", kind="within"),))
    found = list_for("presence", plan, neutral=("without",))
    assert [(one.keeps_neutral, one.choices["neutral"]) for one in found] == [(True, "with"), (False, "without")]
    assert len(list_for("presence", neutral=("without",))) == 1  # nothing there to leave out


def test_limits_of_quality_are_those_of_the_study_but_for_what_varies() -> None:
    found = list_for("mean", minimum_valid=(0.5,))
    assert [one.quality.trials.minimum_valid for one in found] == [0.8, 0.5]
    assert found[1].quality.frames == Quality().frames


def test_what_cannot_be_varied_is_refused() -> None:
    score = Analysis(id="a", hypothesis="H", model="description", outcome=Outcome(score="EQ-60.total"))
    with pytest.raises(InputError, match="the outcome is a score"):
        list_for("", score, windows=("early",))
    with pytest.raises(InputError, match="does not ask for the measure 'peak'"):
        list_for("mean", measures=("peak",))
    with pytest.raises(InputError, match="more than 1000 specifications"):
        list_for("presence", thresholds=tuple(range(1, 400)), windows=("early", "late"))


def test_another_measure_keeps_its_own_window_unless_windows_are_varied() -> None:
    kept = list_for("mean", measures=("early_mean",))
    assert [one.requests[0].window for one in kept] == ["response", "early"]
    varied = list_for("mean", measures=("early_mean",), windows=("late",))
    assert [one.requests[0].window for one in varied] == ["response", "late", "early", "late"]

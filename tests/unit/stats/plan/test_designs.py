"""What is arranged for a joint test is, before it is arranged, the very test of the plan."""

from __future__ import annotations

import pytest

from made_plans import make_analysis, make_data
from mimicrylab.errors import InputError
from mimicrylab.stats.arrangements import leave_people
from mimicrylab.stats.plan.designs import design_test, number_people
from mimicrylab.stats.plan.models.asking import ask_question
from mimicrylab.stats.plan.models.question import list_cells
from mimicrylab.stats.plan.run import run_plan

DATA = make_data(40)
HAPPY = {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}
ARM = {"name": "treatment", "kind": "treatment"}
EQ = {"name": "EQ-60.total", "kind": "trait"}
NEUTRAL = {"name": "mean", "kind": "covariate", "block": "neutral"}

PLANS = {
    "one_sample": {"outcome": {"measure": "congruence", "for_each": ["emotion"]}},
    "two_groups": {"outcome": HAPPY, "predictors": [ARM]},
    "student": {"model": "two_groups", "outcome": HAPPY, "predictors": [ARM], "method": "student"},
    "correlation": {"outcome": {"measure": "congruence", "emotions": ["happiness"]}, "predictors": [EQ]},
    "spearman": {"model": "correlation", "outcome": HAPPY, "predictors": [EQ], "method": "spearman"},
    "paired": {"outcome": HAPPY, "predictors": [{"name": "phase", "kind": "within"}]},
    "regression": {"outcome": HAPPY, "predictors": [EQ, NEUTRAL]},
    "ancova": {"outcome": HAPPY, "predictors": [ARM, NEUTRAL]},
    "moderation": {
        "outcome": HAPPY,
        "predictors": [ARM | {"interacts_with": ["mean"]}, NEUTRAL | {"kind": "moderator"}],
    },
    "contrast": {
        "model": "paired",
        "outcome": {"measure": "mean", "signals": ["AU12"]},
        "predictors": [{"name": "emotion", "kind": "within"}],
        "contrasts": [{"name": "happy", "weights": {"happiness": 1, "anger": -1}}],
    },
}


@pytest.mark.parametrize("name", PLANS)
def test_the_observed_arrangement_is_the_test_of_the_plan(name: str) -> None:
    settings = dict(PLANS[name])
    plan = make_analysis(str(settings.pop("model", name)), **settings)
    (result,) = run_plan(DATA, [plan])
    assert result.state == "done", result.reason
    question = ask_question(DATA, plan, 1)
    numbers = number_people([question])
    tests = [one for one in result.estimates if one.term in result.tests]
    for cell in list_cells(question):
        found = design_test(cell, numbers).compute(leave_people(len(numbers)))
        (test,) = [one for one in tests if one.term.startswith(cell.name)]
        assert found.raw[0] == pytest.approx(test.estimate)
        assert found.p[0] == pytest.approx(test.p)


@pytest.mark.parametrize(
    ("model", "settings", "words"),
    [
        ("mixed", {"outcome": HAPPY, "predictors": [ARM]}, "has no joint test"),
        ("correlation", {"outcome": HAPPY, "predictors": [EQ], "method": "kendall"}, "'kendall' has no joint test"),
        ("regression", {"outcome": HAPPY, "predictors": [EQ, ARM]}, "takes one coefficient"),
    ],
)
def test_what_has_no_joint_test_says_so(model: str, settings: dict[str, object], words: str) -> None:
    question = ask_question(DATA, make_analysis(model, **settings), 1)
    with pytest.raises(InputError, match=words):
        design_test(list_cells(question)[0], number_people([question]))

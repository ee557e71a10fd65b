import pytest

from unit.protocol.study_texts import SMALL, list_mistakes, read

PLAN = """\
hypotheses: {H: h}
scales: [{name: EQ-60}]
forms: [{name: f, fields: [{name: age_band, label: a, choices: [young, middle, old]}]}]
analyses:
  - id: one
    hypothesis: H
    model: two_groups
    outcome: {score: EQ-60.total}
    predictors: [{name: age_band, kind: trait, recode: {younger: [young], older: [middle, old]}}]
"""


def test_a_family_is_all_tests_of_a_hypothesis_unless_named() -> None:
    assert read(SMALL + PLAN).analyses[0].effective_family == "H"
    assert read(SMALL + PLAN.replace("model:", "family: F\n    model:")).analyses[0].effective_family == "F"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[middle, old]", "[middle, older]", "predictors.0.recode.older.1: no answer is called 'older'"),
        ("[middle, old]", "[young, old]", "predictors.0: an answer stands in two levels of recode"),
        (
            "older: [middle, old]}",
            "older: [old]}, split_at_median: low_includes_median",
            "predictors.0: recode and split_at_median exclude each other",
        ),
        ("model: two_groups", "model: two_group", "model: expected one of one_sample, two_groups"),
        ("model: two_groups", "model: two_groups\n    alpha: 1", "alpha: expected a number less than 1"),
        (
            "model: two_groups",
            "model: two_groups\n    method: equivalence",
            "method: equivalence and smallest_effect need each other",
        ),
        (
            "model: two_groups",
            "model: two_groups\n    smallest_effect: 0.5",
            "method: equivalence and smallest_effect need each other",
        ),
        (
            "model: two_groups",
            "model: two_groups\n    compared_with: 0.5",
            "compared_with belongs to model: one_sample",
        ),
        ("model: two_groups", "model: two_groups\n    correction: none", "correction: none is for plans as published"),
        ("model: two_groups", "model: two_groups\n    validation: nested", "validation belongs to model: prediction"),
        ("model: two_groups", "model: prediction\n    validation: split_70_30", "only as_published: true may"),
    ],
)
def test_levels_and_models_must_fit(old: str, new: str, message: str) -> None:
    found = list_mistakes(SMALL + PLAN.replace(old, new))
    assert any("analyses.0" in mistake and message in mistake for mistake in found), found

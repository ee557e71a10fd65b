import pytest

from unit.protocol.study_texts import SMALL, list_mistakes

PLAN = """\
hypotheses: {H1: it moves}
scales: [{name: EQ-60}]
forms: [{name: f, fields: [{name: gender, label: g, choices: [a, b], column: sex}]}]
windows: {early: {stop_s: 2}}
measures:
  - {measure: mean, window: early}
  - {measure: mean, name: whole}
  - {measure: congruence, of: whole}
analyses:
  - id: one
    hypothesis: H1
    model: regression
    outcome: {measure: whole, window: early, emotions: [happiness]}
    predictors:
      - {name: EQ-60.total, kind: trait}
      - {name: emotion, kind: within}
"""


def test_a_plan_whose_names_all_exist_is_accepted() -> None:
    assert list_mistakes(SMALL + PLAN) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("window: early}\n  - {measure: mean, name", "window: erly}\n  - {measure: mean, name", "measures.0.window",
         "no window is called 'erly' (did you mean 'early'?)"),
        ("name: whole", "window: early", "measures.1.measure", "'mean in early' is declared twice"),
        ("of: whole", "of: hole", "measures.2.of", "no measure is called 'hole' (did you mean 'whole'?)"),
        ("of: whole", "of: whole, signals: ['emotion:joy']", "measures.2.signals.0", "no emotion is called 'joy'"),
        ("hypothesis: H1", "hypothesis: H2", "analyses.0.hypothesis", "no hypothesis is called 'H2'"),
        ("{measure: whole,", "{measure: peak,", "analyses.0.outcome.measure", "no measure is called 'peak'"),
        ("window: early, emo", "window: late, emo", "analyses.0.outcome.window", "no window is called 'late'"),
        ("{measure: whole, window: early, emotions: [happiness]}", "{score: EQ.total}", "analyses.0.outcome.score",
         "no score, rating or form field is called 'EQ.total'"),
        ("EQ-60.total", "AQ-50.total", "analyses.0.predictors.0.name", "no score, rating or form field"),
        ("EQ-60.total, kind: trait", "peak, kind: features", "analyses.0.predictors.0.name",
         "no measure is called 'peak'"),
        ("name: emotion", "name: emotions", "analyses.0.predictors.1.name", "(did you mean 'emotion'?)"),
        ("kind: trait", "kind: treatment", "analyses.0.predictors.0.kind", "there is no treatment"),
        ("kind: trait", "kind: trait, block: neutral", "analyses.0.predictors.0.block", "no block is called 'neutral'"),
        ("kind: trait", "kind: trait, interacts_with: [phase]", "analyses.0.predictors.0.interacts_with.0",
         "no other predictor"),
        ("model: regression", "model: regression\n    blocks: [second]", "analyses.0.blocks.0", "no block is called"),
    ],
)  # fmt: skip
def test_names_in_measures_and_analyses_must_lead_somewhere(old: str, new: str, place: str, words: str) -> None:
    assert old in PLAN
    found = [mistake for mistake in list_mistakes(SMALL + PLAN.replace(old, new)) if f": {place}: " in mistake]
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize("name", ["gender", "sex", "age", "EQ-60"])
def test_a_trait_may_be_a_field_a_column_or_a_scale(name: str) -> None:
    assert list_mistakes(SMALL + PLAN.replace("EQ-60.total", name)) == []


def test_a_washout_block_is_never_analysed() -> None:
    text = SMALL.replace("blank_s: 2", "blank_s: 2\n    role: washout")
    text += PLAN.replace("model: regression", "model: regression\n    blocks: [first]")
    assert [mistake.partition(": ")[2] for mistake in list_mistakes(text)] == [
        "analyses.0.blocks.0: 'first' is a washout block, which is never analysed"
    ]


def test_groups_of_a_treatment_are_its_arms() -> None:
    arms = "assignment: {arms: [{name: active}, {name: control}], kits_per_stratum: 4}\n"
    plan = PLAN.replace("EQ-60.total, kind: trait", "treatment, kind: treatment")
    plan = plan.replace("model: regression", "model: regression\n    groups: [activ]")
    (found,) = list_mistakes(SMALL + plan + arms)
    assert "analyses.0.groups.0: no arm is called 'activ' (did you mean 'active'?)" in found


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("{}", "an outcome is a measure or a score: exactly one of the two"),
        ("{measure: whole, score: age}", "an outcome is a measure or a score: exactly one of the two"),
    ],
)
def test_an_outcome_is_one_thing(outcome: str, message: str) -> None:
    plan = PLAN.replace("{measure: whole, window: early, emotions: [happiness]}", outcome)
    (found,) = list_mistakes(SMALL + plan)
    assert found.endswith(message)


@pytest.mark.parametrize(
    ("weights", "message"),
    [("{a: 1, b: 1}", "the weights sum to 2, not to 0"), ("{a: 0, b: 0}", "all weights are 0")],
)
def test_contrasts_are_differences(weights: str, message: str) -> None:
    plan = PLAN + f"    contrasts: [{{name: c, weights: {weights}}}]\n"
    (found,) = list_mistakes(SMALL + plan)
    assert found.endswith(message)


def test_lost_frames_may_be_an_outcome() -> None:
    outcome = "{measure: whole, window: early, emotions: [happiness]}"
    assert list_mistakes(SMALL + PLAN.replace(outcome, "{score: share_valid}")) == []

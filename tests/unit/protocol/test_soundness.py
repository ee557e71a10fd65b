"""Combinations that give wrong numbers or film people without consent are refused, each with its line and reason."""

import pytest

from mimicrylab.protocol.blocks import Block
from mimicrylab.protocol.soundness import find_quiet_time
from unit.protocol.study_texts import SMALL, list_mistakes, read

RATING = "ratings: [{name: liking, question: How much?, low: a, high: b}]\n"


def rate(text: str) -> str:
    return text.replace("duration_s: 4", "duration_s: 4\n    ratings: [liking]") + RATING


def test_a_baseline_in_rating_time_is_refused() -> None:
    text = rate(SMALL.replace("    blank_s: 2\n", "")) + "baseline: {method: difference}\n"
    assert list_mistakes(text) == [
        "study.yaml:12: baseline: the 1 s before a stimulus are no baseline in block first: only 0 s of fixation or "
        "blank are sure to precede it, the rest is rating time (hand and eyes move); use method: none (and a neutral "
        "block to compare with), or a longer fixation or blank"
    ]


def test_the_blank_after_a_rating_is_a_baseline_and_before_a_rating_it_is_not() -> None:
    assert list_mistakes(rate(SMALL)) == []
    assert len(list_mistakes(rate(SMALL).replace("high: b", "high: b, when: before"))) == 1
    with_fixation = rate(SMALL).replace("high: b", "high: b, when: before").replace("blank_s: 2", "fixation_s: 1")
    assert list_mistakes(with_fixation) == []


def test_without_a_pause_the_stimulus_before_is_no_baseline() -> None:
    (found,) = list_mistakes(SMALL.replace("blank_s: 2", "blank_s: 0.9"))
    assert "only 0.9 s of fixation or blank" in found
    assert "the rest is the stimulus before" in found


def test_a_washout_block_needs_no_baseline() -> None:
    assert list_mistakes(SMALL.replace("blank_s: 2", "role: washout")) == []


def test_the_baseline_of_a_measure_is_judged_where_it_stands() -> None:
    text = SMALL.replace("    blank_s: 2\n", "") + "measures: [{measure: mean, baseline: {method: none}}]\n"
    assert list_mistakes(text) == []
    (found,) = list_mistakes(text.replace("{method: none}", "{start_s: -2}"))
    assert found.startswith("study.yaml:10: measures.0.baseline: the 2 s before a stimulus are no baseline")


@pytest.mark.parametrize(
    ("settings", "rated_before", "quiet_s"),
    [
        ({"blank_s": 2}, False, 2),
        ({"fixation_s": 1, "fixation_jitter_s": 0.25, "blank_s": 2, "blank_jitter_s": 0.5}, False, 2.25),
        ({"fixation_s": 1, "fixation_jitter_s": 0.25, "blank_s": 2}, True, 0.75),
        ({}, False, 0),
    ],
)
def test_the_quiet_time_before_a_stimulus_is_its_least(
    settings: dict[str, float], rated_before: bool, quiet_s: float
) -> None:
    block = Block.model_validate({"name": "b", "stimuli": {"set": "faces"}, **settings})
    assert find_quiet_time(block, rated_before=rated_before) == pytest.approx(quiet_s)


PLAN = """\
hypotheses: {H: h}
scales: [{name: EQ-60}]
measures:
  - {measure: mean}
  - {measure: z}
analyses:
  - id: trait
    hypothesis: H
    model: correlation
    outcome: {measure: z}
    predictors: [{name: EQ-60.total, kind: trait}]
"""


def test_a_within_person_z_is_not_related_to_what_differs_between_people() -> None:
    (found,) = list_mistakes(SMALL + PLAN)
    assert found.startswith(
        "study.yaml:20: analyses.0.outcome.measure: 'z' is a within-person z: it sets every person's"
    )
    assert "'EQ-60.total', which differs between people" in found
    assert list_mistakes(SMALL + PLAN.replace("outcome: {measure: z}", "outcome: {measure: mean}")) == []


def test_a_within_person_z_may_be_compared_within_people() -> None:
    within = PLAN.replace("{name: EQ-60.total, kind: trait}", "{name: emotion, kind: within}")
    assert list_mistakes(SMALL + within.replace("correlation", "repeated")) == []
    moderated = PLAN.replace("correlation", "mixed").replace(
        "[{name: EQ-60.total, kind: trait}]",
        "[{name: EQ-60.total, kind: trait, interacts_with: [emotion]}, {name: emotion, kind: within}]",
    )
    assert list_mistakes(SMALL + moderated) == []


def test_as_published_runs_what_would_be_refused() -> None:
    assert list_mistakes(SMALL + PLAN.replace("model:", "as_published: true\n    model:")) == []


def test_a_plan_whose_predictors_do_not_fit_its_model_is_told_with_its_line() -> None:
    (found,) = list_mistakes(SMALL + PLAN.replace("correlation", "two_groups").replace("trait}", "covariate}"))
    assert found.startswith("study.yaml:21: analyses.0.predictors: two_groups has no predictor of kind treatment")


def test_rows_of_one_person_are_refused_before_there_are_data() -> None:
    (found,) = list_mistakes(
        SMALL + PLAN.replace("outcome: {measure: z}", "outcome: {measure: mean}\n    rows: trials")
    )
    assert "analyses.0.rows: several rows of one person are not independent" in found


def test_a_baseline_of_an_analysis_is_judged_like_that_of_a_measure() -> None:
    plan = PLAN.replace("outcome: {measure: z}", "outcome: {measure: mean, baseline: {start_s: -30, stop_s: 0}}")
    (found,) = list_mistakes(SMALL + plan)
    assert "analyses.0.outcome.baseline: the 30 s before a stimulus are no baseline" in found


NEUTRAL = """\
hypotheses: {H: h}
measures:
  - {measure: presence, threshold_from: neutral, baseline: {method: none}}
  - {measure: congruence, of: presence, baseline: {method: none}}
assignment: {arms: [{name: a}, {name: b}], kits_per_stratum: 4}
analyses:
  - id: moderated
    hypothesis: H
    model: moderation
    outcome: {measure: congruence}
    predictors:
      - {name: treatment, kind: treatment, interacts_with: [presence]}
      - {name: presence, kind: moderator, block: neutral}
"""
NEUTRAL_BLOCK = "  - {name: neutral, role: baseline, stimuli: {set: faces}, duration_s: 4}\n"


def test_a_threshold_from_neutral_is_refused_where_neutral_is_moderator_or_outcome() -> None:
    (found,) = list_mistakes(SMALL + NEUTRAL_BLOCK + NEUTRAL)
    assert found.startswith(
        "study.yaml:14: measures.0.threshold_from: a threshold from the neutral trials makes everybody"
    )
    assert "in the analysis moderated; use threshold_from: fixed or rest" in found
    outcome = NEUTRAL.replace("{measure: congruence}\n", "{measure: congruence}\n    blocks: [neutral]\n").replace(
        ", block: neutral", ", block: first"
    )
    (found_outcome,) = list_mistakes(SMALL + NEUTRAL_BLOCK + outcome)
    assert found_outcome == found
    unrelated = outcome.replace("    blocks: [neutral]\n", "")
    assert list_mistakes(SMALL + NEUTRAL_BLOCK + unrelated) == []
    fixed = NEUTRAL.replace("threshold_from: neutral", "threshold_from: fixed")
    assert list_mistakes(SMALL + NEUTRAL_BLOCK + fixed) == []


STORY = """\
cover_story: {text: story}
consent: {second_text: again, tiers: [{name: movements, required: true}, {name: video}]}
debriefing: [{name: truth, text: truth, discloses: true}]
forms: [{name: probe, fields: [{name: guess, label: Guess?, kind: text}]}]
sessions:
  - name: visit
    steps:
      - consent: first
      - camera: no_preview
      - block: first
      - probe: probe
      - debriefing: truth
      - consent: second
"""


def test_a_cover_story_with_disclosure_and_second_consent_is_accepted() -> None:
    assert list_mistakes(SMALL + STORY) == []
    assert read(SMALL + STORY).cover_story is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (", discloses: true", "", "cover_story: a cover story needs a stage of the debriefing with discloses: true"),
        ("second_text: again, ", "", "cover_story: a cover story needs a second consent after the disclosure"),
        ("      - consent: second\n", "", "cover_story: no session asks for the second consent"),
        ("      - consent: first\n", "", None),
        ("      - probe: probe\n      - debriefing: truth\n", "      - debriefing: truth\n      - probe: probe\n",
         "sessions.0.steps.4.probe: the probe stands after the disclosure: everybody knows by now"),
        ("      - debriefing: truth\n      - consent: second\n", "      - consent: second\n      - debriefing: truth\n",
         "sessions.0.steps.4.consent: the second consent stands before the disclosure"),
        ("      - consent: first\n      - camera: no_preview\n", "      - camera: no_preview\n      - consent: first\n",
         "sessions.0.steps.0.camera: stands before the consent; nobody is filmed without it"),
        (", {name: video}", "", "consent.tiers: videos are kept and nobody is asked: add the tier video"),
    ],
)  # fmt: skip
def test_disclosure_and_consent_stand_in_their_order(old: str, new: str, message: str | None) -> None:
    assert old in STORY
    found = list_mistakes(SMALL + STORY.replace(old, new))
    assert any(message in mistake for mistake in found) if message else found == []


def test_a_consent_of_an_earlier_session_holds_in_the_next() -> None:
    two = STORY.replace(
        "    steps:\n      - consent: first\n", "    steps:\n      - consent: first\n  - name: lab\n    steps:\n"
    )
    assert list_mistakes(SMALL + two) == []

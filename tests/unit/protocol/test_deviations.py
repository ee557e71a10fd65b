"""What a study does otherwise than its frozen plan."""

from pathlib import Path

import pytest

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.deviations import compare_plans, describe_setting, find_deviations
from mimicrylab.protocol.frozen_plan import FrozenPlan, collect_plan, hash_plan
from unit.protocol.study_texts import read, write_study

PLAN = """\
version: 1
title: Small study
hypotheses: {H1: Smiles are mimicked., H2: More by those with much empathy.}
participants: {planned: 40}
scales: [{name: EQ-60}]
stimuli:
  sets:
    faces: {kind: image, source: drawn for the test}
blocks:
  - {name: first, stimuli: {set: faces}, duration_s: 4, blank_s: 2}
  - {name: second, stimuli: {set: faces}, duration_s: 4, blank_s: 2}
windows: {response: {start_s: 0, stop_s: 4}}
baseline: {method: none}
measures:
  - {measure: mean, window: response}
  - {measure: congruence, of: mean, window: response}
analyses:
  - {id: mimicry, hypothesis: H1, model: one_sample, outcome: {measure: congruence}}
  - id: empathy
    hypothesis: H2
    model: correlation
    outcome: {measure: congruence}
    predictors: [{name: EQ-60.total, kind: trait}]
"""

MANIFEST = """\
stimulus,set,emotion,model_id,action_units
a_happy,faces,happiness,a,AU12
a_angry,faces,anger,a,AU04
"""


def freeze(study: Study) -> FrozenPlan:
    plan = {"study": study.model_dump(mode="json")}
    return FrozenPlan(1, "2026-01-05T10:00:00+00:00", "mimicrylab 0.1.0", hash_plan(plan), plan)


def list_words(old: str, new: str) -> list[str]:
    """Return the deviations of PLAN with a text replaced, each in one sentence."""
    assert old in PLAN
    return [each.words for each in find_deviations(freeze(read(PLAN)), read(PLAN.replace(old, new)))]


def test_the_same_study_has_no_deviation() -> None:
    assert find_deviations(freeze(read(PLAN)), read(PLAN)) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "model: one_sample,",
            "model: one_sample, alpha: 0.01,",
            "analyses.mimicry.alpha (level of significance): was 0.05, is 0.01",
        ),
        ("planned: 40", "planned: 60", "participants.planned (number of participants planned): was 40, is 60"),
        ("stop_s: 4}", "stop_s: 2}",
         "windows.response.stop_s (end of the interval, in seconds from onset): was 4, is 2"),
        ("{name: EQ-60}", "{name: EQ-60, prorate_up_to: 2}",
         "scales.EQ-60.prorate_up_to (largest number of missing items for which a total is still computed, from the "
         "mean of the answered ones): was 0, is 2"),
        ("H1: Smiles are mimicked.", "H1: Frowns are mimicked.",
         "hypotheses.H1: was Smiles are mimicked., is Frowns are mimicked."),
        ("{name: second, stimuli: {set: faces}, duration_s: 4,", "{name: second, stimuli: {set: faces}, duration_s: 5,",
         "blocks.second.duration_s (how long a stimulus is shown): was 4, is 5"),
    ],
)  # fmt: skip
def test_a_changed_setting_is_said_with_what_it_was_and_is(old: str, new: str, words: str) -> None:
    assert list_words(old, new) == [words]


def test_a_setting_that_was_not_named_and_is_now_named_at_its_default_is_no_deviation() -> None:
    assert list_words("model: one_sample,", "model: one_sample, alpha: 0.05, standing: confirmatory,") == []


def test_an_analysis_put_first_is_one_deviation() -> None:
    new = "analyses:\n  - {id: extra, hypothesis: H1, model: one_sample, outcome: {measure: mean}}"
    (words,) = list_words("analyses:", new)
    assert words.startswith("analyses.extra: was not in the plan, is id extra, hypothesis H1, standing confirmatory")
    assert "model one_sample, outcome (measure mean)" in words


def test_an_analysis_taken_out_is_said() -> None:
    line = "  - {id: mimicry, hypothesis: H1, model: one_sample, outcome: {measure: congruence}}\n"
    (words,) = list_words(line, "")
    assert words.startswith("analyses.mimicry: was id mimicry, hypothesis H1")
    assert words.endswith("is taken out")


def test_the_order_of_blocks_matters_and_that_of_analyses_does_not() -> None:
    first, second = PLAN.split("blocks:\n")[1].splitlines()[:2]
    assert list_words(f"{first}\n{second}", f"{second}\n{first}") == [
        "blocks.order: was first, second, is second, first"
    ]
    mimicry = "  - {id: mimicry, hypothesis: H1, model: one_sample, outcome: {measure: congruence}}\n"
    moved = PLAN.replace(mimicry, "") + mimicry
    assert find_deviations(freeze(read(PLAN)), read(moved)) == ()


def test_the_analysis_plan_comes_before_the_sample_and_words_come_last() -> None:
    other = PLAN.replace("Small study", "Study").replace("planned: 40", "planned: 41").replace("mimicry,", "mimic,")
    parts = [each.part for each in find_deviations(freeze(read(PLAN)), read(other))]
    assert parts == ["analysis plan", "analysis plan", "sample", "words"]


def test_a_notice_for_the_report_is_no_part_of_the_plan(tmp_path: Path) -> None:
    noticed = read(PLAN + "notice: A pilot.\n")
    assert find_deviations(freeze(read(PLAN)), noticed) == ()
    root = write_study(tmp_path / "study", PLAN, MANIFEST)
    assert hash_plan(collect_plan(read(PLAN), root)) == hash_plan(collect_plan(noticed, root))


def test_a_setting_that_an_older_version_did_not_have_counts_only_where_it_is_not_at_its_default() -> None:
    plan = {"study": read(PLAN).model_dump(mode="json")}
    for analysis in plan["study"]["analyses"]:
        del analysis["alpha"]
    frozen = FrozenPlan(1, "2026-01-05T10:00:00+00:00", "mimicrylab 0.0.9", hash_plan(plan), plan)
    assert find_deviations(frozen, read(PLAN)) == ()
    changed = read(PLAN.replace("id: mimicry,", "id: mimicry, alpha: 0.01,"))
    (found,) = find_deviations(frozen, changed)
    assert found.words.endswith("was a setting that the frozen plan did not have, is 0.01")


def test_stimuli_texts_and_keys_of_questionnaires_belong_to_the_plan(tmp_path: Path) -> None:
    text = PLAN.replace("{name: first,", "{name: first, text: hello,")
    root = write_study(tmp_path / "study", text, MANIFEST)
    (root / "texts").mkdir()
    (root / "texts" / "hello.en.md").write_text("Look at the faces.\n", encoding="utf-8")
    frozen = collect_plan(read(text), root)
    assert compare_plans(frozen, collect_plan(read(text), root)) == ()

    (root / "texts" / "hello.en.md").write_bytes(b"Look at the faces.\r\n")
    assert compare_plans(frozen, collect_plan(read(text), root)) == ()

    (root / "texts" / "hello.en.md").write_text("Imitate the faces.\n", encoding="utf-8")
    manifest = MANIFEST.replace("AU12", "AU12 AU25").replace("a_angry,faces,anger,a,AU04", "b_angry,faces,anger,b,AU04")
    (root / "stimuli" / "stimuli.csv").write_text(manifest, encoding="utf-8")
    found = {each.place: (each.was, each.now) for each in compare_plans(frozen, collect_plan(read(text), root))}
    assert found["congruent.faces.happiness"] == ("AU12", "AU12, AU25")
    assert found["stimuli.a_happy.action_units"] == ("AU12", "AU12, AU25")
    assert found["stimuli.a_angry"][1] == "taken out"
    assert found["stimuli.b_angry"][0] == "not in the plan"
    assert found["texts/hello.en.md"][1].startswith("another text")
    assert len(found) == 5


def test_a_stimulus_file_that_comes_after_freezing_is_no_deviation_and_another_one_is(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("action_units", "action_units,file").replace("AU12", "AU12,stimuli/a.png")
    manifest = manifest.replace("AU04", "AU04,")
    root = write_study(tmp_path / "study", PLAN, manifest)
    without = collect_plan(read(PLAN), root)
    (root / "stimuli" / "a.png").write_bytes(b"one")
    there = collect_plan(read(PLAN), root)
    assert compare_plans(without, there) == ()
    (root / "stimuli" / "a.png").write_bytes(b"two")
    (found,) = compare_plans(there, collect_plan(read(PLAN), root))
    assert found.place == "stimuli.a_happy.sha256"


def test_another_key_of_a_questionnaire_is_a_deviation(tmp_path: Path) -> None:
    own = (
        "version: 1\nname: MINE\ntitle: Mine\nmeasures: something\ncitation: none\nlicence: mine\nitems: 2\n"
        "answers: [{code: 0, text: no}, {code: 1, text: yes}]\n"
        "keys: [{name: forward, points: [0, 1], items: [1, 2]}]\nscores: [{name: total, combine: sum}]\n"
    )
    text = PLAN.replace("EQ-60", "MINE")
    root = write_study(tmp_path / "study", text, MANIFEST)
    (root / "scales").mkdir()
    (root / "scales" / "MINE.yaml").write_text(own, encoding="utf-8")
    frozen = collect_plan(read(text), root)
    (root / "scales" / "MINE.yaml").write_text(own.replace("points: [0, 1]", "points: [1, 0]"), encoding="utf-8")
    (found,) = compare_plans(frozen, collect_plan(read(text), root))
    assert (found.place, found.was, found.now) == ("scales.MINE.keys.forward.points", "0, 1", "1, 0")
    assert found.part == "measurement"


def test_steps_without_names_are_compared_by_what_they_say() -> None:
    sessions = "sessions:\n  - name: visit\n    steps: [{block: first}, {block: second}]\n"
    longer = sessions.replace("{block: first},", "{block: first}, {rest_s: 60},")
    frozen = freeze(read(PLAN + sessions))
    (found,) = find_deviations(frozen, read(PLAN + longer))
    assert found.place == "sessions.visit.steps.2"
    assert found.was == "not in the plan"
    assert "rest_s 60" in found.now


def test_a_long_value_is_cut() -> None:
    assert len(describe_setting("word " * 100)) == 160

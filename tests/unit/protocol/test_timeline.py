"""A visit as planned: the templates' designs are what the two studies did, and times add up."""

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.protocol.templates import TEMPLATES, read_template
from mimicrylab.protocol.timeline import PlannedStep, order_steps, plan_visit
from unit.protocol.study_texts import SMALL, make_stimuli, read


def plan_template(folder: Path, name: str, **options: object) -> tuple[Study, tuple[PlannedStep, ...]]:
    for path, text in read_template(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    study = read_study(folder)
    stimuli = read_manifest(folder / study.stimuli.manifest, root=folder, sets=study.stimuli.sets).table
    return study, plan_visit(study, stimuli, **{"seed": 1, **options})  # type: ignore[arg-type]


def pick(steps: Sequence[PlannedStep], kind: str) -> list[PlannedStep]:
    return [step for step in steps if step.kind == kind]


@pytest.mark.parametrize("name", TEMPLATES)
def test_steps_follow_each_other_without_gap_and_trials_are_counted_through(name: str, tmp_path: Path) -> None:
    _, steps = plan_template(tmp_path, name)
    assert steps[0].onset_s == 0
    for step, following in itertools.pairwise(steps):
        assert following.onset_s == pytest.approx(step.stop_s)
    shown = pick(steps, "stimulus")
    assert [step.trial for step in shown] == list(range(len(shown)))
    assert all(step.duration_s > 0 for step in shown)


@pytest.mark.parametrize("name", TEMPLATES)
def test_seed_and_number_decide_everything(name: str, tmp_path: Path) -> None:
    assert plan_template(tmp_path, name, seed=4, number=2)[1] == plan_template(tmp_path, name, seed=4, number=2)[1]


def test_empathy_is_the_design_of_study_1(tmp_path: Path) -> None:
    _, steps = plan_template(tmp_path, "empathy", items={"EQ-60": 60})
    shown = pick(steps, "stimulus")
    assert len(shown) == 28
    assert {step.duration_s for step in shown} == {10.0}
    assert {step.duration_s for step in pick(steps, "blank") if step.name == "blank"} == {8.0}
    for block in range(4):
        of_block = [step for step in shown if step.block_position == block]
        assert len({step.model_id for step in of_block}) == 1
        assert of_block[-1].emotion == "neutral"
        assert len({step.emotion for step in of_block}) == 7
        assert {step.phase for step in of_block} == {"before" if block < 2 else "after"}
    (questionnaire,) = pick(steps, "scale")
    assert shown[13].stop_s < questionnaire.onset_s < shown[14].onset_s
    assert steps[-1].stop_s / 60 == pytest.approx(20, abs=1)  # "about 20 min"


def test_oxytocin_is_the_design_of_study_2(tmp_path: Path) -> None:
    _, steps = plan_template(tmp_path, "oxytocin")
    shown = pick(steps, "stimulus")
    assert Counter(step.block for step in shown) == dict.fromkeys(
        ("neutral", "happiness", "anger", "sadness", "fear", "washout"), 8
    )
    assert {step.duration_s for step in shown} == {5.0}
    assert (shown[0].block, shown[-1].block) == ("neutral", "washout")
    assert (shown[0].block_role, shown[-1].block_role) == ("baseline", "washout")
    ratings = Counter((step.block, step.name) for step in pick(steps, "rating"))
    emotions = ("happiness", "anger", "sadness", "fear")
    assert ratings == {
        **{("neutral", name): 8 for name in ("liking", "positivity")},
        **{(emotion, "intensity"): 8 for emotion in emotions},
    }
    dose = next(step for step in steps if step.name == "dose")
    pressures = [step for step in steps if step.name == "blood_pressure"]
    assert [step.occasion for step in pressures] == ["consent", "+35 min", "end"]
    assert pressures[1].onset_s - dose.onset_s == pytest.approx(35 * 60)
    assert pressures[1].due_s == pressures[1].onset_s
    task = next(step for step in steps if step.name == "task_instructions")
    assert task.onset_s - dose.onset_s == pytest.approx(50 * 60)
    assert [step.kind for step in steps][-4:] == ["probe", "debriefing", "debriefing", "consent"]


def test_the_order_of_emotion_blocks_differs_between_participants_and_their_ends_stay(tmp_path: Path) -> None:
    study, _ = plan_template(tmp_path, "oxytocin")
    stimuli = read_manifest(tmp_path / study.stimuli.manifest, root=tmp_path, sets=study.stimuli.sets).table
    orders = set()
    for seed in range(40):
        steps = plan_visit(study, stimuli, seed=seed)
        blocks = list(dict.fromkeys(step.block for step in pick(steps, "stimulus")))
        assert (blocks[0], blocks[-1]) == ("neutral", "washout")
        orders.add(tuple(blocks[1:-1]))
    assert len(orders) > 15


def test_classic_jitters_the_fixation_within_its_limits(tmp_path: Path) -> None:
    _, steps = plan_template(tmp_path, "classic")
    lengths = [step.duration_s for step in pick(steps, "fixation")]
    assert len(lengths) == 48
    assert min(lengths) >= 1.5
    assert max(lengths) <= 2.5
    assert len(set(lengths)) > 40


def test_a_session_before_the_visit_has_its_own_plan(tmp_path: Path) -> None:
    _, steps = plan_template(tmp_path, "oxytocin", visit="questionnaires", items={"AQ-50": 50, "RAAS-1996": 18})
    assert {step.session for step in steps} == {"questionnaires"}
    lengths = {step.name: step.duration_s for step in pick(steps, "scale")}
    assert lengths["AQ-50"] / lengths["RAAS-1996"] == pytest.approx(50 / 18)


STIMULI = make_stimuli(("anger", "happiness"), ("F1", "F2"))
THREE = SMALL + "".join(
    f"  - {{name: {name}, stimuli: {{set: faces}}, duration_s: 4, blank_s: 2}}\n" for name in ("second", "third")
)


def plan(steps: str, *, head: str = THREE, seed: int = 1, number: int = 0) -> tuple[PlannedStep, ...]:
    study = read(head + f"sessions: [{{name: visit, steps: [{steps}]}}]\n")
    return plan_visit(study, STIMULI, seed=seed, number=number)


def list_blocks(steps: Sequence[PlannedStep]) -> list[str | None]:
    return list(dict.fromkeys(step.block for step in steps if step.kind == "stimulus"))


def test_blocks_in_a_latin_square_are_balanced_over_participants() -> None:
    steps = "{blocks: [first, second, third], order: latin_square}"
    orders = [list_blocks(plan(steps, number=number)) for number in range(6)]
    for place in range(3):
        assert Counter(order[place] for order in orders) == {"first": 2, "second": 2, "third": 2}


def test_first_and_last_blocks_stay_at_the_ends_of_a_random_order() -> None:
    steps = "{blocks: [first, second, third], order: random, last: [first]}"
    orders = {tuple(list_blocks(plan(steps, seed=seed))) for seed in range(20)}
    assert orders == {("second", "third", "first"), ("third", "second", "first")}


def test_a_counterbalanced_questionnaire_takes_each_place_in_turn() -> None:
    head = THREE + "scales: [{name: EQ-60}]\nphases_around: EQ-60\n"
    steps = "{block: first}, {scale: EQ-60, or_after: [second, third]}, {block: second}, {block: third}"
    before = []
    for number in range(6):
        planned = plan(steps, head=head, number=number)
        assert len(pick(planned, "scale")) == 1
        phases = {step.block: step.phase for step in planned if step.kind == "stimulus"}
        before.append(sum(phase == "before" for phase in phases.values()))
    assert before == [1, 2, 3, 1, 2, 3]


def test_two_counterbalanced_steps_are_crossed() -> None:
    head = THREE + "scales: [{name: EQ-60}, {name: IRI}]\n"
    scales = "{scale: EQ-60, or_after: [third]}, {scale: IRI, or_after: [third]}"
    steps = f"{scales}, {{block: first}}, {{block: second}}, {{block: third}}"
    study = read(head + f"sessions: [{{name: visit, steps: [{steps}]}}]\n")
    orders = {tuple(step.label for step in order_steps(study.visits[0], number=number)) for number in range(4)}
    assert len(orders) == 4


def test_phases_hold_over_sessions() -> None:
    text = THREE + (
        "scales: [{name: EQ-60}]\nphases_around: EQ-60\nsessions:\n"
        "  - {name: one, steps: [{block: first}]}\n"
        "  - {name: two, steps: [{block: second}, {scale: EQ-60}, {block: third}]}\n"
    )
    study = read(text)
    phases = {}
    for visit in ("one", "two"):
        for step in plan_visit(study, STIMULI, seed=1, visit=visit):
            phases[step.block] = step.phase
    assert (phases["first"], phases["second"], phases["third"]) == ("before", "before", "after")


def test_a_planned_time_is_waited_for_and_a_late_step_says_when_it_was_due() -> None:
    head = THREE + "measurements: [{name: dose, fields: [{name: d, label: d, kind: number}]}]\n"
    rest = "{block: second}, {block: third}"
    on_time = plan(f"{{measurement: dose}}, {{block: first, after: dose, at_minutes: 5}}, {rest}", head=head)
    assert [step.kind for step in on_time[:2]] == ["measurement", "wait"]
    first = next(step for step in on_time if step.block)
    assert (first.onset_s, first.due_s) == (300, 300)
    late = "{measurement: dose, minutes: 9}, {text: go, after: dose, at_minutes: 5}, {block: first}"
    steps = plan(f"{late}, {rest}", head=head)
    assert "wait" not in [step.kind for step in steps]
    go = next(step for step in steps if step.name == "go")
    assert (go.due_s, go.onset_s) == (300, 540)


def test_a_trial_runs_rating_before_fixation_stimulus_rating_after_blank() -> None:
    head = THREE.replace(
        "    duration_s: 4\n",
        "    duration_s: 4\n    fixation_s: 1\n    ratings: [after, before]\n    lead_in_s: 3\n",
        1,
    ) + (
        "ratings: [{name: before, question: q, low: l, high: h, when: before}, "
        "{name: after, question: q, low: l, high: h}]\n"
    )
    planned = plan("{block: first}, {block: second}, {block: third}", head=head)
    first = [step for step in planned if step.block == "first"][:6]
    assert [step.name for step in first[:3]] == ["lead-in", "before", "fixation"]
    assert [step.kind for step in first[3:]] == ["stimulus", "rating", "blank"]
    assert [step.trial_type for step in first] == ["blank", "rating", "fixation", "stimulus", "rating", "blank"]
    assert [step.trial for step in first] == [None, 0, 0, 0, 0, 0]


def test_ratings_in_random_order_come_in_every_order() -> None:
    head = (
        THREE.replace("    duration_s: 4\n", "    duration_s: 4\n    ratings: [a, b]\n    ratings_order: random\n", 1)
        + "ratings: [{name: a, question: q, low: l, high: h}, {name: b, question: q, low: l, high: h}]\n"
    )
    orders = set()
    for seed in range(10):
        planned = plan("{block: first}, {block: second}, {block: third}", head=head, seed=seed)
        names = [step.name for step in planned if step.kind == "rating" and step.trial == 0]
        orders.add(tuple(names))
    assert orders == {("a", "b"), ("b", "a")}


def test_a_clip_without_a_set_duration_lasts_as_long_as_the_manifest_says() -> None:
    head = SMALL.replace("kind: image", "kind: clip").replace("    duration_s: 4\n", "")
    clips = STIMULI.with_columns(duration_s=2.5)
    steps = plan_visit(read(head), clips, seed=1)
    assert {step.duration_s for step in pick(steps, "stimulus")} == {2.5}


def test_a_rest_lasts_as_long_as_it_says_and_scales_after_a_block_belong_to_it() -> None:
    head = THREE.replace("    duration_s: 4\n", "    duration_s: 4\n    scales: [IRI]\n", 1) + "scales: [{name: IRI}]\n"
    planned = plan("{rest_s: 30}, {block: first}, {block: second}, {block: third}", head=head)
    assert (planned[0].trial_type, planned[0].duration_s, planned[0].estimated) == ("rest", 30, False)
    (scale,) = pick(planned, "scale")
    assert scale.block == "first"

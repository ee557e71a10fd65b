"""Each warning is given where its reason holds, and not where it does not."""

import pytest

from mimicrylab.protocol.design_warnings import list_warnings
from mimicrylab.protocol.timeline import plan_visit
from unit.protocol.study_texts import SMALL, make_stimuli, read

MANY = tuple(f"P{number:02d}" for number in range(16))
EMOTIONS = ("happiness", "anger", "neutral")
CODED = SMALL.replace("source: drawn for the test", "source: x, action_units_from: facs_coded")
SECOND = "  - {name: second, stimuli: {set: faces}, duration_s: 4, blank_s: 2, lead_in_s: 2}\n"
TRAIT = """\
hypotheses: {H: h}
scales: [{name: EQ-60}]
measures: [{measure: mean}]
analyses:
  - {id: trait, hypothesis: H, model: correlation, outcome: {measure: mean}, predictors: [{name: EQ-60, kind: trait}]}
"""


def warn(text: str, *, models: tuple[str, ...] = MANY) -> list[str]:
    study, stimuli = read(text), make_stimuli(EMOTIONS, models)
    return list(list_warnings(study, stimuli, [plan_visit(study, stimuli, seed=1, visit=v.name) for v in study.visits]))


def test_a_design_without_a_reason_has_no_warning() -> None:
    assert warn(CODED) == []


def test_few_models_do_not_generalise() -> None:
    (found,) = warn(CODED, models=("F1", "M1", "M2", "M3"))
    assert found.startswith("4 persons shown: results do not generalise to other faces")


def test_prototypes_are_no_codes() -> None:
    (found,) = warn(SMALL.replace("source: x", "action_units_from: prototype"))
    assert "are of unknown origin" in found


def test_few_trials_limit_a_correlation_with_a_trait() -> None:
    few = [w for w in warn(CODED + TRAIT, models=("F1", "M1")) if "reliab" in w]
    assert len(few) == 1
    assert few[0].startswith("2 trials with ")
    assert [w for w in warn(CODED + TRAIT) if "reliab" in w] == []
    assert [w for w in warn(CODED, models=("F1", "M1")) if "reliab" in w] == []


@pytest.mark.parametrize("end", ["first", "last"])
def test_neutral_at_one_end_of_every_block(end: str) -> None:
    text = CODED + f"    {end}: [neutral]\n"
    (found,) = warn(text)
    assert found.startswith(f"neutral is always {end} in its block")
    assert warn(text + SECOND) == []


def test_a_baseline_block_that_always_comes_first() -> None:
    text = CODED.replace("  - name: first\n", "  - name: first\n    role: baseline\n") + SECOND
    (found,) = warn(text)
    assert "being neutral is confounded with being new" in found
    turned = "sessions: [{name: v, steps: [{camera: preview}, {block: second}, {block: first}]}]\n"
    assert [w for w in warn(text + turned) if "confounded" in w] == []


def test_phases_are_confounded_with_habituation_unless_counterbalanced() -> None:
    head = CODED.replace("    blank_s: 2\n", "    blank_s: 2\n    lead_in_s: 2\n") + SECOND
    head += "scales: [{name: EQ-60}]\nphases_around: EQ-60\n"
    steps = "sessions: [{name: v, steps: [{camera: preview}, {block: first}, {scale: EQ-60}, {block: second}]}]\n"
    (found,) = warn(head + steps)
    assert "confounded with habituation" in found
    assert warn(head + steps.replace("{scale: EQ-60}", "{scale: EQ-60, or_after: [second]}")) == []


def test_a_first_trial_without_a_baseline() -> None:
    steps = "sessions: [{name: v, steps: [{camera: preview}, {block: first}]}]\n"
    (found,) = warn(CODED + steps)
    assert found.startswith("the first trial of block 'first' has no baseline: 0 s of empty screen precede it, 1 s are")
    assert warn(CODED + "    lead_in_s: 1\n" + steps) == []


def test_a_window_that_reaches_into_the_next_event() -> None:
    assert warn(CODED + "windows: {w: {stop_s: 6}}\n") == []
    (found,) = warn(CODED + "windows: {w: {stop_s: 6.5}}\n")
    assert found == "the window 'w' lasts until 6.5 s, and in block 'first' the next trial begins at 6 s"
    rated = CODED + "    ratings: [r]\nratings: [{name: r, question: q, low: l, high: h}]\nwindows: {w: {stop_s: 6}}\n"
    (found,) = warn(rated)
    assert found.endswith("in block 'first' rating begins at 4 s")


def test_what_is_declared_and_never_used() -> None:
    text = (
        CODED
        + "    lead_in_s: 2\n"
        + (
            "scales: [{name: IRI}]\nforms: [{name: f, fields: [{name: a, label: a, kind: text}]}]\n"
            "ratings: [{name: r, question: q, low: l, high: h}]\ndebriefing: [{name: d, text: d}]\n"
            "measurements: [{name: m, fields: [{name: a, label: a, kind: text}]}, "
            "{name: deviation, anytime: true, fields: [{name: a, label: a, kind: text}]}]\n"
            "consent: {tiers: [{name: movements}, {name: video}]}\nsessions: [{name: v, steps: [{block: first}]}]\n"
        )
    )
    assert warn(text) == [
        "declared and never used: IRI, f, r, m, d",
        "no session asks for the consent (- consent: first)",
        "no session sets up the camera (- camera: preview)",
    ]


def test_a_step_that_comes_too_late() -> None:
    text = (
        CODED
        + "    lead_in_s: 2\n"
        + (
            "measurements: [{name: dose, fields: [{name: a, label: a, kind: text}]}]\n"
            "sessions: [{name: v, steps: [{camera: preview}, {measurement: dose, minutes: 9}, "
            "{text: go, after: dose, at_minutes: 5}, {block: first}]}]\n"
        )
    )
    assert warn(text) == ["go (text) comes 4 min later than planned"]


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("blinding: none", "nobody is blinded"),
        ("block_sizes: [4], blinding: single", "all randomisation blocks have one size"),
        ("kits_per_stratum: 10", "10 kits for 20 planned participants"),
    ],
)
def test_assignments_that_can_be_guessed_or_run_out(assignment: str, words: str) -> None:
    kits = "" if "kits" in assignment else ", kits_per_stratum: 40"
    text = (
        CODED + f"participants: {{planned: 20}}\nassignment: {{arms: [{{name: a}}, {{name: b}}], {assignment}{kits}}}\n"
    )
    (found,) = warn(text)
    assert found.startswith(words)


def test_sound_is_warned_of() -> None:
    (found,) = warn(CODED + "camera: {audio: true}\n")
    assert found.startswith("sound is recorded")

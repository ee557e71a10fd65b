"""Names that lead nowhere are mistakes, with the line of the name and the nearest one that exists."""

import pytest

from unit.protocol.study_texts import SMALL, add, list_mistakes, read

RATING = "{name: r, question: q, low: l, high: h}"
FORMS = """
    forms:
      - name: about_you
        fields:
          - {name: sex, label: Sex?, choices: [female, male]}
          - {name: age, label: Age?, kind: number}
"""


def test_a_block_with_unknown_set_rating_scale_and_window() -> None:
    text = (
        SMALL.replace("{set: faces}", "{set: face}")
        + "    ratings: [intensity]\n    scales: [EQ]\n    windows: [lat]\n"
    )
    text += "scales: [{name: EQ-60}]\nwindows: {late: {start_s: 1, stop_s: 2}}\n"
    assert list_mistakes(text) == [
        "study.yaml:8: blocks.0.stimuli.set: no stimulus set is called 'face' (did you mean 'faces'?); there is faces",
        "study.yaml:11: blocks.0.ratings.0: no rating is called 'intensity'; no rating is declared",
        "study.yaml:12: blocks.0.scales.0: no scale is called 'EQ'; there is EQ-60",
        "study.yaml:13: blocks.0.windows.0: no window is called 'lat' (did you mean 'late'?); there is late, response",
    ]


def test_the_window_of_the_whole_stimulus_needs_no_declaration() -> None:
    assert read(SMALL + "    windows: [response]\n").blocks[0].windows == ("response",)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (f"ratings: [{RATING}, {RATING}]", "ratings.1.name"),
        ("scales: [{name: EQ-60}, {name: IRI}, {name: EQ-60}]", "scales.2.name"),
        ("languages: [en, de, en]", "languages.2"),
        ("eligibility: [{id: a, text: t}, {id: a, text: t}]", "eligibility.1.id"),
        ("hypotheses: {H: h}\nanalyses: [{id: a, hypothesis: H, model: description, outcome: {score: age}}, "
         "{id: a, hypothesis: H, model: description, outcome: {score: age}}]", "analyses.1.id"),
    ],
)  # fmt: skip
def test_names_declared_twice(part: str, message: str) -> None:
    (found,) = list_mistakes(SMALL + part + "\n")
    assert f": {message}: " in found
    assert "is declared twice (first as " in found


def test_steps_that_name_what_is_not_declared() -> None:
    text = add(
        FORMS,
        """
        sessions:
          - name: visit
            steps:
              - form: about_me
              - probe: guess
              - scale: EQ-60
              - measurement: pulse
              - debriefing: end
              - eligibility: physician
              - consent: first
              - block: fist
              - blocks: [first, second]
        """,
    )
    assert [mistake.partition(" (")[0].partition(";")[0] for mistake in list_mistakes(text)] == [
        "study.yaml:19: sessions.0.steps.0.form: no form is called 'about_me'",
        "study.yaml:20: sessions.0.steps.1.probe: no form is called 'guess'",
        "study.yaml:21: sessions.0.steps.2.scale: no scale is called 'EQ-60'",
        "study.yaml:22: sessions.0.steps.3.measurement: no measurement is called 'pulse'",
        "study.yaml:23: sessions.0.steps.4.debriefing: no debriefing stage is called 'end'",
        "study.yaml:24: sessions.0.steps.5.eligibility: no eligibility rule has checked_by: physician",
        "study.yaml:25: sessions.0.steps.6.consent: no consent is declared",
        "study.yaml:26: sessions.0.steps.7.block: no block is called 'fist'",
        "study.yaml:27: sessions.0.steps.8.blocks.1: no block is called 'second'",
    ]


def test_steps_refer_to_earlier_steps_of_the_same_visit() -> None:
    text = add(
        """
        sessions:
          - name: visit
            steps:
              - text: welcome
                after: dose
                at_minutes: 5
              - text: welcome
                name: first
              - block: first
                or_after: [welcom]
        phases_around: EQ-60
        """
    )
    assert list_mistakes(text) == [
        "study.yaml:15: sessions.0.steps.0.after: no earlier step of this visit is called 'dose'; no earlier step of "
        "this visit is declared",
        "study.yaml:20: sessions.0.steps.2.or_after.0: no other step of this visit is called 'welcom' "
        "(did you mean 'welcome'?); there is welcome, first",
        "study.yaml:21: phases_around: no step is called 'EQ-60'; there is welcome, first",
    ]


def test_what_is_asked_twice_needs_occasions() -> None:
    steps = "scales: [{name: IRI}]\nsessions: [{name: v, steps: [{scale: IRI}, {block: first}, {scale: IRI}]}]\n"
    assert list_mistakes(SMALL + steps) == [
        "study.yaml:12: sessions.0.steps.2.scale: asked twice (first in steps.0); give each its own occasion"
    ]
    assert list_mistakes(SMALL + steps.replace("{scale: IRI}]", "{scale: IRI, occasion: after}]")) == []


def test_a_block_is_shown_once_and_in_some_session() -> None:
    second = "  - {name: second, stimuli: {set: faces}, duration_s: 4, blank_s: 2}\n"
    steps = "sessions: [{name: v, steps: [{block: first}, {blocks: [first]}]}]\n"
    assert list_mistakes(SMALL + second + steps) == [
        "study.yaml:11: blocks.1.name: 'second' is shown in no session",
        "study.yaml:12: sessions.0.steps.1.blocks: 'first' is shown twice (first in sessions.0.steps.0); declare it "
        "under two names",
    ]


def test_strata_and_eligibility_refer_to_answers_that_can_be_given() -> None:
    text = add(
        FORMS,
        """
        eligibility:
          - {id: sex, text: Male?, checked_by: form, field: sex, one_of: [men]}
          - {id: age, text: Adult?, checked_by: form, field: years, minimum: 18}
        assignment:
          arms: [{name: a}, {name: b}]
          kits_per_stratum: 10
          given_at: dose
          strata:
            - {field: sex, levels: [female, man]}
        """,
    )
    assert [mistake.partition(": no ")[2].partition(";")[0] for mistake in list_mistakes(text)] == [
        "answer is called 'men'",
        "form field is called 'years'",
        "measurement is called 'dose'",
        "answer is called 'man'",
    ]

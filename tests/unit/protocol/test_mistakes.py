"""What a researcher reads when the study file is wrong: place, line, what was expected, what was found."""

import pytest

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.mistakes import list_fields
from unit.protocol.study_texts import SMALL, add, list_mistakes


def test_the_small_study_has_no_mistakes() -> None:
    assert list_mistakes(SMALL) == []


def test_a_misspelt_setting_is_named_with_its_line_and_the_nearest_word() -> None:
    text = SMALL.replace("duration_s", "duraton_s")
    assert list_mistakes(text)[0] == "study.yaml:9: blocks.0.duraton_s: unknown (did you mean 'duration_s'?)"


def test_all_mistakes_are_listed_in_order_of_lines() -> None:
    text = """\
        version: 1
        titel: Small
        stimuli:
          sets:
            faces: {kind: picture, source: 3}
        blocks:
          - name: the first
            role: tests
            stimuli: {set: faces}
            duration_s: four
            blank_s: -1
            ratings: intensity
        camera:
          audio: yes
        """
    lines = [line.split(": ")[0] for line in list_mistakes(text.replace("\n        ", "\n").lstrip())]
    assert list_mistakes(text.replace("\n        ", "\n").lstrip()) == [
        "study.yaml:1: title: missing",
        "study.yaml:2: titel: unknown (did you mean 'title'?)",
        "study.yaml:5: stimuli.sets.faces.kind: expected one of image, clip, found the text 'picture'",
        "study.yaml:5: stimuli.sets.faces.source: expected a text, found the number 3; put it in quotes if it is "
        "meant as a text",
        "study.yaml:7: blocks.0.name: expected a name of letters, digits and _ . + - without spaces, found the text "
        "'the first'",
        "study.yaml:8: blocks.0.role: expected one of baseline, test, washout, found the text 'tests' "
        "(did you mean 'test'?)",
        "study.yaml:10: blocks.0.duration_s: expected a number, found the text 'four'",
        "study.yaml:11: blocks.0.blank_s: expected a number of at least 0, found the number -1",
        "study.yaml:12: blocks.0.ratings: expected a list (lines that begin with '- ', or [one, two]), found the text "
        "'intensity'; write [intensity]",
        "study.yaml:14: camera.audio: expected true or false, found the text 'yes'; YAML 1.2 knows only true and false",
    ]
    assert lines == sorted(lines, key=lambda line: int(line.rpartition(":")[2]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1\n", "", "study.yaml:1: version: missing; write 'version: 1' as the first line"),
        (
            "version: 1\n",
            "version: 2\n",
            "study.yaml:1: version: this file is of version 2, and this program reads up to 1; upgrade the program: "
            "pip install --upgrade mimicrylab",
        ),
        (
            "version: 1\n",
            "version: 0\n",
            "study.yaml:1: version: there is no version 0; the first is 1: write 'version: 1'",
        ),
        (
            "version: 1\n",
            "version: '1'\n",
            "study.yaml:1: version: expected the whole number 1, found the text '1'",
        ),
        ("version: 1\n", "version: true\n", "study.yaml:1: version: expected the whole number 1, found true"),
        ("duration_s: 4", "duration_s:", None),
        ("duration_s: 4", "duration_s: .inf", "study.yaml:9: blocks.0.duration_s: expected a finite number, found "),
        ("duration_s: 4", "duration_s: .nan", "study.yaml:9: blocks.0.duration_s: expected a finite number, found "),
        (
            "duration_s: 4",
            "duration_s: 0",
            "study.yaml:9: blocks.0.duration_s: expected a number greater than 0, found the number 0",
        ),
        ("title: Small study", "title: ''", "study.yaml:2: title: must not be empty"),
        ("title: Small study", "title:", "study.yaml:2: title: expected a text, found nothing"),
        ("{set: faces}", "faces", "study.yaml:8: blocks.0.stimuli: expected named settings (name: value), found the "),
        (
            "    blank_s: 2\n",
            "    blank_s: 2\n    blank_jitter_s: 3\n",
            "study.yaml:7: blocks.0: blank_jitter_s is greater than blank_s: a blank cannot last less than 0 s",
        ),
    ],
)
def test_each_kind_of_mistake_says_what_was_expected_and_found(old: str, new: str, message: str | None) -> None:
    assert old in SMALL
    found = list_mistakes(SMALL.replace(old, new))
    if message is None:  # an image needs a duration; nothing after the colon is as if it were not there
        message = "study.yaml:7: blocks.0: duration_s is missing: an image does not end by itself"
    assert [mistake[: len(message)] for mistake in found] == [message]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "42\n", "~\n"])
def test_a_file_that_is_no_mapping_is_one_mistake(text: str) -> None:
    assert list_mistakes(text)[0].startswith("study.yaml:1: expected named settings (name: value), found ")
    assert len(list_mistakes(text)) == 1


def test_a_list_with_wrong_entries_is_not_called_empty_as_well() -> None:
    text = SMALL.replace("duration_s: 4", "duration_s: 4\n    colour: red")
    assert [mistake.partition(": unknown")[0] for mistake in list_mistakes(text)] == ["study.yaml:10: blocks.0.colour"]


def test_an_unknown_setting_without_a_near_word_lists_what_there_is() -> None:
    found = list_mistakes(add("camera: {zoom: 3}\n"))
    assert found == [
        "study.yaml:11: camera.zoom: unknown; the settings here are record, audio, keep_video, minimum_fps"
    ]


def test_keys_given_twice_are_told_beside_other_mistakes() -> None:
    found = list_mistakes(SMALL.replace("blank_s: 2", "blank_s: 2\n    blank_s: 3\n    order: randm"))
    assert [mistake.split(": ")[1] for mistake in found] == ["blocks.0.blank_s", "blocks.0.order"]


def test_the_settings_of_every_group_can_be_listed() -> None:
    assert "duration_s" in list_fields(Study, ("blocks", 0))
    assert "start_s" in list_fields(Study, ("windows", "any name"))
    assert list_fields(Study, ("assignment", "arms", 1)) == ["name", "share"]
    assert list_fields(Study, ("no", "such", "place")) == []

from pathlib import Path

import pytest

from mimicrylab.errors import MissingError
from mimicrylab.protocol.study_check import check_folder
from unit.protocol.study_texts import SMALL, write_study

MANIFEST = """\
stimulus,emotion,model_id,action_units,file
a,happiness,F1,AU06 AU12,stimuli/a.jpg
b,anger,F1,AU04,stimuli/b.jpg
c,neutral,F1,none,stimuli/c.jpg
"""


def test_a_sound_study_has_a_plan_and_says_what_is_missing(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, SMALL, MANIFEST))
    assert found.sound
    assert found.missing == (
        "3 of 3 stimulus files are not in the folder: stimuli/a.jpg, stimuli/b.jpg, stimuli/c.jpg",
    )
    assert [visit.minutes for visit in found.visits] == [pytest.approx(3 * 6 / 60)]
    assert found.congruent == (
        ("faces", "happiness", ("AU06", "AU12")),
        ("faces", "anger", ("AU04",)),
        ("faces", "neutral", ()),
    )


def test_mistakes_of_the_study_file_end_the_check(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, SMALL.replace("blank_s", "blnk_s"), MANIFEST))
    assert not found.sound
    assert found.study is None
    assert [mistake.partition(": unknown")[0] for mistake in found.mistakes] == ["study.yaml:10: blocks.0.blnk_s"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{set: faces}", "{set: faces, emotions: [fear]}",
         "study.yaml:8: blocks.0.stimuli: the block 'first' shows nothing"),
        ("{set: faces}", "{set: faces, models: [M9]}",
         "study.yaml:8: blocks.0.stimuli: the block 'first' shows nothing"),
        ("blank_s: 2", "blank_s: 2\n    last: [fear]", "study.yaml:11: blocks.0.last.0: the block shows no fear"),
        ("blank_s: 2", "blank_s: 2\n    constraints: [{same: model_id}]",
         "study.yaml:8: blocks.0.stimuli: the order constraints cannot be met"),
        ("source: drawn for the test}", "source: x, congruence: {action_units: {anger: [AU23]}}}",
         "study.yaml:5: stimuli.sets.faces.congruence.action_units.anger: AU23 is called congruent with anger, and no "
         "stimulus of that emotion shows it"),
        ("source: drawn for the test}", "source: x, congruence: {preset: adfes}}",
         "study.yaml:5: stimuli.sets.faces.congruence.preset: AU25 is called congruent with happiness"),
        ("kind: image, source", "kind: clip, source", None),
    ],
)  # fmt: skip
def test_what_needs_the_stimuli_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: str | None) -> None:
    text = SMALL.replace(old, new)
    if words is None:
        text = text.replace("    duration_s: 4\n", "")
        words = "study.yaml:7: blocks.0: no duration_s, and the manifest gives no length for "
    found = check_folder(write_study(tmp_path, text, MANIFEST))
    assert any(mistake.startswith(words) for mistake in found.mistakes), found.mistakes
    assert found.visits == ()


def test_mistakes_of_the_manifest_are_among_the_mistakes(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, SMALL, MANIFEST.replace("anger", "angr")))
    assert [mistake.partition(" (")[0] for mistake in found.mistakes] == ["stimuli.csv:3: unknown emotion 'angr'"]
    (tmp_path / "stimuli" / "stimuli.csv").unlink()
    assert "there is no list of stimuli" in check_folder(tmp_path).mistakes[0]


def test_a_scale_that_does_not_exist_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, SMALL + "scales: [{name: EQ60}]\n", MANIFEST))
    assert found.mistakes[0].startswith("study.yaml:11: scales.0.name: unknown scale 'EQ60' (did you mean 'EQ-60'?)")


def test_texts_wording_and_sealed_kits_are_missing_until_they_are_there(tmp_path: Path) -> None:
    text = SMALL + (
        "    text: instructions\nlanguages: [en, de]\nscales: [{name: RAAS-1996}]\n"
        "assignment: {arms: [{name: a}, {name: b}], kits_per_stratum: 4}\n"
    )
    folder = write_study(tmp_path, text, MANIFEST)
    (folder / "texts").mkdir()
    (folder / "texts" / "instructions.en.md").write_text("Look.")
    (folder / "texts" / "RAAS-1996.de.txt").write_text("\n".join(["ein Satz"] * 18))
    assert [missing.partition(" (from")[0] for missing in check_folder(folder).missing[1:]] == [
        "the text texts/instructions.de.md",
        "the wording of RAAS-1996",
        "the sealed list of kits, made by a third party: mimicrylab new DIR --seal",
    ]
    (folder / "texts" / "RAAS-1996.de.txt").write_text("ein Satz")
    assert any("the wording does not fit RAAS-1996" in mistake for mistake in check_folder(folder).mistakes)


def test_no_study_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        check_folder(tmp_path)

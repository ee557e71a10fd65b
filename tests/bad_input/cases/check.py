"""Study files, lists of stimuli and questionnaires with mistakes."""

from pathlib import Path

from bad_input.case import Case
from bad_input.inputs import Maker, all_of, edited_study, nothing, study, table, text_file

OWN_SCALE = """\
version: 1
name: MINE
title: Mine
measures: something
citation: none
licence: mine
items: 2
answers: [{code: 0, text: no}, {code: 1, text: yes}]
keys: [{name: forward, points: [0, 1], items: [1, 2]}, {name: reversed, points: [1, 0], items: [2]}]
scores: [{name: total, combine: sum}]
"""


def not_a_text(folder: Path) -> None:
    """Put the bytes of a picture in place of study.yaml."""
    (folder / "study" / "study.yaml").write_bytes(b"\xff\xd8\xff\xe0 a picture")


def no_manifest(folder: Path) -> None:
    """Take away the list of stimuli."""
    (folder / "study" / "stimuli" / "stimuli.csv").unlink()


def also_replaced(old: str, new: str) -> Maker:
    """Return a maker that replaces a further text in study.yaml."""

    def make(folder: Path) -> None:
        path = folder / "study" / "study.yaml"
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))

    return make


CASES = (
    Case(
        "no-study",
        "A folder without study.yaml.",
        nothing,
        "check",
        """
        error: .: this is not a study folder: it has no study.yaml
          do: mimicrylab new . --template minimal
        """,
    ),
    Case(
        "empty",
        "An empty study file.",
        all_of(study(), text_file("study/study.yaml")),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:1: the file is empty
        """,
    ),
    Case(
        "not-yaml",
        "A picture that was called study.yaml.",
        all_of(study(), not_a_text),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:1: the file is not in UTF-8; save it as UTF-8 in the editor
        """,
    ),
    Case(
        "misspelt",
        "A misspelt setting.",
        edited_study("duration_s: 4", "duraton_s: 4"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:29: blocks.0.duraton_s: unknown (did you mean 'duration_s'?)
        """,
    ),
    Case(
        "tab",
        "A tab instead of spaces.",
        edited_study("    role: test", "\trole: test"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:27: a tab stands where YAML needs spaces; replace it by spaces (two for each level)
        """,
    ),
    Case(
        "twice",
        "A setting given twice.",
        edited_study("title: My", "title: Mine\ntitle: My"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:8: title: given twice (first in line 7)
        """,
    ),
    Case(
        "colon",
        "A title with a colon and no quotes.",
        edited_study("title: My", "title: Study: my"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:7: a second ': ' in one line; put the text after the first colon in quotes
        """,
    ),
    Case(
        "newer",
        "A file for a newer program.",
        edited_study("version: 1", "version: 2"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:6: version: this file is of version 2, and this program reads up to 1; upgrade the program: pip install --upgrade mimicrylab
        """,
    ),
    Case(
        "no-version",
        "A file that does not say its version.",
        edited_study("version: 1\n", ""),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:1: version: missing; write 'version: 1' as the first line
        """,
    ),
    Case(
        "several",
        "Four mistakes at once: a word for a number, a word that is no choice, a number for a list, a stop before its start.",
        all_of(
            edited_study("duration_s: 4", "duration_s: four\n    ratings: 3\n    order: rand"),
            also_replaced("start_s: 0, stop_s: 4", "start_s: 4, stop_s: 0"),
        ),
        "check study",
        """
        4 mistakes to be corrected
          - study.yaml:29: blocks.0.duration_s: expected a number, found the text 'four'
          - study.yaml:30: blocks.0.ratings: expected a list (lines that begin with '- ', or [one, two]), found the number 3
          - study.yaml:31: blocks.0.order: expected one of random, fixed, found the text 'rand' (did you mean 'random'?)
          - study.yaml:36: windows.response: stop_s (0) must be greater than start_s (4)
        """,
    ),
    Case(
        "unknown-name",
        "A block that names a stimulus set which is not declared.",
        edited_study("{set: faces}", "{set: face}"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:28: blocks.0.stimuli.set: no stimulus set is called 'face' (did you mean 'faces'?); there is faces
        """,
    ),
    Case(
        "rating-time",
        "A baseline in the time in which the clip before is rated.",
        edited_study("method: none", "method: difference", template="oxytocin"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:[...]: baseline: the 1 s before a stimulus are no baseline in block neutral, happiness, anger, sadness, fear: only 0 s of fixation or blank are sure to precede it, the rest is rating time (hand and eyes move); use method: none (and a neutral block to compare with), or a longer fixation or blank
        """,
    ),
    Case(
        "within-person-z",
        "A within-person z related to a questionnaire.",
        all_of(
            edited_study(
                "outcome: {measure: congruence, signals: [congruent], for_each: [emotion]}\n    predictors",
                "outcome: {measure: z, for_each: [emotion]}\n    predictors",
                template="empathy",
            ),
            also_replaced(
                "  - measure: congruence\n    of: mean", "  - measure: z\n  - measure: congruence\n    of: mean"
            ),
        ),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:[...]: analyses.[...].outcome.measure: 'z' is a within-person z: it sets every person's mean to 0, so nothing is left to be related to 'EQ-60.total', which differs between people; use its measure in the signal's own unit, or congruence
        """,
    ),
    Case(
        "neutral-threshold",
        "Presence with a threshold from the neutral block, which is covariate.",
        edited_study("threshold_from: fixed", "threshold_from: neutral", template="oxytocin"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:[...]: measures.0.threshold_from: a threshold from the neutral trials makes everybody alike there, and neutral is moderator, covariate or outcome in the analysis expressivity, oxytocin_happiness, oxytocin_sadness, oxytocin_anger, oxytocin_fear, oxytocin_anger_without_au23, moderation; use threshold_from: fixed or rest
        """,
    ),
    Case(
        "filmed-before-consent",
        "The camera before the consent.",
        edited_study(
            "      - text: information\n        minutes: 1.5\n",
            "      - camera: no_preview\n        name: early\n",
            template="empathy",
        ),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:[...]: sessions.0.steps.0.camera: stands before the consent; nobody is filmed without it
        """,
    ),
    Case(
        "no-second-consent",
        "A cover story without a second consent.",
        edited_study("      - consent: second\n", "", template="oxytocin"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:[...]: cover_story: no session asks for the second consent (- consent: second)
        """,
    ),
    Case(
        "not-shown",
        "An action unit that counts as mimicry and that no stimulus shows.",
        edited_study("happiness: [AU12, AU25]", "happiness: [AU12, AU14]"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:22: stimuli.sets.faces.congruence.action_units.happiness: AU14 is called congruent with happiness, and no stimulus of that emotion shows it
        """,
    ),
    Case(
        "too-few-models",
        "More blocks than persons to draw from.",
        all_of(
            study(template="empathy"),
            also_replaced("draw: one_model}", "draw: one_model, models: [F1, F2]}"),
        ),
        "check study",
        """
        4 mistakes to be corrected
          - study.yaml:[...]: blocks.0.stimuli: block 'faces_1': 4 blocks draw another model each, and the stimuli show 2; do: name more models in the manifest, or use draw: all
          - study.yaml:[...]: blocks.1.stimuli: block 'faces_2': 4 blocks draw another model each, and the stimuli show 2; do: name more models in the manifest, or use draw: all
          - study.yaml:[...]: blocks.2.stimuli: block 'faces_3': 4 blocks draw another model each, and the stimuli show 2; do: name more models in the manifest, or use draw: all
          - study.yaml:[...]: blocks.3.stimuli: block 'faces_4': 4 blocks draw another model each, and the stimuli show 2; do: name more models in the manifest, or use draw: all
        """,
    ),
    Case(
        "impossible-order",
        "An order that no sequence can have: one emotion, never twice in a row.",
        edited_study(
            "    stimuli: {set: faces}",
            "    constraints: [{same: emotion}]\n    stimuli: {set: faces, emotions: [anger]}",
        ),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:29: blocks.0.stimuli: the order constraints cannot be met; found: 2 trials; no order after 200 attempts; do: allow a longer run (maximum_run), or show more different stimuli
        """,
    ),
    Case(
        "unknown-measure",
        "A measure that does not exist.",
        edited_study("measure: peak", "measure: peek"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:46: measures.1: unknown measure 'peek' (did you mean 'peak'?); one of bins, congruence, latency, mean, peak, peak_of_means, percentile_95, presence, responders, selectivity, z
        """,
    ),
    Case(
        "unknown-scale",
        "A questionnaire that does not exist.",
        all_of(study(template="empathy"), also_replaced("EQ-60", "EQ60")),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:[...]: scales.0.name: unknown scale 'EQ60' (did you mean 'EQ-60'?); expected: one of AQ-50, EQ-40, EQ-40-agree23, EQ-60, IRI, RAAS-1996; do: or bring your own: mimicrylab scales import FILE --study FOLDER
        """,
    ),
    Case(
        "stimuli",
        "A list of stimuli with an unknown emotion, an unknown set and a name twice.",
        all_of(
            study(),
            table(
                "study/stimuli/stimuli.csv",
                "stimulus,set,emotion",
                "a,faces,angre",
                "b,pictures,anger",
                "c,,anger",
                "c,,fear",
            ),
        ),
        "check study",
        """
        3 mistakes to be corrected
          - stimuli.csv:2: unknown emotion 'angre' (did you mean 'anger'?); expected: one of anger, contempt, disgust, fear, happiness, neutral, sadness, surprise
          - stimuli.csv:3: unknown stimulus set 'pictures'; expected: one of the sets in study.yaml: faces
          - stimuli.csv:5: the stimulus 'c' stands here twice (first in line 4)
        """,
    ),
    Case(
        "no-stimuli",
        "No list of stimuli.",
        all_of(study(), no_manifest),
        "check study",
        """
        1 mistake to be corrected
          - study/stimuli/stimuli.csv: there is no list of stimuli; do: write one, or correct stimuli.manifest in study.yaml
        """,
    ),
    Case(
        "another-picture",
        "A stimulus file that is not the one the list names.",
        all_of(
            study(),
            text_file("study/a.jpg", "another picture"),
            table("study/stimuli/stimuli.csv", "stimulus,emotion,file,sha256", f"a,anger,a.jpg,{'0' * 64}"),
        ),
        "check study",
        """
        1 mistake to be corrected
          - stimuli.csv:2: the file 'a.jpg' has another content than the manifest says; expected: SHA-256 000000000000...; found: b2917681b4f4...; do: put the right file back, or correct sha256
        """,
    ),
    Case(
        "own-scale",
        "A study's own questionnaire in which an item has two keys.",
        all_of(
            edited_study("windows:", "scales: [{name: MINE}]\nwindows:"),
            text_file("study/scales/MINE.yaml", OWN_SCALE),
        ),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:33: scales.0.name: MINE.yaml:1: item 2 stands in two keys or fillers, or twice in one
        """,
    ),
)

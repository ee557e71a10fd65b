"""Plans that cannot be shown, and plans that do not say what decides."""

from pathlib import Path

from bad_input.case import Case
from bad_input.inputs import Maker, all_of, edited_study, made_once, nothing, run, study, text_file
from mimicrylab.protocol.templates import read_template

WITHOUT_ANALYSES = study()
FROZEN = made_once(study(template="empathy"), run("plan study --freeze"))
EXPLORATORY = (
    read_template("minimal")["study.yaml"]
    + """
hypotheses: {H1: Faces are mimicked.}
analyses:
  - {id: mimicry, hypothesis: H1, standing: exploratory, model: one_sample, outcome: {measure: mean}}
"""
)
TWO_LEVELS = (
    EXPLORATORY.replace("standing: exploratory", "alpha: 0.01")
    + """\
  - {id: means, hypothesis: H1, model: one_sample, outcome: {measure: mean}}
"""
)


def replace_in(name: str, old: str, new: str) -> Maker:
    """Return a maker that replaces a text in a file; use it after the file's own maker."""

    def make(folder: Path) -> None:
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return make


CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "plan",
        """
        error: .: this is not a study folder: it has no study.yaml
          do: mimicrylab new . --template minimal
        """,
    ),
    Case(
        "mistakes",
        "A study file with a mistake.",
        edited_study("version: 1", "version: 1\nhypothesis: one"),
        "plan study --freeze",
        """
        error: 1 mistake in the study
          - study.yaml:7: hypothesis: unknown (did you mean 'hypotheses'?)
          do: mimicrylab check
        """,
    ),
    Case(
        "no-analyses",
        "A study that plans no analysis.",
        WITHOUT_ANALYSES,
        "plan study --freeze",
        """
        error: this plan is not frozen, because it does not say what decides
          - no hypothesis is declared
          - no analysis is planned
          do: say in study.yaml which analyses are confirmatory, and which are corrected together
        """,
    ),
    Case(
        "nothing-decides",
        "A plan in which every analysis is exploratory.",
        all_of(study(), text_file("study/study.yaml", EXPLORATORY)),
        "plan study --freeze",
        """
        error: this plan is not frozen, because it does not say what decides
          - every analysis is exploratory: nothing decides, and there is no family to correct
          do: say in study.yaml which analyses are confirmatory, and which are corrected together
        """,
    ),
    Case(
        "two-levels",
        "A family with two levels of significance.",
        all_of(study(), text_file("study/study.yaml", TWO_LEVELS)),
        "plan study --freeze",
        """
        error: this plan is not frozen, because it does not say what decides
          - the family 'H1' has several levels of significance: mimicry 0.01, means 0.05
          do: say in study.yaml which analyses are confirmatory, and which are corrected together
        """,
    ),
    Case(
        "changed-after-freezing",
        "A frozen plan that was edited by hand.",
        all_of(FROZEN, replace_in("study/plan/frozen.json", '"planned": 128', '"planned": 60')),
        "plan study",
        """
        error: plan/frozen.json: the frozen plan was changed after it was frozen
          expected: SHA-256 [...]
          found: [...]
          do: put the file back as it was frozen; to change the plan, change study.yaml and freeze again
        """,
    ),
    Case(
        "damaged-frozen-plan",
        "A frozen plan that is none.",
        all_of(FROZEN, text_file("study/plan/frozen.json", "frozen")),
        "plan study --freeze",
        """
        error: plan/frozen.json: this is no frozen plan
          expected: the file that mimicrylab plan --freeze wrote
        """,
    ),
    Case(
        "open-without-freeze",
        "The page asked for without freezing.",
        study(),
        "plan study --open",
        """
        Usage: mimicrylab plan [OPTIONS] [study]
        Try 'mimicrylab plan -h' for help.

        Error: Invalid value: --open belongs to --freeze
        """,
        exit_code=2,
    ),
)

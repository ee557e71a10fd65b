"""Analysing what is not there, or not what it should be."""

from bad_input.case import Case
from bad_input.inputs import Maker, all_of, edited_study, nothing, study, table, text_file

PLAN = """version: 1
hypotheses: {H1: Groups differ.}
analyses:
  - id: groups
    hypothesis: H1
    model: two_groups
    outcome: {score: EQ}
    predictors: [{name: group, kind: trait}]
"""
ROWS = ("id,group,EQ", "P1,a,41", "P2,a,44", "P3,a,46", "P4,b,50", "P5,b,53", "P6,b,49")
PLANNED = text_file("plan.yaml", PLAN)
DATA = table("data.csv", *ROWS)
COMMAND = "analyse --data data.csv --plan plan.yaml"


def plan(old: str, new: str) -> Maker:
    """Return a maker of the plan with one thing changed, beside the table."""
    return all_of(DATA, text_file("plan.yaml", PLAN.replace(old, new, 1)))


CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "analyse study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "no-plan",
        "A study without an analysis plan.",
        study(),
        "analyse study",
        """
        error: study/study.yaml: no analysis is planned
          do: write the plan under  analyses:  (docs/analyses.md says how)
        """,
    ),
    Case(
        "nobody-yet",
        "A plan, and nobody took part yet.",
        study(template="empathy"),
        "analyse study",
        """
        error: study: the study has no participants yet
          do: mimicrylab import participants TABLE --study study
        """,
    ),
    Case(
        "unknown-analysis",
        "An analysis that is not planned.",
        study(template="oxytocin"),
        "analyse study --only moderatoin",
        """
        error: study/study.yaml: unknown analysis 'moderatoin' (did you mean 'moderation'?)
          expected: one of activity_by_block, blinding, [...]
        """,
    ),
    Case(
        "study-mistake",
        "A model that does not exist.",
        edited_study("model: ancova", "model: anova", template="oxytocin"),
        "analyse study",
        """
        error: study.yaml:[...]: analyses.[...].model: expected one of one_sample, two_groups, paired, rank_groups, correlation, regression, multivariate_regression, ancova, moderation, repeated, mixed, prediction, survival, frequencies, description, found the text 'anova' (did you mean 'ancova'?)
        """,
    ),
    Case(
        "data-without-plan",
        "A table without a plan file.",
        DATA,
        "analyse --data data.csv",
        """
        Usage: mimicrylab analyse [OPTIONS] [study]
        Try 'mimicrylab analyse -h' for help.

        Error: Invalid value: --data and --plan need each other
        """,
        exit_code=2,
    ),
    Case(
        "no-table",
        "A table that is not there.",
        PLANNED,
        COMMAND,
        """
        error: data.csv: there is no such table
        """,
    ),
    Case(
        "plan-mistakes",
        "A plan file with two mistakes.",
        plan("model: two_groups\n    outcome: {score: EQ}", "model: two_grups\n    outcome: {scor: EQ}"),
        COMMAND,
        """
        error: 2 mistakes in the plan file
          plan.yaml:6: analyses.0.model: expected one of one_sample, two_groups, paired, rank_groups, correlation, regression, multivariate_regression, ancova, moderation, repeated, mixed, prediction, survival, frequencies, description, found the text 'two_grups' (did you mean 'two_groups'?)
          plan.yaml:7: analyses.0.outcome.scor: unknown (did you mean 'score'?)
        """,
    ),
    Case(
        "unknown-column",
        "A score that the table does not have.",
        plan("score: EQ", "score: QE"),
        COMMAND,
        """
        error: plan.yaml:7: analyses.0.outcome: the table has no column 'QE'; it has EQ, group
        """,
    ),
    Case(
        "nobody-named",
        "A table that does not say who a row is of.",
        all_of(PLANNED, table("data.csv", "who,group,EQ", "P1,a,41", "P2,b,44")),
        COMMAND,
        """
        error: data.csv: no column says who a row is of
          found: the columns who, group, EQ
          do: name it in the plan file:  columns: {person: NAME}
        """,
    ),
    Case(
        "row-twice",
        "A row that was entered twice.",
        all_of(PLANNED, table("data.csv", *ROWS, "P2,a,45")),
        COMMAND,
        """
        error: data.csv: lines 3, 8: most people have one row, and 1 of 6 have more
          expected: one row a person, or several rows of everybody
          do: look whether a row was entered twice, or two people have the same code
        """,
    ),
    Case(
        "words-among-numbers",
        "A cell with words where a number should be.",
        all_of(PLANNED, table("data.csv", *ROWS, "P7,b,about 50")),
        COMMAND,
        """
        error: plan.yaml:7: analyses.0.outcome.score: numbers are needed, and 'EQ' holds words (data.csv: line 8); mend the cells, or write  missing: [...]  if they mean that nothing is known
        """,
    ),
    Case(
        "folder-in-use",
        "A folder for the results that holds other files.",
        all_of(DATA, PLANNED, text_file("mine/notes.txt", "mine")),
        f"{COMMAND} --output mine",
        """
        error: mine: this folder holds other files
          do: name a new or empty folder: --output FOLDER
        """,
    ),
    Case(
        "broken-spreadsheet",
        "A spreadsheet that is none inside.",
        all_of(PLANNED, text_file("data.xlsx", "no spreadsheet")),
        "analyse --data data.xlsx --plan plan.yaml",
        """
        error: data.xlsx: this is not a readable spreadsheet
          do: save it again in the program that made it, or as CSV
        """,
    ),
)

"""Alternatives that lead nowhere."""

from bad_input.case import Case
from bad_input.inputs import Maker, all_of, edited_study, study

ANALYSES = """\
hypotheses: {H1: it moves}
analyses:
  - {id: smile, hypothesis: H1, model: one_sample, outcome: {measure: mean}}
"""


def with_multiverse(text: str) -> Maker:
    """Return a study whose plan has one analysis and this multiverse."""
    return all_of(study(), edited_study("measures:", f"{ANALYSES}multiverse:\n  - {text}\nmeasures:"))


CASES = (
    Case(
        "unknown-analysis",
        "A multiverse of an analysis that is not planned.",
        with_multiverse("{analysis: smiles, windows: [response]}"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:47: multiverse.0.analysis: no analysis is called 'smiles' (did you mean 'smile'?); there is smile
        """,
    ),
    Case(
        "unknown-window",
        "A multiverse over a window that is not declared.",
        with_multiverse("{analysis: smile, windows: [erly]}"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:47: multiverse.0.windows.0: no window is called 'erly'; there is response
        """,
    ),
    Case(
        "no-alternative",
        "A multiverse without an alternative.",
        with_multiverse("{analysis: smile}"),
        "check study",
        """
        1 mistake to be corrected
          - study.yaml:47: multiverse.0: no alternative is named: give at least one of measures, windows, baselines, thresholds, neutral, maximum_grades, minimum_valid
        """,
    ),
    Case(
        "of-a-table",
        "A multiverse of a table, which has no frames to measure anew.",
        study(),
        "analyse --data table.csv --plan plan.yaml --multiverse",
        """
        Usage: mimicrylab analyse [OPTIONS] [study]
        Try 'mimicrylab analyse -h' for help.

        Error: Invalid value: --multiverse measures coded frames anew; a table has none
        """,
        exit_code=2,
    ),
)

"""Doing whatever is left to do."""

from bad_input.case import Case
from bad_input.inputs import edited_study, nothing

CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "run study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "mistakes",
        "A study.yaml with a mistake.",
        edited_study("duration_s: 4", "duraton_s: 4"),
        "run study",
        """
        error: study.yaml:29: blocks.0.duraton_s: unknown (did you mean 'duration_s'?)
        """,
    ),
)

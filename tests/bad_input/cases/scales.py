"""Questionnaires."""

from bad_input.case import Case
from bad_input.inputs import nothing

CASES = (
    Case(
        "unknown",
        "A questionnaire whose name is misspelt.",
        nothing,
        "scales show eqq",
        """
        error: unknown scale 'eqq'
          expected: one of AQ-50, EQ-40, EQ-40-agree23, EQ-60, IRI, RAAS-1996
          do: or describe it in scales/eqq.yaml of the study folder
        """,
    ),
)

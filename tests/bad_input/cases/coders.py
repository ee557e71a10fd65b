"""The list of coders."""

from bad_input.case import Case
from bad_input.inputs import nothing

CASES = (
    Case(
        "unknown-coder",
        "A coder that is not installed.",
        nothing,
        "coders landmaker",
        """
        error: unknown coder 'landmaker' (did you mean 'landmarker'?)
          expected: one of [...]landmarker[...]
          do: mimicrylab coders  lists them
        """,
    ),
)

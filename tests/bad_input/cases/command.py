"""The command line itself."""

from bad_input.case import Case
from bad_input.inputs import nothing

CASES = (
    Case(
        "unknown-verb",
        "A verb that does not exist.",
        nothing,
        "quallity",
        """
        Usage: mimicrylab [OPTIONS] COMMAND [ARGS]...
        Try 'mimicrylab -h' for help.

        Error: No such command 'quallity'. Did you mean 'quality'?
        """,
        exit_code=2,
    ),
)

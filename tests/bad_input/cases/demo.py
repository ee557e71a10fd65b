"""The demonstration."""

from bad_input.case import Case
from bad_input.inputs import study, text_file

CASES = (
    Case(
        "other-study",
        "A folder that holds another study.",
        study("demo-study"),
        "demo",
        """
        error: demo-study: there is another study already
          do: choose another folder: mimicrylab demo --out FOLDER; nothing there was changed
        """,
    ),
    Case(
        "file",
        "A file where the folder should be.",
        text_file("demo-study", "a text"),
        "demo",
        """
        error: <folder>/demo-study: there is a file of this name
          do: choose another name
        """,
    ),
)

"""Making up a study."""

from bad_input.case import Case
from bad_input.inputs import nothing, study

CASES = (
    Case(
        "exists",
        "A folder that is there already.",
        study("made"),
        "simulate --out made --participants 2",
        """
        error: made: there is something at this place already
          do: choose another folder; nothing was changed
        """,
    ),
    Case(
        "template",
        "A template whose name is misspelt.",
        nothing,
        "simulate --out made --template empaty",
        """
        error: unknown template 'empaty' (did you mean 'empathy'?)
          expected: one of classic, demo, empathy, minimal, oxytocin, stimulus-rating
        """,
    ),
    Case(
        "nobody",
        "A study without participants.",
        nothing,
        "simulate --out made --participants 0",
        """
        error: --participants: this number of participants cannot be simulated
          expected: 1 to 100000
          found: 0
        """,
        exit_code=1,
    ),
    Case(
        "unknown-defect",
        "A defect of videos whose name is misspelt.",
        nothing,
        "simulate --out made --template minimal --videos --defects hands",
        """
        error: unknown defect 'hands' (did you mean 'hand'?)
          expected: one of all, away, dark, eating, far, hand, none, second_face, slow, talking
        """,
        exit_code=1,
    ),
    Case(
        "defects-without-videos",
        "Defects of videos where no video is made.",
        nothing,
        "simulate --out made --template minimal --defects hand",
        """
        error: --defects: defects are of films
          do: add --videos
        """,
        exit_code=1,
    ),
    Case(
        "no-out",
        "No folder for the study.",
        nothing,
        "simulate",
        """
        Usage: mimicrylab simulate [OPTIONS]
        Try 'mimicrylab simulate -h' for help.

        Error: Missing option '--out'.
        """,
        exit_code=2,
    ),
)

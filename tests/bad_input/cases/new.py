"""Making a study folder."""

from bad_input.case import Case
from bad_input.inputs import nothing, study

CASES = (
    Case(
        "exists",
        "A folder that is there already.",
        study(),
        "new study",
        """
        error: <folder>/study: there is a study already
          do: choose another name; nothing there was changed
        """,
    ),
    Case(
        "template",
        "A template whose name is misspelt.",
        nothing,
        "new study --template empaty",
        """
        error: unknown template 'empaty' (did you mean 'empathy'?)
          expected: one of classic, demo, empathy, minimal, oxytocin, stimulus-rating
        """,
    ),
    Case(
        "seal-options",
        "Options of sealing without sealing.",
        nothing,
        "new study --seed 3",
        """
        Usage: mimicrylab new [OPTIONS] {folder}
        Try 'mimicrylab new -h' for help.

        Error: Invalid value: --passphrase-file, --seed, --emergency-codes and --pharmacy-list need --seal
        """,
        exit_code=2,
    ),
    Case(
        "seal-nothing",
        "Sealing a study without a treatment.",
        study(),
        "new study --seal --passphrase-file study/README.md",
        """
        error: study/study.yaml: there is nothing to seal
          expected: assignment with arms, and blinding: double or single
        """,
    ),
)

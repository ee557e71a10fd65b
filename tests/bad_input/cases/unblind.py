"""Opening the sealed list of kits."""

from bad_input.case import Case
from bad_input.inputs import made_once, run, study, text_file

SEALED = made_once(
    text_file("passphrase.txt", "a passphrase that is long enough\n"),
    text_file("wrong.txt", "another passphrase, just as long\n"),
    run("new study --template oxytocin --seal --passphrase-file passphrase.txt --seed 1"),
)

CASES = (
    Case(
        "not-sealed",
        "A study that has no sealed list.",
        study(),
        "unblind study --by Statistician --passphrase-file study/README.md",
        """
        error: study/assignment/sealed-kits.json: there is no sealed list of kits
          do: a third party makes it: mimicrylab new DIR --seal
        """,
    ),
    Case(
        "wrong-passphrase",
        "Another passphrase.",
        SEALED,
        "unblind study --by Statistician --passphrase-file wrong.txt",
        """
        error: the passphrase does not open this list
          do: ask the third party who made it; capitals and spaces count
        """,
    ),
    Case(
        "no-passphrase",
        "A file that does not exist.",
        SEALED,
        "unblind study --by Statistician --passphrase-file nowhere.txt",
        """
        error: nowhere.txt: the file with the passphrase cannot be read
        """,
    ),
    Case(
        "by-whom",
        "Nobody says who opens it.",
        SEALED,
        "unblind study --passphrase-file passphrase.txt",
        """
        Usage: mimicrylab unblind [OPTIONS] {folder}
        Try 'mimicrylab unblind -h' for help.

        Error: Missing option '--by'.
        """,
        exit_code=2,
    ),
    Case(
        "unknown-kit",
        "The code of a kit that does not exist.",
        SEALED,
        "unblind study --by Physician --emergency --kit K9999 --reason fever --passphrase-file passphrase.txt",
        """
        error: there is no kit 'K9999' (did you mean 'K0199'?)
          expected: a kit from K0001 to K0200
        """,
    ),
)

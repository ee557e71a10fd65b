"""The list of coders, and comparing them."""

from bad_input.case import Case
from bad_input.inputs import all_of, nothing, study, table
from made_coders import write_human_codes, write_openface

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
    Case(
        "compare-study-without-frames",
        "A study that no coder has coded yet.",
        study(),
        "coders compare study",
        """
        error: it takes two coders to compare
          expected: a study with frames of two coders, or --coder and --frames NAME=PATH
          found: none
        """,
    ),
    Case(
        "compare-one-coder",
        "One coder alone.",
        lambda folder: write_openface(folder / "openface" / "P01.csv"),
        "coders compare --frames openface=openface",
        """
        error: it takes two coders to compare
          expected: a study with frames of two coders, or --coder and --frames NAME=PATH
          found: openface
        """,
    ),
    Case(
        "compare-other-recordings",
        "Two coders, but of recordings with different names.",
        all_of(
            lambda folder: write_openface(folder / "openface" / "P01.csv"),
            lambda folder: write_human_codes(folder / "codes" / "P02.csv"),
        ),
        "coders compare --frames openface=openface --frames facs=codes",
        """
        error: no recording was coded by two of these coders
          expected: the same names of recordings or files
          found: openface: P01; facs: P02
        """,
    ),
    Case(
        "compare-not-the-program",
        "A file that the program did not write.",
        all_of(
            lambda folder: write_openface(folder / "openface" / "P01.csv"),
            table("codes/P01.csv", "a,b", "1,2"),
        ),
        "coders compare --frames openface=openface --frames facs=codes",
        """
        error: codes/P01.csv: no line of the file is a header of this program
          expected: [...]
        """,
    ),
    Case(
        "compare-option-of-nobody",
        "An option without the program that it belongs to.",
        lambda folder: write_openface(folder / "openface" / "P01.csv"),
        "coders compare --frames openface=openface --option rectified=true",
        """
        Usage: mimicrylab coders compare [OPTIONS] [study]
        Try 'mimicrylab coders compare -h' for help.

        Error: Invalid value for --option: 'rectified' is not of the form NAME:OPTION
        """,
        exit_code=2,
    ),
)

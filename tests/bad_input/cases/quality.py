"""Judging recordings."""

from bad_input.case import Case
from bad_input.inputs import made_once, nothing, openface, run, study, table

CODED = made_once(
    study(),
    openface("P01.csv", n_frames=300),
    table("events.csv", "recording,onset,duration,emotion", "P01,3,4,joy"),
    run("import openface P01.csv --study study --events events.csv"),
)
OVERRIDE = "quality study --override P01=3"

CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "quality study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "no-data",
        "A study without data.",
        study(),
        "quality study",
        """
        error: study: the study has no table 'recordings' yet
          do: mimicrylab import recordings
        """,
    ),
    Case(
        "coder",
        "A coder whose frames are not there.",
        CODED,
        "quality study --coder openfase",
        """
        error: study/frames: no recording of this study has frames of the coder 'openfase'
          found: frames of openface
          do: --coder openface
        """,
    ),
    Case(
        "override-grade",
        "A grade that does not exist.",
        CODED,
        "quality study --override P01=5 --by A --reason b",
        """
        error: --override P01=5: this is no override
          expected: RECORDING=GRADE with a grade of 0, 1, 2 or 3, such as P01/visit=3
        """,
    ),
    Case(
        "override-recording",
        "A grade for a recording that does not exist.",
        CODED,
        "quality study --override P1=3 --by A --reason b",
        """
        error: unknown recording 'P1' (did you mean 'P01'?)
          expected: one of P01
        """,
    ),
    Case(
        "override-reason",
        "A grade without name and reason.",
        CODED,
        OVERRIDE,
        """
        error: --override P01=3: an override needs the name of who sets it and a reason
          do: --by NAME --reason "what was seen in the recording"
        """,
    ),
)

"""Stimulus sets."""

from bad_input.case import Case
from bad_input.inputs import all_of, nothing, study, table, text_file

EMPATHY = study(template="empathy")
KDEF = all_of(EMPATHY, text_file("KDEF/AF01HAS.JPG", "a picture"))

CASES = (
    Case(
        "show-unknown",
        "A set whose name is misspelt.",
        nothing,
        "stimuli show open_still",
        """
        error: unknown stimulus set 'open_still' (did you mean 'open_stills'?)
          expected: one of open_clips, open_stills
        """,
    ),
    Case(
        "import-unknown",
        "A set whose name is misspelt, with a folder.",
        KDEF,
        "stimuli import kdeff KDEF --study study",
        """
        error: unknown stimulus set 'kdeff' (did you mean 'kdef'?)
          expected: one of adfes, kdef, open_clips, open_stills, table
        """,
    ),
    Case(
        "import-no-folder",
        "A licensed set without its folder.",
        EMPATHY,
        "stimuli import kdef --study study",
        """
        error: kdef needs the folder of the set
          do: mimicrylab stimuli import kdef PATH --study FOLDER
        """,
    ),
    Case(
        "import-missing-folder",
        "A folder that does not exist.",
        EMPATHY,
        "stimuli import kdef nowhere --study study",
        """
        error: nowhere: there is no such folder
        """,
    ),
    Case(
        "import-outside",
        "Licensed pictures that lie outside the study.",
        KDEF,
        "stimuli import kdef KDEF --study study",
        """
        error: KDEF/AF01HAS.JPG: the files lie outside the study folder
          do: move them into it, or add --copy if their licence allows a copy there
        """,
    ),
    Case(
        "import-other-files",
        "A folder with other pictures.",
        all_of(EMPATHY, text_file("other/smile.jpg", "a picture")),
        "stimuli import kdef other --study study",
        """
        error: other: the folder holds no file of the Karolinska Directed Emotional Faces that is wanted
          expected: names like AF01HAS.JPG
          found: left out: 1 file that is not named like AF01HAS.JPG
        """,
    ),
    Case(
        "import-angle",
        "An angle that the set does not have.",
        KDEF,
        "stimuli import kdef KDEF --study study --angle X",
        """
        error: Karolinska Directed Emotional Faces: unknown angle 'X'
          expected: one of S, HL, HR, FL, FR
        """,
    ),
    Case(
        "import-set",
        "A stimulus set that study.yaml does not have.",
        KDEF,
        "stimuli import kdef KDEF --study study --as pictures",
        """
        error: the study has no stimulus set 'pictures'
          expected: one of those in study.yaml: faces
          do: name it: --as SET, or add it under stimuli: sets: in study.yaml
        """,
    ),
    Case(
        "import-table",
        "A table that names a file which is not there.",
        all_of(EMPATHY, table("mine.csv", "stimulus,emotion,file", "S1,joy,smile.png")),
        "stimuli import table mine.csv --study study",
        """
        error: mine.csv: 1 stimulus of the table without a file
          expected: files in the table's folder, .
          found: smile.png
        """,
    ),
)

"""Questionnaires."""

from bad_input.case import Case
from bad_input.inputs import all_of, nothing, study, table, text_file

OWN = {"MIMICRYLAB_SCALES": "{folder}/own"}
ITEMS = ("item,key,text", "1,forward,I laugh easily", "2,reversed,I rarely smile")
ANSWERS = "--name MINE --answer 0=no --answer 1=yes"

CASES = (
    Case(
        "unknown",
        "A questionnaire whose name is misspelt.",
        nothing,
        "scales show eqq",
        """
        error: unknown scale 'eqq'
          expected: one of AQ-50, EQ-40, EQ-40-agree23, EQ-60, IRI, RAAS-1996
          do: or bring your own: mimicrylab scales import FILE --study FOLDER
        """,
    ),
    Case(
        "import-no-file",
        "A file that does not exist.",
        nothing,
        "scales import mine.yaml",
        """
        error: mine.yaml: there is no such file
        """,
        environment=OWN,
    ),
    Case(
        "import-mistakes",
        "A data file with mistakes.",
        text_file("mine.yaml", "version: 1\nname: MINE\nitems: two\n"),
        "scales import mine.yaml",
        """
        error: 8 mistakes in the scale
          mine.yaml:1: answers: missing
          mine.yaml:1: citation: missing
          mine.yaml:1: keys: missing
          mine.yaml:1: licence: missing
          mine.yaml:1: measures: missing
          mine.yaml:1: scores: missing
          mine.yaml:1: title: missing
          mine.yaml:3: items: expected a whole number, found the text 'two'
        """,
        environment=OWN,
    ),
    Case(
        "import-no-answers",
        "A table of items without its answers.",
        table("mine.csv", *ITEMS),
        "scales import mine.csv --name MINE",
        """
        error: mine.csv: a table of items does not say what may be answered
          expected: the answers in order, each with its code
          do: --answer '1=strongly disagree' --answer '2=disagree' ...
        """,
        environment=OWN,
    ),
    Case(
        "import-unknown-key",
        "An item with a key that is none.",
        table("mine.csv", *ITEMS, "3,backwards,I sing"),
        f"scales import mine.csv {ANSWERS}",
        """
        error: mine.csv, line 4: 'backwards' is no key of an item
          expected: forward, reversed or filler
        """,
        environment=OWN,
    ),
    Case(
        "import-item-missing",
        "A table in which an item is missing.",
        table("mine.csv", *ITEMS, "4,forward,I sing"),
        f"scales import mine.csv {ANSWERS}",
        """
        error: mine.csv: the item 3 is missing
          expected: every item from 1 on, fillers included
        """,
        environment=OWN,
    ),
    Case(
        "import-wording-alone",
        "A wording without its scale and study.",
        text_file("eq.txt", "1. I laugh easily\n"),
        "scales import eq.txt",
        """
        error: eq.txt: a wording belongs to a scale and a study
          do: mimicrylab scales import eq.txt --name EQ-60 --study FOLDER
        """,
        environment=OWN,
    ),
    Case(
        "import-wording-too-short",
        "A wording with too few items.",
        all_of(study(), text_file("iri.txt", "1. I laugh easily\n")),
        "scales import iri.txt --name IRI --study study",
        """
        error: iri.txt: the wording does not fit IRI
          expected: 28 items, numbered 1 to 28
          found: 1 lines, 1 different numbers
        """,
        environment=OWN,
    ),
    Case(
        "import-picture",
        "A file that is no questionnaire.",
        text_file("scale.png", "x"),
        "scales import scale.png",
        """
        error: scale.png: a file of the kind .png is no questionnaire
          expected: a data file (.yaml), a table of items (.csv, .tsv) or a wording (.txt)
        """,
        environment=OWN,
    ),
)

"""Tables of answers to questionnaires that cannot be read."""

from bad_input.case import Case
from bad_input.inputs import all_of, study, table

STUDY = study(template="empathy")
ITEMS = ",".join(f"EQ_{item}" for item in range(1, 61))


def answered(*answers: str) -> str:
    """Return a row in which every item has the same answer, one participant for each."""
    return "\n".join(f"P{place},{','.join([answer] * 60)}" for place, answer in enumerate(answers, start=1))


CASES = (
    Case(
        "no-file",
        "A file that does not exist.",
        STUDY,
        "import answers answers.csv --study study",
        """
        error: answers.csv: there is no such table
        """,
    ),
    Case(
        "no-questionnaire",
        "A study that asks no questionnaire.",
        all_of(study(), table("answers.csv", "participant,EQ_1", "P1,1")),
        "import answers answers.csv --study study",
        """
        error: study.yaml: the study asks no questionnaire
          do: name them under scales: - name: EQ-60
        """,
    ),
    Case(
        "no-participant",
        "No column with the participants.",
        all_of(STUDY, table("answers.csv", f"who,{ITEMS}", answered("1"))),
        "import answers answers.csv --study study",
        """
        error: answers.csv:1: the column with the participants is missing
          found: the columns who, EQ_1, EQ_2, EQ_3, EQ_4, EQ_5, EQ_6, EQ_7, EQ_8, EQ_9, EQ_10, EQ_11
          do: state which one it is: --column participant=NAME
        """,
    ),
    Case(
        "no-items",
        "Columns that are no items.",
        all_of(STUDY, table("answers.csv", "participant,smile,frown", "P1,1,2")),
        "import answers answers.csv --study study",
        """
        error: answers.csv:1: no column is an item of a questionnaire of the study
          expected: columns such as EQ-60_1
          found: smile, frown
          do: state what its columns begin with: --prefix EQ-60=NAME
        """,
    ),
    Case(
        "missing-item",
        "Scored items without a column.",
        all_of(STUDY, table("answers.csv", "participant,EQ_1,EQ_2", "P1,1,2")),
        "import answers answers.csv --study study",
        """
        error: answers.csv:1: no column for 39 scored items of EQ-60
          found: columns for 2 items; missing are 4, 6, 8, 10, 11, 12, 14, 15 and others
          do: state what its columns begin with: --prefix EQ-60=NAME
        """,
    ),
    Case(
        "other-answers",
        "Answers that the questionnaire does not have.",
        all_of(STUDY, table("answers.csv", f"participant,{ITEMS}", answered("1", "7"))),
        "import answers answers.csv --study study",
        """
        error: answers.csv, scale EQ-60, item 1: 60 responses are none of the answers of EQ-60
          expected: 1 (strongly agree), 2 (slightly agree), 3 (slightly disagree), 4 (strongly disagree)
          do: state what the table's answers mean: --answer 'AS WRITTEN=ANSWER'
        """,
    ),
    Case(
        "twice",
        "The same participant in two rows.",
        all_of(STUDY, table("answers.csv", f"participant,{ITEMS}", answered("1"), answered("2"))),
        "import answers answers.csv --study study",
        """
        error: answers.csv, scale EQ-60, item 1: 60 items are answered more than once on one occasion
          do: give each time its own occasion, or keep one answer
        """,
    ),
    Case(
        "names-people",
        "The participant's column holds names.",
        all_of(STUDY, table("answers.csv", f"name,{ITEMS}", answered("1"))),
        "import answers answers.csv --study study --column participant=name",
        """
        error: the column 'name' says who a participant is
          expected: a code for each participant
        """,
    ),
    Case(
        "unknown-scale",
        "A prefix for a questionnaire that the study does not ask.",
        all_of(STUDY, table("answers.csv", f"participant,{ITEMS}", answered("1"))),
        "import answers answers.csv --study study --prefix IRI=EQ",
        """
        error: unknown questionnaire of the study 'IRI'
          expected: one of EQ-60
        """,
    ),
)

"""Writing the report."""

from bad_input.case import Case
from bad_input.inputs import all_of, edited_study, nothing, study, text_file

CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "report study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "mistakes",
        "A study.yaml with a mistake.",
        edited_study("duration_s: 4", "duraton_s: 4"),
        "report study",
        """
        error: study.yaml:29: blocks.0.duraton_s: unknown (did you mean 'duration_s'?)
        """,
    ),
    Case(
        "damaged-measures",
        "A table of measures that has been damaged.",
        all_of(study(), text_file("study/measures.parquet", "no parquet")),
        "report study",
        """
        error: study/measures.parquet: this is not a readable Parquet file
          found: parquet: File out of specification: A Parquet file must contain a header and footer with at least 12 bytes
          do: if a step of mimicrylab made it, delete it and give the step again; else put back a copy
        """,
    ),
)

"""What describes people: which columns of the participants, and what they are called."""

from __future__ import annotations

import polars as pl

from mimicrylab.report.source import ReportSource

KNOWN_TRAITS = {
    "sex": "Sex",
    "age": "Age (years)",
    "age_band": "Age band",
    "ethnicity": "Ethnicity",
    "glasses": "Glasses",
    "arm": "Arm",
}
"""Columns that are compared between included and excluded, and their headings."""

NUMBERS = "Mean (SD)"
"""Heading of the traits that are numbers; they stand together at the end."""

NO_TRAITS = frozenset(
    {
        "participant_id",
        "kit",
        "stratum",
        "consent_version",
        "consent_choices",
        "state",
        "excluded",
        "exclusion_reason",
        "group",
    }
)
MOST_CATEGORIES = 12
"""A column with more different texts is free text, not a category."""


def widen_scores(source: ReportSource) -> pl.DataFrame:
    """Return everybody with a column a score of a questionnaire, and the arm once it is known."""
    people = source.tables.participants
    scores = source.scores.with_columns(pl.format("{}, {}", "scale", "score").alias("name"))
    if not scores.is_empty():
        names = scores["name"].unique(maintain_order=True).to_list()
        wide = scores.pivot("name", index="participant_id", values="value", on_columns=names, aggregate_function="mean")
        people = people.join(wide, on="participant_id", how="left", maintain_order="left")
    return people if source.arms is None else source.add_arms(people)


def name_trait(name: str) -> str:
    """Return the heading of a column of the participants."""
    heading = KNOWN_TRAITS.get(name, name.replace("_", " "))
    return heading[0].upper() + heading[1:]


def list_traits(people: pl.DataFrame) -> list[str]:
    """Return the columns that describe people: numbers, and categories that are not free text."""
    known = [name for name in KNOWN_TRAITS if name in people.columns]
    others = [name for name in people.columns if name not in KNOWN_TRAITS and name not in NO_TRAITS]
    return [name for name in (*known, *others) if _is_trait(people[name])]


def _is_trait(values: pl.Series) -> bool:
    if values.null_count() == len(values) or isinstance(values.dtype, pl.List):
        return False
    return values.dtype.is_numeric() or values.n_unique() <= MOST_CATEGORIES

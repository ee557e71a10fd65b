"""Which emotions the report compares an action unit with."""

from dataclasses import replace

import polars as pl
import pytest

from mimicrylab.report.content import Notice, Prose, list_figures, list_tables
from mimicrylab.report.sections.mimicry import build_mimicry
from mimicrylab.report.source import ReportSource


def list_compared(source: ReportSource, anger: tuple[str, ...]) -> set[str]:
    """Return what AU12 of happiness is compared with, in words, where these units are congruent with anger."""
    section = build_mimicry(replace(source, congruent={"happiness": ("AU12",), "anger": anger}))
    assert section is not None
    return {one.method.partition("; ")[2] for one in section.estimates if one.term.startswith("happiness, AU12")}


def test_an_emotion_whose_units_are_not_known_is_no_comparison(source_of_twelve: ReportSource) -> None:
    assert list_compared(source_of_twelve, ()) == {"against neutral"}


def test_an_emotion_whose_units_are_known_and_not_measured_is_one(source_of_twelve: ReportSource) -> None:
    assert list_compared(source_of_twelve, ("AU23",)) == {"against anger, neutral", "against anger"}


def leave_people(source: ReportSource, **people: int) -> ReportSource:
    """Return the source with values of an emotion for only so many of the ten people who are analysed."""
    gone = pl.lit(value=False)
    for emotion, count in people.items():
        others = source.analysed[count:]
        gone |= (pl.col("stimulus_emotion") == emotion) & pl.col("participant_id").is_in(list(others))
    measures = source.tables.measures.with_columns(pl.when(~gone).then(pl.col("value")).alias("value"))
    return replace(source, tables=replace(source.tables, measures=measures))


@pytest.mark.parametrize(
    ("anger", "words"), [(0, "nobody has both"), (1, "one person alone has both"), (2, "only two people have both")]
)
def test_without_three_people_with_both_one_sentence_says_so(
    source_of_twelve: ReportSource, anger: int, words: str
) -> None:
    section = build_mimicry(leave_people(source_of_twelve, anger=anger))
    assert section is not None
    assert [table.name for table in list_tables([section])] == ["levels"]
    assert list_figures([section]) == []
    assert not any(isinstance(item, Prose) for item in section.items)
    (said,) = [item.html for item in section.items if isinstance(item, Notice)]
    assert words in said
    assert "at least three people with a value both for the emotion that shows the action unit" in said


def test_only_the_contrasts_without_a_value_are_left_out(source_of_twelve: ReportSource) -> None:
    """Two people saw neutral: with it nothing can be tested, without it everything."""
    section = build_mimicry(leave_people(source_of_twelve, neutral=2))
    assert section is not None
    assert [table.name for table in list_tables([section])] == ["levels", "congruence-without-neutral"]
    (figure,) = list_figures([section])
    assert figure.data["estimate"].null_count() == 0
    text = " ".join(str(item.html) for item in section.items if isinstance(item, Notice | Prose))
    assert "(neutral left out). Of 3 contrasts" in text
    assert "No contrast can be tested with neutral among the emotions compared" in text


def test_differences_that_do_not_vary_are_not_too_few_people(source_of_twelve: ReportSource) -> None:
    measures = source_of_twelve.tables.measures.with_columns(value=pl.lit(0.0))
    section = build_mimicry(replace(source_of_twelve, tables=replace(source_of_twelve.tables, measures=measures)))
    assert section is not None
    said = " ".join(str(item.html) for item in section.items if isinstance(item, Notice))
    assert "the differences do not vary between people" in said
    assert "three people" not in said


def test_an_arm_of_two_people_is_told_in_a_sentence(source_of_twelve: ReportSource) -> None:
    kits = [f"K{index:02d}" for index in range(12)]
    people = source_of_twelve.tables.participants.with_columns(pl.Series("kit", kits))
    arms = {kit: "oxytocin" if index < 2 else "placebo" for index, kit in enumerate(kits)}
    section = build_mimicry(
        replace(source_of_twelve, arms=arms, tables=replace(source_of_twelve.tables, participants=people))
    )
    assert section is not None
    names = [table.name for table in list_tables([section])]
    assert "congruence-placebo" in names
    assert "congruence-oxytocin" not in names
    assert any("in the arm oxytocin alone" in item.html for item in section.items if isinstance(item, Notice))

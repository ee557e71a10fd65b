"""The sample table: those who are analysed, whose numbers add up to the end of the flow."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.report.sections.sample import make_sample_table
from mimicrylab.report.source import ReportSource


def test_the_numbers_add_up_to_those_who_are_analysed(source_of_twelve: ReportSource) -> None:
    table = make_sample_table(source_of_twelve)
    assert table is not None
    assert [str(column.label) for column in table.columns] == [
        "Characteristic", "Female (<i>n</i> = 5)", "Male (<i>n</i> = 5)", "All (<i>n</i> = 10)",
    ]  # fmt: skip
    assert len(source_of_twelve.analysed) == 10
    counts = table.frame.filter(pl.col("trait") != "Mean (SD)")
    for _, levels in counts.group_by("trait"):
        assert levels["female_n"].sum() + levels["male_n"].sum() == levels["all_n"].sum() == 10


def test_arms_make_the_groups_once_they_are_known(source_of_twelve: ReportSource) -> None:
    people = source_of_twelve.tables.participants
    kits = [f"K{place}" for place in range(people.height)]
    tables = replace(source_of_twelve.tables, participants=people.with_columns(pl.Series("kit", kits)))
    arms = {kit: "oxytocin" if place % 2 else "placebo" for place, kit in enumerate(kits)}
    table = make_sample_table(replace(source_of_twelve, tables=tables, arms=arms))
    assert table is not None
    assert [column.name for column in table.columns] == ["level", "oxytocin", "placebo", "all"]
    assert "Sex" in table.frame["trait"].to_list()
    assert table.title == "Those who are analysed, by arm"


def test_a_number_that_not_everybody_gave_says_how_many(source_of_twelve: ReportSource) -> None:
    people = source_of_twelve.tables.participants
    ages = pl.Series("age", [20.0, None, *[30.0] * (people.height - 2)])
    tables = replace(source_of_twelve.tables, participants=people.with_columns(ages))
    table = make_sample_table(replace(source_of_twelve, tables=tables))
    assert table is not None
    row = table.frame.row(by_predicate=pl.col("level") == "Age (years)", named=True)
    assert row["all"] == "28.9 (3.3), n = 9"
    assert (row["all_n"], row["female_n"] + row["male_n"]) == (9, 9)


def test_nobody_analysed_makes_no_table(source_of_twelve: ReportSource) -> None:
    assert make_sample_table(replace(source_of_twelve, analysed=())) is None

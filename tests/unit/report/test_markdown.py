"""Sections as Markdown."""

import polars as pl
from markupsafe import Markup

from mimicrylab.report.content import Fact, Facts, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.markdown import to_markdown, write_markdown
from mimicrylab.report.tables import ReportTable, TableColumn


def test_every_kind_of_item_is_written() -> None:
    frame = pl.DataFrame({"kind": ["a", "a"], "name": ["one|two", "three"], "n": [1, None]})
    columns = (TableColumn("name", "Name"), TableColumn("n", Markup("<i>n</i>"), align="number"))
    section = Section(
        "one",
        "First",
        (
            Prose(Markup("Is <strong>it</strong> so?")),
            Subheading("Part", level=4, marks=("as published",)),
            Listing((Markup("a <code>b</code>"), Markup("c"))),
            Notice(Markup("Look out.")),
            Facts((Fact("12", "people", "of 14"),)),
            ReportTable("t", "A table", frame, columns, group="kind", note="What it says."),
        ),
    )
    assert write_markdown([section]).split("\n\n") == [
        "## 1. First",
        "Is **it** so?",
        "#### Part (as published)",
        "- a `b`\n- c",
        "> Look out.",
        "- people: 12 (of 14)",
        "**Table 1.** *A table*",
        "| Name | *n* |\n| --- | ---: |\n| **a** |  |\n| one\\|two | 1 |\n| three | – |",
        "*Note.* What it says.",
    ]


def test_what_html_hides_is_shown() -> None:
    assert to_markdown(Markup.escape("p < .05 & more")) == "p < .05 & more"
    assert to_markdown(Markup('<a href="x">link</a>')) == "link"
    assert to_markdown("a < b") == "a < b"

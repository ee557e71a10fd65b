"""What a report is made of: sections of prose, notices, key figures, tables and figures, numbered in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.tables import ReportTable
from mimicrylab.stats.estimates import Estimate


@dataclass(frozen=True)
class Prose:
    """One paragraph; ``copied`` adds a button that copies it (the methods paragraph)."""

    html: Markup
    copied: bool = False


@dataclass(frozen=True)
class Subheading:
    """A heading inside a section, or (level 4) inside one of its parts.

    ``anchor`` makes it a place to link to; ``marks`` stand behind it as small labels (exploratory, as published).
    """

    text: str
    level: Literal[3, 4] = 3
    anchor: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Sentences that are ready for the paper, with one button that copies them; ``detail`` follows in small print."""

    sentences: tuple[Markup, ...]
    detail: str | Markup = ""


@dataclass(frozen=True)
class Code:
    """Code behind a line to click on, with a button that copies it; ``html`` stands before it."""

    summary: str
    html: Markup
    code: str = ""


@dataclass(frozen=True)
class Listing:
    """Several points, one line each; ``quiet`` ones are in small print."""

    items: tuple[Markup, ...]
    quiet: bool = False


@dataclass(frozen=True)
class Notice:
    """Something the reader must not miss: a warning, what cannot be said with these data, or what is no result."""

    html: Markup
    kind: Literal["warning", "missing", "alarm"] = "warning"


@dataclass(frozen=True)
class Fact:
    """One key figure: a large number, what it is, and a detail in small print."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Facts:
    """Key figures side by side."""

    facts: tuple[Fact, ...]


Item = Prose | Subheading | Listing | Notice | Facts | Answer | Code | ReportTable | Figure


@dataclass(frozen=True)
class Section:
    """One section: its anchor, its heading, what it holds, and the estimates that it reports."""

    anchor: str
    title: str
    items: tuple[Item, ...]
    estimates: tuple[Estimate, ...] = ()


def number_items(sections: Sequence[Section]) -> list[Section]:
    """Return the sections with tables and figures numbered 1, 2, 3 ... in reading order, each kind by itself."""
    n_tables = n_figures = 0
    numbered = []
    for section in sections:
        items: list[Item] = []
        for item in section.items:
            if isinstance(item, ReportTable):
                n_tables += 1
                items.append(replace(item, number=n_tables))
            elif isinstance(item, Figure):
                n_figures += 1
                items.append(replace(item, number=n_figures))
            else:
                items.append(item)
        numbered.append(replace(section, items=tuple(items)))
    return numbered


def list_tables(sections: Sequence[Section]) -> list[ReportTable]:
    """Return all tables in reading order."""
    return [item for section in sections for item in section.items if isinstance(item, ReportTable)]


def list_figures(sections: Sequence[Section]) -> list[Figure]:
    """Return all figures in reading order."""
    return [item for section in sections for item in section.items if isinstance(item, Figure)]

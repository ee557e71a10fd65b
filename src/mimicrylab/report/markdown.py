"""Sections as Markdown: headings, paragraphs, lists, tables; for a preregistration that goes to a registry."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from mimicrylab.report.content import Answer, Facts, Item, Listing, Notice, Prose, Section, Subheading, number_items
from mimicrylab.report.tables import ReportTable

TAGS = (
    (re.compile(r"</?(?:strong|b)>"), "**"),
    (re.compile(r"</?(?:i|em)>"), "*"),
    (re.compile(r"</?code>"), "`"),
    (re.compile(r"<br\s*/?>"), " "),
    (re.compile(r"<[^>]+>"), ""),
)
"""HTML of prose -> Markdown."""


def write_markdown(sections: Sequence[Section]) -> str:
    """Return sections as Markdown, tables numbered in reading order; figures and code are left to the page.

    Examples
    --------
    >>> print(write_markdown([Section("a", "Aim", (Prose(Markup("Is it <i>so</i>?")),))]))
    ## 1. Aim
    <BLANKLINE>
    Is it *so*?
    """
    parts = []
    for place, section in enumerate(number_items(sections), start=1):
        parts.append(f"## {place}. {section.title}")
        parts += [text for item in section.items for text in _write_item(item)]
    return "\n\n".join(parts)


def to_markdown(text: str | Markup) -> str:
    """Return a piece of HTML prose as Markdown.

    Examples
    --------
    >>> to_markdown(Markup("<strong>Level:</strong> α &lt; .05, <code>a_b</code>"))
    '**Level:** α < .05, `a_b`'
    """
    if not isinstance(text, Markup):
        return text
    written = str(text)
    for pattern, mark in TAGS:
        written = pattern.sub(mark, written)
    return html.unescape(written).replace("\xa0", " ")


def _write_item(item: Item) -> Iterator[str]:
    if isinstance(item, Prose):
        yield to_markdown(item.html)
    elif isinstance(item, Subheading):
        marks = f" ({', '.join(item.marks)})" if item.marks else ""
        yield f"{'#' * item.level} {item.text}{marks}"
    elif isinstance(item, Notice):
        yield f"> {to_markdown(item.html)}"
    elif isinstance(item, Listing):
        yield "\n".join(f"- {to_markdown(point)}" for point in item.items)
    elif isinstance(item, Facts):
        yield "\n".join(
            f"- {fact.label}: {fact.value}{f' ({fact.detail})' if fact.detail else ''}" for fact in item.facts
        )
    elif isinstance(item, Answer):
        yield " ".join(to_markdown(sentence) for sentence in item.sentences)
    elif isinstance(item, ReportTable):
        yield from _write_table(item)


def _write_table(table: ReportTable) -> Iterator[str]:
    yield f"**Table {table.number}.** *{table.title}*"
    head = [_escape(to_markdown(column.label)) for column in table.columns]
    lines = [_join(head), _join(["---:" if column.align == "number" else "---" for column in table.columns])]
    for label, rows in table.groups:
        if label:
            lines.append(_join([f"**{_escape(label)}**", *[""] * (len(head) - 1)]))
        lines += [_join([_escape(cell.text) for cell in row]) for row in rows]
    yield "\n".join(lines)
    if table.note:
        yield f"*Note.* {to_markdown(table.note)}"


def _join(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("\xa0", " ")

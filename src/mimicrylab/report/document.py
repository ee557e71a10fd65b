"""From sections to the files of the report: one HTML file that needs nothing else, results.json, tables and figures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mimicrylab import __version__
from mimicrylab.report.content import (
    Answer,
    Code,
    Facts,
    Listing,
    Notice,
    Prose,
    Section,
    Subheading,
    list_figures,
    list_tables,
    number_items,
)
from mimicrylab.report.figures.drawing import Figure, write_svg_file
from mimicrylab.report.tables import ReportTable, write_csv
from mimicrylab.report.word_document import HOW_TO_GET, write_word_tables
from mimicrylab.stats.estimates import encode_estimates

WORD_FILE = "tables.docx"
"""All tables as a Word document, beside the report."""

KINDS = {
    Prose: "prose",
    Subheading: "subheading",
    Listing: "listing",
    Notice: "notice",
    Facts: "facts",
    Answer: "answer",
    Code: "code",
    ReportTable: "table",
    Figure: "figure",
}
"""Which macro of the template shows which kind of item."""


@dataclass(frozen=True)
class Report:
    """A whole report before it is written: its title, what stands under it, and its sections.

    ``word`` says whether a Word document with all tables lies beside it; None: not mentioned. ``kicker`` stands above
    the title.
    """

    title: str
    subtitle: Markup
    sections: tuple[Section, ...]
    notices: tuple[Notice, ...] = ()
    language: str = "en"
    word: bool | None = None
    kicker: str = "Study report"


def write_documents(report: Report) -> dict[str, str]:
    """Return the report's files: relative path -> text. The same report gives the same bytes.

    ``report.html`` holds styles, scripts and figures itself and asks no network; ``results.json`` the estimates;
    ``tables/*.csv`` and ``figures/*.csv`` the numbers unrounded; ``figures/*.svg`` each figure alone.
    """
    sections = number_items(report.sections)
    documents = {
        "report.html": render_html(report, sections),
        "results.json": encode_estimates(estimate for section in sections for estimate in section.estimates) + "\n",
    }
    for table in list_tables(sections):
        documents[f"tables/{table.name}.csv"] = table.write_csv()
    for figure in list_figures(sections):
        documents[f"figures/{figure.name}.svg"] = write_svg_file(figure)
        documents[f"figures/{figure.name}.csv"] = write_csv(figure.data)
    return documents


def write_word(report: Report) -> bytes:
    """Return the Word document with all tables, numbered as on the page.

    Raises
    ------
    DependencyError
        python-docx is not installed.
    """
    return write_word_tables(list_tables(number_items(report.sections)), title=report.title)


def render_html(report: Report, sections: Sequence[Section]) -> str:
    """Return the page. Its security policy allows its own styles and its one script, by hash, and nothing else."""
    script = _read_template("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    template = make_environment().get_template("report.html.j2")
    return template.render(
        report=report,
        sections=sections,
        policy=policy,
        style=Markup(_read_template("report.css")),
        script=Markup(script),
        version=__version__,
        word_file=WORD_FILE,
        how_to_get_word=HOW_TO_GET,
    )


@cache
def make_environment() -> Environment:
    """Return where templates are found, and what they may call."""
    environment = Environment(
        loader=PackageLoader("mimicrylab.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["kind"] = lambda item: KINDS[type(item)]
    return environment


def _read_template(name: str) -> str:
    return (files("mimicrylab.report") / "templates" / name).read_text(encoding="utf-8")

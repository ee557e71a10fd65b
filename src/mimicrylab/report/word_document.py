"""All tables of a report as one Word document: APA 7 style with three lines, italic statistics, and notes.

The same tables give the same bytes: no time of writing stands in the file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from markupsafe import Markup

from mimicrylab.errors import DependencyError
from mimicrylab.report.tables import Cell, ReportTable

if TYPE_CHECKING:
    from docx.document import Document

PACKAGE = "docx"
HOW_TO_GET = "pip install 'mimicrylab[docx]'"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""Date of every part of the file: the first that a zip file can hold."""
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONT = "Times New Roman"
TABLE_SIZE = 18
"""Half points: 9 pt, so that the widest tables of the report fit a page in landscape."""
TEXT_SIZE = 22
THICK, THIN = 12, 6
"""Lines of a table, in eighths of a point."""
STYLED = {"i": "i", "em": "i", "b": "b", "strong": "b", "sub": "sub", "sup": "sup"}


def is_word_available() -> bool:
    """Return whether the package that writes Word documents is installed."""
    return find_spec(PACKAGE) is not None


def write_word_tables(tables: Sequence[ReportTable], *, title: str) -> bytes:
    """Return a Word document with all tables, numbered as they are.

    Raises
    ------
    DependencyError
        python-docx is not installed.
    """
    if not is_word_available():
        raise DependencyError("Word tables need the package python-docx", do=HOW_TO_GET)
    document = _open_document(title)
    body = document.element.body
    last = body[-1]  # the page's format stays the last element
    for table in tables:
        for element in _write_table(table):
            last.addprevious(element)
    stream = io.BytesIO()
    document.save(stream)
    return _fix_dates(stream.getvalue())


def _open_document(title: str) -> Document:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.0)
    normal = document.styles["Normal"]
    normal.font.name = FONT
    normal.font.size = Pt(TEXT_SIZE / 2)
    properties = document.core_properties
    moment = datetime(*FIXED_DATE, tzinfo=UTC)
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = moment
    properties.last_modified_by, properties.revision = "", 1
    return document


def _write_table(table: ReportTable) -> Iterator[Any]:
    """Yield the elements of one table: its number, its title, the grid, its note."""
    from docx.oxml import parse_xml

    yield parse_xml(_write_paragraph(Markup("<b>Table {}</b>").format(table.number), keep=True, before=240))
    yield parse_xml(_write_paragraph(Markup("<i>{}</i>").format(table.title), keep=True, after=80))
    yield parse_xml(_write_grid(table))
    note = Markup("<i>Note.</i> {}").format(table.note) if table.note else Markup("")
    yield parse_xml(_write_paragraph(note, size=TABLE_SIZE, before=60, after=200))


def _write_paragraph(
    html: Markup, *, keep: bool = False, size: int = TEXT_SIZE, before: int = 0, after: int = 0
) -> str:
    kept = "<w:keepNext/>" if keep else ""
    spacing = f'<w:spacing w:before="{before}" w:after="{after}"/>'
    return f"<w:p {NAMESPACE}><w:pPr>{kept}{spacing}</w:pPr>{write_runs(html, size=size)}</w:p>"


def _write_grid(table: ReportTable) -> str:
    width = len(table.columns)
    rows = []
    if table.spanners:
        cells = "".join(
            _write_cell(Markup.escape(one.label), "center", span=one.width, bold=True, line="thin" if one.label else "")
            for one in table.spanners
        )
        rows.append(_write_row(cells, header=True))
    heads = "".join(
        _write_cell(Markup.escape(column.label), _align(column.align), bold=True, line="head")
        for column in table.columns
    )
    rows.append(_write_row(heads, header=True))
    for label, lines in table.groups:
        if label:
            rows.append(_write_row(_write_cell(Markup.escape(label), "left", span=width, bold=True)))
        rows += [_write_row("".join(_write_body_cell(cell) for cell in cells)) for cells in lines]
    borders = (
        f'<w:tblBorders><w:top w:val="single" w:sz="{THICK}" w:space="0" w:color="000000"/>'
        f'<w:bottom w:val="single" w:sz="{THICK}" w:space="0" w:color="000000"/></w:tblBorders>'
    )
    return (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="5000" w:type="pct"/>{borders}<w:tblLayout w:type="autofit"/>'
        f"</w:tblPr><w:tblGrid>{'<w:gridCol/>' * width}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _align(align: str) -> str:
    return "right" if align == "number" else "left"


def _write_row(cells: str, *, header: bool = False) -> str:
    repeated = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _write_body_cell(cell: Cell) -> str:
    return _write_cell(Markup.escape(cell.text), _align(cell.align), bold=cell.strong)


def _write_cell(html: Markup, align: str, *, span: int = 1, bold: bool = False, line: str = "") -> str:
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    border = ""
    if line:
        border = f'<w:tcBorders><w:bottom w:val="single" w:sz="{THIN}" w:space="0" w:color="000000"/></w:tcBorders>'
    runs = write_runs(html, size=TABLE_SIZE, bold=bold)
    return (
        f'<w:tc><w:tcPr>{merged}{border}</w:tcPr><w:p><w:pPr><w:spacing w:before="20" w:after="20"/>'
        f'<w:jc w:val="{align}"/></w:pPr>{runs}</w:p></w:tc>'
    )


def write_runs(html: Markup, *, size: int = TEXT_SIZE, bold: bool = False) -> str:
    """Return the runs of a paragraph: italic, bold, lowered and raised text as the HTML has it; links as plain text."""
    reader = _Reader()
    reader.feed(str(html))
    reader.close()
    return "".join(_write_run(text, styles | ({"b"} if bold else set()), size) for text, styles in reader.pieces)


def _write_run(text: str, styles: set[str], size: int) -> str:
    settings = "".join(f"<w:{name}/>" for name in ("b", "i") if name in styles)
    settings += f'<w:sz w:val="{size}"/>'
    for name, value in (("sub", "subscript"), ("sup", "superscript")):
        if name in styles:
            settings += f'<w:vertAlign w:val="{value}"/>'
    return f'<w:r><w:rPr>{settings}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


class _Reader(HTMLParser):
    """Collects pieces of text with the styles that hold for them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.pieces: list[tuple[str, set[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Note the style that begins."""
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that the style ends."""
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text with its styles."""
        if data:
            self.pieces.append((data, {STYLED[tag] for tag in self.open if tag in STYLED}))


@cache
def _list_first() -> tuple[str, ...]:
    """Return the parts that readers want first in the file."""
    return ("[Content_Types].xml", "_rels/.rels")


def _fix_dates(content: bytes) -> bytes:
    """Return the same zip file with its parts in a fixed order and all at one date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = sorted(old.namelist(), key=lambda name: (name not in _list_first(), name))
        for name in names:
            new.writestr(zipfile.ZipInfo(name, FIXED_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()

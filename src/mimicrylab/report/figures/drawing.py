"""From a matplotlib figure to an SVG that is the same on every run and can stand beside others in one page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

import matplotlib
import polars as pl
from matplotlib.figure import Figure as Canvas

from mimicrylab.report.figures import style

COORDINATE_DECIMALS = 2
STAMP_PX = 24
"""Height of a band above a figure that says what it must not be taken for."""
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True)
class Figure:
    """One figure: its file name, caption, SVG, what it shows in words with numbers, and the data behind it."""

    name: str
    title: str
    svg: str
    alt: str
    data: pl.DataFrame
    note: str = ""
    number: int = field(default=0, compare=False)


@contextmanager
def open_canvas(height_px: float, *, width_px: float = style.WIDTH_PX, free: bool = False) -> Iterator[Canvas]:
    """Yield an empty canvas of the given size; everything drawn inside the block has the house style.

    Axes are laid out so that labels have room, unless the canvas is ``free``: then they stay where they are put.
    """
    with matplotlib.rc_context(style.SETTINGS):
        inches = style.PIXELS_PER_INCH
        yield Canvas(figsize=(width_px / inches, height_px / inches), layout=None if free else "constrained")


def render_svg(canvas: Canvas, name: str, *, alt: str) -> str:
    """Return the canvas as one ``<svg>`` element: no date, no random name, text as text.

    Every id starts with ``name``, so that several figures fit in one page; coordinates have two decimals.
    """
    stream = io.StringIO()
    with matplotlib.rc_context({**style.SETTINGS, "svg.hashsalt": f"figure {name}"}):
        canvas.savefig(stream, format="svg", metadata=NO_METADATA)
    body = stream.getvalue()
    body = _strip_boilerplate(body[body.index("<svg") :])
    body = _own_ids(body, name)
    body = _round_coordinates(body)
    width, height = _read_size(body)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-label={quoteattr(alt)} width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'style="stroke-linejoin: round; font-family: {style.FONT_SHOWN}">'
    )
    return re.sub(r"<svg[^>]*>", lambda _: opening, body, count=1)


def stamp_svg(svg: str, words: str) -> str:
    """Return an SVG of :func:`render_svg` with a band above it that carries ``words``."""
    width, height = _read_size(svg)
    opening = re.match(r"<svg[^>]*>", svg)
    if opening is None:
        raise ValueError("this is no SVG of render_svg")
    taller = height + STAMP_PX
    head = opening[0].replace(f'height="{height:g}"', f'height="{taller:g}"', 1)
    head = head.replace(f'viewBox="0 0 {width:g} {height:g}"', f'viewBox="0 {-STAMP_PX} {width:g} {taller:g}"', 1)
    band = (
        f'<rect x="0" y="{-STAMP_PX}" width="{width:g}" height="{STAMP_PX - 4}" fill="{style.OTHER}"/>'
        f'<text x="8" y="{-STAMP_PX + 14}" font-size="12" font-weight="bold" fill="#ffffff">{escape(words)}</text>'
    )
    return head + band + svg[opening.end() :]


def write_svg_file(figure: Figure) -> str:
    """Return the figure as an SVG file of its own, with its title and description inside."""
    head = f"<title>{escape(figure.title)}</title>\n <desc>{escape(figure.alt)}</desc>\n"
    end = figure.svg.index(">") + 1
    return f'<?xml version="1.0" encoding="utf-8"?>\n{figure.svg[:end]}\n {head}{figure.svg[end:]}\n'


def _strip_boilerplate(svg: str) -> str:
    """Leave out metadata, the page-wide style rule, the font named on every text, and blanks between elements."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, count=1, flags=re.DOTALL)
    svg = svg.replace(f"font-family: '{style.FONT_DRAWN}'; ", "").replace(f"'{style.FONT_DRAWN}'", style.FONT_SHOWN)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return re.sub(r">\s+<", "><", svg).strip()


def _own_ids(svg: str, name: str) -> str:
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    return re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{name}-\2"', svg)


def _round_coordinates(svg: str) -> str:
    def shorten(match: re.Match[str]) -> str:
        text = f"{float(match.group()):.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    def shorten_attribute(match: re.Match[str]) -> str:
        return re.sub(r"-?\d+\.\d{3,}", shorten, match.group())

    return re.sub(r'\b(d|x|y|x1|x2|y1|y2|width|height|transform)="[^"]*"', shorten_attribute, svg)


def _read_size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 -?[\d.]+ ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("matplotlib wrote an SVG without a viewBox")
    return float(found[1]), float(found[2])

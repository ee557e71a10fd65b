"""A contact sheet of one recording: each trial's strongest frame with its traces, the first thing to look at.

The page holds pictures of a participant, so it stays in the study folder: no report, export or backup of tables takes
it. It is one HTML file without scripts and without a network address.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape
from numpy.typing import NDArray

PICTURE_PX = 200
MARGIN = 0.35
"""Space around the face's box, as a share of its size."""

JPEG_QUALITY = 80
TRACE_WIDTH, TRACE_HEIGHT = 260, 34
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")
"""Okabe & Ito's palette, told apart by the colour-blind."""


@dataclass(frozen=True)
class Trace:
    """One signal of a trial: ``times`` (s from onset) and ``values``, NaN where the frame is lost."""

    name: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class TrialPicture:
    """One trial of the sheet: what was shown, why it does not count or is marked (empty: all is well), and its traces.

    ``peak_s`` and ``jpeg`` are the time and the picture of its strongest frame; None where there is none.
    """

    trial: int
    emotion: str
    verdict: str
    peak_s: float | None
    jpeg: bytes | None
    traces: tuple[Trace, ...]


def crop_face(pixels: NDArray[np.uint8], box: tuple[float, float, float, float], *, size: int = PICTURE_PX) -> bytes:
    """Return the face with some space around it as JPEG, ``size`` px wide and high.

    Parameters
    ----------
    pixels
        RGB picture ``[height, width, 3]``.
    box
        Left, top, width and height of the face, px.
    size
        Width and height of the result, px; what lies outside the picture is grey.
    """
    import cv2

    left, top, width, height = box
    half = max(width, height) * (0.5 + MARGIN)
    centre = np.array([left + width / 2, top + height / 2])
    directions = np.array([[-1, -1], [1, -1], [-1, 1]])
    corners = (centre + half * directions).astype(np.float32)
    goal = np.array([[0, 0], [size, 0], [0, size]], dtype=np.float32)
    matrix = cv2.getAffineTransform(corners, goal)
    grey = (200.0, 200.0, 200.0)
    crop = cv2.warpAffine(
        pixels, matrix, (size, size), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=grey
    )
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return coded.tobytes()


def draw_trace(trace: Trace, *, start_s: float, stop_s: float, peak_s: float | None, colour: str) -> str:
    """Return a trace as SVG: the line (broken where frames are lost), the onset and the strongest frame marked."""
    known = ~np.isnan(trace.values)
    span = max(stop_s - start_s, 1e-9)

    def place(seconds: float) -> float:
        return round((seconds - start_s) / span * TRACE_WIDTH, 1)

    parts = [f'<line class="onset" x1="{place(0)}" x2="{place(0)}" y1="0" y2="{TRACE_HEIGHT}"/>']
    if peak_s is not None:
        parts.append(f'<line class="peak" x1="{place(peak_s)}" x2="{place(peak_s)}" y1="0" y2="{TRACE_HEIGHT}"/>')
    if known.any():
        low, high = float(trace.values[known].min()), float(trace.values[known].max())
        height = max(high - low, 1e-9)
        for run in _split_runs(known):
            heights = TRACE_HEIGHT - 2 - (trace.values[run] - low) / height * (TRACE_HEIGHT - 4)
            points = " ".join(f"{place(float(trace.times[i]))},{y:.1f}" for i, y in zip(run, heights, strict=True))
            parts.append(f'<polyline points="{points}" stroke="{colour}"/>')
    drawing = "".join(parts)
    label = escape(trace.name)
    return f'<svg viewBox="0 0 {TRACE_WIDTH} {TRACE_HEIGHT}" role="img" aria-label="{label}">{drawing}</svg>'


def _split_runs(known: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the places of each run of known values."""
    places = np.flatnonzero(known)
    return [run for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(run)]


def render_sheet(title: str, trials: Sequence[TrialPicture], *, grade: str, start_s: float, stop_s: float) -> str:
    """Return the sheet of one recording as one HTML page; traces run from ``start_s`` to ``stop_s`` from onset."""
    cards = [
        {
            "heading": f"{place}. {each.emotion} (trial {each.trial} in the tables)",
            "verdict": each.verdict,
            "picture": base64.b64encode(each.jpeg).decode() if each.jpeg else None,
            "peak": f"strongest at {each.peak_s:.2f} s" if each.peak_s is not None else "no valid frame",
            "traces": [
                (trace.name, draw_trace(trace, start_s=start_s, stop_s=stop_s, peak_s=each.peak_s, colour=colour))
                for trace, colour in zip(each.traces, COLOURS, strict=False)
            ],
        }
        for place, each in enumerate(trials, start=1)
    ]
    values = {"title": title, "cards": cards, "grade": grade, "start": f"{start_s:g}", "stop": f"{stop_s:g}"}
    return _render("sheet.html.j2", **values)


@dataclass(frozen=True)
class SheetLink:
    """One sheet in the list: its address in the folder, its title and the recording's grade in words."""

    address: str
    title: str
    grade: str


def render_index(pages: Sequence[SheetLink]) -> str:
    """Return the list of sheets as one HTML page."""
    return _render("index.html.j2", pages=pages)


def _render(template: str, **values: Any) -> str:
    folder = files("mimicrylab.quality") / "templates"
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    text = (folder / template).read_text(encoding="utf-8")
    style = Markup((folder / "sheet.css").read_text(encoding="utf-8"))
    return environment.from_string(text).render(style=style, **values)

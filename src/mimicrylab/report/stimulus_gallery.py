"""A page that shows a stimulus set: every picture or clip, person by emotion, with what each shows. One HTML file."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from mimicrylab.protocol.open_stimuli import LABEL, LICENCE, OpenSet
from mimicrylab.schemas import EMOTIONS

THUMBNAIL_PX = 220
"""Height of a picture on the page."""

QUALITY = 82


def render_gallery(one: OpenSet) -> str:
    """Return the page; pictures are made smaller, clips are put in as they are and play under the mouse."""
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_read("stimulus_gallery.html.j2"))
    emotions = [emotion for emotion in EMOTIONS if emotion in one.emotions]
    shows = {row["emotion"]: row["action_units"] for row in one.stimuli.iter_rows(named=True)}
    people = {row["model_id"]: row for row in one.people.iter_rows(named=True)}
    rows = []
    for model in sorted(one.stimuli["model_id"].unique()):
        shown = {row["emotion"]: row for row in one.stimuli.filter(model_id=model).iter_rows(named=True)}
        cells = [_describe(one, shown[emotion]) if emotion in shown else None for emotion in emotions]
        rows.append({"model": model, "about": _tell_person(people.get(model)), "cells": cells})
    return template.render(
        title=f"{one.name}: {one.title}",
        label=LABEL,
        licence=LICENCE,
        style=_read("stimulus_gallery.css"),
        emotions=[(emotion, " ".join(shows[emotion] or ()) or "no action unit") for emotion in emotions],
        rows=rows,
        clips=one.kind == "clip",
        count=one.stimuli.height,
    )


def _describe(one: OpenSet, row: Mapping[str, Any]) -> dict[str, Any]:
    path = one.folder / row["path"]
    data = path.read_bytes() if one.kind == "clip" else shrink_picture(path)
    units = " ".join(row["action_units"] or ()) or "no action unit"
    return {
        "name": row["stimulus"],
        "title": f"{row['stimulus']}: {units}; {row['licence']}; SHA-256 {row['sha256'][:12]}",
        "apex": row["apex_s"] or 0.0,
        "data": base64.b64encode(data).decode(),
    }


def shrink_picture(path: Path, *, height: int = THUMBNAIL_PX) -> bytes:
    """Return a picture of at most this height as WebP."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB")
        small.thumbnail((4 * height, height))
        out = io.BytesIO()
        small.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()


def _tell_person(row: Mapping[str, Any] | None) -> str:
    return "" if row is None else f"{row['sex']}, {row['age']:g}"


def _read(name: str) -> str:
    return (files("mimicrylab.report") / "templates" / name).read_text(encoding="utf-8")

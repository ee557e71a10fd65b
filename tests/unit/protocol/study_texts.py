"""Study files as texts, small enough to see what is wrong in them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import polars as pl

from mimicrylab.protocol.design import Study, parse_study
from mimicrylab.schemas import STIMULI

SMALL = """\
version: 1
title: Small study
stimuli:
  sets:
    faces: {kind: image, source: drawn for the test}
blocks:
  - name: first
    stimuli: {set: faces}
    duration_s: 4
    blank_s: 2
"""
"""Ten lines that make a study: one set, one block."""


def add(*parts: str) -> str:
    """Return SMALL and further top-level settings."""
    return SMALL + "".join(dedent(part).lstrip("\n") for part in parts)


def list_mistakes(text: str) -> list[str]:
    """Return every mistake of a study file as it is printed."""
    return [mistake.describe("study.yaml") for mistake in parse_study(text).mistakes]


def read(text: str) -> Study:
    """Return the study of a text that must have no mistakes."""
    document = parse_study(text)
    assert document.mistakes == ()
    assert document.study is not None
    return document.study


def make_stimuli(emotions: tuple[str, ...], models: tuple[str, ...], *, in_set: str = "faces") -> pl.DataFrame:
    """Return a table with one stimulus for each model and emotion; happiness shows AU12, anger AU04, others none."""
    shown = {"happiness": ["AU12"], "anger": ["AU04"]}
    rows = [
        {"stimulus": f"{model}_{emotion}", "set": in_set, "emotion": emotion, "model_id": model}
        | {"action_units": shown.get(emotion, [])}
        for model in models
        for emotion in emotions
    ]
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in STIMULI.columns})


def write_study(folder: Path, text: str, manifest: str) -> Path:
    """Write a study folder with a study file and a list of stimuli, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    (folder / "stimuli").mkdir(exist_ok=True)
    (folder / "stimuli" / "stimuli.csv").write_text(dedent(manifest), encoding="utf-8")
    return folder

"""Whose frames the measures were made of, and what is known of that coder: ours, or a program whose files came."""

from __future__ import annotations

import polars as pl

from mimicrylab.coding.coder import CoderDescription, Signal
from mimicrylab.errors import MimicryLabError
from mimicrylab.measures.signals import read_coder_signals
from mimicrylab.readers.reader import READERS_GROUP, load_reader
from mimicrylab.registry import list_registered, load_registered
from mimicrylab.study import StudyFolder

IMPORTED = "imported"
"""The version of a coder whose output was imported: its own is not in its files."""


def find_measured_coder(measures: pl.DataFrame, declared: str) -> str:
    """Return the coder whose frames were measured; the declared one where nothing is measured yet.

    Examples
    --------
    >>> find_measured_coder(pl.DataFrame({"coder": ["facet", "facet"]}), "landmarker")
    'facet'
    """
    coders = measures["coder"].drop_nulls().unique().sort().to_list()
    return declared if declared in coders or not coders else str(coders[0])


def describe_measured_coder(measures: pl.DataFrame, declared: str) -> CoderDescription | None:
    """Return what is known of the coder whose frames were measured, or None where nothing is.

    A program whose files were imported is described by its reader: its action units are those that were measured, under
    the names that the measures use, in the program's own unit.
    """
    name = find_measured_coder(measures, declared)
    if name in {part.name for part in list_registered(READERS_GROUP)}:  # also of a program that MimicryLab can run
        return _describe_reader(name, measures)
    try:
        coder = load_registered("mimicrylab.coders", name)
    except MimicryLabError:
        return None
    coder = coder() if callable(coder) else coder
    description = coder.description
    return description if isinstance(description, CoderDescription) else None


def shows_faces(coder: CoderDescription | None) -> bool:
    """Return whether a coder's frames were made from pictures of faces; those of muscles were not."""
    if coder is None or coder.version != IMPORTED:
        return True
    return load_reader(coder.name).description.of_faces


def list_other_coders(folder: StudyFolder, coder: str) -> tuple[str, ...]:
    """Return the coders that the study has frames of beside ``coder``: they are never pooled with its own."""
    found = sorted(path.name for path in folder.frames.glob("*") if path.is_dir() and any(path.rglob("*.parquet")))
    return tuple(name for name in found if name != coder)


def _describe_reader(name: str, measures: pl.DataFrame) -> CoderDescription | None:
    try:
        about = load_reader(name).description
    except MimicryLabError:
        return None
    known = read_coder_signals(name, list(about.signals))
    shown = measures["signal"].drop_nulls().unique().sort().to_list()
    columns = {signal: known.find_column(signal) or known.find_column(signal, flags=True) for signal in shown}
    signals = tuple(
        Signal(signal, known.unit(column), "measured", f"{column}, as {about.program} writes it")
        for signal, column in columns.items()
        if column is not None
    )
    return CoderDescription(name, IMPORTED, "that of the program", about.program, signals)

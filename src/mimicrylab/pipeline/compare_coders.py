"""The verb ``coders compare``: coders side by side on the same recordings, and a page about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import InputError, MimicryLabError, UnknownNameError
from mimicrylab.pipeline.coder_pairs import compare_pairs, order_coders
from mimicrylab.pipeline.coder_sources import CoderFrames, Watcher, code_videos, gather_study, read_other_files
from mimicrylab.readers.reader import load_reader
from mimicrylab.registry import load_registered
from mimicrylab.report.coder_comparison import (
    ComparedCoders,
    assemble_coder_comparison,
    list_sentences,
    summarise_pairs,
)
from mimicrylab.report.document import write_documents
from mimicrylab.tables import write_text

PAGE = "comparison.html"
TOLD_UNITS = ("AU12", "AU04")


@dataclass(frozen=True)
class ComparisonSummary:
    """Where the page is, the coders, a row for each pair and action unit, and a line a pair."""

    page: Path
    coders: tuple[dict[str, Any], ...]
    pairs: tuple[dict[str, Any], ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """What is to be compared: a study's coders, videos to code now, other programs' files by coder.

    ``options`` are those of the readers of these files, by coder.
    """

    study: Path | None = None
    coders: tuple[str, ...] = ()
    videos: tuple[Path, ...] = ()
    files: Mapping[str, Path] | None = None
    options: Mapping[str, Mapping[str, Any]] | None = None


def compare_coders(
    what: Compared,
    out: Path,
    *,
    reference: str | None = None,
    processes: int | None = None,
    watch: Watcher | None = None,
) -> ComparisonSummary:
    """Compare coders on the recordings that they have in common and write the page with its tables into ``out``.

    Raises
    ------
    InputError
        Fewer than two coders, two of one name, or no recording in common.
    MissingError, UnknownNameError, DamagedFileError, DependencyError, RefusedError
        Something that is to be compared is not there, or cannot be read or coded.
    """
    sets = _gather(what, out, processes=processes, watch=watch)
    names = [each.coder for each in sets]
    if len(names) < 2:
        raise InputError(
            "it takes two coders to compare",
            expected="a study with frames of two coders, or --coder and --frames NAME=PATH",
            found=", ".join(names) if names else "none",
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"the coder {twice!r} comes twice", do="choose with --coder which one is meant")
    if reference is not None and reference not in names:
        raise UnknownNameError("coder to compare with:", reference, names, where="--reference")
    recordings = [set(each.tables) for each in sets]
    common = {name for each in recordings for name in each if sum(name in other for other in recordings) > 1}
    if not common:
        raise InputError(
            "no recording was coded by two of these coders",
            expected="the same names of recordings or files",
            found="; ".join(f"{each.coder}: {', '.join(sorted(each.tables)[:3])}" for each in sets),
        )
    ordered = order_coders(sets, reference=reference)
    found = compare_pairs(ordered)
    coders = pl.DataFrame([_describe(each) for each in ordered], infer_schema_length=None)
    notes = tuple(note for each in ordered for note in each.notes)
    compared = ComparedCoders(coders, found.rows, found.curves, found.points, notes)
    _write(compared, out)
    summary = summarise_pairs(found.rows)
    lines = list_sentences(summary, TOLD_UNITS)
    return ComparisonSummary(out / PAGE, tuple(coders.to_dicts()), tuple(summary.to_dicts()), tuple(lines))


def _gather(what: Compared, out: Path, *, processes: int | None, watch: Watcher | None) -> list[CoderFrames]:
    sets: list[CoderFrames] = []
    if what.study is not None:
        sets += gather_study(what.study, coders=what.coders)
    elif what.videos and what.coders:
        sets += code_videos(what.videos, what.coders, out, processes=processes, watch=watch)
    options = what.options or {}
    unknown = next((name for name in options if name not in (what.files or {})), None)
    if unknown is not None:
        raise UnknownNameError("coder with files:", unknown, what.files or (), where="--option")
    sets += [
        read_other_files(name, path, videos=what.videos, options=options.get(name))
        for name, path in (what.files or {}).items()
    ]
    return sets


def _describe(frames: CoderFrames) -> dict[str, Any]:
    tables = [frames.read(name) for name in frames.tables]
    n = sum(table.height for table in tables)
    seen = sum(int(table["success"].sum()) for table in tables)
    return {
        "coder": frames.coder,
        "program": _find_program(frames.coder),
        "recordings": len(tables),
        "frames": n,
        "share_with_face": seen / n if n else None,
        "frames_per_s": frames.frames_per_s,
    }


def _find_program(name: str) -> str:
    try:
        return load_reader(name).description.program
    except MimicryLabError:
        pass
    try:
        coder = load_registered("mimicrylab.coders", name)
        about = (coder() if isinstance(coder, type) else coder).description
        return f"{about.summary} ({about.version})"
    except MimicryLabError:
        return "not known here"


def _write(compared: ComparedCoders, out: Path) -> None:
    documents: dict[str, str] = write_documents(assemble_coder_comparison(compared))
    documents[PAGE] = documents.pop("report.html")
    del documents["results.json"]
    documents["tables/recordings.csv"] = compared.rows.write_csv()
    for name, text in documents.items():
        write_text(out / name, text)

"""The manifest of stimuli (CSV or TSV, a row a stimulus) -> the table ``stimuli``; every mistake with its line.

Columns: ``stimulus`` (name), ``set``, ``emotion``, ``model_id``, ``action_units`` (``AU06 AU12`` or ``6+12``; ``none``
for a face that shows none; empty: not known), ``movement_onset_s``, ``apex_s``, ``duration_s``, ``file`` (within the
study folder), ``sha256``, ``licence``. Only ``stimulus`` must be filled.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from mimicrylab.errors import InputError, MimicryLabError, MissingError, suggest_nearest
from mimicrylab.protocol.action_unit_names import split_action_units
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.schemas import STIMULI
from mimicrylab.tables import conform_table, hash_file

COLUMNS = (
    "stimulus",
    "set",
    "emotion",
    "model_id",
    "action_units",
    "movement_onset_s",
    "apex_s",
    "duration_s",
    "file",
    "sha256",
    "licence",
)
SECONDS = ("movement_onset_s", "apex_s", "duration_s")
MISTAKES_SHOWN = 20


@dataclass(frozen=True)
class Manifest:
    """The stimuli of a study.

    ``table`` is the table ``stimuli``; ``missing`` maps each stimulus whose declared file is not in the folder to that
    file's name; ``unnamed`` lists the stimuli for which no file is declared.
    """

    table: pl.DataFrame
    missing: Mapping[str, str]
    unnamed: tuple[str, ...]


def read_manifest(path: Path, *, root: Path, sets: Collection[str]) -> Manifest:
    """Read the manifest at ``path`` of the study folder ``root``, whose study.yaml declares the stimulus ``sets``.

    Raises
    ------
    MissingError
        There is no such file.
    InputError
        The manifest lies outside the folder, or has mistakes; all of them are listed (the first 20) with their lines.
    """
    text = _read_text(path, root=root)
    header, rows = _split_rows(text, path)
    rows_read: list[dict[str, object]] = []
    mistakes: list[str] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        try:
            row = _read_row(dict(zip(header, cells, strict=False)), root=root, sets=sets)
            name = str(row["stimulus"])
            if name in seen:
                raise InputError(f"the stimulus {name!r} stands here twice (first in line {seen[name]})")
            seen[name] = line
            rows_read.append(row)
        except MimicryLabError as error:
            words = "; ".join(part.strip() for part in error.describe().splitlines())
            mistakes.append(f"{path.name}:{line}: {words}")
    if mistakes:
        _raise_all(path, mistakes)
    return _make_manifest(rows_read, path)


def _make_manifest(rows: list[dict[str, object]], path: Path) -> Manifest:
    declared = {str(row["stimulus"]): str(row.pop("file")) for row in rows}
    schema = {column.name: column.dtype for column in STIMULI.columns}
    table = conform_table(pl.DataFrame(rows, schema=schema), STIMULI, where=path.name)
    here = set(table.filter(pl.col("path").is_not_null())["stimulus"])
    missing = {name: file for name, file in declared.items() if file and name not in here}
    return Manifest(table, missing, tuple(name for name, file in declared.items() if not file))


def _read_text(path: Path, *, root: Path) -> str:
    if not path.is_relative_to(root) or ".." in path.relative_to(root).parts:
        raise InputError(
            "the list of stimuli lies outside the study folder", where=str(path), do="copy it into stimuli/"
        )
    if not path.is_file():
        raise MissingError(
            "there is no list of stimuli", where=str(path), do="write one, or correct stimuli.manifest in study.yaml"
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "the list of stimuli is not in UTF-8",
            where=str(path),
            do="save it as 'CSV UTF-8' in the spreadsheet program",
        ) from error


def _split_rows(text: str, path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise InputError(f"the table cannot be read: {error}", where=f"{path.name}:{reader.line_num}") from error
    filled = [(line, cells) for line, cells in rows if any(cells)]
    if not filled:
        raise InputError("the list of stimuli is empty", where=path.name, expected=f"a first line {','.join(COLUMNS)}")
    header = filled[0][1]
    _check_header(header, path)
    wrong = [line for line, cells in filled[1:] if len(cells) > len(header)]
    if wrong:
        raise InputError(
            "a line has more cells than the first line",
            where=f"{path.name}:{wrong[0]}",
            expected=f"{len(header)} cells; put a cell that contains {delimiter!r} in quotes",
        )
    return header, filled[1:]


def _check_header(header: list[str], path: Path) -> None:
    for name in header:
        if name not in COLUMNS:
            raise InputError(
                f"unknown column {name!r}{suggest_nearest(name, COLUMNS)}",
                where=f"{path.name}:1",
                expected=f"the columns {', '.join(COLUMNS)}",
            )
    if len(set(header)) != len(header):
        raise InputError("a column stands here twice", where=f"{path.name}:1")
    if "stimulus" not in header:
        raise InputError("the column 'stimulus' is missing", where=f"{path.name}:1", expected="a name a stimulus")


def _read_row(cells: dict[str, str], *, root: Path, sets: Collection[str]) -> dict[str, object]:
    name = cells.get("stimulus", "")
    if not name:
        raise InputError("the stimulus has no name")
    emotion = cells.get("emotion", "")
    action_units = cells.get("action_units", "")
    file = cells.get("file", "")
    path, sha256 = _find_file(file, cells.get("sha256", ""), root=root)
    row: dict[str, object] = {
        "stimulus": name,
        "set": _read_set(cells.get("set", ""), sets),
        "emotion": name_emotion(emotion) if emotion else None,
        "model_id": cells.get("model_id") or None,
        "action_units": list(split_action_units(action_units)) if action_units else None,
        "path": path,
        "sha256": sha256,
        "licence": cells.get("licence") or None,
        "file": file,
    }
    return {**row, **dict(_read_seconds(cells))}


def _read_set(name: str, sets: Collection[str]) -> str:
    if not name and len(sets) == 1:
        return next(iter(sets))
    if name not in sets:
        raise InputError(
            f"unknown stimulus set {name!r}{suggest_nearest(name, sets)}",
            expected=f"one of the sets in study.yaml: {', '.join(sets)}",
        )
    return name


def _read_seconds(cells: dict[str, str]) -> Iterator[tuple[str, float | None]]:
    for column in SECONDS:
        text = cells.get(column, "")
        try:
            value = float(text) if text else None
        except ValueError as error:
            hint = "write the decimal point as a point" if "," in text else "leave it empty if it is not known"
            raise InputError(f"{column}: {text!r} is not a number", do=hint) from error
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise InputError(f"{column}: {text!r} is no time in seconds")
        yield column, value


def _find_file(file: str, sha256: str, *, root: Path) -> tuple[str | None, str | None]:
    declared = sha256.lower() or None
    if declared is not None and (len(declared) != 64 or set(declared) - set("0123456789abcdef")):
        raise InputError("sha256 is not a SHA-256", expected="64 characters 0-9 a-f")
    if not file:
        return None, declared
    inside = PurePosixPath(file.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
        raise InputError(f"the file {file!r} lies outside the study folder", do="copy it into stimuli/")
    path = root / inside
    if not path.is_file():
        return None, declared
    found = hash_file(path)
    if declared is not None and found != declared:
        raise InputError(
            f"the file {file!r} has another content than the manifest says",
            expected=f"SHA-256 {declared[:12]}...",
            found=f"{found[:12]}...",
            do="put the right file back, or correct sha256",
        )
    return inside.as_posix(), found


def _raise_all(path: Path, mistakes: list[str]) -> None:
    if len(mistakes) == 1:
        raise InputError(mistakes[0])
    shown = mistakes[:MISTAKES_SHOWN]
    rest = [f"and {len(mistakes) - len(shown)} more"] if len(mistakes) > len(shown) else []
    raise InputError("\n  ".join([f"{len(mistakes)} mistakes in {path.name}", *shown, *rest]))

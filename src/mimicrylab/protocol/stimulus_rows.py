"""Rows for a study's list of stimuli: from a set that ships, a folder of a licensed set, or one's own table."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mimicrylab.errors import InputError, MissingError, count_things, suggest_nearest
from mimicrylab.protocol.known_sets import KnownSet
from mimicrylab.protocol.open_stimuli import OpenSet
from mimicrylab.protocol.stimuli import COLUMNS, read_manifest
from mimicrylab.tables import hash_file

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
CLIPS = (".mp4", ".mpeg", ".mpg", ".avi", ".mov", ".wmv", ".webm", ".m4v")
NOT_IN_BROWSERS = (".mpeg", ".mpg", ".avi", ".wmv", ".bmp")

Kind = Literal["image", "clip"]


@dataclass(frozen=True)
class StimulusFile:
    """One stimulus and where its file is: ``cells`` are cells of the manifest without ``file`` and ``set``."""

    path: Path
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Gathered:
    """Stimuli that were found, what kind they are, and what was left out or is worth knowing."""

    stimuli: tuple[StimulusFile, ...]
    kind: Kind | None
    notes: tuple[str, ...] = field(default=())


def gather_open(one: OpenSet, *, emotions: Sequence[str] = (), people: Sequence[str] = ()) -> Gathered:
    """Return the stimuli of an open set, of these emotions and people (empty: all).

    Raises
    ------
    InputError
        The set has no such emotion or person, or nothing of both.
    """
    _refuse_unknown(emotions, one.emotions, "emotion", one.name)
    _refuse_unknown(people, sorted(one.stimuli["model_id"].unique()), "person", one.name)
    found = []
    for row in one.stimuli.iter_rows(named=True):
        if (not emotions or row["emotion"] in emotions) and (not people or row["model_id"] in people):
            found.append(StimulusFile(one.folder / row["path"], write_cells(row)))
    if not found:
        raise InputError("the set has no such stimulus", where=one.name)
    return Gathered(tuple(found), one.kind)


def gather_folder(
    folder: Path, known: KnownSet, *, angles: Sequence[str] = (), emotions: Sequence[str] = (),
    people: Sequence[str] = (), kind: Kind | None = None,
) -> Gathered:  # fmt: skip
    """Return the stimuli of a licensed set that lie in a folder (and its folders), as their names say.

    Parameters
    ----------
    folder
        Where the user keeps the set.
    known
        Which set it is.
    angles
        Angles wanted; empty: from the front only.
    emotions, people
        Wanted emotions (the field's words) and persons (F01); empty: all.
    kind
        Pictures or clips; None: what there is, which must be of one kind.

    Raises
    ------
    MissingError
        There is no such folder.
    InputError
        It holds no file of the set, both kinds of files, or two files of one name.
    """
    if not folder.is_dir():
        raise MissingError("there is no such folder", where=str(folder))
    _refuse_unknown(angles, known.angles, "angle", known.title)
    wanted = tuple(angles) or known.angles[:1]
    found: list[StimulusFile] = []
    kinds: set[Kind] = set()
    left: dict[str, int] = {}
    for path in sorted(folder.rglob("*"), key=lambda each: each.as_posix()):
        of_kind = find_kind(path)
        if of_kind is None or not path.is_file() or path.name.startswith("."):
            continue
        face = known.parse(path.stem)
        why = None
        if face is None:
            why = f"is not named like {known.name_example}"
        elif face.emotion is None:
            why = f"shows {face.word}, for which MimicryLab has no word"
        elif face.angle not in wanted:
            why = f"shows another angle than {', '.join(wanted)}"
        elif (emotions and face.emotion not in emotions) or (people and face.model_id not in people):
            why = "shows another emotion or person than asked for"
        elif kind is not None and of_kind != kind:
            why = f"is no {kind}"
        if why is not None or face is None or face.emotion is None:
            left[str(why)] = left.get(str(why), 0) + 1
            continue
        kinds.add(of_kind)
        cells = {
            "stimulus": path.stem,
            "emotion": face.emotion,
            "model_id": face.model_id,
            "action_units": " ".join(face.action_units) or "none",
            "licence": known.licence,
        }
        found.append(StimulusFile(path, cells))
    notes = tuple(f"left out: {count_things(number, 'file')} that {why}" for why, number in left.items())
    if not found:
        raise InputError(
            f"the folder holds no file of the {known.title} that is wanted",
            where=str(folder),
            expected=f"names like {known.name_example}",
            found="; ".join(notes) or "no picture and no clip",
        )
    if len(kinds) > 1:
        raise InputError(
            "the folder holds pictures and clips, and a set has one kind",
            where=str(folder),
            do="add --kind image or clip",
        )
    _refuse_twice(found)
    return Gathered(tuple(found), next(iter(kinds)), notes)


def gather_table(file: Path, *, sets: Collection[str]) -> Gathered:
    """Return the stimuli of a table of one's own files: the columns of the manifest, files within the table's folder.

    Raises
    ------
    MissingError, InputError
        There is no such table, it has mistakes, or a file is not there.
    """
    if not file.is_file():
        raise MissingError("there is no such table", where=str(file))
    manifest = read_manifest(file, root=file.parent, sets=sets)
    if manifest.missing or manifest.unnamed:
        wrong = [*manifest.missing.values(), *(f"no file for {name}" for name in manifest.unnamed)]
        raise InputError(
            f"{count_things(len(wrong), 'stimulus', 'stimuli')} of the table without a file",
            where=file.name,
            expected=f"files in the table's folder, {file.parent}",
            found=", ".join(wrong[:3]) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""),
        )
    if manifest.table.is_empty():
        raise InputError("the table has no stimulus", where=file.name)
    rows = manifest.table.iter_rows(named=True)
    stimuli = tuple(StimulusFile(file.parent / row["path"], {**write_cells(row), "set": row["set"]}) for row in rows)
    return Gathered(stimuli, None)


def find_kind(path: Path) -> Kind | None:
    """Return whether a file is a picture or a clip by its ending; None: neither."""
    ending = path.suffix.lower()
    return "image" if ending in PICTURES else "clip" if ending in CLIPS else None


def write_cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of the manifest for a row of ``schemas.STIMULI``; ``set`` and ``file`` are left out."""
    units = row["action_units"]
    return {
        "stimulus": row["stimulus"],
        "emotion": row["emotion"] or "",
        "model_id": row["model_id"] or "",
        "action_units": "" if units is None else " ".join(units) or "none",
        **{name: _write_number(row[name]) for name in ("movement_onset_s", "apex_s", "duration_s")},
        "licence": row["licence"] or "",
    }


def _write_number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def list_rows(stimuli: Sequence[StimulusFile], files: Sequence[str], *, set_name: str) -> list[dict[str, str]]:
    """Return the rows of the manifest, with checksums; ``files`` are the paths within the study."""
    return [
        {"set": set_name, **each.cells, "file": file, "sha256": hash_file(each.path)}
        for each, file in zip(stimuli, files, strict=True)
    ]


def merge_rows(text: str, rows: Sequence[Mapping[str, str]], *, replaced: Collection[str]) -> str:
    """Return a manifest's text with further rows; those that it has of the sets ``replaced`` are taken out first.

    The separator and the order of columns stay; columns that are missing are added at the end.

    Raises
    ------
    InputError
        A stimulus of this name is there already.
    """
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    header = [name.strip() for name in reader.fieldnames or COLUMNS]
    old = [dict(zip(header, (cell or "" for cell in row.values()), strict=False)) for row in reader]
    kept = [row for row in old if row.get("set", "").strip() not in replaced]
    names = {row.get("stimulus", "").strip() for row in kept}
    for row in rows:
        if row["stimulus"] in names:
            raise InputError(
                f"there is a stimulus {row['stimulus']!r} in the study already",
                do="add --replace to put the new ones in place of the set's old ones",
            )
        names.add(row["stimulus"])
    header += [name for name in COLUMNS if name not in header and any(row.get(name) for row in rows)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows([*kept, *rows])
    return out.getvalue()


def _refuse_unknown(names: Sequence[str], known: Sequence[str], what: str, where: str) -> None:
    for name in names:
        if name not in known:
            raise InputError(
                f"unknown {what} {name!r}{suggest_nearest(name, known)}",
                where=where,
                expected=f"one of {', '.join(known)}",
            )


def _refuse_twice(found: Sequence[StimulusFile]) -> None:
    for one, two in _pairs(found):
        raise InputError(
            f"two files have the name {one.path.stem!r}", found=f"{one.path} and {two.path}", do="keep one of them"
        )


def _pairs(found: Sequence[StimulusFile]) -> Iterator[tuple[StimulusFile, StimulusFile]]:
    seen: dict[str, StimulusFile] = {}
    for each in found:
        if each.path.stem in seen:
            yield seen[each.path.stem], each
        seen[each.path.stem] = each

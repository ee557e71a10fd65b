"""The verb ``scales import``: a questionnaire's data file, a table of its items, or its wording, checked and stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mimicrylab.errors import ConflictError, InputError, MissingError, UnknownNameError, quote_path
from mimicrylab.protocol.scale_folder import find_scale_folder
from mimicrylab.protocol.scale_items import (
    ScaleFacts,
    find_turned,
    make_scale,
    read_answers,
    read_item_rows,
)
from mimicrylab.protocol.scale_text import write_scale
from mimicrylab.protocol.scales import FOLDER, GROUP, Scale, find_scale, name_scale, parse_scale
from mimicrylab.protocol.wording import locate_wording, read_wording
from mimicrylab.readers.text_table import map_columns, read_text_table
from mimicrylab.registry import list_registered
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import hash_file, write_text

ITEM_COLUMNS = {
    "item": ("number", "nr", "no"),
    "text": ("wording", "question", "statement"),
    "key": ("reversed", "reverse", "scoring"),
    "score": ("subscale", "scale", "factor"),
}
"""Our name of a column -> other names that are understood."""

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NOT_SAID = "not said where it was imported"


@dataclass(frozen=True)
class ScaleSettings:
    """What a table of items does not say, as the user says it."""

    name: str | None = None
    answers: tuple[str, ...] = ()
    points: tuple[float, ...] = ()
    combine: Literal["sum", "mean"] = "sum"
    title: str | None = None
    citation: str | None = None
    licence: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class ScaleImport:
    """What was imported: the scale's name, the files written, and what is worth knowing."""

    name: str
    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    scale: Scale | None = None


def import_scale(
    file: Path, *, study: Path | None = None, settings: ScaleSettings | None = None, replace: bool = False
) -> ScaleImport:
    """Check a file and copy what it says into the study, or among the user's own scales.

    ``.yaml``: a scale's data file. ``.csv``, ``.tsv``: a table of items. ``.txt``: the wording of a scale that is
    there, a line an item (only into a study).

    Parameters
    ----------
    file
        The file.
    study
        Folder of the study; None: the user's own scales, for all studies on this computer.
    settings
        What a table of items does not say; the name of the scale, of a wording.
    replace
        Let it take the place of what is there under the same name.

    Raises
    ------
    MissingError
        There is no such file or study.
    InputError
        The file has mistakes, or something that it needs is not said.
    ConflictError
        Another scale or wording of that name is there, and not ``replace``.
    """
    settings = settings or ScaleSettings()
    if not LANGUAGE.fullmatch(settings.language):
        raise InputError(
            "this is no language code", where="--language", expected="en, de, pt-BR", found=settings.language
        )
    if not file.is_file():
        raise MissingError("there is no such file", where=str(file))
    folder = open_study(study) if study is not None else None
    ending = file.suffix.lower()
    if ending in {".yaml", ".yml"}:
        text = _read_text(file)
        return _store(parse_scale(text, where=file.name), text, folder, file=file, replace=replace)
    if ending in {".csv", ".tsv"}:
        return _import_items(file, folder, settings, replace=replace)
    if ending == ".txt":
        return _import_wording(file, folder, settings, replace=replace)
    raise InputError(
        f"a file of the kind {ending or '(no ending)'} is no questionnaire",
        where=file.name,
        expected="a data file (.yaml), a table of items (.csv, .tsv) or a wording (.txt)",
    )


def _read_text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the file is not in UTF-8", where=file.name, do="save it as UTF-8 in the editor") from error


def _store(scale: Scale, text: str, folder: StudyFolder | None, *, file: Path, replace: bool) -> ScaleImport:
    root = folder.root / FOLDER if folder is not None else find_scale_folder()
    path = root / f"{scale.name}.yaml"
    notes = list(_note_scale(scale, folder))
    if path.is_file() and path.read_text(encoding="utf-8") != text and not replace:
        raise ConflictError(
            f"another scale called {scale.name} is there",
            where=str(path),
            do="give it another name, or add --replace if the new one is right",
        )
    write_text(path, text)
    if folder is not None:
        append_log(folder, "scales import", {"scale": scale.name, "sha256": hash_file(file), "replace": replace})
    return ScaleImport(scale.name, (path,), tuple(notes), scale)


def _note_scale(scale: Scale, folder: StudyFolder | None) -> list[str]:
    registered = [part.name for part in list_registered(GROUP)]
    known = [find_scale(name).scale for name in registered if name != scale.name]
    notes = []
    turned = find_turned(scale, known)
    if turned is not None:
        notes.append(
            f"its keys are those of {turned} turned round: are the items to be agreed with taken as the reversed ones?"
        )
    if scale.name in registered:
        notes.append(f"from now on it stands for the {scale.name} that comes with MimicryLab")
    if folder is None:
        notes.append("it is there for all studies on this computer; a study that is passed on needs it too: --study")
    if NOT_SAID in (scale.citation, scale.licence):
        notes.append("say in its file whose it is: citation and licence")
    return notes


def _import_items(file: Path, folder: StudyFolder | None, settings: ScaleSettings, *, replace: bool) -> ScaleImport:
    name = settings.name or file.stem
    table = read_text_table(file)
    columns = map_columns(table, ITEM_COLUMNS, stated={})
    if not settings.answers:
        raise InputError(
            "a table of items does not say what may be answered",
            where=file.name,
            expected="the answers in order, each with its code",
            do="--answer '1=strongly disagree' --answer '2=disagree' ...",
        )
    rows = [
        (row.line, {ours: row.cells.get(theirs) for ours, theirs in columns.items()}) for row in table.rows
    ]  # fmt: skip
    try:
        items = read_item_rows(rows)
        facts = ScaleFacts(
            name,
            read_answers(settings.answers),
            settings.title or name,
            NOT_SAID,
            settings.citation or NOT_SAID,
            settings.licence or NOT_SAID,
            settings.combine,
            settings.points,
        )
        scale = make_scale(items, facts)
    except InputError as error:
        where = f"{file.name}, {error.where}" if error.where else file.name
        raise InputError(error.problem, where=where, expected=error.expected, do=error.do) from error
    except ValueError as error:
        reason = str(error).splitlines()
        raise InputError(
            "the table of items makes no questionnaire", where=file.name, found=reason[-2].strip()
        ) from error
    texts = [row.text for row in items]
    with_wording = folder is not None and any(texts)
    if with_wording and not all(texts):
        raise InputError("an item has no wording, and others have", where=file.name)
    stored = _store(scale, write_scale(scale), folder, file=file, replace=replace)
    if folder is None or not with_wording:
        return stored
    path = locate_wording(folder.root, name, settings.language)
    _write_wording(path, [text or "" for text in texts], replace=replace)
    return ScaleImport(name, (*stored.paths, path), stored.notes, scale)


def _import_wording(file: Path, folder: StudyFolder | None, settings: ScaleSettings, *, replace: bool) -> ScaleImport:
    if folder is None or settings.name is None:
        raise InputError(
            "a wording belongs to a scale and a study",
            where=file.name,
            do=f"mimicrylab scales import {quote_path(file)} --name EQ-60 --study FOLDER",
        )
    name = name_scale(settings.name, root=folder.root)
    try:
        scale = find_scale(name, root=folder.root).scale
    except UnknownNameError as error:
        raise UnknownNameError("scale", name, error.choices, do="import its data file first") from error
    texts = read_wording(file, scale)
    path = locate_wording(folder.root, name, settings.language)
    _write_wording(path, list(texts or ()), replace=replace)
    append_log(folder, "scales import", {"wording": name, "language": settings.language, "sha256": hash_file(file)})
    licence = f"whose wording it is: {scale.licence}"
    return ScaleImport(name, (path,), (licence,), scale)


def _write_wording(path: Path, texts: Sequence[str], *, replace: bool) -> None:
    text = "".join(f"{number}. {line}\n" for number, line in enumerate(texts, start=1))
    if path.is_file() and path.read_text(encoding="utf-8") != text and not replace:
        raise ConflictError("another wording is there", where=str(path), do="add --replace if the new one is right")
    write_text(path, text)

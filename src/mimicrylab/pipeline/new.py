"""The verb ``new``: write the folder of a new study from a template, and the sealed list of its kits."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.errors import ConflictError, InputError
from mimicrylab.protocol.open_stimuli import OpenSet, list_open_sets
from mimicrylab.protocol.open_templates import FilledTemplate, fill_template
from mimicrylab.protocol.templates import read_template
from mimicrylab.study import STUDY_FILE, StudyFolder, append_log
from mimicrylab.tables import write_text


@dataclass(frozen=True)
class NewStudy:
    """A study folder as written: where, from which template, its files, and how many of them are stimuli."""

    folder: StudyFolder
    template: str
    files: tuple[str, ...]
    stimuli: int = 0


def create_study(root: Path, *, template: str = "minimal", sets: Sequence[OpenSet] = ()) -> NewStudy:
    """Write a complete study folder at ``root``. Nothing that is there is touched.

    The folder is made under another name and renamed, so that a stopped program leaves nothing half.

    Parameters
    ----------
    root
        Where it goes.
    template
        Name of a template.
    sets
        Open stimulus sets that fill the placeholders of templates that take them; none: placeholders stay.

    Raises
    ------
    UnknownNameError
        There is no such template.
    ConflictError
        There is something at ``root`` already.
    InputError
        Nothing can be written there.
    """
    filled = fill_template(template, read_template(template), sets)
    root = root.resolve()
    _refuse_existing(root)
    workplace = _make_workplace(root)
    try:
        _write_files(workplace, filled)
        append_log(StudyFolder(workplace), "new", {"template": template})
        workplace.chmod(0o755)
        _move_into_place(workplace, root)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return NewStudy(StudyFolder(root), template, (*filled.texts, *filled.files), len(filled.files))


def find_sets() -> tuple[OpenSet, ...]:
    """Return the open stimulus sets that are here and whole; none where they are not: a study can be made without."""
    try:
        return list_open_sets()
    except InputError:
        return ()


def _write_files(workplace: Path, filled: FilledTemplate) -> None:
    for name, text in filled.texts.items():
        write_text(workplace / name, text)
    for name, source in filled.files.items():
        (workplace / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, workplace / name)


def _make_workplace(root: Path) -> Path:
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=root.parent, prefix=f".{root.name}."))
    except OSError as error:
        raise InputError(
            "the folder cannot be made there",
            where=str(root),
            found=error.strerror,
            do="choose a place that exists and that you may write to",
        ) from error


def _move_into_place(workplace: Path, root: Path) -> None:
    if not root.exists():
        workplace.rename(root)
        return
    for entry in sorted(workplace.iterdir(), key=lambda entry: entry.name == STUDY_FILE):
        entry.rename(root / entry.name)


def _refuse_existing(root: Path) -> None:
    if root.is_dir():
        if not any(root.iterdir()):
            return
        found = "a study" if (root / STUDY_FILE).exists() else "a folder with files"
        raise ConflictError(
            f"there is {found} already", where=str(root), do="choose another name; nothing there was changed"
        )
    if root.exists() or root.is_symlink():
        raise ConflictError("there is a file of this name", where=str(root), do="choose another name")

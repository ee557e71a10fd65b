"""The verb ``stimuli``: the sets that ship, a page that shows one, and bringing stimuli into a study."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mimicrylab.errors import ConflictError, InputError, MissingError, UnknownNameError
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.protocol.known_sets import KNOWN_SETS
from mimicrylab.protocol.open_stimuli import KINDS, LABEL, LICENCE, SOURCE, OpenSet, find_open_set, list_open_sets
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.protocol.stimulus_rows import (
    NOT_IN_BROWSERS,
    Gathered,
    StimulusFile,
    find_kind,
    gather_folder,
    gather_open,
    gather_table,
    list_rows,
    merge_rows,
)
from mimicrylab.report.stimulus_gallery import render_gallery
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import hash_file, replace_atomically, write_text

TABLE = "table"
STEP = "stimuli import"
AGREED = "what the licence allows stays your responsibility; nothing was copied anywhere else"


@dataclass(frozen=True)
class ImportChoice:
    """What is wanted of a set: emotions, people, angles (empty: all; angles: from the front), and how it comes in.

    ``set_name``: the study's set that the stimuli go to; None: the set's own name, or the study's only set.
    ``copy``: licensed files are copied into the study. ``replace``: the study's stimuli of that set go.
    """

    emotions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    angles: tuple[str, ...] = ()
    kind: Literal["image", "clip"] | None = None
    set_name: str | None = None
    copy: bool = False
    replace: bool = False


@dataclass(frozen=True)
class ImportedStimuli:
    """What an import did: the study's set, number of stimuli, files copied, and what is worth knowing."""

    set_name: str
    stimuli: int
    copied: int
    manifest: Path
    notes: tuple[str, ...] = field(default=())


def survey_sets(folder: Path | None = None) -> tuple[OpenSet, ...]:
    """Return the sets that ship with this installation (``folder``: another place to look for them)."""
    return list_open_sets(folder)


def describe_set(one: OpenSet) -> dict[str, Any]:
    """Return a set as plain values for JSON."""
    sexes = Counter(one.people["sex"])
    return {
        "name": one.name,
        "title": one.title,
        "kind": one.kind,
        "label": LABEL,
        "licence": LICENCE,
        "stimuli": one.stimuli.height,
        "emotions": list(one.emotions),
        "people": one.stimuli["model_id"].n_unique(),
        "women": sexes["female"],
        "men": sexes["male"],
        "age_from": one.people["age"].min(),
        "age_to": one.people["age"].max(),
        "megabytes": round(one.size_bytes / 1e6, 1),
        "shows": {str(emotion): list(units) for emotion, units in _list_units(one)},
    }


def _list_units(one: OpenSet) -> list[tuple[str, tuple[str, ...]]]:
    rows = one.stimuli.unique("emotion", keep="first", maintain_order=True)
    return [(row["emotion"], tuple(row["action_units"] or ())) for row in rows.iter_rows(named=True)]


def show_set(name: str, *, gallery: Path | None = None, folder: Path | None = None) -> OpenSet:
    """Return a set, and write a page with all its stimuli to ``gallery``.

    Raises
    ------
    UnknownNameError
        There is no such set.
    InputError
        Its files are not here, or not what the manifest says.
    ConflictError
        ``gallery`` is a folder.
    """
    one = find_open_set(name, folder)
    if gallery is not None:
        if gallery.is_dir():
            raise ConflictError("this is a folder", where=str(gallery), do=f"name a file, such as {name}.html")
        write_text(gallery, render_gallery(one))
    return one


def import_stimuli(
    what: str, source: Path | None, *, study: Path, choice: ImportChoice | None = None, folder: Path | None = None
) -> ImportedStimuli:
    """Bring stimuli into a study: files (or where they lie), checksums, and rows of its list of stimuli.

    Parameters
    ----------
    what
        A set that ships, ``kdef``, ``adfes``, or ``table``.
    source
        The folder of a licensed set, or the table; None for a set that ships.
    study
        The study folder. Nothing outside it is written.
    choice
        What of it, and how.
    folder
        Another place to look for sets that ship.

    Raises
    ------
    UnknownNameError, InputError, MissingError
        There is no such set, folder or table; it has mistakes; or the study has no set for it.
    ConflictError
        Another file of this name lies in the study.
    """
    choice = choice or ImportChoice()
    home = open_study(study)
    design = read_study(home.study_file)
    emotions = tuple(name_emotion(word, where="--emotion") for word in choice.emotions)
    gathered = _gather(what, source, choice=choice, emotions=emotions, design=design, folder=folder)
    set_name = _choose_set(design, what, choice.set_name, gathered)
    copying = choice.copy or (what not in KNOWN_SETS and what != TABLE)
    files = [_place(home, each, set_name=_find_set(each, set_name), copying=copying) for each in gathered.stimuli]
    if len(set(files)) != len(files):
        raise InputError("two stimuli would have the same file in the study", do="give their files different names")
    manifest = home.root / design.stimuli.manifest
    if not manifest.is_file():
        raise MissingError("the study has no list of stimuli", where=str(manifest), do="correct stimuli.manifest")
    text = manifest.read_text(encoding="utf-8-sig")
    rows = list_rows(gathered.stimuli, files, set_name=set_name)
    merged = merge_rows(text, rows, replaced={row["set"] for row in rows} if choice.replace else ())
    copied = _copy(home, gathered.stimuli, files) if copying else 0
    write_text(manifest, merged)
    append_log(home, STEP, {"set": what, "into": set_name, "stimuli": len(rows), "copied": copied})
    notes = (*gathered.notes, *_list_notes(home, design, what, set_name, gathered.stimuli))
    return ImportedStimuli(set_name, len(rows), copied, manifest, notes)


def _gather(
    what: str, source: Path | None, *, choice: ImportChoice, emotions: tuple[str, ...], design: Study,
    folder: Path | None,
) -> Gathered:  # fmt: skip
    if what in KNOWN_SETS or what == TABLE:
        if source is None:
            thing = "its file" if what == TABLE else "the folder of the set"
            raise InputError(f"{what} needs {thing}", do=f"mimicrylab stimuli import {what} PATH --study FOLDER")
        if what == TABLE:
            if emotions or choice.people or choice.angles or choice.kind:
                raise InputError(
                    "a table says itself what is in it", do="leave out --emotion, --person, --angle, --kind"
                )
            return gather_table(source, sets=(choice.set_name,) if choice.set_name else tuple(design.stimuli.sets))
        known = KNOWN_SETS[what]
        return gather_folder(
            source, known, angles=choice.angles, emotions=emotions, people=choice.people, kind=choice.kind
        )
    if what not in KINDS:
        raise UnknownNameError("stimulus set", what, [*KINDS, *KNOWN_SETS, TABLE])
    if source is not None:
        raise InputError("a set that ships needs no folder", found=str(source), do="leave it out")
    if choice.angles or choice.kind:
        raise InputError("--angle and --kind belong to kdef and adfes")
    return gather_open(find_open_set(what, folder), emotions=emotions, people=choice.people)


def _choose_set(design: Study, what: str, wanted: str | None, gathered: Gathered) -> str:
    sets = design.stimuli.sets
    named = {each.cells["set"] for each in gathered.stimuli if "set" in each.cells}
    if named:
        return sorted(named)[0]
    name = wanted or (what if what in sets else next(iter(sets)) if len(sets) == 1 else None)
    if name is None or name not in sets:
        raise InputError(
            f"the study has no stimulus set {name!r}" if name else "the study has several stimulus sets",
            expected=f"one of those in study.yaml: {', '.join(sets)}",
            do="name it: --as SET, or add it under stimuli: sets: in study.yaml",
        )
    if gathered.kind is not None and sets[name].kind != gathered.kind:
        raise InputError(
            f"the study's set {name!r} is of kind {sets[name].kind}, and these are of kind {gathered.kind}",
            do="change kind in study.yaml, or name another set: --as SET",
        )
    return name


def _find_set(each: StimulusFile, set_name: str) -> str:
    return each.cells.get("set", set_name)


def _place(home: StudyFolder, each: StimulusFile, *, set_name: str, copying: bool) -> str:
    """Return the path of a stimulus within the study, whether it is there already or will be copied."""
    if copying:
        return f"stimuli/{set_name}/{each.path.name}"
    inside, root = each.path.resolve(), home.root.resolve()
    if not inside.is_relative_to(root):
        raise InputError(
            "the files lie outside the study folder",
            where=str(each.path),
            do="move them into it, or add --copy if their licence allows a copy there",
        )
    return inside.relative_to(root).as_posix()


def _copy(home: StudyFolder, stimuli: Sequence[StimulusFile], files: Sequence[str]) -> int:
    for each, file in zip(stimuli, files, strict=True):
        target = home.root / file
        if target.exists() and hash_file(target) != hash_file(each.path):
            raise ConflictError("another file of this name lies in the study", where=file, do="move it away first")
    copied = 0
    for each, file in zip(stimuli, files, strict=True):
        target = home.root / file
        if target.exists():
            continue
        with replace_atomically(target) as making:
            shutil.copyfile(each.path, making)
        copied += 1
    return copied


def _list_notes(
    home: StudyFolder, design: Study, what: str, set_name: str, stimuli: Sequence[StimulusFile]
) -> list[str]:
    notes = []
    manifest = read_manifest(home.root / design.stimuli.manifest, root=home.root, sets=design.stimuli.sets)
    own = set(manifest.table.filter(set=set_name)["stimulus"])
    lost = [name for name in (*manifest.missing, *manifest.unnamed) if name in own]
    if lost:
        notes.append(f"{len(lost)} other stimuli of {set_name!r} have no file; --replace takes them out of the list")
    if any(each.path.suffix.lower() in NOT_IN_BROWSERS for each in stimuli):
        notes.append("browsers do not show all of these files; before an online study make them mp4 (h264) or jpg")
    if what in KNOWN_SETS:
        known = KNOWN_SETS[what]
        notes.append(f"action units are what the set's models were asked to show, not codes of each file; {AGREED}")
        notes.append(f"put into study.yaml under the set {set_name!r}:")
        notes += [f"  source: {known.title}", f"  action_units_from: {known.action_units_from}"]
        notes += [f'  licence: "{known.licence}"', f'  citation: "{known.citation}"']
    elif what != TABLE:
        notes.append(f"{LABEL}; put into study.yaml under the set {set_name!r}:")
        notes += [f'  source: "{SOURCE}"', f"  licence: {LICENCE}", "  action_units_from: published"]
    kinds = {find_kind(each.path) for each in stimuli}
    if what == TABLE and kinds - {design.stimuli.sets[set_name].kind, None}:
        notes.append(
            f"the set {set_name!r} is of kind {design.stimuli.sets[set_name].kind} in study.yaml, its files not"
        )
    return notes

"""Questionnaires: items by number, answers, keys, scores, citation and licence, each in one small data file.

Keys only: the wording of most questionnaires belongs to others. A scale is found, in this order, in the study's folder
``scales/``, in the user's own folder, and among the registered ones (entry points ``mimicrylab.scales``; ours come
through the same door).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.mistakes import explain_mistakes
from mimicrylab.protocol.scale_folder import find_scale_folder
from mimicrylab.protocol.settings import Name, Settings, Text
from mimicrylab.protocol.yaml_source import read_yaml
from mimicrylab.registry import list_registered, load_registered

GROUP = "mimicrylab.scales"
VERSION = 1
FOLDER = "scales"
"""Folder of a study for scales of its own."""

ItemNumber = Annotated[int, Field(ge=1)]


class Answer(Settings):
    """One answer that can be given."""

    code: int
    """Number that stands for the answer in data files."""
    text: Text
    """The answer in words."""


class Key(Settings):
    """Items that are scored alike."""

    name: Name
    """Name of the key (agree, disagree, forward, reversed)."""
    points: Annotated[tuple[float, ...], Field(min_length=2)]
    """Points for each answer, in the order of the answers."""
    items: Annotated[tuple[ItemNumber, ...], Field(min_length=1)]
    """Numbers of the items."""


class Score(Settings):
    """One score."""

    name: Name
    """Name of the score (total, or a subscale)."""
    combine: Literal["sum", "mean"]
    """How the points of its items are combined."""
    items: tuple[ItemNumber, ...] = ()
    """Numbers of its items; empty: every scored item."""
    reflected: bool = False
    """Points are turned round first: lowest plus highest possible points, minus the points."""
    derived: Text | None = None
    """Why this score exists, where it is not the author's own."""


class Scale(Settings):
    """A questionnaire."""

    version: Literal[1]
    """Version of the format of this file: 1."""
    name: Name
    """Name; studies refer to it."""
    title: Text
    """Full name, with form and number of items."""
    measures: Text
    """What it is meant to measure."""
    citation: Text
    """Reference."""
    licence: Text
    """Whom the wording belongs to and what is allowed."""
    wording_from: Text | None = None
    """Where the wording is found."""
    note: Text | None = None
    """What else a user must know."""
    items: Annotated[int, Field(ge=1, le=1000)]
    """Number of items."""
    answers: Annotated[tuple[Answer, ...], Field(min_length=2)]
    """Answers, in the order in which they are shown."""
    keys: Annotated[tuple[Key, ...], Field(min_length=1)]
    """How items are scored; no item in two keys."""
    fillers: tuple[ItemNumber, ...] = ()
    """Items that are not scored."""
    scores: Annotated[tuple[Score, ...], Field(min_length=1)]
    """The scores."""

    @property
    def scored_items(self) -> tuple[int, ...]:
        """Numbers of the scored items, in order."""
        return tuple(sorted(item for key in self.keys for item in key.items))

    def list_items(self, score: Score) -> tuple[int, ...]:
        """Return the numbers of the items of a score."""
        return score.items or self.scored_items

    def find_range(self, score: Score) -> tuple[float, float]:
        """Return the lowest and highest value that a score can have."""
        points = {item: key.points for key in self.keys for item in key.items}
        of_items = [points[item] for item in self.list_items(score)]
        low, high = sum(map(min, of_items)), sum(map(max, of_items))
        count = len(of_items) if score.combine == "mean" else 1
        return low / count, high / count

    @model_validator(mode="after")
    def _check_items(self) -> Scale:
        used = [*self.scored_items, *self.fillers]
        twice = sorted({item for item in used if used.count(item) > 1})
        if twice:
            raise ValueError(f"item {twice[0]} stands in two keys or fillers, or twice in one")
        unused = sorted(set(range(1, self.items + 1)) - set(used))
        if unused:
            raise ValueError(f"item {unused[0]} is in no key and no filler; {self.items} items must be accounted for")
        beyond = [item for item in used if item > self.items]
        if beyond:
            raise ValueError(f"item {max(beyond)} is beyond the last item, {self.items}")
        return self

    @model_validator(mode="after")
    def _check_answers(self) -> Scale:
        codes = [answer.code for answer in self.answers]
        texts = [answer.text.lower() for answer in self.answers]
        if len(set(codes)) != len(codes) or len(set(texts)) != len(texts):
            raise ValueError("two answers have the same code or text")
        for key in self.keys:
            if len(key.points) != len(codes):
                raise ValueError(f"key {key.name!r} gives points for {len(key.points)} answers; there are {len(codes)}")
        scored = set(self.scored_items)
        for score in self.scores:
            strange = sorted(set(score.items) - scored)
            if strange:
                raise ValueError(f"score {score.name!r} uses item {strange[0]}, which has no key")
            if len(set(score.items)) != len(score.items):
                raise ValueError(f"score {score.name!r} uses an item twice")
        return self


@dataclass(frozen=True)
class FoundScale:
    """A scale, and where it came from (the package, or the study's own folder)."""

    scale: Scale
    origin: str


def parse_scale(text: str, *, where: str) -> Scale:
    """Return the scale that a data file describes.

    Raises
    ------
    InputError
        The file has mistakes; all of them are listed with their lines.
    """
    source = read_yaml(text)
    scale, mistakes = explain_mistakes(source, Scale, version=VERSION)
    if scale is None or mistakes:
        lines = [mistake.describe(where) for mistake in sorted(set(mistakes))]
        raise InputError("\n  ".join([f"{len(lines)} mistakes in the scale", *lines]) if len(lines) > 1 else lines[0])
    return scale


def hash_scale(scale: Scale) -> str:
    """Return the SHA-256 of what a scale's scores depend on: items, answers, keys, fillers and scores.

    Two versions of a key have two hashes; another title or citation changes nothing.
    """
    content = scale.model_dump(mode="json", include={"items", "answers", "keys", "fillers", "scores"})
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def find_scale(name: str, *, root: Path | None = None) -> FoundScale:
    """Return the scale called ``name``: from the study folder ``root``, from the user's own folder, or registered.

    Raises
    ------
    UnknownNameError
        There is no such scale.
    InputError
        Its file has mistakes, or gives another name.
    """
    own = _list_own(root)
    if name in own:
        path, origin = own[name]
        scale = parse_scale(path.read_text(encoding="utf-8-sig"), where=path.name)
        if scale.name != name:
            raise InputError(
                "the scale has another name than its file", where=path.name, expected=name, found=scale.name
            )
        return FoundScale(scale, origin)
    registered = {part.name: part.package for part in list_registered(GROUP)}
    if name not in registered:
        raise UnknownNameError(
            "scale", name, {*registered, *own}, do="or bring your own: mimicrylab scales import FILE --study FOLDER"
        )
    return FoundScale(load_registered(GROUP, name)(), registered[name])


def name_scale(name: str, *, root: Path | None = None) -> str:
    """Return the name of a scale as it is written, whatever case it was typed in; an unknown one comes back as it is.

    Examples
    --------
    >>> name_scale("eq-60"), name_scale("none")
    ('EQ-60', 'none')
    """
    known = [*_list_own(root), *(part.name for part in list_registered(GROUP))]
    if name in known:
        return name
    alike = sorted({each for each in known if each.lower() == name.lower()})
    return alike[0] if len(alike) == 1 else name


def list_scales(*, root: Path | None = None) -> tuple[FoundScale, ...]:
    """Return every scale: those of the study folder ``root``, the user's own, and the registered ones, by name."""
    names = {*(part.name for part in list_registered(GROUP)), *_list_own(root)}
    return tuple(find_scale(name, root=root) for name in sorted(names))


def _list_own(root: Path | None) -> dict[str, tuple[Path, str]]:
    """Return the files of the study's and the user's own scales by name, with where they come from."""
    found: dict[str, tuple[Path, str]] = {}
    folders = [(find_scale_folder(), "your own scales")]
    folders += [(root / FOLDER, "")] if root is not None else []
    for folder, origin in folders:
        if folder.is_dir():
            found |= {path.stem: (path, origin or f"{FOLDER}/{path.name}") for path in sorted(folder.glob("*.yaml"))}
    return found


def read_packaged_scale(name: str) -> Scale:
    """Return a scale that comes with MimicryLab."""
    text = (files("mimicrylab.protocol") / "scale_files" / f"{name}.yaml").read_text(encoding="utf-8")
    return parse_scale(text, where=f"{name}.yaml")


eq_60 = partial(read_packaged_scale, "EQ-60")
eq_40 = partial(read_packaged_scale, "EQ-40")
eq_40_agree23 = partial(read_packaged_scale, "EQ-40-agree23")
aq_50 = partial(read_packaged_scale, "AQ-50")
raas_1996 = partial(read_packaged_scale, "RAAS-1996")
iri = partial(read_packaged_scale, "IRI")

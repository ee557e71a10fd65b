"""The stimulus sets that come with MimicryLab: rendered people who do not exist, showing known action units.

They are files of the package (``open_faces``): pictures and clips, a manifest with checksums, and who the people are.
An installation without them (a source tree before the pictures are made) has no open set; nothing else needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.stimuli import read_manifest

LABEL = "a demonstration set that no people have rated yet"
"""What must be said wherever the sets are named. The study that would change it: the template stimulus-rating."""

LICENCE = "CC0-1.0"
SOURCE = f"MimicryLab's open faces, rendered people with known action units; {LABEL}"
"""What study.yaml and the methods section say of the sets."""

Kind = Literal["image", "clip"]
KINDS: Mapping[str, Kind] = {"open_stills": "image", "open_clips": "clip"}
TITLES: Mapping[str, str] = {
    "open_stills": "pictures of rendered people, neutral and with the expression at its apex",
    "open_clips": "clips of rendered people, from neutral to the apex of the expression, which is then held",
}


@dataclass(frozen=True)
class OpenSet:
    """One set that ships.

    Parameters
    ----------
    name
        Name of the set, as the manifest has it.
    folder
        Where its files lie.
    stimuli
        Its rows of ``schemas.STIMULI``; ``path`` is within ``folder``. Only stimuli whose file is there.
    people
        Who is shown: ``model_id, sex, age, ethnicity``.
    """

    name: str
    folder: Path
    stimuli: pl.DataFrame
    people: pl.DataFrame

    @property
    def kind(self) -> Kind:
        """Pictures or clips."""
        return KINDS[self.name]

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return TITLES[self.name]

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotions shown, in the order of the manifest."""
        return tuple(self.stimuli["emotion"].drop_nulls().unique(maintain_order=True))

    @property
    def size_bytes(self) -> int:
        """Size of its files."""
        return sum((self.folder / path).stat().st_size for path in self.stimuli["path"])


def find_open_folder() -> Path:
    """Return the folder of the package in which the sets lie (it may be missing)."""
    return Path(str(files("mimicrylab.protocol"))) / "open_faces"


def list_open_sets(folder: Path | None = None) -> tuple[OpenSet, ...]:
    """Return the sets that are there; each file is compared with its checksum.

    Parameters
    ----------
    folder
        Folder with ``manifest.csv`` and ``people.csv``; None: the package's own.

    Raises
    ------
    InputError
        The manifest has mistakes, or a file has another content than it says.
    """
    root = folder or find_open_folder()
    if not (root / "manifest.csv").is_file():
        return ()
    table = read_manifest(root / "manifest.csv", root=root, sets=tuple(KINDS)).table
    there = table.filter(pl.col("path").is_not_null())
    people = _read_people(root)
    found = []
    for name in KINDS:
        rows = there.filter(pl.col("set") == name)
        if rows.height:
            shown = people.filter(pl.col("model_id").is_in(rows["model_id"].unique().implode()))
            found.append(OpenSet(name, root, rows, shown))
    return tuple(found)


def find_open_set(name: str, folder: Path | None = None) -> OpenSet:
    """Return one set.

    Raises
    ------
    UnknownNameError
        There is no set of this name; the nearest is proposed.
    InputError
        It is not part of this installation, or its files are not what the manifest says.
    """
    if name not in KINDS:
        raise UnknownNameError("stimulus set", name, KINDS)
    for one in list_open_sets(folder):
        if one.name == name:
            return one
    raise InputError(f"the pictures of {name!r} are not part of this installation", do="install MimicryLab anew")


def _read_people(root: Path) -> pl.DataFrame:
    columns = {"model_id": pl.String, "sex": pl.String, "age": pl.Float64, "ethnicity": pl.String}
    path = root / "people.csv"
    if not path.is_file():
        return pl.DataFrame(schema=columns)
    return pl.read_csv(path, infer_schema=False).select(pl.col(name).cast(dtype) for name, dtype in columns.items())

"""The Reader protocol: what a module that reads another program's files must say and do.

A reader is a class whose fields are its options, registered by an entry point in the group ``mimicrylab.readers``; ours
come through the same door as another package's. It knows one program's files and no study: which recording a file
belongs to, and who is in it, is decided by whoever imports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, cast

import polars as pl

from mimicrylab.errors import UnknownNameError
from mimicrylab.registry import load_registered

READERS_GROUP = "mimicrylab.readers"

Level = Literal["frames", "events", "participants", "answers"]
"""The table that a program's files come in at."""

ProvenOn = Literal["real files", "files made after its documentation"]


@dataclass(frozen=True)
class ReaderDescription:
    """What a reader is: which program's files it reads, what they look like, and the table they become.

    Attributes
    ----------
    name, program
        The reader's name and the program's.
    level
        The table that its files come in at.
    endings
        Endings of its files, in lower case.
    summary
        What the files are, in a few words.
    signals
        Unit of each signal that the program may write, by name, where ``level`` is frames.
    action_units
        Signal -> the action unit that it measures, where its name does not say so (``Smile`` -> ``AU12``).
    general
        Whether any program's table may look so: then a file counts as such only where no other reader knows it.
    of_faces
        Whether its frames were made from pictures of a face; those of muscles were not.
    proven_on
        What the reader was tried on, for the manual.
    """

    name: str
    program: str
    level: Level
    endings: tuple[str, ...]
    summary: str
    signals: Mapping[str, str] = field(default_factory=dict)
    action_units: Mapping[str, str] = field(default_factory=dict)
    general: bool = False
    of_faces: bool = True
    proven_on: ProvenOn = "files made after its documentation"


@dataclass(frozen=True)
class Imported:
    """What a file held.

    Attributes
    ----------
    tables
        Tables by name, with the columns of ``schemas`` except those that only the study knows (``recording_id``,
        ``session_id``, ``participant_id`` in frames).
    counts
        How many rows, faces, damaged cells and so on, by plain names; for the summary and the log.
    notes
        What was not understood, left out, repaired or looks implausible, in sentences. Empty: nothing.
    time_error_s
        How far the times may be off (s); None: not known.
    """

    tables: Mapping[str, pl.DataFrame]
    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    time_error_s: float | None = None


class Reader(Protocol):
    """A program's files, read one at a time."""

    @property
    def description(self) -> ReaderDescription:
        """What the reader is; opens nothing."""

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a file of this program; reads only its beginning.

        Raises
        ------
        InputError
            It is none, and why.
        """

    def read(self, path: Path) -> Imported:
        """Return what the file holds.

        A missing face is a row with ``success`` False and null signals. Damage that can be told apart is counted and
        named in the notes; a file of which too much is damaged, or that contradicts itself, is an ``InputError``.
        """


def load_reader(name: str, **options: Any) -> Reader:
    """Return the reader registered as ``name``, set up with ``options``.

    Raises
    ------
    UnknownNameError
        There is no such reader, or it has no such option; the nearest is proposed.
    DependencyError
        The reader needs a package that is not installed.

    Examples
    --------
    >>> load_reader("openface", frames_per_second=30.0).description.level
    'frames'
    """
    made = load_registered(READERS_GROUP, name)
    known = [each.name for each in fields(made)] if is_dataclass(made) else []
    for option in options:
        if option not in known:
            raise UnknownNameError(f"option of the reader {name!r}:", option, known)
    return cast(Reader, made(**options))

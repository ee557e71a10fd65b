"""The FaceCoder protocol: what a program that codes faces must say and do. A second coder is a page of code.

A coder is a class whose fields are its options (values that JSON knows), registered by an entry point in the group
``mimicrylab.coders``; ours come through the same door as another package's. It knows one video at a time and no study:
where results go, which files are done, and what happens to a broken one is the engine's part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, cast

import polars as pl

from mimicrylab.errors import UnknownNameError
from mimicrylab.registry import list_registered, load_registered

CODERS_GROUP = "mimicrylab.coders"
DEFAULT_CODER = "landmarker"

Standing = Literal["measured", "proxy", "weak", "not measured"]
"""How far a signal can be trusted as the action unit it is named after.

measured: follows the movement on real faces; proxy: another movement stands in for it; weak: follows it, mixed with
others; not measured: always null, and left out of composites.
"""


@dataclass(frozen=True)
class Signal:
    """One column a coder writes: its name, unit, range where it has one, standing, formula and reference.

    ``strong`` is roughly how far a strong movement goes from rest, in the signal's unit, where the range does not say;
    composites of emotions weigh their action units by it. ``action_unit`` is the action unit that it stands for where
    its name does not say so: AU12 for ``Smile``, or for the muscle zygomaticus major.
    """

    name: str
    unit: str
    standing: Standing
    meaning: str
    minimum: float | None = None
    maximum: float | None = None
    formula: str = ""
    reference: str = ""
    strong: float | None = None
    action_unit: str | None = None


@dataclass(frozen=True)
class CoderDescription:
    """What a coder is: everything that can be said without loading a model."""

    name: str
    version: str
    licence: str
    summary: str
    signals: tuple[Signal, ...]
    model_sha256: str | None = None


class FaceCoder(Protocol):
    """A program that codes one recording at a time."""

    @property
    def description(self) -> CoderDescription:
        """What the coder is and which signals it writes; loads nothing heavy."""

    def find_obstacle(self) -> str | None:
        """Return why the coder cannot run here and what to do about it, or None if it can."""

    def code(self, video: Path) -> Iterator[pl.DataFrame]:
        """Yield batches of frame rows (schemas.FRAMES without recording_id, then the signals) in order of time.

        A damaged file is coded as far as it goes; the reason is raised as ``VideoBreak`` after the last good batch.
        A missing face is one row with success False and null signals.
        """


def load_coder(name: str, **options: Any) -> FaceCoder:
    """Return the coder registered as ``name``, set up with ``options``.

    Raises
    ------
    UnknownNameError
        There is no such coder, or it has no such option; the nearest is proposed.
    DependencyError
        The coder needs a package that is not installed.
    """
    made = load_registered(CODERS_GROUP, name)
    known = list_coder_options(name)
    for option in options:
        if option not in known:
            raise UnknownNameError(f"option of the coder {name!r}:", option, known)
    return cast(FaceCoder, made(**options))


def list_coder_options(name: str) -> list[str]:
    """Return the names of the options that the coder ``name`` has."""
    made = load_registered(CODERS_GROUP, name)
    return [each.name for each in fields(made)] if is_dataclass(made) else []


def list_coders() -> list[str]:
    """Return the names of all registered coders, sorted; nothing is imported."""
    return [part.name for part in list_registered(CODERS_GROUP)]

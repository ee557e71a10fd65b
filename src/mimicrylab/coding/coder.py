"""The FaceCoder protocol: what a program that codes faces must say and do. A second coder is a page of code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

Standing = Literal["measured", "proxy", "weak", "not measured"]
"""How far a signal can be trusted as the action unit it is named after.

measured: follows the movement on real faces; proxy: another movement stands in for it; weak: follows it, mixed with
others; not measured: always null, and left out of composites.
"""


@dataclass(frozen=True)
class Signal:
    """One column a coder writes: its name, unit, range where it has one, standing, formula and reference."""

    name: str
    unit: str
    standing: Standing
    meaning: str
    minimum: float | None = None
    maximum: float | None = None
    formula: str = ""
    reference: str = ""


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

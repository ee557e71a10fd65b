"""Makers of broken input. Each takes the folder it shall write into; ``all_of`` joins several."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path], object]

MINIMAL_STUDY = "version: 1\n"


def nothing(folder: Path) -> None:
    """Leave the folder empty."""


def all_of(*makers: Maker) -> Maker:
    """Return a maker that runs ``makers`` in turn."""

    def make(folder: Path) -> None:
        for maker in makers:
            maker(folder)

    return make


def text_file(name: str, text: str = "") -> Maker:
    """Return a maker of a text file (UTF-8, line ends as given)."""

    def make(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    return make

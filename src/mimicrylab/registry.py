"""Names -> objects: how coders, readers, measures and scales are found, our own through the same door as a plugin's.

A part is a Python object that an entry point names. ``pyproject.toml`` declares our own; another package adds one by
declaring an entry point in the same group. Nothing is imported before it is asked for by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from mimicrylab.errors import DependencyError, UnknownNameError

GROUPS = ("mimicrylab.coders", "mimicrylab.readers", "mimicrylab.measures", "mimicrylab.scales")


@dataclass(frozen=True)
class Registered:
    """One registered part: its name, the package that brings it, and the module path it lives at."""

    name: str
    package: str
    target: str


@cache
def _find_entry_points(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=group)}


def list_registered(group: str) -> list[Registered]:
    """Return what is registered in ``group``, sorted by name, without importing any of it."""
    found = _find_entry_points(group)
    return [
        Registered(name, entry.dist.name if entry.dist else "?", entry.value) for name, entry in sorted(found.items())
    ]


def load_registered(group: str, name: str) -> Any:
    """Import and return the object registered as ``name`` in ``group``.

    Raises
    ------
    UnknownNameError
        No such name; the choices and the nearest one are listed.
    DependencyError
        The part exists but something that it needs is not installed.
    """
    found = _find_entry_points(group)
    kind = group.rpartition(".")[2].removesuffix("s")
    if name not in found:
        raise UnknownNameError(kind, name, found)
    try:
        return found[name].load()
    except ImportError as error:
        raise DependencyError(
            f"the {kind} {name!r} needs {error.name or 'a package'}, which is not installed",
            do="pip install 'mimicrylab[all]'",
        ) from error

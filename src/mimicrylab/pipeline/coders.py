"""The verb ``coders``: which programs can code faces here, and what each of them measures how well."""

from __future__ import annotations

from dataclasses import dataclass

from mimicrylab.coding.coder import CODERS_GROUP, CoderDescription, load_coder
from mimicrylab.errors import DependencyError
from mimicrylab.registry import list_registered


@dataclass(frozen=True)
class CoderState:
    """A coder, the package that brings it, and why it cannot run here (None: it can).

    ``description`` is None where the coder cannot even be loaded.
    """

    name: str
    package: str
    description: CoderDescription | None
    obstacle: str | None


def survey_coders() -> tuple[CoderState, ...]:
    """Return every registered coder, sorted by name; loads no model."""
    return tuple(_examine(part.name, part.package) for part in list_registered(CODERS_GROUP))


def _examine(name: str, package: str) -> CoderState:
    try:
        coder = load_coder(name)
    except DependencyError as error:
        return CoderState(name, package, None, f"{error.problem}: {error.do}")
    return CoderState(name, package, coder.description, coder.find_obstacle())

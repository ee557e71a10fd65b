"""What a case is, and gathering the cases of all verbs."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import bad_input.cases

ANYTHING = "[...]"
"""Stands in an expected message for text that differs from machine to machine."""


@dataclass(frozen=True)
class Case:
    """One broken input and what the command says to it.

    Attributes
    ----------
    name
        Short and unique within its verb; the test's name.
    given
        What is wrong with the input, for the manual.
    make
        Builds the input in the empty folder it is given; the command runs inside that folder.
    command
        The command line without ``mimicrylab``.
    message
        All that is printed (output, then errors); ``[...]`` stands for text that differs from machine to machine.
    exit_code
        1: could not be done; 2: the command line is wrong.
    may_add
        New files that the command may leave, as patterns (``out/*.parquet``): what it did before or beside the failure.
    environment
        Environment variables; ``{folder}`` is replaced by the folder.
    """

    name: str
    given: str
    make: Callable[[Path], object]
    command: str
    message: str
    exit_code: int = 1
    may_add: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> str:
        """The message without the indentation that it has in the source."""
        return dedent(self.message).strip("\n")


def gather_cases() -> dict[str, tuple[Case, ...]]:
    """Return the cases of every verb that has a table in ``cases/``, by verb."""
    verbs = sorted(module.name for module in pkgutil.iter_modules(bad_input.cases.__path__))
    tables = {verb: importlib.import_module(f"bad_input.cases.{verb}").CASES for verb in verbs}
    return {verb.rstrip("_").replace("_", " "): table for verb, table in tables.items()}

"""Every exception MimicryLab raises on purpose.

``MimicryLabError`` is the root; each of its children also derives from the built-in it specialises, so that
``except ValueError`` keeps working::

    MimicryLabError
    ├── InputError (ValueError)           a value, table or file does not say what it should
    │   ├── StudyFileError                study.yaml has mistakes (all of them are listed)
    │   ├── UnknownNameError (LookupError) a name is not among the choices; the nearest is proposed
    │   └── DamagedFileError              a file cannot be read as what it claims to be
    ├── MissingError (FileNotFoundError)  something that a step needs is not there
    ├── ConflictError (FileExistsError)   what should be written is there already, or would collide
    ├── AssetError (RuntimeError)         a model or sample file cannot be had, or has the wrong hash
    ├── DependencyError (ImportError)     an optional part is not installed
    └── RefusedError (RuntimeError)       the request would give a wrong or unsafe answer

A message answers four questions: where it happened, what was expected, what was found, what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class MimicryLabError(Exception):
    """Root of all errors that MimicryLab raises on purpose.

    Parameters
    ----------
    problem
        What is wrong, in one sentence.
    where
        File, line, column, table or setting at fault.
    expected
        What would have been right.
    found
        What was there instead. Never a participant's name, score or image.
    do
        What the reader can do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        do: str | None = None,
    ) -> None:
        self.problem = problem
        self.where = where
        self.expected = expected
        self.found = found
        self.do = do
        super().__init__(self.describe())

    def describe(self) -> str:
        """Return the whole message, one line for each thing that is known."""
        first = f"{self.where}: {self.problem}" if self.where else self.problem
        lines = [first]
        for label, text in (("expected", self.expected), ("found", self.found), ("do", self.do)):
            if text:
                lines.append(f"  {label}: {text}")
        return "\n".join(lines)


class InputError(MimicryLabError, ValueError):
    """A value, a table or a file does not say what it should."""


class StudyFileError(InputError):
    """study.yaml has mistakes; the message lists all of them with their lines."""


class UnknownNameError(InputError, LookupError):
    """A name is not among the choices."""

    def __init__(
        self, kind: str, name: str, choices: Iterable[str], *, where: str | None = None, do: str | None = None
    ) -> None:
        self.kind = kind
        self.name = name
        self.choices = sorted(choices)
        super().__init__(
            f"unknown {kind} {name!r}{suggest_nearest(name, self.choices)}",
            where=where,
            expected=f"one of {', '.join(self.choices)}" if self.choices else f"a {kind} (there is none yet)",
            do=do,
        )


class DamagedFileError(InputError):
    """A file cannot be read as what it claims to be."""


class MissingError(MimicryLabError, FileNotFoundError):
    """Something that a step needs is not there."""


class ConflictError(MimicryLabError, FileExistsError):
    """What should be written is there already, or two inputs would get the same name."""


class AssetError(MimicryLabError, RuntimeError):
    """A model or sample file cannot be had, or has the wrong hash."""


class DependencyError(MimicryLabError, ImportError):
    """An optional part of MimicryLab is not installed."""


class RefusedError(MimicryLabError, RuntimeError):
    """The request would give a wrong or an unsafe answer, so it is refused."""


def suggest_nearest(name: str, choices: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the choice nearest to ``name``, or an empty string if none is near.

    Examples
    --------
    >>> suggest_nearest("duraton_s", ["duration_s", "stimulus"])
    " (did you mean 'duration_s'?)"
    >>> suggest_nearest("eq60", ["AQ-50", "EQ-60"])
    " (did you mean 'EQ-60'?)"
    >>> suggest_nearest("zzz", ["duration_s"])
    ''
    """
    by_lower: dict[str, str] = {}
    for choice in choices:
        by_lower.setdefault(choice.lower(), choice)
    near = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return f" (did you mean {by_lower[near[0]]!r}?)" if near else ""


def quote_path(path: object) -> str:
    """Return a path as it is typed on a command line: in quotes where it has a space.

    Examples
    --------
    >>> print(quote_path("my-study"), quote_path("my study"))
    my-study "my study"
    """
    text = str(path)
    return f'"{text}"' if " " in text else text


def count_things(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count_things(1, "event"), count_things(3, "event"), count_things(2, "stimulus", "stimuli")
    ('1 event', '3 events', '2 stimuli')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"

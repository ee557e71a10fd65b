"""What becomes of a program's columns: each that is known has a name here, a unit and a range; the rest is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mimicrylab.errors import count_things

LISTED = 12


@dataclass(frozen=True)
class CodedColumn:
    """A column that a program may write and the signal that it becomes.

    Attributes
    ----------
    column
        The program's name for it.
    name
        Our name for it: the program's own, with the vendor's words for emotions in the field's.
    unit
        The program's unit.
    minimum, maximum
        Values beyond are damage; None: any.
    action_unit
        The action unit that it measures, where its name does not say so: ``AU12`` for AFFDEX's ``Smile``.
    """

    column: str
    name: str
    unit: str
    minimum: float | None = None
    maximum: float | None = None
    action_unit: str | None = None


def index_columns(known: Iterable[CodedColumn]) -> dict[str, CodedColumn]:
    """Return the known columns by their folded names."""
    return {fold_name(each.column): each for each in known}


def fold_name(name: str) -> str:
    """Return a column's name in the form in which two are compared: lower case, letters and digits only.

    Examples
    --------
    >>> fold_name("Lip Corner Depressor"), fold_name("lipCornerDepressor")
    ('lipcornerdepressor', 'lipcornerdepressor')
    """
    return re.sub(r"[^0-9a-z+]+", "", name.lower())


def match_known(names: Sequence[str], known: Mapping[str, CodedColumn]) -> dict[str, CodedColumn]:
    """Return the file's column -> what it becomes, for the columns that are known; the first of two counts."""
    found: dict[str, CodedColumn] = {}
    taken: set[str] = set()
    for name in names:
        column = known.get(fold_name(name))
        if column is not None and column.name not in taken:
            found[name] = column
            taken.add(column.name)
    return found


def list_left_out(names: Sequence[str], used: Iterable[str], *, groups: Mapping[str, re.Pattern[str]]) -> list[str]:
    """Return what is to be said about the columns that are not ``used``: groups with a name, then what is unknown.

    Parameters
    ----------
    names
        The file's columns.
    used
        Those that were read.
    groups
        What a group of columns is -> the pattern of its names.

    Examples
    --------
    >>> list_left_out(["x_0", "x_1", "Odd"], [], groups={"landmarks": re.compile("x_")})
    ['2 columns left out (landmarks)', "1 column not understood and left out: 'Odd'"]
    """
    rest = [name for name in dict.fromkeys(names) if name and name not in set(used)]
    notes = []
    for label, pattern in groups.items():
        members = [name for name in rest if pattern.match(name)]
        rest = [name for name in rest if name not in set(members)]
        if members:
            notes.append(f"{count_things(len(members), 'column')} left out ({label})")
    if rest:
        shown = ", ".join(repr(name) for name in rest[:LISTED])
        more = f" and {len(rest) - LISTED} more" if len(rest) > LISTED else ""
        notes.append(f"{count_things(len(rest), 'column')} not understood and left out: {shown}{more}")
    return notes

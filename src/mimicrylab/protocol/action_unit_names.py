"""How action units are written: ``AU`` and two digits, an L or R behind for one side of the face."""

from __future__ import annotations

import re

from mimicrylab.errors import InputError

PATTERN = re.compile(r"^(?:AU)?\s*0?(\d{1,2})\s*([LR]?)$", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s,;+]+")
NONE_SHOWN = frozenset({"none", "no", "-", "[]"})


def name_action_unit(text: str, *, where: str | None = None) -> str:
    """Return an action unit's name as tables use it.

    Examples
    --------
    >>> [name_action_unit(text) for text in ("6", "AU6", "au12l")]
    ['AU06', 'AU06', 'AU12L']

    Raises
    ------
    InputError
        The text is no action unit.
    """
    found = PATTERN.match(text.strip())
    if found is None or not 1 <= int(found[1]) <= 64:
        raise InputError(
            f"{text!r} is no action unit", where=where, expected="AU and a number from 1 to 64 (AU06, AU12, AU12L)"
        )
    return f"AU{int(found[1]):02d}{found[2].upper()}"


def split_action_units(text: str, *, where: str | None = None) -> tuple[str, ...]:
    """Return the action units listed in a cell (``AU06 AU12`` or ``6+12``); the word ``none`` gives an empty list.

    Examples
    --------
    >>> split_action_units("6+12; 25")
    ('AU06', 'AU12', 'AU25')
    >>> split_action_units("none")
    ()
    """
    if text.strip().lower() in NONE_SHOWN:
        return ()
    parts = [part for part in SEPARATORS.split(text.strip()) if part]
    names = dict.fromkeys(name_action_unit(part, where=where) for part in parts)
    return tuple(sorted(names))

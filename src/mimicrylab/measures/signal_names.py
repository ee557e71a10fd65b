"""What a signal's name says: its action unit, whether it is a composite, and of which emotion."""

from __future__ import annotations

import re
from collections.abc import Collection

ACTION_UNIT = re.compile(r"^AU(\d{1,2})([LR]?)(?:_[rc])?$")
TABLE_PREFIX = "emotion:"
"""Composites of the table of emotions, apart from those of congruent action units."""


def find_action_unit(signal: str) -> str | None:
    """Return the action unit that a coder's column stands for (``AU12`` for ``AU12_r``), or None.

    Examples
    --------
    >>> find_action_unit("AU12_r"), find_action_unit("AU12L"), find_action_unit("Smile")
    ('AU12', 'AU12L', None)
    """
    found = ACTION_UNIT.match(signal)
    return f"AU{int(found[1]):02d}{found[2]}" if found else None


def is_composite(signal: str) -> bool:
    """Return whether a signal is a composite: it carries its action units in square brackets."""
    return "[" in signal


def find_composite_emotion(signal: str) -> str | None:
    """Return the emotion of a composite, or None for what is no composite.

    Examples
    --------
    >>> find_composite_emotion("happiness[AU06+AU12]"), find_composite_emotion("emotion:anger[AU04]")
    ('happiness', 'anger')
    """
    return signal.split("[", 1)[0].strip().split(":")[-1] if is_composite(signal) else None


def is_congruent(signal: str, emotion: str, units: Collection[str]) -> bool:
    """Return whether a signal counts as mimicry of an emotion: a congruent action unit, or that emotion's composite.

    Examples
    --------
    >>> is_congruent("AU12_r", "happiness", ("AU06", "AU12")), is_congruent("anger[4+7]", "happiness", ("AU12",))
    (True, False)
    """
    if is_composite(signal):
        return find_composite_emotion(signal) == emotion
    return find_action_unit(signal) in units

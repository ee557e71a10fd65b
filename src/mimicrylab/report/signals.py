"""What signals are called in words: action units by their FACS names, sides, vendors' endings, composites.

Source of the names: Ekman, Friesen and Hager (2002), Facial Action Coding System, the manual.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mimicrylab.measures.signal_names import (
    ACTION_UNIT,
    TABLE_PREFIX,
    find_action_unit,
    is_composite,
    is_congruent,
)

__all__ = [
    "ACTION_UNIT",
    "NAMES",
    "TABLE_PREFIX",
    "count_units",
    "explain_composites",
    "find_action_unit",
    "is_composite",
    "is_congruent",
    "name_short",
    "name_signal",
]

NAMES = {
    1: "inner brow raiser",
    2: "outer brow raiser",
    4: "brow lowerer",
    5: "upper lid raiser",
    6: "cheek raiser",
    7: "lid tightener",
    9: "nose wrinkler",
    10: "upper lip raiser",
    11: "nasolabial deepener",
    12: "lip corner puller",
    13: "sharp lip puller",
    14: "dimpler",
    15: "lip corner depressor",
    16: "lower lip depressor",
    17: "chin raiser",
    18: "lip pucker",
    20: "lip stretcher",
    22: "lip funneler",
    23: "lip tightener",
    24: "lip presser",
    25: "lips part",
    26: "jaw drop",
    27: "mouth stretch",
    28: "lip suck",
    43: "eyes closed",
    45: "blink",
}
SIDES = {"L": "left", "R": "right"}


def name_signal(signal: str) -> str:
    """Return a signal with its name in words, where it has one.

    Examples
    --------
    >>> name_signal("AU12L"), name_signal("AU04_r"), name_signal("happiness[AU06+AU12]")
    ('AU12L left lip corner puller', 'AU04_r brow lowerer', 'happiness [6+12]')
    >>> name_signal("emotion:anger[AU04+AU07]")
    'anger composite [4+7]'
    """
    found = ACTION_UNIT.match(signal)
    if found:
        words = [signal, SIDES.get(found[2], ""), NAMES.get(int(found[1]), "")]
        return " ".join(word for word in words if word)
    emotion, bracket, units = signal.partition("[")
    if emotion.startswith(TABLE_PREFIX):
        emotion = f"{emotion.removeprefix(TABLE_PREFIX)} composite"
    return f"{emotion} [{re.sub(r'AU0?', '', units)}" if bracket else signal


def name_short(signal: str) -> str:
    """Return a signal as a table names it: an action unit as it is, a composite with its units in brackets.

    Examples
    --------
    >>> name_short("AU12"), name_short("happiness[AU06+AU12]")
    ('AU12', 'happiness [6+12]')
    """
    return name_signal(signal) if is_composite(signal) else signal


def explain_composites(signals: Iterable[str]) -> str:
    """Return a sentence on the composites among the signals, and what tells the two kinds apart; nothing without any.

    Examples
    --------
    >>> explain_composites(["AU12"])
    ''
    >>> explain_composites(["happiness[AU12+AU25]"])
    'A composite such as happiness [12+25] is the mean of the action units that count as mimicry of happiness here.'
    """
    found = sorted(set(filter(is_composite, signals)))
    own = [name for name in found if not name.startswith(TABLE_PREFIX)]
    table = [name for name in found if name.startswith(TABLE_PREFIX)]
    sentences = []
    if own:
        emotion = own[0].partition("[")[0]
        sentences.append(
            f"A composite such as {name_signal(own[0])} is the mean of the action units that count as mimicry of "
            f"{emotion} here."
        )
    if table:
        before = "Another kind is" if own else "There is"
        sentences.append(
            f"{before} the {name_signal(table[0])}: a composite of movements from MimicryLab's table of emotions, each "
            "action unit divided by the size of a strong movement. It is no feeling, and its action units do not "
            "depend on what the stimuli show."
        )
    return " ".join(sentences)


def count_units(signal: str) -> int:
    """Return how many action units a composite has; 0 for what is no composite.

    Examples
    --------
    >>> count_units("happiness[AU06+AU12]"), count_units("AU12")
    (2, 0)
    """
    return signal.count("+") + 1 if is_composite(signal) else 0

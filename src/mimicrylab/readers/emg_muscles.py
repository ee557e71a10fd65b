"""Facial muscles: what channels are called, and which action unit a muscle's activity stands for.

The correspondence of muscles and action units is that of the FACS manual (Ekman, Friesen & Hager, 2002). A surface
electrode also hears its neighbours: levator labii stands for AU10 here and moves with AU09, orbicularis oculi for AU06
and moves with AU07.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ACTION_UNITS: Mapping[str, str] = {
    "zygomaticus": "AU12",
    "corrugator": "AU04",
    "orbicularis_oculi": "AU06",
    "levator": "AU10",
    "frontalis": "AU01",
    "frontalis_lateral": "AU02",
    "depressor": "AU15",
    "mentalis": "AU17",
    "orbicularis_oris": "AU24",
}
"""Muscle -> action unit. Zygomaticus is the major one; frontalis its medial part, which raises the inner brow."""

NAMES: tuple[tuple[str, str], ...] = (
    (r"zyg", "zygomaticus"),
    (r"corr?(?:ug|\b|_|\d)", "corrugator"),
    (r"orb\w*[ _.-]*oris|\boor\b", "orbicularis_oris"),
    (r"orb|\booc\b", "orbicularis_oculi"),
    (r"lev(?:ator|_|\b)|\blls\b", "levator"),
    (r"front\w*[ _.-]*lat|lat\w*[ _.-]*front", "frontalis_lateral"),
    (r"front", "frontalis"),
    (r"depressor|\bdao\b", "depressor"),
    (r"mental", "mentalis"),
)
"""Patterns of channel names, in the order in which they are tried."""


def find_muscle(channel: str) -> str | None:
    """Return the muscle that a channel's name says, or None.

    Examples
    --------
    >>> find_muscle("EMG Zyg (uV)"), find_muscle("corrugator supercilii"), find_muscle("ECG")
    ('zygomaticus', 'corrugator', None)
    """
    name = channel.lower()
    return next((muscle for pattern, muscle in NAMES if re.search(pattern, name)), None)

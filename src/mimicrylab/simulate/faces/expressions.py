"""Emotional expressions as action units and their levels, and how a face moves from neutral into them and lives on."""

from __future__ import annotations

from collections.abc import Mapping

EXPRESSIONS: Mapping[str, Mapping[str, float]] = {
    "anger": {"AU04": 1.1, "AU05": 0.3, "AU07": 0.5, "AU23": 0.35, "AU24": 0.6},
    "disgust": {"AU09": 1.2, "AU10": 0.9, "AU04": 0.4, "AU06": 0.3, "AU17": 0.5, "AU15": 0.3},
    "fear": {"AU01": 1.4, "AU02": 0.9, "AU04": 0.4, "AU05": 0.9, "AU20": 0.8, "AU25": 0.4, "AU26": 0.25},
    "happiness": {"AU06": 0.8, "AU12": 0.9, "AU10": 0.25, "AU25": 0.7},
    "sadness": {"AU01": 1.4, "AU04": 0.5, "AU15": 0.9, "AU17": 0.5},
    "surprise": {"AU01": 1.5, "AU02": 1.5, "AU05": 0.8, "AU26": 0.55, "AU25": 0.2},
    "neutral": {},
}
"""Emotion -> action unit -> level at the apex. They look right to the makers; no people have rated them yet."""

SHOWN_FROM = 0.25
"""An action unit counts as shown by a stimulus from this level on."""


def list_shown(emotion: str) -> tuple[str, ...]:
    """Return the action units that an expression shows.

    Examples
    --------
    >>> list_shown("happiness")
    ('AU06', 'AU10', 'AU12', 'AU25')
    """
    return tuple(sorted(unit for unit, level in EXPRESSIONS[emotion].items() if level >= SHOWN_FROM))

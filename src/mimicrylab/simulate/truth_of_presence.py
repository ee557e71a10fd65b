"""What an analysis of presence should find: means of cells by arm, treatment effects, mimicry, moderation.

All are statements about the population. A regression of the moderation is the best straight line in each arm: its slope
is the covariance of the block with the neutral block by the neutral block's variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mimicrylab.protocol.congruence import ADFES, NEUTRAL, list_incongruent
from mimicrylab.simulate.presence import Cell, Presence, describe_composite, find_covariance

COMPOSITE = "composite"


def describe_presence(presence: Presence, arms: Sequence[str]) -> dict[str, Any]:
    """Return what was planted, for the first arm against the others; shares of frames.

    Congruent units are those of ``protocol.congruence.ADFES``; a composite is the mean of an emotion's.
    """
    emotions = [emotion for emotion in presence.emotions if emotion != NEUTRAL]
    return {
        "unit": "share of frames",
        "cells": _list_cells(presence, arms),
        "composites": _list_composites(presence, arms, emotions),
        "mimicry_without_treatment": _list_mimicry(presence, emotions, list(presence.emotions)),
        "treatment": {"difference": f"{arms[0]} - {arms[1]}", "effects": _list_treatment(presence, emotions)},
        "moderation_by_neutral": [_describe_moderation(presence, emotion) for emotion in emotions],
    }


def _list_cells(presence: Presence, arms: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "emotion": emotion,
            "signal": unit,
            "mean": {name: presence.find_mean(arm, (emotion, unit)) for arm, name in enumerate(arms)},
            "sd": {name: presence.find_sd(arm, (emotion, unit)) for arm, name in enumerate(arms)},
        }
        for emotion in presence.emotions
        for unit in presence.units
    ]


def _list_composites(presence: Presence, arms: Sequence[str], emotions: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for emotion in emotions:
        for shown in (emotion, NEUTRAL):
            described = [describe_composite(presence, arm, _list_members(emotion, shown)) for arm in range(len(arms))]
            found.append(
                {
                    "composite": emotion,
                    "emotion": shown,
                    "mean": {name: mean for name, (mean, _) in zip(arms, described, strict=True)},
                    "sd": {name: sd for name, (_, sd) in zip(arms, described, strict=True)},
                }
            )
    return found


def _list_mimicry(presence: Presence, emotions: Sequence[str], shown: list[str]) -> list[dict[str, Any]]:
    """Return congruent minus incongruent for each unit and composite without treatment, neutral counted in and out."""
    found = []
    for emotion in emotions:
        for neutral in (True, False):
            values = [_contrast_unit(presence, 1, emotion, unit, shown, neutral=neutral) for unit in ADFES[emotion]]
            named = [*zip(ADFES[emotion], values, strict=True), (COMPOSITE, sum(values) / len(values))]
            found += [
                {"emotion": emotion, "signal": unit, "neutral_among_the_others": neutral, "difference": value}
                for unit, value in named
            ]
    return found


def _contrast_unit(presence: Presence, arm: int, emotion: str, unit: str, shown: list[str], *, neutral: bool) -> float:
    others = list_incongruent(unit, ADFES, shown, neutral=neutral)
    means = [presence.find_mean(arm, (other, unit)) for other in others]
    return presence.find_mean(arm, (emotion, unit)) - sum(means) / len(means)


def _list_treatment(presence: Presence, emotions: Sequence[str]) -> list[dict[str, Any]]:
    """Return the first arm minus the second: raw in each block, and of congruence, neutral among the others."""
    found: list[dict[str, Any]] = []
    shown = list(presence.emotions)
    for emotion in presence.emotions:
        for unit in presence.units:
            raw = presence.find_mean(0, (emotion, unit)) - presence.find_mean(1, (emotion, unit))
            found.append({"emotion": emotion, "signal": unit, "raw": raw})
    for emotion in emotions:
        units = ADFES[emotion]
        differences = [presence.find_mean(0, (emotion, u)) - presence.find_mean(1, (emotion, u)) for u in units]
        congruence = [
            _contrast_unit(presence, 0, emotion, unit, shown, neutral=True)
            - _contrast_unit(presence, 1, emotion, unit, shown, neutral=True)
            for unit in units
        ]
        average = {"raw": sum(differences) / len(units), "congruence": sum(congruence) / len(units)}
        found.append({"emotion": emotion, "signal": COMPOSITE, **average})
    return found


def _describe_moderation(presence: Presence, emotion: str) -> dict[str, Any]:
    """Return interaction and simple slopes at 1 SD below and above the moderator's mean, with equal arms."""
    own, neutral = _list_members(emotion, emotion), _list_members(emotion, NEUTRAL)
    slopes, lines = [], []
    for arm in (0, 1):
        mean, _ = describe_composite(presence, arm, own)
        moderator, sd = describe_composite(presence, arm, neutral)
        slope = find_covariance(presence, arm, own, neutral) / sd**2
        slopes.append(slope)
        lines.append((mean, moderator, sd))
    middle = (lines[0][1] + lines[1][1]) / 2
    spread = math.sqrt((lines[0][2] ** 2 + lines[1][2] ** 2) / 2 + (lines[0][1] - lines[1][1]) ** 2 / 4)

    def find_effect(moderator: float) -> float:
        first, second = (
            mean + slope * (moderator - own_middle) for (mean, own_middle, _), slope in zip(lines, slopes, strict=True)
        )
        return first - second

    return {
        "emotion": emotion,
        "interaction": slopes[0] - slopes[1],
        "moderator": {"mean": middle, "sd": spread},
        "at_mean": find_effect(middle),
        "low": find_effect(middle - spread),
        "high": find_effect(middle + spread),
    }


def _list_members(emotion: str, shown: str) -> list[Cell]:
    return [(shown, unit) for unit in ADFES[emotion]]

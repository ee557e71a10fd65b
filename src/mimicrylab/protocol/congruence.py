"""Which action units count as mimicry of an emotion: a property of the stimulus set, never of the coder.

The preset ``adfes`` is the table of Pavarini et al. (2019), figure 2: the codes that the models of the Amsterdam
Dynamic Facial Expression Set were asked to show, as far as their coder knew them (AU01 of fear is missing in their
text, but their results need it).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.stimulus_sets import Congruence, StimulusSet
from mimicrylab.schemas import EMOTIONS

NEUTRAL = "neutral"

ADFES = {
    "happiness": ("AU06", "AU12", "AU25"),
    "sadness": ("AU01", "AU04", "AU15", "AU17"),
    "anger": ("AU04", "AU05", "AU17", "AU23"),
    "fear": ("AU01", "AU02", "AU04", "AU05", "AU20", "AU25"),
}
"""Emotion -> action units, as published."""

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "adfes": ADFES,
    "adfes_with_au07": {**ADFES, "anger": ("AU04", "AU05", "AU07", "AU17", "AU23")},
}

SHOWN_BY = 0.5
"""An action unit belongs to an emotion when at least half of the set's coded stimuli of that emotion show it."""


def list_shown(stimuli: pl.DataFrame, *, by: float = SHOWN_BY) -> dict[str, tuple[str, ...]]:
    """Return, for each emotion, the action units that at least a share ``by`` of its stimuli show.

    ``stimuli`` are the rows of one set. Stimuli whose action units are not known (null) do not count; an emotion of
    which none is known is left out.
    """
    shown: dict[str, tuple[str, ...]] = {}
    known = stimuli.filter(pl.col("action_units").is_not_null() & pl.col("emotion").is_not_null())
    for (emotion,), rows in known.group_by(["emotion"], maintain_order=True):
        counts: dict[str, int] = {}
        for units in rows["action_units"]:
            for unit in units:
                counts[unit] = counts.get(unit, 0) + 1
        typical = sorted(unit for unit, count in counts.items() if count >= by * rows.height and count > 0)
        shown[str(emotion)] = tuple(typical)
    return shown


def list_congruent(congruence: Congruence, stimuli: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return emotion -> action units that count as mimicry of it, for the stimuli of one set (rows of ``stimuli``).

    Neutral has none. What study.yaml names itself goes before the preset.

    Raises
    ------
    InputError
        A congruent action unit is shown by no stimulus of that emotion: nothing could be mimicked.
    """
    shown = list_shown(stimuli)
    emotions = [str(name) for name in stimuli["emotion"].drop_nulls().unique(maintain_order=True)]
    preset = shown if congruence.preset == "shown" else PRESETS[congruence.preset]
    named: Mapping[str, tuple[str, ...]] = {str(key): value for key, value in congruence.action_units.items()}
    table = {emotion: tuple(named.get(emotion, preset.get(emotion, ()))) for emotion in emotions}
    for emotion, unit in find_not_shown(table, stimuli):
        raise InputError(
            f"{unit} is called congruent with {emotion}, and no stimulus of that emotion shows it",
            expected=f"action units that the set shows: {', '.join(sorted(_list_any(stimuli, emotion))) or 'none'}",
            do="correct the congruence in study.yaml, or action_units in the manifest",
        )
    return table


def collect_congruent(sets: Mapping[str, StimulusSet], stimuli: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return emotion -> congruent action units over all stimulus sets; a unit counts where any set says so.

    Parameters
    ----------
    sets
        The stimulus sets of study.yaml, by name.
    stimuli
        Rows of ``schemas.STIMULI`` of all sets.

    Returns
    -------
    dict
        In the field's order of emotions; one without a congruent action unit (neutral, or nothing known) is left out.

    Raises
    ------
    InputError
        A congruent action unit is shown by no stimulus of that emotion.
    """
    merged: dict[str, set[str]] = {}
    for name, one in sets.items():
        rows = stimuli.filter(pl.col("set") == name)
        for emotion, units in list_congruent(one.congruence, rows).items():
            merged.setdefault(emotion, set()).update(units)
    return {emotion: tuple(sorted(merged[emotion])) for emotion in EMOTIONS if merged.get(emotion)}


def list_incongruent(
    unit: str, congruence: Mapping[str, Collection[str]], emotions: Sequence[str], *, neutral: bool
) -> tuple[str, ...]:
    """Return the emotions that an action unit is compared with: those shown to which it is known not to belong.

    The one rule for the congruence index, for selectivity and for the contrasts of a report. An emotion whose action
    units are not known (absent or empty) is left out, because its stimuli may show the unit. Neutral shows none.

    Parameters
    ----------
    unit
        The action unit, as ``congruence`` writes it.
    congruence
        Emotion -> its congruent action units.
    emotions
        Emotions shown, in the order of the answer.
    neutral
        Whether neutral is among the incongruent emotions.

    Examples
    --------
    >>> table = {"happiness": ("AU12",), "fear": ("AU01",), "neutral": ()}
    >>> list_incongruent("AU12", table, ["happiness", "fear", "neutral", "surprise"], neutral=True)
    ('fear', 'neutral')
    """
    known = [emotion for emotion in emotions if congruence.get(emotion) or emotion == NEUTRAL]
    return tuple(
        emotion for emotion in known if unit not in congruence.get(emotion, ()) and (neutral or emotion != NEUTRAL)
    )


def find_not_shown(table: Mapping[str, tuple[str, ...]], stimuli: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the (emotion, action unit) pairs of ``table`` that no stimulus shows.

    Emotions with a stimulus whose action units are not known are not judged. One side (AU12L) is shown where the
    manifest names that side or the whole unit.
    """
    wrong = []
    for emotion, units in table.items():
        rows = stimuli.filter(pl.col("emotion") == emotion)
        if rows.is_empty() or rows["action_units"].null_count():
            continue
        any_shown = _list_any(stimuli, emotion)
        wrong += [(emotion, unit) for unit in units if unit not in any_shown and unit.rstrip("LR") not in any_shown]
    return wrong


def _list_any(stimuli: pl.DataFrame, emotion: str) -> set[str]:
    """Action units shown by any stimulus of the emotion; a side (AU14L) shows the unit too."""
    cells = stimuli.filter(pl.col("emotion") == emotion)["action_units"].drop_nulls()
    units = {unit for cell in cells for unit in cell}
    return units | {unit.rstrip("LR") for unit in units}

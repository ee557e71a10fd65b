"""Trials where no table of events says them: from the export itself, or from a rule that is stated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError, count_things
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.readers.events_table import ROW_SCHEMA
from mimicrylab.schemas import EVENTS

LISTED = 8
STEPS = tuple(kind for kind in EVENTS.column("trial_type").choices if kind != "stimulus")
UNKNOWN = "not understood"
MOST_TRIALS = 100_000
RULE_NUMBERS = ("first", "every", "duration", "trials")
RULE_EXAMPLE = "first=4 every=8 duration=4 emotions=happiness,anger,neutral"


@dataclass(frozen=True)
class ShownNames:
    """How the names of what was shown are understood.

    Attributes
    ----------
    stimuli
        The export's name -> the stimulus of the study, or the kind of step that is no stimulus (blank, fixation, rest
        ...): what comes before a stimulus can be its baseline only if it is known to be one of the first three.
    emotions
        The export's name -> the emotion, for what is no stimulus of the study.
    """

    stimuli: Mapping[str, str] = field(default_factory=dict)
    emotions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TrialRule:
    """Trials at fixed times, the same in every recording.

    Attributes
    ----------
    first_s
        The recording's time at the first onset.
    every_s
        From onset to onset.
    duration_s
        How long each stimulus stands; None: not known.
    emotions
        What is shown, in turn, from the beginning again after the last.
    trials
        How many; None: as many as the recording has room for.
    """

    first_s: float
    every_s: float
    emotions: tuple[str, ...]
    duration_s: float | None = None
    trials: int | None = None


def read_rule(text: str) -> TrialRule:
    """Return the rule that ``text`` states: ``first=4 every=8 duration=4 emotions=happiness,anger``.

    Examples
    --------
    >>> read_rule("first=4 every=8 emotions=joy,anger").emotions
    ('happiness', 'anger')

    Raises
    ------
    InputError
        A part is missing, unknown or no number.
    UnknownNameError
        An emotion is none.
    """
    parts = dict(re.findall(r"(\w+)\s*=\s*(\S+)", text))
    unknown = [name for name in parts if name not in (*RULE_NUMBERS, "emotions")]
    if unknown:
        raise UnknownNameError("part of a rule for trials:", unknown[0], (*RULE_NUMBERS, "emotions"))
    if "emotions" not in parts or "first" not in parts or "every" not in parts:
        raise InputError("the rule for trials says too little", expected=RULE_EXAMPLE, found=text)
    numbers = {name: _read_number(name, parts[name]) for name in RULE_NUMBERS if name in parts}
    if numbers["every"] <= 0 or numbers.get("duration", 1.0) <= 0 or numbers["first"] < 0:
        raise InputError("a rule's times are above 0", expected=RULE_EXAMPLE, found=text)
    trials = numbers.get("trials")
    return TrialRule(
        numbers["first"],
        numbers["every"],
        tuple(name_emotion(word) for word in parts["emotions"].split(",") if word),
        numbers.get("duration"),
        None if trials is None else int(trials),
    )


def _read_number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not -1e9 < number < 1e9:
        raise InputError(f"{name}={text} is not a number", expected=RULE_EXAMPLE)
    return number


def apply_rule(rule: TrialRule, recordings: pl.DataFrame) -> pl.DataFrame:
    """Return the trials of a rule for each recording, with the columns of an events reader.

    A trial that would end after the recording is left out. ``recordings`` has ``recording_id`` and ``duration_s``.

    Raises
    ------
    InputError
        There is no number of trials, and a recording's length is not known; or it has no room for a trial.
    """
    rows: list[dict[str, Any]] = []
    for recording_id, duration in recordings.select("recording_id", "duration_s").iter_rows():
        n_trials = rule.trials
        if n_trials is None:
            if duration is None:
                raise InputError(
                    "the rule does not say how many trials there are, and the recording's length is not known",
                    where=recording_id,
                    do="add trials=12 to the rule",
                )
            room = duration - rule.first_s - (rule.duration_s or rule.every_s)
            n_trials = int(room // rule.every_s) + 1 if room >= 0 else 0
        if not 0 < n_trials <= MOST_TRIALS:
            raise InputError(
                "the rule leaves no trial in a recording" if n_trials <= 0 else "the rule makes too many trials",
                where=recording_id,
                found=f"first={rule.first_s:g} every={rule.every_s:g} in {duration or 0:.4g} s",
            )
        rows += [
            {
                "line": len(rows) + place + 1,
                "recording": recording_id,
                "onset": rule.first_s + place * rule.every_s,
                "duration": rule.duration_s,
                "trial_type": "stimulus",
                "stimulus_emotion": rule.emotions[place % len(rule.emotions)],
            }
            for place in range(n_trials)
        ]
    return pl.DataFrame(rows, schema=ROW_SCHEMA)


def name_shown(
    rows: pl.DataFrame, names: ShownNames, *, stimuli: pl.DataFrame | None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return an export's showings as events: stimuli where their names are understood, other steps where not.

    Parameters
    ----------
    rows
        Showings as a reader read them, ``stimulus`` as the export names it, ``recording`` filled.
    names
        How names are understood; one that is the study's own needs no mention, with or without its ending.
    stimuli
        The study's stimuli, or None where it lists none.

    Returns
    -------
    tuple
        The rows, and what is to be said: a name that is not understood is named, and its rows are kept as steps of
        another kind, which are no trials.

    Raises
    ------
    UnknownNameError
        A name is said to be a stimulus that the study does not have, or an emotion that is none.
    """
    own = {} if stimuli is None else {_fold(name): name for name in stimuli["stimulus"].to_list()}
    steps = {step: step for step in STEPS}
    for name in names.stimuli.values():
        if _fold(name) not in {**steps, **own}:
            raise UnknownNameError("stimulus or kind of step", name, [*own.values(), *STEPS])
    stated = {_fold(name): _fold(each) for name, each in names.stimuli.items()}
    emotions = {_fold(name): name_emotion(word) for name, word in names.emotions.items()}
    understood: dict[str, tuple[str, str | None, str | None]] = {}
    for name in rows["stimulus"].drop_nulls().unique(maintain_order=True):
        key = stated.get(_fold(name), _fold(name))
        stimulus = own.get(key)
        emotion = None if stimulus else emotions.get(key)
        kind = "stimulus" if stimulus or emotion else steps.get(key, UNKNOWN)
        understood[name] = (kind, stimulus, emotion)
    parts = [
        {"stimulus": name, "kind": kind, "known": stimulus, "shows": emotion}
        for name, (kind, stimulus, emotion) in understood.items()
    ]
    schema = dict.fromkeys(("stimulus", "kind", "known", "shows"), pl.String)
    joined = rows.join(pl.DataFrame(parts, schema=schema), on="stimulus", how="left", maintain_order="left")
    named = joined.with_columns(
        pl.col("kind").replace(UNKNOWN, "other").fill_null("other").alias("trial_type"),
        pl.col("known").alias("stimulus"),
        pl.coalesce("stimulus_emotion", "shows").alias("stimulus_emotion"),
    ).select(rows.columns)
    strange = [name for name, (kind, _, _) in understood.items() if kind == UNKNOWN]
    return named, tuple(_describe_strange(strange, n_names=len(understood)))


def _describe_strange(strange: list[str], *, n_names: int) -> list[str]:
    if not strange:
        return []
    shown = ", ".join(repr(name) for name in strange[:LISTED])
    more = f" and {len(strange) - LISTED} more" if len(strange) > LISTED else ""
    verb = "is" if len(strange) == 1 else "are"
    example = strange[0]
    return [
        f"{len(strange)} of {count_things(n_names, 'name')} of what was shown {verb} no stimulus of the study: {shown}"
        f"{more}; kept as other steps, no trials. Say what it is: --stimulus '{example}=NAME' (a stimulus, or blank, "
        f"fixation, rest), or --emotion '{example}=EMOTION'"
    ]


def _fold(name: str) -> str:
    """Return a name in the form in which two are compared: no folders, ending, case, or runs of spaces."""
    path = " ".join(PurePath(name.strip().replace("\\", "/")).name.casefold().split())
    stem, dot, ending = path.rpartition(".")
    return stem if dot and 1 < len(ending) <= 4 and ending.isalnum() and stem else path

"""Congruence as a condition within a person: a unit where the stimuli show it, and where it is not typical.

For an emotion e with congruent action units A(e), each unit u of it has a congruent value (its trials in e) and an
incongruent one (the mean over the emotions that it is known not to belong to, ``list_incongruent``); over the units of
an emotion they are averaged, if all are there. The difference of the two is the congruence index of ``measures``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from mimicrylab.coding.emotions import COMPOSITE_UNIT
from mimicrylab.errors import InputError
from mimicrylab.measures.signal_names import find_action_unit
from mimicrylab.measures.signals import CONGRUENT, list_strong, name_composite
from mimicrylab.protocol.analyses import Outcome
from mimicrylab.protocol.congruence import list_incongruent
from mimicrylab.schemas import EMOTIONS
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.signal_choice import SignalChoice
from mimicrylab.stats.plan.value_rows import NEUTRAL_VERSIONS, WITH, WITHOUT, make_cells

CONGRUENCE_LEVELS = ("congruent", "incongruent")
SHOWN = "shown_emotion"
"""The emotion shown, where ``stimulus_emotion`` is the one that would be mimicked."""
NAMED = ("emotion", "signal", "congruence", NEUTRAL_VERSIONS)

Pair = tuple[str, str, tuple[str, ...]]
"""An emotion, one of its congruent signals, and the emotions that this is compared with."""


def split_congruence(
    data: PlanData, rows: pl.DataFrame, outcome: Outcome, *, dimensions: Sequence[str], trials: bool
) -> tuple[pl.DataFrame, SignalChoice]:
    """Return the values with the column ``congruence``, and which pairs of emotion and signal they are of.

    ``stimulus_emotion`` of the result is the emotion that would be mimicked, not the one shown, and ``signal`` the
    action unit, or the emotion's composite where ``signal`` is not among the dimensions.

    Parameters
    ----------
    data, rows, outcome
        The plan's data, the measure's rows, and what was asked for.
    dimensions
        Dimensions and conditions of the table; further conditions (phase, block ...) split the cells.
    trials
        Whether a row is a trial; else trials become a person's values of conditions first, and the incongruent ones
        are averaged, unless ``shown_emotion`` is a dimension.

    Raises
    ------
    InputError
        Nothing is known of congruent units, the measure has no values of trials, or no unit can be compared.
    """
    if not data.congruent:
        raise InputError(
            "nothing says which action units are congruent with which emotion",
            where="predictor congruence",
            do="declare congruence under the stimulus set (or congruent: in the plan file of a table)",
        )
    of_trials = rows.filter(pl.col("trial").is_not_null() & ~pl.col("signal").str.contains("[", literal=True))
    if of_trials.is_empty():
        raise InputError(
            f"{outcome.measure or outcome.score!r} has no values of action units in single trials",
            where="predictor congruence",
            do="take the measure of trials that it is made of",
        )
    members = _find_members(of_trials, data.congruent, outcome)
    versions = {WITH: True, WITHOUT: False} if NEUTRAL_VERSIONS in dimensions else {WITH: True}
    own = [name for name in dimensions if name in rows.columns and name not in NAMED]
    measure = outcome.measure or str(outcome.score)
    cells = of_trials if trials else make_cells(data, of_trials, measure, by=own)
    seen = set(of_trials["stimulus_emotion"].unique())
    shown = [emotion for emotion in EMOTIONS if emotion in seen]
    table = {emotion: tuple(data.congruent.get(emotion, ())) for emotion in shown}
    by_signal = "signal" in dimensions
    pieces = []
    for version, neutral in versions.items():
        pairs = _list_pairs(members, table, shown, neutral=neutral)
        levels = _join_levels(cells, pairs, own=own, apart=trials or SHOWN in dimensions)
        apart = trials or SHOWN in dimensions
        done = levels if by_signal else _average_units(levels, members, own=own, apart=apart)
        pieces.append(done.with_columns(pl.lit(version).alias(NEUTRAL_VERSIONS)))
    found = pl.concat(pieces)
    keys = found.select("stimulus_emotion", "signal").unique(maintain_order=True)
    return found, SignalChoice(tuple((str(a), str(b)) for a, b in keys.rows()))


def _find_members(
    rows: pl.DataFrame, congruent: Mapping[str, Sequence[str]], outcome: Outcome
) -> dict[str, tuple[str, ...]]:
    """Return emotion -> its congruent signals among the rows, as far as the outcome means them.

    An emotion of which a unit is not measured has no composite, so it is left out, unless units were named.
    """
    columns = {find_action_unit(name) or name: name for name in rows["signal"].unique(maintain_order=True)}
    shown = set(rows["stimulus_emotion"].unique())
    single = [entry for entry in outcome.signals if find_action_unit(entry)]
    emotions = {entry.partition(":")[2] for entry in outcome.signals if entry.startswith(f"{CONGRUENT}:")}
    members: dict[str, tuple[str, ...]] = {}
    for emotion, units in congruent.items():
        wanted = [unit for unit in units if not single or unit in {find_action_unit(entry) for entry in single}]
        named = not emotions or emotion in emotions or CONGRUENT in outcome.signals
        if emotion not in shown or not wanted or not named or (outcome.emotions and emotion not in outcome.emotions):
            continue
        if all(unit in columns for unit in wanted):
            members[emotion] = tuple(columns[unit] for unit in wanted)
    if not members:
        raise InputError(
            "no emotion that is shown has congruent action units that are all measured",
            where="predictor congruence",
            found=f"measured: {', '.join(sorted(columns))}",
            do="declare the congruent units that the coder can see, or name signals of the outcome",
        )
    return members


def _list_pairs(
    members: Mapping[str, Sequence[str]], table: Mapping[str, Sequence[str]], shown: Sequence[str], *, neutral: bool
) -> list[Pair]:
    pairs = [
        (emotion, signal, list_incongruent(find_action_unit(signal) or signal, table, shown, neutral=neutral))
        for emotion, signals in members.items()
        for signal in signals
    ]
    if not any(others for _, _, others in pairs):
        raise InputError(
            "every congruent unit belongs to every emotion shown: there is nothing to compare with",
            where="predictor congruence",
        )
    return pairs


def _join_levels(cells: pl.DataFrame, pairs: Sequence[Pair], *, own: Sequence[str], apart: bool) -> pl.DataFrame:
    """Return a congruent and an incongruent row for each person (and trial, or further condition) and pair."""
    place = pl.DataFrame(
        [
            (emotion, signal, shown, CONGRUENCE_LEVELS[int(shown != emotion)], len(others) if shown != emotion else 1)
            for emotion, signal, others in pairs
            for shown in (emotion, *others)
        ],
        schema={
            "_own": pl.String,
            "signal": pl.String,
            "stimulus_emotion": pl.String,
            "congruence": pl.String,
            "_needed": pl.UInt32,
        },
        orient="row",
    )
    joined = cells.join(place, on=["stimulus_emotion", "signal"], how="inner", maintain_order="left")
    joined = joined.with_columns(pl.col("stimulus_emotion").alias(SHOWN)).with_columns(
        pl.col("_own").alias("stimulus_emotion")
    )
    if apart:
        return joined.drop("_own", "_needed")
    keys = ["participant_id", "session_id", "stimulus_emotion", "signal", "congruence", "window_start_s", *own]
    keys = list(dict.fromkeys(keys))
    kept = [name for name in cells.columns if name not in {*keys, "value"}]
    return (
        joined.group_by(keys, maintain_order=True)
        .agg(
            pl.col("value").mean(),
            pl.col("value").count().alias("_values"),
            pl.col("_needed").first(),
            *[pl.col(name).first() for name in kept],
        )
        .with_columns(pl.when(pl.col("_values") == pl.col("_needed")).then("value").alias("value"))
        .drop("_values", "_needed")
    )


_FACTS = (
    "value",
    "unit",
    "signal",
    "n_frames",
    "share_valid",
    "reason",
    "censored",
    "recording_id",
    "block",
    "block_position",
    "block_role",
    "phase",
    "model_id",
    "stimulus",
    "window_stop_s",
    "baseline",
    "coder",
    "measure",
)
"""Columns that do not tell the rows of one emotion's units apart."""


def _average_units(
    rows: pl.DataFrame, members: Mapping[str, Sequence[str]], *, own: Sequence[str], apart: bool
) -> pl.DataFrame:
    """Return the mean over each emotion's units: null where one has no value; sized where their units differ."""
    units = rows.filter(pl.col("value").is_not_null()).group_by("stimulus_emotion").agg(pl.col("unit").n_unique() > 1)
    mixed = {str(emotion): bool(several) for emotion, several in units.iter_rows()}
    emotion = pl.col("stimulus_emotion")
    if any(mixed.values()):
        is_mixed = emotion.replace_strict(mixed, default=False, return_dtype=pl.Boolean)
        unit = pl.when(is_mixed).then(pl.lit(COMPOSITE_UNIT)).otherwise("unit")
        rows = rows.with_columns(_size_values(rows, is_mixed), unit.alias("unit"))
    sizes = {name: len(signals) for name, signals in members.items()}
    names = {
        name: name_composite(name, [find_action_unit(signal) or signal for signal in signals])
        for name, signals in members.items()
    }
    facts = [name for name in _FACTS if name in rows.columns and name not in own]
    keys = [name for name in rows.columns if name not in facts]
    needed = pl.len() if apart else emotion.first().replace_strict(sizes, return_dtype=pl.UInt32)
    return (
        rows.group_by(keys, maintain_order=True)
        .agg(
            pl.when(pl.col("value").count() == pl.col("value").len()).then(pl.col("value").mean()).alias("value"),
            needed.alias("_needed"),
            pl.len().alias("_rows"),
            *[pl.col(name).first() for name in facts if name != "value"],
        )
        .with_columns(
            pl.when(pl.col("_rows") == pl.col("_needed")).then("value").alias("value"),
            emotion.replace_strict(names, return_dtype=pl.String).alias("signal"),
        )
        .select(rows.columns)
    )


def _size_values(rows: pl.DataFrame, is_mixed: pl.Expr) -> pl.Expr:
    """Return the values in shares of a strong movement, as the coder declares it, where an emotion's units differ."""
    units = {signal: find_action_unit(signal) or signal for signal in rows["signal"].unique()}
    strong = list_strong(str(rows["coder"][0]), sorted(set(units.values())))
    sizes = {signal: strong.get(unit) for signal, unit in units.items()}
    size = pl.col("signal").replace_strict(sizes, return_dtype=pl.Float64)
    return pl.when(is_mixed).then(pl.col("value") / size).otherwise("value").alias("value")

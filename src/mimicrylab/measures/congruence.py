"""Congruence index: how much more an action unit moves where the stimulus shows it than where it is not typical.

For emotion e with congruent action units A(e), and a person's mean m(u, e) of unit u over the trials of e::

    index(u, e) = m(u, e) - mean of m(u, e') over the emotions e' to which u does not belong
    index(e)    = mean of index(u, e) over u in A(e)

Neutral belongs to no unit, so it is among the incongruent emotions; because a neutral block often comes first and
novelty raises movement, the index is given with and without it. Pavarini et al. (2019) counted it as incongruent.
A person who lacks one of the emotions that a unit needs has no index for it, rather than one from other emotions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from mimicrylab.coding.emotions import COMPOSITE_UNIT
from mimicrylab.measures.cells import Aggregate, aggregate_trials
from mimicrylab.measures.measure import Conditions, PersonMeasure
from mimicrylab.measures.signals import CONGRUENT, list_strong, name_composite
from mimicrylab.protocol.congruence import NEUTRAL, list_incongruent
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES

WITHOUT_NEUTRAL = "_without_neutral"
PERSON_KEY = ("participant_id", "session_id", "coder")


def measure_congruence(rows: pl.DataFrame, request: MeasureRequest, conditions: Conditions) -> pl.DataFrame:
    """Return a row for each person, emotion and congruent action unit, and one for each emotion's composite.

    Parameters
    ----------
    rows
        Trials' rows of one measure in one window, action units among the signals.
    request
        ``neutral`` (both, with, without), ``aggregate`` (how trials become the mean of an emotion), ``signals``.
    conditions
        Congruent action units by emotion, and how many trials a mean needs.
    """
    table, emotions = conditions.congruence, conditions.emotions
    cells = _average_cells(rows, table, limits=conditions.cells, how=request.aggregate or "mean_of_trials")
    pieces = [
        _score_cells(cells, table, emotions, neutral=neutral).with_columns(pl.lit(label).alias("measure"))
        for label, neutral in _list_versions(request, with_neutral=NEUTRAL in emotions)
    ]
    chosen = keep_signals(pl.concat(pieces), request.signals)
    return chosen.select(pl.col(column.name).cast(column.dtype) for column in MEASURES.columns)


def _list_versions(request: MeasureRequest, *, with_neutral: bool) -> list[tuple[str, bool]]:
    label, choice = request.label, request.neutral or "both"
    if not with_neutral:
        return [(label, False)]
    versions = {"with": [(label, True)], "without": [(label + WITHOUT_NEUTRAL, False)]}
    return versions.get(choice, [*versions["with"], *versions["without"]])


def keep_signals(rows: pl.DataFrame, signals: Sequence[str]) -> pl.DataFrame:
    """Return the rows of the signals asked for; ``congruent`` stands for all composites, no signals for all rows."""
    if not signals:
        return rows
    composite = pl.col("signal").str.ends_with("]")
    emotions = [entry.partition(":")[2] for entry in signals if entry.startswith(f"{CONGRUENT}:")]
    wanted = pl.col("signal").is_in(list(signals)) | (composite & pl.col("stimulus_emotion").is_in(emotions))
    return rows.filter(wanted | composite if CONGRUENT in signals else wanted)


def score_models(
    rows: pl.DataFrame,
    congruence: Mapping[str, Sequence[str]],
    *,
    neutral: bool = True,
) -> pl.DataFrame:
    """Return the congruence index from the trials of each stimulus model alone: the parts of a split-half reliability.

    Parameters
    ----------
    rows
        Trials' rows of one measure in one window, with ``model_id``.
    congruence
        Emotion -> its congruent action units.
    neutral
        Whether neutral is among the incongruent emotions.

    Returns
    -------
    pl.DataFrame
        ``participant_id, session_id, coder, model_id, stimulus_emotion, signal, value``: what
        ``stats.reliability.estimate_split_half`` takes for one emotion and signal at a time. Models that were not
        shown with every emotion that a unit needs have no value.
    """
    of_models = rows.filter(pl.col("model_id").is_not_null())
    emotions = sorted(set(of_models["stimulus_emotion"].drop_nulls()))
    limits = CellLimits(minimum_trials=0.0)
    cells = _average_cells(of_models, congruence, limits=limits, how="mean_of_trials", by=("model_id",))
    scored = _score_cells(cells, congruence, emotions, neutral=neutral, by=("model_id",))
    return scored.select(*PERSON_KEY, "model_id", "stimulus_emotion", "signal", "value")


def _average_cells(
    rows: pl.DataFrame,
    congruence: Mapping[str, Sequence[str]],
    *,
    limits: CellLimits,
    how: Aggregate,
    by: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Return the means of the congruent action units over the trials of each emotion."""
    units = sorted({unit for members in congruence.values() for unit in members})
    return aggregate_trials(rows.filter(pl.col("signal").is_in(units)), limits, how=how, by=by)


def _score_cells(
    cells: pl.DataFrame,
    congruence: Mapping[str, Sequence[str]],
    emotions: Sequence[str],
    *,
    neutral: bool,
    by: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Return the index of each person (and level of ``by``), emotion, action unit and composite, in that order."""
    shown = [emotion for emotion in emotions if congruence.get(emotion)]
    pairs = [
        (emotion, unit, list_incongruent(unit, congruence, emotions, neutral=neutral))
        for emotion in shown
        for unit in congruence[emotion]
    ]
    if not pairs or cells.is_empty():
        return cells.clear()
    units = _score_units(cells, pairs, keys=(*PERSON_KEY, *by))
    return pl.concat([units, _average_units(units, {e: congruence[e] for e in shown}, keys=(*PERSON_KEY, *by))])


def _score_units(
    cells: pl.DataFrame, pairs: Sequence[tuple[str, str, tuple[str, ...]]], *, keys: tuple[str, ...]
) -> pl.DataFrame:
    """Return own minus mean of the others for each pair of emotion and unit; null where one of the others lacks."""
    place = ["stimulus_emotion", "signal"]
    wanted = pl.DataFrame(
        [(e, unit, len(others), _explain_missing(unit, others)) for e, unit, others in pairs],
        schema=[*place, "_needed", "_lacking"],
        orient="row",
    )
    against = pl.DataFrame(
        [(e, unit, other) for e, unit, others in pairs for other in others],
        schema={"_own": pl.String, "signal": pl.String, "stimulus_emotion": pl.String},
        orient="row",
    )
    others = (
        cells.join(against, on=["stimulus_emotion", "signal"])
        .group_by([*keys, "_own", "signal"])
        .agg(pl.col("value").mean().alias("_other"), pl.col("value").count().alias("_others"))
        .rename({"_own": "stimulus_emotion"})
    )
    complete = (pl.col("_others") == pl.col("_needed")) & (pl.col("_needed") > 0)
    return (
        cells.join(wanted, on=place, how="inner", maintain_order="left")
        .join(others, on=[*keys, *place], how="left", maintain_order="left")
        .with_columns(
            pl.when(complete).then(pl.col("value") - pl.col("_other")).alias("value"),
            pl.coalesce("reason", pl.when(~complete.fill_null(False)).then("_lacking")).alias("reason"),
        )
        .select(cells.columns)
    )


def _explain_missing(unit: str, incongruent: Sequence[str]) -> str:
    if not incongruent:
        return f"{unit} belongs to every emotion shown: there is nothing to compare with"
    return f"{unit} has no value in one of the emotions to compare with ({', '.join(incongruent)})"


def _average_units(
    rows: pl.DataFrame, congruence: Mapping[str, Sequence[str]], *, keys: tuple[str, ...]
) -> pl.DataFrame:
    """Return the composites' rows: the mean over an emotion's units, null with a reason where one has no value.

    Where the units have different units of measurement, each is divided by the size of a strong movement, as the coder
    declares it: the same constant for everybody, so that differences between people stay.
    """
    emotion = pl.col("stimulus_emotion")
    mixed = emotion.replace_strict(_find_mixed(rows), default=False, return_dtype=pl.Boolean)
    strong = list_strong(str(rows["coder"][0]), sorted(set(rows["signal"])))
    size = pl.col("signal").replace_strict(strong, default=None, return_dtype=pl.Float64)
    members = {name: len(units) for name, units in congruence.items()}
    names = {name: name_composite(name, units) for name, units in congruence.items()}
    absent = {name: _name_absent(rows, name, units) for name, units in congruence.items()}
    complete = pl.col("_values") == emotion.replace_strict(members, return_dtype=pl.UInt32)
    unsized = pl.lit("its action units have units that cannot be averaged")
    missing = pl.coalesce(emotion.replace_strict(absent, return_dtype=pl.String), "_reason", unsized)
    kept = [name for name in rows.columns if name not in {*keys, "stimulus_emotion", "value", "reason"}]
    return (
        rows.with_columns(pl.when(mixed).then(pl.col("value") / size).otherwise("value").alias("value"))
        .group_by([*keys, "stimulus_emotion"], maintain_order=True)
        .agg(
            pl.col("value").mean(),
            pl.col("value").count().alias("_values"),
            pl.col("reason").drop_nulls().first().alias("_reason"),
            *[pl.col(name).first() for name in kept],
        )
        .with_columns(
            pl.when(complete).then("value").alias("value"),
            pl.when(~complete).then(missing).alias("reason"),
            emotion.replace_strict(names, return_dtype=pl.String).alias("signal"),
            pl.when(mixed).then(pl.lit(COMPOSITE_UNIT)).otherwise("unit").alias("unit"),
        )
        .select(rows.columns)
    )


def _find_mixed(rows: pl.DataFrame) -> dict[str, bool]:
    """Return, for each emotion, whether its action units have different units of measurement."""
    units = rows.group_by("stimulus_emotion").agg(pl.col("unit").n_unique() > 1)
    return {str(emotion): bool(mixed) for emotion, mixed in units.iter_rows()}


def _name_absent(rows: pl.DataFrame, emotion: str, units: Sequence[str]) -> str | None:
    present = set(rows.filter(pl.col("stimulus_emotion") == emotion)["signal"])
    absent = [unit for unit in units if unit not in present]
    return f"{' and '.join(absent)} not measured" if absent else None


CONGRUENCE = PersonMeasure(
    "congruence",
    "congruent minus incongruent movement of a person, for each action unit and over those of an emotion",
    "Pavarini et al. (2019), as one score a person",
    measure_congruence,
    parameters=frozenset({"of", "neutral", "aggregate"}),
)

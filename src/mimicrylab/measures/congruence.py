"""Congruence index: how much more an action unit moves where the stimulus shows it than where it is not typical.

For emotion e with congruent action units A(e), and a person's mean m(u, e) of unit u over the trials of e::

    index(u, e) = m(u, e) - mean of m(u, e') over the emotions e' to which u does not belong
    index(e)    = mean of index(u, e) over u in A(e)

Neutral belongs to no unit, so it is among the incongruent emotions; because a neutral block often comes first and
novelty raises movement, the index is given with and without it. Pavarini et al. (2019) counted it as incongruent.
A person who lacks one of the emotions that a unit needs has no index for it, rather than one from other emotions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from mimicrylab.coding.emotions import COMPOSITE_UNIT
from mimicrylab.measures.cells import aggregate_trials
from mimicrylab.measures.measure import Conditions, PersonMeasure
from mimicrylab.measures.signals import CONGRUENT, list_strong, name_composite
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES

NEUTRAL = "neutral"
WITHOUT_NEUTRAL = "_without_neutral"
PERSON_KEY = ("participant_id", "session_id", "coder")


def list_incongruent(
    unit: str, congruence: Mapping[str, Sequence[str]], emotions: Sequence[str], *, neutral: bool
) -> tuple[str, ...]:
    """Return the emotions shown to which an action unit does not belong.

    An emotion whose action units are not known (absent or empty, other than neutral) is left out: it may show the unit.

    Examples
    --------
    >>> table = {"happiness": ("AU12",), "fear": ("AU01",), "neutral": ()}
    >>> list_incongruent("AU12", table, ["happiness", "fear", "neutral", "surprise"], neutral=True)
    ('fear', 'neutral')
    """
    known = [emotion for emotion in emotions if emotion == NEUTRAL or congruence.get(emotion)]
    return tuple(
        emotion for emotion in known if unit not in congruence.get(emotion, ()) and (neutral or emotion != NEUTRAL)
    )


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
    pieces = []
    for label, neutral in _list_versions(request, with_neutral=NEUTRAL in conditions.emotions):
        scored = score_congruence(
            rows,
            conditions.congruence,
            emotions=conditions.emotions,
            limits=conditions.cells,
            neutral=neutral,
            aggregate=request.aggregate or "mean_of_trials",
        )
        pieces.append(scored.with_columns(pl.lit(label).alias("measure")))
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
    scored = score_congruence(
        rows.filter(pl.col("model_id").is_not_null()),
        congruence,
        emotions=sorted(set(rows["stimulus_emotion"].drop_nulls())),
        limits=CellLimits(minimum_trials=0.0),
        neutral=neutral,
        by=("model_id",),
    )
    return scored.select(*PERSON_KEY, "model_id", "stimulus_emotion", "signal", "value")


def score_congruence(
    rows: pl.DataFrame,
    congruence: Mapping[str, Sequence[str]],
    *,
    emotions: Sequence[str],
    limits: CellLimits,
    neutral: bool,
    aggregate: str = "mean_of_trials",
    by: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Return the index of each person (and each level of ``by``), emotion, action unit and composite.

    ``emotions`` are those that the study shows: a person who lacks one of them lacks the indices that need it.

    Where the action units of a composite have different units, each is first divided by the size of a strong movement
    of it, as the coder declares it: the same constant for everybody, so that differences between people stay.
    """
    units = sorted({unit for members in congruence.values() for unit in members})
    used = rows.filter(pl.col("signal").is_in(units) & (pl.col("block_role").fill_null("test") != "washout"))
    strong = list_strong(str(used["coder"][0]), units) if used.height else {}
    cells = aggregate_trials(used, limits, how=aggregate, by=by)  # type: ignore[arg-type]
    pieces = [
        _score_emotion(cells, emotion, congruence, emotions, neutral=neutral, strong=strong, by=by)
        for emotion in emotions
        if congruence.get(emotion)
    ]
    return pl.concat(pieces) if pieces else cells.clear()


def _score_emotion(
    cells: pl.DataFrame,
    emotion: str,
    congruence: Mapping[str, Sequence[str]],
    emotions: Sequence[str],
    *,
    neutral: bool,
    strong: Mapping[str, float],
    by: tuple[str, ...],
) -> pl.DataFrame:
    members = list(congruence[emotion])
    scored = [
        _score_unit(cells, unit, emotion, list_incongruent(unit, congruence, emotions, neutral=neutral), by=by)
        for unit in members
    ]
    rows = pl.concat(scored)
    return pl.concat([rows, *_average_units(rows, emotion, members, strong, by=by)])


def _score_unit(
    cells: pl.DataFrame, unit: str, emotion: str, incongruent: Sequence[str], *, by: tuple[str, ...]
) -> pl.DataFrame:
    keys = [*PERSON_KEY, *by]
    of_unit = cells.filter(pl.col("signal") == unit)
    other = (
        of_unit.filter(pl.col("stimulus_emotion").is_in(incongruent))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("value").mean().alias("_other"), pl.col("value").count().alias("_others"))
    )
    own = of_unit.filter(pl.col("stimulus_emotion") == emotion).join(other, on=keys, how="left", maintain_order="left")
    complete = (pl.col("_others") == len(incongruent)) & (len(incongruent) > 0)
    reason = (
        pl.when(pl.col("reason").is_not_null())
        .then("reason")
        .when(~complete.fill_null(False))
        .then(pl.lit(_explain_missing(unit, incongruent)))
    )
    return own.with_columns(
        pl.when(complete).then(pl.col("value") - pl.col("_other")).alias("value"), reason.alias("reason")
    ).select(cells.columns)


def _explain_missing(unit: str, incongruent: Sequence[str]) -> str:
    if not incongruent:
        return f"{unit} belongs to every emotion shown: there is nothing to compare with"
    return f"{unit} has no value in one of the emotions to compare with ({', '.join(incongruent)})"


def _average_units(
    rows: pl.DataFrame,
    emotion: str,
    members: Sequence[str],
    strong: Mapping[str, float],
    *,
    by: tuple[str, ...],
) -> Iterator[pl.DataFrame]:
    """Yield the composite's rows: the mean over its action units, null with a reason where one has no value."""
    units = sorted(set(rows["unit"]))
    mixed = len(units) > 1
    size = pl.col("signal").replace_strict(dict(strong), default=None, return_dtype=pl.Float64)
    value = pl.col("value") / size if mixed else pl.col("value")
    present = sorted(set(rows["signal"]))
    absent = [unit for unit in members if unit not in present]
    complete = pl.col("_values") == len(members)
    unsized = pl.lit("its action units have units that cannot be averaged")
    reason = pl.lit(f"{' and '.join(absent)} not measured") if absent else pl.coalesce("_reason", unsized)
    if rows.is_empty():
        return
    yield (
        rows.with_columns(value.alias("value"))
        .group_by([*PERSON_KEY, "stimulus_emotion", *by], maintain_order=True)
        .agg(
            pl.col("value").mean(),
            pl.col("value").count().alias("_values"),
            pl.col("reason").drop_nulls().first().alias("_reason"),
            *[
                pl.col(name).first()
                for name in rows.columns
                if name not in {*PERSON_KEY, "stimulus_emotion", *by, "value", "reason", "signal", "unit"}
            ],
        )
        .with_columns(
            pl.when(complete).then("value").alias("value"),
            pl.when(~complete).then(reason).alias("reason"),
            pl.lit(name_composite(emotion, members)).alias("signal"),
            pl.lit(COMPOSITE_UNIT if mixed else units[0]).alias("unit"),
        )
        .select(rows.columns)
    )


CONGRUENCE = PersonMeasure(
    "congruence",
    "congruent minus incongruent movement of a person, for each action unit and over those of an emotion",
    "Pavarini et al. (2019), as one score a person",
    measure_congruence,
    parameters=frozenset({"of", "neutral"}),
)

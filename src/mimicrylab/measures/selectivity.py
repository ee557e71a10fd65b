"""Selectivity: how well a person's trials tell a congruent stimulus from an incongruent one.

AUC is the probability that a congruent trial has a larger value than an incongruent one (ties count half): .5 is
chance, and only the order of values matters. d' is the difference of the means by the root of the mean variance. With
8 clips a level d' has a standard error of about .7, with 40 of .28: it describes a person poorly in short studies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.measures.congruence import PERSON_KEY, keep_signals
from mimicrylab.measures.measure import Conditions, PersonMeasure
from mimicrylab.measures.signals import name_composite
from mimicrylab.protocol.congruence import list_incongruent
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES

MINIMUM_TRIALS = 2
"""A variance needs two trials on either side."""
D_PRIME = "_d_prime"

FloatArray = NDArray[np.float64]


def compute_auc(congruent: FloatArray, incongruent: FloatArray) -> float:
    """Return the share of pairs in which the congruent value is larger; ties count half.

    Examples
    --------
    >>> compute_auc(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    larger = (congruent[:, None] > incongruent[None, :]).mean()
    equal = (congruent[:, None] == incongruent[None, :]).mean()
    return float(larger + equal / 2)


def compute_d_prime(congruent: FloatArray, incongruent: FloatArray) -> float | None:
    """Return (mean of congruent - mean of incongruent) / sqrt((their variances, ddof 1) / 2); None without variance.

    Examples
    --------
    >>> compute_d_prime(np.array([2.0, 4.0]), np.array([0.0, 2.0]))
    1.414213562373095
    """
    spread = float(np.sqrt((congruent.var(ddof=1) + incongruent.var(ddof=1)) / 2))
    return float((congruent.mean() - incongruent.mean()) / spread) if spread > 0 else None


def measure_selectivity(rows: pl.DataFrame, request: MeasureRequest, conditions: Conditions) -> pl.DataFrame:
    """Return AUC and d' for each person, emotion and congruent action unit, and for each emotion's composite.

    A composite's trial value is the mean of its units' (it is left out where these have different units); its
    incongruent trials are those of emotions that share none of its units. Neutral is incongruent unless ``neutral:
    without``. Null, with a reason, with fewer than two trials on either side.
    """
    used = rows.filter(
        (pl.col("block_role").fill_null("test") != "washout")
        & pl.col("value").is_not_null()
        & pl.col("stimulus_emotion").is_not_null()
    )
    table = conditions.congruence
    emotions = conditions.emotions
    neutral = request.neutral != "without"
    pieces = []
    for emotion in emotions:
        units = list(table.get(emotion, ()))
        others = {unit: list_incongruent(unit, table, emotions, neutral=neutral) for unit in units}
        pieces += [_score(used, unit, [unit], emotion, others[unit], request) for unit in units]
        if units:
            apart = [other for other in emotions if all(other in others[unit] for unit in units)]
            pieces.append(_score(used, name_composite(emotion, units), units, emotion, apart, request))
    found = [piece for piece in pieces if piece.height]
    if not found:
        return MEASURES.empty()
    return keep_signals(pl.concat(found), request.signals)


def _score(
    used: pl.DataFrame, name: str, units: Sequence[str], emotion: str, others: Sequence[str], request: MeasureRequest
) -> pl.DataFrame:
    """Return the two rows (AUC, d') of each person for one target and emotion."""
    chosen = used.filter(pl.col("signal").is_in(units) & pl.col("stimulus_emotion").is_in([emotion, *others]))
    if chosen["unit"].n_unique() > 1:
        return MEASURES.empty()
    trials = (
        chosen.group_by([*PERSON_KEY, "recording_id", "trial", "stimulus_emotion"], maintain_order=True)
        .agg(
            pl.col("value").mean(),
            pl.len().alias("_units"),
            pl.col("n_frames").first(),
            pl.col("window_start_s", "window_stop_s", "baseline").first(),
        )
        .filter(pl.col("_units") == len(units))
    )
    made = []
    for key, person in trials.group_by(PERSON_KEY, maintain_order=True):
        is_own = person["stimulus_emotion"] == emotion
        own = person.filter(is_own)["value"].to_numpy()
        other = person.filter(~is_own)["value"].to_numpy()
        enough = min(len(own), len(other)) >= MINIMUM_TRIALS
        reason = None if enough else f"{len(own)} congruent and {len(other)} incongruent trials; two of each are needed"
        values = {
            "": (compute_auc(own, other) if enough else None, "AUC"),
            D_PRIME: (compute_d_prime(own, other) if enough else None, "d'"),
        }
        first = person.row(0, named=True)
        for suffix, (value, unit) in values.items():
            made.append(
                {
                    **dict(zip(PERSON_KEY, key, strict=True)),
                    "stimulus_emotion": emotion,
                    "signal": name,
                    "measure": request.label + suffix,
                    "window_start_s": first["window_start_s"],
                    "window_stop_s": first["window_stop_s"],
                    "baseline": first["baseline"],
                    "value": value,
                    "unit": unit,
                    "n_frames": int(person["n_frames"].sum()),
                    "reason": reason if value is None and reason else None if value is not None else "no variance",
                }
            )
    schema = {column.name: column.dtype for column in MEASURES.columns}
    return pl.DataFrame(made, schema=schema, orient="row")


SELECTIVITY = PersonMeasure(
    "selectivity",
    "AUC and d' of congruent against incongruent trials of a person",
    "signal detection: Green & Swets (1966)",
    measure_selectivity,
    parameters=frozenset({"of", "neutral"}),
)

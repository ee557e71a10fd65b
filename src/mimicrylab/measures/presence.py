"""Presence rate: the share of valid frames in which a signal is active. Presence is decided here, not in the coder.

The threshold is fixed by default. One taken from the neutral block would make that block the same for everybody (in a
simulation the spread between people fell from .18 to .006), so it is refused wherever neutral is moderator or outcome;
one from a separate rest segment is not. A signal whose neutral is not 0 is compared with the declared baseline, or with
the median of the visit. Missing frames leave numerator and denominator. A composite's rate is the mean of its action
units' rates over the frames in which all of them are known.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.epochs.baseline import apply_baseline, describe_baseline
from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.measures.measure import TRIAL_KEY, Batch, Epochs, TrialMeasure, widen_to_rows
from mimicrylab.measures.signals import FLAG_SUFFIX, Target, average_columns
from mimicrylab.protocol.measurement import REST_SD, Baseline, BaselineMethod, MeasureRequest, Window

UNIT = "share of frames"
BEFORE, MEDIAN = "before", "median"
FLAG_THRESHOLD = 0.5
"""A flag is 0 or 1."""
THRESHOLDS = {
    "0-5": 1.0,
    "0-100": 50.0,
    "0-1": 0.5,
    "0-1 (model activation)": 0.5,
    "0 or 1": FLAG_THRESHOLD,
    "evidence (log odds)": 0.0,
}
"""Unit -> fixed threshold. 0-5: 1 is FACS intensity A, a trace (Baltrušaitis et al., 2018); 0-100: the level of
Kovalchuk et al. (2022); 0-1: more active than not; log odds: more likely than not."""
MESH_UNIT = "share of the distance between the outer eye corners"
STRONG_SHARE = 0.15
"""Signals without a zero of their own (a neutral face is not 0 on the mesh) are active 15 % of a strong movement above
what they are compared with: .03 for AU12, twice what turning the head by 20 degrees does to it."""
REST_MINIMUM_S = 5.0
"""A rest shorter than five seconds of valid frames says little of how much a face moves at rest."""
VISIT_MEDIAN = "difference to the visit's median"
"""What a signal without a zero of its own is compared with where no baseline is declared: the median of all valid
frames of the visit, as OpenFace's dynamic models do with a whole file. It removes a part of what differs between people
(how much of the time an action unit is active at all): say so where traits or treatments are compared."""
NO_THRESHOLD = "no threshold is declared for this signal's unit"


def measure_presence(epochs: Epochs, targets: Sequence[Target], request: MeasureRequest) -> pl.DataFrame:
    """Return the share of valid frames in which each signal is above its threshold, a trial.

    Parameters
    ----------
    epochs
        Frames in the trials' windows; ``baselines`` is used for signals without a zero of their own, and for all
        intensities where the request names a baseline.
    targets
        Signals and composites.
    request
        ``threshold``; ``threshold_from`` (fixed, rest, neutral) with ``threshold_sd``.
    """
    units = {column: unit for target in targets for column, unit in zip(target.columns, target.units, strict=True)}
    strong = {column: size for target in targets for column, size in zip(target.columns, target.strong, strict=True)}
    columns = list(units)
    if request.threshold_from in ("rest", "neutral"):
        return _measure_against_reference(epochs, targets, columns, request)
    references = {c: _choose_reference(c, units[c], epochs, request) for c in columns}
    thresholds = {column: _choose_threshold(column, units[column], strong[column], request) for column in columns}
    frames = _join_references(epochs, columns, references)
    active = [
        (_compare(column, references[column], epochs.baseline.method) > threshold).cast(pl.Float64).alias(column)
        for column, threshold in thresholds.items()
        if isinstance(threshold, float)
    ]
    rows = _average_active(epochs, frames.select(*TRIAL_KEY, *active), targets)
    obstacles = {c: threshold for c, threshold in thresholds.items() if isinstance(threshold, str)}
    return _describe_rows(rows, targets, obstacles=obstacles, references=references, baseline=epochs.baseline)


def _choose_reference(column: str, unit: str, epochs: Epochs, request: MeasureRequest) -> str | None:
    """Return what a column is compared with: nothing, the trial's baseline, or the visit's median."""
    if column.endswith(FLAG_SUFFIX):
        return None
    if epochs.baselines is not None and (request.baseline is not None or unit == MESH_UNIT):
        return BEFORE
    return MEDIAN if unit == MESH_UNIT and request.threshold is None else None


def _compare(column: str, reference: str | None, method: BaselineMethod) -> pl.Expr:
    if reference == BEFORE:
        return apply_baseline(pl.col(column), pl.col(f"{column}:before"), method)
    if reference == MEDIAN:
        return apply_baseline(pl.col(column), pl.col(f"{column}:median"), "difference")
    return pl.col(column)


def _join_references(epochs: Epochs, columns: list[str], references: dict[str, str | None]) -> pl.DataFrame:
    """Return the frames' columns with ``<column>:before`` and ``<column>:median`` where they are needed."""
    frames = epochs.frames.select(*TRIAL_KEY, *columns)
    before = [column for column in columns if references[column] == BEFORE]
    if before and epochs.baselines is not None:
        values = epochs.baselines.select(*TRIAL_KEY, *[pl.col(c).alias(f"{c}:before") for c in before])
        frames = frames.join(values, on=TRIAL_KEY, how="left", maintain_order="left")
    centred = [column for column in columns if references[column] == MEDIAN]
    if centred:
        visits = epochs.batch.recordings
        medians = (
            epochs.batch.frames.select("recording_id", *centred)
            .join(visits, on="recording_id", how="inner")
            .group_by("participant_id", "session_id")
            .agg(pl.col(c).median().alias(f"{c}:median") for c in centred)
        )
        of_recordings = visits.join(medians, on=["participant_id", "session_id"]).drop("participant_id", "session_id")
        frames = frames.join(of_recordings, on="recording_id", how="left", maintain_order="left")
    return frames


def _choose_threshold(column: str, unit: str, strong: float | None, request: MeasureRequest) -> float | str:
    """Return the threshold, or why there is none."""
    if request.threshold is not None:
        return float(request.threshold)
    if column.endswith(FLAG_SUFFIX):
        return FLAG_THRESHOLD
    if unit == MESH_UNIT:
        return NO_THRESHOLD if strong is None else STRONG_SHARE * strong
    return THRESHOLDS.get(unit, NO_THRESHOLD)


def _average_active(epochs: Epochs, active: pl.DataFrame, targets: Sequence[Target]) -> pl.DataFrame:
    """Return the mean of the active flags of each target; a target with an unknown column has no value."""
    there = [target for target in targets if set(target.columns) <= set(active.columns)]
    names = [target.name for target in there]
    flags = active.select(*TRIAL_KEY, *[average_columns(target.columns).alias(target.name) for target in there])
    wide = flags.group_by(TRIAL_KEY).agg(
        *[pl.col(name).mean() for name in names], *[pl.col(name).count().alias(f"{name}:n") for name in names]
    )
    whole = epochs.placed.select(TRIAL_KEY).join(wide, on=TRIAL_KEY, how="left", maintain_order="left")
    absent = [target.name for target in targets if target not in there]
    whole = whole.with_columns(
        *[pl.lit(None, pl.Float64).alias(name) for name in absent],
        *[pl.lit(0, pl.Int32).alias(f"{name}:n") for name in absent],
    )
    return widen_to_rows(whole, [*names, *absent])


def _describe_rows(
    rows: pl.DataFrame,
    targets: Sequence[Target],
    *,
    obstacles: dict[str, str],
    references: dict[str, str | None],
    baseline: Baseline,
) -> pl.DataFrame:
    reasons = {t.name: obstacles[c] for t in targets for c in t.columns if c in obstacles}
    words = {BEFORE: describe_baseline(baseline), MEDIAN: VISIT_MEDIAN}
    before = {t.name: words[kind] for t in targets for c in t.columns if (kind := references[c]) is not None}
    signal = pl.col("signal")
    return rows.with_columns(
        signal.replace_strict(reasons, default=None, return_dtype=pl.String).alias("reason"),
        signal.replace_strict(before, default=None, return_dtype=pl.String).alias("baseline"),
    )


def _measure_against_reference(
    epochs: Epochs, targets: Sequence[Target], columns: list[str], request: MeasureRequest
) -> pl.DataFrame:
    """Count frames above mean + k SD of the person's rest (or neutral trials) of the same visit."""
    kind = request.threshold_from
    frames = _cut_rest(epochs.batch) if kind == "rest" else _cut_neutral(epochs.batch, epochs.placed)
    limits = _measure_limits(frames, epochs.batch, columns, sd=request.threshold_sd or REST_SD)
    joined = epochs.frames.select(*TRIAL_KEY, *columns).join(limits, on="recording_id", how="left")
    active = [(pl.col(c) > pl.col(f"{c}:limit")).cast(pl.Float64).alias(c) for c in columns]
    rows = _average_active(epochs, joined.select(*TRIAL_KEY, *active), targets)
    without = epochs.placed.select("recording_id").unique().join(limits, on="recording_id", how="anti")
    reason = f"less than {REST_MINIMUM_S:g} s of valid frames of {'rest' if kind == 'rest' else 'neutral trials'}"
    return rows.with_columns(
        pl.when(pl.col("recording_id").is_in(without["recording_id"].implode())).then(pl.lit(reason)).alias("reason"),
        pl.lit(None, pl.String).alias("baseline"),
    )


def _cut_rest(batch: Batch) -> pl.DataFrame:
    rest = batch.steps.filter(pl.col("trial_type") == "rest").select(
        "recording_id",
        pl.int_range(pl.len()).alias("trial"),
        pl.col("step_start_s").alias("zero_s"),
        pl.lit(0.0).alias("start_s"),
        (pl.col("step_stop_s") - pl.col("step_start_s")).alias("stop_s"),
    )
    return cut_epochs(batch.frames.lazy(), rest).collect()


def _cut_neutral(batch: Batch, placed: pl.DataFrame) -> pl.DataFrame:
    neutral = placed.filter(
        (pl.col("stimulus_emotion") == "neutral") & (pl.col("block_role").fill_null("test") != "washout")
    )
    window = Window(start_s=0.0, stop_s=float(neutral["stop_s"].max() or 1.0))  # type: ignore[arg-type]
    return cut_epochs(batch.frames.lazy(), place_window(neutral, window)).collect()


def _measure_limits(frames: pl.DataFrame, batch: Batch, columns: list[str], *, sd: float) -> pl.DataFrame:
    """Return ``recording_id`` and each column's mean + sd SD, for visits with enough valid reference frames."""
    visits = batch.recordings.select("recording_id", "participant_id", "session_id")
    limits = (
        frames.filter("valid")
        .join(visits, on="recording_id", how="inner")
        .group_by("participant_id", "session_id")
        .agg(
            pl.col("interval_s").sum().alias("_seen_s"),
            *[(pl.col(c).mean() + sd * pl.col(c).std(ddof=1)).alias(f"{c}:limit") for c in columns],
        )
        .filter(pl.col("_seen_s") >= REST_MINIMUM_S)
        .drop("_seen_s")
    )
    return visits.join(limits, on=["participant_id", "session_id"], how="inner").drop("participant_id", "session_id")


PRESENCE = TrialMeasure(
    "presence",
    "share of valid frames in which the signal is above a threshold",
    "Pavarini et al. (2019)",
    measure_presence,
    baseline="own",
    parameters=frozenset({"threshold", "threshold_from", "threshold_sd"}),
    unit=lambda _signal_unit: UNIT,
    prefers_flags=True,
)

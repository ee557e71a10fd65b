"""From marked recordings to the rows of ``schemas.MEASURES``: windows, baselines, which trials count, names and units.

Every measure is treated alike here; what it computes is its own business. Recordings come in batches of whole
participants, so that memory does not grow with the study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.epochs.baseline import (
    RATIO_METHODS,
    apply_baseline,
    describe_baseline,
    measure_baselines,
    name_unit,
    refuse_ratio_at_zero,
)
from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.measures.cells import aggregate_trials
from mimicrylab.measures.measure import TRIAL_KEY, Batch, Epochs, TrialMeasure, list_none_excluded
from mimicrylab.measures.signals import Target
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from mimicrylab.quality.frames import mark_frames
from mimicrylab.quality.trials import judge_trials, summarise_trials
from mimicrylab.schemas import MEASURES

MARKS = ("recording_id", "face", "time", "valid", "lost", "interval_s", "gap_s")
OPTIONAL = (
    ("reason", pl.String),
    ("baseline", pl.String),
    ("censored", pl.Boolean),
    ("suffix", pl.String),
    ("unit", pl.String),
)
TRIAL_INFO = (
    "participant_id",
    "session_id",
    "block",
    "block_role",
    "phase",
    "stimulus",
    "stimulus_emotion",
    "model_id",
)


@dataclass(frozen=True)
class PreparedMeasure:
    """One measure of trials, ready to be computed: what was asked for, of what, in which window, on which baseline."""

    request: MeasureRequest
    measure: TrialMeasure
    targets: tuple[Target, ...]
    window: Window | None
    baseline: Baseline

    @property
    def measured(self) -> tuple[Target, ...]:
        """The targets that can be measured."""
        return tuple(target for target in self.targets if target.obstacle is None)


WindowKey = tuple[Window | None, bool]
"""A window, and whether it counts from the start of the stimulus's movement."""


@dataclass(frozen=True)
class CutWindow:
    """The frames in one window of every trial: the trials placed, the frames cut, and which trials count."""

    placed: pl.DataFrame
    frames: pl.DataFrame
    verdicts: pl.DataFrame


def list_columns(prepared: Sequence[PreparedMeasure]) -> list[str]:
    """Return the frames' signal columns that the measures need, in order, each once."""
    return list(dict.fromkeys(c for each in prepared for target in each.targets for c in target.columns))


def mark_batch(
    frames: pl.LazyFrame,
    prepared: Sequence[PreparedMeasure],
    *,
    recordings: pl.DataFrame,
    trials: pl.DataFrame,
    steps: pl.DataFrame,
    limits: Quality,
    excluded: pl.DataFrame | None = None,
) -> Batch:
    """Read a batch of frames: mark each one, blank the signals of lost ones, and add the named targets.

    The frames of excluded recordings are left out, so that no threshold, baseline or mean rests on them.

    Parameters
    ----------
    frames
        Rows of ``schemas.FRAMES`` of whole recordings, one face each, in order of time.
    prepared
        What is to be computed; only the columns that it needs are read.
    recordings
        The batch's rows of ``schemas.RECORDINGS``.
    trials, steps
        The batch's rows of ``epochs.trials``.
    limits
        When a frame is valid.
    excluded
        Recordings that do not count (``quality.exclusions.find_excluded``); none if left out.
    """
    out = list_none_excluded() if excluded is None else excluded
    columns = list_columns(prepared)
    pictures = recordings.select("recording_id", "width", "height")
    seen = [pl.when("valid").then(pl.col(column).fill_nan(None)).alias(column) for column in columns]
    amplitudes = [t for each in prepared if not each.measure.prefers_flags for t in each.measured]
    aliases = {m: c for t in amplitudes for m, c in zip(t.members, t.columns, strict=True) if m != c}
    composites = {target.name: target.expression for target in amplitudes if target.expression is not None}
    kept_out = pl.col("recording_id").is_in(out["recording_id"].implode())
    marked = (
        mark_frames(frames.filter(~kept_out), limits.frames, pictures=pictures)
        .select(*MARKS, *seen)
        .with_columns(pl.col(column).alias(name) for name, column in aliases.items())
        .with_columns(expression.alias(name) for name, expression in composites.items())
    )
    whose = recordings.select("recording_id", "participant_id", "session_id")
    return Batch(marked.collect(), whose, trials, steps, out)


def cut_windows(batch: Batch, prepared: Sequence[PreparedMeasure], limits: Quality) -> dict[WindowKey, CutWindow]:
    """Return the frames of each window that the measures use, and which of its trials count."""
    keys = dict.fromkeys((each.window, each.measure.from_movement) for each in prepared)
    return {key: cut_window(batch, key, limits) for key in keys}


def cut_window(batch: Batch, key: WindowKey, limits: Quality) -> CutWindow:
    """Return the frames of one window of every trial, and which trials count in it."""
    window, from_movement = key
    placed = place_window(batch.trials, window, from_movement=from_movement)
    frames = cut_epochs(batch.frames.lazy(), placed).collect()
    longest = limits.frames.longest_interval_s
    summary = summarise_trials(frames.lazy(), placed, longest_interval_s=longest)
    verdicts = judge_trials(summary, limits.trials).join(
        batch.excluded, on="recording_id", how="left", maintain_order="left"
    )
    return CutWindow(placed, frames, verdicts.with_columns(pl.coalesce("excluded", "reason").alias("reason")))


def measure_all_baselines(batch: Batch, prepared: Sequence[PreparedMeasure]) -> dict[Baseline, pl.DataFrame]:
    """Return the trials' baselines for each baseline setting, of every column and target that uses it.

    Raises
    ------
    RefusedError
        A ratio to the baseline of a signal that touches zero.
    """
    wanted: dict[Baseline, dict[str, None]] = {}
    spread: set[Baseline] = set()
    for each in prepared:
        if each.baseline.method == "none" or each.measure.baseline == "none":
            continue
        names = list(
            dict.fromkeys(
                name
                for target in each.measured
                for name in (target.columns if each.measure.prefers_flags else (target.name,))
            )
        )
        wanted.setdefault(each.baseline, {}).update(dict.fromkeys(names))
        if each.measure.baseline == "spread":
            spread.add(each.baseline)
        if each.measure.baseline == "values" and each.baseline.method in RATIO_METHODS and names:
            minima = batch.frames.select(pl.col(names).min()).row(0, named=True)
            refuse_ratio_at_zero(minima, each.baseline.method)
    frames = batch.frames.lazy()
    return {
        baseline: measure_baselines(
            frames, batch.trials, baseline, signals=list(names), steps=batch.steps, spread=baseline in spread
        )
        for baseline, names in wanted.items()
    }


def measure_batch(
    batch: Batch,
    prepared: Sequence[PreparedMeasure],
    *,
    windows: Mapping[WindowKey, CutWindow],
    baselines: Mapping[Baseline, pl.DataFrame],
    coder: str,
    limits: Quality,
) -> Iterator[pl.DataFrame]:
    """Yield the rows of each measure: one for each trial, signal (and bin), then one for each condition.

    Parameters
    ----------
    batch, prepared
        The recordings and what is to be computed.
    windows, baselines
        From :func:`cut_windows` and :func:`measure_all_baselines`.
    coder
        Whose frames these are.
    limits
        How many trials a condition needs.
    """
    for each in prepared:
        cut = windows[(each.window, each.measure.from_movement)]
        epochs = Epochs(cut.frames, cut.placed, batch, each.baseline, baselines.get(each.baseline))
        rows = _make_rows(each, epochs, cut.verdicts, coder=coder)
        yield rows
        averaged = [each.request.label + suffix for suffix in each.measure.averaged]
        of_conditions = rows.filter(pl.col("measure").is_in(averaged))
        yield aggregate_trials(of_conditions, limits.cells, how=each.request.aggregate or "mean_of_trials")


def _make_rows(each: PreparedMeasure, epochs: Epochs, verdicts: pl.DataFrame, *, coder: str) -> pl.DataFrame:
    computed = each.measure.compute(epochs, each.measured, each.request)
    rows = pl.concat([computed, _make_obstacles(each, epochs.placed)], how="diagonal_relaxed")
    for name, dtype in OPTIONAL:
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype).alias(name))
    rows = rows.join(
        verdicts.select(*TRIAL_KEY, "share_valid", "excluded", pl.col("reason").alias("_verdict")),
        on=TRIAL_KEY,
        how="left",
        maintain_order="left",
    )
    rows = _apply_baselines(rows, each, epochs)
    return _finish(rows, each, epochs.placed, coder=coder)


def _make_obstacles(each: PreparedMeasure, placed: pl.DataFrame) -> pl.DataFrame:
    """Return a row without a value for each trial and target that cannot be measured."""
    pieces = [
        placed.select(
            *TRIAL_KEY,
            pl.lit(target.name).alias("signal"),
            pl.lit(None, pl.Float64).alias("value"),
            pl.lit(0, pl.Int32).alias("n_frames"),
            pl.lit(target.obstacle).alias("reason"),
        )
        for target in each.targets
        if target.obstacle is not None
    ]
    return pl.concat(pieces) if pieces else pl.DataFrame(schema={name: placed.schema[name] for name in TRIAL_KEY})


def _apply_baselines(rows: pl.DataFrame, each: PreparedMeasure, epochs: Epochs) -> pl.DataFrame:
    if epochs.baselines is None or each.measure.baseline == "none" or not each.measured:
        return rows
    reasons = epochs.baselines.select(*TRIAL_KEY, "baseline_reason")
    joined = rows.join(reasons, on=TRIAL_KEY, how="left", maintain_order="left")
    if each.measure.baseline in ("own", "spread"):
        because = pl.when(pl.col("baseline") == describe_baseline(each.baseline)).then("baseline_reason")
        return joined.with_columns(pl.coalesce(because, "reason").alias("reason"))
    names = [target.name for target in each.measured]
    before = epochs.baselines.select(*TRIAL_KEY, *[pl.col(name).cast(pl.Float64) for name in names]).unpivot(
        index=list(TRIAL_KEY), on=names, variable_name="signal", value_name="_before"
    )
    return joined.join(before, on=[*TRIAL_KEY, "signal"], how="left", maintain_order="left").with_columns(
        apply_baseline(pl.col("value"), pl.col("_before"), each.baseline.method).alias("value"),
        pl.coalesce("reason", "baseline_reason").alias("reason"),
        pl.lit(describe_baseline(each.baseline)).alias("baseline"),
    )


def _finish(rows: pl.DataFrame, each: PreparedMeasure, placed: pl.DataFrame, *, coder: str) -> pl.DataFrame:
    """Take back the values of trials that do not count, say why values are missing, and add what identifies a row."""
    method = each.baseline.method if each.measure.baseline == "values" else "none"
    units = {target.name: name_unit(each.measure.unit(target.unit), method) for target in each.targets}
    value = pl.when(pl.col("reason").is_null()).then("value")
    if "window_start_s" in rows.columns:
        info = placed.select(*TRIAL_KEY, *TRIAL_INFO)
    else:
        info = placed.select(
            *TRIAL_KEY,
            *TRIAL_INFO,
            pl.col("start_s").alias("window_start_s"),
            pl.col("stop_s").alias("window_stop_s"),
        )
    finished = (
        rows.join(info, on=TRIAL_KEY, how="left", maintain_order="left")
        .with_columns(pl.coalesce("excluded", "reason", "_verdict").alias("reason"))
        .with_columns(value.alias("value"))
        .with_columns(
            pl.when(pl.col("value").is_null() & ~pl.col("censored").fill_null(False))
            .then(pl.coalesce("reason", pl.lit("no valid value in the window")))
            .alias("reason"),
            pl.when(pl.col("reason").is_null()).then("censored").alias("censored"),
            pl.lit(coder).alias("coder"),
            (pl.lit(each.request.label) + pl.col("suffix").fill_null("")).alias("measure"),
            pl.coalesce("unit", pl.col("signal").replace_strict(units, return_dtype=pl.String)).alias("unit"),
        )
    )
    return finished.select(pl.col(column.name).cast(column.dtype) for column in MEASURES.columns)

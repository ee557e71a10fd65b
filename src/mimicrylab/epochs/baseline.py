"""The one place where a baseline is measured and applied: a trial against the time before it.

Every other module hands its values here; none subtracts or divides on its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.epochs.trials import QUIET_TYPES
from mimicrylab.errors import RefusedError
from mimicrylab.protocol.measurement import Baseline, BaselineMethod, Window

RATIO_METHODS = ("ratio", "log_ratio", "percent")
UNITS = {"ratio": "ratio", "log_ratio": "ln ratio", "percent": "%"}
OTHER_EVENT = "another event lies in the baseline"
NO_FRAMES = "no frame in the baseline"


def apply_baseline(value: pl.Expr, baseline: pl.Expr, method: BaselineMethod) -> pl.Expr:
    """Return ``value`` against ``baseline``: the formula of each method.

    difference ``x - B``; ratio ``x / B``; log_ratio ``ln(x / B)``; percent ``100 (x - B) / B``; none ``x``. Null where
    either is null. Because each formula rises with x, it may be applied to a mean or a maximum as well as to frames.

    Examples
    --------
    >>> frame = pl.DataFrame({"x": [3.0], "b": [2.0]})
    >>> frame.select(apply_baseline(pl.col("x"), pl.col("b"), "percent")).item()
    50.0
    """
    if method == "difference":
        return value - baseline
    if method == "ratio":
        return value / baseline
    if method == "log_ratio":
        return (value / baseline).log()
    if method == "percent":
        return (value - baseline) / baseline * 100.0
    return value


def name_unit(unit: str, method: BaselineMethod) -> str:
    """Return the unit of a value after a baseline was applied; a difference keeps its unit."""
    return UNITS.get(method, unit)


def describe_baseline(baseline: Baseline) -> str | None:
    """Return how a baseline is written in tables (``difference [-1, 0)``); None where there is none.

    Examples
    --------
    >>> describe_baseline(Baseline())
    'difference [-1, 0)'
    """
    if baseline.method == "none":
        return None
    return f"{baseline.method} [{baseline.start_s:g}, {baseline.stop_s:g})"


def measure_baselines(
    frames: pl.LazyFrame,
    trials: pl.DataFrame,
    baseline: Baseline,
    *,
    signals: Sequence[str],
    steps: pl.DataFrame,
    spread: bool = False,
) -> pl.DataFrame:
    """Return each trial's mean before onset, or the reason why there is none.

    Parameters
    ----------
    frames
        Marked frames (``valid``, ``interval_s``) whose signals are null in lost frames.
    trials
        Rows of :func:`mimicrylab.epochs.trials.list_trials`.
    baseline
        Where the baseline lies and how much of it must be valid.
    signals
        Columns to average.
    steps
        Rows of :func:`mimicrylab.epochs.trials.list_steps`: what else was going on.
    spread
        Whether the standard deviation is wanted as well.

    Returns
    -------
    pl.DataFrame
        ``recording_id, trial, baseline_reason`` (null where the baseline is good), then ``<signal>`` (mean over its
        frames) and, with ``spread``, ``<signal>:sd`` (ddof 1) for each signal, null where there is a reason.

    Notes
    -----
    A baseline needs ``baseline.minimum_valid`` of the frames that its length would hold at the face's own rate, and
    no rating, questionnaire or other stimulus inside: what a face does then is not rest.
    """
    window = Window(start_s=baseline.start_s, stop_s=baseline.stop_s)
    placed = place_window(trials, window)
    length = baseline.stop_s - baseline.start_s
    measured = (
        cut_epochs(frames, placed)
        .group_by("recording_id", "trial")
        .agg(
            pl.col("valid").sum().alias("_valid"),
            pl.col("interval_s").first().alias("_interval"),
            pl.len().alias("_frames"),
            *[pl.col(signal).mean() for signal in signals],
            *[pl.col(signal).std(ddof=1).alias(f"{signal}:sd") for signal in signals if spread],
        )
        .collect()
    )
    expected = pl.max_horizontal(pl.col("_frames"), (length / pl.col("_interval")).floor())
    share = pl.col("_valid") / expected
    clashes = _find_clashes(placed, steps)
    joined = (
        placed.select("recording_id", "trial")
        .join(measured, on=["recording_id", "trial"], how="left", maintain_order="left")
        .join(clashes, on=["recording_id", "trial"], how="left", maintain_order="left")
    )
    reason = (
        pl.when(pl.col("_clash").is_not_null())
        .then(pl.lit(OTHER_EVENT))
        .when(pl.col("_frames").is_null())
        .then(pl.lit(NO_FRAMES))
        .when(share < baseline.minimum_valid)
        .then(pl.format("{} % of the baseline is valid", (share * 100).round(0).cast(pl.Int64)))
    )
    values = [*signals, *[f"{signal}:sd" for signal in signals if spread]]
    return (
        joined.with_columns(reason.alias("baseline_reason"))
        .with_columns(pl.when(pl.col("baseline_reason").is_null()).then(pl.col(name)).alias(name) for name in values)
        .select("recording_id", "trial", "baseline_reason", *values)
    )


def _find_clashes(placed: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return the trials in whose baseline another step than blank, fixation or rest lies, wholly or in part."""
    loud = steps.filter(~pl.col("trial_type").is_in(QUIET_TYPES)).select("recording_id", "step_start_s", "step_stop_s")
    start, stop = pl.col("zero_s") + pl.col("start_s"), pl.col("zero_s") + pl.col("stop_s")
    overlaps = (
        placed.select("recording_id", "trial", start.alias("_from"), stop.alias("_to"), "onset_s")
        .join(loud, on="recording_id", how="inner")
        .filter(
            (pl.col("step_start_s") < pl.col("_to") - 1e-6)
            & (pl.col("step_stop_s") > pl.col("_from") + 1e-6)
            & (pl.col("step_start_s") < pl.col("onset_s") - 1e-6)
        )
    )
    return overlaps.select("recording_id", "trial", pl.lit(True).alias("_clash")).unique(["recording_id", "trial"])


def refuse_baseline_in_ratings(trials: pl.DataFrame, steps: pl.DataFrame, baseline: Baseline) -> None:
    """Refuse a baseline before the stimulus where most trials have a rating or another stimulus there.

    Raises
    ------
    RefusedError
        More than half of the trials cannot have a baseline because of another event.
    """
    if baseline.method == "none":
        return
    placed = place_window(trials, Window(start_s=baseline.start_s, stop_s=baseline.stop_s))
    clashing = _find_clashes(placed, steps).height
    if clashing > trials.height / 2:
        raise RefusedError(
            "the time before the stimuli is no baseline in this task: ratings or other stimuli lie there",
            where=f"{clashing} of {trials.height} trials",
            expected="a blank, fixation or rest before each stimulus",
            do="set  baseline: {method: none}  and use the neutral block as covariate or moderator instead",
        )


def refuse_ratio_at_zero(minima: dict[str, float | None], method: BaselineMethod) -> None:
    """Refuse to divide by a signal that touches zero.

    Parameters
    ----------
    minima
        Smallest valid value of each signal; None where a signal has no value.
    method
        How the baseline is to be applied.

    Raises
    ------
    RefusedError
        The method divides and a signal reaches 0 or below.
    """
    if method not in RATIO_METHODS:
        return
    touching = sorted(name for name, least in minima.items() if least is not None and least <= 0)
    if touching:
        raise RefusedError(
            f"a {method.replace('_', ' ')} to the baseline has no meaning for signals that reach 0",
            where=", ".join(touching[:5]) + (" ..." if len(touching) > 5 else ""),
            expected="signals that are always above 0, such as the amplitude of an electromyogram",
            do="baseline: {method: difference}",
        )

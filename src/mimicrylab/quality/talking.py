"""Talking and eating told apart from expressions: the mouth opens and closes several times a second.

Speech moves jaw and lips at 2 to 7 Hz (Chandrasekaran et al., 2009), chewing at 1 to 2 Hz with overtones in that band;
a smile rises and stays. Frames are marked, never lost by it: a smile while talking is a smile. How far AU12, AU25 and
AU26 are higher in those frames is reported instead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mimicrylab.protocol.limits import TalkingLimits
from mimicrylab.quality.frames import FACE_KEY

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOUTH_SIGNALS = (("bs_jawOpen", 1.0), ("AU26", 1.0), ("AU26_r", 5.0), ("AU25_r", 5.0), ("AU25", 0.2))
"""Signals that show the opening of the mouth, best first, and the value of a wide open mouth."""

EFFECT_UNITS = ("AU12", "AU25", "AU26")
"""Action units that talking moves: its effect on them is shown."""

STEP_S = 0.5
"""Windows begin every half second."""

NOISE_RATIO = 4.0
"""The band's power a hertz must be so many times that above it: noise is as strong there."""

MINIMUM_COVER = 0.8
HIGHEST_RATE = 30.0


@dataclass(frozen=True)
class MouthSignal:
    """The column that shows the opening of the mouth, and its value when wide open."""

    column: str
    wide_open: float


def find_mouth_signal(columns: Collection[str]) -> MouthSignal | None:
    """Return the best of the columns that show the opening of the mouth; None where there is none.

    Examples
    --------
    >>> find_mouth_signal(["AU12_r", "AU25_r", "AU26_r"])
    MouthSignal(column='AU26_r', wide_open=5.0)
    """
    for name, wide_open in MOUTH_SIGNALS:
        if name in columns:
            return MouthSignal(name, wide_open)
    return None


def mark_talking(frames: pl.DataFrame, signal: MouthSignal, limits: TalkingLimits) -> pl.DataFrame:
    """Return the frames with ``talking``: whether each lies in a window with the rhythm of speech or chewing.

    Parameters
    ----------
    frames
        Rows with ``recording_id, face, time`` and the signal (null where no face was found), in order of time.
    signal
        The column that shows the opening of the mouth.
    limits
        Band, length of the window, and how strong the rhythm must be.
    """
    pieces = []
    for own in frames.partition_by(FACE_KEY, maintain_order=True):
        values = own[signal.column].cast(pl.Float64).to_numpy() / signal.wide_open
        talking = find_talking(own["time"].to_numpy().astype(np.float64), values, limits)
        pieces.append(own.with_columns(pl.Series("talking", talking)))
    return pl.concat(pieces) if pieces else frames.with_columns(pl.lit(False).alias("talking"))


def find_talking(times: FloatArray, values: FloatArray, limits: TalkingLimits) -> BoolArray:
    """Return, for each frame, whether it lies in a window in which the mouth moves in the rhythm of speech.

    A window counts when at least ``minimum_share`` of the power of the (detrended) opening lies between ``lowest_hz``
    and ``highest_hz``, the movement in that band has at least ``minimum_cycles`` upward swings and a spread of
    ``minimum_sd``, and it stands out from the power above the band. A window with too many lost frames does not count.

    Parameters
    ----------
    times
        True presentation times, s, rising.
    values
        Opening of the mouth, 1: wide open; NaN where lost.
    limits
        The limits named above.
    """
    talking = np.zeros(len(times), dtype=bool)
    known = ~np.isnan(values)
    if known.sum() < 3:
        return talking
    interval = float(np.median(np.diff(times)))
    rate = min(1.0 / interval, HIGHEST_RATE) if interval > 0 else 0.0
    length = round(limits.window_s * rate)
    if rate < 2 * limits.lowest_hz * 2 or length < 8:
        return talking
    grid = np.arange(times[0], times[-1], 1 / rate)
    if len(grid) < length:
        return talking
    step = max(round(STEP_S * rate), 1)
    opening = sliding_window_view(np.interp(grid, times[known], values[known]), length)[::step]
    covered = sliding_window_view(_find_covered(grid, times[known], rate), length)[::step].mean(axis=1)
    rhythmic = _find_rhythm(opening, rate, limits) & (covered >= MINIMUM_COVER)
    for begin in grid[::step][: len(rhythmic)][rhythmic]:
        first, stop = np.searchsorted(times, [begin, begin + limits.window_s])
        talking[first:stop] = True
    return talking & known


def _find_covered(grid: FloatArray, known: FloatArray, rate: float) -> BoolArray:
    """Return, for each point of the grid, whether a frame with a face lies within one and a half intervals."""
    after = np.searchsorted(known, grid).clip(0, len(known) - 1)
    before = (after - 1).clip(0)
    nearest = np.minimum(np.abs(known[after] - grid), np.abs(known[before] - grid))
    return np.asarray(nearest <= 1.5 / rate)


def _find_rhythm(windows: FloatArray, rate: float, limits: TalkingLimits) -> BoolArray:
    """Return, for each window (a row of the mouth's opening), whether it has the rhythm of speech."""
    length = windows.shape[1]
    line = np.arange(length) - (length - 1) / 2
    level = windows.mean(axis=1, keepdims=True)
    slope = (windows @ line / (line @ line))[:, None]
    detrended = windows - level - slope * line
    frequency = np.fft.rfftfreq(length, 1 / rate)
    band = (frequency >= limits.lowest_hz) & (frequency <= limits.highest_hz)
    above = frequency > limits.highest_hz + 1.0
    power = np.abs(np.fft.rfft(detrended * np.hanning(length), axis=1)) ** 2
    inside = power[:, band].sum(axis=1)
    found = inside >= limits.minimum_share * power[:, 1:].sum(axis=1)
    if above.sum() >= 3:
        found &= inside / band.sum() >= NOISE_RATIO * power[:, above].mean(axis=1)
    movement = np.fft.irfft(np.where(band, np.fft.rfft(detrended, axis=1), 0.0), length, axis=1)
    swings = ((movement[:, :-1] < 0) & (movement[:, 1:] >= 0)).sum(axis=1)
    strong = (movement.std(axis=1) >= limits.minimum_sd) & (swings >= limits.minimum_cycles)
    return np.asarray(found & strong)


def compare_talking(frames: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Return, for each recording, how much higher action units are in talking frames than in the other valid frames.

    Parameters
    ----------
    frames
        Marked frames of trials with ``valid`` and ``talking``.
    columns
        Action unit -> its column.

    Returns
    -------
    pl.DataFrame
        ``recording_id`` and ``talking_effect_<unit>``: difference of the means, null without talking frames.
    """
    effects = [
        (pl.col(column).filter(pl.col("talking")).mean() - pl.col(column).filter(~pl.col("talking")).mean())
        .cast(pl.Float64)
        .alias(f"talking_effect_{unit}")
        for unit, column in columns.items()
    ]
    return frames.filter("valid").group_by("recording_id", maintain_order=True).agg(effects)

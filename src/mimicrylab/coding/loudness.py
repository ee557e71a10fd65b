"""How loud a recording is over time: a beep or a clap on its sound track, on the clock of its pictures.

Sound travels a metre in 3 ms: a clap two metres from the microphone is heard 6 ms late.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.traces import Trace
from mimicrylab.errors import DamagedFileError, DependencyError, InputError, MissingError

RATE_HZ = 16_000
"""Sound is brought to this rate: claps and beeps lie below 8 kHz."""
BIN_S = 0.002
BEEP_BIN_S = 0.005
"""A single tone needs some periods to be told from others."""
LOWEST_HZ, HIGHEST_HZ = 100.0, 7_500.0
UNIT = "amplitude"
FULL_SCALE = 32_768.0
GAP_S = 0.01
"""A sound track that jumps ahead by more has lost packets: silence in their place keeps the time."""


def measure_loudness(path: Path, *, frequency_hz: float | None = None) -> Trace:
    """Return how loud the sound of a video or sound file is, in bins of 2 ms: the root mean square of the samples.

    Parameters
    ----------
    frequency_hz
        Measure the tone of this frequency alone, in bins of 5 ms: 2 |sum x exp(-i 2 pi f t)| / n.

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        It cannot be read, or has no sound.
    InputError
        The frequency is not one that can be measured.
    """
    if frequency_hz is not None and not LOWEST_HZ <= frequency_hz <= HIGHEST_HZ:
        raise InputError(
            "this tone cannot be measured",
            where="--frequency",
            expected=f"{LOWEST_HZ:g} to {HIGHEST_HZ:g} Hz",
            found=f"{frequency_hz:g}",
        )
    bin_s = BIN_S if frequency_hz is None else BEEP_BIN_S
    samples_a_bin = round(bin_s * RATE_HZ)
    pieces: list[NDArray[np.float64]] = []
    start: float | None = None
    rest = np.empty(0)
    for moment, samples in _read_sound(path):
        start = moment if start is None else start
        rest = np.concatenate([rest, samples])
        whole = rest.size // samples_a_bin * samples_a_bin
        pieces.append(_measure_bins(rest[:whole].reshape(-1, samples_a_bin), frequency_hz))
        rest = rest[whole:]
    values = np.concatenate(pieces) if pieces else np.empty(0)
    if start is None or not values.size:
        raise DamagedFileError("the file has no sound", where=str(path), expected="a sound track")
    times = np.asarray(start + (np.arange(values.size) + 0.5) * bin_s, dtype=np.float64)
    return Trace(times, values, UNIT, bin_s)


def _measure_bins(bins: NDArray[np.float64], frequency_hz: float | None) -> NDArray[np.float64]:
    if frequency_hz is None:
        loudness: NDArray[np.float64] = np.sqrt((bins**2).mean(axis=1))
        return loudness
    wave = np.exp(-2j * math.pi * frequency_hz * np.arange(bins.shape[1]) / RATE_HZ)
    tone: NDArray[np.float64] = 2 * np.abs(bins @ wave) / bins.shape[1]
    return tone


def _read_sound(path: Path) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Yield the time of the first sample (s) and samples (-1 to 1), one channel; gaps are filled with silence."""
    av = _import_av()
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    try:
        container = av.open(str(path))
    except (av.error.FFmpegError, ValueError) as error:
        raise DamagedFileError("this cannot be read as a video or sound file", where=str(path)) from error
    with container:
        if not container.streams.audio:
            raise DamagedFileError("the file has no sound", where=str(path), expected="a sound track")
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        due: float | None = None
        try:
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    samples = part.to_ndarray().reshape(-1) / FULL_SCALE
                    moment = float(part.pts * part.time_base) if part.pts is not None else due or 0.0
                    due = moment if due is None else due
                    gap = round((moment - due) * RATE_HZ)
                    if gap > GAP_S * RATE_HZ:
                        samples = np.concatenate([np.zeros(gap), samples])
                    yield due, samples
                    due += samples.size / RATE_HZ
        except av.error.FFmpegError as error:
            if due is None:
                raise DamagedFileError("the sound cannot be decoded", where=str(path)) from error


def _import_av() -> Any:
    try:
        import av
        import av.error
    except ImportError as error:
        raise DependencyError(
            "reading sound needs PyAV, which is not installed", do="pip install 'mimicrylab[coding]'"
        ) from error
    return av

"""From the electromyogram of a muscle to an amount a frame: filter, rectify, smooth, every step declared.

The steps, in this order, after Fridlund & Cacioppo (1986, doi:10.1111/j.1469-8986.1986.tb00676.x) and Rutkowska et al.
(2024):

1. band-pass (Butterworth, order 4, forwards and backwards, so that nothing is delayed),
2. notch at the mains' frequency and its multiples, only where asked for,
3. rectify,
4. smooth: root mean square or mean of a window centred at each frame, or a low-pass of the rectified signal,
5. one value a frame.

A signal that was rectified before it was exported is only smoothed: filtering it would be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import InputError, UnknownNameError

FILTER_ORDER = 4
NOTCH_QUALITY = 30.0
HIGHEST_SHARE = 0.45
"""A filter's edge may lie at most at this share of the sampling rate; above, the digital filter is none."""

Envelope = Literal["rms", "mean", "lowpass"]
ENVELOPES = ("rms", "mean", "lowpass")


@dataclass(frozen=True)
class EmgRecipe:
    """The steps.

    Attributes
    ----------
    highpass_hz, lowpass_hz
        Edges of the band-pass; None: no such edge. Below 20 Hz lies the motion of electrodes and cables, above 400 Hz
        little of a facial muscle.
    notch_hz
        Frequency of the mains (50 or 60), removed with its multiples; None: not removed.
    envelope
        ``rms``, ``mean`` or ``lowpass``.
    window_s
        Length of the window of ``rms`` and ``mean``.
    envelope_hz
        Edge of ``lowpass``.
    frames_per_second
        How many values a second come out.
    artefact_above
        A frame in whose window the filtered signal goes beyond this (in its unit, either way) is missing; None: none
        is. Take the limit from rest or from the amplifier: a rule of standard deviations over the whole recording
        removes real smiles.
    """

    highpass_hz: float | None = 20.0
    lowpass_hz: float | None = 400.0
    notch_hz: float | None = None
    envelope: Envelope = "rms"
    window_s: float = 0.1
    envelope_hz: float = 8.0
    frames_per_second: float = 50.0
    artefact_above: float | None = None

    def __post_init__(self) -> None:
        if self.envelope not in ENVELOPES:
            raise UnknownNameError("envelope", self.envelope, ENVELOPES)
        for name in ("highpass_hz", "lowpass_hz", "notch_hz", "artefact_above"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise InputError(f"{name} must be above 0, or null to leave the step out", found=f"{value:g}")
        for name in ("window_s", "envelope_hz", "frames_per_second"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} must be above 0", found=f"{getattr(self, name):g}")
        low, high = self.highpass_hz, self.lowpass_hz
        if low is not None and high is not None and low >= high:
            raise InputError("highpass_hz must lie below lowpass_hz", found=f"{low:g} and {high:g}")


@dataclass(frozen=True)
class EmgEnvelope:
    """Values of one muscle, a frame each (NaN: missing), their times (s from the first sample), and what to say."""

    times_s: NDArray[np.float64]
    values: NDArray[np.float64]
    notes: tuple[str, ...] = ()


def compute_envelope(
    samples: NDArray[np.float64], rate_hz: float, recipe: EmgRecipe, *, rectified: bool
) -> EmgEnvelope:
    """Return the envelope of a muscle's signal.

    Parameters
    ----------
    samples
        The signal; NaN where a sample is missing: frames whose window holds one are missing too.
    rate_hz
        Samples a second.
    recipe
        The steps.
    rectified
        Whether the signal is rectified already; then it is only smoothed.

    Raises
    ------
    InputError
        More frames than samples are asked for, the signal is shorter than a window, or the band does not fit the
        sampling rate.

    Examples
    --------
    >>> seconds = np.arange(2000) / 1000
    >>> burst = 3 * np.sin(2 * np.pi * 100 * seconds)
    >>> envelope = compute_envelope(burst, 1000.0, EmgRecipe(), rectified=False)
    >>> round(float(envelope.values[50]), 2)  # the root mean square of a sine of amplitude 3
    2.12
    """
    if recipe.frames_per_second > rate_hz:
        raise InputError(
            "more frames a second are asked for than there are samples",
            expected=f"at most {rate_hz:g}",
            found=f"{recipe.frames_per_second:g}",
            do="--fps states the frames a second",
        )
    if samples.size < max(recipe.window_s * rate_hz, 3 * (2 * FILTER_ORDER + 1)):
        raise InputError("the recording is too short to be filtered", found=f"{samples.size / rate_hz:.3g} s")
    missing = ~np.isfinite(samples)
    if missing.all():
        raise InputError("a channel has no number at all")
    filled = _fill_gaps(samples, missing)
    notes: tuple[str, ...] = ()
    if not rectified:
        filled, notes = _filter_band(filled, rate_hz, recipe)
    bad = missing if recipe.artefact_above is None else missing | (np.abs(filled) > recipe.artefact_above)
    smooth = _smooth(np.abs(filled), rate_hz, recipe)
    times = (np.arange(int(samples.size / rate_hz * recipe.frames_per_second)) + 0.5) / recipe.frames_per_second
    places = np.minimum((times * rate_hz).astype(np.int64), samples.size - 1)
    half = max(round(recipe.window_s * rate_hz / 2), 1)
    sums = np.concatenate([[0], np.cumsum(bad)])
    lost = sums[np.minimum(places + half, samples.size)] - sums[np.maximum(places - half, 0)]
    values = np.where(lost > 0, np.nan, smooth[places])
    n_artefacts = int(np.isnan(values).sum())
    if n_artefacts and recipe.artefact_above is not None:
        notes = (*notes, f"{n_artefacts} frames are missing: samples missing, or beyond {recipe.artefact_above:g}")
    return EmgEnvelope(np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64), notes)


def _fill_gaps(samples: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    if not missing.any():
        return samples.astype(np.float64)
    places = np.arange(samples.size)
    return np.interp(places, places[~missing], samples[~missing])


def _filter_band(
    samples: NDArray[np.float64], rate_hz: float, recipe: EmgRecipe
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    from scipy import signal

    highest = HIGHEST_SHARE * rate_hz
    low, high = recipe.highpass_hz, recipe.lowpass_hz
    notes: list[str] = []
    if high is not None and high > highest:
        notes.append(f"the band ends at {highest:g} Hz instead of {high:g} Hz: there are {rate_hz:g} samples a second")
        high = highest
    if low is not None and low >= (highest if high is None else high):
        raise InputError(
            "the sampling rate is too low for the band",
            expected=f"more than {low / HIGHEST_SHARE:g} samples a second for a band from {low:g} Hz",
            found=f"{rate_hz:g}",
            do="if the signal is rectified and smoothed already, say so: --option rectified=true",
        )
    out = samples - samples.mean()
    if low is not None or high is not None:
        edges = [edge for edge in (low, high) if edge is not None]
        kind = "bandpass" if len(edges) == 2 else "highpass" if high is None else "lowpass"
        sections = signal.butter(FILTER_ORDER, edges if len(edges) == 2 else edges[0], kind, fs=rate_hz, output="sos")
        out = signal.sosfiltfilt(sections, out)
    if recipe.notch_hz is not None:
        for frequency in np.arange(recipe.notch_hz, highest, recipe.notch_hz):
            top, bottom = signal.iirnotch(frequency, NOTCH_QUALITY, fs=rate_hz)
            out = signal.filtfilt(top, bottom, out)
    return np.asarray(out, dtype=np.float64), tuple(notes)


def _smooth(amounts: NDArray[np.float64], rate_hz: float, recipe: EmgRecipe) -> NDArray[np.float64]:
    if recipe.envelope == "lowpass":
        from scipy import signal

        edge = min(recipe.envelope_hz, HIGHEST_SHARE * rate_hz)
        sections = signal.butter(FILTER_ORDER, edge, "lowpass", fs=rate_hz, output="sos")
        return np.asarray(signal.sosfiltfilt(sections, amounts), dtype=np.float64)
    powers = amounts**2 if recipe.envelope == "rms" else amounts
    half = max(round(recipe.window_s * rate_hz / 2), 1)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    places = np.arange(amounts.size)
    first, last = np.maximum(places - half, 0), np.minimum(places + half, amounts.size)
    means = np.maximum((sums[last] - sums[first]) / (last - first), 0.0)
    return np.asarray(np.sqrt(means) if recipe.envelope == "rms" else means, dtype=np.float64)

"""The shape of a mimicry response over time, and how much of it falls into a window.

With t from the movement's start in the stimulus, latency L, rise R, adaptation A and sustained share S::

    u = (t - L) / R
    rise(u)  = 0 for u <= 0;  u^2 (3 - 2u) for 0 < u < 1;  1 for u >= 1
    hold(t)  = S + (1 - S) exp(-max(t - L - R, 0) / A)
    g(t)     = rise(u) hold(t)                       while the stimulus is shown
    g(t)     = g(end) exp(-(t - end) / decay)        after it

so the height of the response is 1 at L + R. A measure over a window sees the mean of g in it, averaged over latencies.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mimicrylab.simulate.population import Mimicry

FloatArray = NDArray[np.float64]

SHORTEST_LATENCY_S = 0.3
"""Facial reactions do not begin earlier (Dimberg & Thunberg 1998, electromyography)."""

QUADRATURE_NODES = 41
STEPS_A_SECOND = 200


def shape_response(times: FloatArray, *, latency_s: float, shown_s: float, mimicry: Mimicry) -> FloatArray:
    """Return g at ``times`` (seconds from the start of the stimulus's movement), between 0 and 1.

    Parameters
    ----------
    latency_s
        Delay of this response.
    shown_s
        How long the stimulus stays from the start of its movement.
    """
    held = _hold(times, latency_s=latency_s, mimicry=mimicry)
    end = float(_hold(np.array([shown_s]), latency_s=latency_s, mimicry=mimicry)[0])
    fading = end * np.exp(-np.maximum(times - shown_s, 0.0) / mimicry.decay_s)
    return np.where(times < shown_s, held, fading)


def _hold(times: FloatArray, *, latency_s: float, mimicry: Mimicry) -> FloatArray:
    progress = np.clip((times - latency_s) / mimicry.rise_s, 0.0, 1.0)
    rise = progress**2 * (3.0 - 2.0 * progress)
    since_top = np.maximum(times - latency_s - mimicry.rise_s, 0.0)
    return np.asarray(
        rise * (mimicry.sustained + (1.0 - mimicry.sustained) * np.exp(-since_top / mimicry.adaptation_s))
    )


def draw_latencies(generator: np.random.Generator, count: int, *, mimicry: Mimicry) -> FloatArray:
    """Return ``count`` latencies: normal, and at least ``SHORTEST_LATENCY_S``."""
    return np.maximum(generator.normal(mimicry.latency_s, mimicry.latency_sd_s, count), SHORTEST_LATENCY_S)


def measure_window(
    start_s: float, stop_s: float, *, shown_s: float, mimicry: Mimicry, movement_onset_s: float = 0.0
) -> float:
    """Return the mean of g over ``[start_s, stop_s)`` (seconds from the stimulus's onset), averaged over latencies.

    It is what a difference to a quiet baseline finds for an amplitude of 1.

    Examples
    --------
    >>> round(measure_window(-1.0, 0.0, shown_s=5.0, mimicry=Mimicry()), 6)
    0.0
    """
    count = max(round((stop_s - start_s) * STEPS_A_SECOND), 1)
    step = (stop_s - start_s) / count
    times = np.asarray(start_s + (np.arange(count) + 0.5) * step - movement_onset_s, dtype=np.float64)
    nodes, weights = np.polynomial.hermite_e.hermegauss(QUADRATURE_NODES)
    latencies = np.maximum(mimicry.latency_s + mimicry.latency_sd_s * nodes, SHORTEST_LATENCY_S)
    shown = shown_s - movement_onset_s
    means = [
        float(shape_response(times, latency_s=float(latency), shown_s=shown, mimicry=mimicry).mean())
        for latency in latencies
    ]
    return float(np.dot(weights, means) / math.sqrt(2.0 * math.pi))


def weigh_trials(trials: FloatArray, *, mimicry: Mimicry) -> FloatArray:
    """Return the habituation of each trial (numbered from 0 in the visit), scaled to a mean of 1 over these trials."""
    left = mimicry.habituated_share + (1.0 - mimicry.habituated_share) * np.exp(-trials / mimicry.habituation_trials)
    return np.asarray(left / left.mean()) if len(trials) else left

"""Quantiles of a normal distribution for a Q-Q plot, with a band that holds a whole sample.

Limits for each point alone would be left by some point in most normal samples: of 59 points, three on average. This
band is left by any point in 5 % of normal samples (Aldor-Noiman, Brown, Buja, Rolke & Stine 2013, The American
Statistician 67, 249-260, who call it tail-sensitive), with mean and standard deviation estimated, as they are here.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL
from mimicrylab.stats.samples import MINIMUM_PEOPLE, FloatArray

BAND_DRAWS = 2000
"""Simulated samples behind a band: its level is then right to half a percentage point (one standard error)."""

BAND_VALUES = 2_000_000
"""Random numbers held at most; more people get fewer samples, and a level that is a little less exact."""

FEWEST_DRAWS = 400
SEED = 2013
SMALL = 10
"""Up to this many people R's ``ppoints`` places quantiles at (i - 3/8) / (n + 1/4), above at (i - 1/2) / n."""


def find_normal_quantiles(n: int) -> FloatArray:
    """Return the standard normal quantiles at which n sorted values are plotted, as R's ``qqnorm``.

    Examples
    --------
    >>> find_normal_quantiles(3).round(3).tolist()
    [-0.869, 0.0, 0.869]
    """
    offset = 3 / 8 if n <= SMALL else 1 / 2
    return np.asarray(stats.norm.ppf((np.arange(1, n + 1) - offset) / (n + 1 - 2 * offset)))


@cache
def find_normal_band(n: int, *, level: float = DEFAULT_LEVEL) -> tuple[FloatArray, FloatArray]:
    """Return lower and upper limits of n sorted values, in standard deviations from their mean.

    ``level`` of normal samples of n lie within the limits with every value. Simulated with a fixed seed: the same n
    gives the same band.

    Raises
    ------
    InputError
        Fewer than three people.
    """
    if n < MINIMUM_PEOPLE:
        raise InputError("a band needs people", expected=f"at least {MINIMUM_PEOPLE}", found=str(n))
    draws = max(FEWEST_DRAWS, min(BAND_DRAWS, BAND_VALUES // n))
    drawn = np.random.default_rng(SEED).standard_normal((draws, n))
    drawn = (drawn - drawn.mean(axis=1, keepdims=True)) / drawn.std(axis=1, ddof=1, keepdims=True)
    drawn.sort(axis=1)
    places = stats.rankdata(drawn, axis=0) / (draws + 1)
    most_extreme = np.minimum(places, 1 - places).min(axis=1)
    share = float(np.quantile(most_extreme, 1 - level))
    limits = np.quantile(drawn, [share, 1 - share], axis=0)
    reach = (limits[1] - limits[0, ::-1]) / 2  # a normal distribution is symmetric: both tails speak of both limits
    reach.flags.writeable = False
    return -reach[::-1], reach

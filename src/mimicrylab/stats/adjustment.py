"""Correct p for several tests of one family: Holm (family-wise error) and Benjamini-Hochberg (false discovery rate).

Holm is the default: it needs no assumption about how the tests depend on each other and is never worse than Bonferroni.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.estimates import Estimate

Adjustment = Literal["holm", "bh"]
ADJUSTMENTS: tuple[Adjustment, ...] = ("holm", "bh")
ADJUSTMENT_NAMES = {"holm": "Holm", "bh": "Benjamini-Hochberg"}


def adjust_p(values: Sequence[float], *, method: Adjustment = "holm") -> list[float]:
    """Return adjusted p in the order given.

    Holm (1979): the k-th smallest of m is multiplied by m - k + 1, then made non-decreasing. Benjamini & Hochberg
    (1995): multiplied by m / k, then made non-decreasing from the largest down. As R's ``p.adjust``.

    Raises
    ------
    InputError
        A p value is outside 0 to 1.

    Examples
    --------
    >>> [round(p, 4) for p in adjust_p([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(values, dtype=np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise InputError("a p value is outside 0 to 1", where="adjust_p", expected="numbers from 0 to 1")
    m = len(p)
    order = np.argsort(p, kind="stable")
    if method == "holm":
        stepped = np.maximum.accumulate(p[order] * (m - np.arange(m)))
    elif method == "bh":
        stepped = np.minimum.accumulate((p[order] * m / np.arange(1, m + 1))[::-1])[::-1]
    else:
        raise UnknownNameError("adjustment", method, ADJUSTMENTS)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in adjusted]


def adjust_family(estimates: Iterable[Estimate], *, family: str, method: Adjustment = "holm") -> list[Estimate]:
    """Return the estimates with ``p_adjusted`` and ``family`` set, all of them being one family.

    An estimate without p stays without, and does not count.
    """
    members = list(estimates)
    tested = [estimate for estimate in members if estimate.p is not None]
    adjusted = iter(adjust_p([estimate.p for estimate in tested if estimate.p is not None], method=method))
    label = f"{family} ({ADJUSTMENT_NAMES[method]}, {len(tested)} tests)"
    return [
        replace(estimate, p_adjusted=next(adjusted), family=label) if estimate.p is not None else estimate
        for estimate in members
    ]

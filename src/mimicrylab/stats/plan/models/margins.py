"""The limits of "no difference that matters": a declared share of a standard deviation, in the outcome's unit."""

from __future__ import annotations

import math

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.models.question import Question


def find_margin(question: Question, test: Estimate) -> float:
    """Return ``smallest_effect`` standard deviations in the outcome's unit.

    Of two groups the root of their mean variance, of pairs and one sample the standard deviation of the differences:
    the standardisers of the d that the same analysis prints. It is estimated from these data, so that the limits move
    with them a little (Lakens 2017).

    Raises
    ------
    InputError
        The plan does not say what the smallest effect is.
    """
    smallest = question.analysis.smallest_effect
    if smallest is None:
        raise InputError(
            "an equivalence test needs the smallest effect that would matter",
            where=f"analysis {question.analysis.id!r}",
            do="add  smallest_effect: 0.3  (in standard deviations), before the data",
        )
    spreads = [group.sd for group in test.groups if group.sd is not None]
    if len(spreads) == 2 and not test.method.startswith("Paired"):
        return smallest * math.sqrt((spreads[0] ** 2 + spreads[1] ** 2) / 2)
    return smallest * float(test.se or 0.0) * math.sqrt(test.n)

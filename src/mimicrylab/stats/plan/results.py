"""The result of one planned analysis: its estimates, the table that the model saw, and what must be said about it.

Terms. With ``for_each`` a term begins with its cell (``happiness, AU12: oxytocin - placebo``), joined by ``", "`` in
the order declared and ended by ``": "``; without, there is no such beginning. An effect of two levels reads ``first -
second``; a coefficient ``predictor[level]``, a product ``a:b``.

Curves, each with the cell's columns first where there are cells:

- ``simple_slopes``: predictor, level (words, or "-1 SD", "+1 SD"), moderator, fitted, ci_low, ci_high
- ``johnson_neyman``: moderator, slope, ci_low, ci_high, significant
- ``survival``: group, time_s, at_risk, onsets, waiting, ci_low, ci_high
- ``predicted``: model, participant_id, observed, predicted (out of sample)
- ``means``: the factors' columns, n, mean, ci_low, ci_high
- ``counts``: a contingency table in long form: the two categories' columns, n
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.data import Labels

State = Literal["done", "refused", "not possible"]
"""done; refused: unsound as declared (a guard); not possible: these data do not allow it (nobody in an arm ...)."""


@dataclass(frozen=True)
class AnalysisResult:
    """One planned analysis, done or not.

    Parameters
    ----------
    analysis
        The analysis as it was declared.
    state, reason
        Whether it was done, and if not why and what to do instead.
    estimates
        What it found; ``p_adjusted`` over the declared family.
    tests
        Terms of the estimates that answer the plan's question and make up the family; the others (an intercept, a
        covariate, a simple slope) stand beside them.
    checks
        What belongs beside them and decides nothing: normality, equal variances, reliability and the largest
        correlation that it allows, Bayes factors, sphericity, variance inflation.
    data
        The very table that the model saw, one row a person (or a person and condition, or a trial).
    roles
        What each column of ``data`` is: outcome, group, condition, trait, covariate, moderator, feature, person,
        stimulus, censored, cell (of ``for_each``).
    curves
        Tables for figures (name -> table): simple slopes, Johnson-Neyman, survival, sensitivity.
    notes
        What the reader must know; the guards' warnings.
    published
        What an analysis ``as_published`` does otherwise than the default, and why that matters; None: nothing.
    r_code
        R code that repeats the analysis on ``data``; empty where R has no counterpart.
    labels
        Whether the arms were real, permuted, or not used.
    """

    analysis: Analysis
    state: State = "done"
    reason: str | None = None
    estimates: tuple[Estimate, ...] = ()
    tests: tuple[str, ...] = ()
    checks: tuple[Estimate, ...] = ()
    data: pl.DataFrame = field(default_factory=pl.DataFrame)
    roles: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    published: str | None = None
    r_code: str = ""
    labels: Labels = "none"

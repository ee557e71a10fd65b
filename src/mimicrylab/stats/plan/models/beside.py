"""What stands beside a test and decides nothing: normality, equal variances, Bayes factors, a test by ranks.

A check that these data do not allow (too few people, no variation) is left out: the test itself says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.stats.assumptions import check_equal_variances, check_normality
from mimicrylab.stats.bayes_factors import weigh_correlation, weigh_groups, weigh_pairs, weigh_value
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.paired_tests import compare_pairs, compare_with_value
from mimicrylab.stats.plan.models.question import Cell
from mimicrylab.stats.samples import PERSON

NORMALITY = "normality"
EQUAL_VARIANCES = "equal variances"
BAYES_FACTOR = "Bayes factor"
BY_RANKS = "by ranks"


def check_value(cell: Cell, *, ranks: bool) -> list[Estimate]:
    """Return normality, the Bayes factor and (``ranks``) Wilcoxon's test of one value a person."""
    column, value = cell.question.outcome, cell.question.analysis.compared_with
    found = _name(NORMALITY, _try(lambda: check_normality(cell.table, column)), keep_term=False)
    found += _name(BAYES_FACTOR, _try(lambda: weigh_value(cell.table, column, value=value)), keep_term=False)
    if ranks:
        test = _try(
            lambda: compare_with_value(cell.table, column, value=value, method="wilcoxon", level=cell.question.level)
        )
        found += _name(BY_RANKS, test, keep_term=False)
    return found


def check_scores(table: pl.DataFrame, column: str) -> list[Estimate]:
    """Return normality and the Bayes factor of one score a person against 0."""
    found = _name(NORMALITY, _try(lambda: check_normality(table, column)), keep_term=False)
    return [*found, *_name(BAYES_FACTOR, _try(lambda: weigh_value(table, column)), keep_term=False)]


def check_pairs(cell: Cell, condition: str, order: tuple[str, str], *, ranks: bool) -> list[Estimate]:
    """Return normality of the differences, the Bayes factor and (``ranks``) Wilcoxon's test of pairs."""
    column = cell.question.outcome
    found = _name(NORMALITY, _try(lambda: check_normality(subtract_pairs(cell, condition, order), "difference")))
    found += _name(BAYES_FACTOR, _try(lambda: weigh_pairs(cell.table, column, condition=condition, order=order)))
    if ranks:
        test = _try(
            lambda: compare_pairs(
                cell.table, column, condition=condition, order=order, method="wilcoxon", level=cell.question.level
            )
        )
        found += _name(BY_RANKS, test)
    return found


def subtract_pairs(cell: Cell, condition: str, order: tuple[str, str]) -> pl.DataFrame:
    """Return each person's difference, first minus second: ``participant_id, difference``."""
    wide = cell.table.pivot(condition, index=PERSON, values=cell.question.outcome, on_columns=list(order))
    return wide.select(PERSON, difference=pl.col(order[0]) - pl.col(order[1])).drop_nulls()


def check_groups(cell: Cell, group: str, order: tuple[str, str], *, ranks: bool) -> list[Estimate]:
    """Return normality in each group, Levene's test, the Bayes factor and (``ranks``) the Mann-Whitney test."""
    column = cell.question.outcome
    chosen = cell.table.filter(pl.col(group).cast(pl.String).is_in(list(order)))
    found = _name(NORMALITY, _try(lambda: check_normality(chosen, column, group=group)))
    found += _name(EQUAL_VARIANCES, _try(lambda: check_equal_variances(chosen, column, group=group)), keep_term=False)
    found += _name(BAYES_FACTOR, _try(lambda: weigh_groups(chosen, column, group=group, order=order)))
    if ranks:
        test = _try(
            lambda: compare_groups(
                chosen, column, group=group, order=order, method="mann_whitney", level=cell.question.level
            )
        )
        found += _name(BY_RANKS, test)
    return found


def check_correlation(cell: Cell, trait: str) -> list[Estimate]:
    """Return the Bayes factor of a correlation, its prior named in ``method``."""
    found = _try(lambda: weigh_correlation(cell.table, cell.question.outcome, second=trait))
    return _name(BAYES_FACTOR, found, keep_term=False)


def _try(make: Callable[[], Any]) -> list[Estimate]:
    """Return what a check gives as a list, empty where these data do not allow it."""
    try:
        found = make()
    except InputError:
        return []
    return found if isinstance(found, list) else [found]


def _name(kind: str, found: list[Estimate], *, keep_term: bool = True) -> list[Estimate]:
    """Return checks whose term says what they are; p of a check is never corrected."""
    return [replace(one, term=f"{kind}, {one.term}" if keep_term else kind) for one in found]

"""The right-hand side of a model: levels in order, references, products, and which terms answer the question."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Analysis, Predictor
from mimicrylab.stats.plan.models.question import Cell, Question

BESIDE = ("covariate",)
"""Kinds of predictors that stand beside the question and are not what it asks."""

PHASE = "phase"


def order_levels(question: Question, predictor: Predictor, table: pl.DataFrame) -> list[str]:
    """Return the levels of a predictor of words, in the order in which differences are taken: first minus second.

    As named in ``groups``, else as the table orders them (arms and recoded levels as declared), but the later of two
    phases and the higher half of a score first. The last level is the reference of a regression.
    """
    column = question.find_column(predictor)
    present = sorted(table[column].cast(pl.String).drop_nulls().unique().to_list())
    known = [level for level in question.levels.get(column, present) if level in present]
    turned = predictor.name == PHASE or predictor.split_at_median is not None
    return known[::-1] if turned and not set(known) <= set(question.analysis.groups) else known


def find_pair(cell: Cell, predictor: Predictor) -> tuple[str, str]:
    """Return the two levels that are compared, first minus second.

    Raises
    ------
    InputError
        There are not exactly two.
    """
    levels = order_levels(cell.question, predictor, cell.table)
    if len(levels) != 2:
        raise InputError(
            f"{predictor.name!r} has {len(levels)} level(s) here, this test compares two",
            where=f"analysis {cell.question.analysis.id!r}",
            found=", ".join(levels) or "none",
            do="choose two with  groups: [first, second]" if len(levels) > 2 else "check who is in which group",
        )
    return levels[0], levels[1]


def is_words(table: pl.DataFrame, column: str) -> bool:
    """Return whether a column holds levels and no numbers."""
    return not table[column].dtype.is_numeric()


def find_references(question: Question, table: pl.DataFrame) -> dict[str, str]:
    """Return the reference of each predictor of words: its last level."""
    found = {}
    for predictor in question.analysis.predictors:
        for column in question.columns.get(predictor.name, ()):
            if is_words(table, column):
                levels = order_levels(question, predictor, table)
                if levels:
                    found[column] = levels[-1]
    return found


def list_interactions(analysis: Analysis) -> list[tuple[str, ...]]:
    """Return the products that ``interacts_with`` declares, pairs first.

    Three predictors that all interact with each other have their threefold product, too.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> predictors = (Predictor(name="congruence", kind="within", interacts_with=("treatment", "EQ")),
    ...               Predictor(name="treatment", kind="treatment", interacts_with=("EQ",)),
    ...               Predictor(name="EQ", kind="trait"))
    >>> list_interactions(Analysis(id="a", hypothesis="H", model="mixed", outcome=Outcome(measure="mean"),
    ...                            predictors=predictors))[-1]
    ('congruence', 'treatment', 'EQ')
    """
    names = [predictor.name for predictor in analysis.predictors]
    pairs = {
        frozenset((predictor.name, other)) for predictor in analysis.predictors for other in predictor.interacts_with
    }
    found = []
    for size in range(2, len(names) + 1):
        for chosen in combinations(names, size):
            if all(frozenset(pair) in pairs for pair in combinations(chosen, 2)):
                found.append(chosen)
    return found


def list_terms(question: Question, *, interactions: bool = True) -> list[str]:
    """Return the terms of the model in columns: predictors in the order declared, then their products (``a:b``)."""
    single = [column for one in question.analysis.predictors for column in question.columns[one.name]]
    return [*dict.fromkeys(single), *(_list_products(question) if interactions else ())]


def list_asked(question: Question) -> list[str]:
    """Return the terms that answer the question: the highest products declared, else every predictor but covariates."""
    products = list_interactions(question.analysis)
    highest = [one for one in products if not any(set(one) < set(other) for other in products)]
    if highest:
        return [_join_columns(question, one) for one in highest]
    kept = [one for one in question.analysis.predictors if one.kind not in BESIDE]
    return [column for one in kept for column in question.columns[one.name]]


def list_centred(question: Question, table: pl.DataFrame) -> list[str]:
    """Return the columns of numbers that stand in a product: centred, so that other effects are those at the mean."""
    names = {name for one in list_interactions(question.analysis) for name in one}
    columns = [column for name in names for column in question.columns[name]]
    return sorted(column for column in columns if not is_words(table, column))


def centre_columns(table: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the table with columns of numbers minus their mean (over the rows that have one)."""
    return table.with_columns((pl.col(name).cast(pl.Float64) - pl.col(name).mean()).alias(name) for name in columns)


def is_coefficient_of(term: str, asked: Sequence[str]) -> bool:
    """Return whether a coefficient (``arm[oxytocin]:EQ``) codes one of the terms asked (``arm:EQ``).

    Examples
    --------
    >>> is_coefficient_of("arm[oxytocin]:EQ", ["arm:EQ"]), is_coefficient_of("arm[oxytocin]", ["arm:EQ"])
    (True, False)
    """
    if term in asked:
        return True
    bare = ":".join(part.partition("[")[0] if part.endswith("]") else part for part in term.split(":"))
    return bare in asked


def _list_products(question: Question) -> list[str]:
    return [_join_columns(question, names) for names in list_interactions(question.analysis)]


def _join_columns(question: Question, names: Sequence[str]) -> str:
    by_name = {predictor.name: predictor for predictor in question.analysis.predictors}
    return ":".join(question.find_column(by_name[name]) for name in names)

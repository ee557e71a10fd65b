"""Predictors that are measures: one column (a covariate from the neutral block), or one a signal (features)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

import polars as pl

from mimicrylab.errors import InputError, count_things
from mimicrylab.protocol.analyses import Analysis, Outcome, Predictor
from mimicrylab.protocol.blocks import EmotionName
from mimicrylab.stats.plan.analysis_table import PERSON, VALUE, AnalysisTable
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.select import Selection, select_outcome

FEATURE_JOIN = ":"
"""Stands between emotion and signal in a feature's column."""
FEATURE = "_feature"
FEATURE_DIMENSIONS = ("block", "phase", "model_id", "neutral", "emotion", "signal")
EMOTION = "emotion"

Words = tuple[str, ...]


def attach_measure(
    built: AnalysisTable, data: PlanData, analysis: Analysis, predictor: Predictor, selection: Selection
) -> AnalysisTable:
    """Add a person's value of a measure: of the outcome's own signals in each cell, unless the predictor names others.

    The column is ``measure`` or, from one block, ``measure_block``.

    Raises
    ------
    InputError
        Outcome and predictor are the same.
    """
    column = predictor.name if predictor.block is None else f"{predictor.name}_{predictor.block}"
    same = predictor.name in {analysis.outcome.measure, analysis.outcome.score} and predictor.block is None
    if same and not predictor.signals and not predictor.emotions:
        raise InputError(
            f"{predictor.name!r} is outcome and predictor",
            where=f"analysis {analysis.id!r}",
            do="name the block that the predictor is taken from (block: neutral), or another measure",
        )
    blocks = () if predictor.block is None else (predictor.block,)
    follows = not predictor.signals and analysis.outcome.measure is not None and not selection.signals.is_empty()
    by = [name for name in built.cells if name in selection.signals.columns] if follows else []
    pieces = []
    cells = _list_signals(selection, by) if follows else iter([((), predictor.signals, ())])
    for key, signals, shown in cells:
        own = predictor.emotions or (shown if not blocks and len(shown) == 1 else ())
        outcome = Outcome(measure=predictor.name, signals=signals, emotions=own)
        values = select_outcome(data, outcome, blocks=blocks).table.select(PERSON, pl.col(VALUE).alias(column))
        pieces.append(values.with_columns(pl.lit(part).alias(name) for name, part in zip(by, key, strict=True)))
    people = pl.concat(pieces)
    table = built.table.join(people, on=[PERSON, *by], how="left", maintain_order="left")
    return built.add(table, predictor, (column,))


def _list_signals(selection: Selection, by: Sequence[str]) -> Iterator[tuple[Words, Words, tuple[EmotionName, ...]]]:
    """Yield each cell of the outcome, the signals that it is made of, and the emotions shown in it."""
    groups = selection.signals.group_by(by, maintain_order=True) if by else iter([((), selection.signals)])
    for key, rows in groups:
        signals, shown = (rows[name].unique(maintain_order=True) for name in ("signal", "stimulus_emotion"))
        emotions = tuple(name for name in get_args(EmotionName) if name in set(shown))
        yield tuple(str(part) for part in key), tuple(signals), emotions


def attach_features(built: AnalysisTable, data: PlanData, analysis: Analysis, predictor: Predictor) -> AnalysisTable:
    """Add one column a signal (and what else ``for_each`` names); in rows of conditions, its value of that emotion.

    Raises
    ------
    InputError
        A feature is a column of the table already.
    """
    of_conditions = analysis.rows == "conditions" and EMOTION not in predictor.for_each
    outcome = Outcome(
        measure=predictor.name, signals=predictor.signals, emotions=predictor.emotions, for_each=predictor.for_each
    )
    blocks = analysis.blocks if predictor.block is None else (predictor.block,)
    selection = select_outcome(data, outcome, blocks=blocks, conditions=(EMOTION,) if of_conditions else ())
    rows = [PERSON, EMOTION] if of_conditions else [PERSON]
    named = [name for name in FEATURE_DIMENSIONS if name in selection.dimensions and name not in rows]
    label = pl.concat_str(named, separator=FEATURE_JOIN) if named else pl.lit(predictor.name)
    values = selection.table.with_columns(label.alias(FEATURE))
    features = list(values[FEATURE].unique(maintain_order=True))
    clash = [name for name in features if name in built.table.columns]
    if clash:
        raise InputError(f"the feature {clash[0]!r} is a column of the table already", where=f"{predictor.name!r}")
    wide = values.pivot(FEATURE, index=rows, values=VALUE)
    on = [name for name in rows if name in built.table.columns]
    table = built.table.join(wide, on=on, how="left", maintain_order="left")
    first = [PERSON, *[name for name in rows if name != PERSON]]
    table = table.select(*first, *[name for name in table.columns if name not in first])
    missing = table.filter(pl.all_horizontal(pl.col(features).is_null())).height
    notes = [f"{count_things(missing, 'row')} without any value of {predictor.name}"] if missing else []
    return built.add(table, predictor, features, notes=[*selection.notes, *notes])

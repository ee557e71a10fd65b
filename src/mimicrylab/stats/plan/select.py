"""From the values of a plan to the tidy table of one outcome: one row a person and condition, or a trial.

The way is the same for every model: the rows of the measure in its window; the signals and emotions that are meant;
trials become a person's value of a condition as the measure itself says (mean of trials, pooled frames, maximum), where
at least the declared share of them counts; and what is not named is averaged over. A person who lacks one of the
conditions that are averaged has no value, rather than one from other conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.analyses import Outcome
from mimicrylab.stats.plan.averages import (
    COLUMNS,
    CONGRUENCE,
    average_cells,
    average_trials,
    find_column,
    order_levels,
    sort_rows,
)
from mimicrylab.stats.plan.congruence_levels import SHOWN, split_congruence
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.scores import select_scores
from mimicrylab.stats.plan.signal_choice import SignalChoice, choose_signals
from mimicrylab.stats.plan.value_rows import NEUTRAL_VERSIONS, OF_TRIALS, make_cells, take_rows


@dataclass(frozen=True)
class Selection:
    """The values of one outcome, ready for a model.

    Parameters
    ----------
    table
        ``participant_id``, a column for each of ``dimensions``, ``value`` (null: missing) and ``unit``. One row a
        person and combination of dimensions (everybody of whom the measure has a row has every combination), or a trial
        where trials were asked for; then also ``session_id, block, phase, trial, stimulus, model_id`` and the like.
    dimensions
        Names of the columns that tell a person's values apart: signal, emotion, block, phase, congruence ...
    signals
        The dimensions' combinations and the signals behind each: ``stimulus_emotion, signal``.
    levels
        Condition -> its levels in order (emotions in the field's order, phases and blocks as they came).
    notes
        What the reader must know: what was left out, and why.
    """

    table: pl.DataFrame
    dimensions: tuple[str, ...] = ()
    signals: pl.DataFrame = field(default_factory=pl.DataFrame)
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def unit(self) -> str | None:
        """The one unit of all values, or None where there are several or none."""
        units = self.table["unit"].drop_nulls().unique()
        return str(units[0]) if len(units) == 1 else None


def select_outcome(
    data: PlanData,
    outcome: Outcome,
    *,
    blocks: Sequence[str] = (),
    conditions: Sequence[str] = (),
    trials: bool = False,
) -> Selection:
    """Return the values of an outcome: a measure, a rating, a score, a form's field or a column.

    Parameters
    ----------
    data
        The plan's data.
    outcome
        What is meant; ``for_each`` are dimensions of the result.
    blocks
        Blocks used; empty: all.
    conditions
        Further dimensions: what a within factor needs (emotion, congruence, phase, block, block_position, model_id,
        trial, bin, stimulus, or a column of a flat table).
    trials
        Whether a row is a trial, not a person and condition.

    Raises
    ------
    UnknownNameError
        A measure, score or signal that does not exist.
    InputError
        Signals of different units would be averaged; a window or baseline that was not measured; a condition that the
        measure does not tell apart; or no value at all.
    """
    dimensions = tuple(dict.fromkeys((*outcome.for_each, *conditions)))
    if outcome.score is not None and outcome.score not in set(data.values["measure"].unique()):
        return _select_people(data, outcome.score, dimensions, trials=trials)
    dimensions = tuple(name for name in dimensions if name != "score")
    both = NEUTRAL_VERSIONS in dimensions and CONGRUENCE not in dimensions
    rows = take_rows(data, outcome, blocks=blocks, both=both)
    _refuse_unknown_conditions(rows, dimensions)
    people = rows["participant_id"].unique().to_list()
    measure = outcome.measure or str(outcome.score)
    if CONGRUENCE in dimensions:
        found, choice = split_congruence(data, rows, outcome, dimensions=dimensions, trials=trials)
    else:
        units = "signal" in dimensions
        choice = choose_signals(rows, outcome.signals, congruent=data.congruent, emotions=outcome.emotions, units=units)
        found = choice.keep(rows)
    _refuse_lacking(choice, measure, dimensions)
    if found.is_empty():
        raise InputError(f"there is no value of {measure!r} that fits", where=f"outcome {measure!r}")
    found, notes = _leave_out_unmeasured(found)
    pairs = _list_signals(found, dimensions)
    if trials:
        table = average_trials(found, dimensions, measure)
    else:
        cells = _make_cells(data, found, measure, dimensions)
        apart = data.apart if found["trial"].null_count() == found.height else ()
        table = average_cells(cells, dimensions, measure=measure, people=people, apart=apart)
    levels = {name: order_levels(rows, table, name) for name in dimensions if table.schema[name] == pl.String}
    ordered = table if trials else sort_rows(table, dimensions, levels)
    return Selection(ordered, dimensions, pairs, levels, (*choice.notes, *_name_lacking(choice), *notes))


def _select_people(data: PlanData, score: str, dimensions: Sequence[str], *, trials: bool) -> Selection:
    unfit = [name for name in dimensions if name not in {"score", "signal"}]
    if unfit or trials:
        first = unfit[0] if unfit else "trial"
        raise InputError(
            f"{score!r} is one value a person and has no {first!r}",
            where=f"outcome {score!r}",
            do="leave it out of for_each and the predictors, or take a measure or a rating as outcome",
        )
    table = select_scores(data, score)
    several = table["score"].n_unique() > 1
    if several and "score" not in dimensions and "signal" not in dimensions:
        raise InputError(
            f"{score!r} has several scores, and none is named",
            where=f"outcome {score!r}",
            found=", ".join(table["score"].unique(maintain_order=True)),
            do="name one of them, or write for_each: [score]",
        )
    named: tuple[str, ...] = ("score",) if "score" in dimensions or several else ()
    kept = table.select("participant_id", *named, "value", "unit")
    return Selection(kept, named, levels={name: tuple(kept[name].unique(maintain_order=True)) for name in named})


def _refuse_unknown_conditions(rows: pl.DataFrame, dimensions: Sequence[str]) -> None:
    for name in dimensions:
        if name == CONGRUENCE or (name == SHOWN and CONGRUENCE in dimensions):
            continue
        if find_column(name) not in rows.columns:
            raise UnknownNameError("condition", name, [*COLUMNS, *OF_TRIALS, CONGRUENCE, "signal"])


def _make_cells(data: PlanData, rows: pl.DataFrame, measure: str, dimensions: Sequence[str]) -> pl.DataFrame:
    """Return a person's values of conditions: made of trials where there are trials, else as the table has them."""
    finer = [name for name in dimensions if name in rows.columns and name not in {"signal", "stimulus_emotion"}]
    of_trials = rows.filter(pl.col("trial").is_not_null())
    if of_trials.is_empty():
        for name in finer:
            if name in OF_TRIALS and rows[name].null_count():
                raise InputError(
                    f"{measure!r} is one value a person over all trials, so it cannot be told apart by {name}",
                    where=f"outcome {measure!r}",
                    do="take the measure of trials that it is made of; for congruence with a predictor "
                    "{name: congruence, kind: within}",
                )
        return rows
    return make_cells(data, of_trials, measure, by=finer)


def _leave_out_unmeasured(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the rows without signals that nobody has a value of, and a note for each."""
    key = ["stimulus_emotion", "signal"]
    seen = rows.group_by(key, maintain_order=True).agg(
        pl.col("value").count().alias("_values"), pl.col("reason").drop_nulls().first()
    )
    empty = seen.filter(pl.col("_values") == 0)
    if empty.is_empty():
        return rows, ()
    if empty.height == seen.height:
        raise InputError(
            f"no value of {', '.join(empty['signal'].unique(maintain_order=True))} can be used",
            found=empty["reason"][0] or "no reason is noted",
            do="mimicrylab quality  shows which trials and recordings count, and why not",
        )
    gone = empty.group_by("signal", maintain_order=True).agg(pl.col("stimulus_emotion"), pl.col("reason").first())
    notes = [
        f"{signal} has no value for anybody ({reason or 'no reason is noted'}): left out"
        for signal, _, reason in gone.iter_rows()
    ]
    return rows.join(empty.select(key), on=key, how="anti", maintain_order="left"), tuple(notes)


def _refuse_lacking(choice: SignalChoice, measure: str, dimensions: Sequence[str]) -> None:
    """Raise where a signal that was named would silently be missing from a mean."""
    if choice.lacking and ("signal" not in dimensions or not choice.pairs):
        raise InputError(
            f"{' and '.join(choice.lacking)} {'is' if len(choice.lacking) == 1 else 'are'} not measured",
            where=f"outcome {measure!r}",
            do="leave it out of signals, so that the plan says what is analysed; or take a coder that measures it",
        )


def _name_lacking(choice: SignalChoice) -> Iterable[str]:
    if choice.lacking:
        verb = "is" if len(choice.lacking) == 1 else "are"
        yield f"{' and '.join(choice.lacking)} {verb} declared but not measured: the analysis is without"


def _list_signals(rows: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    columns = [find_column(name) for name in dimensions if find_column(name) in rows.columns]
    pairs = rows.select(*dict.fromkeys([*columns, "stimulus_emotion", "signal"])).unique(maintain_order=True)
    return pairs.with_columns(pl.col(find_column(name)).alias(name) for name in dimensions if name in COLUMNS)

"""Which signals of which stimulus emotions an outcome or a predictor means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.measures.signal_names import (
    TABLE_PREFIX,
    find_action_unit,
    find_composite_emotion,
    is_composite,
    is_congruent,
)

EVERY = "all"
CONGRUENT = "congruent"
PAIR = ["stimulus_emotion", "signal"]

Pair = tuple[str, str]
"""A stimulus emotion and a signal."""


@dataclass(frozen=True)
class SignalChoice:
    """The pairs of stimulus emotion and signal that are meant, what was named but has no row, and what to tell."""

    pairs: tuple[Pair, ...]
    lacking: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def keep(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of the pairs."""
        pairs = pl.DataFrame(self.pairs, schema=dict.fromkeys(PAIR, pl.String), orient="row")
        return rows.join(pairs, on=PAIR, how="semi", maintain_order="left")


def choose_signals(
    rows: pl.DataFrame,
    wanted: Sequence[str],
    *,
    congruent: Mapping[str, Collection[str]],
    emotions: Sequence[str] = (),
    units: bool = False,
) -> SignalChoice:
    """Return which pairs of stimulus emotion and signal are meant.

    Parameters
    ----------
    rows
        Rows of one measure.
    wanted
        ``congruent``: each emotion's own composite, where that emotion is shown; ``congruent:happiness``: the composite
        of happiness, whatever is shown; ``all``: every signal, whatever is shown; ``emotion:anger``: a composite of
        the table of movements; ``AU12``: the action unit, also under the name of a program's column (``AU12_r``); any
        other: a signal of that name. Empty: the congruent ones, each where its emotion is shown.
    congruent
        Emotion -> its congruent action units.
    emotions
        Stimulus emotions that are meant; empty: all.
    units
        Whether the empty list means the congruent action units one by one, rather than their composites.

    Raises
    ------
    UnknownNameError
        A signal that the measure does not have, and that is no action unit or composite.
    InputError
        An emotion that is not shown.
    """
    shown = _list_pairs(rows)
    for name in emotions:
        if name not in {emotion for emotion, _ in shown}:
            raise InputError(
                f"no trial that is analysed shows {name}",
                where="emotions of the outcome or predictor",
                found=f"the emotions {', '.join(sorted({emotion for emotion, _ in shown})) or '(none)'}",
            )
    inside = [pair for pair in shown if not emotions or pair[0] in emotions]
    if not wanted:
        pairs, notes = _take_default(inside, congruent, units=units)
        return SignalChoice(tuple(pairs), notes=notes)
    chosen: dict[Pair, None] = {}
    lacking = []
    for entry in wanted:
        found = _take_entry(entry, inside)
        chosen.update(dict.fromkeys(found))
        if not found:
            _refuse_unknown(entry, shown)
            lacking.append(entry)
    return SignalChoice(tuple(pair for pair in inside if pair in chosen), tuple(lacking))


def _list_pairs(rows: pl.DataFrame) -> list[Pair]:
    return [(str(emotion), str(signal)) for emotion, signal in rows.select(PAIR).unique(maintain_order=True).rows()]


def _take_default(
    pairs: Sequence[Pair], congruent: Mapping[str, Collection[str]], *, units: bool
) -> tuple[list[Pair], tuple[str, ...]]:
    """Return the congruent pairs: action units, or composites (those of the congruent units before the table's)."""
    single = [
        pair
        for pair in pairs
        if not is_composite(pair[1]) and is_congruent(pair[1], pair[0], congruent.get(pair[0], ()))
    ]
    own = _take_own_composites(pairs, table=False) or _take_own_composites(pairs, table=True)
    found = (single or own) if units else (own or single)
    if found or not congruent:
        return found or list(pairs), ()
    signals = list(dict.fromkeys(signal for _, signal in pairs))
    if len(signals) <= 1:
        return list(pairs), ()
    return list(pairs), (f"no congruent signal is measured: all {len(signals)} signals are used",)


def _take_own_composites(pairs: Sequence[Pair], *, table: bool) -> list[Pair]:
    return [
        pair
        for pair in pairs
        if find_composite_emotion(pair[1]) == pair[0] and pair[1].startswith(TABLE_PREFIX) == table
    ]


def _take_entry(entry: str, pairs: Sequence[Pair]) -> list[Pair]:
    if entry == EVERY:
        return list(pairs)
    if entry == CONGRUENT:
        return _take_own_composites(pairs, table=False)
    exact = [pair for pair in pairs if pair[1] == entry]
    if exact:
        return exact
    kind, _, emotion = entry.partition(":")
    if kind == CONGRUENT:
        return [pair for pair in pairs if is_composite(pair[1]) and pair[1].startswith(f"{emotion}[")]
    if entry.startswith(TABLE_PREFIX):
        return [pair for pair in pairs if pair[1].startswith(f"{entry}[")]
    return [pair for pair in pairs if find_action_unit(pair[1]) == entry]


def _refuse_unknown(entry: str, shown: Sequence[Pair]) -> None:
    """Raise for a name that cannot be a signal; an action unit or composite that is not measured is told otherwise."""
    known = entry.partition(":")[0] in {CONGRUENT, TABLE_PREFIX.rstrip(":")} or is_composite(entry)
    if not known and find_action_unit(entry) is None:
        names = {signal for _, signal in shown}
        raise UnknownNameError("signal", entry, names, where="signals of the outcome or predictor")

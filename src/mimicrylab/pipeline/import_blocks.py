"""Blocks of trials that no log names: how many trials each has, in order, as whoever imports states it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError, count_things

EXAMPLE = "faces_1=7:before,faces_2=7:before,faces_3=7:after"
PART = re.compile(r"^(?P<name>[^=:]+)=(?P<trials>\d+)(?::(?P<phase>[^=:]+))?$")


@dataclass(frozen=True)
class BlockOfTrials:
    """A block: its name, how many trials it has, and the phase of the study that it belongs to (None: no phases)."""

    name: str
    trials: int
    phase: str | None = None


def read_blocks(text: str) -> tuple[BlockOfTrials, ...]:
    """Return the blocks that ``text`` states: ``faces_1=7:before,faces_2=7:after``.

    Examples
    --------
    >>> read_blocks("a=7:before,b=5")
    (BlockOfTrials(name='a', trials=7, phase='before'), BlockOfTrials(name='b', trials=5, phase=None))

    Raises
    ------
    InputError
        A part is not of that form, a block has no trial, or comes twice.
    """
    blocks: list[BlockOfTrials] = []
    for part in text.split(","):
        match = PART.match(part.strip())
        if match is None or not 0 < int(match["trials"]) < 100_000:
            raise InputError("the blocks of trials are not stated so", expected=EXAMPLE, found=part.strip() or text)
        phase = match["phase"]
        blocks.append(BlockOfTrials(match["name"].strip(), int(match["trials"]), phase.strip() if phase else None))
    names = [block.name for block in blocks]
    if len(set(names)) < len(names):
        raise InputError("a block is named twice", expected=EXAMPLE, found=text)
    return tuple(blocks)


def place_in_blocks(rows: pl.DataFrame, blocks: Sequence[BlockOfTrials]) -> pl.DataFrame:
    """Return events with the block and phase of each trial: the first trials of a recording are the first block's.

    ``rows`` are an events reader's, ``recording`` filled; steps that are no trials are in no block.

    Raises
    ------
    InputError
        A recording has another number of trials than the blocks.
    """
    n_trials = sum(block.trials for block in blocks)
    stimuli = rows.filter(trial_type="stimulus").sort("recording", "onset")
    counts = stimuli.group_by("recording", maintain_order=True).len().filter(pl.col("len") != n_trials)
    if counts.height:
        first = counts.row(0, named=True)
        raise InputError(
            "a recording has another number of trials than the blocks",
            where=first["recording"],
            expected=f"{count_things(n_trials, 'trial')}, as the blocks say",
            found=f"{count_things(first['len'], 'trial')}; {count_things(counts.height, 'such recording')}",
            do="state the blocks as they were shown, or give a table of events with a column block",
        )
    names = [block.name for block in blocks for _ in range(block.trials)]
    phases = [block.phase for block in blocks for _ in range(block.trials)]
    order = pl.DataFrame(
        {"place": range(n_trials), "named": names, "staged": phases},
        schema={"place": pl.Int64, "named": pl.String, "staged": pl.String},
    )
    placed = (
        stimuli.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over("recording").alias("place"))
        .join(order, on="place", how="left", maintain_order="left")
        .select("line", "named", "staged")
    )
    return (
        rows.join(placed, on="line", how="left", maintain_order="left")
        .with_columns(pl.coalesce("block", "named").alias("block"), pl.coalesce("phase", "staged").alias("phase"))
        .select(rows.columns)
    )

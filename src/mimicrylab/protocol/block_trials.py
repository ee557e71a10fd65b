"""Which stimuli a block shows to one participant, and in which order."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.blocks import Block, OrderConstraint
from mimicrylab.protocol.trial_order import open_stream, shuffle, shuffle_within_limits

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study


@dataclass(frozen=True)
class Shown:
    """A stimulus as a trial shows it; ``duration_s`` is the clip's own length (None: a still, or not known)."""

    stimulus: str
    emotion: str | None
    model_id: str | None
    duration_s: float | None


def select_stimuli(block: Block, stimuli: pl.DataFrame) -> tuple[Shown, ...]:
    """Return the stimuli that fit a block's set, emotions and models, in the manifest's order, before any draw."""
    chosen = stimuli.filter(pl.col("set") == block.stimuli.set)
    if block.stimuli.emotions:
        chosen = chosen.filter(pl.col("emotion").is_in(list(block.stimuli.emotions)))
    if block.stimuli.models:
        chosen = chosen.filter(pl.col("model_id").is_in(list(block.stimuli.models)))
    columns = ("stimulus", "emotion", "model_id", "duration_s")
    return tuple(Shown(*row) for row in chosen.select(columns).iter_rows())


def list_trials(study: Study, block: Block, stimuli: pl.DataFrame, *, seed: int) -> tuple[Shown, ...]:
    """Return what a block shows to the participant with this seed, in order.

    Raises
    ------
    InputError
        No stimulus fits, or a draw needs more models than there are.
    RefusedError
        The order constraints cannot be met.
    """
    chosen = _draw(study, block, stimuli, seed=seed)
    if not chosen:
        raise InputError(
            f"the block {block.name!r} shows nothing",
            expected="stimuli in the manifest that fit its set, emotions and models",
        )
    if block.order == "fixed":
        return _arrange_ends(block, list(chosen) * block.stimuli.repeats)
    stream = open_stream(seed, "trials", block.name)
    repeated = list(chosen) * block.stimuli.repeats
    ends = {*block.first, *block.last}
    middle = [shown for shown in repeated if shown.emotion not in ends]
    outer = shuffle([shown for shown in repeated if shown.emotion in ends], stream)
    limits = [_make_limit(constraint) for constraint in block.constraints]
    return _arrange_ends(block, [*shuffle_within_limits(middle, stream, limits=limits), *outer])


def find_partners(study: Study, block: Block) -> tuple[Block, ...]:
    """Return the blocks that share a draw with ``block`` (the same selection), in the study's order, with itself."""
    return tuple(other for other in study.blocks if other.stimuli == block.stimuli)


def list_models(block: Block, stimuli: pl.DataFrame) -> tuple[str, ...]:
    """Return the models among a block's stimuli, sorted."""
    return tuple(sorted({shown.model_id for shown in select_stimuli(block, stimuli) if shown.model_id is not None}))


def _draw(study: Study, block: Block, stimuli: pl.DataFrame, *, seed: int) -> tuple[Shown, ...]:
    chosen = select_stimuli(block, stimuli)
    if block.stimuli.draw == "all":
        return chosen
    models = list_models(block, stimuli)
    partners = find_partners(study, block)
    if len(partners) > len(models):
        raise InputError(
            f"{len(partners)} blocks draw another model each, and the stimuli show {len(models)}",
            where=f"block {block.name!r}",
            do="name more models in the manifest, or use draw: all",
        )
    place = [partner.name for partner in partners].index(block.name)
    purpose = ("models", partners[0].name)
    if block.stimuli.draw == "one_model":
        model = shuffle(models, open_stream(seed, *purpose))[place]
        return tuple(shown for shown in chosen if shown.model_id == model)
    emotions = dict.fromkeys(shown.emotion for shown in chosen)
    of_emotion = {emotion: shuffle(models, open_stream(seed, *purpose, str(emotion)))[place] for emotion in emotions}
    return tuple(shown for shown in chosen if shown.model_id == of_emotion[shown.emotion])


def _arrange_ends(block: Block, trials: Sequence[Shown]) -> tuple[Shown, ...]:
    """Move the emotions that open or close the block to its ends; the rest keeps its order."""
    opening = [shown for emotion in block.first for shown in trials if shown.emotion == emotion]
    closing = [shown for emotion in block.last for shown in trials if shown.emotion == emotion]
    ends = {*block.first, *block.last}
    return (*opening, *(shown for shown in trials if shown.emotion not in ends), *closing)


def _make_limit(constraint: OrderConstraint) -> tuple[Callable[[Shown], Hashable], int]:
    return operator.attrgetter(constraint.same), constraint.maximum_run

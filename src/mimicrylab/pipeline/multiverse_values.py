"""The measures of a multiverse's specifications, computed from the coded frames into a table of their own.

Specifications that differ only in how many people or trials count, or in nothing that is measured, share their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from mimicrylab.epochs.baseline import refuse_baseline_in_ratings
from mimicrylab.epochs.trials import list_steps, list_trials
from mimicrylab.errors import InputError, MimicryLabError, RefusedError
from mimicrylab.measures.measure import Batch, Conditions
from mimicrylab.measures.requests import PreparedMeasures, prepare_measures
from mimicrylab.measures.rows import cut_windows, list_columns, mark_batch, measure_all_baselines, measure_batch
from mimicrylab.pipeline.coded_frames import CodedInputs, hash_tables, read_optional, scan_frames, split_batches
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.quality.exclusions import find_excluded, list_exclusions
from mimicrylab.schemas import EMOTIONS, MEASURES
from mimicrylab.stats.plan.specifications import Specification
from mimicrylab.tables import Provenance, write_pieces

STEP = "multiverse"
INPUTS = ("participants", "recordings", "events", "stimuli", "faces", "quality", "exclusions")
SET, SOURCE = "set", "source"
"""Begin the names of a set's measure, and of the measure of trials that a measure of persons is made of."""

Watcher = Callable[[int, int], None]


@dataclass(frozen=True)
class ValueSet:
    """What is computed once for one or several specifications: its measures, its limits, and its name in the table."""

    name: str
    requests: tuple[MeasureRequest, ...]
    quality: Quality

    @property
    def named(self) -> tuple[MeasureRequest, ...]:
        """The requests under names of their own, so that no two specifications have the same."""
        *sources, last = self.requests
        made = [one.model_copy(update={"name": self.name.replace(SET, SOURCE, 1)}) for one in sources]
        last = last.model_copy(update={"name": self.name, **({"of": made[0].label} if made else {})})
        return (*made, last)


@dataclass(frozen=True)
class Values:
    """The table of values, which set each specification has, and why a set has none."""

    path: Path
    sets: Mapping[int, ValueSet]
    obstacles: Mapping[str, MimicryLabError] = field(default_factory=dict)


@dataclass(frozen=True)
class _Ground:
    """Everything that the sets of one quality rule share."""

    inputs: CodedInputs
    trials: pl.DataFrame
    steps: pl.DataFrame
    congruence: Mapping[str, tuple[str, ...]]
    emotions: tuple[str, ...]


def list_value_sets(specifications: Sequence[Specification]) -> dict[int, ValueSet]:
    """Return the set of values that each specification (its number) is computed from."""
    found: dict[str, ValueSet] = {}
    sets = {}
    for one in specifications:
        key = repr((one.requests, one.quality))
        if key not in found:
            found[key] = ValueSet(f"{SET}{len(found) + 1}", one.requests, one.quality)
        sets[one.number] = found[key]
    return sets


def describe_values(inputs: CodedInputs, sets: Mapping[int, ValueSet]) -> Provenance:
    """Return what the table of values is made from."""
    unique = {one.name: one for one in sets.values()}
    study = inputs.study
    arguments = {
        "coder": inputs.coded.coder,
        "sets": {
            name: {
                "measures": [each.model_dump(mode="json", exclude_none=True) for each in one.named],
                "quality": one.quality.model_dump(mode="json"),
            }
            for name, one in unique.items()
        },
        "windows": {name: window.model_dump(mode="json") for name, window in study.windows.items()},
        "baseline": study.baseline.model_dump(mode="json"),
    }
    return Provenance(STEP, {**hash_tables(inputs.folder, INPUTS), **inputs.coded.hash_files()}, arguments)


def compute_values(
    inputs: CodedInputs, sets: Mapping[int, ValueSet], path: Path, *, watch: Watcher | None = None
) -> Values:
    """Measure every set of values and write them to ``path`` (rows of ``schemas.MEASURES``, the set as measure).

    A set that cannot be measured (a baseline in rating time, a ratio of a signal that touches 0) has no value; the
    reason stands in ``obstacles``.
    """
    obstacles: dict[str, MimicryLabError] = {}
    unique = list({one.name: one for one in sets.values()}.values())
    rules = list({one.quality.model_dump_json(): one.quality for one in unique}.values())
    ground = _read_ground(inputs)
    provenance = describe_values(inputs, sets)

    def measure_all() -> Iterator[pl.DataFrame]:
        yield MEASURES.empty()
        for place, rule in enumerate(rules):
            own = [one for one in unique if one.quality == rule]
            prepared = _prepare_sets(ground, own, obstacles)
            yield from _measure_rule(ground, rule, prepared, obstacles, _shift_watch(watch, place, len(rules)))

    def describe() -> Provenance:
        return replace(provenance, notes={"obstacles": {name: one.describe() for name, one in obstacles.items()}})

    write_pieces(measure_all(), path, MEASURES, describe=describe)
    return Values(path, sets, obstacles)


def read_obstacles(provenance: Provenance) -> dict[str, MimicryLabError]:
    """Return why sets have no values, from the provenance of their table."""
    return {name: InputError(reason) for name, reason in dict(provenance.notes.get("obstacles", {})).items()}


def list_rule_exclusions(inputs: CodedInputs, rule: Quality) -> pl.DataFrame:
    """Return the exclusion log under another limit of the recordings' grade (``schemas.EXCLUSIONS``).

    Trials that do not count are not in it: which ones do is judged with the measures.
    """
    folder = inputs.folder
    quality = read_optional(folder, "quality")
    log = list_exclusions(
        read_optional(folder, "participants"),
        inputs.recordings,
        quality,
        maximum_grade=rule.recordings.maximum_grade,
    )
    return log.filter(pl.col("level") != "trial")


def _read_ground(inputs: CodedInputs) -> _Ground:
    events, stimuli = read_optional(inputs.folder, "events"), read_optional(inputs.folder, "stimuli")
    trials = list_trials(events, inputs.recordings, stimuli)
    analysed = trials.filter(pl.col("block_role").fill_null("test") != "washout")
    shown = set(analysed["stimulus_emotion"].unique())
    return _Ground(
        inputs,
        trials,
        list_steps(events),
        collect_congruent(inputs.study.stimuli.sets, stimuli),
        tuple(emotion for emotion in EMOTIONS if emotion in shown),
    )


def _prepare_sets(
    ground: _Ground, sets: Sequence[ValueSet], obstacles: dict[str, MimicryLabError]
) -> dict[str, PreparedMeasures]:
    """Return each set's measures, ready to be computed; one that cannot be is among the obstacles."""
    study = ground.inputs.study
    prepared = {}
    for one in sets:
        try:
            measures = prepare_measures(
                one.named,
                ground.inputs.signals,
                windows=study.windows,
                baseline=study.baseline,
                congruence=ground.congruence,
            )
            for each in measures.trials:
                if each.measure.baseline == "values":
                    refuse_baseline_in_ratings(ground.trials, ground.steps, each.baseline)
            prepared[one.name] = measures
        except MimicryLabError as error:
            obstacles[one.name] = error
    return prepared


def _measure_rule(
    ground: _Ground,
    rule: Quality,
    prepared: Mapping[str, PreparedMeasures],
    obstacles: dict[str, MimicryLabError],
    watch: Watcher | None,
) -> Iterator[pl.DataFrame]:
    """Yield the rows of all sets under one rule, batch by batch of whole participants."""
    inputs = ground.inputs
    excluded = find_excluded(list_rule_exclusions(inputs, rule))
    every = [each for measures in prepared.values() for each in measures.trials]
    done = 0
    for recordings in split_batches(inputs.coded, inputs.recordings):
        names = recordings["recording_id"].implode()
        if every:
            batch = mark_batch(
                scan_frames(inputs.coded, recordings, inputs.faces, signals=list_columns(every)),
                every,
                recordings=recordings,
                trials=ground.trials.filter(pl.col("recording_id").is_in(names)),
                steps=ground.steps.filter(pl.col("recording_id").is_in(names)),
                limits=rule,
                excluded=excluded,
            )
            yield from _measure_sets(ground, rule, batch, prepared, obstacles)
        done += recordings.height
        if watch is not None:
            watch(done, inputs.recordings.height)


def _measure_sets(
    ground: _Ground,
    rule: Quality,
    batch: Batch,
    prepared: Mapping[str, PreparedMeasures],
    obstacles: dict[str, MimicryLabError],
) -> Iterator[pl.DataFrame]:
    windows = cut_windows(batch, [each for measures in prepared.values() for each in measures.trials], rule)
    conditions = Conditions(ground.congruence, rule.cells, ground.emotions)
    for name, measures in prepared.items():
        if name in obstacles:
            continue
        try:
            baselines = measure_all_baselines(batch, measures.trials)
        except RefusedError as error:
            obstacles[name] = error
            continue
        made = measure_batch(
            batch,
            measures.trials,
            windows=windows,
            baselines=baselines,
            coder=ground.inputs.coded.coder,
            limits=rule,
        )
        of_trials = dict(zip((each.request for each in measures.trials), list(made)[::2], strict=True))
        yield from of_trials.values()
        for each in measures.persons:
            rows = of_trials[each.of].filter(pl.col("measure") == each.of.label)
            yield each.measure.compute(rows, each.request, conditions).select(
                pl.col(column.name).cast(column.dtype) for column in MEASURES.columns
            )


def _shift_watch(watch: Watcher | None, place: int, count: int) -> Watcher | None:
    """Return a watcher of one of several passes that tells of them all."""
    if watch is None:
        return None
    return lambda done, total: watch(place * total + done, count * total)

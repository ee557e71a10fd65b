"""Run the multiverse of a study: measure what its specifications need, compute each, test them jointly, write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from mimicrylab.errors import MimicryLabError, MissingError, UnknownNameError
from mimicrylab.pipeline.analyse import INPUTS, describe_inputs
from mimicrylab.pipeline.coded_frames import CodedInputs, hash_tables, read_inputs
from mimicrylab.pipeline.multiverse_values import (
    Values,
    compute_values,
    describe_values,
    list_rule_exclusions,
    list_value_sets,
    read_obstacles,
)
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.frozen_plan import list_frozen
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.multiverse import Multiverse
from mimicrylab.stats.plan.collect import SEED, collect_data
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.multiverse import (
    Computed,
    MultiverseResult,
    Standing,
    compute_specification,
    gather_multiverse,
)
from mimicrylab.stats.plan.multiverse_storage import (
    VALUES_FILE,
    read_multiverse,
    read_multiverse_provenance,
    write_multiverse,
)
from mimicrylab.stats.plan.permute import permute_arms
from mimicrylab.stats.plan.specifications import Specification, list_specifications
from mimicrylab.stats.plan.study_tables import StudyTables, read_arms, read_study_tables, score_scales
from mimicrylab.study import append_log
from mimicrylab.tables import Provenance, find_current

STEP = "multiverse"
NEUTRAL = "neutral"

Watcher = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class MultiverseSummary:
    """The multiverses of a study: what was found, and which of them were up to date."""

    results: tuple[MultiverseResult, ...]
    folder: Path
    up_to_date: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ground:
    """What all specifications share, read once."""

    inputs: CodedInputs
    tables: StudyTables
    scores: pl.DataFrame
    arms: Mapping[str, str] | None
    seed: int

    @property
    def study(self) -> Study:
        return self.inputs.study


def run_multiverses(
    root: Path,
    *,
    only: Sequence[str] = (),
    force: bool = False,
    seed: int | None = None,
    coder: str | None = None,
    watch: Watcher | None = None,
) -> MultiverseSummary:
    """Run the multiverse of each analysis that study.yaml names one for, and write it to the folder ``analyses``.

    The specifications' measures are computed from the coded frames into ``analyses/<id>/multiverse.parquet``. While the
    list of kits is sealed, arms are drawn at random, and the result says so. What is up to date is not computed again.

    Parameters
    ----------
    root
        Folder of the study.
    only
        Analyses (by id) whose multiverse is run; empty: all.
    force
        Run what is up to date, too.
    seed
        Seed of everything random; that of the analyses (1) if left out.
    coder
        Whose frames; the study's coder if left out.
    watch
        Told how far it is.

    Raises
    ------
    MissingError
        study.yaml names no multiverse, or there are no coded frames.
    UnknownNameError
        There is no multiverse of an analysis that is asked for.
    InputError
        An alternative does not exist, or there are too many.
    """
    inputs = read_inputs(root, coder=coder)
    folder, study = inputs.folder, inputs.study
    _check_declared(study, only, where=str(folder.study_file))
    tables = read_study_tables(folder)
    ground = _Ground(
        inputs, tables, score_scales(study, tables.answers, folder), read_arms(folder), SEED if seed is None else seed
    )
    results, current = [], []
    for multiverse in study.multiverse:
        if only and multiverse.analysis not in only:
            continue
        wanted = _describe(ground, multiverse)
        stored = None if force else _read_current(folder.analyses, multiverse.analysis, wanted)
        if stored is not None:
            current.append(multiverse.analysis)
        else:
            stored = _run_one(ground, multiverse, watch)
            write_multiverse(folder.analyses, stored, wanted)
            details = {"analysis": multiverse.analysis, "specifications": stored.table["specification"].n_unique()}
            append_log(folder, STEP, {**details, "labels": stored.labels, "seed": stored.seed})
        results.append(stored)
    return MultiverseSummary(tuple(results), folder.analyses, tuple(current))


def _check_declared(study: Study, only: Sequence[str], *, where: str) -> None:
    names = [one.analysis for one in study.multiverse]
    if not names:
        raise MissingError(
            "study.yaml names no multiverse",
            where=where,
            do="name an analysis and its alternatives under  multiverse:  (docs/multiverse.md)",
        )
    for name in only:
        if name not in names:
            raise UnknownNameError("multiverse", name, names, where=where)


def _describe(ground: _Ground, multiverse: Multiverse) -> Provenance:
    """Return what a multiverse is made from: what its plan is made from, the coded frames, and the alternatives."""
    folder = ground.inputs.folder
    plan = describe_inputs(folder, ground.study, seed=ground.seed)
    inputs = {**plan.inputs, **hash_tables(folder, (*INPUTS, "faces")), **ground.inputs.coded.hash_files()}
    arguments = {
        **plan.arguments,
        "coder": ground.inputs.coded.coder,
        "multiverse": multiverse.model_dump(mode="json"),
        "standing": _find_standing(ground, multiverse),
    }
    return Provenance(STEP, inputs, arguments)


def _read_current(folder: Path, analysis: str, wanted: Provenance) -> MultiverseResult | None:
    found = read_multiverse_provenance(folder, analysis)
    current = found is not None and replace(found, notes={}) == replace(wanted, notes={})
    return read_multiverse(folder, analysis) if current else None


def _find_standing(ground: _Ground, multiverse: Multiverse) -> Standing:
    """Return whether the multiverse and its analysis were frozen as they are, before any data."""
    declared = multiverse.model_dump(mode="json")
    analysis = _find_analysis(ground.study, multiverse).model_dump(mode="json")
    for frozen in list_frozen(ground.inputs.folder.root):
        planned = dict(frozen.plan.get("study", {}))
        known = declared in planned.get("multiverse", []) and analysis in planned.get("analyses", [])
        if known and not frozen.collected:
            return "frozen"
    return "exploratory"


def _find_analysis(study: Study, multiverse: Multiverse) -> Analysis:
    return next(one for one in study.analyses if one.id == multiverse.analysis)


def _run_one(ground: _Ground, multiverse: Multiverse, watch: Watcher | None) -> MultiverseResult:
    study, analysis = ground.study, _find_analysis(ground.study, multiverse)
    specifications = list_specifications(
        multiverse, analysis, requests=study.measures, quality=study.quality, baseline=study.baseline
    )
    values = _prepare_values(ground, analysis, specifications, watch)
    computed: list[Computed] = []
    for one in specifications:
        data = _collect(ground, analysis, one, values)
        computed.append(compute_specification(one, data, analysis, seed=ground.seed))
        if watch is not None:
            watch(f"{analysis.id}: specifications", len(computed), len(specifications))
    standing = _find_standing(ground, multiverse)
    return gather_multiverse(computed, analysis, multiverse, seed=ground.seed, standing=standing)


def _prepare_values(
    ground: _Ground, analysis: Analysis, specifications: Sequence[Specification], watch: Watcher | None
) -> Values:
    """Return the table of the specifications' measures, computed where it is not up to date."""
    path = ground.inputs.folder.analyses / analysis.id / VALUES_FILE
    sets = list_value_sets(specifications)
    found = find_current(path, describe_values(ground.inputs, sets))
    if found is not None:
        return Values(path, sets, read_obstacles(found))
    tell = None if watch is None else (lambda done, total: watch(f"{analysis.id}: measures", done, total))
    return compute_values(ground.inputs, sets, path, watch=tell)


def _collect(
    ground: _Ground, analysis: Analysis, specification: Specification, values: Values
) -> PlanData | MimicryLabError:
    """Return the data of one specification, or why there are none."""
    chosen = values.sets[specification.number]
    if chosen.name in values.obstacles:
        return values.obstacles[chosen.name]
    study = ground.study
    names = _name_measures(analysis, study, specification)
    own = [
        _read_values(values.path, made.label).with_columns(
            pl.col("measure").str.replace(made.label, name, literal=True)
        )
        for made, name in zip(chosen.named, names, strict=True)
    ]
    if not specification.keeps_neutral:
        own = [rows.filter(pl.col("stimulus_emotion").ne_missing(NEUTRAL)) for rows in own]
    replaced = [request for request in study.measures if request.label in names]
    labels = [request.label for request in study.measures]
    gone = _list_own(names, ground.tables.measures["measure"].unique(), among=labels)
    others = ground.tables.measures.filter(~pl.col("measure").is_in(gone))
    kept = [request for request in study.measures if request not in replaced]
    renamed = [
        made.model_copy(update={"name": name, **({"of": names[0]} if made.of is not None else {})})
        for made, name in zip(chosen.named, names, strict=True)
    ]
    varied = study.model_copy(update={"measures": (*renamed, *kept), "quality": specification.quality})
    tables = replace(
        ground.tables,
        measures=pl.concat([*own, others], how="diagonal_relaxed"),
        exclusions=_choose_exclusions(ground, specification.quality),
    )
    try:
        data = collect_data(varied, tables, scores=ground.scores, arms=ground.arms, seed=ground.seed)
        if study.assignment is not None and data.labels == "none":
            return permute_arms(data, study.assignment, seed=ground.seed)
        return data
    except MimicryLabError as error:
        return error


def _read_values(path: Path, label: str) -> pl.DataFrame:
    """Return the rows of one measure of a set, and of what it gives besides."""
    measure = pl.col("measure")
    return pl.scan_parquet(path).filter((measure == label) | measure.str.starts_with(f"{label}_")).collect()


def _name_measures(analysis: Analysis, study: Study, specification: Specification) -> list[str]:
    """Return the names under which the analysis looks for the specification's measures.

    The outcome's measure stands under the name that the analysis gives; the measure of trials that it is made of under
    that of the declared outcome's, so that a covariate of that name is made of the same.
    """
    outcome = str(analysis.outcome.measure)
    if len(specification.requests) == 1:
        return [outcome]
    declared = next((one for one in study.measures if one.label == outcome), None)
    source = declared.of if declared is not None and declared.of is not None else None
    return [source or specification.requests[0].label, outcome]


def _list_own(labels: Sequence[str], names: Iterable[str], *, among: Sequence[str]) -> list[str]:
    """Return those names in a table of measures that belong to the measures ``labels``.

    A measure gives others besides (``congruence_without_neutral``): a name belongs to the longest label that begins it.
    """
    found = []
    for name in names:
        fitting = [label for label in among if name == label or name.startswith(f"{label}_")]
        if fitting and max(fitting, key=len) in labels:
            found.append(name)
    return found


def _choose_exclusions(ground: _Ground, quality: Quality) -> pl.DataFrame:
    declared = ground.study.quality
    if quality.recordings == declared.recordings:
        return ground.tables.exclusions
    return list_rule_exclusions(ground.inputs, quality)

"""Which step made which file, by which version, from what; and which results are older than their inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mimicrylab.schemas import TABLES
from mimicrylab.stats.plan.multiverse_storage import RESULT_FILE as MULTIVERSE_FILE
from mimicrylab.stats.plan.multiverse_storage import list_multiverses, read_multiverse_provenance
from mimicrylab.stats.plan.storage import RESULTS_FILE, read_results_provenance
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, hash_file, read_provenance

ARMS_TABLE = "arms.parquet"


@dataclass(frozen=True)
class StepRecord:
    """One derived file: its path in the study folder, its hash, and what its provenance says."""

    path: str
    sha256: str
    step: str
    software: str
    inputs: Mapping[str, str]
    arguments: Mapping[str, Any]
    notes: Mapping[str, Any]


def read_steps(
    folder: StudyFolder, settings: Mapping[str, Any] | None = None
) -> tuple[tuple[StepRecord, ...], tuple[str, ...]]:
    """Return the records of all derived files, and a sentence for each that is out of date.

    A file is out of date when an input that its provenance names lies in the folder with another hash, or when it was
    made with other ``settings`` than study.yaml has now (name among the provenance's arguments -> value). Inputs are
    named by their path in the folder; an input that is not there (a video that was not kept) says nothing, and neither
    does a table's own earlier version, from which a step brought it up to date, nor the whole of study.yaml: a new
    title makes no result old.
    """
    records = tuple(_list_records(folder))
    hashes = {record.path: record.sha256 for record in records}
    return records, (*_find_stale(records, hashes), *_find_changed(records, settings or {}))


def _list_records(folder: StudyFolder) -> Iterator[StepRecord]:
    tables = [folder.table_path(name) for name in TABLES]
    for path in sorted([*tables, *folder.frames.rglob("*.parquet")]):
        found = read_provenance(path) if path.is_file() else None
        if found is not None:
            name = path.relative_to(folder.root).as_posix()
            yield _record(name, path, found)
    results = folder.analyses / RESULTS_FILE
    made = read_results_provenance(folder.analyses)
    if made is not None:
        yield _record(results.relative_to(folder.root).as_posix(), results, made)
    for analysis in list_multiverses(folder.analyses):
        path = folder.analyses / analysis / MULTIVERSE_FILE
        varied = read_multiverse_provenance(folder.analyses, analysis)
        if varied is not None:
            yield _record(path.relative_to(folder.root).as_posix(), path, varied)


def _record(name: str, path: Path, found: Provenance) -> StepRecord:
    return StepRecord(name, hash_file(path), found.step, found.software, found.inputs, found.arguments, found.notes)


def _find_stale(records: tuple[StepRecord, ...], hashes: Mapping[str, str]) -> Iterator[str]:
    for record in records:
        changed = [
            name
            for name, sha256 in record.inputs.items()
            if _place(name) != record.path and hashes.get(_place(name), sha256) != sha256
        ]
        if changed:
            others = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            yield f"{record.path} was made from another version of {changed[0]}{others}"
        if record.notes.get("labels") == "permuted" and ARMS_TABLE in hashes:
            yield f"{record.path} is a dry run on arms drawn at random, and the arms are known now"


def _find_changed(records: tuple[StepRecord, ...], settings: Mapping[str, Any]) -> Iterator[str]:
    for record in records:
        changed = [name for name, value in settings.items() if record.arguments.get(name, value) != value]
        if changed:
            yield f"{record.path} was made with other settings than study.yaml has now ({', '.join(changed)})"


def _place(name: str) -> str:
    """Return the path in the folder that an input's name means: ``frames``-like names of tables have no ending."""
    return f"{name}.parquet" if name in TABLES and not Path(name).suffix else name

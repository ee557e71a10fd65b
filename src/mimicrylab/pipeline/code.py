"""The verb ``code``: videos become tables of what the face did, frame by frame."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.coding.coder import DEFAULT_CODER, list_coder_options
from mimicrylab.coding.engine import Progress, Shard, code_recordings, list_passed_over, plan_jobs
from mimicrylab.coding.recording_job import CodingJob, Receipt
from mimicrylab.errors import MissingError, quote_path
from mimicrylab.protocol.design import read_study
from mimicrylab.schemas import RECORDINGS
from mimicrylab.session.recording import Source, find_sources
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import Provenance, hash_file, read_provenance, read_table, write_table

__all__ = ["DEFAULT_CODER", "CodingSummary", "Watcher", "code_files", "code_study", "count_processors"]

Watcher = Callable[[Progress], None]


@dataclass(frozen=True)
class CodingSummary:
    """What became of the recordings: facts, never frames.

    ``elsewhere`` counts recordings that belong to other parts; ``passed_over`` lists files in the folders that are not
    taken for videos; ``unkept`` are recordings of the study of which no file is kept; ``imported`` are those whose
    frames of this coder were imported: they stay.
    """

    coder: str
    out: Path
    receipts: tuple[Receipt, ...]
    elsewhere: int = 0
    passed_over: tuple[Path, ...] = ()
    unkept: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()

    def select(self, state: str) -> list[Receipt]:
        """Return the receipts of the recordings in that state (coded, up to date, failed)."""
        return [receipt for receipt in self.receipts if receipt.state == state]

    @property
    def incomplete(self) -> list[Receipt]:
        """Recordings that are coded only as far as the file goes, now or earlier."""
        return [receipt for receipt in self.receipts if receipt.complete is False]


def code_files(
    paths: Sequence[Path],
    out: Path,
    *,
    coder: str = DEFAULT_CODER,
    options: Mapping[str, Any] | None = None,
    processes: int | None = None,
    shard: Shard | None = None,
    force: bool = False,
    watch: Watcher | None = None,
) -> CodingSummary:
    """Code the videos among ``paths`` and in the folders among them into ``out``, one Parquet file a recording.

    Parameters
    ----------
    options
        The coder's options, such as ``{"blendshapes": False}``.
    processes
        Recordings that are coded at the same time; None: as many as there are processors.
    shard
        Code this part of the recordings only.
    force
        Code what is up to date, too.

    Raises
    ------
    MissingError
        A path does not exist, or a folder holds no video.
    ConflictError
        Two files would get the same recording id; nothing is coded then.
    UnknownNameError, DependencyError, RefusedError
        There is no such coder or option, or it cannot run here.
    """
    sources = find_sources(paths)
    jobs = plan_jobs(sources, out, coder=coder, options=options, shard=shard, force=force)
    receipts = code_recordings(jobs, processes=processes or count_processors(), watch=watch)
    results = [file for file in list_passed_over(paths, sources) if not _lies_in(file, out)]
    return CodingSummary(coder, out, tuple(receipts), len(sources) - len(jobs), tuple(results))


def code_study(
    root: Path,
    *,
    coder: str | None = None,
    options: Mapping[str, Any] | None = None,
    processes: int | None = None,
    shard: Shard | None = None,
    force: bool = False,
    watch: Watcher | None = None,
) -> CodingSummary:
    """Code a study's recordings into its ``frames/<coder>/`` and write what was learnt into its table of recordings.

    The coder and its options are those of study.yaml where they are not given. A video whose hash is not the one that
    was imported is not coded; nor is a recording whose frames of this coder were
    imported, unless ``force``. In a part (``shard``) the table stays as it is, because parts may run at the same time:
    a later run without parts finds everything up to date and writes the table.

    Raises
    ------
    MissingError
        There is no study, or it has no recordings yet.
    StudyFileError, UnknownNameError, DependencyError, RefusedError
        study.yaml has mistakes, or there is no such coder or option, or it cannot run here.
    """
    folder = open_study(root)
    settings = read_study(folder.study_file).coding
    chosen = coder or settings.coder
    known = list_coder_options(chosen)
    declared = {name: value for name, value in settings.model_dump(exclude={"coder"}).items() if name in known}
    table = _read_recordings(folder)
    out = folder.frames / chosen
    imported = () if force else _list_imported(table, folder, chosen)
    kept = table.filter(pl.col("path").is_not_null() & ~pl.col("recording_id").is_in(list(imported)))
    sources = [Source(name, folder.root / path) for name, path in kept.select("recording_id", "path").iter_rows()]
    hashes = dict(kept.filter(pl.col("sha256").is_not_null()).select("recording_id", "sha256").iter_rows())
    wanted = {**declared, **(options or {})}
    if imported and not sources:
        return CodingSummary(chosen, out, (), imported=imported)
    jobs = plan_jobs(sources, out, coder=chosen, options=wanted, shard=shard, force=force, hashes=hashes)
    receipts = code_recordings(jobs, processes=processes or count_processors(), watch=watch)
    unkept = tuple(table.filter(pl.col("path").is_null())["recording_id"])
    elsewhere = len(sources) - len(jobs)
    summary = CodingSummary(chosen, out, tuple(receipts), elsewhere, unkept=unkept, imported=imported)
    if shard is None:
        _update_recordings(folder, table, receipts, chosen)
    _log_coding(folder, summary, jobs)
    return summary


def count_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lies_in(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _list_imported(table: pl.DataFrame, folder: StudyFolder, coder: str) -> tuple[str, ...]:
    """Return the recordings whose frames of this coder another program's files brought."""
    paths = {name: folder.frames_path(coder, name) for name in table["recording_id"]}
    made = {name: read_provenance(path) for name, path in paths.items() if path.is_file()}
    return tuple(name for name, found in made.items() if found is not None and found.step.startswith("import"))


def _read_recordings(folder: StudyFolder) -> pl.DataFrame:
    path = folder.table_path(RECORDINGS.name)
    if not path.exists():
        raise MissingError(
            "the study has no recordings yet",
            where=str(folder.root),
            do=f"mimicrylab import recordings FILES --study {quote_path(folder.root)}",
        )
    return read_table(path, RECORDINGS)


def _update_recordings(folder: StudyFolder, table: pl.DataFrame, receipts: Sequence[Receipt], coder: str) -> None:
    """Write what coding found out; what an import knew to be missing stays missing. Unchanged: no new file."""
    found = {receipt.recording_id: receipt for receipt in receipts if receipt.state != "failed"}
    rows = [_update_row(row, found.get(row["recording_id"])) for row in table.iter_rows(named=True)]
    updated = pl.DataFrame(rows, schema=table.schema)
    if updated.equals(table):
        return
    path = folder.table_path(RECORDINGS.name)
    provenance = Provenance("code", {"recordings": hash_file(path)}, {"coder": coder})
    write_table(updated, path, RECORDINGS, provenance)


def _update_row(row: Mapping[str, Any], receipt: Receipt | None) -> dict[str, Any]:
    if receipt is None:
        return dict(row)
    facts = ("n_frames", "duration_s", "mean_fps", "width", "height")
    learnt = {name: getattr(receipt, name) for name in facts if getattr(receipt, name) is not None}
    if receipt.complete is False:
        learnt |= {"complete": False, "reason": f"from second {receipt.broke_at_s:.2f} on: {receipt.reason}"}
    elif row["complete"] is None:
        learnt["complete"] = True
    return {**row, **learnt}


def _log_coding(folder: StudyFolder, summary: CodingSummary, jobs: Sequence[CodingJob]) -> None:
    if not summary.select("coded") and not summary.select("failed"):
        return
    states = ("coded", "up to date", "failed")
    details: dict[str, Any] = {state: len(summary.select(state)) for state in states}
    details |= {"coder": summary.coder, "options": dict(jobs[0].options), "incomplete": len(summary.incomplete)}
    append_log(folder, "code", details)

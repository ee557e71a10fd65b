"""Coding many recordings: found, shared out, coded side by side; a rerun does only what is missing or changed.

One Parquet file a recording, named by its id. Nothing is ever half there: a file appears under its name when it is
whole. A broken recording, a crash of the process that codes it, or the end of the whole run leaves the others as they
are. Only receipts come back, never frames.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mimicrylab.coding.coder import load_coder
from mimicrylab.coding.recording_job import CodingJob, JobProgress, Receipt
from mimicrylab.coding.worker_pool import run_jobs
from mimicrylab.errors import InputError, RefusedError
from mimicrylab.session.recording import Source
from mimicrylab.tables import remove_stale_partials


@dataclass(frozen=True)
class Shard:
    """Part ``index`` (1-based) of ``count``: every recording belongs to one part, whatever else there is."""

    index: int
    count: int

    def holds(self, recording_id: str) -> bool:
        """Return whether the recording belongs to this part; decided by its id alone."""
        digest = hashlib.sha256(recording_id.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1


def parse_shard(text: str) -> Shard:
    """Return the part that ``i/n`` means.

    Examples
    --------
    >>> parse_shard("2/8")
    Shard(index=2, count=8)

    Raises
    ------
    InputError
        It is not two whole numbers with 1 <= i <= n.
    """
    index, slash, count = text.partition("/")
    if slash and index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count):
        return Shard(int(index), int(count))
    raise InputError("this is no part of a whole", where="--shard", expected="i/n, such as 1/4 to 4/4", found=text)


@dataclass(frozen=True)
class Progress:
    """How far a batch is. ``share`` counts work (bytes of video) from 0 to 1; ``left_s`` is None until it is known."""

    n_recordings: int
    n_done: int
    n_frames: int
    frames_per_s: float
    share: float
    left_s: float | None


def plan_jobs(
    sources: Iterable[Source],
    out: Path,
    *,
    coder: str,
    options: Mapping[str, Any] | None = None,
    shard: Shard | None = None,
    force: bool = False,
    hashes: Mapping[str, str] | None = None,
) -> list[CodingJob]:
    """Return one job a recording, sorted by id: those of this part where there is one.

    Parameters
    ----------
    out
        Folder for the results: ``out/<recording_id>.parquet``.
    force
        Code what is up to date, too.
    hashes
        The SHA-256 that a recording's video must have, by id, where it is known.

    Raises
    ------
    UnknownNameError, DependencyError
        There is no such coder or option, or something it needs is not installed.
    RefusedError
        The coder cannot run here.
    InputError
        ``out`` is a file.
    """
    if out.exists() and not out.is_dir():
        raise InputError("the results need a folder, and this is a file", where=str(out))
    obstacle = load_coder(coder, **(options or {})).find_obstacle()
    if obstacle:
        raise RefusedError(f"the coder {coder!r} cannot run here: {obstacle}", where="--coder")
    return [
        CodingJob(
            source.recording_id,
            source.path,
            out / f"{source.recording_id}.parquet",
            coder,
            dict(options or {}),
            force,
            (hashes or {}).get(source.recording_id),
        )
        for source in sorted(sources, key=lambda each: each.recording_id)
        if shard is None or shard.holds(source.recording_id)
    ]


def code_recordings(
    jobs: Sequence[CodingJob], *, processes: int = 1, watch: Callable[[Progress], None] | None = None
) -> list[Receipt]:
    """Code all jobs, ``processes`` recordings at a time, each in a process of its own with one thread.

    Returns one receipt a job, in the order of the jobs. Temporary files that a killed run left behind are removed.

    Parameters
    ----------
    watch
        Called a few times a second.

    Raises
    ------
    InputError
        ``processes`` is below 1.
    """
    if processes < 1:
        raise InputError("there must be at least one process", where="--jobs", found=str(processes))
    folders = sorted({_find_root(job) for job in jobs})
    for folder in folders:
        remove_stale_partials(folder)
    sizes = {job.recording_id: _measure_size(job) for job in jobs}
    largest_first = sorted(jobs, key=lambda job: -sizes[job.recording_id])
    receipts: dict[str, Receipt] = {}
    meter = _Meter(sizes, time.monotonic())
    try:
        with closing(run_jobs(largest_first, processes=min(processes, max(len(jobs), 1)))) as messages:
            for message in messages:
                if isinstance(message, Receipt):
                    receipts[message.recording_id] = message
                    meter.finish(message)
                else:
                    meter.advance(message)
                if watch is not None:
                    watch(meter.read())
    finally:
        for folder in folders:
            remove_stale_partials(folder)
    return [receipts[job.recording_id] for job in jobs]


def _find_root(job: CodingJob) -> Path:
    """Return the folder that holds all results: the target less its id."""
    return job.target.parents[job.recording_id.count("/")]


def _measure_size(job: CodingJob) -> int:
    return job.video.stat().st_size if job.video.is_file() else 0


class _Meter:
    """Adds up progress over recordings; local to one batch."""

    def __init__(self, sizes: Mapping[str, int], start: float) -> None:
        self.sizes = sizes
        self.running: dict[str, JobProgress] = {}
        self.done: set[str] = set()
        self.n_frames = 0
        self.bytes_coded = 0
        self.bytes_skipped = 0
        self.start = start

    def advance(self, progress: JobProgress) -> None:
        self.running[progress.recording_id] = progress

    def finish(self, receipt: Receipt) -> None:
        self.running.pop(receipt.recording_id, None)
        self.done.add(receipt.recording_id)
        size = self.sizes[receipt.recording_id]
        if receipt.state == "coded":
            self.n_frames += receipt.n_frames or 0
            self.bytes_coded += size
        else:
            self.bytes_skipped += size

    def read(self) -> Progress:
        elapsed = max(time.monotonic() - self.start, 1e-6)
        n_frames = self.n_frames + sum(each.n_frames for each in self.running.values())
        coded = self.bytes_coded + sum(self._count_bytes(each) for each in self.running.values())
        total = sum(self.sizes.values())
        left = total - coded - self.bytes_skipped
        return Progress(
            n_recordings=len(self.sizes),
            n_done=len(self.done),
            n_frames=n_frames,
            frames_per_s=n_frames / elapsed,
            share=1.0 if not total else (coded + self.bytes_skipped) / total,
            left_s=elapsed * left / coded if coded else None,
        )

    def _count_bytes(self, progress: JobProgress) -> float:
        size = self.sizes[progress.recording_id]
        if not progress.expected:
            return 0.0
        return size * min(progress.n_frames / progress.expected, 1.0)


def list_passed_over(paths: Iterable[Path], sources: Iterable[Source]) -> list[Path]:
    """Return the files in the folders among ``paths`` that are not taken for videos, so that none is dropped silently.

    Hidden files are not listed.
    """
    taken = {source.path.resolve() for source in sources}
    return sorted(
        file
        for path in paths
        if path.is_dir()
        for file in path.rglob("*")
        if file.is_file()
        and file.resolve() not in taken
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )

"""Processes that code recordings side by side; one that dies takes down its own recording only.

Nothing heavy is imported here: a worker first limits its own threads, then imports. Scripts that call this need the
usual ``if __name__ == "__main__":``, because each worker is a fresh Python that imports the script.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from mimicrylab.coding.recording_job import CodingJob, JobProgress, Receipt
    from mimicrylab.errors import AssetError

    Message = JobProgress | Receipt | AssetError

THREAD_LIMITS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""One thread a process: a second one costs 20 % more CPU and gains little."""
STOP_TIMEOUT_S = 2.0


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection[CodingJob, Message]
    job: CodingJob | None = None


def run_jobs(jobs: Sequence[CodingJob], *, processes: int) -> Generator[JobProgress | Receipt]:
    """Code every job in one of ``processes`` worker processes; yield progress and, for each job, one receipt.

    A worker that ends in the middle of a recording (a crash of a decoder, a process killed for its memory) gives a
    receipt that says so, and another takes its place. When the caller stops early, the workers are ended.

    Raises
    ------
    AssetError
        The coder's model cannot be had, so that no recording can be coded.
    """
    waiting = deque(jobs)
    workers: list[_Worker] = []
    try:
        while waiting or any(worker.job for worker in workers):
            while waiting and sum(worker.job is not None for worker in workers) < processes:
                _give_job(workers, waiting.popleft())
            busy = {worker.pipe: worker for worker in workers if worker.job}
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                message = _receive(worker)
                if message is None:
                    workers.remove(worker)
                    yield _report_death(worker)
                    continue
                if isinstance(message, Exception):
                    raise message
                if hasattr(message, "state"):  # a receipt
                    worker.job = None
                yield message
    finally:
        _stop_workers(workers)


def _give_job(workers: list[_Worker], job: CodingJob) -> None:
    for worker in [each for each in workers if each.job is None]:
        try:
            worker.pipe.send(job)
        except ConnectionError:  # it ended while it had nothing to do
            workers.remove(worker)
        else:
            worker.job = job
            return
    worker = _start_worker()
    worker.pipe.send(job)
    worker.job = job
    workers.append(worker)


def _start_worker() -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run_worker, args=(theirs,), name="mimicrylab-coding", daemon=True)
    with hold_interrupts():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Keep Ctrl-C waiting, so that a process started meanwhile never gets it: it is the parent's to handle."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _receive(worker: _Worker) -> Message | None:
    try:
        return worker.pipe.recv()
    except (EOFError, ConnectionError):
        return None


def _report_death(worker: _Worker) -> Receipt:
    from mimicrylab.coding.recording_job import Receipt

    job = cast("CodingJob", worker.job)
    worker.process.join(STOP_TIMEOUT_S)
    code = worker.process.exitcode
    worker.pipe.close()
    how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
    return Receipt(job.recording_id, job.video, job.target, "failed", reason=f"the process that coded it ended ({how})")


def _stop_workers(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        worker.pipe.close()  # an idle worker ends by itself
        if worker.job is not None:
            worker.process.terminate()
    for worker in workers:
        worker.process.join(STOP_TIMEOUT_S)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def run_worker(pipe: Connection[Message, CodingJob]) -> None:
    """Code what comes through ``pipe`` until it is closed. The body of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    threading.Thread(target=_die_with_parent, daemon=True).start()

    from mimicrylab.coding.recording_job import code_recording
    from mimicrylab.errors import AssetError

    while True:
        try:
            job = pipe.recv()
            try:
                message: Message = code_recording(job, report=pipe.send)
            except AssetError as error:
                message = error
            pipe.send(message)
        except (EOFError, ConnectionError):  # nobody is there any more
            return


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

"""Simulated studies side by side: each worker holds the setting and simulates one study at a time.

Nothing heavy is imported at the top: a worker limits its threads first, then imports. Scripts that call this need the
usual ``if __name__ == "__main__":``, because each worker is a fresh Python that imports the script.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_process
from typing import TYPE_CHECKING, Any

from mimicrylab.coding.worker_pool import THREAD_LIMITS, hold_interrupts

if TYPE_CHECKING:
    from mimicrylab.power.draws import SimulatedRun
    from mimicrylab.power.setting import SimulationSetting

_HELD: dict[str, Any] = {}
"""The setting of this worker process."""


def simulate_runs(
    setting: SimulationSetting, wanted: Iterable[tuple[int, int]], *, processes: int
) -> Generator[SimulatedRun]:
    """Yield each wanted run (people, number) as it is done, in whatever order; one process simulates here.

    When the caller stops early (Ctrl-C), what is being simulated is finished, and nothing new is begun.

    Raises
    ------
    RefusedError
        A worker process ended (memory).
    MimicryLabError
        Whatever a simulated study raises.
    """
    from mimicrylab.power.draws import simulate_run

    if processes == 1:
        for people, run in wanted:
            yield simulate_run(setting, people=people, run=run)
        return
    context = multiprocessing.get_context("spawn")
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    pool = ProcessPoolExecutor(processes, context, initializer=start_worker, initargs=(pickle.dumps(setting),))
    try:
        yield from _collect(pool, wanted, waiting=2 * processes)
    except BrokenProcessPool as error:
        from mimicrylab.errors import RefusedError

        raise RefusedError(
            "a process that simulated studies ended", do="give fewer --processes: memory may not be enough for so many"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _collect(pool: ProcessPoolExecutor, wanted: Iterable[tuple[int, int]], *, waiting: int) -> Generator[SimulatedRun]:
    """Give the pool a few runs at a time, so that stopping early leaves none behind."""
    pending: set[Future[SimulatedRun]] = set()
    for people, run in wanted:
        with hold_interrupts():  # the first call starts the processes
            pending.add(pool.submit(simulate_held, people, run))
        if len(pending) >= waiting:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        yield from (one.result() for one in done)


def start_worker(pickled: bytes) -> None:
    """Prepare a worker process: Ctrl-C is its parent's to handle, and it ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _HELD["setting"] = pickle.loads(pickled)


def simulate_held(people: int, run: int) -> SimulatedRun:
    """Simulate one study with the worker's setting."""
    from mimicrylab.power.draws import simulate_run

    return simulate_run(_HELD["setting"], people=people, run=run)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_process([parent.sentinel])
        os._exit(1)

"""How benchmarks are written here: interleaved pairs, medians, one table.

A bench module exposes ``run(quick: bool) -> list[Result]`` and is named in ``bench/__main__.py``. ``quick`` asks for a
small version (seconds, not minutes) that shows that the benchmark itself works. Nothing here is a test: its figures
stand in docs/benchmarks.md and decide nothing else.

Two things are compared in pairs, one run of each in turn, so that a machine that is busy for a while slows both:

>>> pair = measure_pairs(lambda: 30.0, lambda: 20.0, pairs=3)
>>> pair.ratio
1.5
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MEGABYTE = 1 << 20
PEAK_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Result:
    """One row of the table.

    ``value`` is ours in ``unit``; ``against`` names what it is compared with and ``against_value`` is its figure in the
    same unit; ``ratio`` is the median of the pairs' ratios (ours / other). ``at_least`` and ``at_most`` are the goal:
    for the ratio where there is one, else for the value. ``note`` says what a reader must know (frames, clip, rows).
    """

    name: str
    value: float
    unit: str
    against: str = ""
    against_value: float | None = None
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal."""
        if self.at_least is None and self.at_most is None:
            return None
        figure = self.value if self.ratio is None else self.ratio
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)


@dataclass(frozen=True)
class Pairs:
    """Medians over interleaved pairs: ours, the other's, and of the ratios ours / other."""

    ours: float
    other: float
    ratio: float


@dataclass(frozen=True)
class Usage:
    """What a process used: wall seconds, CPU seconds (all its threads and children), peak resident memory."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measure_pairs(ours: Callable[[], float], other: Callable[[], float], *, pairs: int = 5) -> Pairs:
    """Call both in turn ``pairs`` times, swapping the order; each call returns its figure (frames/s, s, MB)."""
    first: list[float] = []
    second: list[float] = []
    for turn in range(pairs):
        if turn % 2 == 0:
            first.append(ours())
            second.append(other())
        else:
            second.append(other())
            first.append(ours())
    ratios = [a / b for a, b in zip(first, second, strict=True)]
    return Pairs(statistics.median(first), statistics.median(second), statistics.median(ratios))


def time_call(call: Callable[[], object]) -> float:
    """Return the wall seconds one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def run_process(arguments: Sequence[str]) -> Usage:
    """Run a command to its end, its output dropped, and return what it used; a command that fails is an error.

    POSIX only. A small process of its own starts the command and waits for it: a child inherits the peak memory of the
    process that started it, so that a benchmark with a large table in memory would measure its own.
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _WATCH, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    wall_s, cpu_s, peak_kb, code = (float(part) for part in done.stdout.split())
    if code:
        raise subprocess.CalledProcessError(int(code), list(arguments))
    return Usage(wall_s, cpu_s, peak_kb * PEAK_UNIT_BYTES / MEGABYTE)


_WATCH = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawnp(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
)
status, used = os.wait4(child, 0)[1:]
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""

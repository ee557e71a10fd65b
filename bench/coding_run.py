"""One measured run of coding, in a process of its own: ``python -m bench.coding_run VIDEO WHAT`` prints JSON.

WHAT is ``decode`` (pictures only) or ``code`` (all that ``mimicrylab code`` does with one recording). Imports and
the start of the models are not measured. The process keeps to one processor, as the engine's workers keep to one
thread.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from mimicrylab.coding.worker_pool import THREAD_LIMITS

PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1 << 20


def keep_to_one_processor() -> None:
    """Stay on one processor (Linux) with one thread in every library."""
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def read_memory_mb() -> float:
    """Return the memory that this process holds now (Linux), else its peak."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        return int(statistics.read_text().split()[1]) * PAGE / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_decoding(video: Path) -> dict[str, float]:
    """Return frames/s and CPU ms a frame of decoding alone."""
    from mimicrylab.coding.video import decode_frames

    wall, cpu = time.perf_counter(), time.process_time()
    n_frames = sum(1 for _ in decode_frames(video))
    return summarise(n_frames, time.perf_counter() - wall, time.process_time() - cpu)


def measure_coding(video: Path, *, warm_up: Path) -> dict[str, float]:
    """Return frames/s, CPU ms a frame, the landmark model's share of the CPU, and memory on the way."""
    from mimicrylab.coding.face_models import FaceModels
    from mimicrylab.coding.recording_job import CodingJob, JobProgress, code_recording

    spent = 0.0
    original = FaceModels.find_landmarks

    def find_landmarks(self, crop):  # type: ignore[no-untyped-def]
        nonlocal spent
        start = time.process_time()
        found = original(self, crop)
        spent += time.process_time() - start
        return found

    memory: list[tuple[int, float]] = []

    def watch(progress: JobProgress) -> None:
        memory.append((progress.n_frames, read_memory_mb()))

    with tempfile.TemporaryDirectory() as folder:
        code_recording(CodingJob("warm-up", warm_up, Path(folder) / "warm-up.parquet", "landmarker"))
        FaceModels.find_landmarks = find_landmarks  # type: ignore[method-assign]
        wall, cpu = time.perf_counter(), time.process_time()
        receipt = code_recording(CodingJob("run", video, Path(folder) / "run.parquet", "landmarker"), report=watch)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if receipt.state != "coded" or not receipt.n_frames:
        raise SystemExit(f"coding failed: {receipt.reason}")
    early = [megabytes for n_frames, megabytes in memory if n_frames >= receipt.n_frames * 0.1][:1]
    return {
        **summarise(receipt.n_frames, wall, cpu),
        "landmark_share": spent / cpu,
        "memory_early_mb": early[0] if early else read_memory_mb(),
        "memory_late_mb": memory[-1][1] if memory else read_memory_mb(),
        "memory_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def summarise(n_frames: int, wall_s: float, cpu_s: float) -> dict[str, float]:
    """Return what both kinds of run report."""
    return {"n_frames": n_frames, "frames_per_s": n_frames / wall_s, "cpu_ms": cpu_s / n_frames * 1e3}


if __name__ == "__main__":
    keep_to_one_processor()
    path = Path(sys.argv[1])
    figures = measure_decoding(path) if sys.argv[2] == "decode" else measure_coding(path, warm_up=Path(sys.argv[3]))
    print(json.dumps(figures))

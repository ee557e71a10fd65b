"""Coding: against decoding alone, against the mediapipe package, its memory, and two processes against one.

The mediapipe package is installed into an environment of its own in the cache folder, never into ours.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from bench.looped_video import loop_video
from bench.runner import Pairs, Result, measure_pairs
from mimicrylab.assets import fetch_asset
from mimicrylab.assets.cache import find_cache_directory
from mimicrylab.coding.engine import code_recordings, plan_jobs
from mimicrylab.session.recording import find_sources

MEDIAPIPE = "0.10.33"
CLIP = "WolfgangLanger_Pexels.mp4"
CLIP_S = 472 / 23.976
WARM_UP = "single_face.mp4"
HALF_AN_HOUR_S = 1800.0


def run(quick: bool) -> list[Result]:
    """Measure; ``quick``: one clip, one pair, half a minute of video, and mediapipe only if it is installed already."""
    pairs = 1 if quick else 5
    with tempfile.TemporaryDirectory() as folder:
        clip = loop_video(fetch_asset(CLIP), Path(folder) / "clip.mp4", times=1 if quick else 3)
        results = [*_compare_with_decoding(clip, pairs), *_compare_with_mediapipe(clip, pairs, install=not quick)]
        results.append(_compare_processes(Path(folder), pairs=1 if quick else 3, times=2 if quick else 6))
        results += _measure_memory(Path(folder), seconds=30.0 if quick else HALF_AN_HOUR_S)
    return results


def _run_ours(video: Path, what: str = "code") -> dict[str, float]:
    return _run([sys.executable, "-m", "bench.coding_run", str(video), what, str(fetch_asset(WARM_UP))])


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _compare_with_decoding(clip: Path, pairs: int) -> list[Result]:
    runs: list[dict[str, float]] = []

    def code() -> float:
        runs.append(_run_ours(clip))
        return runs[-1]["frames_per_s"]

    pair = measure_pairs(code, lambda: _run_ours(clip, "decode")["frames_per_s"], pairs=pairs)
    share = statistics.median(each["landmark_share"] for each in runs)
    cpu_ms = statistics.median(each["cpu_ms"] for each in runs)
    note = f"{CLIP}, 640x360 h264, {runs[0]['n_frames']:.0f} frames, one process on one processor, decoding and writing"
    return [
        Result("coding", pair.ours, "frames/s", "decoding alone", pair.other, pair.ratio, note=note),
        Result("coding: CPU a frame", cpu_ms, "ms"),
        Result(
            "coding: share of the landmark model",
            100 * share,
            "% of CPU",
            at_least=50,
            note="its input and output included; what is left is decoding, cutting out the face, blendshapes, Python",
        ),
    ]


def _compare_with_mediapipe(clip: Path, pairs: int, *, install: bool) -> list[Result]:
    python = _find_mediapipe(install=install)
    if python is None:
        return []
    files = [str(each) for each in (fetch_asset("face_landmarker.task"), clip, fetch_asset(WARM_UP))]
    command = [str(python), str(Path(__file__).with_name("mediapipe_run.py")), *files]
    pair = measure_pairs(lambda: _run_ours(clip)["frames_per_s"], lambda: _run(command)["frames_per_s"], pairs=pairs)
    note = "both on one processor with the same decoding; ours also measures action units, quality and writes the table"
    name = f"mediapipe {MEDIAPIPE}"
    return [Result("coding", pair.ours, "frames/s", name, pair.other, pair.ratio, at_least=1.15, note=note)]


def _find_mediapipe(*, install: bool) -> Path | None:
    environment = find_cache_directory() / "bench" / f"mediapipe-{MEDIAPIPE}"
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists() and install:
        import av

        venv.create(environment, with_pip=True)
        packages = [f"mediapipe=={MEDIAPIPE}", f"av=={av.__version__}"]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
    return python if python.exists() else None


def _compare_processes(folder: Path, *, pairs: int, times: int) -> Result:
    videos = folder / "videos"
    videos.mkdir()
    for name in ("a", "b"):
        loop_video(fetch_asset(CLIP), videos / f"{name}.mp4", times=times)
    jobs = plan_jobs(find_sources([videos]), folder / "out", coder="landmarker", force=True)

    def measure(processes: int) -> float:
        start = time.perf_counter()
        receipts = code_recordings(jobs, processes=processes)
        return sum(receipt.n_frames or 0 for receipt in receipts) / (time.perf_counter() - start)

    pair: Pairs = measure_pairs(lambda: measure(2), lambda: measure(1), pairs=pairs)
    note = f"two recordings of {times * CLIP_S:.0f} s, the start of the processes included"
    return Result(
        "two processes", pair.ours, "frames/s", "one process", pair.other, pair.ratio, at_least=1.8, note=note
    )


def _measure_memory(folder: Path, *, seconds: float) -> list[Result]:
    video = loop_video(fetch_asset(CLIP), folder / "long.mp4", times=round(seconds / CLIP_S))
    figures = _run_ours(video)
    growth = figures["memory_late_mb"] - figures["memory_early_mb"]
    note = f"a video of {seconds / 60:.3g} minutes, {figures['n_frames']:.0f} frames"
    return [
        Result("memory of a coding process", figures["memory_peak_mb"], "MB", at_most=300, note=f"peak; {note}"),
        Result("memory: growth", growth, "MB", at_most=15, note=f"from a tenth of the video to its end; {note}"),
    ]

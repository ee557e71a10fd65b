"""Measuring: time and memory over half a million and five million frame rows of 20 signals, and how both grow.

A study folder with frames at 25 frames/s is written (noise, which compresses badly), then the real command is run on it
in a process of its own, so that start, reading, hashing and writing count.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from bench.runner import Result, Usage, run_process
from mimicrylab.coding.action_units import list_action_units
from mimicrylab.schemas import EVENTS, FRAMES, RECORDINGS, STIMULI, Table
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, conform_table, write_table

FPS = 25.0
ROWS_A_RECORDING = 10_000
N_SIGNALS = 20
TRIAL_EVERY_S = 10.0
SHOWN_S = 5.0
EMOTIONS = ("happiness", "anger", "sadness", "fear", "neutral")
SHOWN = {"happiness": ["AU12", "AU25"], "anger": ["AU04"], "sadness": ["AU01", "AU15"], "fear": ["AU01", "AU02"]}
MADE = Provenance("bench")

STUDY = """
version: 1
title: Benchmark
stimuli:
  sets: {faces: {kind: clip, source: none}}
blocks:
  - {name: faces, stimuli: {set: faces}, duration_s: 5, blank_s: 5}
windows:
  response: {start_s: 0, stop_s: 5}
measures:
  - {measure: mean}
  - {measure: peak}
  - {measure: presence}
  - {measure: congruence}
"""


def run(quick: bool) -> list[Result]:
    """Measure; ``quick``: twenty and two hundred thousand rows, once."""
    small, large = (20_000, 200_000) if quick else (500_000, 5_000_000)
    first, second = _measure(small), _measure(large)
    rows = f"{large / 1e6:g} million rows x {N_SIGNALS} signals"
    factor = large / small
    goal = not quick
    return [
        Result(
            f"measure {rows}", second.wall_s, "s", at_most=10.0 if goal else None, note="mean, peak, presence, index"
        ),
        Result(f"processor time for {rows}", second.cpu_s, "s"),
        Result(f"peak memory for {rows}", second.peak_mb, "MB", at_most=512.0 if goal else None),
        Result(
            f"time a million rows, {factor:g} times the rows",
            second.wall_s / large * 1e6,
            "s",
            f"{small / 1e6:g} million rows",
            first.wall_s / small * 1e6,
            ratio=second.wall_s / first.wall_s / factor,
            at_most=1.0,
        ),
        Result(
            f"memory, {factor:g} times the rows",
            second.peak_mb,
            "MB",
            f"{small / 1e6:g} million rows",
            first.peak_mb,
            ratio=second.peak_mb / first.peak_mb,
            at_most=2.0,
        ),
    ]


def _measure(rows: int) -> Usage:
    with tempfile.TemporaryDirectory() as place:
        folder = StudyFolder(Path(place) / "study")
        write_study(folder, rows=rows)
        return run_process([sys.executable, "-m", "mimicrylab.cli.main", "measure", str(folder.root)])


def write_study(folder: StudyFolder, *, rows: int) -> None:
    """Write a study folder with that many frame rows, in recordings of 10,000 rows (one for each person)."""
    folder.root.mkdir(parents=True)
    folder.study_file.write_text(STUDY, encoding="utf-8")
    names = [f"p{number:04d}" for number in range(max(rows // ROWS_A_RECORDING, 1))]
    generator = np.random.default_rng(1)
    for name in names:
        path = folder.frames_path("landmarker", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(_make_frames(name, rows // len(names), generator), path, FRAMES, MADE)
    _write(folder, STIMULI, [_describe_stimulus(emotion) for emotion in EMOTIONS])
    _write(folder, RECORDINGS, [_describe_recording(name) for name in names])
    _write(folder, EVENTS, [event for name in names for event in _list_events(name, rows // len(names) / FPS)])


def _write(folder: StudyFolder, table: Table, rows: list[dict[str, object]]) -> None:
    frame = conform_table(pl.DataFrame(rows, infer_schema_length=None), table, where=table.name)
    write_table(frame, folder.table_path(table.name), table, MADE)


def _make_frames(name: str, rows: int, generator: np.random.Generator) -> pl.DataFrame:
    signals = [s.name for s in list_action_units() if s.standing != "not measured" and s.name[-1] not in "LR"]
    columns: dict[str, object] = {
        "recording_id": pl.repeat(name, rows, eager=True),
        "face": pl.zeros(rows, dtype=pl.Int16, eager=True),
        "frame": pl.int_range(rows, dtype=pl.Int32, eager=True),
        "time": np.arange(rows) / FPS,
        "success": generator.random(rows) > 0.02,
        "confidence": np.full(rows, 0.9, dtype=np.float32),
        **{angle: generator.normal(0, 5, rows).astype(np.float32) for angle in ("pitch", "yaw", "roll")},
        **{edge: generator.normal(200, 5, rows).astype(np.float32) for edge in ("box_x", "box_y")},
        **{size: generator.normal(150, 5, rows).astype(np.float32) for size in ("box_width", "box_height")},
        "sharpness": generator.normal(60, 5, rows).astype(np.float32),
        "luminance": generator.normal(120, 5, rows).astype(np.float32),
        **{signal: generator.normal(0, 0.05, rows).astype(np.float32) for signal in signals[:N_SIGNALS]},
    }
    return pl.DataFrame(columns)


def _describe_stimulus(emotion: str) -> dict[str, object]:
    return {"stimulus": emotion, "set": "faces", "emotion": emotion, "action_units": SHOWN.get(emotion, [])}


def _describe_recording(name: str) -> dict[str, object]:
    size = {"width": 640, "height": 480}
    return {"recording_id": name, "session_id": name, "participant_id": name, "segment": 0, **size}


def _list_events(name: str, length_s: float) -> list[dict[str, object]]:
    count = int(length_s // TRIAL_EVERY_S)
    return [
        {
            "session_id": name,
            "recording_id": name,
            "block": "faces",
            "block_role": "test",
            "trial": trial,
            "onset": TRIAL_EVERY_S * trial + TRIAL_EVERY_S - SHOWN_S,
            "duration": SHOWN_S,
            "trial_type": "stimulus",
            "stimulus": EMOTIONS[trial % len(EMOTIONS)],
            "stimulus_emotion": EMOTIONS[trial % len(EMOTIONS)],
        }
        for trial in range(count)
    ]

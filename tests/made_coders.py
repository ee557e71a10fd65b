"""The same movements by several coders, with known lag, noise and bias: OpenFace's table, human codes, an EMG file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from made_openface import COHORT_HEADER, format_rows, make_row

FPS = 30
DURATION_S = 40.0
SMILES_S = (4.0, 9.5, 17.2, 23.1, 30.4)
FROWNS_S = (6.8, 13.3, 27.0, 35.5)
LENGTH_S = 1.2
VIDEO_LATE_S = 0.2
"""The camera sees a movement this much after the muscle."""


def move(times: np.ndarray, onsets: tuple[float, ...], *, late_s: float = 0.0) -> np.ndarray:
    """Return a course from 0 to 1 with a smooth movement of 1.2 s from each onset on."""
    course = np.zeros(times.size)
    for onset in onsets:
        phase = (times - late_s - onset) / LENGTH_S
        course += np.where((phase > 0) & (phase < 1), np.sin(np.pi * np.clip(phase, 0, 1)) ** 2, 0)
    return course


def write_openface(path: Path, *, seed: int = 0, noise: float = 0.1, bias: float = 0.0) -> Path:
    """Write OpenFace's table: AU12 and AU04 up to 3, late by ``VIDEO_LATE_S``, no face from 20 to 20.5 s."""
    random = np.random.default_rng(seed)
    times = np.arange(round(DURATION_S * FPS)) / FPS
    courses = {"AU12": move(times, SMILES_S, late_s=VIDEO_LATE_S), "AU04": move(times, FROWNS_S, late_s=VIDEO_LATE_S)}
    rows = []
    for frame, time_s in enumerate(times):
        if 20 <= time_s < 20.5:
            rows.append(make_row(frame + 1, success=0, confidence="0.01"))
            continue
        cells: dict[str, object] = {}
        for unit, course in courses.items():
            amount = 3 * course[frame] + 0.4 + bias + random.normal(0, noise)
            cells |= {f"{unit}_r": f"{np.clip(amount, 0, 5):.2f}", f"{unit}_c": f"{float(course[frame] > 0.2):.2f}"}
        rows.append(make_row(frame + 1, **cells))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_rows(rows, header=COHORT_HEADER), encoding="utf-8")
    return path


def write_human_codes(path: Path) -> Path:
    """Write stretches that a person coded: AU12 and AU04 while they are seen to move."""
    lines = ["onset,offset,code"]
    for unit, onsets in ((12, SMILES_S), (4, FROWNS_S)):
        for onset in onsets:
            start = onset + VIDEO_LATE_S + 0.15 * LENGTH_S
            lines.append(f"{start:.3f},{start + 0.7 * LENGTH_S:.3f},{unit}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def write_muscles(path: Path, *, seed: int = 3) -> Path:
    """Write rectified, smoothed muscles (100 samples a second, uV) as text; they move first."""
    random = np.random.default_rng(seed)
    times = np.arange(round(DURATION_S * 100)) / 100
    smile, frown = (2 + 20 * move(times, onsets) + random.gamma(4, 0.3, times.size) for onsets in (SMILES_S, FROWNS_S))
    lines = ["time,zygomaticus,corrugator"]
    lines += [f"{t:.2f},{a:.3f},{b:.3f}" for t, a, b in zip(times, smile, frown, strict=True)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path

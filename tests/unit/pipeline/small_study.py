"""A study folder of two people, made by hand: OpenFace columns at 20 frames/s, happy and neutral clips of 2 s.

Person P1's AU12 is 3 while a happy clip is shown and 1 otherwise, P2's 2 and 1; AU25 is 1 throughout. Each recording
lasts 30 s; a clip is shown every 5 s from 5 s on (happy, neutral, happy, neutral), with blanks in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mimicrylab.schemas import EVENTS, FRAMES, PARTICIPANTS, RECORDINGS, STIMULI, Table
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, conform_table, write_table

FPS = 20.0
ONSETS = (5.0, 10.0, 15.0, 20.0)
EMOTIONS = ("happiness", "neutral", "happiness", "neutral")
SMILES = {"P1": 3.0, "P2": 2.0}
MADE = Provenance("test")

STUDY = """
version: 1
title: Small
stimuli:
  sets: {faces: {kind: clip, source: made up}}
blocks:
  - {name: faces, stimuli: {set: faces}, duration_s: 2, blank_s: 3}
coding: {coder: openface}
windows:
  response: {start_s: 0, stop_s: 2}
measures:
  - {measure: mean}
  - {measure: presence, signals: [AU12]}
  - {measure: congruence, neutral: with}
"""


def write_small_study(root: Path, *, study: str = STUDY, lost: dict[str, Sequence[float]] | None = None) -> StudyFolder:
    """Write the folder; ``lost`` gives, for a person, the seconds from and to which no face was found."""
    folder = StudyFolder(root)
    root.mkdir(parents=True)
    folder.study_file.write_text(study, encoding="utf-8")
    for person in SMILES:
        path = folder.frames_path("openface", person)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(make_frames(person, (lost or {}).get(person, ()), smile=SMILES[person]), path, FRAMES, MADE)
    write(folder, PARTICIPANTS, [{"participant_id": p, "state": "finished", "excluded": False} for p in SMILES])
    write(
        folder,
        STIMULI,
        [
            {"stimulus": "happy", "set": "faces", "emotion": "happiness", "action_units": ["AU12", "AU25"]},
            {"stimulus": "calm", "set": "faces", "emotion": "neutral", "action_units": []},
        ],
    )
    write(
        folder,
        RECORDINGS,
        [
            {"recording_id": p, "session_id": p, "participant_id": p, "segment": 0, "width": 640, "height": 480}
            for p in SMILES
        ],
    )
    write(folder, EVENTS, [event for person in SMILES for event in list_events(person)])
    return folder


def add_second_recording(folder: StudyFolder, person: str, *, smile: float) -> str:
    """Add a second recording of a person's session, in which AU12 is ``smile`` while a happy clip is shown."""
    name = f"{person}b"
    write_table(make_frames(name, (), smile=smile), folder.frames_path("openface", name), FRAMES, MADE)
    recordings = pl.read_parquet(folder.table_path("recordings")).to_dicts()
    own = next(row for row in recordings if row["recording_id"] == person)
    write(folder, RECORDINGS, [*recordings, {**own, "recording_id": name, "segment": 1}])
    second = [
        {**event, "recording_id": name} | ({"trial": event["trial"] + len(ONSETS)} if "trial" in event else {})
        for event in list_events(person)
    ]
    write(folder, EVENTS, [*pl.read_parquet(folder.table_path("events")).to_dicts(), *second])
    return name


def write(folder: StudyFolder, table: Table, rows: list[dict[str, object]]) -> None:
    frame = conform_table(pl.DataFrame(rows, infer_schema_length=None), table, where=table.name)
    write_table(frame, folder.table_path(table.name), table, MADE)


def make_frames(recording: str, lost: Sequence[float], *, smile: float) -> pl.DataFrame:
    n = int(30 * FPS)
    times = np.arange(n) / FPS
    happy = np.zeros(n, dtype=bool)
    for onset, emotion in zip(ONSETS, EMOTIONS, strict=True):
        happy |= (times >= onset) & (times < onset + 2) & (emotion == "happiness")
    found = np.ones(n, dtype=bool) if not lost else (times < lost[0]) | (times >= lost[1])
    smiling = np.where(happy, smile, 1.0)
    frames = pl.DataFrame(
        {
            "recording_id": [recording] * n,
            "face": pl.Series([0] * n, dtype=pl.Int16),
            "frame": pl.Series(range(n), dtype=pl.Int32),
            "time": times,
            "success": found,
            "confidence": np.full(n, 0.9, dtype=np.float32),
        }
    )
    signals = {"AU12_r": smiling, "AU25_r": np.ones(n), "AU12_c": (smiling > 2.5).astype(float)}
    return frames.with_columns(
        pl.when("success").then(pl.Series(values)).cast(pl.Float32).alias(name) for name, values in signals.items()
    )


def list_events(person: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    base: dict[str, Any] = {"session_id": person, "recording_id": person, "block": "faces", "block_role": "test"}
    for trial, (onset, emotion) in enumerate(zip(ONSETS, EMOTIONS, strict=True)):
        rows.append({**base, "onset": onset - 3, "duration": 3.0, "trial_type": "blank"})
        shown = {"trial": trial, "stimulus": "happy" if emotion == "happiness" else "calm", "stimulus_emotion": emotion}
        rows.append(
            {**base, **shown, "onset": onset, "duration": 2.0, "trial_type": "stimulus", "model_id": f"m{trial // 2}"}
        )
    return rows

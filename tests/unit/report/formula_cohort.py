"""A small study folder made by formula: tables as the schemas say, with numbers that can be worked out by hand.

Every participant shows AU12 and AU06 more while happiness is shown and AU04 more while anger is shown, by an amount
that grows with the participant's number; nothing else changes. Person number i of n adds i/n to the movement.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from mimicrylab import schemas
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, write_table, write_text

EMOTIONS = ("neutral", "happiness", "anger")
SHOWN = {"neutral": [], "happiness": ["AU06", "AU12"], "anger": ["AU04"]}
SIGNALS = ("AU04", "AU06", "AU12")
MODELS = ("F1", "M1")
BINS = np.round(np.arange(-1.0, 4.0, 0.5), 6)
UNIT = "% of eye distance"
STUDY = """\
version: 1
title: {title}
stimuli:
  sets:
    faces:
      kind: clip
      source: made by formula
      action_units_from: prototype
blocks:
  - {{name: neutral, role: baseline, stimuli: {{set: faces, emotions: [neutral]}}, duration_s: 4, blank_s: 2}}
  - {{name: happiness, stimuli: {{set: faces, emotions: [happiness]}}, duration_s: 4, blank_s: 2}}
  - {{name: anger, stimuli: {{set: faces, emotions: [anger]}}, duration_s: 4, blank_s: 2}}
windows:
  response: {{start_s: 0, stop_s: 4}}
measures:
  - measure: mean
    window: response
  - measure: peak
    window: response
"""


def respond(person: int, people: int, emotion: str, signal: str) -> float:
    """Movement above baseline at the apex, in % of eye distance: 1 + i/n where congruent, i/10 elsewhere."""
    if signal in SHOWN[emotion]:
        return 1 + person / people
    return person / 10


def write_cohort(root: Path, people: int, *, lost: int = 0, title: str = "A cohort made by formula") -> StudyFolder:
    """Write a study folder with ``people`` participants, of whom the last ``lost`` have unusable recordings."""
    folder = StudyFolder(root)
    write_text(folder.study_file, STUDY.format(title=title))
    names = [f"P{number:03d}" for number in range(1, people + 1)]
    provenance = Provenance("test")
    for table, frame in {
        schemas.PARTICIPANTS: _make_participants(names),
        schemas.SESSIONS: _make_sessions(names),
        schemas.STIMULI: _make_stimuli(),
        schemas.EVENTS: _make_events(names),
        schemas.RECORDINGS: _make_recordings(names),
        schemas.ANSWERS: _make_answers(names),
        schemas.QUALITY: _make_quality(names, lost),
        schemas.MEASURES: _make_measures(names, lost),
        schemas.TIMECOURSES: _make_timecourses(names, lost),
        schemas.EXCLUSIONS: _make_exclusions(names, lost),
    }.items():
        write_table(frame, folder.table_path(table.name), table, provenance)
    return folder


def _make_participants(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "participant_id": names,
            "sex": ["female" if index % 2 == 0 else "male" for index in range(len(names))],
            "age": [20.0 + index % 30 for index in range(len(names))],
            "state": ["finished"] * len(names),
            "excluded": [False] * len(names),
        }
    )


def _make_sessions(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "session_id": [f"{name}-s1" for name in names],
            "participant_id": names,
            "session": ["visit"] * len(names),
            "state": ["finished"] * len(names),
        }
    )


def _make_stimuli() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "stimulus": f"{emotion}-{model}",
                "set": "faces",
                "emotion": emotion,
                "model_id": model,
                "action_units": SHOWN[emotion],
                "duration_s": 4.0,
            }
            for emotion in EMOTIONS
            for model in MODELS
        ],
        schema_overrides={"action_units": pl.List(pl.String)},
    )


def _list_trials() -> list[tuple[int, str, str]]:
    return [
        (index, emotion, model)
        for index, (emotion, model) in enumerate((emotion, model) for emotion in EMOTIONS for model in MODELS)
    ]


def _make_events(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "session_id": f"{name}-s1",
                "recording_id": name,
                "block": emotion,
                "block_position": EMOTIONS.index(emotion),
                "block_role": "baseline" if emotion == "neutral" else "test",
                "trial": trial,
                "onset": 2.0 + 6.0 * trial,
                "duration": 4.0,
                "trial_type": "stimulus",
                "stimulus": f"{emotion}-{model}",
                "stimulus_emotion": emotion,
                "model_id": model,
            }
            for name in names
            for trial, emotion, model in _list_trials()
        ]
    )


def _make_recordings(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "recording_id": names,
            "session_id": [f"{name}-s1" for name in names],
            "participant_id": names,
            "segment": [0] * len(names),
            "n_frames": [1140] * len(names),
            "duration_s": [38.0] * len(names),
            "mean_fps": [30.0] * len(names),
            "width": [640] * len(names),
            "height": [480] * len(names),
            "complete": [True] * (len(names) - 1) + [len(names) == 1],
            "reason": [None] * (len(names) - 1) + [None if len(names) == 1 else "ends 4 s early"],
        }
    )


def _make_answers(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "participant_id": name,
                "session_id": f"{name}-s1",
                "block": emotion,
                "trial": trial,
                "scale": "intensity",
                "item": "intensity",
                "response": str(1 + (index + EMOTIONS.index(emotion)) % 5),
            }
            for index, name in enumerate(names)
            for trial, emotion, _ in _list_trials()
        ]
    )


def _make_quality(names: list[str], lost: int) -> pl.DataFrame:
    rows = []
    for index, name in enumerate(names):
        bad = index >= len(names) - lost
        base = {"recording_id": name, "participant_id": name, "coder": "landmarker"}
        shares = {"share_valid": 0.3 if bad else 0.98, "share_no_face": 0.5 if bad else 0.01}
        shares["share_pose"] = 1 - sum(shares.values())
        rows.append(
            base
            | {
                "face": None,
                "trial": None,
                "grade": 3 if bad else 0,
                "reasons": ["30 % of frames valid"] if bad else [],
                "n_frames": 1140,
                "effective_fps": 9.0 if bad else 29.4,
                "longest_gap_s": 12.0 if bad else 0.1,
            }
            | shares
        )
        rows += [
            base
            | {
                "face": None,
                "trial": trial,
                "grade": 3 if bad else 0,
                "reasons": ["30 % of frames valid"] if bad else [],
                "n_frames": 120,
                "effective_fps": 9.0 if bad else 29.4,
                "longest_gap_s": 1.0 if bad else 0.1,
            }
            | shares
            for trial, _, _ in _list_trials()
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _make_measures(names: list[str], lost: int) -> pl.DataFrame:
    rows = []
    for index, name in enumerate(names):
        bad = index >= len(names) - lost
        for trial, emotion, model in [*_list_trials(), *[(None, emotion, None) for emotion in EMOTIONS]]:
            for signal in SIGNALS:
                for measure, factor in (("mean", 0.5), ("peak", 1.0)):
                    value = None if bad else factor * respond(index + 1, len(names), emotion, signal)
                    rows.append(
                        {
                            "participant_id": name,
                            "session_id": f"{name}-s1",
                            "recording_id": name,
                            "coder": "landmarker",
                            "block": emotion,
                            "block_role": "baseline" if emotion == "neutral" else "test",
                            "trial": trial,
                            "stimulus": None if trial is None else f"{emotion}-{model}",
                            "stimulus_emotion": emotion,
                            "model_id": model,
                            "signal": signal,
                            "measure": measure,
                            "window_start_s": 0.0,
                            "window_stop_s": 4.0,
                            "baseline": "difference [-1, 0)",
                            "value": value,
                            "unit": UNIT,
                            "n_frames": 0 if bad else 118,
                            "share_valid": 0.3 if bad else 0.98,
                            "reason": "30 % of frames valid" if bad else None,
                        }
                    )
    return pl.DataFrame(rows, infer_schema_length=None)


def _make_timecourses(names: list[str], lost: int) -> pl.DataFrame:
    rows = []
    for index, name in enumerate(names[: len(names) - lost]):
        for emotion in EMOTIONS:
            for signal in SIGNALS:
                apex = respond(index + 1, len(names), emotion, signal)
                for start in BINS:
                    rows.append(
                        {
                            "participant_id": name,
                            "coder": "landmarker",
                            "stimulus_emotion": emotion,
                            "signal": signal,
                            "bin_start_s": float(start),
                            "bin_stop_s": float(start) + 0.5,
                            "baseline": "difference [-1, 0)",
                            "value": apex * float(np.clip(start, 0, 1)),
                            "unit": UNIT,
                            "n_trials": 2,
                            "n_frames": 30,
                        }
                    )
    return pl.DataFrame(rows)


def _make_exclusions(names: list[str], lost: int) -> pl.DataFrame:
    rows = [
        {
            "participant_id": name,
            "recording_id": name,
            "trial": None,
            "level": "recording",
            "stage": "quality",
            "reason": "30 % of frames valid (limit 80 %)",
            "rule": "quality.recordings.maximum_grade",
        }
        for name in names[len(names) - lost :]
    ]
    return pl.DataFrame(rows, schema_overrides={"trial": pl.Int32}) if rows else schemas.EXCLUSIONS.empty()

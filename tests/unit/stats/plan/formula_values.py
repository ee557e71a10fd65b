"""Values of a plan by formula, small enough to compute every cell by hand.

Three people see happiness, anger and neutral by two models each. The value of AU12, AU25 and AU04 in a trial is
``100 * person + size + model`` where person is 0, 1, 2, model 0 or 1, and size 10 where the emotion shows the unit
(AU12 and AU25: happiness, AU04: anger), else 0; AU25 is twice that. The composite of happiness is the mean of its two.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES
from mimicrylab.stats.plan.data import PlanData

CONGRUENT = {"happiness": ("AU12", "AU25"), "anger": ("AU04",)}
EMOTIONS = ("happiness", "anger", "neutral")
PHASES = ("before", "after")
COMPOSITES = {"happiness": "happiness[AU12+AU25]", "anger": "anger[AU04]"}
UNIT = "share of frames"
SCHEMA = {column.name: column.dtype for column in MEASURES.columns} | {"block_position": pl.Int32}


def compute_value(person: int, emotion: str, signal: str, model: int) -> float:
    """Return the value of a trial."""
    if signal == COMPOSITES["happiness"]:
        return (compute_value(person, emotion, "AU12", model) + compute_value(person, emotion, "AU25", model)) / 2
    unit = "AU04" if signal == COMPOSITES["anger"] else signal
    size = 10 if unit in CONGRUENT.get(emotion, ()) else 0
    return (2 if unit == "AU25" else 1) * float(100 * person + size + model)


def make_values(
    *, measure: str = "mean", people: int = 3, units: dict[str, str] | None = None, lost: Iterable[tuple[int, int]] = ()
) -> pl.DataFrame:
    """Return the trials' rows; ``units`` gives signals another unit; ``lost`` are (person, trial) without a value."""
    gone = set(lost)
    rows = []
    for person in range(people):
        trials = [(emotion, model) for emotion in EMOTIONS for model in (0, 1)]
        for trial, (emotion, model) in enumerate(trials):
            for signal in ("AU12", "AU25", "AU04", *COMPOSITES.values()):
                missing = (person, trial) in gone
                rows.append(
                    {
                        "participant_id": f"P{person}",
                        "session_id": f"P{person}-visit",
                        "recording_id": f"P{person}-visit",
                        "coder": "formula",
                        "block": emotion,
                        "block_role": "test",
                        "phase": PHASES[model],
                        "trial": trial,
                        "stimulus": f"M{model}_{emotion}",
                        "stimulus_emotion": emotion,
                        "model_id": f"M{model}",
                        "signal": signal,
                        "measure": measure,
                        "window_start_s": 0.0,
                        "window_stop_s": 5.0,
                        "value": None if missing else compute_value(person, emotion, signal, model),
                        "unit": (units or {}).get(signal, UNIT),
                        "n_frames": 0 if missing else 100 * (model + 1),
                        "share_valid": 1.0,
                        "reason": "too dark" if missing else None,
                        "block_position": EMOTIONS.index(emotion),
                    }
                )
    return pl.DataFrame(rows, schema=SCHEMA)


def make_formula_data(values: pl.DataFrame | None = None, **settings: object) -> PlanData:
    """Return the plan's data: three people with arm, sex, age and EQ, and the values."""
    people = pl.DataFrame(
        {
            "participant_id": ["P0", "P1", "P2"],
            "analysed": [True, True, True],
            "arm": ["drug", "placebo", "drug"],
            "sex": ["female", "male", "other"],
            "age": [20.0, 30.0, None],
            "EQ.total": [40.0, 45.0, 50.0],
            "EQ.total.before": [40.0, 45.0, 50.0],
            "STAI.state": [1.0, 2.0, 3.0],
            "STAI.trait": [3.0, 2.0, 1.0],
        }
    )
    kept = make_values() if values is None else values
    given = {"requests": (MeasureRequest(measure="mean"),), "congruent": CONGRUENT, "arms": ("drug", "placebo")}
    return PlanData(people, kept, labels="open", **(given | settings))  # type: ignore[arg-type]

"""Small planned analyses with known truth: questions from a table, and the data of a plan from planted effects."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from mimicrylab.measures.congruence import measure_congruence
from mimicrylab.measures.measure import Conditions
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.models.question import Question
from mimicrylab.stats.plan.results import AnalysisResult

CONGRUENT = {"happiness": ("AU12", "AU25"), "anger": ("AU04",)}
MODELS = ("m1", "m2", "m3", "m4")
EMOTIONS = ("happiness", "anger", "neutral")
UNITS = ("AU04", "AU12", "AU25")
CONGRUENCE = MeasureRequest(measure="congruence", of="mean")
PRESENCE = MeasureRequest(measure="presence")


def make_analysis(model: str, **settings: object) -> Analysis:
    """Return an analysis as it would be read from a plan; a predictor may be given as ``name: kind``."""
    predictors = settings.pop("predictors", [])
    listed = (
        [{"name": name, "kind": kind} for name, kind in predictors.items()]
        if isinstance(predictors, Mapping)
        else predictors
    )
    plan = {"id": "one", "hypothesis": "H1", "model": model, "outcome": {"measure": "mean"}, "predictors": listed}
    return Analysis.model_validate_json(json.dumps(plan | settings))


def make_question(
    table: pl.DataFrame,
    model: str,
    *,
    outcome: str = "value",
    cells: Sequence[str] = (),
    columns: Mapping[str, Sequence[str]] | None = None,
    data: PlanData | None = None,
    levels: Mapping[str, tuple[str, ...]] | None = None,
    **settings: object,
) -> Question:
    """Return the question of one analysis on a table; a predictor's column has its name unless told otherwise."""
    analysis = make_analysis(model, **settings)
    named = {predictor.name: (predictor.name,) for predictor in analysis.predictors}
    found = named | {name: tuple(own) for name, own in (columns or {}).items()}
    empty = PlanData(pl.DataFrame({"participant_id": []}, schema={"participant_id": pl.String}), MEASURES.empty())
    return Question(analysis, data or empty, table, outcome, "unit", tuple(cells), found, dict(levels or {}), seed=1)


def make_data(people: int = 24, *, effect: float = 0.5, seed: int = 3) -> PlanData:
    """Return the data of a study of four models, three emotions and three action units, with congruence and latency.

    AU12 and AU25 rise by ``effect`` to happiness, AU04 by half of it to anger; people differ in their level (SD .2) and
    in their mimicry (SD .2), which goes together with EQ (r = .7); oxytocin adds .3 to mimicry of happiness. Noise of a
    trial has an SD of .1.
    """
    random = np.random.default_rng(seed)
    arms = ["oxytocin" if index % 2 else "placebo" for index in range(people)]
    mimicry = random.normal(0, 0.2, people)
    eq = 45 + 10 * (0.7 * mimicry / 0.2 + np.sqrt(1 - 0.49) * random.normal(size=people))
    names = [f"P{index:02d}" for index in range(people)]
    rows: list[dict[str, object]] = []
    for index, name in enumerate(names):
        levels = dict(zip(UNITS, 1 + random.normal(0, 0.2, len(UNITS)), strict=True))
        for place, (emotion, model) in enumerate((e, m) for e in EMOTIONS for m in MODELS):
            for unit in UNITS:
                shown = unit in CONGRUENT.get(emotion, ())
                size = {"happiness": effect + 0.3 * (arms[index] == "oxytocin"), "anger": effect / 2}.get(emotion, 0.0)
                response = (size + mimicry[index]) * shown
                rows.append(
                    {
                        "participant_id": name,
                        "session_id": f"{name}-1",
                        "coder": "landmarker",
                        "block": emotion,
                        "block_role": "baseline" if emotion == "neutral" else "test",
                        "phase": "after" if place % 2 else "before",
                        "trial": place,
                        "stimulus": f"{emotion}-{model}",
                        "stimulus_emotion": emotion,
                        "model_id": model,
                        "signal": unit,
                        "measure": "mean",
                        "window_start_s": 0.0,
                        "window_stop_s": 2.0,
                        "value": float(levels[unit] + response + random.normal(0, 0.1)),
                        "unit": "0-5",
                        "n_frames": 60,
                        "share_valid": 1.0,
                    }
                )
    values = _frame(rows)
    latencies = [row | _draw_latency(arms[int(str(row["participant_id"])[1:])], random) for row in rows]
    conditions = Conditions(congruence=CONGRUENT, emotions=EMOTIONS, cells=CellLimits())
    indices = measure_congruence(values, CONGRUENCE, conditions)
    share = ((pl.col("value") - 1.1) / 1.5).clip(0, 1)
    presence = values.with_columns(share.alias("value"), measure=pl.lit("presence"), unit=pl.lit("share of frames"))
    values = pl.concat([values, indices, _frame(latencies), presence]).with_columns(
        (pl.col("trial") // 4).alias("block_position")
    )
    table = pl.DataFrame(
        {
            "participant_id": names,
            "arm": arms,
            "EQ-60.total": eq,
            "gender": ["female" if index % 3 else "male" for index in range(people)],
            "treatment_guess": ["oxytocin" if index % 5 < 2 else "placebo" for index in range(people)],
            "analysed": True,
        }
    )
    return PlanData(
        table,
        values,
        congruent=CONGRUENT,
        requests=(MeasureRequest(measure="mean"), CONGRUENCE, MeasureRequest(measure="latency"), PRESENCE),
        arms=("oxytocin", "placebo"),
        labels="open",
        seed=1,
    )


def _frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    values = pl.DataFrame(rows, schema_overrides={"trial": pl.Int32, "n_frames": pl.Int32})
    empty = [pl.lit(None, column.dtype).alias(column.name) for column in MEASURES.columns if column.name not in values]
    return values.with_columns(empty).select(*MEASURES.names)


def _draw_latency(arm: str, random: np.random.Generator) -> dict[str, object]:
    """Return an onset of .5 s on average (placebo 1 s), exponential; none where it is later than the window."""
    onset = float(random.exponential(0.5 if arm == "oxytocin" else 1.0))
    late = onset >= 2.0
    return {"measure": "latency", "value": None if late else onset, "unit": "s", "censored": late}


def find_line(result: AnalysisResult, term: str) -> Estimate:
    """Return the estimate, or the check, with a term."""
    return next(line for line in (*result.estimates, *result.checks) if line.term == term)

"""Samples whose means, spreads and covariances are exactly what is printed, so that tests of them can be recomputed."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.protocol.congruence import ADFES
from mimicrylab.protocol.design import Study, parse_study
from mimicrylab.protocol.templates import read_template
from mimicrylab.schemas import MEASURES
from mimicrylab.simulate.presence import Presence, find_covariance
from mimicrylab.simulate.published_oxytocin import (
    EDITS_FOR_OPENFACE,
    OXYTOCIN_PEOPLE,
    PLACEBO_PEOPLE,
    make_presence,
)
from mimicrylab.stats.plan.data import PlanData

ARMS = {"oxytocin": (0, OXYTOCIN_PEOPLE), "placebo": (1, PLACEBO_PEOPLE)}
BLOCK_FRAMES = 1200
MEASURES_OF_PRESENCE = ("presence", "presence_as_published")


def make_group(n: int, mean: float, sd: float) -> np.ndarray:
    """Return n values, spread like a normal distribution, with exactly this mean and standard deviation (n - 1)."""
    scores = stats.norm.ppf((np.arange(n) + 0.5) / n)
    return mean + sd * (scores - scores.mean()) / scores.std(ddof=1)


def make_two_groups(first: tuple[str, int, float, float], second: tuple[str, int, float, float]) -> pl.DataFrame:
    """Return ``group, value`` of two groups, each given by name, number, mean and standard deviation."""
    rows = [(name, value) for name, n, mean, sd in (first, second) for value in make_group(n, mean, sd)]
    return pl.DataFrame(rows, schema=["group", "value"], orient="row")


@cache
def read_openface_study() -> Study:
    """Return the study of the template ``oxytocin`` as it is for OpenFace, AU06 included."""
    text = read_template("oxytocin")["study.yaml"]
    for old, new in EDITS_FOR_OPENFACE:
        assert old in text
        text = text.replace(old, new)
    study = parse_study(text).study
    assert study is not None
    return study


def make_cells(presence: Presence, *, seed: int = 1) -> pl.DataFrame:
    """Return a value for each of 145 people, blocks and action units, with exactly the published means.

    Spreads and covariances of an arm are exactly those that ``presence`` plants; values are normal.
    """
    cells = [(emotion, unit) for emotion in presence.emotions for unit in presence.units]
    tables = []
    for name, (arm, people) in ARMS.items():
        wanted = np.array([[find_covariance(presence, arm, [one], [other]) for other in cells] for one in cells])
        drawn = np.random.default_rng([seed, arm]).normal(size=(people, len(cells)))
        drawn -= drawn.mean(axis=0)
        white = np.linalg.solve(np.linalg.cholesky(np.cov(drawn.T)), drawn.T).T
        values = white @ np.linalg.cholesky(wanted).T + [presence.find_mean(arm, cell) for cell in cells]
        tables.append(
            pl.DataFrame(
                {
                    "participant_id": np.repeat([f"{name}-{number:03d}" for number in range(people)], len(cells)),
                    "arm": np.repeat([name] * people, len(cells)),
                    "stimulus_emotion": [emotion for emotion, _ in cells] * people,
                    "signal": [unit for _, unit in cells] * people,
                    "value": values.ravel(),
                }
            )
        )
    return pl.concat(tables)


def make_plan_data(cells: pl.DataFrame, study: Study) -> PlanData:
    """Return a plan's data with these cells as measures of presence, composites included; one trial a block."""
    composites = [
        cells.filter(pl.col("signal").is_in(units))
        .group_by("participant_id", "arm", "stimulus_emotion", maintain_order=True)
        .agg(pl.col("value").mean())
        .with_columns(pl.lit(f"{emotion}[{'+'.join(units)}]").alias("signal"))
        for emotion, units in ADFES.items()
    ]
    blocks = {name: place for place, name in enumerate(("neutral", "happiness", "anger", "sadness", "fear"))}
    rows = pl.concat([cells, *[one.select(cells.columns) for one in composites]]).with_columns(
        pl.col("participant_id").alias("session_id"),
        pl.lit("openface").alias("coder"),
        pl.col("stimulus_emotion").alias("block"),
        pl.col("stimulus_emotion").replace_strict(blocks, return_dtype=pl.Int32).alias("trial"),
        pl.when(pl.col("stimulus_emotion") == "neutral").then(pl.lit("baseline")).otherwise(pl.lit("test"))
        .alias("block_role"),
        pl.lit(0.0).alias("window_start_s"),
        pl.lit(5.0).alias("window_stop_s"),
        pl.lit("share of frames").alias("unit"),
        pl.lit(BLOCK_FRAMES).alias("n_frames"),
    )  # fmt: skip
    values = pl.concat([rows.with_columns(pl.lit(name).alias("measure")) for name in MEASURES_OF_PRESENCE])
    columns = {column.name: column.dtype for column in MEASURES.columns} | {"block_position": pl.Int32}
    values = values.select(
        (pl.col(name) if name in values.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in columns.items()
    )
    people = (
        cells.select("participant_id", "arm").unique(maintain_order=True).with_columns(pl.lit(True).alias("analysed"))
    )
    return PlanData(
        people=people,
        values=values,
        congruent={emotion: tuple(units) for emotion, units in ADFES.items()},
        requests=study.measures,
        windows=study.windows,
        cells=study.quality.cells,
        arms=tuple(ARMS),
        labels="open",
    )


@cache
def make_published_data() -> tuple[Study, PlanData]:
    """Return study 2's plan and the data with its printed cell means."""
    study = read_openface_study()
    return study, make_plan_data(make_cells(make_presence()), study)

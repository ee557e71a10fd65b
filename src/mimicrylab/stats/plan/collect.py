"""From the tables of a study to the data of its plan: people with their answers and scores, and every value."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mimicrylab.measures.requests import DEFAULT_REQUESTS
from mimicrylab.protocol.blocks import Rating
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import Study
from mimicrylab.quality.exclusions import find_excluded
from mimicrylab.schemas import MEASURES
from mimicrylab.stats.plan.choices import score_choices
from mimicrylab.stats.plan.data import RATING, SHARE_VALID, PlanData
from mimicrylab.stats.plan.people_columns import collect_people
from mimicrylab.stats.plan.study_tables import StudyTables, list_analysed, list_people

FACE = "face"
"""Signal of the shares of valid frames."""

SEED = 1
"""Seed of the plan where none is given; it stands in the results."""

TRIAL = ["session_id", "trial"]
SHOWN = ("block", "block_position", "block_role", "phase", "stimulus", "stimulus_emotion", "model_id")


def collect_data(
    study: Study,
    tables: StudyTables,
    *,
    scores: pl.DataFrame,
    arms: Mapping[str, str] | None = None,
    seed: int = SEED,
) -> PlanData:
    """Return the data of a study's plan.

    Ratings and each trial's share of valid frames become rows of values beside the measures. Values are those of people
    with a usable recording; of these, trials that do not count are null already. Answers and scores are those of
    everybody who is not excluded as a person. Washout never enters.

    Parameters
    ----------
    study, tables
        The study and its tables.
    scores
        Scores of its questionnaires (``study_tables.score_scales``).
    arms
        Kit -> arm, once they are known; None while the study is blinded or has no arms.
    seed
        Seed of everything random in the plan.

    Raises
    ------
    InputError
        The declared congruence does not fit the stimuli.
    """
    people, notes = collect_people(study, tables, scores=scores, arms=arms)
    return PlanData(
        people=people,
        values=_collect_values(study, tables),
        congruent=collect_congruent(study.stimuli.sets, tables.stimuli),
        requests=study.measures or DEFAULT_REQUESTS,
        windows=study.windows,
        cells=study.quality.cells,
        arms=tuple(arm.name for arm in study.assignment.arms) if study.assignment else (),
        labels="none" if arms is None else "open",
        seed=seed,
        column_notes=notes,
    )


def _collect_values(study: Study, tables: StudyTables) -> pl.DataFrame:
    analysed = list(list_analysed(tables))
    shown = _list_shown(tables.events)
    places = shown.select(*TRIAL, "block_position")
    measured = tables.measures.filter(
        pl.col("participant_id").is_in(analysed) & (pl.col("block_role").fill_null("test") != "washout")
    ).join(places, on=TRIAL, how="left", maintain_order="left")
    ratings = [
        part
        for rating in study.ratings
        for part in _take_answers(rating, _join_answers(rating, tables, shown, analysed))
    ]
    parts = [measured, *ratings, _take_shares(tables, shown)]
    return pl.concat([_conform(part) for part in parts])


def _list_shown(events: pl.DataFrame) -> pl.DataFrame:
    """Return one row a trial with a stimulus, washout left out."""
    stimuli = events.filter(
        (pl.col("trial_type") == "stimulus")
        & pl.col("trial").is_not_null()
        & (pl.col("block_role").fill_null("test") != "washout")
    )
    return stimuli.unique(TRIAL, keep="first", maintain_order=True).select(*TRIAL, "recording_id", *SHOWN)


def _join_answers(rating: Rating, tables: StudyTables, shown: pl.DataFrame, analysed: list[str]) -> pl.DataFrame:
    """Return a row an answer to a trial, with what was shown, and ``reason``: why it does not count (null: it does)."""
    lost = find_excluded(tables.exclusions)["recording_id"]
    answers = tables.answers.filter(
        (pl.col("scale") == rating.name) & pl.col("trial").is_not_null() & pl.col("participant_id").is_in(analysed)
    ).select("participant_id", *TRIAL, "response")
    excluded = pl.col("recording_id").is_in(lost.implode()).fill_null(False)
    return answers.join(shown, on=TRIAL, how="inner", maintain_order="left").with_columns(
        pl.when(excluded).then(pl.lit("recording excluded")).alias("reason"), pl.lit(RATING).alias("signal")
    )


def _take_answers(rating: Rating, answers: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the rows of one rating: of points, or of choices between emotions; no number: null."""
    if rating.choices:
        return score_choices(answers, rating)
    counts = pl.col("reason").is_null()
    rows = answers.with_columns(
        pl.when(counts).then(pl.col("response").cast(pl.Float64, strict=False)).alias("value"),
        pl.lit(rating.name).alias("measure"),
        pl.lit(f"points of 1 to {rating.points}").alias("unit"),
    )
    missing = pl.when(counts & pl.col("value").is_null()).then(pl.lit("not rated")).otherwise("reason")
    return [rows.with_columns(missing.alias("reason"))]


def _take_shares(tables: StudyTables, shown: pl.DataFrame) -> pl.DataFrame:
    """Return the share of valid frames of every judged trial, also where the trial or the recording does not count."""
    everybody = list(list_people(tables))
    judged = tables.quality.filter(
        pl.col("trial").is_not_null() & pl.col("face").is_null() & pl.col("participant_id").is_in(everybody)
    ).select("participant_id", "recording_id", "coder", "trial", "share_valid", pl.col("n_frames").cast(pl.Int32))
    return judged.join(
        shown.filter(pl.col("recording_id").is_not_null()),
        on=["recording_id", "trial"],
        how="inner",
        maintain_order="left",
    ).with_columns(
        pl.col("share_valid").alias("value"),
        pl.lit(SHARE_VALID).alias("measure"),
        pl.lit(FACE).alias("signal"),
        pl.lit("share of frames").alias("unit"),
    )


def _conform(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of ``schemas.MEASURES`` and ``block_position``; what is not there is null."""
    columns = {column.name: column.dtype for column in MEASURES.columns} | {"block_position": pl.Int32}
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in columns.items()
    )

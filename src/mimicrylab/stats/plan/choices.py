"""How well an emotion is recognised: hits, and the unbiased hit rate of each person, from choices between emotions.

Somebody who answers "fear" to everything hits every fearful face. The unbiased hit rate (Wagner, 1993) takes that back:
of a person's answers in a block, ``H_u = hits^2 / (shown x chosen)``, with how often the emotion was shown and how
often it was chosen; 0 where it was never chosen. By chance it would be ``(shown x chosen) / answers^2``.
"""

from __future__ import annotations

import polars as pl

from mimicrylab.protocol.blocks import Rating

HIT, UNBIASED, ABOVE_CHANCE = "hit", "unbiased", "above_chance"
PERSON = ["participant_id", "session_id", "block"]


def score_choices(answers: pl.DataFrame, rating: Rating) -> list[pl.DataFrame]:
    """Return the values of a rating with choices: ``NAME.hit``, ``NAME.unbiased`` and ``NAME.above_chance``.

    Parameters
    ----------
    answers
        A row an answer to a trial: ``response``, ``stimulus_emotion``, ``reason`` (why it does not count; null: it
        does), and what was shown.
    rating
        The rating.

    Returns
    -------
    list
        Rows of trials (1 the emotion shown was chosen, 0 another, null: not answered or it does not count); and rows
        of a person, block and emotion shown: the unbiased hit rate, and by how much it is above chance.
    """
    counts = pl.col("reason").is_null() & pl.col("response").is_in(list(rating.choices)).fill_null(False)
    shown = answers.filter(pl.col("stimulus_emotion").is_not_null())
    hit = (pl.col("response") == pl.col("stimulus_emotion")).cast(pl.Float64)
    hits = shown.with_columns(
        pl.when(counts).then(hit).alias("value"),
        pl.when(pl.col("reason").is_null() & ~counts).then(pl.lit("not answered")).otherwise("reason").alias("reason"),
        pl.lit(f"{rating.name}.{HIT}").alias("measure"),
        pl.lit("share of answers").alias("unit"),
    )
    return [hits, *_rate_people(hits.filter(pl.col("value").is_not_null()), rating.name)]


def _rate_people(hits: pl.DataFrame, name: str) -> list[pl.DataFrame]:
    emotion = ["stimulus_emotion"]
    about = ["block_role", "block_position", "phase"]
    totals = hits.group_by(PERSON).agg(pl.len().alias("answers"))
    chosen = hits.group_by([*PERSON, "response"]).agg(pl.len().alias("chosen")).rename({"response": "stimulus_emotion"})
    rates = (
        hits.group_by([*PERSON, *emotion], maintain_order=True)
        .agg(pl.len().alias("shown"), pl.col("value").sum().alias("hits"), pl.col("signal", *about).first())
        .join(totals, on=PERSON, how="left", nulls_equal=True, maintain_order="left")
        .join(chosen, on=[*PERSON, *emotion], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.col("chosen").fill_null(0).cast(pl.Float64), pl.col("answers").cast(pl.Float64))
    )
    product = pl.col("shown") * pl.col("chosen")
    unbiased = pl.when(pl.col("chosen") > 0).then(pl.col("hits") ** 2 / product).otherwise(0.0)
    chance = product / pl.col("answers") ** 2
    kept = rates.with_columns(pl.lit("share of answers").alias("unit"))
    return [
        kept.with_columns(unbiased.alias("value"), pl.lit(f"{name}.{UNBIASED}").alias("measure")),
        kept.with_columns((unbiased - chance).alias("value"), pl.lit(f"{name}.{ABOVE_CHANCE}").alias("measure")),
    ]

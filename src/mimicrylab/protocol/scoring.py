"""Answers to a questionnaire -> scores, by the scale's key.

A score whose items are not all answered is null, unless the study declares prorating (``prorate_up_to``): then the
mean of the answered items stands for the missing ones. How many were answered is always told.
"""

from __future__ import annotations

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import Scale, Score

ATTENTION_PREFIX = "attention"
"""Items whose name begins so are attention checks; they are not scored."""

PERSON = ("participant_id", "session_id", "occasion")


def score_answers(answers: pl.DataFrame, scale: Scale, *, prorate_up_to: int = 0) -> pl.DataFrame:
    """Return one row a person, occasion and score.

    Parameters
    ----------
    answers
        Rows of the table ``answers`` (other scales' rows are left out). ``item`` is the item's number; ``response`` is
        the answer's code or its words; null or empty: not answered.
    scale
        The questionnaire.
    prorate_up_to
        Largest number of missing items of a score for which it is still computed.

    Returns
    -------
    pl.DataFrame
        ``participant_id``, ``session_id``, ``occasion``, ``scale``, ``score``, ``value`` (null: too many items are
        missing), ``n_items``, ``n_answered``, ``prorated``.

    Raises
    ------
    InputError
        An item does not exist, a response is none of the answers, or an item is answered twice on one occasion.
    """
    points = tabulate_points(answers, scale)
    people = points.select(PERSON).unique(maintain_order=True)
    parts = [_compute_score(points, people, scale, score, prorate_up_to) for score in scale.scores]
    return pl.concat(parts).sort([*PERSON], maintain_order=True)


def tabulate_points(answers: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """Return ``participant_id, session_id, occasion, number, points``: a row an item; null points: not answered.

    Items that are not scored have no points. Raises as `score_answers`.
    """
    rows = (
        answers.filter((pl.col("scale") == scale.name) & ~pl.col("item").str.starts_with(ATTENTION_PREFIX))
        .with_columns(
            number=pl.col("item").str.strip_chars().cast(pl.Int32, strict=False),
            given=pl.col("response").str.strip_chars().str.to_lowercase().replace("", None),
        )
        .join(_tabulate_answers(scale), on="given", how="left", maintain_order="left")
    )
    _refuse_unknown_items(rows, scale)
    _refuse_unknown_responses(rows, scale)
    _refuse_double_answers(rows, scale)
    return rows.join(_tabulate_keys(scale), on=["number", "code"], how="left", maintain_order="left").select(
        *PERSON, "number", "points"
    )


def spread_points(points: pl.DataFrame, scale: Scale, score: Score) -> pl.DataFrame:
    """Return one row a person and occasion, a column ``item_<number>`` for each item of a score.

    For the reliability of the score: reversed items have their points turned already, and so have those of a score that
    is turned as a whole. Null: not answered.

    Parameters
    ----------
    points
        As `tabulate_points` returns them.
    scale, score
        The questionnaire, and one of its scores.
    """
    items = scale.list_items(score)
    people = points.select(PERSON).unique(maintain_order=True)
    own = points.filter(pl.col("number").is_in(items)).with_columns(points=_value_points(scale, score))
    for item in items:
        values = own.filter(pl.col("number") == item).select(*PERSON, pl.col("points").alias(f"item_{item}"))
        people = people.join(values, on=PERSON, how="left", nulls_equal=True, maintain_order="left")
    return people


def _value_points(scale: Scale, score: Score) -> pl.Expr:
    """Return the points of an item as they enter a score."""
    if not score.reflected:
        return pl.col("points")
    turn = {item: min(key.points) + max(key.points) for key in scale.keys for item in key.items}
    return pl.col("number").replace_strict(turn, default=None, return_dtype=pl.Float64) - pl.col("points")


def _tabulate_answers(scale: Scale) -> pl.DataFrame:
    """Every way to give an answer: its words and its code."""
    ways = {str(answer.code): answer.code for answer in scale.answers}
    ways |= {answer.text.strip().lower(): answer.code for answer in scale.answers}
    return pl.DataFrame(list(ways.items()), schema={"given": pl.String, "code": pl.Int32}, orient="row")


def _tabulate_keys(scale: Scale) -> pl.DataFrame:
    rows = [
        (item, answer.code, float(points))
        for key in scale.keys
        for item in key.items
        for answer, points in zip(scale.answers, key.points, strict=True)
    ]
    schema = {"number": pl.Int32, "code": pl.Int32, "points": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _compute_score(
    points: pl.DataFrame, people: pl.DataFrame, scale: Scale, score: Score, prorate_up_to: int
) -> pl.DataFrame:
    items = scale.list_items(score)
    value = _value_points(scale, score)
    answered = points.filter(pl.col("number").is_in(items) & pl.col("points").is_not_null())
    means = answered.group_by(PERSON).agg(mean=value.mean(), n_answered=pl.len().cast(pl.Int32))
    enough = pl.col("n_answered") >= max(len(items) - prorate_up_to, 1)
    factor = len(items) if score.combine == "sum" else 1
    return (
        people.join(means, on=PERSON, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(n_answered=pl.col("n_answered").fill_null(0))
        .with_columns(
            scale=pl.lit(scale.name),
            score=pl.lit(score.name),
            value=pl.when(enough).then(pl.col("mean") * factor),
            n_items=pl.lit(len(items), dtype=pl.Int32),
            prorated=enough & (pl.col("n_answered") < len(items)),
        )
        .select(*PERSON, "scale", "score", "value", "n_items", "n_answered", "prorated")
    )


def _refuse_unknown_items(rows: pl.DataFrame, scale: Scale) -> None:
    unknown = rows.filter(pl.col("number").is_null() | ~pl.col("number").is_between(1, scale.items))
    if unknown.height:
        raise InputError(
            f"{scale.name} has no item {unknown['item'][0]!r}",
            where=f"answers, scale {scale.name}",
            expected=f"item numbers from 1 to {scale.items}",
        )


def _refuse_unknown_responses(rows: pl.DataFrame, scale: Scale) -> None:
    unknown = rows.filter(pl.col("given").is_not_null() & pl.col("code").is_null())
    if unknown.height:
        choices = ", ".join(f"{answer.code} ({answer.text})" for answer in scale.answers)
        raise InputError(
            f"{unknown.height} responses are none of the answers of {scale.name}",
            where=f"answers, scale {scale.name}, item {unknown['item'][0]}",
            expected=choices,
        )


def _refuse_double_answers(rows: pl.DataFrame, scale: Scale) -> None:
    double = rows.group_by(*PERSON, "number", maintain_order=True).len().filter(pl.col("len") > 1)
    if double.height:
        raise InputError(
            f"{double.height} items are answered more than once on one occasion",
            where=f"answers, scale {scale.name}, item {double['number'][0]}",
            do="give each time its own occasion, or keep one answer",
        )

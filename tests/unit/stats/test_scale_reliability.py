"""Alpha and omega of the scores of a questionnaire, from its answers."""

import numpy as np
import polars as pl
import pytest

from mimicrylab.protocol.scales import parse_scale
from mimicrylab.schemas import ANSWERS
from mimicrylab.stats.reliability import estimate_alpha, estimate_omega
from mimicrylab.stats.scale_reliability import estimate_scale_reliability

SCALE = parse_scale(
    """\
version: 1
name: MOOD
title: Mood
measures: mood
citation: made for the test
licence: none
items: 6
answers: [{code: 1, text: a}, {code: 2, text: b}, {code: 3, text: c}, {code: 4, text: d}, {code: 5, text: e}]
keys:
  - {name: forward, points: [1, 2, 3, 4, 5], items: [1, 2, 5]}
  - {name: reversed, points: [5, 4, 3, 2, 1], items: [3, 4]}
fillers: [6]
scores:
  - {name: total, combine: sum}
  - {name: turned, combine: mean, reflected: true}
  - {name: single, combine: sum, items: [5]}
""",
    where="MOOD.yaml",
)
REVERSED = (3, 4)


def draw_points(people: int, *, seed: int = 1) -> pl.DataFrame:
    """Return the points of five items that one trait moves, one row a person."""
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(people, 1))
    raw = np.clip(np.round(3 + trait * [1.0, 0.8, 0.9, 0.7, 0.6] + rng.normal(0, 0.7, (people, 5))), 1, 5)
    columns = {f"item_{item}": raw[:, item - 1] for item in range(1, 6)}
    return pl.DataFrame({"participant_id": [f"P{place:03d}" for place in range(people)], **columns})


def answer(points: pl.DataFrame, *, occasion: str | None = None) -> pl.DataFrame:
    """Return the answers that give these points: reversed items are answered the other way round."""
    rows = []
    for row in points.iter_rows(named=True):
        for item in range(1, 6):
            value = int(row[f"item_{item}"])
            given = 6 - value if item in REVERSED else value
            rows.append({"participant_id": row["participant_id"], "session_id": row["participant_id"],
                         "occasion": occasion, "scale": "MOOD", "item": str(item), "response": str(given)})  # fmt: skip
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in ANSWERS.columns})


def test_alpha_and_omega_are_those_of_the_points_reversed_items_turned() -> None:
    points = draw_points(80)
    total, turned, single = estimate_scale_reliability(answer(points), SCALE)
    items = [f"item_{item}" for item in range(1, 6)]
    alpha, omega = estimate_alpha(points, items), estimate_omega(points, items)
    assert total.alpha is not None
    assert total.omega is not None
    assert total.alpha.estimate == pytest.approx(alpha.estimate)
    assert total.omega.estimate == pytest.approx(omega.estimate)
    assert total.alpha.analysis == "reliability of MOOD.total"
    assert total.alpha.n == 80
    assert turned.alpha is not None
    assert turned.alpha.estimate == pytest.approx(alpha.estimate)
    assert single.alpha is None
    assert single.reason == "one item has no reliability of its own"


def test_a_key_that_is_not_turned_gives_itself_away_by_a_low_alpha() -> None:
    points = draw_points(80)
    forgotten = answer(points).with_columns(
        response=pl.when(pl.col("item").is_in(["3", "4"]))
        .then((6 - pl.col("response").cast(pl.Int32)).cast(pl.String))
        .otherwise("response")
    )
    total, *_ = estimate_scale_reliability(forgotten, SCALE)
    assert total.alpha is not None
    assert (total.alpha.estimate or 0) < 0.4


def test_people_with_a_missing_item_do_not_enter_and_few_people_say_nothing() -> None:
    answers = answer(draw_points(80)).with_columns(
        response=pl.when((pl.col("participant_id") == "P000") & (pl.col("item") == "2"))
        .then(None)
        .otherwise("response")
    )
    total, *_ = estimate_scale_reliability(answers, SCALE)
    assert total.alpha is not None
    assert total.alpha.n == 79
    few, *_ = estimate_scale_reliability(answer(draw_points(9)), SCALE)
    assert few.alpha is None
    assert few.reason == "fewer than 10 people answered all items"


def test_an_item_that_is_the_same_for_everybody_is_a_reason() -> None:
    points = draw_points(30).with_columns(item_2=pl.lit(3.0))
    total, *_ = estimate_scale_reliability(answer(points), SCALE)
    assert total.alpha is None
    assert total.reason


def test_occasions_are_told_apart() -> None:
    both = pl.concat([answer(draw_points(40), occasion="before"), answer(draw_points(30, seed=2), occasion="after")])
    found = {(one.score, one.occasion): one for one in estimate_scale_reliability(both, SCALE)}
    before, after = found["total", "before"].alpha, found["total", "after"].alpha
    assert before is not None
    assert after is not None
    assert (before.n, after.n) == (40, 30)

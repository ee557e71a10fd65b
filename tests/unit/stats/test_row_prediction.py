import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.prediction import Validation, predict_outcome
from mimicrylab.stats.row_prediction import judge_rows

RANDOM = np.random.default_rng(9)
PEOPLE, ROWS, FEATURES = 40, 12, 27
LEVEL = RANDOM.normal(size=(PEOPLE, FEATURES))
NOISE = pl.DataFrame(
    {
        "participant_id": np.repeat([f"P{i}" for i in range(PEOPLE)], ROWS),
        "EQ": np.repeat(RANDOM.normal(45, 10, PEOPLE), ROWS),
        **{f"f{j}": np.repeat(LEVEL[:, j], ROWS) + RANDOM.normal(0, 0.3, PEOPLE * ROWS) for j in range(FEATURES)},
    }
)
"""Faces that differ between people and have nothing to do with EQ: 40 people x 12 rows."""
COLUMNS = [f"f{j}" for j in range(FEATURES)]


@pytest.mark.parametrize("check", ["whole_sample", "split_70_30"])
def test_judged_on_rows_noise_predicts_and_by_people_it_does_not(check: str) -> None:
    rows, _ = judge_rows(NOISE, "EQ", predictors=COLUMNS, model="linear", check=check, seed=1)
    people = predict_outcome(NOISE, "EQ", predictors=COLUMNS, model="linear", validation=Validation(repeats=2))
    assert rows.estimate > 0.2
    assert people[0].estimate < 0
    assert "480 rows of 40 people are taken for different people" in rows.warnings


def test_the_whole_sample_is_r_squared_of_a_regression() -> None:
    x = np.column_stack([np.ones(NOISE.height), NOISE.select(COLUMNS).to_numpy()])
    y = NOISE["EQ"].to_numpy()
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    expected = 1 - (left @ left) / ((y - y.mean()) ** 2).sum()
    r_squared, error = judge_rows(NOISE, "EQ", predictors=COLUMNS)
    assert r_squared.estimate == pytest.approx(expected)
    assert error.estimate == pytest.approx(np.abs(left).mean())
    assert r_squared.seed is None


def test_the_seed_draws_the_split() -> None:
    first, second, third = (
        judge_rows(NOISE, "EQ", predictors=COLUMNS, check="split_70_30", seed=seed)[0].estimate for seed in (1, 1, 2)
    )
    assert first == second != third


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(InputError, match="too few complete rows"):
        judge_rows(NOISE.head(9), "EQ", predictors=["f0"])
    with pytest.raises(UnknownNameError, match="check of a prediction"):
        judge_rows(NOISE, "EQ", predictors=["f0"], check="split")

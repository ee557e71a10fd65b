import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.agreement import estimate_consistency, estimate_kappa

GENERATOR = np.random.default_rng(3)


def build_ratings(shift: float) -> pl.DataFrame:
    """Two coders who agree but for noise of a tenth of the spread, and a shift of the second."""
    true = GENERATOR.normal(size=200)
    values = np.column_stack([true, true + shift]) + 0.1 * GENERATOR.normal(size=(200, 2))
    return pl.DataFrame(
        {"participant_id": np.repeat(np.arange(200), 2), "coder": ["a", "b"] * 200, "AU12": values.ravel()}
    )


@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_consistency_does_not_mind_a_shift(shift: float) -> None:
    single, mean = estimate_consistency(build_ratings(shift), "AU12", rater="coder")
    assert single.estimate == pytest.approx(1 / 1.01, abs=0.01)
    assert mean.estimate > single.estimate
    assert single.ci_low < single.estimate < single.ci_high


def test_ratings_without_variation_are_refused() -> None:
    with pytest.raises(InputError, match="without variation"):
        estimate_consistency(build_ratings(0.0).with_columns(AU12=pl.lit(1.0)), "AU12", rater="coder")


def test_full_agreement_is_one_and_chance_is_zero() -> None:
    same = pl.DataFrame({"a": ["x", "y"] * 10, "b": ["x", "y"] * 10})
    chance = pl.DataFrame({"a": ["x", "x", "y", "y"] * 5, "b": ["x", "y", "x", "y"] * 5})
    assert estimate_kappa(same, "a", second="b").estimate == pytest.approx(1.0)
    assert estimate_kappa(chance, "a", second="b").estimate == pytest.approx(0.0)


def test_unrated_things_are_counted() -> None:
    table = pl.DataFrame({"a": ["x", "y", "x", None], "b": ["x", "y", "y", "x"]})
    result = estimate_kappa(table, "a", second="b")
    assert (result.n, result.warnings) == (3, ("1 not rated by both left out",))


def test_one_category_or_too_few_ratings_are_refused() -> None:
    with pytest.raises(InputError, match="one category"):
        estimate_kappa(pl.DataFrame({"a": ["x"] * 5, "b": ["x"] * 5}), "a", second="b")
    with pytest.raises(InputError, match="too few"):
        estimate_kappa(pl.DataFrame({"a": ["x", "y"], "b": ["x", "y"]}), "a", second="b")

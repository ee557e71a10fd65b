import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.reliability import estimate_alpha, estimate_omega, estimate_split_half, step_up


def build_parts(people: int, parts: int, *, noise: float, seed: int = 1) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    true = generator.normal(size=(people, 1))
    values = true + noise * generator.normal(size=(people, parts))
    return pl.DataFrame(
        {
            "participant_id": np.repeat(np.arange(people), parts),
            "model_id": np.tile([f"M{part}" for part in range(parts)], people),
            "score": values.ravel(),
        }
    )


def test_split_half_finds_the_reliability_of_the_mean() -> None:
    noise, parts = 1.5, 8
    result = estimate_split_half(build_parts(2000, parts, noise=noise), "score")
    assert result.estimate == pytest.approx(1 / (1 + noise**2 / parts), abs=0.02)
    assert result.ci_low < result.estimate < result.ci_high
    assert "all 35 halves" in result.method


def test_two_parts_are_one_split_stepped_up() -> None:
    table = build_parts(30, 2, noise=0.8)
    wide = table.pivot("model_id", index="participant_id", values="score")
    r = np.corrcoef(wide["M0"], wide["M1"])[0, 1]
    assert estimate_split_half(table, "score").estimate == pytest.approx(step_up(r))


def test_an_odd_part_is_left_out_of_each_split_in_turn() -> None:
    assert "all 3 halves" in estimate_split_half(build_parts(30, 3, noise=0.5), "score").method


def test_many_parts_are_split_at_random_with_a_seed() -> None:
    table = build_parts(30, 20, noise=1.0)
    one, two, three = (estimate_split_half(table, "score", splits=100, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert (one.seed, one.estimate != three.estimate) == (1, True)
    assert "100 random halves" in one.method


def test_opposed_halves_are_warned_about() -> None:
    table = pl.DataFrame(
        {
            "participant_id": [0, 0, 1, 1, 2, 2, 3, 3],
            "model_id": ["a", "b"] * 4,
            "score": [1.0, 4.2, 2.0, 3.0, 3.0, 2.2, 4.0, 1.0],
        }
    )
    result = estimate_split_half(table, "score")
    assert result.estimate < 0
    assert "against each other" in result.warnings[0]


def test_opposed_halves_stay_above_minus_one() -> None:
    assert step_up(-0.9) == pytest.approx(-1.8 / 1.9)
    assert step_up(1.0) == 1.0


def test_incomplete_people_are_counted() -> None:
    table = build_parts(20, 4, noise=1.0)
    result = estimate_split_half(table.slice(3), "score")
    assert (result.n, result.warnings) == (19, ("1 person without 50% of every model_id left out",))


def test_a_missing_part_leaves_a_person_in_and_is_told() -> None:
    table = build_parts(20, 4, noise=1.0)
    result = estimate_split_half(table.slice(2), "score")
    assert result.n == 20
    assert result.warnings == ("missing parts leave 19 of 20 people in some splits",)


def test_missing_parts_do_not_bias_the_reliability_of_what_is_there() -> None:
    whole = build_parts(3000, 8, noise=1.5)
    holes = whole.filter(pl.Series(np.random.default_rng(5).random(whole.height) > 0.15))
    full, less = (estimate_split_half(table, "score").estimate for table in (whole, holes))
    assert full - 0.05 < less < full


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (build_parts(20, 1, noise=1.0), "at least two parts"),
        (build_parts(2, 4, noise=1.0), "too few people"),
        (pl.concat([build_parts(5, 2, noise=1.0)] * 2), "several rows"),
        (build_parts(5, 2, noise=1.0).with_columns(score=pl.lit(0.0)), "no half varies"),
    ],
)
def test_impossible_reliabilities_are_refused(table: pl.DataFrame, match: str) -> None:
    with pytest.raises(InputError, match=match):
        estimate_split_half(table, "score")


def build_items(loadings: list[float], people: int = 5000) -> pl.DataFrame:
    generator = np.random.default_rng(2)
    factor = generator.normal(size=people)
    return pl.DataFrame(
        {
            f"item{place}": loading * factor + np.sqrt(1 - loading**2) * generator.normal(size=people)
            for place, loading in enumerate(loadings)
        }
    )


def test_alpha_equals_omega_where_items_load_alike_and_is_smaller_where_not() -> None:
    alike, unlike = build_items([0.6] * 4), build_items([0.9, 0.8, 0.3, 0.2])
    names = alike.columns
    assert estimate_alpha(alike, names).estimate == pytest.approx(estimate_omega(alike, names).estimate, abs=0.005)
    assert estimate_alpha(unlike, names).estimate < estimate_omega(unlike, names).estimate - 0.03


def test_omega_is_the_share_of_the_sum_that_the_factor_explains() -> None:
    loadings = [0.8, 0.7, 0.5, 0.4]
    common = sum(loadings) ** 2
    expected = common / (common + sum(1 - loading**2 for loading in loadings))
    table = build_items(loadings)
    assert estimate_omega(table, table.columns).estimate == pytest.approx(expected, abs=0.015)


def test_reversed_item_is_warned_about() -> None:
    table = build_items([0.7, 0.7]).with_columns(item1=-pl.col("item1"))
    assert "reversed" in estimate_alpha(table, table.columns).warnings[-1]


def test_too_few_items_are_refused() -> None:
    table = build_items([0.7, 0.7])
    with pytest.raises(InputError, match="at least two"):
        estimate_alpha(table, ["item0"])
    with pytest.raises(InputError, match="at least three"):
        estimate_omega(table, table.columns)

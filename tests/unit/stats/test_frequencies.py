import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.stats.frequencies import compare_frequencies, count_people


def build_people(counts: dict[tuple[str, str], int]) -> pl.DataFrame:
    rows = [pair for pair, count in counts.items() for _ in range(count)]
    return pl.DataFrame(rows, schema=["sex", "glasses"], orient="row")


EVEN = build_people({("f", "no"): 20, ("f", "yes"): 10, ("m", "no"): 20, ("m", "yes"): 10})
TEA = build_people({("f", "no"): 3, ("f", "yes"): 1, ("m", "no"): 1, ("m", "yes"): 3})


def test_equal_shares_are_independent() -> None:
    result = compare_frequencies(EVEN, "sex", columns="glasses")
    assert (result.estimate, result.p, result.df, result.n) == (0.0, 1.0, (1.0,), 60)


def test_lady_tasting_tea() -> None:
    result = compare_frequencies(TEA, "sex", columns="glasses", method="fisher")
    assert result.p == pytest.approx(34 / 70)  # 2 (16 + 1) of 70 tables are as extreme


def test_small_expected_counts_are_warned_about() -> None:
    assert "permutation" in compare_frequencies(TEA, "sex", columns="glasses", method="chi_square").warnings[0]


def test_permutation_of_two_by_two_agrees_with_counting() -> None:
    result = compare_frequencies(TEA, "sex", columns="glasses", method="permutation", seed=1)
    assert result.p == pytest.approx(34 / 70, abs=0.02)
    assert (result.seed, result.statistic.value) == (1, pytest.approx(2.0))


def test_permutation_agrees_with_chi_square_in_large_tables() -> None:
    table = build_people({("f", "no"): 60, ("f", "yes"): 40, ("m", "no"): 45, ("m", "yes"): 55})
    one, two = (compare_frequencies(table, "sex", columns="glasses", method=m) for m in ("chi_square", "permutation"))
    assert two.p == pytest.approx(one.p, abs=0.015)
    assert two.estimate == pytest.approx(one.estimate)


def test_expected_counts_alone_choose_the_method() -> None:
    assert "permutation" in compare_frequencies(TEA, "sex", columns="glasses").method
    assert compare_frequencies(EVEN, "sex", columns="glasses").method == "Pearson's chi-square test"


def test_empty_cell_gives_no_infinite_odds_ratio() -> None:
    table = build_people({("f", "no"): 4, ("m", "no"): 1, ("m", "yes"): 3})
    result = compare_frequencies(table, "sex", columns="glasses", method="fisher")
    assert result.estimate is None
    assert "infinite" in result.warnings[-1]
    assert result.p is not None


def test_missing_categories_are_counted() -> None:
    table = pl.concat([EVEN, pl.DataFrame({"sex": ["f"], "glasses": [None]}, schema=EVEN.schema)])
    assert compare_frequencies(table, "sex", columns="glasses").warnings == (
        "1 people without both categories left out",
    )


def test_three_by_two_needs_chi_square() -> None:
    table = pl.concat([EVEN, build_people({("x", "no"): 5, ("x", "yes"): 5})])
    with pytest.raises(InputError, match="2 x 2"):
        compare_frequencies(table, "sex", columns="glasses", method="fisher")
    assert compare_frequencies(table, "sex", columns="glasses", method="chi_square").df == (2.0,)


def test_one_category_is_refused() -> None:
    with pytest.raises(InputError, match="two categories"):
        compare_frequencies(EVEN.filter(sex="f"), "sex", columns="glasses")


def test_people_counted_twice_are_refused() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        count_people(EVEN.with_columns(participant_id=pl.lit("P1")), "sex", columns="glasses")

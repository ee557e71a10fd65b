import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.stats.multivariate import compare_outcomes, regress_outcomes

GENERATOR = np.random.default_rng(4)
N, OUTCOMES = 145, [f"AU{number}" for number in range(11)]
PEOPLE = pl.DataFrame(
    {"arm": ["oxytocin"] * 71 + ["placebo"] * 74, "trait": GENERATOR.normal(size=N)}
    | {name: GENERATOR.normal(size=N) for name in OUTCOMES}
)


def test_df_depend_on_the_number_of_outcomes_as_in_study_2() -> None:
    """145 people, two arms, 11 action units: F(11, 133), where the paper printed F(1, 143)."""
    wilks = compare_outcomes(PEOPLE, OUTCOMES, predictors=["arm"])[0]
    assert wilks.df == (11.0, 133.0)
    assert wilks.effect_size.value == pytest.approx(1 - wilks.estimate)


def test_one_column_gives_one_exact_f() -> None:
    lines = compare_outcomes(PEOPLE, OUTCOMES, predictors=["arm"])
    assert lines[0].unit == "Wilks' lambda"
    for line in lines:
        assert line.statistic.value == pytest.approx(lines[0].statistic.value)
        assert line.effect_size.value == pytest.approx(lines[0].effect_size.value)
        assert line.effect_size.ci_low <= line.effect_size.value <= line.effect_size.ci_high


def test_f_is_that_of_hotellings_t() -> None:
    """Second derivation: T^2 from the groups' means and the pooled covariance."""
    groups = [PEOPLE.filter(arm=name).select(OUTCOMES).to_numpy() for name in ("oxytocin", "placebo")]
    pooled = sum((len(g) - 1) * np.cov(g, rowvar=False) for g in groups) / (N - 2)
    difference = groups[0].mean(axis=0) - groups[1].mean(axis=0)
    t2 = difference @ np.linalg.solve(pooled, difference) * len(groups[0]) * len(groups[1]) / N
    expected = t2 * (N - 2 - 11 + 1) / ((N - 2) * 11)
    assert compare_outcomes(PEOPLE, OUTCOMES, predictors=["arm"])[0].statistic.value == pytest.approx(expected)


def test_an_effect_of_a_third_level_is_found_beside_a_covariate() -> None:
    table = PEOPLE.with_columns(level=pl.Series(["a", "b", "c"] * 48 + ["c"]))
    table = table.with_columns(AU3=pl.col("AU3") + pl.when(pl.col("level") == "c").then(1.0).otherwise(0.0))
    lines = {(r.term, r.unit): r for r in compare_outcomes(table, ["AU1", "AU3"], predictors=["trait", "level"])}
    assert lines["level", "Pillai's trace"].p < 1e-4 < 0.01 < lines["trait", "Pillai's trace"].p
    assert lines["level", "Wilks' lambda"].df[0] == 4.0
    assert "upper bound" in lines["level", "Roy's largest root"].method
    assert "upper bound" not in lines["trait", "Roy's largest root"].method


def test_each_outcome_stands_in_the_table_with_p_corrected_over_outcomes() -> None:
    table = PEOPLE.with_columns(AU3=pl.col("AU3") + pl.when(pl.col("arm") == "placebo").then(2.0).otherwise(0.0))
    lines = regress_outcomes(table, ["AU1", "AU2", "AU3"], predictors=["arm", "trait"])
    assert [line.term for line in lines][:2] == ["AU1: arm[placebo]", "AU1: trait"]
    assert len(lines) == 6
    shifted = next(line for line in lines if line.term == "AU3: arm[placebo]")
    assert shifted.estimate == pytest.approx(2.0, abs=0.5)
    assert shifted.p_adjusted == pytest.approx(3 * shifted.p)
    assert "3 tests" in shifted.family


def test_people_without_every_outcome_are_counted() -> None:
    table = PEOPLE.with_columns(AU3=pl.when(pl.int_range(N) < 4).then(float("nan")).otherwise("AU3"))
    assert compare_outcomes(table, ["AU1", "AU3"], predictors=["arm"])[0].warnings == (
        "4 rows without every value left out",
    )
    line = regress_outcomes(table, ["AU1", "AU3"], predictors=["arm"])[0]
    assert (line.n, line.term) == (N - 4, "AU1: arm[placebo]")


def test_a_composite_beside_its_parts_is_refused() -> None:
    table = PEOPLE.with_columns(both=(pl.col("AU1") + pl.col("AU2")) / 2)
    with pytest.raises(InputError, match="follows from the others"):
        compare_outcomes(table, ["AU1", "AU2", "both"], predictors=["arm"])


def test_too_many_outcomes_for_the_people_are_refused() -> None:
    with pytest.raises(InputError, match="fewer people than this many outcomes need"):
        compare_outcomes(PEOPLE[[*range(6), *range(80, 86)]], OUTCOMES, predictors=["arm"])


@pytest.mark.parametrize("outcomes", [["AU1"], ["AU1", "AU1"], []])
def test_one_outcome_is_no_multivariate_test(outcomes: list[str]) -> None:
    with pytest.raises(InputError, match="several different outcomes"):
        compare_outcomes(PEOPLE, outcomes, predictors=["arm"])


def test_words_and_constants_are_refused() -> None:
    with pytest.raises(InputError, match="not numbers"):
        compare_outcomes(PEOPLE, ["AU1", "arm"], predictors=["trait"])
    with pytest.raises(InputError, match="same for everybody"):
        compare_outcomes(PEOPLE.with_columns(same=1.0), ["AU1", "same"], predictors=["trait"])


def test_rows_of_one_person_are_refused() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        compare_outcomes(PEOPLE.with_columns(participant_id=pl.int_range(N) // 2), ["AU1", "AU2"], predictors=["arm"])

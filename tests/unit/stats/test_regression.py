import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.model_matrix import build_model_matrix
from mimicrylab.stats.regression import regress

GENERATOR = np.random.default_rng(6)
N = 300
X = GENERATOR.normal(size=N)
PEOPLE = pl.DataFrame(
    {
        "x": X,
        "arm": ["b", "a", "c"] * (N // 3),
        "y": 2 + 0.5 * X + np.tile([1.0, 0.0, 0.0], N // 3) + 0.1 * GENERATOR.normal(size=N),
        "same": 1.0,
    }
)


def find(results: list, term: str):
    return next(result for result in results if result.term == term)


def test_planted_coefficients_come_back() -> None:
    results = regress(PEOPLE, "y", predictors=["x", "arm"])
    assert [result.term for result in results] == ["R squared", "Intercept", "x", "arm[b]", "arm[c]"]
    assert find(results, "x").estimate == pytest.approx(0.5, abs=0.03)
    assert find(results, "arm[b]").estimate == pytest.approx(1.0, abs=0.05)
    assert find(results, "Intercept").estimate == pytest.approx(2.0, abs=0.03)
    assert results[0].estimate > 0.9


def test_reference_can_be_chosen() -> None:
    results = regress(PEOPLE, "y", predictors=["arm"], references={"arm": "b"})
    assert find(results, "arm[a]").estimate == pytest.approx(-1.0, abs=0.2)


def test_product_measures_the_difference_of_slopes() -> None:
    table = PEOPLE.with_columns(y=pl.when(pl.col("arm") == "a").then(pl.col("x")).otherwise(0.0) + pl.col("y") * 0.01)
    results = regress(table, "y", predictors=["x", "arm", "x:arm"])
    assert find(results, "x:arm[b]").estimate == pytest.approx(-1.0, abs=0.02)


def test_robust_errors_cover_where_classic_ones_do_not() -> None:
    """With a spread that grows with |x| the classic error of the slope is too small."""
    table = PEOPLE.with_columns(y=pl.Series(X**2 * GENERATOR.normal(size=N)))
    robust, classic = (find(regress(table, "y", predictors=["x"], errors=kind), "x").se for kind in ("hc3", "classic"))
    assert robust > 1.3 * classic


def test_closely_related_predictors_are_warned_about() -> None:
    table = PEOPLE.with_columns(z=pl.col("x") + pl.Series(0.01 * GENERATOR.normal(size=N)))
    assert "mostly noise" in regress(table, "y", predictors=["x", "z"])[0].warnings[-1]


def test_predictors_that_determine_each_other_are_refused() -> None:
    table = PEOPLE.with_columns(z=2 * pl.col("x") + 1)
    with pytest.raises(InputError, match="determine each other"):
        regress(table, "y", predictors=["x", "z"])


@pytest.mark.parametrize(
    ("outcome", "predictors", "match"),
    [("same", ["x"], "same for everybody"), ("y", ["same"], "same for everybody")],
)
def test_what_does_not_vary_is_refused(outcome: str, predictors: list[str], match: str) -> None:
    with pytest.raises(InputError, match=match):
        regress(PEOPLE, outcome, predictors=predictors)


def test_more_coefficients_than_people_are_refused() -> None:
    with pytest.raises(InputError, match="fewer people"):
        regress(PEOPLE.head(3), "y", predictors=["x", "arm"])


def test_rows_of_one_person_are_refused() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        regress(PEOPLE.with_columns(participant_id=pl.int_range(N) // 3), "y", predictors=["x"])


def test_incomplete_people_are_counted() -> None:
    table = PEOPLE.with_columns(x=pl.when(pl.int_range(N) < 5).then(None).otherwise("x"))
    whole = regress(table, "y", predictors=["x"])[0]
    assert (whole.n, whole.warnings) == (N - 5, ("5 people without every value left out",))


def test_unknown_names_list_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="reference of 'arm'"):
        build_model_matrix(PEOPLE, ["arm"], references={"arm": "z"})
    with pytest.raises(UnknownNameError, match="column"):
        regress(PEOPLE, "y", predictors=["q"])
    with pytest.raises(UnknownNameError, match="hc3"):
        regress(PEOPLE, "y", predictors=["x"], errors="hc2")

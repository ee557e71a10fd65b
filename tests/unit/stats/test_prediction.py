import sys

import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import DependencyError, InputError, RefusedError, UnknownNameError
from mimicrylab.stats.prediction import Validation, fit_elastic_net, predict_outcome, predict_people

N, MEASURES = 60, [f"AU{number}" for number in range(12)]


def make_people(seed: int = 1, *, strength: float = 0.0, n: int = N) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, len(MEASURES)))
    y = 50 + strength * x[:, 0] + 10 * generator.normal(size=n)
    return pl.DataFrame(dict(zip(MEASURES, x.T, strict=True)) | {"EQ": y, "participant_id": np.arange(n)})


QUICK = Validation(repeats=2, inner_folds=3)


@pytest.mark.parametrize("model", ["linear", "ridge", "elastic_net"])
def test_noise_predicts_nobody_though_it_fits_the_sample(model: str) -> None:
    r_squared, error = predict_outcome(make_people(), "EQ", predictors=MEASURES, model=model, validation=QUICK)
    assert r_squared.estimate < 0.1
    if model == "linear":
        assert r_squared.effect_sizes[2].value > 0.1
        assert error.estimate > error.effect_sizes[0].value


@pytest.mark.parametrize("model", ["linear", "ridge", "elastic_net"])
def test_a_planted_share_of_variance_comes_back(model: str) -> None:
    """EQ = 20 x + noise of SD 10: 80 % of the variance is predictable."""
    table = make_people(strength=20.0, n=400)
    r_squared, error = predict_outcome(table, "EQ", predictors=MEASURES, model=model, validation=QUICK)
    assert r_squared.estimate == pytest.approx(0.8, abs=0.05)
    assert error.estimate == pytest.approx(10 * np.sqrt(2 / np.pi), rel=0.1)


def test_rows_of_a_person_stay_together() -> None:
    """Copies of noise: a split by rows would predict a person from that person's other rows."""
    table = pl.concat([make_people()] * 4).with_columns(
        pl.col(name) + 0.01 * pl.Series(np.random.default_rng(7).normal(size=4 * N)) for name in MEASURES
    )
    rule = Validation(repeats=2, inner_folds=3)
    by_person = predict_outcome(table, "EQ", predictors=MEASURES, model="linear", validation=rule)[0]
    by_row = predict_outcome(table.drop("participant_id"), "EQ", predictors=MEASURES, model="linear", validation=rule)[
        0
    ]
    assert by_person.n == N
    assert by_person.estimate < 0 < by_row.estimate


def test_permutation_of_people_finds_what_is_there_and_nothing_else() -> None:
    rule = Validation(repeats=1, permutations=99)
    there = predict_outcome(make_people(strength=15.0), "EQ", predictors=MEASURES, model="ridge", validation=rule)[0]
    nothing = predict_outcome(make_people(), "EQ", predictors=MEASURES, model="ridge", validation=rule)[0]
    assert there.p == pytest.approx(0.01)
    assert nothing.p > 0.05
    assert "99 draws" in there.method


def test_seed_decides_everything() -> None:
    def find(seed: int) -> float | None:
        rule = Validation(repeats=2, seed=seed)
        return predict_outcome(make_people(), "EQ", predictors=MEASURES, model="ridge", validation=rule)[0].estimate

    assert find(1) == find(1) != find(2)


def test_units_do_not_matter() -> None:
    table = make_people(strength=8.0)
    moved = table.with_columns(pl.col("AU0") * 1000 + 5, EQ=pl.col("EQ") * 3)
    first = predict_outcome(table, "EQ", predictors=MEASURES, model="ridge", validation=QUICK)
    second = predict_outcome(moved, "EQ", predictors=MEASURES, model="ridge", validation=QUICK)
    assert second[0].estimate == pytest.approx(first[0].estimate)
    assert second[1].estimate == pytest.approx(3 * first[1].estimate)


def test_more_measures_than_people_and_words_are_no_fault() -> None:
    table = make_people(n=20).with_columns(arm=pl.Series(["a", "b"] * 10))
    wide = table.with_columns(pl.Series(f"x{i}", np.random.default_rng(i).normal(size=20)) for i in range(30))
    names = [*MEASURES, *(f"x{i}" for i in range(30)), "arm"]
    for model in ("linear", "ridge"):
        assert predict_outcome(wide, "EQ", predictors=names, model=model, validation=QUICK)[0].estimate < 0.5


def test_the_elastic_net_solves_its_own_equations() -> None:
    """Second derivation: at the optimum the gradient is the penalty's (Karush-Kuhn-Tucker)."""
    generator = np.random.default_rng(3)
    z, y = generator.normal(size=(50, 8)), generator.normal(size=50)
    z, y = z - z.mean(axis=0), y - y.mean()
    b = fit_elastic_net(z, y, mix=0.5, strengths=[0.2], tolerance=1e-12)[:, 0]
    gradient = z.T @ (y - z @ b) / 50 - 0.1 * b
    assert np.abs(gradient).max() <= 0.1 + 1e-6
    assert np.allclose(gradient[b != 0], 0.1 * np.sign(b[b != 0]), atol=1e-6)
    assert (b == 0).any()


def test_without_scikit_learn_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(DependencyError, match=r"mimicrylab\[stats\]"):
        predict_outcome(make_people(), "EQ", predictors=MEASURES, validation=QUICK)


def test_missing_values_are_counted() -> None:
    table = make_people().with_columns(AU1=pl.when(pl.int_range(N) < 5).then(None).otherwise("AU1"))
    line = predict_outcome(table, "EQ", predictors=MEASURES, model="ridge", validation=QUICK)[0]
    assert (line.n, line.warnings) == (N - 5, ("5 rows without every value left out",))


def test_impossible_predictions_are_refused() -> None:
    table = make_people()
    with pytest.raises(UnknownNameError, match="elastic_net"):
        predict_outcome(table, "EQ", predictors=MEASURES, model="forest")
    with pytest.raises(InputError, match="too few people"):
        predict_outcome(table.head(9), "EQ", predictors=MEASURES, model="ridge")
    with pytest.raises(InputError, match="same for everybody"):
        predict_outcome(table.with_columns(AU1=1.0), "EQ", predictors=MEASURES, model="ridge")
    with pytest.raises(InputError, match="too few folds"):
        Validation(folds=1)
    twice = pl.concat([table, table.with_columns(pl.col("EQ") + 1)])
    with pytest.raises(RefusedError, match="varies within people"):
        predict_outcome(twice, "EQ", predictors=MEASURES, model="ridge", validation=Validation(permutations=9))


def test_every_persons_prediction_is_there_for_the_figure() -> None:
    x = np.linspace(-1, 1, 40)
    table = pl.DataFrame({"participant_id": [f"P{i}" for i in range(40)], "x": x, "y": 3 * x})
    found = predict_people(table, "y", predictors=["x"], model="linear")
    assert found.rows.columns == ["participant_id", "observed", "predicted"]
    assert np.allclose(found.rows["observed"], found.rows["predicted"])
    assert found.estimates == predict_outcome(table, "y", predictors=["x"], model="linear")

import numpy as np
import polars as pl
import pytest

from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.prediction import predict_score

RANDOM = np.random.default_rng(6)
N = 60
X = RANDOM.normal(size=(N, 4))
TABLE = pl.DataFrame(
    {
        "participant_id": [f"P{i}" for i in range(N)],
        "value": 50 + 8 * X[:, 0] + RANDOM.normal(0, 4, N),
        **{f"AU{j}": X[:, j] for j in range(4)},
    }
)
FEATURES = [{"name": "mean", "kind": "features"}]
COLUMNS = {"mean": [f"AU{j}" for j in range(4)]}


def test_all_three_models_with_p_where_permuting_is_quick() -> None:
    result = predict_score(make_question(TABLE, "prediction", predictors=FEATURES, columns=COLUMNS))
    terms = [line.term for line in result.estimates]
    assert terms == [
        f"{model}, {number}"
        for model in ("linear regression", "ridge regression", "elastic net")
        for number in ("R squared out of sample", "mean absolute error")
    ]
    assert result.tests == tuple(terms[:4:2])
    linear = result.estimates[0]
    assert linear.estimate == pytest.approx(0.75, abs=0.15)
    assert linear.p == pytest.approx(1 / 1000)
    curve = result.curves["predicted"]
    assert curve.columns == ["model", "participant_id", "observed", "predicted"]
    assert curve.height == 3 * N


def test_draws_give_the_elastic_net_its_p() -> None:
    plan = {"predictors": FEATURES, "columns": COLUMNS, "method": "elastic_net", "draws": 3}
    result = predict_score(make_question(TABLE, "prediction", **plan))
    assert result.estimates[0].p == pytest.approx(0.25)
    assert result.tests == ("R squared out of sample",)


def test_judged_on_rows_as_published_noise_looks_like_a_finding() -> None:
    """24 people x 12 rows: the same EQ on every row of a person, predicted from that person's level."""
    plan = make_analysis(
        "prediction",
        outcome={"score": "EQ-60.total"},
        predictors=[{"name": "mean", "kind": "features", "signals": ["AU04", "AU12", "AU25"]}],
        method="linear",
        rows="conditions",
        validation="split_70_30",
        as_published=True,
    )
    result = run_analysis(make_data(), plan, 1)
    assert result.state == "done", result.reason
    assert result.estimates[0].term == "R squared of held-out rows"
    assert "recognised rather than predicted" in str(result.published)
    whole = run_analysis(make_data(), plan.model_copy(update={"validation": "whole_sample"}), 1)
    assert find_line(whole, "R squared within the sample").estimate > 0


def test_a_person_without_a_feature_is_left_out_and_told() -> None:
    lacking = TABLE.with_columns(AU1=pl.when(pl.int_range(N) < 2).then(None).otherwise("AU1"))
    plan = {"predictors": FEATURES, "columns": COLUMNS, "method": "linear"}
    result = predict_score(make_question(lacking, "prediction", **plan))
    assert result.notes == ("2 rows without every feature are left out",)
    assert result.estimates[0].n == N - 2

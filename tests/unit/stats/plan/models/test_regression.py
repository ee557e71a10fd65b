import numpy as np
import polars as pl
import pytest

from golden_comparisons import read_people, read_trials
from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.regression import regress_outcome
from mimicrylab.stats.regression import regress

PEOPLE = read_people().with_columns(
    pl.col("participant_id").cast(pl.String),
    arm=pl.when(pl.col("treat") == 1).then(pl.lit("oxytocin")).otherwise(pl.lit("placebo")),
    value=pl.col("mim"),
)
CONGRUENT = {"measure": "mean", "for_each": ["emotion", "signal"]}


def test_hc3_is_the_default_and_the_last_level_the_reference() -> None:
    result = regress_outcome(make_question(PEOPLE, "regression", predictors={"arm": "treatment", "eq": "covariate"}))
    expected = regress(PEOPLE, "mim", predictors=["arm", "eq"], references={"arm": "placebo"})
    assert [line.term for line in result.estimates] == ["R squared", "Intercept", "arm[oxytocin]", "eq"]
    assert [line.p for line in result.estimates] == [line.p for line in expected]
    assert result.tests == ("arm[oxytocin]",)
    assert {"normality of residuals", "equal spread of residuals", "variance inflation of eq"} <= {
        check.term for check in result.checks
    }


def test_the_product_answers_where_one_is_declared_and_numbers_are_centred() -> None:
    predictors = [{"name": "arm", "kind": "treatment", "interacts_with": ["eq"]}, {"name": "eq", "kind": "trait"}]
    result = regress_outcome(make_question(PEOPLE, "regression", predictors=predictors))
    assert result.tests == ("arm[oxytocin]:eq",)
    moved = PEOPLE.with_columns(eq=pl.col("eq") - pl.col("eq").mean())
    expected = regress(moved, "mim", predictors=["arm", "eq", "arm:eq"], references={"arm": "placebo"})
    assert find_line(result, "arm[oxytocin]").p == pytest.approx(expected[2].p)
    assert "eq centred" in result.notes[0]


def test_published_errors_are_classic_and_said() -> None:
    result = regress_outcome(make_question(PEOPLE, "regression", predictors={"arm": "treatment"}, method="ols"))
    expected = regress(PEOPLE, "mim", predictors=["arm"], references={"arm": "placebo"}, errors="classic")
    assert result.estimates[2].p == expected[2].p
    assert "Classic standard errors" in str(result.published)


def test_congruence_within_people_has_errors_by_person() -> None:
    plan = make_analysis("regression", outcome=CONGRUENT, predictors={"congruence": "within"})
    result = run_analysis(make_data(), plan, 1)
    assert result.state == "done", result.reason
    line = find_line(result, "happiness, AU12: congruence[congruent]")
    assert line.estimate == pytest.approx(0.65, abs=0.15)
    assert "CR2" in line.method
    assert line.n == 24


def test_stacked_rows_run_as_published_alone_and_are_told() -> None:
    plan = make_analysis("regression", outcome=CONGRUENT, predictors={"congruence": "within"}, method="ols")
    assert run_analysis(make_data(), plan, 1).state == "refused"
    published = run_analysis(make_data(), plan.model_copy(update={"as_published": True, "rows": "conditions"}), 1)
    line = find_line(published, "happiness, AU12: congruence[congruent]")
    assert line.df == (24 * 3 - 2,)
    assert line.n == 72
    assert any("72" not in note and "24 people" in note for note in published.notes)
    assert "taken for different people" in str(published.published)


def test_a_contrast_in_a_regression_is_the_weighted_difference() -> None:
    means = read_trials().group_by("participant_id", "emotion").agg(value=pl.col("y").mean())
    others = [name for name in means["emotion"].unique().sort() if name != "happiness"]
    weights = {"happiness": 1.0} | dict.fromkeys(others, -1 / len(others))
    plan = {"predictors": {"emotion": "within"}, "contrasts": [{"name": "happy", "weights": weights}]}
    (line,) = [
        one for one in regress_outcome(make_question(means, "regression", **plan)).estimates if one.term == "happy"
    ]
    own = means.filter(pl.col("emotion") == "happiness")["value"].mean()
    rest = means.filter(pl.col("emotion") != "happiness")["value"].mean()
    assert line.estimate == pytest.approx(own - rest)


def test_bounded_outcomes() -> None:
    random = np.random.default_rng(1)
    arm = np.array(["oxytocin", "placebo"] * 40)
    amount = np.clip(random.normal(0.1 + 0.2 * (arm == "oxytocin"), 0.25), 0, 1)
    table = pl.DataFrame({"participant_id": [f"P{i}" for i in range(80)], "arm": arm, "value": amount})
    share = regress_outcome(
        make_question(table, "regression", predictors={"arm": "treatment"}, method="fractional_logit")
    )
    assert share.tests == ("arm[oxytocin]",)
    assert find_line(share, "average marginal effect of arm[oxytocin]").estimate == pytest.approx(0.17, abs=0.1)
    parts = regress_outcome(make_question(table, "regression", predictors={"arm": "treatment"}, method="two_part"))
    assert parts.tests == ("overall: average marginal effect of arm[oxytocin]",)


def test_features_are_one_predictor_each() -> None:
    plan = make_analysis(
        "regression",
        outcome={"score": "EQ-60.total"},
        predictors=[{"name": "mean", "kind": "features", "signals": ["AU04", "AU12"], "emotions": ["happiness"]}],
    )
    result = run_analysis(make_data(), plan, 1)
    assert result.state == "done", result.reason
    assert result.tests == ("AU04", "AU12")
    assert result.roles["AU12"] == "feature"
    assert result.estimates[0].n == 24


def test_collinear_features_are_told() -> None:
    random = np.random.default_rng(2)
    a = random.normal(size=40)
    table = pl.DataFrame(
        {"participant_id": [f"P{i}" for i in range(40)], "a": a, "b": a + random.normal(0, 0.01, 40)}
    ).with_columns(value=pl.Series(random.normal(size=40)))
    result = regress_outcome(make_question(table, "regression", predictors={"a": "trait", "b": "trait"}))
    assert "mostly noise" in find_line(result, "variance inflation of a").warnings[0]
    assert "variance inflation" in result.estimates[0].warnings[0]

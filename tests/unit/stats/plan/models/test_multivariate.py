import polars as pl
import pytest

from golden_comparisons import read_people
from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.multivariate import compare_outcomes
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.multivariate import regress_together

UNITS = ["AU6", "AU12", "AU25"]
PEOPLE = read_people().with_columns(
    pl.col("participant_id").cast(pl.String),
    arm=pl.when(pl.col("treat") == 1).then(pl.lit("oxytocin")).otherwise(pl.lit("placebo")),
)
LONG = PEOPLE.unpivot(UNITS, index=["participant_id", "arm", "eq"], variable_name="signal", value_name="value")
ARM = {"arm": "treatment"}


def test_four_statistics_with_the_right_df_and_a_table_an_outcome() -> None:
    result = regress_together(make_question(LONG, "multivariate_regression", predictors=ARM, cells=["signal"]))
    expected = compare_outcomes(PEOPLE, UNITS, predictors=["arm"])
    assert [line.term for line in result.estimates[:4]] == [
        "arm, Wilks' lambda",
        "arm, Pillai's trace",
        "arm, Hotelling-Lawley trace",
        "arm, Roy's largest root",
    ]
    assert [line.df for line in result.estimates[:4]] == [line.df for line in expected]
    assert result.estimates[0].df == (3.0, PEOPLE.height - 4.0)
    assert result.tests == ("arm, Wilks' lambda",)
    table = result.estimates[4:]
    assert [line.term for line in table] == [f"{unit}: arm[oxytocin]" for unit in UNITS]
    assert all("3 tests" in str(line.family) for line in table)


def test_a_model_for_each_emotion() -> None:
    plan = make_analysis(
        "multivariate_regression",
        outcome={"measure": "mean", "signals": ["AU12", "AU25"], "for_each": ["emotion", "signal"]},
        predictors=ARM | {},
    )
    result = run_analysis(make_data(), plan, 1)
    assert result.state == "done", result.reason
    assert "happiness: arm, Wilks' lambda" in result.tests
    assert find_line(result, "happiness: AU12: arm[oxytocin]").estimate == pytest.approx(0.3, abs=0.25)


def test_an_outcome_that_is_the_same_for_everybody_is_left_out_and_told() -> None:
    still = PEOPLE.select("participant_id", "arm", "eq", signal=pl.lit("AU5"), value=pl.lit(0.0))
    table = pl.concat([LONG, still.select(LONG.columns)], how="vertical_relaxed")
    result = regress_together(make_question(table, "multivariate_regression", predictors=ARM, cells=["signal"]))
    assert result.notes == ("AU5 left out: the same for everybody",)
    assert result.estimates[0].df[0] == 3.0


def test_covariates_stand_beside() -> None:
    predictors = ARM | {"eq": "covariate"}
    result = regress_together(make_question(LONG, "multivariate_regression", predictors=predictors, cells=["signal"]))
    assert result.tests == ("arm, Wilks' lambda",)
    assert "AU12: eq" in [check.term for check in result.checks]


def test_as_published_has_classic_errors() -> None:
    ask = {"predictors": ARM, "cells": ["signal"]}
    result = regress_together(make_question(LONG, "multivariate_regression", as_published=True, **ask))
    assert "classic" in result.estimates[4].method
    assert "without a correction" in str(result.published)

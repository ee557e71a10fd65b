import numpy as np
import polars as pl
import pytest

from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.plan.models.ancova import compare_at_covariate
from mimicrylab.stats.plan.models.catalogue import run_analysis

RANDOM = np.random.default_rng(4)
N = 120
ARM = np.array(["oxytocin", "placebo", "other"] * (N // 3))
BEFORE = RANDOM.normal(size=N)
TABLE = pl.DataFrame(
    {
        "participant_id": [f"P{i}" for i in range(N)],
        "arm": ARM,
        "neutral": BEFORE,
        "value": 0.8 * BEFORE + 0.5 * (ARM == "oxytocin") + RANDOM.normal(0, 0.5, N),
    }
)
PREDICTORS = {"arm": "treatment", "neutral": "covariate"}


def test_two_groups_are_one_difference_first_minus_second() -> None:
    two = TABLE.filter(pl.col("arm") != "other")
    result = compare_at_covariate(make_question(two, "ancova", predictors=PREDICTORS))
    assert result.tests == ("oxytocin - placebo",)
    line = result.estimates[0]
    assert line.estimate == pytest.approx(0.5, abs=0.3)
    assert line.ci_low < line.estimate < line.ci_high
    factor = next(one for one in result.estimates if one.term == "arm")
    assert line.statistic.value**2 == pytest.approx(factor.statistic.value)
    means = {one.term: one.estimate for one in result.estimates if one.term.startswith("arm ")}
    assert means["arm oxytocin"] - means["arm placebo"] == pytest.approx(line.estimate)


def test_three_groups_are_tested_together() -> None:
    result = compare_at_covariate(make_question(TABLE, "ancova", predictors=PREDICTORS))
    assert result.tests == ("arm",)
    assert [check.term for check in result.checks] == ["equal slopes, arm:neutral"]


def test_uneven_slopes_are_told() -> None:
    uneven = TABLE.with_columns(value=pl.col("value") + 2 * pl.col("neutral") * (pl.col("arm") == "oxytocin"))
    result = compare_at_covariate(make_question(uneven, "ancova", predictors=PREDICTORS))
    assert "does not work alike" in result.notes[0]


def test_the_neutral_block_as_covariate() -> None:
    plan = make_analysis(
        "ancova",
        outcome={"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]},
        predictors=[
            {"name": "treatment", "kind": "treatment"},
            {"name": "mean", "kind": "covariate", "block": "neutral"},
        ],
    )
    result = run_analysis(make_data(80), plan, 1)
    assert result.state == "done", result.reason
    assert find_line(result, "oxytocin - placebo").estimate == pytest.approx(0.3, abs=0.15)
    assert result.roles["mean_neutral"] == "covariate"
    assert result.labels == "open"

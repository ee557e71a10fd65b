import polars as pl
import pytest

from golden_comparisons import read_pairs, read_trials
from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.paired_tests import compare_pairs
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.paired import compare_paired

PAIRS = read_pairs().with_columns(pl.col("participant_id").cast(pl.String), phase="group", value="mim")
WITHIN = {"group": "within"}


@pytest.mark.parametrize("method", ["t", "wilcoxon", "sign_flip"])
def test_each_method_is_the_test_of_its_name(method: str) -> None:
    result = compare_paired(make_question(PAIRS, "paired", predictors=WITHIN, method=method))
    expected = compare_pairs(PAIRS, "mim", condition="group", method=method, seed=1)
    assert (result.estimates[0].estimate, result.estimates[0].p) == (expected.estimate, expected.p)


def test_after_minus_before() -> None:
    table = PAIRS.with_columns(phase=pl.col("group").replace_strict({"x": "before", "y": "after"}))
    question = make_question(table, "paired", predictors={"phase": "within"}, levels={"phase": ("before", "after")})
    assert compare_paired(question).estimates[0].term == "after - before"


def test_checks_are_of_the_differences() -> None:
    result = compare_paired(make_question(PAIRS, "paired", predictors=WITHIN))
    assert [check.term for check in result.checks] == [
        "normality, difference",
        "Bayes factor, x - y",
        "by ranks, x - y",
    ]
    assert find_line(result, "normality, difference").n == 20


def test_planned_contrasts_take_the_place_of_the_pair() -> None:
    means = read_trials().group_by("participant_id", "emotion").agg(value=pl.col("y").mean())
    contrasts = [{"name": "happy", "weights": {"happiness": 1, "neutral": -1}}]
    question = make_question(means, "paired", predictors={"emotion": "within"}, contrasts=contrasts)
    (line,) = compare_paired(question).estimates
    wide = means.pivot("emotion", index="participant_id", values="value")
    assert line.estimate == pytest.approx((wide["happiness"] - wide["neutral"]).mean())
    assert line.term == "happy"


def test_different_people_are_not_paired_even_as_published() -> None:
    analysis = make_analysis("paired", predictors={"arm": "treatment"}, as_published=True)
    result = run_analysis(make_data(), analysis, 1)
    assert result.state == "refused"
    assert "different people cannot be paired" in str(result.reason)


def test_people_with_one_condition_only_are_no_pairs() -> None:
    table = PAIRS.with_columns(pl.Series("participant_id", [f"P{i}" for i in range(PAIRS.height)]))
    question = make_question(table, "paired", predictors=WITHIN)
    with pytest.raises(ValueError, match="no person has both"):
        compare_paired(question)


def test_equivalence_is_in_standard_deviations_of_the_differences() -> None:
    result = compare_paired(
        make_question(PAIRS, "paired", predictors=WITHIN, method="equivalence", smallest_effect=0.5)
    )
    wide = PAIRS.pivot("group", index="participant_id", values="value")
    assert f"{0.5 * (wide['x'] - wide['y']).std():.3g}" in result.estimates[0].method


def test_congruence_within_people_has_the_planted_difference() -> None:
    plan = make_analysis(
        "paired",
        outcome={"measure": "mean", "for_each": ["emotion", "signal"]},
        predictors={"congruence": "within"},
    )
    result = run_analysis(make_data(), plan, 1)
    line = find_line(result, "happiness, AU25: congruent - incongruent")
    assert line.estimate == pytest.approx(0.65, abs=0.15)
    assert [group.name for group in line.groups] == ["congruent", "incongruent"]

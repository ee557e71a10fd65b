import polars as pl
import pytest

from golden_comparisons import read_people
from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.paired_tests import compare_with_value
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.one_sample import compare_with_number

PEOPLE = read_people().with_columns(pl.col("participant_id").cast(pl.String), value=pl.col("mim"))


@pytest.mark.parametrize("method", ["t", "wilcoxon", "sign_flip"])
def test_each_method_is_the_test_of_its_name(method: str) -> None:
    result = compare_with_number(make_question(PEOPLE, "one_sample", method=method, compared_with=0.1))
    expected = compare_with_value(PEOPLE, "mim", value=0.1, method=method, seed=1)
    assert (result.estimates[0].estimate, result.estimates[0].p) == (expected.estimate, expected.p)
    assert result.estimates[0].term == "mean - 0.1"


def test_checks_of_a_t_test() -> None:
    result = compare_with_number(make_question(PEOPLE, "one_sample"))
    assert [check.term for check in result.checks] == ["normality", "Bayes factor", "by ranks"]
    assert result.estimates[0].term == "mean"


def test_alpha_is_the_level_of_the_interval() -> None:
    result = compare_with_number(make_question(PEOPLE, "one_sample", alpha=0.01))
    assert result.estimates[0].ci_level == pytest.approx(0.99)


def test_draws_are_those_of_the_plan() -> None:
    result = compare_with_number(make_question(PEOPLE, "one_sample", method="sign_flip", draws=499))
    assert "499 random arrangements" in result.estimates[0].method
    assert result.estimates[0].seed == 1


def test_equivalence_is_in_standard_deviations_of_the_value() -> None:
    result = compare_with_number(make_question(PEOPLE, "one_sample", method="equivalence", smallest_effect=0.4))
    margin = 0.4 * PEOPLE["mim"].std()
    assert f"limits {-margin:.3g} and {margin:.3g}" in result.estimates[0].method


def test_congruence_of_each_emotion_and_unit_has_both_means_and_the_planted_difference() -> None:
    """AU12 rises by .5 to happiness (oxytocin .8), AU04 by .25 to anger; the arms are half and half."""
    data = make_data()
    analysis = make_analysis("one_sample", outcome={"measure": "congruence", "for_each": ["emotion", "signal"]})
    result = run_analysis(data, analysis, 1)
    assert result.state == "done", result.reason
    happy = find_line(result, "happiness, AU12: congruent - incongruent")
    assert happy.estimate == pytest.approx(0.65, abs=0.15)
    congruent, incongruent = happy.groups
    assert (congruent.name, incongruent.name) == ("congruent", "incongruent")
    assert congruent.mean - incongruent.mean == pytest.approx(happy.estimate)
    assert find_line(result, "anger, AU04: congruent - incongruent").estimate == pytest.approx(0.25, abs=0.15)
    arms = run_analysis(data, analysis.model_copy(update={"groups": ("placebo",)}), 1)
    assert find_line(arms, "happiness, AU12: congruent - incongruent").n == 12
    assert arms.labels == "open"

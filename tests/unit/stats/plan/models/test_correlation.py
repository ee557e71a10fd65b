import polars as pl
import pytest

from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.correlation import correlate_with_trait

EQ = {"EQ-60.total": "trait"}


def test_planted_correlation_with_its_reliability_and_limit() -> None:
    plan = make_analysis("correlation", outcome={"measure": "congruence", "for_each": ["emotion"]}, predictors=EQ)
    result = run_analysis(make_data(60), plan, 1)
    assert result.state == "done", result.reason
    anger = find_line(result, "anger")
    assert anger.estimate == pytest.approx(0.65, abs=0.2)
    reliability = find_line(result, "anger: reliability")
    assert 0.8 < reliability.estimate < 1
    limit = find_line(result, "anger: largest correlation that this reliability allows")
    assert limit.estimate == pytest.approx(reliability.estimate**0.5)
    assert "beta of width 0.333" in find_line(result, "anger: Bayes factor").method


def test_many_are_sorted_from_the_most_positive() -> None:
    plan = make_analysis(
        "correlation", outcome={"measure": "mean", "signals": ["all"], "for_each": ["signal"]}, predictors=EQ
    )
    found = [line.estimate for line in run_analysis(make_data(), plan, 1).estimates]
    assert len(found) == 3
    assert found == sorted(found, reverse=True)


def test_reliability_of_a_measure_of_trials_is_over_models() -> None:
    plan = make_analysis(
        "correlation", outcome={"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}, predictors=EQ
    )
    result = run_analysis(make_data(), plan, 1)
    assert "split-half over 4 model_id" in find_line(result, "reliability").method


def test_a_score_has_no_split_half_here() -> None:
    table = pl.DataFrame({"participant_id": list("abcdef"), "value": [1.0, 2, 3, 4, 5, 7], "EQ": [2.0, 1, 4, 3, 6, 5]})
    result = correlate_with_trait(make_question(table, "correlation", predictors={"EQ": "trait"}))
    assert [check.term for check in result.checks] == ["Bayes factor"]
    assert result.estimates[0].term == "value with EQ"


@pytest.mark.parametrize(("method", "name"), [("spearman", "Spearman's rho"), ("kendall", "Kendall's tau-b")])
def test_by_ranks(method: str, name: str) -> None:
    table = pl.DataFrame({"participant_id": list("abcdef"), "value": [1.0, 2, 3, 4, 5, 7], "EQ": [2.0, 1, 4, 3, 6, 5]})
    result = correlate_with_trait(make_question(table, "correlation", predictors={"EQ": "trait"}, method=method))
    assert result.estimates[0].unit == name


def test_trials_are_refused_and_run_as_published_with_a_label() -> None:
    plan = make_analysis("correlation", outcome={"measure": "mean", "signals": ["AU12"]}, predictors=EQ, rows="trials")
    refused = run_analysis(make_data(), plan, 1)
    assert refused.state == "refused"
    assert "several rows of one person are not independent" in str(refused.reason)
    published = run_analysis(make_data(), plan.model_copy(update={"as_published": True}), 1)
    assert published.state == "done", published.reason
    assert published.estimates[0].n == 24 * 12
    assert "taken for different people" in str(published.published)
    assert any("n counts rows" in note for note in published.notes)
    assert published.data["participant_id"].n_unique() == 24

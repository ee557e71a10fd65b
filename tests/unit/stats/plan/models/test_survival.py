import polars as pl
import pytest

from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.errors import InputError
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.question import Cell
from mimicrylab.stats.plan.models.survival import summarise_people

OUTCOME = {"measure": "latency", "signals": ["AU12"], "emotions": ["happiness"]}


def test_log_rank_medians_responders_and_hazard_ratio() -> None:
    """Onsets come after .5 s on average with oxytocin and after 1 s with placebo, exponentially: hazard ratio 2."""
    plan = make_analysis("survival", outcome=OUTCOME, predictors={"treatment": "treatment"})
    result = run_analysis(make_data(80), plan, 1)
    assert result.state == "done", result.reason
    assert result.tests == ("oxytocin - placebo",)
    assert result.estimates[0].p < 0.001
    assert find_line(result, "median, oxytocin").estimate < find_line(result, "median, placebo").estimate
    assert 0.9 < find_line(result, "responders, oxytocin").estimate <= 1
    ratio = find_line(result, "treatment[oxytocin]")
    assert ratio.effect_size.value == pytest.approx(2, rel=0.25)
    assert ratio.n == 80
    assert set(result.curves["survival"]["group"]) == {"oxytocin", "placebo"}


def test_cox_answers_where_it_is_named() -> None:
    plan = make_analysis("survival", outcome=OUTCOME, predictors={"treatment": "treatment"}, method="cox")
    result = run_analysis(make_data(), plan, 1)
    assert result.tests == ("treatment[oxytocin]",)
    assert "robust errors over 24 participant_id" in find_line(result, "treatment[oxytocin]").method


def test_a_trait_of_numbers_is_a_hazard_ratio() -> None:
    plan = make_analysis("survival", outcome=OUTCOME, predictors={"EQ-60.total": "trait"})
    result = run_analysis(make_data(), plan, 1)
    assert result.tests == ("EQ-60.total",)


def test_a_person_is_censored_who_has_no_onset_in_half_of_the_trials() -> None:
    table = pl.DataFrame(
        {
            "participant_id": ["a"] * 3 + ["b"] * 2 + ["c"],
            "value": [0.5, 1.0, None, 0.4, None, None],
            "censored": [False, False, True, False, True, None],
            "window_stop_s": [2.0] * 6,
        }
    )
    question = make_question(table, "survival")
    people, until_s = summarise_people(Cell(question, "", table))
    assert until_s == 2.0
    assert people.rows() == [("a", 1.0, False), ("b", None, True)]


def test_what_is_no_latency_is_told() -> None:
    table = pl.DataFrame({"participant_id": ["a"], "value": [1.0]})
    question = make_question(table, "survival")
    with pytest.raises(InputError, match="no latency"):
        summarise_people(Cell(question, "", table))

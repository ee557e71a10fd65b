from typing import get_args

from made_plans import make_analysis, make_data
from mimicrylab.protocol.analyses import Model
from mimicrylab.stats.plan.models.catalogue import ANSWERS, MODELS, run_analysis

HAPPY = {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}
ARM = {"treatment": "treatment"}


def test_every_model_of_the_plan_has_its_function() -> None:
    assert set(MODELS) == set(ANSWERS) == set(get_args(Model))


def test_a_published_choice_is_said_as_published_and_else_in_a_note() -> None:
    student = {"outcome": HAPPY, "predictors": ARM, "method": "student"}
    published = run_analysis(make_data(), make_analysis("two_groups", **student, as_published=True), 1)
    assert str(published.published).startswith("Student's t test pools")
    named = run_analysis(make_data(), make_analysis("two_groups", **student), 1)
    assert named.published is None
    assert any(note.startswith("Student's t test pools") for note in named.notes)


def test_as_published_says_so_too_where_the_test_is_the_default() -> None:
    result = run_analysis(make_data(), make_analysis("one_sample", outcome=HAPPY, as_published=True), 1)
    assert "computed as by default" in str(result.published)
    assert run_analysis(make_data(), make_analysis("one_sample", outcome=HAPPY), 1).published is None


def test_arms_are_labelled_where_they_are_used() -> None:
    data = make_data()
    for settings, labels in (
        ({"outcome": HAPPY}, "none"),
        ({"outcome": HAPPY, "groups": ["placebo"]}, "open"),
    ):
        assert run_analysis(data, make_analysis("one_sample", **settings), 1).labels == labels
    gender = make_analysis("two_groups", outcome=HAPPY, predictors={"gender": "trait"}, groups=["male", "female"])
    assert run_analysis(data, gender, 1).labels == "none"


def test_the_same_seed_gives_the_same_result() -> None:
    plan = make_analysis("one_sample", outcome=HAPPY, method="sign_flip", draws=99)
    first, second, third = (run_analysis(make_data(), plan, seed).estimates for seed in (1, 1, 2))
    assert first == second
    assert first[0].ci_low != third[0].ci_low


def test_what_is_not_there_is_not_possible_with_the_reason() -> None:
    result = run_analysis(make_data(), make_analysis("one_sample", outcome={"measure": "presense"}), 1)
    assert result.state == "not possible"
    assert "did you mean 'presence'?" in str(result.reason)
    method = make_analysis("two_groups", outcome=HAPPY, predictors=ARM, method="pearson")
    assert "pearson is no method of two_groups" in str(run_analysis(make_data(), method, 1).reason)

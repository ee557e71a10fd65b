"""Number of people, power, effect: whichever is left out; the sample sizes of both papers."""

import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.power.answers import answer_question, describe_answer, make_repeated_design, split_people
from mimicrylab.power.curves import list_counts, tabulate_curve
from mimicrylab.power.sentences import summarise_answer, word_answer
from mimicrylab.stats.power_designs import CorrelationDesign, GroupsDesign, RegressionDesign, WithinDesign

OXYTOCIN = make_repeated_design("between", measurements=5, groups=2, correlation=0.0, epsilon=1.0, multivariate=False)


def test_both_papers_sample_sizes_and_their_sentences() -> None:
    cohen = answer_question(GroupsDesign(), effect=0.5, power=0.8)
    assert (cohen.people, cohen.groups) == (128, (64, 64))
    assert word_answer(cohen).startswith(
        "A sample of 128 participants (64 in each of 2 groups) gives a power of .80 to find a difference between two "
        "groups of d = 0.50 (two-sided t test of two independent groups, α = .05)."
    )
    oxytocin = answer_question(OXYTOCIN, effect=0.2, power=0.95)
    assert summarise_answer(oxytocin).startswith("68 participants (34 in each of 2 groups): power .95 for f = 0.20")


def test_what_is_left_out_is_computed() -> None:
    assert answer_question(WithinDesign(), effect=0.5).asked == "people"
    power = answer_question(WithinDesign(), effect=0.5, people=34)
    assert (power.asked, power.power >= 0.8) == ("power", True)
    effect = answer_question(WithinDesign(), people=34)
    assert (effect.asked, effect.power) == ("effect", 0.8)
    assert effect.effect == pytest.approx(0.5, abs=0.01)
    assert "the smallest difference within persons that is found with a power of .80 is d_z = 0.50" in word_answer(
        effect
    )


def test_losses_are_added_to_those_analysed_and_taken_from_those_who_take_part() -> None:
    needed = answer_question(GroupsDesign(), effect=0.5, losses=0.1)
    assert (needed.people, needed.enrolled) == (128, 144)
    given = answer_question(GroupsDesign(), effect=0.5, people=144, losses=0.1)
    assert (given.people, given.enrolled) == (129, 144)
    assert "10 % of the participants may be lost before the analysis, 144 take part" in word_answer(needed)
    assert summarise_answer(needed).startswith("144 take part, of whom 128 are analysed")


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ({}, "nothing to compute from"),
        ({"effect": 0.5, "people": 50, "power": 0.8}, "all given"),
        ({"effect": 0.5, "losses": 1.0}, "losses do not fit"),
        ({"effect": float("nan")}, "this effect cannot be found"),
        ({"effect": 0.5, "power": 0.04}, "no power to ask for"),
        ({"people": 3}, "too few people"),
    ],
)
def test_questions_without_an_answer(question: dict[str, float], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        answer_question(GroupsDesign(), **question)  # type: ignore[arg-type]


def test_groups_of_unequal_size() -> None:
    answer = answer_question(GroupsDesign(ratio=2.0), effect=0.5)
    assert sum(answer.groups) == answer.people
    assert answer.groups[1] == pytest.approx(2 * answer.groups[0], abs=1)
    assert split_people(WithinDesign(), 20) == ()
    with pytest.raises(InputError, match="ratio"):
        GroupsDesign(ratio=0.0)
    with pytest.raises(InputError, match="at least 202"):
        answer_question(GroupsDesign(ratio=100.0), effect=0.5, people=150)


def test_a_misspelt_effect_of_repeated_measures_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'within'"):
        make_repeated_design("wihtin", measurements=3, groups=None, correlation=0.5, epsilon=1.0, multivariate=False)
    design = make_repeated_design(
        "within", measurements=3, groups=None, correlation=0.5, epsilon=1.0, multivariate=False
    )
    assert design.groups == 1


def test_a_script_gets_the_numbers_unrounded() -> None:
    facts = describe_answer(answer_question(RegressionDesign(3), effect=0.1, power=0.9))
    assert facts["power"] >= 0.9
    assert (facts["effect_name"], facts["asked"], facts["groups"]) == ("f2", "people", [])


def test_a_power_curve_passes_through_its_answer_and_rises() -> None:
    answer = answer_question(GroupsDesign(), effect=0.5, power=0.8)
    table = tabulate_curve(answer)
    own = table.filter((table["people"] == 128) & ((table["effect"] - 0.5).abs() < 1e-9))
    assert own["power"].to_list() == [answer.power]
    assert sorted(set(table["effect"].round(9))) == [0.4, 0.5, 0.6]
    for _, line in table.group_by("effect"):
        assert line["power"].is_sorted()


def test_a_curve_of_detectable_effects_falls_and_stays_below_1_for_correlations() -> None:
    answer = answer_question(CorrelationDesign(), people=50, power=0.85)
    table = tabulate_curve(answer)
    assert sorted(set(table["power"])) == [0.8, 0.85, 0.9, 0.95]
    assert table["effect"].max() < 0.95  # type: ignore[operator]
    for _, line in table.group_by("power"):
        assert line["effect"].is_sorted(descending=True)


def test_a_curve_begins_with_the_fewest_people_that_the_test_allows() -> None:
    counts = list_counts(RegressionDesign(10), 15)
    assert counts[0] == 12
    assert 15 in counts

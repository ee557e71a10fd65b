"""Sentences of planned analyses: exact APA wording for every model, and what is said where something is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from mimicrylab.protocol.analyses import Contrast, Outcome, Predictor
from mimicrylab.report.answers.naming import Vocabulary
from mimicrylab.report.answers.questions import ask, tell_verdict
from mimicrylab.report.answers.setting import Setting, split_term
from mimicrylab.report.answers.statements import state_interval, state_test
from mimicrylab.report.answers.verdict import judge, list_answers
from mimicrylab.report.answers.write import write_answers
from mimicrylab.report.wording import format_number
from mimicrylab.stats.estimates import EffectSize, Estimate, GroupSummary, Statistic
from mimicrylab.stats.plan.results import AnalysisResult
from unit.report import planned_results
from unit.report.planned_results import ARM, EQ, declare, make_result

WORDS = Vocabulary(
    kinds={"presence": "presence", "congruence": "congruence", "peak": "peak", "latency": "latency"},
    ratings=frozenset({"intensity"}),
)


def read(result: AnalysisResult) -> list[str]:
    """Return the sentences as plain text."""
    return [plain(sentence) for sentence in write_answers(Setting(result, WORDS))]


def plain(html: object) -> str:
    return unescape(re.sub("<[^>]+>", "", str(html))).replace("\xa0", " ")


SENTENCES: list[tuple[Callable[[], AnalysisResult], list[str]]] = [
    (
        lambda: planned_results.compare_gender(),
        [
            "Women scored higher than men on the EQ-60 (M = 50.28, SD = 9.39, n = 59 vs M = 41.77, SD = "
            "11.90, n = 22), difference = 8.51, 95% CI [2.77, 14.25], Welch's t(31.27) = 3.02, p = .005, "
            "pHolm = .020, d = 0.79, 95% CI [0.24, 1.34], BF10 = 26.47.",
        ],
    ),
    (
        lambda: planned_results.compare_gender("mann_whitney"),
        [
            "Women scored higher than men on the EQ-60 (Mdn = 50.28, n = 59 vs Mdn = 41.77, n = 22), Hodges-"
            "Lehmann shift = 8.51, 95% CI [3.24, 13.78], Mann-Whitney U = 935, p = .002, pHolm = .010, rrb = "
            ".44, 95% CI [.19, .64].",
        ],
    ),
    (
        lambda: planned_results.compare_gender("permutation"),
        [
            "Women scored higher than men on the EQ-60 (M = 50.28, SD = 9.39, n = 59 vs M = 41.77, SD = "
            "11.90, n = 22), difference = 8.51, 95% CI [3.19, 13.90], t = 3.02 (permutation test), p = .003, "
            "pHolm = .013, d = 0.79, 95% CI [0.24, 1.34], BF10 = 26.47.",
        ],
    ),
    (
        lambda: planned_results.compare_glasses(),
        [
            "A difference between those with “glasses: yes” and those with “glasses: no” in the presence rate "
            "was not shown (M = .151, SD = .061, n = 27 vs M = .151, SD = .056, n = 54), difference = .000, "
            "95% CI [−.029, .028], Welch's t(48.27) = −0.03, p = .977, d = −0.01, 95% CI [−0.48, 0.46], BF10 "
            "= 0.24. The interval excludes a difference above .028 and below −.029; within it the data do not "
            "decide. The data are 4.1 times as likely without a difference as with one. Unlike Welch's test, the Bayes "
            "factor takes the groups to spread alike.",
        ],
    ),
    (
        lambda: planned_results.compare_equivalence(),
        [
            "The difference between the oxytocin group and the placebo group in the presence rate lies within "
            "−.050 to .050 (two one-sided tests): difference = −.002, 90% CI [−.023, .019], t(78.98) = 3.75, "
            "p < .001, d = −0.03, 90% CI [−0.40, 0.33].",
        ],
    ),
    (
        lambda: planned_results.correlate_one(),
        [
            "The congruence index correlated positively with the EQ-60 score, r(79) = .35, 95% CI [.14, .52], "
            "p = .002, BF10 = 27.70.",
        ],
    ),
    (
        lambda: planned_results.correlate_one("spearman"),
        [
            "The congruence index correlated positively with the EQ-60 score, rs(79) = .31, 95% CI [.09, "
            ".50], p = .005.",
        ],
    ),
    (
        lambda: planned_results.correlate_one("kendall"),
        [
            "The congruence index correlated positively with the EQ-60 score, τb(n = 81) = .21, 95% CI [.07, "
            ".35], p = .005.",
        ],
    ),
    (
        lambda: planned_results.correlate_all(),
        [
            "None of 27 tests was significant after correction at the level .05; the one with the smallest p follows.",
            "A correlation of the peak movement of signal_3 with the EQ-60 score was not shown, r(48) = .26, "
            "95% CI [−.02, .51], p = .064, pHolm > .999. The interval excludes a correlation above .51 and "
            "below −.02; within it the data do not decide.",
        ],
    ),
    (
        lambda: planned_results.regress_arm(),
        [
            "A difference between the oxytocin group and the placebo group in the presence rate, other "
            "predictors being equal, was not shown, b = −.002, 95% CI [−.028, .025], t(78) = −0.12, p = .908, "
            "partial R2 = .00. The interval excludes a difference above .025 and below −.028; within it the "
            "data do not decide.",
        ],
    ),
    (
        lambda: planned_results.compare_units(),
        [
            "Together, the outcomes (presence rate of AU04, AU12 and AU25 while neutral was shown) were not "
            "shown to differ by treatment, Wilks’s Λ = 1.00, F(3, 77) = 0.00, p > .999, ηp2 = .00, 95% CI "
            "[.00, .00].",
        ],
    ),
    (
        lambda: planned_results.compare_at_neutral(),
        [
            "A difference between the placebo group and the oxytocin group in the presence rate of the action "
            "units of happiness while happiness was shown at the same presence rate in the block “neutral” "
            "was not shown, adjusted difference = −.001, 95% CI [−.035, .034], t(78) = −0.04, p = .970. The "
            "interval excludes a difference above .034 and below −.035; within it the data do not decide.",
        ],
    ),
    (
        lambda: planned_results.moderate(),
        [
            "The effect of treatment (oxytocin against placebo) on the presence rate of the action units of "
            "happiness while happiness was shown changed with the presence rate in the block “neutral”, b = "
            "−0.903, 95% CI [−0.920, −0.885], t(77) = −102.19, p < .001, partial R2 = .99.",
            "At one standard deviation below the mean of the presence rate in the block “neutral”, the effect "
            "of treatment (oxytocin against placebo) was positive, b = .151, 95% CI [.149, .152], t(77) = "
            "213.27, p < .001.",
            "At the mean of the presence rate in the block “neutral”, the effect of treatment (oxytocin "
            "against placebo) was positive, b = .099, 95% CI [.098, .100], t(77) = 199.46, p < .001.",
            "At one standard deviation above the mean of the presence rate in the block “neutral”, the effect "
            "of treatment (oxytocin against placebo) was positive, b = .047, 95% CI [.046, .049], t(77) = "
            "66.60, p < .001.",
        ],
    ),
    (
        lambda: planned_results.repeat(),
        [
            "That the presence rate of AU12 differs by treatment was not shown, F(1, 28) = 0.31, p = .583, "
            "ηp2 = .01, 95% CI [.00, .18].",
            "The presence rate of AU12 differed by emotion, F(1.25, 34.97) = 221.32, p < .001, ηp2 = .89, 95% "
            "CI [.81, .93].",
            "In the presence rate of AU12, the effect of treatment depended on emotion, F(1.25, 34.97) = "
            "9.34, p = .002, ηp2 = .25, 95% CI [.04, .46].",
        ],
    ),
    (
        lambda: planned_results.pair(),
        [
            "The presence rate of AU12 was higher while happiness was shown than while anger was shown (M = "
            ".301, SD = .047 vs M = .201, SD = .046; n = 30), difference = .100, 95% CI [.091, .109], t(29) = "
            "22.35, p < .001, dz = 4.08, 95% CI [2.97, 5.18].",
        ],
    ),
    (
        lambda: planned_results.pair("wilcoxon"),
        [
            "The presence rate of AU12 was higher while happiness was shown than while anger was shown (Mdn = "
            ".298 vs Mdn = .200; n = 30), pseudo-median = .100, 95% CI [.090, .110], Wilcoxon W+ = 465, p < "
            ".001, rrb = 1.00.",
        ],
    ),
    (
        lambda: planned_results.compare_zero(),
        [
            "The congruence index of AU12 while happiness was shown was above zero (M = .051, SD = .076, n = "
            "81), 95% CI [.034, .068], t(80) = 6.07, p < .001, dz = 0.67, 95% CI [0.43, 0.91].",
            "That the congruence index of AU04 while anger was shown differs from zero was not shown (M = "
            ".001, SD = .035, n = 81), 95% CI [−.006, .009], t(80) = 0.34, p = .735, dz = 0.04, 95% CI "
            "[−0.18, 0.26]. The interval excludes a mean above .009 and below −.006; within it the data do "
            "not decide.",
        ],
    ),
    (
        lambda: planned_results.compare_zero("sign_flip"),
        [
            "The congruence index of AU12 while happiness was shown was above zero (M = .051, SD = .076, n = "
            "81), 95% CI [.035, .067], sign-flip test, p < .001, dz = 0.67, 95% CI [0.43, 0.91].",
            "That the congruence index of AU04 while anger was shown differs from zero was not shown (M = "
            ".001, SD = .035, n = 81), 95% CI [−.006, .009], t(80) = 0.34, p = .735, dz = 0.04, 95% CI "
            "[−0.18, 0.26]. The interval excludes a mean above .009 and below −.006; within it the data do "
            "not decide.",
        ],
    ),
    (
        lambda: planned_results.mix(),
        [
            "The presence rate of AU12 differed by emotion, F(2, 233.19) = 24.21, p < .001, ηp2 = .17.",
        ],
    ),
    (
        lambda: planned_results.predict(),
        [
            "That the EQ-60 score is predicted better than by everybody's mean was not shown, R2 = .07, p = "
            ".050 (within the sample it would have promised .14).",
            "The prediction of the EQ-60 score missed by 8.26 on average (mean absolute error; predicting "
            "everybody's mean would miss by 8.41).",
        ],
    ),
    (
        lambda: planned_results.cross(),
        [
            "An association of glasses with gender was not shown, χ2(1, N = 81) = 0.03, p = .860, V = .02.",
        ],
    ),
    (
        lambda: planned_results.wait(),
        [
            "Times to onset differed by treatment, log-rank χ2(1, N = 81) = 29.55, p < .001.",
            "Half had an onset by 0.947 s (oxytocin), 95% CI [0.907, 0.973].",
            "Fewer than half had an onset within the window (placebo).",
        ],
    ),
    (
        lambda: planned_results.wait("cox"),
        [
            "All predictors: χ2(1, N = 81) = 28.27, p < .001.",
            "Onsets came sooner with the oxytocin group, HR = 4.43, 95% CI [2.49, 7.90], z = 5.06, p < .001.",
        ],
    ),
    (
        lambda: planned_results.share(),
        [
            "A difference between the oxytocin group and the placebo group in the presence rate was not "
            "shown, OR = 0.99, 95% CI [0.81, 1.20], t(79) = −0.15, p = .882. The interval excludes an odds "
            "ratio above 1.20 and below 0.81; within it the data do not decide.",
            "A difference between the oxytocin group and the placebo group in the presence rate was not "
            "shown, average marginal effect = −0.0019, 95% CI [−0.0277, 0.0239], t(79) = −0.15, p = .882. The "
            "interval excludes a difference above 0.0239 and below −0.0277; within it the data do not decide.",
        ],
    ),
    (
        lambda: planned_results.share(2),
        [
            "In whether anything moved: a difference between the oxytocin group and the placebo group in the "
            "presence rate was not shown, OR = 0.75, 95% CI [0.27, 2.09], t(79) = −0.55, p = .582. The "
            "interval excludes an odds ratio above 2.09 and below 0.27; within it the data do not decide.",
            "In how much moved, where anything did: a difference between the oxytocin group and the placebo "
            "group in the presence rate was not shown, b = .004, 95% CI [−.019, .027], t(57) = 0.33, p = "
            ".742. The interval excludes a difference above .027 and below −.019; within it the data do not "
            "decide.",
            "Over both parts: a difference between the oxytocin group and the placebo group in the presence "
            "rate was not shown, average marginal effect = −.002, 95% CI [−.025, .021], t(57) = −0.14, p = "
            ".888. The interval excludes a difference above .021 and below −.025; within it the data do not "
            "decide.",
        ],
    ),
]


@pytest.mark.parametrize(("make", "sentences"), SENTENCES)
def test_each_model_has_its_sentence(make: Callable[[], AnalysisResult], sentences: list[str]) -> None:
    assert read(make()) == sentences


def test_symbols_of_statistics_are_italic_and_greek_ones_upright() -> None:
    (sentence,) = write_answers(Setting(planned_results.compare_gender(), WORDS))
    for symbol in ("<i>M</i>", "<i>SD</i>", "<i>n</i>", "<i>t</i>(", "<i>p</i><sub>Holm</sub>", "<i>d</i>"):
        assert symbol in sentence
    (association,) = write_answers(Setting(planned_results.cross(), WORDS))
    assert "χ<sup>2</sup>(1,\xa0<i>N</i>\xa0=\xa081)" in association


def test_words_follow_the_corrected_p() -> None:
    result = planned_results.compare_gender()
    lost = replace(result.estimates[0], p_adjusted=0.06)
    (sentence,) = read(replace(result, estimates=(lost,)))
    assert sentence.startswith("A difference between women and men in the EQ-60 score was not shown (")
    assert "p = .005, pHolm = .060" in sentence
    assert "The uncorrected p and its interval would say otherwise; the corrected p decides." in sentence


def test_alpha_is_that_of_the_plan_and_a_p_equal_to_it_is_not_below() -> None:
    analysis = declare("eq", "two_groups", alpha=0.01)
    at = [judge(Estimate("eq", "a - b", 1.0, p=p), analysis).finding for p in (0.0099, 0.01, 0.02)]
    assert at == ["shown", "not shown", "not shown"]


@pytest.mark.parametrize("make", [make for make, _ in SENTENCES])
def test_nothing_is_ever_called_no_effect(make: Callable[[], AnalysisResult]) -> None:
    text = " ".join(read(make())).lower()
    assert not re.search(r"\bno (effect|difference|correlation|relation|association)\b", text)
    assert "non-significant" not in text


def test_permuted_labels_mark_every_sentence() -> None:
    result = replace(planned_results.moderate(), labels="permuted")
    found = read(result)
    assert len(found) == 4
    assert all(sentence.startswith("[Permuted labels, not a result] ") for sentence in found)


@pytest.mark.parametrize("state", ["refused", "not possible"])
def test_what_was_not_done_has_no_answer(state: str) -> None:
    result = AnalysisResult(declare("eq", "two_groups"), state=state, reason="nobody in an arm")  # type: ignore[arg-type]
    assert read(result) == []


def test_a_missing_interval_and_a_missing_effect_size_leave_no_gap() -> None:
    groups = (GroupSummary("female", 3, 2.0, 1.0), GroupSummary("male", 3, 1.0, 0.5))
    one = Estimate("eq", "female - male", 1.0, statistic=Statistic("t", 1.5), df=(4.0,), p=0.2, groups=groups, n=6)
    (sentence,) = read(make_result(declare("eq", "two_groups"), [one]))
    assert sentence == (
        "A difference between women and men in the EQ-60 score was not shown (M = 2.00, SD = 1.00, n = 3 vs M = 1.00, "
        "SD = 0.50, n = 3), difference = 1.00, t(4) = 1.50, p = .200."
    )


def test_an_interval_with_one_end_excludes_one_side() -> None:
    one = Estimate("eq", "female - male", 1.0, ci_low=-0.5, p=0.2, n=6)
    (sentence,) = read(make_result(declare("eq", "two_groups"), [one]))
    assert "95% CI [−0.50, ∞]" in sentence
    assert "The interval excludes a difference below −0.50; within it the data do not decide." in sentence


def test_a_perfect_correlation_has_no_interval_and_no_statistic() -> None:
    one = Estimate("c", "AU12", 1.0, unit="Pearson's r", statistic=Statistic("t", None), df=(8.0,), p=0.0, n=10)
    analysis = declare("c", "correlation", outcome=Outcome(measure="congruence"), predictors=(EQ,))
    assert read(make_result(analysis, [one])) == [
        "The congruence index correlated positively with the EQ-60 score, r(8) = 1.00, p < .001."
    ]


def test_an_infinite_odds_ratio_is_left_out() -> None:
    one = Estimate("f", "odds", None, unit="odds ratio", p=0.03, n=12, effect_sizes=(EffectSize("odds ratio", None),))
    (sentence,) = read(make_result(declare("f", "frequencies", outcome=Outcome(score="glasses")), [one]))
    assert sentence == "Glasses and gender were associated, p = .030, Fisher's exact test."


def test_a_cell_that_could_not_be_tested_is_not_told() -> None:
    result = planned_results.compare_zero()
    failed = Estimate(
        "mimicry", "fear, AU01", None, warnings=("column 'presence': the value is the same for everybody",)
    )
    found = read(replace(result, estimates=(*result.estimates, failed), tests=(*result.tests, "fear, AU01")))
    assert len(found) == 2
    assert tell_verdict(failed, Setting(result, WORDS)) == "no test"


def test_of_many_significant_tests_the_first_are_told_and_all_are_counted() -> None:
    result = planned_results.correlate_all()
    strong = [replace(one, p=0.0001, p_adjusted=0.001) for one in result.estimates]
    found = read(replace(result, estimates=tuple(strong)))
    assert found[0] == "27 of 27 tests were significant after correction at the level .05 (8 of them below)."
    assert len(found) == 9


def test_a_bayes_factor_beyond_every_scale_is_an_inequality() -> None:
    result = planned_results.compare_gender()
    bayes = replace(result.checks[-1], estimate=3e9)
    (sentence,) = read(replace(result, checks=(bayes,)))
    assert sentence.endswith("BF10 > 100,000.")


def test_a_planned_contrast_is_named() -> None:
    contrast = Contrast(name="mimicry", weights={"happiness": 1.0, "anger": -1.0})
    within = Predictor(name="emotion", kind="within")
    analysis = declare(
        "c", "repeated", outcome=Outcome(measure="presence"), predictors=(ARM, within), contrasts=(contrast,)
    )
    one = Estimate("c", "mimicry", 0.1, unit="share of frames", ci_low=0.05, ci_high=0.15, p=0.001, n=30)
    other = Estimate("c", "mimicry, oxytocin - placebo", 0.1, ci_low=-0.05, ci_high=0.25, p=0.2, n=30)
    table = planned_results.make_conditions()
    result = replace(make_result(analysis, [one, other]), data=table)
    assert read(result) == [
        "The contrast “mimicry” of the presence rate was above zero, difference = .100, 95% CI [.050, .150], p = .001.",
        "A difference between the oxytocin group and the placebo group in the contrast “mimicry” of the presence rate "
        "was not shown, difference = 0.100, 95% CI [−0.050, 0.250], p = .200. The interval excludes a difference above "
        "0.250 and below −0.050; within it the data do not decide.",
    ]


def test_a_description_gives_means_and_shares_without_a_test() -> None:
    mean = Estimate("d", "oxytocin, mean", 47.975, ci_low=45.59, ci_high=50.36, n=81, groups=(
        GroupSummary("everybody", 81, 47.975, 10.78),))  # fmt: skip
    share = Estimate("d", "yes", 0.24, unit="share of people", ci_low=0.16, ci_high=0.34, n=81)
    analysis = declare("d", "description", predictors=())
    assert read(make_result(analysis, [mean, share])) == [
        "EQ-60 score, oxytocin: M = 47.98, SD = 10.78, 95% CI [45.59, 50.36], n = 81.",
        "EQ-60 score: 24.0% answered “yes”, 95% CI [16.0%, 34.0%], n = 81.",
    ]


def test_outcomes_that_differ_by_themselves_are_told_beside_the_test_of_all() -> None:
    result = planned_results.compare_units()
    single = [
        replace(one, p=0.001, p_adjusted=0.003, estimate=0.2) if one.term.startswith("AU12") else one
        for one in result.estimates
    ]
    found = read(replace(result, estimates=tuple(single)))
    assert len(found) == 2
    assert found[1].startswith(
        "The presence rate of AU12 while neutral was shown was higher in the oxytocin group than in the placebo group, "
    )


def test_terms_split_into_cells_and_the_rest() -> None:
    assert split_term("happiness: AU12: arm[oxytocin]") == (("happiness", "AU12"), "arm[oxytocin]")
    assert split_term("amount: Intercept") == ((), "amount: Intercept")


def test_tests_name_what_answers() -> None:
    result = planned_results.moderate()
    assert [one.term for one in list_answers(result)] == ["treatment[oxytocin]:presence"]
    assert len(list_answers(replace(result, tests=()))) == len(result.estimates) - 1  # all but the intercept


@pytest.mark.parametrize(
    ("make", "question"),
    [
        (planned_results.compare_equivalence, "Is the presence rate practically the same by treatment?"),
        (planned_results.correlate_one, "Does the congruence index go together with the EQ-60 score?"),
        (
            planned_results.moderate,
            "Does the effect of treatment on the presence rate of the action units of happiness while happiness was "
            "shown change with the presence rate in the block “neutral”?",
        ),
        (planned_results.compare_zero, "Does the congruence index differ from zero, for each emotion and signal?"),
        (
            planned_results.predict,
            "Can the EQ-60 score be predicted from peak movement, judged on people left out?",
        ),
        (planned_results.repeat, "Does the presence rate of AU12 differ by treatment and emotion?"),
        (planned_results.wait, "Do movements start at different times by treatment?"),
    ],
)
def test_every_model_asks_a_question(make: Callable[[], AnalysisResult], question: str) -> None:
    assert ask(Setting(make(), WORDS)) == question


def test_a_question_names_the_groups_blocks_and_arms_that_it_is_limited_to() -> None:
    analysis = declare(
        "m",
        "one_sample",
        outcome=Outcome(measure="congruence"),
        predictors=(),
        groups=("placebo",),
        blocks=("neutral",),
    )
    question = ask(Setting(AnalysisResult(analysis), WORDS))
    assert question == (
        "Does the congruence index differ from zero (in the placebo group alone, in the block “neutral”)?"
    )


def test_a_test_is_stated_with_its_degrees_of_freedom() -> None:
    effect = Estimate("", "", None, statistic=Statistic("F", 0.96), df=(11.0, 133.0))
    assert plain(state_test(effect)) == "F(11, 133) = 0.96"
    assert state_test(Estimate("", "", 1.0)) is None
    assert state_interval(None, None, level=0.95, write=format_number) is None
    assert plain(state_interval(1.0, 2.0, level=0.99, write=format_number)) == "99% CI [1.00, 2.00]"

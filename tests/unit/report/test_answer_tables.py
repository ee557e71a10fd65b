"""APA tables of planned analyses: what stands in their columns, their notes, and what the CSV file holds."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import polars as pl
import pytest

from mimicrylab.protocol.analyses import Outcome, Predictor
from mimicrylab.report.answers.checks import make_checks, write_markup
from mimicrylab.report.answers.joint import correlate_groups, join_analyses
from mimicrylab.report.answers.naming import Vocabulary
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.tables import make_tables
from mimicrylab.report.answers.twins import find_twin, make_twin_table
from mimicrylab.report.tables import ReportTable
from mimicrylab.stats.adjustment import adjust_family
from mimicrylab.stats.estimates import EffectSize, Estimate, GroupSummary
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.plan.results import AnalysisResult
from unit.report import planned_results
from unit.report.planned_results import declare, make_people, make_result

WORDS = Vocabulary(kinds={"presence": "presence", "congruence": "congruence", "peak": "peak", "latency": "latency"})


def plain(html: object) -> str:
    return unescape(re.sub("<[^>]+>", "", str(html))).replace("\xa0", " ")


def tabulate(result: AnalysisResult) -> list[ReportTable]:
    return make_tables(Setting(result, WORDS))


def head(table: ReportTable) -> list[str]:
    return [plain(column.label) for column in table.columns]


def body(table: ReportTable) -> list[list[str]]:
    return [[plain(cell.text) for cell in cells] for _, rows in table.groups for cells in rows]


def test_a_comparison_has_both_groups_with_their_n_in_the_heading() -> None:
    (table,) = tabulate(planned_results.compare_gender())
    assert [spanner.label for spanner in table.spanners if spanner.label] == ["Female (n = 59)", "Male (n = 22)"]
    assert head(table) == ["Comparison", "M", "SD", "M", "SD", "Diff.", "95% CI", "t", "df", "p", "pHolm", "d"]
    (row,) = body(table)
    assert row == ["female − male", "50.28", "9.39", "41.77", "11.90", "8.51", "[2.77, 14.25]", "3.02", "31.27",
                   ".005", ".020", "0.79"]  # fmt: skip
    assert table.fold  # the sentence has said it
    assert plain(table.note) == "Welch's t test, two-sided. n = 81. Bold: corrected p below .05."


def test_csv_is_unrounded_and_names_the_family() -> None:
    (table,) = tabulate(planned_results.compare_gender())
    (row,) = pl.read_csv(io.StringIO(table.write_csv())).iter_rows(named=True)
    assert row["estimate"] == pytest.approx(50.28 - 41.77, abs=1e-9)
    assert (row["family"], row["first_n"], row["second_n"]) == ("H1 (Holm, 4 tests)", 59, 22)


def test_a_test_that_is_alone_in_its_family_has_no_corrected_p() -> None:
    result = planned_results.compare_gender()
    (alone,) = adjust_family([replace(result.estimates[0], p_adjusted=None)], family="H1")
    (table,) = tabulate(replace(result, estimates=(alone,)))
    assert "pHolm" not in head(table)
    assert "p" in head(table)


def test_correlations_are_sorted_with_their_reliability() -> None:
    result = planned_results.correlate_all()
    first = result.estimates[0].term
    checks = (
        Estimate("r", f"{first}: reliability", 0.36, unit="reliability", n=50),
        Estimate("r", f"{first}: largest correlation that this reliability allows", 0.6, n=50),
    )
    (table,) = tabulate(replace(result, checks=checks))
    assert head(table) == ["Action unit", "r", "95% CI", "p", "pHolm", "n", "rxx", "max. r"]
    rows = body(table)
    assert len(rows) == 27
    values = [float(row[1].replace("−", "-")) for row in rows]
    assert values == sorted(values, reverse=True)
    assert [rows[0][-2:], rows[1][-2:]] == [[".36", ".60"], ["–", "–"]]
    assert not table.fold
    assert len(tabulate(result)[0].columns) == 6  # nothing is known of reliability: no empty columns


def test_coefficients_have_decimals_for_the_smallest_and_explained_variance_in_the_note() -> None:
    (table,) = tabulate(planned_results.regress_arm())
    rows = body(table)
    assert [row[0] for row in rows] == ["Intercept", "treatment (oxytocin against placebo)", "EQ-60 score"]
    assert rows[2][1] == "0.0005"  # a slope is not bounded by 1, so that its zero is written
    assert "R2 = .01, adjusted R2 = −.02, F(2, 78) = 0.34, p = .712." in plain(table.note)
    assert not any(cell.strong for _, lines in table.groups for cell in lines[0])  # an intercept answers nothing


def test_several_outcomes_have_the_test_of_all_and_a_row_each() -> None:
    together, single = tabulate(planned_results.compare_units())
    assert [row[0] for row in body(together)] == [
        "Wilks' lambda", "Pillai's trace", "Hotelling-Lawley trace", "Roy's largest root",
    ]  # fmt: skip
    assert body(together)[0][3:5] == ["3", "77"]
    assert [row[0] for row in body(single)] == ["AU04", "AU12", "AU25"]
    assert single.title.endswith("treatment (oxytocin against placebo)")
    assert single.name == "analysis-expressivity-coefficients"


def test_a_moderation_has_coefficients_and_simple_slopes() -> None:
    coefficients, slopes = tabulate(planned_results.moderate())
    assert "treatment (oxytocin against placebo) × presence rate in the block “neutral”" in [
        row[0] for row in body(coefficients)
    ]
    assert [row[0] for row in body(slopes)] == ["−1 SD", "The mean", "+1 SD"]


def test_f_tests_have_two_degrees_of_freedom() -> None:
    (table,) = tabulate(planned_results.repeat())
    assert head(table) == ["Effect", "F", "df1", "df2", "p", "ηp2", "n"]
    assert body(table)[1][:4] == ["emotion", "221.32", "1.25", "34.97"]


def test_adjusted_means_stand_by_their_level() -> None:
    adjusted, effects = tabulate(planned_results.compare_at_neutral())
    assert [row[0] for row in body(adjusted)] == ["placebo − oxytocin", "oxytocin", "placebo"]
    assert body(effects)[1][0] == "presence rate in the block “neutral”"


def test_within_people_a_standard_error_and_no_n_for_each_side() -> None:
    (table,) = tabulate(planned_results.pair())
    assert head(table) == ["Comparison", "M", "SD", "M", "SD", "Diff.", "SE", "95% CI", "t", "df", "p", "dz"]
    assert [spanner.label for spanner in table.spanners if spanner.label] == ["Happiness", "Anger"]


def test_two_dimensions_make_groups_of_rows() -> None:
    (table,) = tabulate(planned_results.compare_zero())
    assert [label for label, _ in table.groups] == ["happiness", "anger"]
    assert [row[0] for row in body(table)] == ["AU12", "AU04"]


def test_a_cell_without_a_number_stays_in_the_table_with_its_reason() -> None:
    result = planned_results.compare_zero()
    failed = Estimate("mimicry", "fear, AU01", None, warnings=("the value is the same for everybody",))
    (table,) = tabulate(replace(result, estimates=(*result.estimates, failed)))
    assert body(table)[-1][:3] == ["AU01", "–", "–"]
    assert table.frame["warnings"][-1] == "the value is the same for everybody"


def test_a_description_has_quartiles_and_range() -> None:
    sizes = tuple(
        EffectSize(name, value)
        for name, value in (("lowest", 21.0), ("first quartile", 41.75), ("median", 50.5), ("third quartile", 56.25),
                            ("highest", 69.0))
    )  # fmt: skip
    one = Estimate("d", "oxytocin, mean", 49.17, ci_low=45.41, ci_high=52.93, effect_sizes=sizes, n=36,
                   groups=(GroupSummary("everybody", 36, 49.17, 11.11),))  # fmt: skip
    (table,) = tabulate(make_result(declare("d", "description", predictors=()), [one]))
    assert head(table) == ["Of", "n", "M", "SD", "95% CI", "Min", "Q1", "Mdn", "Q3", "Max"]
    assert body(table) == [
        ["oxytocin", "36", "49.17", "11.11", "[45.41, 52.93]", "21.00", "41.75", "50.50", "56.25", "69.00"]
    ]


def test_units_that_differ_between_rows_have_a_column() -> None:
    outcome = Outcome(measure="congruence", for_each=("emotion",))
    analysis = declare("c", "one_sample", outcome=outcome, predictors=())
    data = pl.DataFrame(
        {"emotion": ["anger", "fear"], "congruence": [0.1, 0.2], "unit": ["0-5", "share of a strong movement"]}
    )
    found = [planned_results.compare_zero().estimates[0]]
    lines = [replace(found[0], term=f"{name}: mean", unit="") for name in ("anger", "fear")]
    result = replace(make_result(analysis, lines), data=data, roles={"emotion": "cell", "congruence": "outcome"})
    (table,) = tabulate(result)
    assert head(table)[:2] == ["Emotion", "Unit"]
    assert [row[1] for row in body(table)] == ["0–5", "strong = 1"]


@pytest.mark.parametrize(
    "make",
    [
        planned_results.compare_gender,
        planned_results.correlate_all,
        planned_results.moderate,
        planned_results.mix,
        planned_results.predict,
        planned_results.cross,
        planned_results.wait,
        planned_results.share,
    ],
)
def test_permuted_labels_stand_in_every_title_and_note(make: Callable[[], AnalysisResult]) -> None:
    for table in tabulate(replace(make(), labels="permuted")):
        assert table.title.startswith("Permuted labels, not a result: ")
        assert plain(table.note).endswith("Arms are permuted at random.")


def test_what_was_not_done_has_no_table() -> None:
    result = AnalysisResult(declare("eq", "two_groups"), state="refused", reason="rows of one person")
    assert tabulate(result) == []
    assert make_checks(Setting(result, WORDS)) is None


def test_checks_say_what_they_mean() -> None:
    result = planned_results.compare_gender()
    named = [replace(one, term=f"{kind}, {one.term}") for kind, one in zip(
        ("normality", "normality", "equal variances", "Bayes factor"), result.checks, strict=True)]  # fmt: skip
    table = make_checks(Setting(replace(result, checks=tuple(named)), WORDS))
    assert table is not None
    rows = body(table)
    assert rows[0][:2] == ["Normality", "female"]
    assert rows[0][4] == "no departure shown"
    assert rows[3][0] == "Bayes factor"
    assert rows[3][2] == "26.47"
    assert rows[3][4] == "The data are 26.5 times as likely with a difference as without one"


def test_unequal_spread_does_not_claim_robust_errors_where_the_analysis_has_classic_ones() -> None:
    analysis = declare("one", "regression", method="ols", as_published=True)
    spread = Estimate("one", "equal spread of residuals", None, p=0.001, n=40, method="Breusch-Pagan test")
    table = make_checks(Setting(replace(make_result(analysis, []), checks=(spread,)), WORDS))
    assert table is not None
    assert table.frame["meaning"].to_list() == ["spread differs: only robust standard errors hold"]


def test_low_reliability_and_inflation_are_named() -> None:
    analysis = declare("c", "correlation", outcome=Outcome(measure="congruence"), predictors=(planned_results.EQ,))
    checks = (
        Estimate("c", "reliability", 0.36, unit="reliability", ci_low=0.1, ci_high=0.56, n=50),
        Estimate("c", "variance inflation of AU12", 81.0, n=50, warnings=("goes together",)),
        Estimate("c", "something else", None, n=50, warnings=("not computed",)),
    )
    table = make_checks(Setting(replace(make_result(analysis, []), checks=checks), WORDS))
    assert table is not None
    rows = body(table)
    assert rows[0][2] == ".36 [.10, .56]"
    assert rows[0][4] == "low: correlations come out too small"
    assert rows[1][1:3] == ["AU12", "81.00"]
    assert rows[1][4] == "goes together with the other predictors: its coefficient is mostly noise"
    assert rows[2] == ["Something else", "–", "–", "", "not computed"]


def test_symbols_in_checks_are_italic() -> None:
    assert str(write_markup("F(1, 34) = 4.10, p = .051")) == "<i>F</i>(1, 34) = 4.10, <i>p</i> = .051"
    assert str(write_markup("p < .001")) == "<i>p</i> &lt; .001"
    assert str(write_markup(None)) == "–"


def test_the_correlation_of_group_and_score_is_that_of_the_published_table() -> None:
    men, women = GroupSummary("male", 22, 41.77, 11.9), GroupSummary("female", 59, 50.28, 9.39)
    assert correlate_groups(men, women) == pytest.approx(-0.354, abs=5e-4)  # printed .35
    british, other = GroupSummary("White British", 55, 49.09, 11.36), GroupSummary("other", 26, 45.61, 9.19)
    assert correlate_groups(british, other) == pytest.approx(0.152, abs=5e-4)  # printed .15
    assert correlate_groups(GroupSummary("a", 3), women) is None


def test_one_score_by_several_groups_is_one_table() -> None:
    people = make_people()
    settings = []
    for name, order in (("gender", ("male", "female")), ("glasses", ("yes", "no"))):
        found = compare_groups(people, "EQ-60.total", group=name, order=order)
        analysis = declare(f"eq_by_{name}", "two_groups", predictors=(Predictor(name=name, kind="trait"),))
        settings.append(Setting(make_result(analysis, [found], tests=(found.term,)), WORDS))
    (table,) = join_analyses(settings)
    assert table.title == "EQ-60 score by group"
    assert head(table) == ["Groups", "n", "M", "SD", "n", "M", "SD", "t", "df", "p", "d", "r"]
    rows = body(table)
    assert rows[0] == ["male vs female", "22", "41.77", "11.90", "59", "50.28", "9.39", "−3.02", "31.27", ".005",
                       "−0.79", "−.35"]  # fmt: skip
    assert rows[1][0] == "glasses: yes vs glasses: no"
    assert join_analyses(settings[:1]) == []


def test_predictions_stand_side_by_side() -> None:
    result = planned_results.predict()
    renamed = replace(result, analysis=result.analysis.model_copy(update={"id": "again"}))
    (table,) = join_analyses([Setting(result, WORDS), Setting(renamed, WORDS)])
    assert head(table) == ["Model", "Judged", "R2", "within", "Error", "by mean", "p", "n"]
    assert body(table)[0] == ["Linear regression", "on people left out", ".07", ".14", "8.26", "8.41", ".050", "81"]


def test_a_published_choice_stands_beside_the_sound_one() -> None:
    sound = planned_results.compare_gender()
    student = planned_results.compare_gender("student", as_published=True)
    published = replace(student, analysis=student.analysis.model_copy(update={"id": "eq_by_gender_as_published"}))
    settings = {one.analysis.id: Setting(one, WORDS) for one in (sound, published)}
    table = make_twin_table(settings["eq_by_gender_as_published"], settings)
    assert table is not None
    assert [row[0] for row in body(table)] == ["sound", "as published"]
    assert [row[4] for row in body(table)] == ["31.27", "79"]
    assert [row[-1] for row in body(table)] == ["women > men", "women > men"]
    assert make_twin_table(settings["eq_by_gender"], settings) is None
    assert find_twin(published.analysis, [published.analysis]) is None

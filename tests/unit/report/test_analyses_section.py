"""The report's sections on the plan: answers at a glance, and every analysis with what must be said about it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.content import Answer, Code, Listing, Notice, Section, Subheading
from mimicrylab.report.document import write_documents
from mimicrylab.report.sections.analyses import build_analyses
from mimicrylab.report.sections.plan_overview import build_plan_overview
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable
from mimicrylab.stats.plan.results import AnalysisResult
from unit.report import planned_results
from unit.report.page_reader import read_page
from unit.report.planned_results import ARM, declare


def make_plan() -> tuple[AnalysisResult, ...]:
    """Return a plan with a confirmatory and an exploratory test, one as published, one refused, one not possible."""
    sound = planned_results.compare_gender()
    student = planned_results.compare_gender("student", as_published=True, standing="exploratory")
    published = replace(
        student,
        analysis=student.analysis.model_copy(update={"id": "eq_by_gender_as_published"}),
        published="Student's t test pools the variances.",
        r_code="print(t.test(EQ ~ gender))",
    )
    refused = AnalysisResult(
        declare("rows", "regression", standing="exploratory"), state="refused", reason="90 % of rows are of one person"
    )
    lacking = AnalysisResult(
        declare("arms", "two_groups", hypothesis="H2", predictors=(ARM,)),
        state="not possible",
        reason="nobody in an arm",
    )
    glasses = replace(planned_results.compare_glasses(), notes=("3 people left out",))
    return sound, glasses, published, refused, lacking


@pytest.fixture(scope="module")
def planned(source_of_twelve: ReportSource) -> ReportSource:
    study = source_of_twelve.study.model_copy(
        update={"hypotheses": {"H2": "Arms differ.", "H1": "Empathy differs between groups."}}
    )
    return replace(source_of_twelve, study=study, results=make_plan())


def build(source: ReportSource) -> Section:
    section = build_analyses(source)
    assert section is not None
    return section


def test_without_a_plan_there_is_no_section(source_of_twelve: ReportSource) -> None:
    assert build_analyses(source_of_twelve) is None
    assert build_plan_overview(source_of_twelve) is None


def test_a_plan_that_was_not_run_is_named_with_its_command(source_of_twelve: ReportSource) -> None:
    study = source_of_twelve.study.model_copy(update={"analyses": (declare("eq", "two_groups"),)})
    section = build(replace(source_of_twelve, study=study))
    (notice,) = section.items
    assert isinstance(notice, Notice)
    assert "mimicrylab analyse" in notice.html
    assert "1 analysis" in notice.html


def test_hypotheses_stand_as_declared_and_confirmatory_tests_first(planned: ReportSource) -> None:
    headings = [item for item in build(planned).items if isinstance(item, Subheading)]
    assert [item.text for item in headings if item.level == 3] == [
        "H2: Arms differ.", "H1: Empathy differs between groups.",
    ]  # fmt: skip
    assert [item.anchor for item in headings if item.level == 4] == [
        "analysis-arms",
        "analysis-eq_by_gender",
        "analysis-glasses",
        "analysis-eq_by_gender_as_published",
        "analysis-rows",
    ]
    assert headings[1].marks == ("arms", "confirmatory")
    assert headings[5].marks == ("eq_by_gender_as_published", "exploratory", "as published")


def test_an_analysis_that_was_not_done_says_why(planned: ReportSource) -> None:
    notices = [item for item in build(planned).items if isinstance(item, Notice)]
    texts = [str(item.html) for item in notices]
    assert "<strong>Refused.</strong> 90% of rows are of one person" in texts
    assert "<strong>Not possible with these data.</strong> nobody in an arm" in texts


def test_a_published_choice_is_explained_and_leads_to_the_sound_version(planned: ReportSource) -> None:
    (notice,) = [item for item in build(planned).items if isinstance(item, Notice) and "As published" in str(item.html)]
    assert "Student&#39;s t test pools the variances." in notice.html
    assert '<a href="#analysis-eq_by_gender">eq_by_gender</a>' in notice.html


def test_answers_have_their_method_notes_data_and_code(planned: ReportSource) -> None:
    section = build(planned)
    answers = [item for item in section.items if isinstance(item, Answer)]
    assert len(answers) == 3
    assert str(answers[0].detail) == "Welch&#39;s t test, two-sided; family H1 (Holm, 4 tests); α = .05."
    notes = [item for item in section.items if isinstance(item, Listing) and item.quiet]
    assert [str(one) for one in notes[0].items] == ["3 people left out."]
    codes = [item for item in section.items if isinstance(item, Code)]
    assert [code.summary for code in codes] == ["Data", "Data", "Data and R code"]
    assert 'href="../analyses/eq_by_gender/data.csv"' in codes[0].html
    assert codes[2].code == "print(t.test(EQ ~ gender))"


def test_permuted_labels_have_an_alarm_a_mark_and_no_estimates_in_results_json(planned: ReportSource) -> None:
    dry = replace(planned, results=(replace(planned_results.moderate(), labels="permuted"), *planned.results))
    section = build(dry)
    assert isinstance(section.items[0], Notice)
    assert section.items[0].kind == "alarm"
    (heading,) = [
        item
        for item in section.items
        if isinstance(item, Subheading) and item.anchor == "analysis-moderation_happiness"
    ]
    assert "permuted labels" in heading.marks
    names = {one.analysis for one in section.estimates}
    assert "moderation_happiness" not in names
    assert "eq_by_gender" in names
    overview = build_plan_overview(dry)
    assert overview is not None
    assert isinstance(overview.items[0], Notice)
    tables = [item for item in overview.items if isinstance(item, ReportTable)]
    row = tables[0].frame.row(by_predicate=pl.col("analysis") == "moderation_happiness", named=True)
    assert (row["verdict"], row["shown"]) == ("permuted labels", False)


def test_the_overview_has_a_line_a_test_with_its_verdict_and_a_link(planned: ReportSource) -> None:
    section = build_plan_overview(planned)
    assert section is not None
    confirmatory, exploratory = [item for item in section.items if isinstance(item, ReportTable)]
    lines = {row["analysis"]: row for row in confirmatory.frame.iter_rows(named=True)}
    assert list(lines) == ["arms", "eq_by_gender"]
    assert lines["arms"]["verdict"] == "not possible"
    gender = lines["eq_by_gender"]
    assert (gender["written"], gender["verdict"]) == ("8.51 [2.77, 14.25]", "women > men")
    assert gender["p_adjusted"] == pytest.approx(gender["p"] * 4)
    assert exploratory.fold
    assert [row["verdict"] for row in exploratory.frame.iter_rows(named=True)] == [
        "not shown",
        "women > men",
        "refused",
    ]
    (first, *_) = [cells for _, rows in confirmatory.groups for cells in rows]
    assert first[0].link == "analysis-arms"


def test_the_overview_says_the_level_of_its_intervals_and_where_n_counts_rows(planned: ReportSource) -> None:
    gender = next(one for one in planned.results if one.analysis.id == "eq_by_gender")
    strict = replace(
        gender,
        analysis=gender.analysis.model_copy(update={"id": "strict", "alpha": 0.01}),
        estimates=tuple(replace(one, analysis="strict", ci_level=0.99) for one in gender.estimates),
        data=pl.DataFrame({"participant_id": [f"P{number % 40}" for number in range(81)]}),
        roles={"participant_id": "person"},
    )
    section = build_plan_overview(replace(planned, results=(gender, strict)))
    assert section is not None
    (table,) = [item for item in section.items if isinstance(item, ReportTable)]
    assert "Intervals are of 95%, of 99% for strict: the interval says the same as its test." in str(table.note)
    assert "<i>n</i> counts rows, not people, in strict." in str(table.note)


def test_many_tests_are_one_line(planned: ReportSource) -> None:
    section = build_plan_overview(replace(planned, results=(planned_results.correlate_all(),)))
    assert section is not None
    (table,) = [item for item in section.items if isinstance(item, ReportTable)]
    (row,) = table.frame.iter_rows(named=True)
    assert (row["test"], row["verdict"]) == ("maxima and eq: 27 tests, the smallest p", "0 of 27 shown")
    assert "nothing here decides a hypothesis" in str(section.items[0])


def test_the_page_is_sound_links_lead_somewhere_and_the_same_plan_gives_the_same_bytes(planned: ReportSource) -> None:
    documents = write_documents(assemble_report(planned))
    assert documents == write_documents(assemble_report(planned))
    html = documents["report.html"]
    page = read_page(html)
    assert page.mistakes == []
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids | {"content"}
    assert len([name for name, attributes in page.elements if "id" in attributes]) == len(ids)
    levels = page.headings
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert "tables/analysis-eq_by_gender-checks.csv" in documents
    estimates = json.loads(documents["results.json"])
    assert any(one["analysis"] == "eq_by_gender" for one in estimates)


def test_every_table_and_answer_has_a_button_that_copies_it(planned: ReportSource) -> None:
    html = write_documents(assemble_report(planned))["report.html"]
    page = read_page(html)
    buttons = [str(attributes.get("class")) for attributes in page.find("button")]
    assert buttons.count("copy table") == html.count('<div class="table')
    assert buttons.count("copy") == html.count('<div class="copied')

"""Simulated studies of both papers: simulate, judge, measure, analyse, report; every planned analysis gives a result.

Small samples here; that planted effects come back in whole ones, and how often, is told by ``test_recovery``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scipy import stats

from mimicrylab.pipeline.analyse import analyse_study
from mimicrylab.pipeline.measure import measure_study
from mimicrylab.pipeline.quality import judge_study
from mimicrylab.pipeline.report import write_report
from mimicrylab.pipeline.simulate import PASSPHRASE, simulate_study
from mimicrylab.pipeline.unblind import unblind_study
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.scales import find_scale
from mimicrylab.simulate.published import find_sample
from mimicrylab.simulate.questionnaires import describe_group
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.storage import read_results
from mimicrylab.study import StudyFolder

PEOPLE = {"empathy": 26, "oxytocin": 20}
CHANCE = 1e-3
"""Of failing although all is right, for each check; the seeds are fixed, so a check fails always or never."""


def run_small(template: str, root: Path) -> StudyFolder:
    """Return a simulated study of a few people that went through every step but the report."""
    folder = simulate_study(root / template, template=template, participants=PEOPLE[template], seed=2).folder
    if template == "oxytocin":
        unblind_study(folder.root, passphrase=PASSPHRASE, by="a test")
    judge_study(folder.root)
    measure_study(folder.root)
    analyse_study(folder.root)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StudyFolder]:
    root = tmp_path_factory.mktemp("papers")
    return {template: run_small(template, root) for template in PEOPLE}


def read(folder: StudyFolder) -> dict[str, AnalysisResult]:
    return {result.analysis.id: result for result in read_results(folder.analyses).results}


def read_truth(folder: StudyFolder) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder.root / "truth.json").read_text(encoding="utf-8"))
    return truth


@pytest.mark.parametrize("template", PEOPLE)
def test_every_planned_analysis_is_done(template: str, folders: dict[str, StudyFolder]) -> None:
    results = read(folders[template])
    planned = [analysis.id for analysis in read_study(folders[template].study_file).analyses]
    assert list(results) == planned
    assert {name: result.reason for name, result in results.items() if result.state != "done"} == {}


@pytest.mark.parametrize("template", PEOPLE)
def test_what_decides_is_tested_and_corrected_and_what_is_published_says_so(
    template: str, folders: dict[str, StudyFolder]
) -> None:
    for name, result in read(folders[template]).items():
        tested = [estimate for estimate in result.estimates if estimate.term in result.tests]
        if result.analysis.standing == "confirmatory":
            assert tested, name
            assert all(estimate.p_adjusted is not None for estimate in tested), name
        if result.analysis.correction == "none":
            assert all(estimate.p_adjusted is None for estimate in result.estimates), name


@pytest.mark.parametrize("template", PEOPLE)
def test_results_stand_in_the_folder_with_the_data_of_their_model(
    template: str, folders: dict[str, StudyFolder]
) -> None:
    for name, result in read(folders[template]).items():
        table = pl.read_csv(folders[template].analyses / name / "data.csv")
        assert table.height == result.data.height > 0, name


def list_planted(folders: dict[str, StudyFolder]) -> Iterator[tuple[str, Estimate, float]]:
    """Yield what was planted in either small study: a name, the estimate of it, the truth."""
    empathy, oxytocin = read(folders["empathy"]), read(folders["oxytocin"])
    planted = {(row["emotion"], row["signal"]): row["windows"]["response"]["mean"]
               for row in read_truth(folders["empathy"])["mimicry"]}  # fmt: skip
    for emotion, unit in (("happiness", "AU12"), ("anger", "AU04"), ("sadness", "AU15"), ("surprise", "AU26")):
        found = find(empathy["mimicry_by_action_unit"], f"{emotion}, {unit}: congruent - incongruent")
        yield f"{emotion} {unit}", found, planted[emotion, unit]
    yield "EQ by gender", find(empathy["eq_by_gender"], "male - female"), expect_gender_difference()
    truth = read_truth(folders["oxytocin"])["presence"]
    for row in truth["treatment"]["effects"]:
        if row["signal"] == "composite":
            term = f"{row['emotion']}: treatment[oxytocin]"
            yield f"treatment {row['emotion']}", find(oxytocin["oxytocin_composites_as_published"], term), row["raw"]
    for row in truth["mimicry_without_treatment"]:
        if row["signal"] != "composite" and row["neutral_among_the_others"]:
            term = f"{row['emotion']}, {row['signal']}, with: congruent - incongruent"
            yield f"mimicry {term}", find(oxytocin["mimicry_action_units"], term), row["difference"]


def find(result: AnalysisResult, term: str) -> Estimate:
    found = [estimate for estimate in result.estimates if estimate.term == term]
    assert found, f"{term} is not among {[estimate.term for estimate in result.estimates]}"
    return found[0]


def expect_gender_difference() -> float:
    """Return the expected difference of the people who came: places of the sample, in order."""
    enrolment = find_sample("empathy").population.enrolment
    assert enrolment is not None
    scale = find_scale("EQ-60").scale
    came = [place for place in enrolment.places[: PEOPLE["empathy"]] if not place.questionnaire_lost]
    men, women = ([place for place in came if place.female is female] for female in (False, True))
    return describe_group(scale, scale.scores[0], men)[0] - describe_group(scale, scale.scores[0], women)[0]


def test_what_was_planted_comes_back(folders: dict[str, StudyFolder]) -> None:
    planted = list(list_planted(folders))
    assert len(planted) == 5 + 4 + 17
    for name, found, truth in planted:
        assert found.estimate is not None
        assert found.se is not None
        reach = stats.t.ppf(1 - CHANCE / 2, found.df[0]) * found.se
        assert abs(found.estimate - truth) <= reach, name


@pytest.mark.parametrize("template", PEOPLE)
def test_predictions_of_people_left_out_have_a_row_a_person(template: str, folders: dict[str, StudyFolder]) -> None:
    curves = {name: result.curves["predicted"] for name, result in read(folders[template]).items()
              if "predicted" in result.curves}  # fmt: skip
    assert len(curves) == {"empathy": 6, "oxytocin": 0}[template]
    for curve in curves.values():
        assert curve.columns == ["model", "participant_id", "observed", "predicted"]
        assert curve["participant_id"].n_unique() == curve.height > 10


@pytest.mark.long
@pytest.mark.parametrize(("template", "study"), [("empathy", "Study 1"), ("oxytocin", "Study 2")])
def test_the_report_holds_every_analysis_figure_and_table(
    template: str, study: str, folders: dict[str, StudyFolder]
) -> None:
    written = write_report(folders[template].root).path
    page = written.read_text(encoding="utf-8")
    for analysis in read_study(folders[template].study_file).analyses:
        assert analysis.id in page
    named = [file for of, file in list_files() if of == study]
    assert len(named) >= 4
    assert [file for file in named if not (written.parent / file).is_file()] == []


def list_files() -> Iterator[tuple[str, str]]:
    """Yield the files of the report that docs/papers.md names, with their study."""
    study = ""
    for line in (Path(__file__).parents[2] / "docs" / "papers.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            study = line[3:].split(":")[0]
        for file in re.findall(r"`((?:figures|tables)/[^`]+)`", line):
            yield study, file

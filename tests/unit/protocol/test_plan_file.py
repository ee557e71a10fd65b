"""Plan files of tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from mimicrylab.errors import MissingError, StudyFileError
from mimicrylab.protocol.plan_file import PlanDocument, read_plan_file

PLAN = """version: 1
hypotheses: {H1: People differ.}
analyses:
  - id: one
    hypothesis: H1
    model: two_groups
    outcome: {score: EQ}
    predictors: [{name: sex, kind: trait}]
"""


def read(tmp_path: Path, text: str) -> PlanDocument:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return read_plan_file(path)


def test_a_plan_is_read_with_its_defaults(tmp_path: Path) -> None:
    plan = read(tmp_path, PLAN).plan
    assert (plan.title, plan.minimum_trials, plan.missing) == ("Analyses of a table", 0.5, ())
    assert plan.analyses[0].outcome.score == "EQ"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1\n", "", r"plan.yaml:1: version: missing"),
        ("hypothesis: H1", "hypothesis: H2", r"plan.yaml:5: analyses.0.hypothesis: no hypothesis is called 'H2'"),
        ("model: two_groups", "model: two_grups", r"plan.yaml:6: analyses.0.model: "),
        ("score: EQ", "scor: EQ", r"plan.yaml:7: analyses.0.outcome.scor: unknown .did you mean 'score'"),
        (
            "kind: trait}",
            "kind: trait, interacts_with: [age]}",
            r"plan.yaml:8: analyses.0.predictors.0.interacts_with.0: no other predictor",
        ),
        ("version: 1\n", "version: 1\ncolumns: {signal: au}\n", "needs  value: COLUMN  too"),
        ("analyses:\n", "analyse:\n", r"plan.yaml:3: analyse: unknown .did you mean 'analyses'"),
        ("analyses:", "\tanalyses:", "a tab stands where YAML needs spaces"),
    ],
)
def test_mistakes_have_lines(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(StudyFileError, match=message):
        read(tmp_path, PLAN.replace(old, new, 1))


def test_two_analyses_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    again = PLAN[PLAN.index("  - id: one") :]
    with pytest.raises(StudyFileError, match="'one' is declared twice"):
        read(tmp_path, PLAN + again)


def test_findings_of_the_table_are_told_with_the_plans_lines(tmp_path: Path) -> None:
    document = read(tmp_path, PLAN)
    document.raise_findings([])
    with pytest.raises(StudyFileError, match=r"plan.yaml:7: analyses.0.outcome: not there"):
        document.raise_findings([(("analyses", 0, "outcome"), "not there")])


def test_no_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such plan file"):
        read_plan_file(tmp_path / "plan.yaml")

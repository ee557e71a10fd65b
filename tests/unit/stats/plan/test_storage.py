"""Results as files, and back."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import DamagedFileError
from mimicrylab.protocol.analyses import Analysis, Outcome, Predictor
from mimicrylab.stats.estimates import EffectSize, Estimate, GroupSummary, Statistic
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.storage import PlanResults, read_results, read_results_provenance, write_results
from mimicrylab.tables import Provenance

ANALYSIS = Analysis(
    id="smiles",
    hypothesis="H1",
    model="two_groups",
    outcome=Outcome(measure="mean"),
    predictors=(Predictor(name="treatment", kind="treatment"),),
)
ESTIMATE = Estimate(
    "smiles",
    "drug - placebo",
    0.1 + 0.2,
    unit="share",
    ci_low=-1e-17,
    ci_high=0.5,
    statistic=Statistic("t", 2.0),
    df=(10.0,),
    p=0.07,
    effect_sizes=(EffectSize("d", 0.5, None, None),),
    groups=(GroupSummary("drug", 6, 0.3, 0.1, None),),
    n=12,
    warnings=("1 person without a value",),
)
DATA = pl.DataFrame(
    {
        "participant_id": ["P1", "P2"],
        "treatment": ["drug", None],
        "mean": [1 / 3, None],
        "trial": pl.Series([0, 1], dtype=pl.Int32),
        "censored": [True, None],
        "note, with a comma": ['a "quoted" word', "x"],
    }
)
RESULT = AnalysisResult(
    ANALYSIS,
    estimates=(ESTIMATE,),
    tests=("drug - placebo",),
    checks=(replace(ESTIMATE, term="normality"),),
    data=DATA,
    roles={"mean": "outcome", "treatment": "group"},
    curves={"means": pl.DataFrame({"level": ["drug"], "mean": [0.5]})},
    notes=("a note",),
    published="the article did otherwise",
    r_code="t.test(mean ~ treatment)",
    labels="open",
)
REFUSED = AnalysisResult(ANALYSIS.model_copy(update={"id": "other"}), "refused", "unsound: do something else")
PLAN = PlanResults(
    (RESULT, REFUSED),
    Provenance("analyse", {"measures.parquet": "abc"}, {"seed": 1}, software="mimicrylab test"),
    labels="open",
    seed=1,
    notes=("of the whole",),
    people=2,
    analysed=1,
)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    files = write_results(tmp_path, PLAN)
    found = read_results(tmp_path)
    assert found is not None
    read, refused = found.results
    plain = [field.name for field in fields(AnalysisResult) if field.name not in {"data", "curves"}]
    assert {name: getattr(read, name) for name in plain} == {name: getattr(RESULT, name) for name in plain}
    assert read.data.equals(DATA)
    assert read.data.schema == DATA.schema
    assert read.curves["means"].equals(RESULT.curves["means"])
    assert (refused.state, refused.reason, refused.data.width) == ("refused", "unsound: do something else", 0)
    assert replace(found, results=(), files=()) == replace(PLAN, results=(), files=())
    assert files == ("results.json", "smiles/estimates.csv", "smiles/data.csv", "smiles/means.csv")
    assert read_results_provenance(tmp_path) == PLAN.provenance


def test_equal_results_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_results(tmp_path / name, PLAN)
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert first == second


def test_files_of_an_earlier_plan_go_and_other_files_stay(tmp_path: Path) -> None:
    write_results(tmp_path, PLAN)
    (tmp_path / "smiles" / "my notes.txt").write_text("mine")
    write_results(tmp_path, replace(PLAN, results=(REFUSED,)))
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["my notes.txt", "results.json"]


def test_missing_values_are_na_for_r(tmp_path: Path) -> None:
    write_results(tmp_path, PLAN)
    assert (tmp_path / "smiles" / "data.csv").read_text().splitlines()[2] == "P2,NA,NA,1,NA,x"


def test_a_folder_without_results_has_none(tmp_path: Path) -> None:
    assert read_results(tmp_path) is None
    assert read_results_provenance(tmp_path) is None


@pytest.mark.parametrize("damage", ["{", "[]", '{"version": 9}'])
def test_damaged_results_say_what_to_do(tmp_path: Path, damage: str) -> None:
    (tmp_path / "results.json").write_text(damage)
    with pytest.raises(DamagedFileError, match="mimicrylab analyse"):
        read_results(tmp_path)
    assert read_results_provenance(tmp_path) is None


def test_results_with_a_table_that_is_gone_are_damaged(tmp_path: Path) -> None:
    write_results(tmp_path, PLAN)
    (tmp_path / "smiles" / "data.csv").unlink()
    with pytest.raises(DamagedFileError):
        read_results(tmp_path)


def test_a_path_out_of_the_folder_is_never_removed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("keep")
    folder = tmp_path / "analyses"
    write_results(folder, PLAN)
    content = json.loads((folder / "results.json").read_text())
    (folder / "results.json").write_text(json.dumps(content | {"files": ["../outside.txt"]}))
    write_results(folder, PLAN)
    assert outside.exists()

"""The demonstration: real sample videos, from import to report."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import ConflictError
from mimicrylab.pipeline.demo import make_demo
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.run import RunSummary, run_study
from mimicrylab.tables import hash_file


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunSummary]:
    root = tmp_path_factory.mktemp("demo") / "demo-study"
    return root, make_demo(root)


def read_means(root: Path, signal: str) -> pl.DataFrame:
    measures = pl.read_parquet(root / "measures.parquet")
    return measures.filter((pl.col("measure") == "mean") & (pl.col("signal") == signal) & pl.col("trial").is_not_null())


def test_every_step_is_done_and_the_report_is_there(demo: tuple[Path, RunSummary]) -> None:
    root, summary = demo
    assert [(step.step, step.state) for step in summary.steps] == [
        ("code", "done"),
        ("quality", "done"),
        ("measure", "done"),
        ("report", "done"),
    ]
    assert summary.report == root / "report" / "report.html"
    text = summary.report.read_text(encoding="utf-8")
    assert "shows the way, not a finding" in text


def test_smiles_in_the_videos_are_measured_and_no_face_gives_no_number(demo: tuple[Path, RunSummary]) -> None:
    root, _ = demo
    smiles = read_means(root, "AU12")
    smiling = smiles.filter(
        pl.col("participant_id").is_in(["P02", "P03", "P04"]) & (pl.col("stimulus") == "imagined_smile")
    )
    assert smiling.height == 3
    assert smiling["value"].min() > 0.1  # type: ignore[operator]
    nobody = smiles.filter(pl.col("participant_id") == "P05")
    assert nobody["value"].to_list() == [None]
    assert nobody["n_frames"].to_list() == [0]


def test_trial_with_a_hand_before_the_mouth_does_not_count(demo: tuple[Path, RunSummary]) -> None:
    root, _ = demo
    covered = read_means(root, "AU12").filter((pl.col("participant_id") == "P01") & (pl.col("trial") == 1))
    assert covered["value"].to_list() == [None]
    assert "valid" in covered["reason"][0]


def test_recording_without_a_face_is_excluded_with_its_reason(demo: tuple[Path, RunSummary]) -> None:
    root, _ = demo
    exclusions = pl.read_parquet(root / "exclusions.parquet")
    assert exclusions.filter((pl.col("recording_id") == "P05") & pl.col("trial").is_null()).height == 1
    assert exclusions["reason"].null_count() == 0


def test_second_run_does_nothing_again_and_gives_the_same_bytes(demo: tuple[Path, RunSummary]) -> None:
    root, _ = demo
    watched = ["measures.parquet", "quality.parquet", "report/report.html", "report/results.json"]
    before = [hash_file(root / name) for name in watched]
    again = run_study(root)
    assert [step.state for step in again.steps[:3]] == ["up to date"] * 3
    assert [hash_file(root / name) for name in watched] == before


def test_another_study_in_its_place_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    create_study(root, template="minimal")
    before = hash_file(root / "study.yaml")
    with pytest.raises(ConflictError, match="another study"):
        make_demo(root)
    assert hash_file(root / "study.yaml") == before

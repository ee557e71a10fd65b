"""Results that are older than what they were made from are named."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab import schemas
from mimicrylab.report.provenance import read_steps
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, hash_file, read_table, write_table
from unit.report.formula_cohort import write_cohort


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    """A folder whose measures say which events they were made from."""
    folder = write_cohort(tmp_path, 2)
    path = folder.table_path("measures")
    made_from = {"events.parquet": hash_file(folder.table_path("events")), "P001.mp4": "of a video that is not kept"}
    write_table(read_table(path, schemas.MEASURES), path, schemas.MEASURES, Provenance("measure", inputs=made_from))
    return folder


def test_fresh_results_are_not_stale_and_each_file_has_its_hash(folder: StudyFolder) -> None:
    steps, stale = read_steps(folder)
    assert stale == ()
    assert {step.path: step.sha256 for step in steps}["measures.parquet"] == hash_file(folder.table_path("measures"))


def test_new_title_makes_nothing_old_but_other_settings_do(folder: StudyFolder) -> None:
    path = folder.table_path("quality")
    provenance = Provenance("quality", inputs={"study.yaml": "another hash"}, arguments={"quality": {"minimum": 1}})
    write_table(read_table(path, schemas.QUALITY), path, schemas.QUALITY, provenance)
    assert read_steps(folder, {"quality": {"minimum": 1}, "windows": {}})[1] == ()
    _, stale = read_steps(folder, {"quality": {"minimum": 2}})
    assert stale == ("quality.parquet was made with other settings than study.yaml has now (quality)",)


def test_changed_input_makes_results_stale(folder: StudyFolder) -> None:
    path = folder.table_path("events")
    events = read_table(path, schemas.EVENTS).with_columns(pl.col("onset") + 1.0)
    write_table(events, path, schemas.EVENTS, Provenance("import"))
    _, stale = read_steps(folder)
    assert stale == ("measures.parquet was made from another version of events.parquet",)

"""Study folders made by formula, written once, and the reports of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mimicrylab.protocol.design import read_study
from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.document import write_documents
from mimicrylab.report.source import ReportSource, read_source
from unit.report.formula_cohort import write_cohort


@pytest.fixture(scope="session")
def source_of_twelve(tmp_path_factory: pytest.TempPathFactory) -> ReportSource:
    """Twelve participants, of whom the last two have unusable recordings."""
    folder = write_cohort(tmp_path_factory.mktemp("twelve"), 12, lost=2)
    return read_source(folder, read_study(folder.study_file))


@pytest.fixture(scope="session")
def documents_of_twelve(source_of_twelve: ReportSource) -> dict[str, str]:
    return write_documents(assemble_report(source_of_twelve))


@pytest.fixture(scope="session")
def source_of_one(tmp_path_factory: pytest.TempPathFactory) -> ReportSource:
    folder = write_cohort(tmp_path_factory.mktemp("one"), 1)
    return read_source(folder, read_study(folder.study_file))


@pytest.fixture
def bare_folder(tmp_path: Path) -> Path:
    """A study folder with nothing but study.yaml."""
    folder = write_cohort(tmp_path, 1)
    for table in tmp_path.glob("*.parquet"):
        table.unlink()
    return folder.root

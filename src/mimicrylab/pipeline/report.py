"""The verb ``report``: read a study folder, write its report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mimicrylab.protocol.design import read_study
from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.document import write_documents
from mimicrylab.report.source import read_source
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import write_text

REPORT_FOLDERS = ("tables", "figures")


@dataclass(frozen=True)
class ReportResult:
    """Where the report lies, what it holds, and which results it calls out of date."""

    path: Path
    files: tuple[str, ...]
    stale: tuple[str, ...]


def write_report(study: Path) -> ReportResult:
    """Write report/report.html with its results.json, tables and figures, and return where it lies.

    The report is written from what the folder holds: a step that has not run is named in the report, not run. Files of
    an older report that the new one does not have are removed.

    Raises
    ------
    MissingError
        There is no study.yaml.
    StudyFileError
        study.yaml has mistakes.
    InputError
        A table does not agree with its schema.
    """
    folder = open_study(study)
    source = read_source(folder, read_study(folder.study_file))
    documents = write_documents(assemble_report(source))
    for name, text in documents.items():
        write_text(folder.report / name, text)
    for old in REPORT_FOLDERS:
        for path in sorted((folder.report / old).glob("*.*")):
            if path.relative_to(folder.report).as_posix() not in documents and path.suffix in (".csv", ".svg"):
                path.unlink()
    append_log(folder, "report", {"files": len(documents), "stale": list(source.stale)})
    return ReportResult(folder.report / "report.html", tuple(documents), source.stale)

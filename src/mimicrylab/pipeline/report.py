"""The verb ``report``: read a study folder, write its report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from mimicrylab.protocol.design import read_study
from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.document import WORD_FILE, Report, write_documents, write_word
from mimicrylab.report.source import read_source
from mimicrylab.report.word_document import is_word_available
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import replace_atomically, write_text

REPORT_FOLDERS = ("tables", "figures")


@dataclass(frozen=True)
class ReportResult:
    """Where the report lies, what it holds, and which results it calls out of date."""

    path: Path
    files: tuple[str, ...]
    stale: tuple[str, ...]


def write_report(study: Path) -> ReportResult:
    """Write report/report.html with its results.json, tables (CSV, and all in one Word document) and figures.

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
    files = write_report_files(assemble_report(source), folder.report)
    append_log(folder, "report", {"files": len(files), "stale": list(source.stale)})
    return ReportResult(folder.report / "report.html", files, source.stale)


def write_report_files(assembled: Report, folder: Path) -> tuple[str, ...]:
    """Write a report's files into a folder, remove those of an older report that it does not have, and return them."""
    report = replace(assembled, word=is_word_available())
    documents = write_documents(report)
    for name, text in documents.items():
        write_text(folder / name, text)
    files = (*documents, *_write_word(report, folder / WORD_FILE))
    for old in REPORT_FOLDERS:
        for path in sorted((folder / old).glob("*.*")):
            if path.relative_to(folder).as_posix() not in documents and path.suffix in (".csv", ".svg"):
                path.unlink()
    return files


def _write_word(report: Report, path: Path) -> tuple[str, ...]:
    """Write the Word document with all tables, if its package is installed; else remove that of an older report."""
    if not report.word:
        path.unlink(missing_ok=True)
        return ()
    content = write_word(report)
    with replace_atomically(path) as temporary:
        temporary.write_bytes(content)
    return (path.name,)

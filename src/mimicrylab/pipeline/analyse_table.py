"""The verb ``analyse`` on any table: the same plan, without a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mimicrylab.errors import ConflictError, MissingError
from mimicrylab.pipeline.analyse import STEP, AnalyseSummary, check_plan, read_stored, run_part, summarise
from mimicrylab.pipeline.report import write_report_files
from mimicrylab.protocol.plan_file import read_plan_file
from mimicrylab.readers.data_files import read_data_file
from mimicrylab.report.table_report import assemble_table_report
from mimicrylab.stats.plan.collect import SEED
from mimicrylab.stats.plan.flat_table import read_flat_table
from mimicrylab.stats.plan.run import Watcher
from mimicrylab.stats.plan.storage import RESULTS_FILE, write_results
from mimicrylab.tables import Provenance, hash_file

SUFFIX = "-analyses"
REPORT_FOLDER = "report"


def analyse_table(
    data: Path,
    plan: Path,
    *,
    output: Path | None = None,
    only: Sequence[str] = (),
    force: bool = False,
    seed: int | None = None,
    watch: Watcher | None = None,
) -> AnalyseSummary:
    """Run a plan file on a table, and write the results and their report to a folder.

    Parameters
    ----------
    data
        CSV, TSV, Excel, SPSS or Parquet; one row a person, a trial or a condition.
    plan
        The plan file.
    output
        Folder for the results; ``NAME-analyses`` beside the table if left out.
    only, force, seed, watch
        As in ``analyse_study``.

    Raises
    ------
    MissingError
        The table or the plan file is not there.
    StudyFileError
        The plan file has mistakes, or names what the table does not have.
    InputError
        The table is not what it should be.
    ConflictError
        The folder holds other files than results.
    """
    document = read_plan_file(plan)
    check_plan(document.plan.analyses, only, where=plan.name)
    base = SEED if seed is None else seed
    if not data.is_file():
        raise MissingError("there is no such table", where=str(data))
    folder = output or data.with_name(f"{data.stem}{SUFFIX}")
    _refuse_foreign(folder)
    file = read_data_file(data, sheet=document.plan.sheet, missing=document.plan.missing)
    inputs = {data.name: hash_file(data), plan.name: hash_file(plan)}
    wanted = Provenance(STEP, inputs, {"seed": base})
    stored = read_stored(folder, wanted)
    asked = list(only) or [each.id for each in document.plan.analyses]
    if stored is not None and not force and {result.analysis.id for result in stored.results} >= set(asked):
        return summarise(folder, stored, asked, up_to_date=True, report=find_report(folder))
    values = read_flat_table(file, document, seed=base)
    result = run_part(
        values, document.plan.analyses, asked, stored=stored if only else None, wanted=wanted, watch=watch
    )
    write_results(folder, result)
    report = assemble_table_report(document.plan, result, table=data.name, sha256=hash_file(folder / RESULTS_FILE))
    write_report_files(report, folder / REPORT_FOLDER)
    return summarise(folder, result, asked, report=find_report(folder))


def find_report(folder: Path) -> Path | None:
    """Return where the report of a table's results lies, or None where it was deleted."""
    path = folder / REPORT_FOLDER / "report.html"
    return path if path.is_file() else None


def _refuse_foreign(folder: Path) -> None:
    """Raise where the results would be mixed with files that are no results."""
    if folder.is_file():
        raise ConflictError("this is a file, not a folder for results", where=str(folder), do="name another: --output")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / RESULTS_FILE).is_file():
        raise ConflictError(
            "this folder holds other files", where=str(folder), do="name a new or empty folder: --output FOLDER"
        )

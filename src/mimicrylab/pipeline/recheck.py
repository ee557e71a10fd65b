"""The verb ``recheck``: printed results of a paper, or a study's own, against themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import MissingError, count_things, quote_path
from mimicrylab.schemas import PARTICIPANTS
from mimicrylab.stats.estimates import Estimate, decode_estimates
from mimicrylab.stats.plan.storage import RESULTS_FILE, read_results
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.own_results import compare_results, recheck_estimates, recheck_results
from mimicrylab.stats.recheck.reading import parse_paper, read_example, read_paper
from mimicrylab.stats.recheck.run import recheck_paper
from mimicrylab.study import STUDY_FILE, StudyFolder, append_log, open_study
from mimicrylab.tables import read_table

ANALYSES = "analyses"


@dataclass(frozen=True)
class Recheck:
    """What was checked, how many results, and what was found."""

    title: str
    checked: int
    findings: tuple[Finding, ...]

    @property
    def slips(self) -> tuple[Finding, ...]:
        """The contradictions, without the notes."""
        return tuple(finding for finding in self.findings if finding.kind == "slip")


def recheck(path: Path) -> Recheck:
    """Check the printed results in a file, or the results of the study in a folder.

    Raises
    ------
    MissingError
        There is no such file, or the study has no results yet.
    InputError
        The file has mistakes; all of them are listed.
    """
    if path.is_dir() or path.name == STUDY_FILE:
        return _recheck_study(open_study(path))
    paper = read_paper(path)
    return Recheck(paper.title, len(paper.entries), recheck_paper(paper))


def recheck_example(name: str) -> Recheck:
    """Check the printed results of a published study that comes with MimicryLab.

    Raises
    ------
    UnknownNameError
        There is none of that name.
    """
    paper = parse_paper(read_example(name), where=f"{name}.yaml")
    return Recheck(paper.title, len(paper.entries), recheck_paper(paper))


def _recheck_study(folder: StudyFolder) -> Recheck:
    plan = read_results(folder.root / ANALYSES)
    shown = _read_report(folder.report / RESULTS_FILE)
    if plan is None and shown is None:
        raise MissingError(
            "the study has no results to check",
            where=str(folder.root),
            expected=f"{ANALYSES}/{RESULTS_FILE} or report/{RESULTS_FILE}",
            do=f"mimicrylab run {quote_path(folder.root)}",
        )
    findings: list[Finding] = []
    stored: list[Estimate] = []
    if plan is not None:
        findings += recheck_results(plan.results, people=_list_people(folder))
        stored = [one for result in plan.results for one in (*result.estimates, *result.checks)]
    if shown is not None:
        findings += recheck_estimates(shown)
        findings += compare_results(shown, stored)
    unique = tuple(dict.fromkeys(findings))
    checked = len(stored) + len(shown or ())
    append_log(folder, "recheck", {"results": checked, "slips": len(unique)})
    return Recheck(folder.root.resolve().name, checked, unique)


def _read_report(path: Path) -> list[Estimate] | None:
    if not path.is_file():
        return None
    return decode_estimates(path.read_text(encoding="utf-8"), where=f"report/{path.name}")


def _list_people(folder: StudyFolder) -> list[str]:
    """Return everybody who has not withdrawn; somebody who is excluded may be in the table of an analysis's losses."""
    path = folder.table_path(PARTICIPANTS.name)
    if not path.exists():
        return []
    people = read_table(path, PARTICIPANTS)
    return people.filter(pl.col("state") != "withdrawn")["participant_id"].to_list()


def list_lines(found: Recheck) -> Iterator[str]:
    """Yield what was found as a person reads it."""
    for place, finding in enumerate(found.findings, start=1):
        kind = "" if finding.kind == "slip" else "note, "
        yield f"{place}. {kind}{finding.rule} ({', '.join(finding.about[:SHOWN])}{_count_rest(finding)})"
        yield f"   printed: {finding.printed}"
        yield f"   follows: {finding.follows}"
        yield f"   means:   {finding.means}"
        because = f": {finding.because}" if finding.because else ""
        yield f"   {finding.certainty}{because}"
        yield ""
    slips, notes = len(found.slips), len(found.findings) - len(found.slips)
    said = "nothing contradicts itself" if not slips else f"{slips} contradiction{'s' if slips > 1 else ''}"
    noted = f", {notes} note{'s' if notes > 1 else ''}" if notes else ""
    yield f"{found.title}: {count_things(found.checked, 'result')} checked, {said}{noted}"


SHOWN = 6


def _count_rest(finding: Finding) -> str:
    rest = len(finding.about) - SHOWN
    return f" and {rest} more" if rest > 0 else ""

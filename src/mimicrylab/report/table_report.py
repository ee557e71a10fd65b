"""The report of a plan that ran on a table: the analyses as in a study's report, and what the table was taken for."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from mimicrylab.protocol.blocks import Block, Selection
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.protocol.plan_file import PlanFile
from mimicrylab.protocol.stimulus_sets import Stimuli, StimulusSet
from mimicrylab.report.content import Listing, Prose, Section
from mimicrylab.report.document import Report
from mimicrylab.report.provenance import StepRecord
from mimicrylab.report.sections.analyses import build_analyses
from mimicrylab.report.sections.provenance import build_provenance
from mimicrylab.report.source import ReportSource
from mimicrylab.report.wording import count_noun
from mimicrylab.stats.plan.storage import RESULTS_FILE, PlanResults
from mimicrylab.stats.plan.study_tables import StudyTables

STAND_IN = "table"
"""Name of the stimuli and the block that a table does not speak of."""


def assemble_table_report(plan: PlanFile, found: PlanResults, *, table: str, sha256: str) -> Report:
    """Return the report of the results of a plan file.

    Parameters
    ----------
    plan
        The plan file.
    found
        What was found.
    table
        Name of the table.
    sha256
        Hash of the results' file, for the list of files.
    """
    source = _make_source(plan, found, sha256=sha256)
    analyses = build_analyses(source)
    sections = (_describe_table(found, table), *([analyses] if analyses else []), build_provenance(source))
    people = count_noun(found.people, "person", "people")
    return Report(title=plan.title, subtitle=Markup.escape(f"{people} · {table}"), sections=sections)


def _make_source(plan: PlanFile, found: PlanResults, *, sha256: str) -> ReportSource:
    """Return what the sections on analyses read, with a study that declares nothing but the plan."""
    unknown = StimulusSet(kind="image", source="not in the table")
    study = Study(
        version=1,
        title=plan.title,
        hypotheses=plan.hypotheses,
        stimuli=Stimuli(sets={STAND_IN: unknown}),
        blocks=(Block(name=STAND_IN, stimuli=Selection(set=STAND_IN)),),
        measures=tuple(MeasureRequest(measure=name) for name in plan.measures),  # each is called by its own name
        analyses=plan.analyses,
    )
    made = found.provenance
    record = StepRecord(RESULTS_FILE, sha256, made.step, made.software, made.inputs, made.arguments, made.notes)
    congruent: Mapping[str, tuple[str, ...]] = {str(emotion): units for emotion, units in plan.congruent.items()}
    return ReportSource(
        study, StudyTables(), congruent=congruent, steps=(record,), results=found.results, results_folder=""
    )


def _describe_table(found: PlanResults, table: str) -> Section:
    text = Markup("The table {} has {}. This is what its columns and cells were taken for:").format(
        table, count_noun(found.people, "person", "people")
    )
    notes = tuple(Markup.escape(note) for note in found.notes)
    return Section("table", "The table", (Prose(text), Listing(notes)))

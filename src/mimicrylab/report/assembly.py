"""Which sections stand in the report, in which order; and the report's head."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from mimicrylab.report.content import Notice, Section
from mimicrylab.report.document import Report
from mimicrylab.report.sections.analyses import build_analyses
from mimicrylab.report.sections.deviations import build_deviations
from mimicrylab.report.sections.latencies import build_latencies
from mimicrylab.report.sections.limits import build_limits
from mimicrylab.report.sections.measures import build_measures
from mimicrylab.report.sections.methods import build_methods
from mimicrylab.report.sections.mimicry import build_mimicry
from mimicrylab.report.sections.multiverse import build_multiverse
from mimicrylab.report.sections.overview import build_overview
from mimicrylab.report.sections.participants import build_participants, state_sample
from mimicrylab.report.sections.plan_overview import build_plan_overview
from mimicrylab.report.sections.provenance import build_provenance
from mimicrylab.report.sections.quality import build_quality
from mimicrylab.report.sections.questionnaires import build_questionnaires
from mimicrylab.report.sections.ratings import build_ratings
from mimicrylab.report.sections.reactions import build_reactions
from mimicrylab.report.sections.reliability import build_reliability
from mimicrylab.report.sections.shown import build_shown
from mimicrylab.report.sections.timecourses import build_timecourses
from mimicrylab.report.source import ReportSource
from mimicrylab.report.wording import count_noun

SECTIONS: tuple[Callable[[ReportSource], Section | None], ...] = (
    build_overview,
    build_plan_overview,
    build_participants,
    build_shown,
    build_quality,
    build_timecourses,
    build_reactions,
    build_mimicry,
    build_latencies,
    build_ratings,
    build_questionnaires,
    build_analyses,
    build_multiverse,
    build_deviations,
    build_reliability,
    build_measures,
    build_methods,
    build_limits,
    build_provenance,
)


def assemble_report(source: ReportSource) -> Report:
    """Return the whole report; a section that the study gives no reason for is left out."""
    built = [build(source) for build in SECTIONS]
    study = source.study
    notices = (Notice(Markup.escape(study.notice)),) if study.notice else ()
    return Report(
        title=study.title,
        subtitle=_write_subtitle(source),
        sections=tuple(section for section in built if section is not None),
        notices=notices,
    )


def _write_subtitle(source: ReportSource) -> Markup:
    parts = [state_sample(source) + " analysed"] if source.analysed else []
    if not source.tables.recordings.is_empty():
        parts.append(count_noun(source.tables.recordings.height, "recording"))
    started = source.tables.sessions["started"].drop_nulls().str.slice(0, 10).sort()
    if len(started):
        first, last = started[0], started[-1]
        parts.append(f"recorded {first}" if first == last else f"recorded {first} to {last}")
    return Markup.escape(" · ".join(parts))

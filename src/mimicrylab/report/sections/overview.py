"""The report at a glance: key figures, and what stands in the way of reading on."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.report.content import Fact, Facts, Item, Notice, Prose, Section
from mimicrylab.report.sections.quality import NOT_USABLE, pick_recordings, share_valid_frames
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number
from mimicrylab.report.wording import count_noun, format_count, format_number, format_share, name_many


def build_overview(source: ReportSource) -> Section:
    """Return the study's summary, its key figures and a notice for everything that is stale."""
    items: list[Item] = []
    if source.study.summary:
        items.append(Prose(Markup.escape(source.study.summary)))
    items.append(Facts(tuple(_list_facts(source))))
    if source.stale:
        text = Markup(
            "Some results are older than what they were made from ({}; {}). <code>mimicrylab run</code> "
        ).format(count_noun(len(source.stale), "file"), source.stale[0]) + Markup("brings them up to date.")
        items.append(Notice(text))
    return Section("overview", "At a glance", tuple(items))


def _list_facts(source: ReportSource) -> list[Fact]:
    tables = source.tables
    facts = []
    if not tables.participants.is_empty():
        total = tables.participants.height
        detail = f"of {total} who took part" if total != len(source.analysed) else "nobody is left out"
        facts.append(
            Fact(str(len(source.analysed)), f"{name_many(len(source.analysed), 'participant')} analysed", detail)
        )
    if not tables.recordings.is_empty():
        seconds = as_number(tables.recordings["duration_s"].sum())
        detail = f"{format_number(seconds / 60, decimals=1)} minutes" if seconds else ""
        facts.append(
            Fact(format_count(tables.recordings.height), name_many(tables.recordings.height, "recording"), detail)
        )
    judged = pick_recordings(source)
    if not judged.is_empty():
        good = judged.filter(pl.col("grade") == 0).height
        facts.append(
            Fact(
                format_share(share_valid_frames(judged)),
                "of frames valid",
                f"{count_noun(good, 'recording')} of grade 0",
            )
        )
    trials = tables.quality.filter(pl.col("trial").is_not_null())
    if not trials.is_empty():
        counted = trials.filter(pl.col("grade") < NOT_USABLE).height
        facts.append(Fact(format_count(counted), "trials that count", f"of {format_count(trials.height)} recorded"))
    return facts

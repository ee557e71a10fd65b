"""What was frozen, when, and what this study does otherwise: every deviation, setting by setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.deviations import Deviation, compare_plans
from mimicrylab.protocol.frozen_plan import FrozenPlan
from mimicrylab.report.content import Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import count_noun, join_words, shorten_hash

ANCHOR = "deviations"
TITLE = "The frozen plan and deviations from it"
LONG_TEXT = 40
NOT_FROZEN = (
    "No plan was frozen (mimicrylab plan --freeze). What is called confirmatory here is what study.yaml declares; "
    "nothing shows that it was declared before the data were seen."
)


def build_deviations(source: ReportSource) -> Section | None:
    """Return when the plan was frozen and what is otherwise now; None where there is no plan to freeze."""
    confirmatory = any(analysis.standing == "confirmatory" for analysis in source.study.analyses)
    if not source.frozen:
        notice = Notice(Markup.escape(NOT_FROZEN), kind="missing")
        return Section(ANCHOR, TITLE, (notice,)) if confirmatory else None
    latest = source.frozen[-1]
    found = compare_plans(latest.plan, source.plan)
    items: list[Item] = [Prose(describe_freezing(latest)), *_show_deviations(found)]
    if len(source.frozen) > 1:
        items += [Subheading("Earlier versions of the plan"), Listing(tuple(_list_versions(source.frozen)))]
    return Section(ANCHOR, TITLE, tuple(items))


def describe_freezing(frozen: FrozenPlan) -> Markup:
    """Return when a plan was frozen, its hash, and whether data existed by then."""
    when = (
        Markup("<strong>after data collection had begun</strong> (the folder held {})").format(
            join_words(frozen.collected)
        )
        if frozen.collected
        else Markup("before the folder held any data of participants")
    )
    version = f" (version {frozen.version})" if frozen.version > 1 else ""
    return Markup("The plan{} was frozen on {}, {}. Its SHA-256 is <code>{}</code>.").format(
        version, frozen.day, when, frozen.sha256
    )


def _show_deviations(found: Sequence[Deviation]) -> Iterator[Item]:
    if not found:
        yield Prose(
            Markup("Nothing in study.yaml, the questionnaires' keys, the texts or the stimuli is otherwise now.")
        )
        return
    plan = [each for each in found if each.part == "analysis plan"]
    weight = f", {len(plan)} of them in the analysis plan" if plan else "; none in the analysis plan"
    yield Notice(Markup.escape(f"{count_noun(len(found), 'deviation')} from the frozen plan{weight}."))
    rows = [(each.part.capitalize(), each.place, each.meaning, each.was, each.now) for each in found]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("part", "place", "meaning", "was", "is"), pl.String), orient="row")
    columns = (
        TableColumn("place", "Setting"),
        TableColumn("meaning", "What it is", _write_meaning),
        TableColumn("was", "Was", wide=_is_long(frame["was"])),
        TableColumn("is", "Is", wide=_is_long(frame["is"])),
    )
    yield ReportTable("deviations", "Deviations from the frozen plan", frame, columns, group="part")


def _is_long(texts: pl.Series) -> bool:
    return bool((texts.str.len_chars() > LONG_TEXT).any())


def _write_meaning(meaning: str) -> str:
    return meaning[:1].upper() + meaning[1:]


def _list_versions(frozen: Sequence[FrozenPlan]) -> Iterator[Markup]:
    first = frozen[0]
    yield Markup("Version 1, {}, SHA-256 <code>{}</code>…: {}.").format(
        first.day, shorten_hash(first.sha256), _say_collected(first)
    )
    for older, newer in pairwise(frozen):
        changes = [each.words for each in compare_plans(older.plan, newer.plan)]
        yield Markup("Version {}, {}, SHA-256 <code>{}</code>…: {}. Changed: {}.").format(
            newer.version,
            newer.day,
            shorten_hash(newer.sha256),
            _say_collected(newer),
            "; ".join(changes) or "nothing",
        )


def _say_collected(frozen: FrozenPlan) -> str:
    if frozen.collected:
        return f"after data collection had begun ({join_words(frozen.collected)})"
    return "before any data"

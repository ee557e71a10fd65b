"""Who took part, who is analysed, where the others were lost, and whether they differ."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab.errors import MimicryLabError
from mimicrylab.report.blinding import describe_openings
from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.figures.flow import describe_flow, draw_flow
from mimicrylab.report.flow import find_losses, trace_flow
from mimicrylab.report.sections.sample import make_sample_table
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.traits import NUMBERS, list_traits, name_trait, widen_scores
from mimicrylab.report.wording import MISSING, count_noun, format_number, format_p, format_share
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.frequencies import compare_frequencies
from mimicrylab.stats.group_tests import compare_groups

GROUPS = ("included", "excluded")
TRAITS_SCHEMA = {
    "trait": pl.String,
    "level": pl.String,
    **dict.fromkeys(GROUPS, pl.String),
    "p": pl.Float64,
    **{
        f"{group}_{name}": dtype
        for group in GROUPS
        for name, dtype in (("n", pl.Int64), ("mean", pl.Float64), ("sd", pl.Float64))
    },
}
"""One row a level or number: each group as the page shows it, p, then the same as numbers."""


def build_participants(source: ReportSource) -> Section:
    """Return the flow diagram, and the comparison of included with excluded where there are both."""
    tables = source.tables
    if tables.participants.is_empty():
        note = Notice(Markup("The study folder lists no participants yet."), kind="missing")
        return Section("participants", "Participants", (note,))
    losses = find_losses(tables.participants, tables.recordings, tables.exclusions, analysed=source.analysed)
    steps = trace_flow(tables.participants, losses, arms=source.arms)
    items: list[Item] = [Prose(Markup.escape(describe_flow(steps)))]
    assignment = source.study.assignment
    if assignment is not None and assignment.blinding != "none" and source.arms is None:
        sealed = Markup(
            "The study is blinded: nothing here tells or compares the arms. <code>mimicrylab unblind</code> opens the "
            "list of kits, once the data are final and the plan is fixed."
        )
        items.append(Notice(sealed, kind="missing"))
    elif assignment is not None and assignment.blinding != "none":
        items.append(Prose(describe_openings(source.openings)))
    if len(steps) > 1:
        items.append(draw_flow(steps, name="participant-flow", title="From all participants to those analysed."))
    sample = make_sample_table(source)
    if sample is not None:
        items.append(sample)
    people = _mark_groups(source)
    rows, estimates = compare_traits(people)
    if not rows.is_empty() and (people["group"] == "excluded").any():
        items.append(_make_table(rows, people))
    return Section("participants", "Participants", tuple(items), tuple(estimates))


def _mark_groups(source: ReportSource) -> pl.DataFrame:
    included = pl.col("participant_id").is_in(list(source.analysed))
    return widen_scores(source).with_columns(
        pl.when(included).then(pl.lit("included")).otherwise(pl.lit("excluded")).alias("group")
    )


def compare_traits(people: pl.DataFrame) -> tuple[pl.DataFrame, list[Estimate]]:
    """Return one row a level or mean of every trait, by group (included, excluded), and the tests of the differences.

    ``people`` has a column ``group``. A trait that nobody gave is left out; a test that cannot be done (too few
    people, no variation) leaves its p empty.
    """
    rows: list[dict[str, object]] = []
    estimates: list[Estimate] = []
    for name in list_traits(people):
        estimate = _test_trait(people, name)
        if estimate is not None:
            estimates.append(estimate)
        numeric = people.schema[name].is_numeric()
        described = _describe_numbers(people, name) if numeric else _describe_levels(people, name)
        for index, row in enumerate(described):
            p = estimate.p if estimate is not None and index == 0 else None
            heading = NUMBERS if numeric else name_trait(name)
            rows.append({"trait": heading, **row, "p": p})
    rows.sort(key=lambda row: row["trait"] == NUMBERS)
    return pl.DataFrame(rows, schema=TRAITS_SCHEMA), estimates


def _test_trait(people: pl.DataFrame, name: str) -> Estimate | None:
    try:
        if people.schema[name].is_numeric():
            return compare_groups(people, name, group="group", order=("included", "excluded"))
        return compare_frequencies(people, name, columns="group")
    except MimicryLabError:
        return None


def _describe_numbers(people: pl.DataFrame, name: str) -> Iterator[dict[str, object]]:
    row: dict[str, object] = {"level": name_trait(name)}
    for group in GROUPS:
        values = people.filter(pl.col("group") == group)[name].cast(pl.Float64).drop_nulls()
        mean, spread = as_number(values.mean()), as_number(values.std())
        shown = f"{format_number(mean, decimals=1)} ({format_number(spread, decimals=1)})" if len(values) else MISSING
        row |= {group: shown, f"{group}_n": len(values), f"{group}_mean": mean, f"{group}_sd": spread}
    yield row


def _describe_levels(people: pl.DataFrame, name: str) -> Iterator[dict[str, object]]:
    labels = people.select("group", pl.col(name).cast(pl.String).fill_null("not given").alias("level"))
    if people.schema[name] == pl.Boolean:
        labels = labels.with_columns(pl.col("level").replace({"true": "yes", "false": "no"}))
    totals = {group: labels.filter(pl.col("group") == group).height for group in GROUPS}
    for level in sorted(labels["level"].unique()):
        row: dict[str, object] = {"level": level}
        for group, total in totals.items():
            count = labels.filter((pl.col("group") == group) & (pl.col("level") == level)).height
            shown = f"{count} ({format_share(count / total, decimals=0)})" if total else MISSING
            row |= {group: shown, f"{group}_n": count}
        yield row


def _make_table(rows: pl.DataFrame, people: pl.DataFrame) -> ReportTable:
    counts = {group: people.filter(pl.col("group") == group).height for group in ("included", "excluded")}
    columns = [
        TableColumn("level", "Characteristic"),
        TableColumn("included", Markup("Included (<i>n</i> = {})").format(counts["included"]), align="number"),
    ]
    note = Markup("Counts with percent of the group, or mean with standard deviation.")
    if counts["excluded"]:
        columns += [
            TableColumn("excluded", Markup("Excluded (<i>n</i> = {})").format(counts["excluded"]), align="number"),
        ]
    if counts["excluded"] and rows["p"].is_not_null().any():
        columns.append(TableColumn("p", Markup("<i>p</i>"), write_first_p, align="number"))
        note += Markup(
            " <i>p</i>: chi-square test of the categories, Welch's <i>t</i> test of the means, where both groups are "
            "large enough; not corrected, and small groups show only large differences."
        )
    if not counts["excluded"]:
        rows = rows.select(name for name in rows.columns if not name.startswith("excluded") and name != "p")
    title = "Who is analysed" + (", against who is not" if counts["excluded"] else "")
    return ReportTable("participants", title, rows, tuple(columns), group="trait", note=note)


def write_first_p(p: float | None) -> str:
    """Return p, or nothing: a trait's p stands in the first row of its levels only."""
    return "" if p is None else format_p(p)


def state_sample(source: ReportSource) -> str:
    """Return the sample in words: ``50 of 87 participants``."""
    total = source.tables.participants.height
    if total == len(source.analysed):
        return count_noun(total, "participant")
    return f"{len(source.analysed)} of {count_noun(total, 'participant')}"

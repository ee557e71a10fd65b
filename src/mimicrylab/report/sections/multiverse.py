"""The multiverse: the specification curve of each test, its joint test in words, and the table of specifications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.naming import Vocabulary, capitalise, collect_vocabulary, name_column, name_outcome
from mimicrylab.report.content import Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.figures.analyses import mark_permuted
from mimicrylab.report.figures.planned.shown import name_part
from mimicrylab.report.figures.specification_curve import draw_specification_curve
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import (
    MINUS,
    count_noun,
    format_interval,
    format_number,
    format_p,
    format_share,
    shorten_unit,
    state_p,
)
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.multiverse import COUNT_TERM, MEDIAN_TERM, MultiverseResult

ANCHOR = "multiverse"
TITLE = "The same hypothesis measured in other ways"
CHOICES = {
    "measure": "measure",
    "window": "window",
    "baseline": "baseline",
    "threshold": "threshold",
    "neutral": "neutral",
    "maximum_grade": "worst grade kept",
    "minimum_valid": "least share valid",
}
"""What a choice is called."""

LEAD = (
    "Each planned analysis below was repeated with every combination of its declared choices and the alternatives that "
    "study.yaml names. A curve shows all results, sorted; the marks below say which choices led to each. The "
    "specifications share people and frames, so their number proves nothing; the joint test asks how often people "
    "without any effect would give such a curve (Simonsohn, Simmons & Nelson, 2020)."
)
NOT_RUN = Markup("The multiverse has not been run on these data: <code>mimicrylab analyse --multiverse</code> does it.")


def build_multiverse(source: ReportSource) -> Section | None:
    """Return the multiverses of the plan; None where study.yaml names none."""
    if not source.study.multiverse:
        return None
    if not source.multiverses:
        return Section(ANCHOR, TITLE, (Notice(NOT_RUN, kind="missing"),))
    words = collect_vocabulary(source.study)
    items: list[Item] = [Prose(Markup.escape(LEAD))]
    for result in source.multiverses:
        items += _show_multiverse(result, words)
    estimates = tuple(one for result in source.multiverses if result.labels != "permuted" for one in result.joint)
    return Section(ANCHOR, TITLE, tuple(items), estimates)


def _show_multiverse(result: MultiverseResult, words: Vocabulary) -> Iterator[Item]:
    analysis = result.analysis
    yield Subheading(capitalise(name_outcome(analysis.outcome, words)))
    yield Prose(_introduce(result))
    if result.multiverse.note:
        yield Prose(Markup("<span class=detail>{}</span>").format(result.multiverse.note))
    if result.labels == "permuted":
        dry = Markup("<strong>Permuted labels.</strong> Who is in which arm is random here: a dry run, no finding.")
        yield Notice(dry, kind="alarm")
    for place, test in enumerate(result.tests, start=1):
        yield from _show_test(result, test, place, words)
    if result.notes:
        yield Listing(tuple(Markup.escape(note) for note in result.notes), quiet=True)
    yield tabulate_specifications(result)


def _introduce(result: MultiverseResult) -> Markup:
    count = result.table["specification"].n_unique()
    varied = ", ".join(f"{CHOICES[name]} ({result.table[name].n_unique()})" for name in result.choices)
    standing = (
        "It was frozen with the plan before any data."
        if result.standing == "frozen"
        else "It is exploratory: the alternatives were not frozen with the plan before any data."
    )
    expected = {
        None: "",
        "positive": " An effect above 0 was expected.",
        "negative": " An effect below 0 was expected.",
    }
    return Markup("Analysis <code>{}</code>, {}: {}. {}{}").format(
        result.analysis.id,
        count_noun(count, "specification"),
        varied or "nothing varies",
        standing,
        expected[result.multiverse.direction],
    )


def _show_test(result: MultiverseResult, test: str, place: int, words: Vocabulary) -> Iterator[Item]:
    own = result.table.filter(pl.col("test") == test)
    label = _name_test(test, words)
    several = len(result.tests) > 1
    joint = [one for one in result.joint if one.term in (f"{test}; {MEDIAN_TERM}", f"{test}; {COUNT_TERM}")]
    if len(joint) == 2:
        yield Prose(_state_joint(joint[0], joint[1], result, label if several else ""))
    figure = draw_specification_curve(
        own,
        {name: CHOICES[name] for name in result.choices},
        unit=_name_estimate(own, label),
        alpha=result.analysis.alpha,
        name=f"multiverse-{result.analysis.id}{f'-{place}' if several else ''}",
        title=f"Specification curve of {result.analysis.id}{f', {label}' if several else ''}: "
        f"{capitalise(name_outcome(result.analysis.outcome, words))}.",
    )
    if figure is not None:
        yield mark_permuted(figure) if result.labels == "permuted" else figure


def _name_test(test: str, words: Vocabulary) -> str:
    cell, colon, term = test.rpartition(": ")
    parts = ", ".join(name_part(part) for part in cell.split(", ")) if colon else ""
    written = _write_term(term, words)
    return f"{parts}: {written}" if parts else written


def _write_term(term: str, words: Vocabulary) -> str:
    named = " with ".join(name_column(part, words) for part in term.split(" with ")) if " with " in term else term
    return named.replace(" - ", f" {MINUS} ").replace("_", " ")


def _name_estimate(own: pl.DataFrame, label: str) -> str:
    effects = own["effect"].drop_nulls().unique().to_list()
    return f"{label} ({shorten_unit(effects[0])})" if len(effects) == 1 and effects[0] else label


def _state_joint(median: Estimate, count: Estimate, result: MultiverseResult, label: str) -> Markup:
    expected = count.effect_size.value if count.effect_size is not None else None
    direction = {None: "in one direction", "positive": "above 0", "negative": "below 0"}[result.multiverse.direction]
    lead = Markup("<strong>{}.</strong> ").format(label) if label else Markup("")
    draws = result.multiverse.draws
    return lead + Markup(
        "The median {} over specifications is {}, joint {}; {} of the specifications are significant {}, where {} "
        "would be expected of people without an effect, joint {} ({} arrangements of people)."
    ).format(
        median.unit,
        format_number(median.estimate),
        state_p(median.p),
        format_share(count.estimate, decimals=0),
        direction,
        format_share(expected, decimals=0),
        state_p(count.p),
        f"{draws:,}",
    )


def tabulate_specifications(result: MultiverseResult) -> ReportTable:
    """Return every specification with its choices and its result, folded on the page and whole as CSV."""
    frame = result.table.with_columns(
        pl.Series("interval", [format_interval(*row) for row in result.table.select("ci_low", "ci_high").iter_rows()])
    )
    columns = [
        TableColumn("specification", "No.", align="number", emphasis="declared"),
        *(TableColumn(name, CHOICES[name].capitalize()) for name in result.choices),
        TableColumn("estimate", "Estimate", format_number, align="number"),
        TableColumn("interval", "Interval", align="number"),
        TableColumn("p", Markup("<i>p</i>"), format_p, align="number"),
        TableColumn("n", Markup("<i>n</i>"), align="number"),
    ]
    if result.table["reason"].is_not_null().any():
        columns.append(TableColumn("reason", "Why there is none", wide=True))
    table = ReportTable(
        f"multiverse-{result.analysis.id}",
        f"Specifications of {result.analysis.id}; the declared one in bold.",
        frame,
        tuple(columns),
        group="test" if len(result.tests) > 1 else None,
        fold=True,
        note="p is not corrected: the joint test stands for all specifications together.",
    )
    if result.labels != "permuted":
        return table
    return replace(table, title=f"Permuted labels: {table.title}")

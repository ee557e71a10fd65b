"""The sample table: those who are analysed, by arm (once the study is unblinded) or by sex, and all together."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.traits import NUMBERS, list_traits, name_trait, widen_scores
from mimicrylab.report.wording import MISSING, format_number, format_share

ALL = "all"
RESERVED = frozenset({ALL, "trait", "level"})
"""Columns of the table: a group of such a name has none of its own."""
NOT_GIVEN = "not given"


def make_sample_table(source: ReportSource) -> ReportTable | None:
    """Return the table of those who are analysed; its n add up to the end of the participants' flow.

    Columns are the arms once the list of kits is open, else the sexes, and all; None where nobody is analysed or
    nothing is known of them.
    """
    people = widen_scores(source).filter(pl.col("participant_id").is_in(list(source.analysed)))
    if people.is_empty():
        return None
    by = choose_grouping(people)
    groups = _list_groups(people, by)
    traits = [name for name in list_traits(people) if name != by]
    rows = [row for name in traits for row in _describe_trait(people, name, by, groups)]
    if not rows:
        return None
    rows.sort(key=lambda row: row["trait"] == NUMBERS)
    frame = pl.DataFrame(rows, infer_schema_length=None)
    columns = [TableColumn("level", "Characteristic")]
    for group, n in groups.items():
        heading = Markup("{} (<i>n</i> = {})").format(group[:1].upper() + group[1:], n)
        columns.append(TableColumn(group, heading, align="number"))
    words = f"by {name_trait(by).lower()}" if by else "all together"
    note = Markup(
        "Counts with percent of the group, or mean with standard deviation; <i>n</i> stands where not everybody has a "
        "value. Nothing is tested here."
    )
    return ReportTable("sample", f"Those who are analysed, {words}", frame, tuple(columns), group="trait", note=note)


def choose_grouping(people: pl.DataFrame) -> str | None:
    """Return the column that makes the groups: the arm where it is known, else sex, else none."""
    for name in ("arm", "sex"):
        if name in people.columns and people[name].drop_nulls().n_unique() > 1:
            return name
    return None


def _list_groups(people: pl.DataFrame, by: str | None) -> dict[str, int]:
    """Return the groups with their numbers of people, then all; people without a group are a group of their own."""
    groups = {}
    if by is not None:
        counts = people[by].cast(pl.String).fill_null(NOT_GIVEN).value_counts().sort(by)
        groups = {str(name): int(count) for name, count in counts.iter_rows() if name not in RESERVED}
    return {**groups, ALL: people.height}


def _take_group(people: pl.DataFrame, by: str | None, group: str) -> pl.DataFrame:
    if by is None or group == ALL:
        return people
    return people.filter(pl.col(by).cast(pl.String).fill_null(NOT_GIVEN) == group)


def _describe_trait(
    people: pl.DataFrame, name: str, by: str | None, groups: dict[str, int]
) -> Iterator[dict[str, object]]:
    if people.schema[name].is_numeric():
        row: dict[str, object] = {"trait": NUMBERS, "level": name_trait(name)}
        for group in groups:
            row |= _describe_numbers(_take_group(people, by, group)[name], group)
        yield row
        return
    words = people.with_columns(_write_levels(people[name]).alias(name))
    for level in words[name].unique().sort():
        row = {"trait": name_trait(name), "level": level}
        for group, n in groups.items():
            count = int((_take_group(words, by, group)[name] == level).sum())
            row |= {group: f"{count} ({format_share(count / n, decimals=0)})" if n else MISSING, f"{group}_n": count}
        yield row


def _write_levels(values: pl.Series) -> pl.Series:
    words = values.cast(pl.String).fill_null(NOT_GIVEN)
    return words.replace({"true": "yes", "false": "no"}) if values.dtype == pl.Boolean else words


def _describe_numbers(values: pl.Series, group: str) -> dict[str, object]:
    known = values.cast(pl.Float64).drop_nulls()
    mean, sd = as_number(known.mean()), as_number(known.std())
    shown = f"{format_number(mean, decimals=1)} ({format_number(sd, decimals=1)})" if len(known) else MISSING
    if 0 < len(known) < len(values):
        shown += f", n = {len(known)}"
    return {group: shown, f"{group}_n": len(known), f"{group}_mean": mean, f"{group}_sd": sd}

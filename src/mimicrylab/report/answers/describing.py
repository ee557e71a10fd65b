"""The table of a description: people, mean, spread, quartiles, range, or shares of answers; a row a cell and group."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.columns import (
    ITALIC_N,
    finish_table,
    list_units,
    name_interval,
    note_units,
    write_estimates,
)
from mimicrylab.report.answers.effects import SHARE_OF_PEOPLE
from mimicrylab.report.answers.naming import capitalise, name_label
from mimicrylab.report.answers.rows import tabulate_answers
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_count, format_share
from mimicrylab.stats.estimates import Estimate

PLACES = ("lowest", "first quartile", "median", "third quartile", "highest")
"""Effect sizes of a description, as ``stats.plan.models.description`` names them."""
MEAN = "mean"


def make_description(estimates: Sequence[Estimate], setting: Setting) -> ReportTable:
    """Return what an outcome looks like, without a test."""
    frame = tabulate_answers(estimates, setting)
    found = [{effect.name: effect.value for effect in one.effect_sizes} for one in estimates]
    frame = frame.with_columns(
        pl.Series(name, [sizes.get(name) for sizes in found], dtype=pl.Float64) for name in PLACES
    )
    frame = frame.with_columns(pl.Series("label", [_name_row(row) for row in frame.iter_rows(named=True)]))
    write, frame = write_estimates(frame, "first_sd", *PLACES)
    shares = (frame["unit"] == SHARE_OF_PEOPLE).all()
    columns = [TableColumn("label", "Answer" if shares else "Of"), *list_units(frame)]
    columns.append(TableColumn("n", ITALIC_N, format_count, "number"))
    if shares:
        columns.append(TableColumn("estimate", "Share", format_share, "number"))
    else:
        columns.append(TableColumn("estimate", Markup("<i>M</i>"), write, "number"))
        columns.append(TableColumn("first_sd", Markup("<i>SD</i>"), write, "number"))
    columns.append(TableColumn("interval", name_interval(frame), align="number"))
    heads = ("Min", "Q<sub>1</sub>", "<i>Mdn</i>", "Q<sub>3</sub>", "Max")
    if not shares:
        columns += [TableColumn(name, Markup(head), write, "number") for name, head in zip(PLACES, heads, strict=True)]
    title = capitalise(setting.outcome)
    return finish_table(setting, frame, columns, title, note=note_units(frame))


def _name_row(row: dict[str, str]) -> str:
    """Return the cell, the group or the answer of one row."""
    term = row["term"] or ""
    who = term.removesuffix(MEAN).removesuffix(", ") if term.endswith(MEAN) else term
    cell = (row["cell"] or "").partition(", ")[2] if row["group"] else (row["cell"] or "")
    named = [name_label(part) for part in (cell, who) if part]
    return ", ".join(named) or "everybody"

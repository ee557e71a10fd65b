"""One row a person: what the participants' table, forms, measurements and questionnaires say of them.

A score that was asked once is the column ``SCALE.score``. Where it was asked on several occasions, each has a column
``SCALE.score.OCCASION`` (the occasion as declared, else the name of the visit; what a name cannot hold becomes ``_``),
and ``SCALE.score`` is the first occasion in time: it cannot have been changed by what came after. The same holds for
the fields of forms and measurements (``systolic``, ``systolic.consent``, ``systolic.+35_min``). Free text is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.forms import Form, Measurement
from mimicrylab.stats.plan.data import OCCASION_JOIN
from mimicrylab.stats.plan.study_tables import StudyTables, list_analysed, list_people

NOT_ABOUT_PEOPLE = frozenset(
    {"kit", "consent_version", "consent_choices", "state", "excluded", "exclusion_reason", "arm", "analysed"}
)
"""Columns of the participants' table that no analysis is made of. Arms come from the opened list alone."""
NO_NAME = re.compile(r"[^A-Za-z0-9_.+-]+")
PERSON = "participant_id"


def collect_people(
    study: Study, tables: StudyTables, *, scores: pl.DataFrame, arms: Mapping[str, str] | None
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return one row a person who is not excluded, and what must be said of single columns.

    Parameters
    ----------
    study, tables
        The study and its tables.
    scores
        Scores of its questionnaires.
    arms
        Kit -> arm, or None.

    Returns
    -------
    tuple
        ``participant_id, analysed, arm`` (where arms are known), columns of the participants' table, fields of forms
        and measurements, scores; and column -> what must be said where it is used.
    """
    own = tables.participants.filter(pl.col(PERSON).is_in(list(list_people(tables)))).sort(PERSON)
    people = own.select(PERSON, pl.col(PERSON).is_in(list(list_analysed(tables))).alias("analysed"))
    if arms is not None:
        arm = own["kit"].replace_strict(dict(arms), default=None, return_dtype=pl.String)
        people = people.with_columns(arm.alias("arm"))
    kept = [name for name in own.columns if name not in NOT_ABOUT_PEOPLE and name != PERSON]
    people = people.with_columns(_simplify(own[name]) for name in kept if own[name].null_count() < own.height)
    notes: dict[str, str] = {}
    order = _order_visits(tables)
    for rows in (_list_fields(study, tables.answers), _list_scores(scores)):
        wide, said = _spread_occasions(rows, tables.answers, order)
        new = [name for name in wide.columns if name == PERSON or name not in people.columns]
        people = people.join(wide.select(new), on=PERSON, how="left", maintain_order="left")
        notes |= said
    return _read_numbers(people, study), notes


def _simplify(column: pl.Series) -> pl.Series:
    """Return a column as numbers or words: true and false become yes and no."""
    if column.dtype == pl.Boolean:
        return column.replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String).alias(
            column.name
        )
    if column.dtype.is_numeric():
        return column.cast(pl.Float64)
    return column.cast(pl.String) if column.dtype != pl.List else column.list.join("; ")


def _order_visits(tables: StudyTables) -> pl.DataFrame:
    """Return ``session_id, _visit, _place``: each visit's name and its place in the person's order in time."""
    visits = tables.sessions.select("session_id", PERSON, "session", "started").sort(
        PERSON, "started", nulls_last=True, maintain_order=True
    )
    place = pl.int_range(pl.len()).over(PERSON).alias("_place")
    return visits.with_columns(place).select("session_id", pl.col("session").alias("_visit"), "_place")


def _list_fields(study: Study, answers: pl.DataFrame) -> pl.DataFrame:
    """Return ``participant_id, session_id, occasion, name, value`` of the fields of forms and measurements.

    Measurements that can be noted at any time (adverse events) are left out: they have no one value a person.
    """
    asked: list[Form | Measurement] = [*study.forms, *[one for one in study.measurements if not one.anytime]]
    wanted = {(one.name, field.name) for one in asked for field in one.fields if field.kind != "text"}
    keys = pl.DataFrame(sorted(wanted), schema={"scale": pl.String, "item": pl.String}, orient="row")
    rows = answers.join(keys, on=["scale", "item"], how="semi", maintain_order="left")
    return rows.filter(pl.col("response").is_not_null() & (pl.col("response") != "")).select(
        PERSON, "session_id", "occasion", "scale", pl.col("item").alias("name"), pl.col("response").alias("value")
    )


def _list_scores(scores: pl.DataFrame) -> pl.DataFrame:
    name = pl.concat_str("scale", "score", separator=".")
    return scores.select(PERSON, "session_id", "occasion", "scale", name.alias("name"), "value")


def _spread_occasions(
    rows: pl.DataFrame, answers: pl.DataFrame, order: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return one column a name (the first occasion), one a name and occasion where there are several; and notes."""
    if rows.is_empty():
        return rows.select(PERSON), {}
    key = ["session_id", "occasion", "scale"]
    times = answers.group_by(key).agg(pl.col("time").min().alias("_time"))
    timed = (
        rows.join(order, on="session_id", how="left", maintain_order="left")
        .join(times, on=key, how="left", nulls_equal=True, maintain_order="left")
        .sort(PERSON, "_place", "_time", nulls_last=True, maintain_order=True)
        .with_columns(pl.coalesce("occasion", "_visit", pl.lit("once")).alias("_occasion"))
    )
    first = timed.unique([PERSON, "name"], keep="first", maintain_order=True)
    several = timed.group_by("name", maintain_order=True).agg(pl.col("_occasion").unique(maintain_order=True))
    several = several.filter(pl.col("_occasion").list.len() > 1)
    again = timed.filter(pl.col("name").is_in(several["name"].implode())).unique(
        [PERSON, "name", "_occasion"], keep="first", maintain_order=True
    )
    label = pl.col("_occasion").map_elements(_clean, return_dtype=pl.String)
    again = again.with_columns((pl.col("name") + OCCASION_JOIN + label).alias("name"))
    long = pl.concat([first.select(PERSON, "name", "value"), again.select(PERSON, "name", "value")])
    notes = {
        name: f"{name} was asked on several occasions ({', '.join(given)}); {name} is the first of them"
        for name, given in several.rows()
    }
    return long.pivot("name", index=PERSON, values="value", aggregate_function="first"), notes


def _clean(text: str) -> str:
    return NO_NAME.sub("_", text).strip("_") or "once"


def _read_numbers(people: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Return the people with fields of kind number as numbers; an answer that is none is null."""
    asked: list[Form | Measurement] = [*study.forms, *study.measurements]
    numbers = {field.name for one in asked for field in one.fields if field.kind == "number"}
    columns = [name for name in people.columns if _is_number_field(name, numbers) and people.schema[name] == pl.String]
    return people.with_columns(pl.col(name).str.replace(",", ".").cast(pl.Float64, strict=False) for name in columns)


def _is_number_field(column: str, numbers: set[str]) -> bool:
    return column in numbers or column.partition(OCCASION_JOIN)[0] in numbers

"""A published choice beside the sound version of the same analysis: both numbers in one small table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.report.answers.columns import list_tests, write_estimates
from mimicrylab.report.answers.naming import name_label
from mimicrylab.report.answers.questions import tell_verdict
from mimicrylab.report.answers.rows import ROW_SCHEMA, describe_row
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.verdict import list_answers
from mimicrylab.report.tables import ReportTable, TableColumn

SUFFIX = "_as_published"
OURS, THEIRS = "sound", "as published"


def find_twin(analysis: Analysis, analyses: Sequence[Analysis]) -> Analysis | None:
    """Return the sound version of an analysis as published: the one with the same id but for the ending.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> sound, published = (Analysis(id=name, hypothesis="H1", model="two_groups", outcome=Outcome(score="age"),
    ...                              as_published=name != "age") for name in ("age", "age_as_published"))
    >>> find_twin(published, [sound, published]).id
    'age'
    """
    if not analysis.as_published:
        return None
    wanted = analysis.id.removesuffix(SUFFIX)
    return next((one for one in analyses if one.id == wanted and not one.as_published), None)


def make_twin_table(setting: Setting, others: Mapping[str, Setting]) -> ReportTable | None:
    """Return both versions row by row; None where there is no sound version, or one of them was not done."""
    twin = find_twin(setting.analysis, [one.analysis for one in others.values()])
    if twin is None or setting.result.state != "done" or others[twin.id].result.state != "done":
        return None
    pairs = [(others[twin.id], OURS), (setting, THEIRS)]
    rows = []
    for one, version in pairs:
        for estimate in list_answers(one.result):
            row = describe_row(estimate, one)
            cell = row["cell"] or ""
            rows.append({**row, "group": cell, "label": version, "verdict": tell_verdict(estimate, one)})
    frame = pl.DataFrame(rows, schema=ROW_SCHEMA | {"verdict": pl.String}, orient="row")
    both = frame.group_by("group").agg(pl.col("label").n_unique().alias("versions"))
    shared = both.filter(pl.col("versions") == 2)["group"]
    frame = frame.filter(pl.col("group").is_in(shared.implode()))
    if frame.is_empty():
        return None
    order = {name: place for place, name in enumerate(frame["group"].unique(maintain_order=True))}
    frame = frame.sort(pl.col("group").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)
    write, frame = write_estimates(frame, each=True)
    columns = [
        TableColumn("label", "Version"),
        TableColumn("estimate", "Estimate", write, "number"),
        *list_tests(frame),
        TableColumn("verdict", "Verdict"),
    ]
    named = frame["group"].ne("").any()
    note = Markup("The two versions may differ in method, rows and measure; what differs stands above.")
    permuted = "Permuted labels, not a result: " if setting.result.labels == "permuted" else ""
    return ReportTable(
        f"analysis-{setting.analysis.id}-twin",
        f"{permuted}{name_label(twin.id)}, and the published choice beside it",
        frame.drop("label").insert_column(0, frame["label"]),
        tuple(columns),
        group="group" if named else None,
        note=note,
    )

"""Which software made these results, from which files: versions, steps and hashes."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import polars as pl
from markupsafe import Markup

from mimicrylab import __version__
from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.provenance import StepRecord
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_count, shorten_hash

PACKAGES = ("polars", "pyarrow", "numpy", "scipy", "matplotlib", "ai-edge-litert", "av", "opencv-python-headless")
"""Packages whose version can change a number or a line of this report."""


def build_provenance(source: ReportSource) -> Section:
    """Return the warnings about stale results, the versions, the steps and the hash of every derived file."""
    items: list[Item] = [Notice(Markup.escape(f"{sentence}.")) for sentence in source.stale]
    items += [_make_software_table(source), *_make_step_tables(source.steps)]
    if not source.steps:
        items.append(Prose(Markup("The tables carry no provenance: they were not written by mimicrylab.")))
    return Section("provenance", "Software and files", tuple(items))


def _make_software_table(source: ReportSource) -> ReportTable:
    rows = [("mimicrylab", __version__, "this report"), ("Python", platform.python_version(), "this report")]
    if source.coder is not None:
        rows.append((source.coder.name, source.coder.version, "face coder"))
        if source.coder.model_sha256:
            rows.append((f"{source.coder.name}, model", source.coder.model_sha256[:12], "SHA-256, first 12 digits"))
    for package in PACKAGES:
        try:
            rows.append((package, version(package), "installed here"))
        except PackageNotFoundError:
            continue
    frame = pl.DataFrame(rows, schema=["name", "version", "role"], orient="row")
    columns = (TableColumn("name", "Software"), TableColumn("version", "Version"), TableColumn("role", "Role"))
    note = "Results may have been computed with other versions than are installed here; the next table has them."
    return ReportTable("software", "Software", frame, columns, note=note)


def _make_step_tables(steps: Sequence[StepRecord]) -> list[Item]:
    if not steps:
        return []
    files = pl.DataFrame(
        [
            {
                "path": step.path,
                "step": step.step,
                "software": step.software,
                "sha256": step.sha256,
                "inputs": json.dumps(dict(step.inputs), sort_keys=True),
                "arguments": json.dumps(dict(step.arguments), sort_keys=True, default=str),
                "notes": json.dumps(dict(step.notes), sort_keys=True, default=str),
            }
            for step in steps
        ]
    )
    by_step = files.group_by("step", "software", maintain_order=True).agg(pl.len().cast(pl.Int64).alias("files"))
    overview = ReportTable(
        "steps",
        "Steps that made the files of this study",
        by_step,
        (
            TableColumn("step", "Step"),
            TableColumn("software", "Version"),
            TableColumn("files", "Files", format_count, "number"),
        ),
    )
    listing = ReportTable(
        "files",
        "Every derived file and its hash",
        files,
        (
            TableColumn("path", "File"),
            TableColumn("step", "Step"),
            TableColumn("sha256", "SHA-256", shorten_hash),
        ),
        note="Hashes are cut to 12 digits here; the CSV has them whole, with the inputs and arguments of each step.",
        fold=True,
    )
    return [overview, listing]

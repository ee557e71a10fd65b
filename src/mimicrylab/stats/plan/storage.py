"""Results of a plan as files, and back: results.json, and of each analysis its table and its curves as CSV.

``results.json`` holds every estimate and how it came to be. Of each analysis, ``<id>/estimates.csv`` are its estimates
and checks, ``<id>/data.csv`` is the table that the model saw, and ``<id>/<curve>.csv`` what a figure draws, with NA for
what is missing, so that R reads them as they are. No time of day stands in them: the same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

import polars as pl
from pydantic import ValidationError

from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.estimates import Estimate, decode_estimates, tabulate_estimates
from mimicrylab.stats.plan.data import Labels
from mimicrylab.stats.plan.results import AnalysisResult, State
from mimicrylab.tables import Provenance, write_text

RESULTS_FILE = "results.json"
DATA_FILE = "data.csv"
ESTIMATES_FILE = "estimates.csv"
VERSION = 1
MISSING = "NA"
DTYPES: dict[str, type[pl.DataType]] = {
    str(dtype): dtype for dtype in (pl.String, pl.Float64, pl.Int64, pl.Int32, pl.UInt32, pl.Boolean)
}
"""Types of columns that are written; any other is written as text."""


@dataclass(frozen=True)
class PlanResults:
    """The results of a plan, with what they were made from.

    Parameters
    ----------
    results
        One for each analysis, in the order of the plan.
    provenance
        Step, hashes of the inputs, the settings that the plan rests on, software.
    labels, seed, notes
        As in ``PlanData``: whether arms are real, the seed, and what must be said of the whole.
    people, analysed
        How many people there are, and how many of them with a recording that can be used.
    """

    results: tuple[AnalysisResult, ...]
    provenance: Provenance
    labels: Labels = "none"
    seed: int = 0
    notes: tuple[str, ...] = ()
    people: int = 0
    analysed: int = 0
    files: tuple[str, ...] = field(default=(), compare=False)


def write_results(folder: Path, plan: PlanResults) -> tuple[str, ...]:
    """Write the results of a plan into a folder and return the files' paths in it, ``results.json`` first.

    Files of an earlier plan that are not among the new ones are removed; other files are left alone. ``results.json``
    is written last, so that it never speaks of files that are not there.
    """
    old = _list_old_files(folder)
    files: list[str] = []
    for result in plan.results:
        for name, table in _list_tables(result):
            write_text(folder / name, write_csv(table))
            files.append(name)
    text = json.dumps(_encode_plan(plan, files), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
    write_text(folder / RESULTS_FILE, text)
    for name in sorted(set(old) - set(files)):
        path = folder / name
        path.unlink(missing_ok=True)
        if path.parent != folder and path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
    return (RESULTS_FILE, *files)


def read_results(folder: Path) -> PlanResults | None:
    """Return the results that lie in a folder, or None where there are none.

    Raises
    ------
    DamagedFileError
        ``results.json`` or one of the tables cannot be read.
    """
    path = folder / RESULTS_FILE
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _decode_plan(content, folder)
    except (ValueError, KeyError, TypeError, OSError, ValidationError, pl.exceptions.PolarsError) as error:
        raise DamagedFileError(
            "the results of the analyses cannot be read",
            where=str(path),
            found=str(error).splitlines()[0][:200],
            do="delete the folder and give  mimicrylab analyse  again",
        ) from error


def read_results_provenance(folder: Path) -> Provenance | None:
    """Return what the results in a folder were made from, or None where there are none or they cannot be read."""
    path = folder / RESULTS_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Provenance(**content["provenance"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_csv(table: pl.DataFrame) -> str:
    r"""Return a table as CSV text with ``NA`` for what is missing.

    Examples
    --------
    >>> write_csv(pl.DataFrame({"participant_id": ["P1", "P2"], "value": [0.5, None]}))
    'participant_id,value\nP1,0.5\nP2,NA\n'
    """
    flat = table.with_columns(
        pl.col(name).cast(pl.String) for name, dtype in table.schema.items() if str(dtype) not in DTYPES
    )
    return flat.write_csv(null_value=MISSING)


def _list_tables(result: AnalysisResult) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the path and the table of everything that an analysis leaves as CSV."""
    numbers = [*result.estimates, *result.checks]
    if numbers:
        parts = ["estimate"] * len(result.estimates) + ["check"] * len(result.checks)
        table = tabulate_estimates(numbers).with_columns(pl.Series("part", parts))
        yield f"{result.analysis.id}/{ESTIMATES_FILE}", table.select("analysis", "part", pl.exclude("analysis", "part"))
    if result.data.width:
        yield f"{result.analysis.id}/{DATA_FILE}", result.data
    for name, curve in result.curves.items():
        yield f"{result.analysis.id}/{name}.csv", curve


def _encode_plan(plan: PlanResults, files: Sequence[str]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "provenance": asdict(plan.provenance),
        "labels": plan.labels,
        "seed": plan.seed,
        "notes": list(plan.notes),
        "people": plan.people,
        "analysed": plan.analysed,
        "files": list(files),
        "analyses": [_encode_result(result) for result in plan.results],
    }


def _encode_result(result: AnalysisResult) -> dict[str, Any]:
    return {
        "analysis": result.analysis.model_dump(mode="json"),
        "state": result.state,
        "reason": result.reason,
        "labels": result.labels,
        "estimates": [one.to_dict() for one in result.estimates],
        "tests": list(result.tests),
        "checks": [one.to_dict() for one in result.checks],
        "roles": dict(result.roles),
        "notes": list(result.notes),
        "published": result.published,
        "r_code": result.r_code,
        "data": _encode_columns(result.data) if result.data.width else None,
        "curves": {name: _encode_columns(curve) for name, curve in result.curves.items()},
    }


def _encode_columns(table: pl.DataFrame) -> list[list[str]]:
    """Return the columns and their types, in order."""
    return [[name, str(dtype) if str(dtype) in DTYPES else "String"] for name, dtype in table.schema.items()]


def _list_old_files(folder: Path) -> tuple[str, ...]:
    try:
        content = json.loads((folder / RESULTS_FILE).read_text(encoding="utf-8"))
        return tuple(str(name) for name in content["files"] if ".." not in Path(str(name)).parts)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _decode_plan(content: Mapping[str, Any], folder: Path) -> PlanResults:
    if content["version"] != VERSION:
        raise ValueError(f"this file is of version {content['version']}, this program reads {VERSION}")
    if content["labels"] not in get_args(Labels):
        raise ValueError(f"unknown labels {content['labels']!r}")
    return PlanResults(
        results=tuple(_decode_result(each, folder) for each in content["analyses"]),
        provenance=Provenance(**content["provenance"]),
        labels=content["labels"],
        seed=content["seed"],
        notes=tuple(content["notes"]),
        people=content["people"],
        analysed=content["analysed"],
        files=tuple(content["files"]),
    )


def _decode_result(content: Mapping[str, Any], folder: Path) -> AnalysisResult:
    analysis = Analysis.model_validate_json(json.dumps(content["analysis"]))
    if content["state"] not in get_args(State):
        raise ValueError(f"unknown state {content['state']!r}")
    own = folder / analysis.id
    columns = content["data"]
    return AnalysisResult(
        analysis=analysis,
        state=content["state"],
        reason=content["reason"],
        estimates=_decode_estimates(content["estimates"]),
        tests=tuple(content["tests"]),
        checks=_decode_estimates(content["checks"]),
        data=_read_csv(own / DATA_FILE, columns) if columns else pl.DataFrame(),
        roles=content["roles"],
        curves={name: _read_csv(own / f"{name}.csv", schema) for name, schema in content["curves"].items()},
        notes=tuple(content["notes"]),
        published=content["published"],
        r_code=content["r_code"],
        labels=content["labels"],
    )


def _decode_estimates(rows: list[Any]) -> tuple[Estimate, ...]:
    try:
        return tuple(decode_estimates(json.dumps(rows)))
    except InputError as error:
        raise ValueError(error.problem) from error


def _read_csv(path: Path, columns: Sequence[Sequence[str]]) -> pl.DataFrame:
    schema = {name: DTYPES[dtype] for name, dtype in columns}
    return pl.read_csv(path, schema=schema, null_values=MISSING)

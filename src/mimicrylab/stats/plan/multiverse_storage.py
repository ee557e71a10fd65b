"""What a multiverse found as files, and back: ``analyses/<id>/multiverse.json`` and ``multiverse.csv``.

The table of specifications is CSV with NA for what is missing; the joint test and what was declared are JSON. The same
inputs give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.multiverse import Multiverse
from mimicrylab.stats.estimates import decode_estimates
from mimicrylab.stats.plan.multiverse import ROW_SCHEMA, MultiverseResult
from mimicrylab.stats.plan.storage import MISSING, write_csv
from mimicrylab.tables import Provenance, write_text

RESULT_FILE = "multiverse.json"
TABLE_FILE = "multiverse.csv"
VALUES_FILE = "multiverse.parquet"
VERSION = 1


def write_multiverse(folder: Path, result: MultiverseResult, provenance: Provenance) -> None:
    """Write a multiverse into the folder ``analyses`` of a study, its table first."""
    own = folder / result.analysis.id
    write_text(own / TABLE_FILE, write_csv(result.table))
    content = {
        "version": VERSION,
        "provenance": asdict(replace(provenance, notes={**provenance.notes, "labels": result.labels})),
        "analysis": result.analysis.model_dump(mode="json"),
        "multiverse": result.multiverse.model_dump(mode="json"),
        "choices": list(result.choices),
        "joint": [one.to_dict() for one in result.joint],
        "notes": list(result.notes),
        "labels": result.labels,
        "seed": result.seed,
        "standing": result.standing,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
    write_text(own / RESULT_FILE, text)


def read_multiverse(folder: Path, analysis: str) -> MultiverseResult | None:
    """Return the multiverse of an analysis from the folder ``analyses`` of a study; None where there is none.

    Raises
    ------
    DamagedFileError
        Its files cannot be read.
    """
    path = folder / analysis / RESULT_FILE
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            raise ValueError(f"this file is of version {content['version']}, this program reads {VERSION}")
        choices = tuple(content["choices"])
        schema = {**ROW_SCHEMA, **dict.fromkeys(choices, pl.String)}
        return MultiverseResult(
            analysis=Analysis.model_validate_json(json.dumps(content["analysis"])),
            multiverse=Multiverse.model_validate_json(json.dumps(content["multiverse"])),
            table=pl.read_csv(path.with_name(TABLE_FILE), schema=schema, null_values=MISSING),
            choices=choices,
            joint=tuple(decode_estimates(json.dumps(content["joint"]))),
            notes=tuple(content["notes"]),
            labels=content["labels"],
            seed=content["seed"],
            standing=content["standing"],
        )
    except (ValueError, KeyError, TypeError, OSError, ValidationError, InputError, pl.exceptions.PolarsError) as error:
        raise DamagedFileError(
            "the multiverse of this analysis cannot be read",
            where=str(path),
            found=str(error).splitlines()[0][:200],
            do="delete the file and give  mimicrylab analyse --multiverse  again",
        ) from error


def read_multiverse_provenance(folder: Path, analysis: str) -> Provenance | None:
    """Return what the multiverse of an analysis was made from, or None where there is none that can be read."""
    try:
        content = json.loads((folder / analysis / RESULT_FILE).read_text(encoding="utf-8"))
        return Provenance(**content["provenance"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def list_multiverses(folder: Path) -> tuple[str, ...]:
    """Return the analyses that have a multiverse, by name."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{RESULT_FILE}")))

"""The verb ``unblind``: open the sealed list of kits, or, in an emergency, the code of one kit. Both are logged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import ConflictError, InputError
from mimicrylab.protocol.sealed_kits import SEALED_PATH, open_kit, open_list, read_sealed
from mimicrylab.schemas import ARMS
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import Provenance, hash_file, write_table


@dataclass(frozen=True)
class BrokenCode:
    """The arm of one kit, opened in an emergency."""

    kit: str
    arm: str


def unblind_study(root: Path, *, passphrase: str, by: str) -> Path:
    """Write the arms of all kits to arms.parquet and log who did it.

    Raises
    ------
    ConflictError
        The arms are written already.
    InputError
        Nobody is named.
    MissingError
        There is no sealed list.
    RefusedError
        The passphrase is wrong.
    """
    folder = open_study(root)
    name = _require("--by", by, "who opens the list")
    path = folder.table_path("arms")
    if path.exists():
        raise ConflictError("the arms are known already", where=str(path))
    sealed_path = folder.root / SEALED_PATH
    opened = open_list(read_sealed(sealed_path), passphrase)
    rows = [(kit.kit, kit.stratum, kit.arm) for kit in opened.kits]
    frame = pl.DataFrame(rows, schema={column.name: column.dtype for column in ARMS.columns}, orient="row")
    provenance = Provenance("unblind", inputs={"sealed-kits": hash_file(sealed_path)}, notes={"seed": opened.seed})
    append_log(folder, "unblind", {"by": name, "kits": len(rows)})
    write_table(frame, path, ARMS, provenance)
    return path


def break_code(
    root: Path, *, kit: str, by: str, reason: str, passphrase: str | None = None, code: str | None = None
) -> BrokenCode:
    """Return the arm of one kit and log who broke its code and why. The arm itself is written nowhere.

    Raises
    ------
    InputError
        Nobody or no reason is named, or there is no such kit.
    RefusedError
        The passphrase or the code is wrong.
    """
    folder = open_study(root)
    details = {
        "kit": kit,
        "by": _require("--by", by, "who breaks the code"),
        "reason": _require("--reason", reason, "why it is broken (not more of the participant than is needed)"),
    }
    arm = open_kit(read_sealed(folder.root / SEALED_PATH), kit, passphrase=passphrase, code=code)
    append_log(folder, "unblind --emergency", details)
    return BrokenCode(kit, arm)


def _require(option: str, text: str, meaning: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise InputError(f"{option} is missing", expected=meaning)
    return plain

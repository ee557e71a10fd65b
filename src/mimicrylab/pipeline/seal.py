"""``new --seal``: a third party makes the sealed list of kits. After it, nothing in the folder tells an arm."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.errors import ConflictError, InputError, RefusedError
from mimicrylab.protocol.assignment import list_strata, randomise_kits
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.sealed_kits import COST, SEALED_PATH, list_codes, seal_kits, write_sealed
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import hash_file, write_text

SEED_BITS = 63


@dataclass(frozen=True)
class SealedStudy:
    """What was sealed: where the list lies, how many kits and strata, and the files written for the third party."""

    path: Path
    kits: int
    strata: int
    written: tuple[Path, ...]


def seal_study(
    root: Path,
    *,
    passphrase: str,
    seed: int | None = None,
    codes: Path | None = None,
    pharmacy_list: Path | None = None,
    cost: int = COST,
) -> SealedStudy:
    """Randomise the kits of the study at ``root`` and write the sealed list.

    Parameters
    ----------
    root
        The study folder.
    passphrase
        Opens the list; it is stored nowhere.
    seed
        Seed of the randomisation; None draws one. It is kept inside the sealed list only.
    codes
        File outside the folder for the emergency codes, one a kit; each opens its own kit.
    pharmacy_list
        File outside the folder for the open list kit -> arm, for whoever labels the kits.
    cost
        Work of one guess of the passphrase (scrypt's n).

    Raises
    ------
    InputError
        The study has no arms, or nobody is blinded, or the passphrase is too short.
    ConflictError
        There is a sealed list already, or a file to be written exists.
    RefusedError
        A file for the third party would lie in the study folder.
    """
    folder = open_study(root)
    assignment = read_study(folder.study_file).assignment
    if assignment is None or assignment.blinding == "none":
        raise InputError(
            "there is nothing to seal",
            where=str(folder.study_file),
            expected="assignment with arms, and blinding: double or single",
        )
    target = folder.root / SEALED_PATH
    _refuse_conflicts(target, folder.table_path("arms"), root=folder.root, outside=(codes, pharmacy_list))
    drawn = secrets.randbits(SEED_BITS) if seed is None else seed
    kits = randomise_kits(assignment, seed=drawn)
    sealed = seal_kits(kits, passphrase, seed=drawn, cost=cost)
    if codes is not None:
        _write_rows(codes, ("kit", "code"), list_codes(sealed, passphrase).items())
    if pharmacy_list is not None:
        _write_rows(pharmacy_list, ("kit", "stratum", "arm"), ((k.kit, k.stratum or "", k.arm) for k in kits))
    write_sealed(target, sealed)
    append_log(folder, "seal", {"kits": len(kits), "sha256": hash_file(target)})
    written = tuple(path for path in (codes, pharmacy_list) if path is not None)
    return SealedStudy(target, len(kits), len(list_strata(assignment)), written)


def _refuse_conflicts(target: Path, arms: Path, *, root: Path, outside: Iterable[Path | None]) -> None:
    if target.exists():
        raise ConflictError(
            "the kits of this study are sealed already",
            where=str(target),
            do="a second list would give the same numbers other arms; keep the first",
        )
    if arms.exists():
        raise ConflictError("the arms of this study are known already", where=str(arms))
    for path in outside:
        if path is None:
            continue
        if path.resolve().is_relative_to(root.resolve()):
            raise RefusedError(
                "a file that tells arms must not lie in the study folder",
                where=str(path),
                do="name a file that only the third party can open",
            )
        if path.exists():
            raise ConflictError("this file exists already", where=str(path), do="choose another name")


def _write_rows(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_text(path, text.getvalue())
    path.chmod(0o600)

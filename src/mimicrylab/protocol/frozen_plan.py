"""A study as it was frozen: what study.yaml declares and refers to, its hash, when, by which version, after which data.

The canonical plan is every setting with its default filled in, so that a later version of MimicryLab with another
default shows as a deviation; and what study.yaml refers to: keys of questionnaires, stimuli, congruent action units,
hashes of texts. Its hash is the SHA-256 of that as JSON with sorted keys and no spaces, in UTF-8. Date, software and
what had been collected stand beside it and do not enter the hash: the same plan has the same hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mimicrylab.errors import DamagedFileError, MimicryLabError
from mimicrylab.protocol.congruence import list_congruent
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.protocol.study_check import list_texts
from mimicrylab.protocol.wording import locate_wording

FOLDER = "plan"
FROZEN_NAME = "frozen.json"
DOCUMENT_NAME = "preregistration"
NOT_PLANNED = frozenset({"notice"})
"""Settings that are no part of the plan: a sentence for the top of the report."""

OLDER = re.compile(r"frozen-(\d+)\.json$")


@dataclass(frozen=True)
class FrozenPlan:
    """One frozen version of a study.

    Parameters
    ----------
    version
        1 for the first freezing, 2 for the next ...
    frozen
        Date and time, ISO 8601 with offset.
    software
        Program and version that froze it.
    sha256
        Hash of ``plan``.
    plan
        ``study`` (every setting of study.yaml) and ``materials`` (what it refers to).
    collected
        What the folder held of participants' data at that time (``12 recordings``); empty: nothing.
    """

    version: int
    frozen: str
    software: str
    sha256: str
    plan: Mapping[str, Any] = field(repr=False)
    collected: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The day of freezing, ISO 8601."""
        return self.frozen[:10]


def collect_plan(study: Study, root: Path) -> dict[str, Any]:
    """Return the canonical plan of the study in the folder ``root``; what cannot be read is left out.

    A text that is not there yet has the hash None.
    """
    settings = {name: value for name, value in study.model_dump(mode="json").items() if name not in NOT_PLANNED}
    return {"study": settings, "materials": _collect_materials(study, root)}


def hash_plan(plan: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a canonical plan.

    Examples
    --------
    >>> hash_plan({"b": 1, "a": [1.0]}) == hash_plan({"a": [1.0], "b": 1})
    True
    """
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def encode_frozen(frozen: FrozenPlan) -> str:
    """Return a frozen plan as the text of plan/frozen.json."""
    return json.dumps(asdict(frozen), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def decode_frozen(text: str, *, where: str) -> FrozenPlan:
    """Return the frozen plan of a file's text.

    Raises
    ------
    DamagedFileError
        It is no frozen plan, or its content does not have the hash that it names: it was changed after freezing.
    """
    try:
        content = json.loads(text)
        found = FrozenPlan(
            version=int(content["version"]),
            frozen=str(content["frozen"]),
            software=str(content["software"]),
            sha256=str(content["sha256"]),
            plan=dict(content["plan"]),
            collected=tuple(str(each) for each in content["collected"]),
        )
        sha256 = hash_plan(found.plan)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFileError(
            "this is no frozen plan", where=where, expected="the file that mimicrylab plan --freeze wrote"
        ) from error
    if sha256 != found.sha256:
        raise DamagedFileError(
            "the frozen plan was changed after it was frozen",
            where=where,
            expected=f"SHA-256 {found.sha256}",
            found=sha256,
            do="put the file back as it was frozen; to change the plan, change study.yaml and freeze again",
        )
    return found


def read_frozen(root: Path) -> FrozenPlan | None:
    """Return the latest frozen plan of the study folder ``root``, or None where none was frozen.

    Raises
    ------
    DamagedFileError
        See `decode_frozen`.
    """
    path = root / FOLDER / FROZEN_NAME
    return _read(path, root) if path.is_file() else None


def list_frozen(root: Path) -> tuple[FrozenPlan, ...]:
    """Return every frozen plan of the study folder ``root``, the oldest first.

    Raises
    ------
    DamagedFileError
        See `decode_frozen`.
    """
    older = [path for path in (root / FOLDER).glob("frozen-*.json") if OLDER.search(path.name)]
    found = [_read(path, root) for path in older]
    latest = read_frozen(root)
    return tuple(sorted([*found, *([latest] if latest else [])], key=lambda plan: plan.version))


def _read(path: Path, root: Path) -> FrozenPlan:
    where = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DamagedFileError("this is no frozen plan", where=where, expected="a text in UTF-8") from error
    return decode_frozen(text, where=where)


def _collect_materials(study: Study, root: Path) -> dict[str, Any]:
    languages = study.languages
    texts = [root / "texts" / f"{name}.{language}.md" for name in list_texts(study) for language in languages]
    texts += [locate_wording(root, use.name, language) for use in study.scales for language in languages]
    found: dict[str, Any] = {
        "scales": {},
        "texts": {path.relative_to(root).as_posix(): _hash_text(path) for path in texts},
        "stimuli": {},
        "congruent": {},
    }
    for use in study.scales:
        try:
            found["scales"][use.name] = find_scale(use.name, root=root).scale.model_dump(mode="json")
        except MimicryLabError:
            continue
    try:
        table = read_manifest(root / study.stimuli.manifest, root=root, sets=study.stimuli.sets).table
    except MimicryLabError:
        return found
    rows = table.drop("path", "licence").sort("stimulus").to_dicts()
    found["stimuli"] = {row["stimulus"]: {key: row[key] for key in row if key != "stimulus"} for row in rows}
    for name, one in study.stimuli.sets.items():
        try:
            congruent = list_congruent(one.congruence, table.filter(table["set"] == name))
        except MimicryLabError:
            continue
        found["congruent"][name] = {emotion: list(units) for emotion, units in congruent.items() if units}
    return found


def _hash_text(path: Path) -> str | None:
    """Return the hash of a text whatever its line ends, or None where it is not there."""
    if not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()

"""The wording of a questionnaire, as its user brings it: texts/<scale>.<language>.txt, a line an item, in order.

MimicryLab ships keys, never wording. Without the file, a page shows "item 1" and says why.
"""

from __future__ import annotations

import re
from pathlib import Path

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import Scale

NUMBERED = re.compile(r"^\s*(\d+)\s*[.):\t]\s*(.+)$")


def locate_wording(root: Path, scale: str, language: str) -> Path:
    """Return where the wording of a scale lies in the study folder ``root``."""
    return root / "texts" / f"{scale}.{language}.txt"


def read_wording(path: Path, scale: Scale) -> tuple[str, ...] | None:
    """Return the items' texts in order, or None where there is no file.

    Lines are ``1. text``; lines without a number are counted through when no line has one. Empty lines are left out.

    Raises
    ------
    InputError
        The number of items is not the scale's, or a number is missing or stands twice.
    """
    if not path.is_file():
        return None
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise InputError("the wording is not in UTF-8", where=path.name) from error
    numbered = [NUMBERED.match(line) for line in lines]
    if any(numbered) and not all(numbered):
        place = next(place for place, found in enumerate(numbered) if found is None)
        raise InputError("a line has no number, and others have", where=f"{path.name}, item line {place + 1}")
    texts = {int(found[1]): found[2] for found in numbered if found} or dict(enumerate(lines, start=1))
    if len(lines) != scale.items or sorted(texts) != list(range(1, scale.items + 1)):
        raise InputError(
            f"the wording does not fit {scale.name}",
            where=path.name,
            expected=f"{scale.items} items, numbered 1 to {scale.items}",
            found=f"{len(lines)} lines, {len(texts)} different numbers",
        )
    return tuple(texts[number] for number in sorted(texts))

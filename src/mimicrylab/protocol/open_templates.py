"""Templates whose placeholders are filled with an open stimulus set, so that a new study can be shown at once.

A placeholder keeps its name; its person, action units, times, file, checksum and licence become those of a stimulus of
the open set. Each placeholder person becomes another person of the same sex, who shows all that is wanted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mimicrylab.errors import InputError
from mimicrylab.protocol.open_stimuli import LICENCE, SOURCE, OpenSet
from mimicrylab.protocol.stimuli import COLUMNS
from mimicrylab.protocol.stimulus_rows import write_cells

MANIFEST = "stimuli/stimuli.csv"

TAKES: Mapping[str, Mapping[str, str]] = {
    "minimal": {"faces": "open_clips"},
    "classic": {"morphs": "open_clips"},
    "stimulus-rating": {"stills": "open_stills", "clips": "open_clips"},
}
"""Template -> its stimulus set -> the open set that fills it."""

DECLARED = f'''source: "{SOURCE}"
      licence: {LICENCE}
      action_units_from: published   # set when the faces were rendered'''

EDITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "minimal": (
        (
            "source: placeholder; say here where your stimuli come from\n"
            "      action_units_from: prototype   # facs_coded, published, prototype or unknown",
            DECLARED,
        ),
    ),
    "classic": (
        (
            "source: placeholder; say here which pictures were morphed, and with which program\n"
            "      action_units_from: prototype",
            DECLARED,
        ),
    ),
}
"""What study.yaml says otherwise once the set is filled: (old, new)."""


@dataclass(frozen=True)
class FilledTemplate:
    """Texts of a template (path within the study -> text) and files to be copied (path -> where they are)."""

    texts: Mapping[str, str]
    files: Mapping[str, Path] = field(default_factory=dict)


def fill_template(name: str, texts: Mapping[str, str], sets: Sequence[OpenSet]) -> FilledTemplate:
    """Return a template with the stimuli of the open sets; as it is where it takes none, or they are not all there.

    Raises
    ------
    InputError
        The template does not say what is to be changed (a mistake in MimicryLab).
    """
    by_name = {one.name: one for one in sets}
    takes = TAKES.get(name, {})
    if not takes or not set(takes.values()) <= set(by_name):
        return FilledTemplate(texts)
    rows = list(csv.DictReader(io.StringIO(texts[MANIFEST], newline="")))
    filled: list[dict[str, str]] = []
    files: dict[str, Path] = {}
    for set_name, open_name in takes.items():
        one = by_name[open_name]
        own = [row for row in rows if row["set"] == set_name]
        people = _pair_people(own, one)
        if people is None:
            return FilledTemplate(texts)
        shown = {(row["model_id"], row["emotion"]): row for row in one.stimuli.iter_rows(named=True)}
        for row in own:
            stimulus = shown[people[row["model_id"]], row["emotion"]]
            file = f"stimuli/{set_name}/{Path(stimulus['path']).name}"
            files[file] = one.folder / stimulus["path"]
            cells = {**write_cells(stimulus), "file": file, "sha256": stimulus["sha256"]}
            filled.append({**row, **cells, "stimulus": row["stimulus"]})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(filled)
    return FilledTemplate({**texts, MANIFEST: out.getvalue(), "study.yaml": _edit(name, texts["study.yaml"])}, files)


def _pair_people(rows: Sequence[Mapping[str, str]], one: OpenSet) -> dict[str, str] | None:
    """Return placeholder person -> person of the set, of the same sex (F1 -> F01); None: there are too few."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row["model_id"], set()).add(row["emotion"])
    shows: dict[str, set[str]] = {}
    for row in one.stimuli.sort("model_id").iter_rows(named=True):
        shows.setdefault(row["model_id"], set()).add(row["emotion"])
    pairs: dict[str, str] = {}
    for model, emotions in wanted.items():
        free = [
            name for name in shows if name not in pairs.values() and name[0] == model[0] and emotions <= shows[name]
        ]
        if not free:
            return None
        pairs[model] = model if model in free else free[0]
    return pairs


def _edit(name: str, text: str) -> str:
    for old, new in EDITS.get(name, ()):
        if old not in text:
            raise InputError("the template does not say what is to be changed", where="study.yaml", expected=old)
        text = text.replace(old, new)
    return text

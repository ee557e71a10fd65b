"""Templates of study folders: package data, copied as they are. Each is a study that can be read, checked and run."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from mimicrylab.errors import UnknownNameError

TEMPLATES = {
    "minimal": "recordings you already have: one block, three measures",
    "empathy": "pictures of six emotions and the Empathy Quotient (Kovalchuk et al., 2022)",
    "oxytocin": "double-blind trial with clips of four emotions (Pavarini et al., 2019)",
    "classic": "fixation, happy and angry morphs, AU12 and AU04 in bins",
    "stimulus-rating": "judges name emotion, intensity and realness: validates the open stimulus set",
    "demo": "the folder that mimicrylab demo fills with sample videos",
}
"""Name -> what it is for."""


def read_template(name: str) -> dict[str, str]:
    """Return the files of a template: path within the study folder -> text.

    Examples
    --------
    >>> sorted(read_template("minimal"))
    ['README.md', 'stimuli/stimuli.csv', 'study.yaml']

    Raises
    ------
    UnknownNameError
        There is no such template; the nearest is proposed.
    """
    if name not in TEMPLATES:
        raise UnknownNameError("template", name, TEMPLATES)
    root = files("mimicrylab.protocol") / "templates" / name
    return dict(sorted(_walk(root, PurePosixPath())))


def _walk(folder: Traversable, path: PurePosixPath) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        inside = path / entry.name
        if entry.is_dir():
            found += _walk(entry, inside)
        else:
            found.append((inside.as_posix(), entry.read_text(encoding="utf-8")))
    return found

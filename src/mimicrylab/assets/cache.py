"""The local cache of assets: where it is, and whether a file in it is what it should be."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from mimicrylab.assets.manifest import Asset

CACHE_VARIABLE = "MIMICRYLAB_CACHE"
"""Environment variable that puts the cache elsewhere."""


def find_cache_directory() -> Path:
    """Return the cache directory: ``$MIMICRYLAB_CACHE``, or the system's usual place for caches."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "mimicrylab" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "mimicrylab"
    xdg = os.environ.get("XDG_CACHE_HOME")
    return (Path(xdg) if xdg else Path.home() / ".cache") / "mimicrylab"


def locate_asset(asset: Asset) -> Path:
    """Return where ``asset`` lies in the cache, whether it is there or not.

    The hash is part of the path, so that two versions of MimicryLab do not overwrite each other's files.
    """
    return find_cache_directory() / "assets" / asset.sha256[:16] / asset.name


def is_cached(asset: Asset) -> bool:
    """Return whether the cache holds ``asset`` with the right size and hash."""
    path = locate_asset(asset)
    return path.is_file() and path.stat().st_size == asset.size_bytes and hash_path(path) == asset.sha256


def hash_path(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

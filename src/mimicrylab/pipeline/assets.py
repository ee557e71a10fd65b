"""The verb ``assets``: say which model files and sample media there are, and fetch them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.assets import Asset, FetchProgress, fetch_asset, find_asset, list_assets
from mimicrylab.assets.cache import is_cached, locate_asset


@dataclass(frozen=True)
class AssetState:
    """An asset, and where it is if the cache has it."""

    asset: Asset
    path: Path | None


def survey_assets() -> tuple[AssetState, ...]:
    """Return every asset of the manifest and whether the cache has it; downloads nothing."""
    return tuple(AssetState(asset, locate_asset(asset) if is_cached(asset) else None) for asset in list_assets())


def fetch_assets(
    names: Sequence[str] = (), *, watch: Callable[[FetchProgress], None] | None = None
) -> tuple[AssetState, ...]:
    """Fetch the named assets, or all model files when none is named.

    Raises
    ------
    UnknownNameError
        A name is not in the manifest; nothing is fetched.
    AssetError
        One cannot be had.
    """
    assets = [find_asset(name) for name in names] or list_assets("model")
    return tuple(AssetState(asset, fetch_asset(asset.name, watch=watch)) for asset in assets)

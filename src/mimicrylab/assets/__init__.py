"""Model files and sample media, known by their SHA-256."""

from mimicrylab.assets.fetch import FetchProgress, fetch_asset
from mimicrylab.assets.manifest import Asset, find_asset, list_assets

__all__ = ["Asset", "FetchProgress", "fetch_asset", "find_asset", "list_assets"]

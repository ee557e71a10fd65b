import sys

import pytest

from mimicrylab.assets.cache import find_cache_directory, locate_asset
from mimicrylab.assets.manifest import find_asset


def test_the_variable_decides_where_the_cache_is(tmp_path, monkeypatch):
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path))
    assert find_cache_directory() == tmp_path


@pytest.mark.parametrize(
    ("platform", "ending"),
    [
        ("linux", ("xdg", "mimicrylab")),
        ("darwin", ("Library", "Caches", "mimicrylab")),
        ("win32", ("local", "mimicrylab", "cache")),
    ],
)
def test_each_system_has_its_usual_place(platform, ending, tmp_path, monkeypatch):
    monkeypatch.delenv("MIMICRYLAB_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(sys, "platform", platform)
    assert find_cache_directory().parts[-len(ending) :] == ending


def test_another_hash_lies_elsewhere(tmp_path, monkeypatch):
    """Two versions of the program may want two versions of a file."""
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path))
    asset = find_asset("face_landmarker.task")
    changed = type(asset)(**{**asset.__dict__, "sha256": "0" * 64})
    assert locate_asset(asset) != locate_asset(changed)

"""A coder of another package, installed for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mimicrylab import registry


@pytest.fixture
def grey_coder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Install ``grey_coder.py`` as a package that registers the coder ``grey``; workers find it, too."""
    site = tmp_path_factory.mktemp("site")
    source = Path(__file__).with_name("grey_coder.py").read_text(encoding="utf-8")
    (site / "grey_coder.py").write_text(source, encoding="utf-8")
    information = site / "grey_coder-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: grey-coder\nVersion: 1.0\n", encoding="utf-8")
    entry = "[mimicrylab.coders]\ngrey = grey_coder:GreyCoder\n"
    (information / "entry_points.txt").write_text(entry, encoding="utf-8")
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", str(site))
    registry._find_entry_points.cache_clear()
    yield "grey"
    registry._find_entry_points.cache_clear()

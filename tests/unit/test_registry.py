"""Names -> objects, with a plugin package that really lies on the path."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mimicrylab import registry
from mimicrylab.errors import DependencyError, UnknownNameError
from mimicrylab.registry import GROUPS, Registered, list_registered, load_registered

GROUP = "mimicrylab.scales"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package "calm" that registers two scales: one loads, one needs a package that is not there."""
    metadata = tmp_path / "calm-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: calm\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\nzz_calm = calm:SCALE\nzz_broken = calm_broken:SCALE\n")
    (tmp_path / "calm.py").write_text("SCALE = 'the calm scale'\n")
    (tmp_path / "calm_broken.py").write_text("import a_package_that_nobody_has\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry._find_entry_points.cache_clear()
    yield tmp_path
    registry._find_entry_points.cache_clear()


@pytest.mark.usefixtures("plugin")
def test_another_packages_part_is_listed_with_its_package_and_without_importing_it() -> None:
    found = list_registered(GROUP)
    assert Registered("zz_calm", "calm", "calm:SCALE") in found
    assert Registered("zz_broken", "calm", "calm_broken:SCALE") in found
    assert [part.name for part in found] == sorted(part.name for part in found)


@pytest.mark.usefixtures("plugin")
def test_a_part_is_loaded_by_its_name() -> None:
    assert load_registered(GROUP, "zz_calm") == "the calm scale"


@pytest.mark.usefixtures("plugin")
def test_an_unknown_name_proposes_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown scale 'zz_calmm' \(did you mean 'zz_calm'\?\)"):
        load_registered(GROUP, "zz_calmm")


@pytest.mark.usefixtures("plugin")
def test_a_part_whose_requirement_is_missing_says_which() -> None:
    with pytest.raises(DependencyError, match="needs a_package_that_nobody_has, which is not installed"):
        load_registered(GROUP, "zz_broken")


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_can_be_listed(group: str) -> None:
    assert all(isinstance(part, Registered) for part in list_registered(group))

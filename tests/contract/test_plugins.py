"""Everything registered loads and does what its kind promises."""

import tomllib

import pytest

from contract.pages import ROOT
from mimicrylab.registry import GROUPS, list_registered, load_registered

OWN = [(group, part) for group in GROUPS for part in list_registered(group) if part.package == "mimicrylab"]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"].get("entry-points", {})


def test_what_pyproject_declares_is_what_is_found() -> None:
    found = {(group, part.name, part.target) for group, part in OWN}
    assert found == {(group, name, target) for group, parts in DECLARED.items() for name, target in parts.items()}


def test_only_known_groups_are_declared() -> None:
    assert set(DECLARED) <= set(GROUPS)


@pytest.mark.parametrize(("group", "name"), [(group, part.name) for group, part in OWN])
def test_every_registered_part_loads(group: str, name: str) -> None:
    assert load_registered(group, name) is not None


@pytest.mark.parametrize("name", [part.name for group, part in OWN if group == "mimicrylab.coders"])
def test_a_coder_describes_itself_and_its_signals(name: str) -> None:
    coder = load_registered("mimicrylab.coders", name)
    coder = coder() if isinstance(coder, type) else coder
    description = coder.description
    signals = [signal.name for signal in description.signals]
    assert description.name == name
    assert description.licence
    assert description.summary
    assert len(set(signals)) == len(signals) > 0
    assert all(signal.meaning for signal in description.signals)
    obstacle = coder.find_obstacle()
    assert obstacle is None if name == "landmarker" else obstacle is None or "mimicrylab import" in obstacle

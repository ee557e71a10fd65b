"""What gets installed is what was tested."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from contract.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = sorted((ROOT / "constraints").glob("python-*.txt"))

every_pins = pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)


def list_requirements() -> list[Requirement]:
    """Return every requirement that pyproject.toml declares: core, extras, development."""
    project = PROJECT["project"]
    lists = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *PROJECT["dependency-groups"].values(),
    ]
    found = [Requirement(line) for lines in lists for line in lines]
    return [requirement for requirement in found if requirement.name != "mimicrylab"]


def test_every_python_that_is_named_has_its_tested_versions() -> None:
    classifiers = "\n".join(PROJECT["project"]["classifiers"])
    named = re.findall(r"^Programming Language :: Python :: (3\.\d+)$", classifiers, flags=re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [path.stem.removeprefix("python-") for path in PINS] == named
    assert f"VERSIONS := {' '.join(named)}\n" in makefile


@every_pins
def test_tested_versions_are_pins_and_nothing_else(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line), line


@every_pins
def test_everything_that_is_declared_is_pinned_within_its_bounds(path: Path) -> None:
    pins = {canonicalize_name(pin.name): pin for pin in map(Requirement, path.read_text(encoding="utf-8").splitlines())}
    for requirement in list_requirements():
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not pinned; do: make constraints"
        version = str(pins[name].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement}: pinned to {version}"


def test_the_core_is_light() -> None:
    core = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    assert not core & {"av", "ai-edge-litert", "opencv-python-headless", "torch", "mediapipe"}

"""House rules that a machine can see: size, names, privacy."""

import ast
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

import pytest

from contract.pages import ROOT

PACKAGE = ROOT / "src" / "mimicrylab"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 400
POOR_NAMES = ("util", "helper", "manager", "misc", "common", "process")
NETWORK = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "urllib3",
    "websockets",
}
MAY_USE_THE_NETWORK = {"assets"}
REPORTS_HOME = {
    "mediapipe",
    "sentry-sdk",
    "posthog",
    "segment-analytics-python",
    "analytics-python",
    "mixpanel",
    "opentelemetry-sdk",
    "rollbar",
    "bugsnag",
    "scarf",
    "wandb",
    "amplitude-analytics",
}

every_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))


@every_source
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@every_source
def test_a_module_is_named_after_what_it_knows(path: Path) -> None:
    name = path.parent.name if path.name == "__init__.py" else path.stem
    assert not [poor for poor in POOR_NAMES if re.search(rf"(^|_){poor}s?($|_)", name)]


@every_source
def test_a_users_mistake_is_never_an_assert_and_no_exception_is_swallowed_unnamed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), f"assert in line {node.lineno}"
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"bare except in line {node.lineno}"


def list_imports(path: Path) -> set[str]:
    """Return the full names of the modules a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@every_source
def test_only_the_assets_can_reach_the_network(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] in MAY_USE_THE_NETWORK:
        return
    imports = list_imports(path)
    assert not {name for name in imports if name.partition(".")[0] in NETWORK}
    assert not {name for name in imports if name.startswith("urllib.request")}


WITHOUT_PICTURES = ("readers", "session", "protocol", "quality", "epochs", "measures", "stats", "simulate")
FOR_PICTURES = {"ai_edge_litert", "av", "cv2", "matplotlib", "PIL"}


def test_tables_are_handled_without_loading_a_video_reader_a_face_model_or_a_plotter() -> None:
    packages = [f"mimicrylab.{name}" for name in WITHOUT_PICTURES]
    program = (
        "import importlib, pkgutil, sys\n"
        f"for name in {packages}:\n"
        "    for info in pkgutil.walk_packages(importlib.import_module(name).__path__, name + '.'):\n"
        "        importlib.import_module(info.name)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "mimicrylab.readers.openface" in loaded
    assert not loaded & FOR_PICTURES


def list_closure(package: str, extra: str) -> set[str]:
    """Return every installed package that ``package[extra]`` needs, directly or not."""
    found: set[str] = set()
    waiting = [(package, extra)]
    while waiting:
        name, wanted = waiting.pop()
        try:
            needs = requires(name) or []
        except PackageNotFoundError:
            continue
        found.add(name)
        for need in needs:
            match = re.match(r"([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?", need)
            marker = need.partition(";")[2]
            if match is None or ("extra ==" in marker and f"'{wanted}'" not in marker.replace('"', "'")):
                continue
            following = re.sub(r"[-_.]+", "-", match[1]).lower()
            for inner in (match[2] or "").split(","):
                if following not in found or following == package:
                    waiting.append((following, inner.strip()))
            if following == package:
                found.discard(package)
    return found


def test_nothing_that_reports_home_is_among_the_dependencies() -> None:
    extras = ["", *(metadata("mimicrylab").get_all("Provides-Extra") or [])]
    closure = set().union(*(list_closure("mimicrylab", extra) for extra in extras))
    assert {"mimicrylab", "polars", "ai-edge-litert", "flatbuffers"} <= closure
    assert not closure & REPORTS_HOME


def list_tracked() -> list[Path]:
    """Return the tracked text files, or every file of the tree where there is no git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in done.stdout.split("\0") if name]
    if not names:
        pytest.skip("not a git checkout")
    return [path for path in map(ROOT.joinpath, names) if path.is_file()]


def read_index_hosts() -> set[str]:
    """Return the hosts of the package indexes that this machine is set up with."""
    done = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    return set(re.findall(r"https?://(?:[^/@\s]*@)?([^/:\s']+)", done.stdout))


def test_no_tracked_file_names_a_place_on_somebodys_machine() -> None:
    places = [
        re.escape(str(ROOT.parent)) + "/",
        "/root" + "/",
        r"/home/[a-z]\w*/",
        r"/Users/[A-Za-z]\w*/",
        r"C:\\Users",
    ]
    pattern = re.compile("|".join([*places, *map(re.escape, read_index_hosts())]).encode())
    found = [str(path.relative_to(ROOT)) for path in list_tracked() if pattern.search(path.read_bytes())]
    assert not found

"""Set up ``.venv`` for the Makefile: ``python3 scripts/install.py demo`` (to run) or ``... test`` (to develop).

Uses the standard library only, and starts on any Python 3, so that an old one gets a clear message. A second call does
nothing until pyproject.toml or the constraints change. Versions are those of ``constraints/python-X.Y.txt``, which
were tested together; for another Python the newest that pyproject.toml allows are taken, and it says so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOG = ENVIRONMENT / "install.log"
LINES_SHOWN = 20
OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3")
KINDS = {"demo": ".[coding]", "test": ".[all]"}
READ_DEVELOPMENT_GROUP = (
    "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['dev'], sep='\\n')"
)


def say(text: str) -> None:
    """Print one line at once."""
    print(f"set-up: {text}", flush=True)


def read_version(python: str | Path, *, needs: str = "sys") -> tuple[int, int] | None:
    """Return (major, minor) of an interpreter, or None where it does not start or lacks a module it needs."""
    command = [str(python), "-c", f"import sys, {needs}; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def choose_python() -> str:
    """Return an interpreter that is new enough: the one that runs this, or another one on the path."""
    for candidate in (sys.executable, *filter(None, map(shutil.which, CANDIDATES))):
        version = read_version(candidate)
        if version and version >= OLDEST:
            return candidate
    sys.exit(
        "error: MimicryLab needs Python 3.11 or newer\n"
        f"  found: Python {sys.version_info[0]}.{sys.version_info[1]}, and no newer one on the path\n"
        "  do: install Python 3.11 or newer (Debian 12 and Ubuntu 24.04 have it)"
    )


def make_environment(python: str) -> None:
    """Make ``.venv`` with pip in it, by the first way that works here."""
    say(f"making .venv with {python}")
    if make_with_venv(python):
        return
    if install_with_apt("python3-venv") and make_with_venv(python):
        return
    if shutil.which("uv") and run_quietly(["uv", "venv", "--seed", "--clear", "--python", python, str(ENVIRONMENT)]):
        return
    if run_quietly([python, "-m", "virtualenv", "--clear", str(ENVIRONMENT)]):
        return
    without_pip = run_quietly([python, "-m", "venv", "--clear", "--without-pip", str(ENVIRONMENT)])
    if without_pip and run_quietly([python, "-m", "pip", "--python", str(PYTHON), "install", "pip"]):
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    sys.exit(
        "error: this Python cannot make an environment: venv, virtualenv, uv and pip are all missing\n"
        "  do: sudo apt install python3-venv   (then the same command again)"
    )


def make_with_venv(python: str) -> bool:
    """Try the standard library's venv."""
    return run_quietly([python, "-m", "venv", "--clear", str(ENVIRONMENT)])


def install_with_apt(package: str) -> bool:
    """Install a Debian or Ubuntu package where that is allowed (as root); return whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"installing {package} with apt-get")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        if subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL).returncode:
            return False
    return True


def run_quietly(command: list[str]) -> bool:
    """Run a command without its output; return whether it ended well."""
    try:
        return not subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    except OSError:
        return False


def install(kind: str, constraints: Path) -> None:
    """Install MimicryLab in place, with the development tools for ``test``."""
    packages = ["--editable", KINDS[kind]]
    if kind == "test":
        group = subprocess.run([str(PYTHON), "-c", READ_DEVELOPMENT_GROUP], stdout=subprocess.PIPE, check=True)
        packages += group.stdout.decode().split("\n")[:-1]
    options = ["--constraint", str(constraints)] if constraints.exists() else []
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *options, *packages]
    with LOG.open("w", encoding="utf-8") as log:
        failed = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
    if failed:
        print(*LOG.read_text(encoding="utf-8").splitlines()[-LINES_SHOWN:], sep="\n")
        sys.exit(f"error: pip could not install what MimicryLab needs\n  found: see above, and {LOG} for all of it")


def digest_inputs(kind: str, constraints: Path) -> str:
    """Return a digest of all that decides what gets installed."""
    digest = hashlib.sha256(kind.encode())
    for path in (ROOT / "pyproject.toml", Path(__file__), constraints):
        digest.update(path.read_bytes() if path.exists() else b"-")
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def main(kind: str) -> None:
    """Bring ``.venv`` up to date for ``kind``."""
    os.chdir(str(ROOT))
    version = read_version(PYTHON, needs="pip")
    if version is None or version < OLDEST:
        make_environment(choose_python())
        version = read_version(PYTHON) or OLDEST
    constraints = ROOT / "constraints" / f"python-{version[0]}.{version[1]}.txt"
    stamps = {name: ENVIRONMENT / f"installed-{name}" for name in KINDS}
    for name in {kind, "test"}:
        if stamps[name].exists() and stamps[name].read_text() == digest_inputs(name, constraints):
            return
    if not constraints.exists():
        say(f"Python {version[0]}.{version[1]} has no tested versions in constraints/; taking the newest")
    say("installing MimicryLab and what it needs into .venv (the first time this takes a minute or two) ...")
    start = time.monotonic()
    install(kind, constraints)
    stamps[kind].write_text(digest_inputs(kind, constraints))
    say(f"done in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in KINDS:
        sys.exit(f"usage: python3 scripts/install.py {'|'.join(KINDS)}")
    main(sys.argv[1])

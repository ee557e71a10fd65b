"""Running the real command on a case, in a process of its own."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import subprocess
import sysconfig
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from bad_input.case import ANYTHING, Case

TIMEOUT_S = 120.0
PLAIN_TERMINAL = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "120", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Outcome:
    """What the command printed, how it ended, and which files it changed, removed or added against the rules."""

    printed: str
    exit_code: int
    damaged: tuple[str, ...]


def run_case(case: Case, folder: Path) -> Outcome:
    """Build the case's input in ``folder``, run the command there, and compare the folder before and after."""
    case.make(folder)
    before = fingerprint_folder(folder)
    command = Path(sysconfig.get_path("scripts")) / "mimicrylab"
    own = {name: value.replace("{folder}", str(folder)) for name, value in case.environment.items()}
    finished = subprocess.run(
        [str(command), *shlex.split(case.command)],
        cwd=folder,
        env={**os.environ, **PLAIN_TERMINAL, **own},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    printed = "\n".join(part.strip("\n") for part in (finished.stdout, finished.stderr) if part.strip())
    printed = "\n".join(line.rstrip() for line in printed.splitlines())
    after = fingerprint_folder(folder)
    return Outcome(
        printed=printed.replace(str(folder.resolve()), "<folder>").replace(str(folder), "<folder>"),
        exit_code=finished.returncode,
        damaged=tuple(_list_damage(before, after, case.may_add)),
    )


def matches(printed: str, expected: str) -> bool:
    """Return whether ``printed`` is ``expected``, where ``[...]`` stands for any text."""
    parts = [re.escape(part) for part in expected.split(ANYTHING)]
    return re.fullmatch(".*".join(parts), printed, flags=re.DOTALL) is not None


def fingerprint_folder(folder: Path) -> dict[str, str]:
    """Return the hash of every file in ``folder``, by relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _list_damage(before: dict[str, str], after: dict[str, str], may_add: tuple[str, ...]) -> list[str]:
    gone = [f"removed {name}" for name in before if name not in after]
    changed = [f"changed {name}" for name in before if name in after and before[name] != after[name]]
    added = [
        f"added {name}" for name in after if name not in before and not any(fnmatch(name, each) for each in may_add)
    ]
    return gone + changed + added

"""Simulated studies on disk, one line each: an interrupted simulation goes on from what is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mimicrylab.power.draws import SimulatedRun, read_run


@dataclass
class RunStore:
    """The runs of one setting; ``runs`` by number of people and number of the run."""

    path: Path
    runs: dict[tuple[int, int], SimulatedRun] = field(default_factory=dict)

    @contextmanager
    def append(self) -> Iterator[_Writer]:
        """Open the file for further runs; each is on disk as soon as it is written."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = not self.path.exists() or self.path.read_bytes()[-1:] in (b"", b"\n")
        with self.path.open("a", encoding="utf-8", newline="\n") as stream:
            if not whole:  # a killed process left half a line
                stream.write("\n")
            yield _Writer(self, stream)


@dataclass(frozen=True)
class _Writer:
    store: RunStore
    stream: IO[str]

    def write(self, run: SimulatedRun) -> None:
        """Keep a run, in memory and on disk."""
        self.stream.write(json.dumps(run.to_dict(), ensure_ascii=False) + "\n")
        self.stream.flush()
        self.store.runs[run.people, run.run] = run


def open_store(folder: Path, identity: str) -> RunStore:
    """Return what is there of a setting in a folder; a line that a killed process left unfinished is left out."""
    path = folder / "runs" / f"{identity[:16]}.jsonl"
    store = RunStore(path)
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                found = read_run(json.loads(line))
            except (json.JSONDecodeError, KeyError, TypeError):
                continue
            store.runs[found.people, found.run] = found
    return store

"""Frames of the same recordings by several coders: of a study, of other programs' files, or coded now and timed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.coding.engine import Progress
from mimicrylab.errors import InputError, MissingError, count_things, quote_path
from mimicrylab.pipeline.code import code_files
from mimicrylab.pipeline.frames_file import read_frames_file
from mimicrylab.readers.reader import load_reader
from mimicrylab.session.recording import Source, find_sources
from mimicrylab.study import open_study

STEP = "compare"
PARQUET = ".parquet"

Watcher = Callable[[Progress], None]


@dataclass(frozen=True)
class CoderFrames:
    """One coder's frames: a table (or its file) for each recording, and frames a second where they were timed now."""

    coder: str
    tables: Mapping[str, Path | pl.DataFrame]
    frames_per_s: float | None = None
    notes: tuple[str, ...] = ()

    def read(self, recording_id: str) -> pl.DataFrame:
        """Return the frames of one face of a recording, in order of time."""
        held = self.tables[recording_id]
        frames = pl.read_parquet(held) if isinstance(held, Path) else held
        return frames.filter(pl.col("face") == pl.col("face").min()).sort("time")


def gather_study(root: Path, *, coders: Sequence[str] = ()) -> list[CoderFrames]:
    """Return the frames that a study has, by coder; ``coders`` chooses some.

    Raises
    ------
    MissingError
        There is no study, or it has no frames of a coder.
    """
    folder = open_study(root)
    found = {
        path.name: {file.relative_to(path).with_suffix("").as_posix(): file for file in sorted(path.rglob("*.parquet"))}
        for path in sorted(folder.frames.glob("*"))
        if path.is_dir()
    }
    wanted = list(coders) or [name for name, files in found.items() if files]
    for name in wanted:
        if not found.get(name):
            raise MissingError(
                f"the study has no frames of the coder {name!r}",
                where=str(folder.frames),
                found=f"frames of {', '.join(found)}" if found else "no frames",
                do=f"mimicrylab code --study {quote_path(folder.root)} --coder {name}, or mimicrylab import {name}",
            )
    return [CoderFrames(name, found[name]) for name in wanted]


def code_videos(
    videos: Sequence[Path],
    coders: Sequence[str],
    out: Path,
    *,
    processes: int | None = None,
    watch: Watcher | None = None,
) -> list[CoderFrames]:
    """Code videos with several coders, one after the other, and time them: frames by seconds of a process.

    What is coded already is not coded again, and not timed.

    Raises
    ------
    MissingError, ConflictError, UnknownNameError, DependencyError, RefusedError
        As ``pipeline.code.code_files``.
    InputError
        A video could not be coded.
    """
    sets = []
    for name in coders:
        folder = out / "frames" / name
        receipts = code_files(videos, folder, coder=name, processes=processes, watch=watch).receipts
        failed = [receipt for receipt in receipts if receipt.state == "failed"]
        if failed:
            raise InputError(
                f"the coder {name!r} could not code {failed[0].recording_id}", where="--video", found=failed[0].reason
            )
        now = [receipt for receipt in receipts if receipt.state == "coded"]
        seconds = sum(receipt.seconds for receipt in now)
        speed = sum(receipt.n_frames or 0 for receipt in now) / seconds if seconds else None
        sets.append(CoderFrames(name, {receipt.recording_id: receipt.target for receipt in receipts}, speed))
    return sets


def read_other_files(
    name: str, path: Path, *, videos: Sequence[Path] = (), options: Mapping[str, Any] | None = None
) -> CoderFrames:
    """Return the frames of files that another program wrote, or of our own Parquet files, by the files' names.

    Where a video of the same name is given, its own times are taken. ``options`` are those of the program's reader.

    Raises
    ------
    MissingError
        There is no such file, or no file in the folder.
    UnknownNameError, DamagedFileError, InputError
        There is no such reader, or a file is not its program's.
    """
    if not path.exists():
        raise MissingError("there is no such file or folder", where=str(path))
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    stored = [file for file in files if file.suffix == PARQUET]
    if stored:
        return CoderFrames(name, {_name(file, path): file for file in stored})
    reader = load_reader(name, **(options or {}))
    if reader.description.level != "frames":
        raise InputError(f"{reader.description.program} writes no frames", where="--frames", found=name)
    chosen = [file for file in files if path.is_file() or file.suffix.lower() in reader.description.endings]
    if not chosen:
        raise MissingError(f"the folder holds no file of {reader.description.program}", where=str(path))
    by_name = {source.recording_id: source.path for source in find_sources(list(videos))} if videos else {}
    tables: dict[str, Path | pl.DataFrame] = {}
    notes: dict[str, int] = {}
    for file in chosen:
        recording = _name(file, path)
        video = by_name.get(recording)
        read = read_frames_file(reader, Source(recording, file), face=None, video=video, step=STEP)
        tables[recording] = read.frames
        for note in read.notes:
            notes[note] = notes.get(note, 0) + 1
    told = tuple(f"{name}, {count_things(number, 'recording')}: {note}" for note, number in notes.items())
    return CoderFrames(name, tables, notes=told)


def _name(file: Path, root: Path) -> str:
    return file.stem if file == root else file.relative_to(root).with_suffix("").as_posix()

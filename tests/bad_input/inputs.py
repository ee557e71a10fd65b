"""Makers of broken input. Each takes the folder it shall write into; ``all_of`` joins several, ``made_once``
makes them once for many cases."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import av

from made_openface import format_rows, make_row
from made_videos import add_silence, make_video
from mimicrylab.protocol.templates import read_template

Maker = Callable[[Path], object]


def nothing(folder: Path) -> None:
    """Leave the folder empty."""


def all_of(*makers: Maker) -> Maker:
    """Return a maker that runs ``makers`` in turn."""

    def make(folder: Path) -> None:
        for maker in makers:
            maker(folder)

    return make


def made_once(*makers: Maker) -> Maker:
    """Return a maker that runs ``makers`` for the first case that needs them, and copies the result for the others."""
    lock = Lock()
    kept: list[TemporaryDirectory[str]] = []

    def make(folder: Path) -> None:
        with lock:
            if not kept:
                made = TemporaryDirectory()
                all_of(*makers)(Path(made.name))
                kept.append(made)
        shutil.copytree(kept[0].name, folder, dirs_exist_ok=True)

    return make


def text_file(name: str, text: str = "") -> Maker:
    """Return a maker of a text file (UTF-8, line ends as given)."""

    def make(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    return make


def table(name: str, *rows: str) -> Maker:
    """Return a maker of a table with these lines."""
    return text_file(name, "".join(f"{row}\n" for row in rows))


def study(name: str = "study", *, template: str = "minimal") -> Maker:
    """Return a maker of a study folder as ``mimicrylab new`` writes it."""

    def make(folder: Path) -> None:
        for path, text in read_template(template).items():
            text_file(f"{name}/{path}", text)(folder)

    return make


def edited_study(old: str, new: str, *, name: str = "study", template: str = "minimal") -> Maker:
    """Return a maker of a study folder in whose study.yaml the first ``old`` is replaced by ``new``."""

    def make(folder: Path) -> None:
        study(name, template=template)(folder)
        path = folder / name / "study.yaml"
        text = path.read_bytes().decode()
        if old not in text:
            raise ValueError(f"the template {template!r} has no {old!r}")
        path.write_bytes(text.replace(old, new, 1).encode())

    return make


def video(name: str, *, seconds: float = 0.4, codec: str = "mpeg4", live: bool = False) -> Maker:
    """Return a maker of a video without a face: a bar that moves, 25 frames a second."""

    def make(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        times_ms = range(0, round(seconds * 1000), 40)
        make_video(path, times_ms=times_ms, codec=codec, live=live, keyframe_every=5)

    return make


def sound_only(name: str) -> Maker:
    """Return a maker of a file with a second of silence and no picture."""

    def make(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with av.open(str(path), "w") as container:
            add_silence(container, 1.0, codec="aac")

    return make


def cut_off(name: str, *, share: float) -> Maker:
    """Return a maker that keeps only the first ``share`` of a file's bytes; use it after the file's own maker."""

    def make(folder: Path) -> None:
        path = folder / name
        content = path.read_bytes()
        path.write_bytes(content[: round(len(content) * share)])

    return make


def openface(name: str, *, n_frames: int = 60, change: Callable[[str], str] = str) -> Maker:
    """Return a maker of an OpenFace CSV at 30 frames a second; ``change`` edits its text."""

    def make(folder: Path) -> None:
        text_file(name, change(format_rows([make_row(frame) for frame in range(1, n_frames + 1)])))(folder)

    return make


def run(command: str) -> Maker:
    """Return a maker that runs the command, which must succeed: for what is stored before the broken input comes."""

    def make(folder: Path) -> None:
        executable = Path(sysconfig.get_path("scripts")) / "mimicrylab"
        subprocess.run([str(executable), *shlex.split(command)], cwd=folder, check=True, capture_output=True)

    return make

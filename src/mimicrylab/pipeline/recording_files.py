"""Video files on their way into a study: what each is, and putting it into the folder without ever half of it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.coding.packet_times import measure_duration_s, read_packet_times
from mimicrylab.coding.video_file import read_video_facts
from mimicrylab.errors import DamagedFileError, RefusedError
from mimicrylab.session.recording import Source
from mimicrylab.study import StudyFolder
from mimicrylab.tables import hash_file, replace_atomically


@dataclass(frozen=True)
class VideoFile:
    """A video and what it says of itself; ``obstacle`` says why it cannot be read (then the facts are None)."""

    source: Source
    sha256: str
    duration_s: float | None = None
    mean_fps: float | None = None
    width: int | None = None
    height: int | None = None
    obstacle: str | None = None


def examine_video(source: Source) -> VideoFile:
    """Return what a video file says of itself, its length from the times of its frames.

    Raises
    ------
    DependencyError
        Videos cannot be read here.
    """
    sha256 = hash_file(source.path)
    try:
        facts = read_video_facts(source.path)
        times = read_packet_times(source.path)
    except DamagedFileError as error:
        found = f" ({error.found})" if error.found else ""
        return VideoFile(source, sha256, obstacle=f"{error.problem}{found}")
    measured = measure_duration_s(times)
    return VideoFile(
        source,
        sha256,
        duration_s=measured or facts.duration_s,
        mean_fps=times.size / measured if measured else facts.mean_fps,
        width=facts.width,
        height=facts.height,
    )


def name_stored_file(source: Source) -> str:
    """Return where a recording's file lies within the study folder, its ending in lower case.

    Examples
    --------
    >>> name_stored_file(Source("P01/visit1", Path("videos/P01/visit1.MP4")))
    'recordings/P01/visit1.mp4'
    """
    return f"recordings/{source.recording_id}{source.path.suffix.lower()}"


def store_file(source: Source, folder: StudyFolder, *, link: bool) -> Path:
    """Copy or link a recording's file to its place in the study folder and return that place.

    A link is a hard link where the file system allows it, else a symbolic one; both need the original to stay as it is.

    Raises
    ------
    RefusedError
        Neither kind of link can be made there.
    """
    target = folder.root / name_stored_file(source)
    if target.exists() and target.samefile(source.path):
        return target
    if link:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        _link_file(source.path.resolve(), target)
    else:
        with replace_atomically(target) as temporary:
            shutil.copyfile(source.path, temporary)
    return target


def _link_file(original: Path, place: Path) -> None:
    try:
        os.link(original, place)
    except OSError:
        try:
            place.symlink_to(original)
        except OSError as error:
            raise RefusedError(
                "the file cannot be linked here", where=str(original), found=error.strerror, do="leave --link out"
            ) from error

"""Opening a video file, and what it says of itself before it is decoded."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mimicrylab.errors import DamagedFileError, DependencyError, InputError, MissingError

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

DisplayMatrix = tuple[int, int, int, int]
"""``(a, b, c, d)``: what is at (x, y) is shown at x' = a x + c y, y' = b x + d y (y downward)."""


@dataclass(frozen=True)
class VideoFacts:
    """What a video file declares. ``None`` stands for what the file does not say.

    ``width`` and ``height`` (px) are as shown, after ``rotation`` (degrees counter-clockwise, the picture
    ``mirrored`` sideways after it where it is); ``duration_s`` is the
    length of the picture stream where it is known, else of the whole file.
    """

    n_frames: int | None
    duration_s: float | None
    mean_fps: float | None
    width: int
    height: int
    rotation: int
    mirrored: bool
    codec: str
    pixel_format: str
    has_audio: bool


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open ``path`` and yield its container and picture stream; one decoding thread.

    Raises
    ------
    MissingError
        There is no such file.
    InputError
        It is a folder.
    DamagedFileError
        It is empty, no video, cut off before its index, or has no picture stream.
    """
    av = _import_av()
    if not path.exists():
        raise MissingError("there is no such video", where=str(path))
    if path.is_dir():
        raise InputError("this is a folder, not a video", where=str(path))
    if path.stat().st_size == 0:
        raise DamagedFileError("the file is empty", where=str(path), expected="a video")
    try:
        container = av.open(str(path))
    except PermissionError as error:
        raise InputError("the file may not be read", where=str(path), do="ask for the right to read it") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise DamagedFileError(
            "this cannot be read as a video",
            where=str(path),
            expected="a video file (mp4, mov, webm, mkv, avi ...)",
            found=_describe_beginning(path),
            do="if a recording was cut off before it was finished, try to repair it with the program that made it",
        ) from error
    with container:
        yield container, _choose_stream(container, path)


def _import_av() -> Any:
    try:
        import av
        import av.error
    except ImportError as error:
        raise DependencyError(
            "reading videos needs PyAV, which is not installed", do="pip install 'mimicrylab[coding]'"
        ) from error
    return av


def _choose_stream(container: InputContainer, path: Path) -> VideoStream:
    from av.stream import Disposition

    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not pictures:
        others = sorted({stream.type for stream in container.streams})
        raise DamagedFileError(
            "the file has no video stream",
            where=str(path),
            expected="a video with a picture",
            found=", ".join(others) if others else "nothing that can be played",
        )
    stream = pictures[0]
    stream.codec_context.thread_count = 1
    return stream


def _describe_beginning(path: Path) -> str:
    """Say in words what the first bytes look like, without showing them."""
    with path.open("rb") as file:
        beginning = file.read(512)
    if beginning[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return "an mp4 or mov file whose index is missing or damaged"
    if beginning.startswith(b"\x1a\x45\xdf\xa3"):
        return "a webm or mkv file with a damaged beginning"
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(beginning) - 3:
            return f"{path.stat().st_size} bytes of something else"
    return "text"


def read_video_facts(path: Path) -> VideoFacts:
    """Return what a video says of itself; the first frame is decoded for the rotation, the rest is not.

    Raises
    ------
    MissingError, InputError, DamagedFileError
        As `open_video`; DamagedFileError also when not even one frame can be decoded.
    """
    with open_video(path) as (container, stream):
        from av.error import FFmpegError

        try:
            first = next(container.decode(stream), None)
        except FFmpegError as error:
            raise DamagedFileError("not one frame can be decoded", where=str(path), found=error.strerror) from error
        if first is None:
            raise DamagedFileError("not one frame can be decoded", where=str(path), found="a video without frames")
        rotation, mirrored = _read_rotation(first)
        turned = rotation % 180 == 90
        duration = _read_duration(container, stream)
        n_frames = read_frame_count(container, stream)
        rate = float(stream.average_rate) if stream.average_rate else None
        return VideoFacts(
            n_frames=n_frames,
            duration_s=duration,
            mean_fps=n_frames / duration if n_frames and duration else rate,
            width=first.height if turned else first.width,
            height=first.width if turned else first.height,
            rotation=rotation,
            mirrored=mirrored,
            codec=stream.codec_context.name,
            pixel_format=first.format.name,
            has_audio=bool(container.streams.audio),
        )


def _read_duration(container: InputContainer, stream: VideoStream) -> float | None:
    """Return the length of the picture stream as declared, else that of the whole file, else None (s)."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return read_duration_tag(stream) or (container.duration / 1_000_000 if container.duration else None)


def read_frame_count(container: InputContainer, stream: VideoStream) -> int | None:
    """Return how many frames an mp4 or mov file says it has, or None: other formats count empty slots, or nothing."""
    return stream.frames or None if "mp4" in container.format.name else None


def read_duration_tag(stream: VideoStream) -> float | None:
    """Return where the picture stream ends by its DURATION tag (webm and mkv files that FFmpeg wrote), or None (s)."""
    text = next((value for key, value in stream.metadata.items() if key.upper().startswith("DURATION")), "")
    try:
        hours, minutes, seconds = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None


def read_display_matrix(frame: av.VideoFrame) -> DisplayMatrix | None:
    """Return how the pictures of a video want to be shown; None: as they are.

    Ask the first frame only: PyAV keeps a frame that was asked until Python looks for circular references, and at
    some hundred kilobytes a frame that adds up.
    """
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return None
    a, b, _, c, d = struct.unpack_from("=5i", bytes(matrix))
    return a, b, c, d


def _read_rotation(frame: av.VideoFrame) -> tuple[int, bool]:
    """Return the rotation (degrees counter-clockwise) and whether the picture is mirrored after it."""
    a, b, c, d = read_display_matrix(frame) or (1, 0, 0, 1)
    mirrored = a * d - b * c < 0
    if mirrored:
        a, c = -a, -c
    return round(math.degrees(math.atan2(-b, a))) % 360, mirrored

"""Videos frame by frame, with the times at which a player would show them, as far as the file can be trusted.

Times come from the file (presentation time stamps), never from a frame rate: webcams record at varying rates. A
damaged file is read as far as it goes; what is missing is said by a `VideoBreak` after the last good frame.

Limits: damage that the decoder conceals without saying so cannot be seen; nor can the early end of a webm that
declares no length (browsers write such files). PyAV's wheels contain FFmpeg with GPL codecs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.video_file import (
    DisplayMatrix,
    VideoFacts,
    open_video,
    read_display_matrix,
    read_duration_tag,
    read_frame_count,
    read_video_facts,
)
from mimicrylab.errors import DamagedFileError

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

__all__ = ["VideoBreak", "VideoFacts", "VideoFrame", "decode_frames", "read_video_facts"]

STREAM_TOLERANCE_S = 0.25
"""A picture stream may end this much before the length that it declares."""
FILE_TOLERANCE_S = 1.0
"""A picture stream may end this much before the file does (sound often lasts longer)."""
BACKWARD_TOLERANCE_S = 1.0
"""A frame stamped earlier than the one before is never shown, and skipped; beyond this the clock is broken."""


class VideoBreak(DamagedFileError):  # noqa: N818 - where a video breaks off, not only that it does
    """A video could not be read whole. Raised after the last good frame, so what came before is usable.

    Attributes
    ----------
    reason
        What is missing, in words.
    second
        Where on the recording's clock the first damage lies (s).
    """

    def __init__(self, reason: str, second: float, *, where: str) -> None:
        self.reason = reason
        self.second = second
        super().__init__(f"the video is incomplete from second {second:.2f} on: {reason}", where=where)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep all three parts when the error travels between processes."""
        return _restore_break, (self.reason, self.second, self.where)


def _restore_break(reason: str, second: float, where: str) -> VideoBreak:
    return VideoBreak(reason, second, where=where)


@dataclass(frozen=True)
class VideoFrame:
    """One decoded frame: its number (0-based), its presentation time (s) and RGB pixels ``[height, width, 3]``."""

    number: int
    time: float
    pixels: NDArray[np.uint8]


@dataclass
class _Progress:
    """Where decoding stands; local to one call of `decode_frames`."""

    n_packets: int = 0
    n_shown: int = 0
    n_lost: int = 0
    last_time: float = -np.inf
    interval: float = 0.0
    damaged_at: float | None = None
    awaiting_keyframe: bool = False
    reasons: list[str] = field(default_factory=list)

    def note_damage(self, reason: str, second: float) -> None:
        if self.damaged_at is None:
            self.damaged_at = second
        if reason not in self.reasons:
            self.reasons.append(reason)


def decode_frames(path: Path) -> Iterator[VideoFrame]:
    """Yield the frames of a video in the order and with the times in which they are shown.

    Rotation and mirroring that the file asks for are applied. After a damaged packet frames are left out until the
    next complete picture (keyframe), because what the decoder shows in between is partly made up; they are lost, not
    guessed. Frames that no player would show (stamped no later than the one before) are left out.

    Raises
    ------
    MissingError, InputError, DamagedFileError
        As `open_video`; DamagedFileError also when not one frame can be decoded.
    VideoBreak
        After the last good frame, when something is missing or damaged.
    """
    with open_video(path) as (container, stream):
        progress = _Progress()
        matrix: DisplayMatrix | None = None
        for frame in _iterate_trusted(container, stream, progress):
            time = _read_time(frame, stream, progress)
            if time <= progress.last_time:
                if time < progress.last_time - BACKWARD_TOLERANCE_S:
                    progress.note_damage("the time stamps jump back", max(progress.last_time, 0.0))
                    break
                continue
            if progress.n_shown:
                progress.interval = time - progress.last_time
            else:
                matrix = read_display_matrix(frame)
            progress.last_time = time
            yield VideoFrame(progress.n_shown, time, read_pixels(frame, matrix))
            progress.n_shown += 1
        _raise_if_incomplete(path, container, stream, progress)


def _iterate_trusted(container: InputContainer, stream: VideoStream, progress: _Progress) -> Iterator[av.VideoFrame]:
    """Yield decoded frames, leaving out those that lean on a damaged packet."""
    from av.error import EOFError as EndOfFile
    from av.error import FFmpegError

    try:
        for packet in container.demux(stream):
            progress.n_packets += packet.size > 0
            try:
                frames = packet.decode()
            except EndOfFile:
                return
            except FFmpegError:
                _lose_packet(packet, progress)
                continue
            for frame in frames:
                if frame.is_corrupt:
                    progress.note_damage("pictures are damaged", _second(progress))
                    progress.awaiting_keyframe = True
                elif frame.key_frame:
                    progress.awaiting_keyframe = False
                if progress.awaiting_keyframe:
                    progress.n_lost += 1
                else:
                    yield frame
    except FFmpegError as error:
        progress.note_damage(f"reading stopped ({error.strerror})", _second(progress))


def _lose_packet(packet: av.Packet[VideoStream], progress: _Progress) -> None:
    if packet.size == 0:
        return
    at = float(packet.pts * packet.time_base) if packet.pts is not None and packet.time_base else _second(progress)
    progress.note_damage("pictures are damaged", at)
    progress.awaiting_keyframe = True
    progress.n_lost += 1


def _second(progress: _Progress) -> float:
    return progress.last_time + progress.interval if progress.n_shown else 0.0


def _read_time(frame: av.VideoFrame, stream: VideoStream, progress: _Progress) -> float:
    """Return a frame's presentation time; one without a stamp (raw streams) comes one interval after the last."""
    if frame.pts is not None and frame.time_base:
        return float(frame.pts * frame.time_base)
    rate = stream.average_rate or stream.guessed_rate
    if not rate:
        raise DamagedFileError(
            "the video says neither when its frames are shown nor how many there are a second",
            where=stream.container.name,
            do="convert it to mp4 with its true frame rate",
        )
    return progress.last_time + float(1 / rate) if progress.n_shown else 0.0


def read_pixels(frame: av.VideoFrame, matrix: DisplayMatrix | None) -> NDArray[np.uint8]:
    """Return a frame's RGB pixels ``[height, width, 3]``, turned and mirrored by the display matrix, if any."""
    pixels: NDArray[np.uint8] = frame.to_ndarray(format="rgb24", threads=1)  # type: ignore[assignment]
    return pixels if matrix is None else orient_pixels(pixels, matrix)


def orient_pixels(pixels: NDArray[np.uint8], matrix: DisplayMatrix) -> NDArray[np.uint8]:
    """Turn and mirror an image by a display matrix ``(a, b, c, d)``: x' = a x + c y, y' = b x + d y, y downward.

    Only quarter turns and mirrors are applied, which is all that cameras write.

    Examples
    --------
    >>> image = np.zeros((1, 2, 3), dtype=np.uint8)
    >>> image[0, 1] = 255  # right
    >>> orient_pixels(image, (0, -1, 1, 0))[:, 0, 0].tolist()  # a quarter turn counter-clockwise: right -> top
    [255, 0]
    """
    a, b, c, d = matrix
    if abs(b) > abs(a):
        pixels, x_sign, y_sign = pixels.transpose(1, 0, 2), c, b
    else:
        x_sign, y_sign = a, d
    if x_sign < 0:
        pixels = pixels[:, ::-1]
    if y_sign < 0:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _raise_if_incomplete(path: Path, container: InputContainer, stream: VideoStream, progress: _Progress) -> None:
    if not progress.n_shown:
        raise DamagedFileError(
            "not one frame can be decoded",
            where=str(path),
            found="; ".join(progress.reasons) or "a video stream without frames",
        )
    end = progress.last_time + progress.interval
    n_frames = read_frame_count(container, stream)
    if n_frames is not None and progress.n_packets < n_frames:
        progress.note_damage(f"the file ends early: {progress.n_packets} of {n_frames} frames are there", end)
    missing = _find_missing_time(container, stream, end)
    if missing is not None and progress.damaged_at is None:
        progress.note_damage(f"the picture ends early: {end:.2f} of {missing:.2f} s are there", end)
    if progress.damaged_at is not None:
        reasons = list(progress.reasons)
        if progress.n_lost:
            reasons.append(f"{progress.n_lost} frames lost")
        raise VideoBreak("; ".join(reasons), progress.damaged_at, where=str(path))


def _find_missing_time(container: InputContainer, stream: VideoStream, end: float) -> float | None:
    """Return where the file says that the picture ends, if that is well after its last frame, else None."""
    start = float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0
    if stream.duration and stream.time_base:
        declared, tolerance = start + float(stream.duration * stream.time_base), STREAM_TOLERANCE_S
    elif (declared_end := read_duration_tag(stream)) is not None:
        declared, tolerance = declared_end, STREAM_TOLERANCE_S
    elif container.duration:
        declared, tolerance = container.duration / 1_000_000, FILE_TOLERANCE_S
    else:
        return None
    return declared if end < declared - tolerance else None

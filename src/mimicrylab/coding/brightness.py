"""How bright a part of the picture is, frame by frame: an LED or a flash in the recording of a camera."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mimicrylab.coding.traces import Trace
from mimicrylab.coding.video import VideoBreak, decode_frames
from mimicrylab.errors import InputError

UNIT = "grey level"


@dataclass(frozen=True)
class Region:
    """A part of the picture (px): its left and upper edge, its width and height, as the picture is shown."""

    x: int
    y: int
    width: int
    height: int


def parse_region(text: str) -> Region:
    """Return the region that ``X,Y,WIDTH,HEIGHT`` names.

    Raises
    ------
    InputError
        It is not four whole numbers, or has no area.

    Examples
    --------
    >>> parse_region("600,20,30,30")
    Region(x=600, y=20, width=30, height=30)
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(part.isdecimal() for part in parts) or not (int(parts[2]) and int(parts[3])):
        raise InputError("this is no region", where="--region", expected="X,Y,WIDTH,HEIGHT in pixels", found=text)
    return Region(*map(int, parts))


def measure_brightness(video: Path, *, region: Region | None = None) -> Trace:
    """Return the mean grey level (0-255) of each frame of a video, or of a region of it, at the frames' true times.

    A video that breaks off is measured as far as it goes, and a note says so.

    Raises
    ------
    MissingError, InputError, DamagedFileError
        The file cannot be read as a video, or the region lies outside the picture.
    """
    times: list[float] = []
    values: list[float] = []
    notes: list[str] = []
    try:
        for frame in decode_frames(video):
            pixels = frame.pixels
            if region is not None:
                height, width = pixels.shape[:2]
                if region.x + region.width > width or region.y + region.height > height:
                    raise InputError(
                        "the region lies outside the picture",
                        where="--region",
                        expected=f"within {width} x {height} pixels",
                        found=f"{region.x},{region.y},{region.width},{region.height}",
                    )
                pixels = pixels[region.y : region.y + region.height, region.x : region.x + region.width]
            times.append(frame.time)
            values.append(float(pixels.mean()))
    except VideoBreak as stopped:
        notes.append(f"the video is incomplete from second {stopped.second:.2f} on: {stopped.reason}")
    moments = np.array(times)
    step = float(np.median(np.diff(moments))) if moments.size > 1 else 0.0
    return Trace(moments, np.array(values), UNIT, step, tuple(notes))

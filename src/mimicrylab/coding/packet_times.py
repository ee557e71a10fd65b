"""When the frames of a video are shown, read from its packets without decoding a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.video_file import open_video


def read_packet_times(path: Path) -> NDArray[np.float64]:
    """Return the presentation times (s) of a video's frames, increasing, as far as the file can be read.

    Of frames with the same time one is kept, because no player shows the others. Damage inside a packet is not seen.

    Raises
    ------
    MissingError, InputError, DamagedFileError
        As ``coding.video_file.open_video``.

    Returns
    -------
    NDArray
        Shape ``[frames]``; empty where the file declares no times.
    """
    with open_video(path) as (container, stream):
        from av.error import FFmpegError

        times: list[float] = []
        try:
            for packet in container.demux(stream):
                if packet.pts is not None and packet.size and not packet.is_discard:
                    times.append(float(packet.pts * packet.time_base))
        except FFmpegError:  # what came before is good
            pass
    return np.unique(np.array(times, dtype=np.float64))


def measure_duration_s(times: NDArray[np.float64]) -> float | None:
    """Return last minus first time plus one mean interval (s), or None for fewer than two frames.

    Examples
    --------
    >>> float(round(measure_duration_s(np.array([0.0, 0.1, 0.2])), 3))
    0.3
    """
    if times.size < 2:
        return None
    span = float(times[-1] - times[0])
    return span * times.size / (times.size - 1)

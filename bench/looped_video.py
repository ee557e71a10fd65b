"""A long video made of a short one, without encoding anything anew."""

from __future__ import annotations

from pathlib import Path

import av


def loop_video(source: Path, target: Path, *, times: int) -> Path:
    """Write ``source`` ``times`` times in a row to ``target`` (packets copied, time stamps moved on)."""
    with av.open(str(target), "w") as copy:
        stream = None
        moved = 0
        for _ in range(times):
            with av.open(str(source)) as original:
                picture = original.streams.video[0]
                stream = stream or copy.add_stream_from_template(picture)
                end = 0
                for packet in original.demux(picture):
                    if packet.dts is None or packet.pts is None:
                        continue
                    end = max(end, packet.pts + (packet.duration or 0))
                    packet.pts += moved
                    packet.dts += moved
                    packet.stream = stream
                    copy.mux(packet)
                moved += end
    return target

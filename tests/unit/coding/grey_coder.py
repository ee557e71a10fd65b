"""A coder for tests: the grey level of each frame, through the same door as any other package's coder.

Its options make it slow, make it fail, or end its process, as a faulty program would.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.coding.coder import CoderDescription, Signal
from mimicrylab.coding.video import VideoBreak, decode_frames
from mimicrylab.errors import AssetError

BATCH_FRAMES = 7


@dataclass(frozen=True)
class GreyCoder:
    """Codes the mean grey level as the signal ``grey``."""

    version: str = "1"
    seconds_a_frame: float = 0.0
    crash_on: str = ""
    fail_on: str = ""
    model_missing: bool = False
    undeclared: bool = False
    log: str = ""

    @property
    def description(self) -> CoderDescription:
        signal = Signal("grey", "0-255", "measured", "mean grey level")
        return CoderDescription("grey", self.version, "BSD-3-Clause", "grey levels", (signal,))

    def find_obstacle(self) -> str | None:
        return "it is a Tuesday" if self.version == "tuesday" else None

    def code(self, video: Path) -> Iterator[pl.DataFrame]:
        if self.log:
            with Path(self.log).open("a") as log:
                log.write(f"{video.name} {os.getpid()} {os.environ.get('POLARS_MAX_THREADS')}\n")
        if self.model_missing:
            raise AssetError("the model cannot be had", where="assets", do="connect to the internet")
        rows: list[tuple[int, float, float]] = []
        try:
            for frame in decode_frames(video):
                if video.stem == self.crash_on and frame.number == 10:
                    os.kill(os.getpid(), 9)
                if video.stem == self.fail_on and frame.number == 10:
                    raise ZeroDivisionError("one mistake")
                time.sleep(self.seconds_a_frame)
                rows.append((frame.number, frame.time, float(frame.pixels.mean())))
                if len(rows) == BATCH_FRAMES:
                    yield self.tabulate(rows)
                    rows = []
        except VideoBreak:
            if rows:
                yield self.tabulate(rows)
            raise
        if rows:
            yield self.tabulate(rows)

    def tabulate(self, rows: list[tuple[int, float, float]]) -> pl.DataFrame:
        table = pl.DataFrame(rows, schema={"frame": pl.Int32, "time": pl.Float64, "grey": pl.Float32}, orient="row")
        table = table.with_columns(face=pl.lit(0, dtype=pl.Int16), success=pl.lit(True))
        return table.with_columns(surprise=1) if self.undeclared else table

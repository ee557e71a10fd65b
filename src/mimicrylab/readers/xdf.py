"""LSL recordings (``.xdf``): the markers of a stimulus program, with times that LSL has put on one clock.

Times count from the first sample of any stream, or of the stream that ``zero_stream`` names: name the stream of the
camera, or the one that the video was started with. LSL's correction of clocks is applied while reading.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mimicrylab.errors import DamagedFileError, DependencyError, InputError, MissingError, UnknownNameError
from mimicrylab.readers.events_table import ROW_SCHEMA
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EVENTS

MAGIC = b"XDF:"
CLOCK_ERROR_S = 0.001
"""LSL's own figure for clocks on one network."""


@dataclass(frozen=True)
class XdfReader:
    """Reads the markers of LSL recordings.

    Attributes
    ----------
    stream
        Name of the stream of markers; empty: the only one.
    zero_stream
        Name of the stream whose first sample is time 0; empty: the earliest of all.
    """

    stream: str = ""
    zero_stream: str = ""

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("xdf", "Lab Streaming Layer", "events", (".xdf", ".xdfz"), "markers of a recording")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a recording of LSL.

        Raises
        ------
        InputError
            It is none.
        """
        with path.open("rb") as stream:
            if stream.read(len(MAGIC)) == MAGIC:
                return "its first bytes"
        raise InputError("this is not a file of this program", where=str(path), expected="a file that begins with XDF:")

    def read(self, path: Path) -> Imported:
        """Return the markers.

        Raises
        ------
        MissingError
            There is no such file.
        DependencyError
            pyxdf is not installed.
        DamagedFileError
            pyxdf cannot read it.
        InputError
            It has no stream of markers, or several and none was named.
        """
        if not path.is_file():
            raise MissingError("there is no such file", where=str(path))
        self.recognise(path)
        streams = _load(path)
        names = [_name(stream) for stream in streams]
        marking = [stream for stream in streams if _is_marking(stream)]
        chosen = self._choose(marking, names, path)
        zero = self._find_zero(streams, names, path)
        times = np.asarray(chosen["time_stamps"], dtype=np.float64) - zero
        words = [" ".join(str(value) for value in sample) for sample in chosen["time_series"]]
        rows = [
            {"line": place, "onset": float(time), "trial_type": "stimulus", "stimulus": word.strip()}
            for place, (time, word) in enumerate(zip(times, words, strict=True), 1)
            if word.strip()
        ]
        others = [name for name in names if name != _name(chosen)]
        notes = [f"streams left out: {', '.join(others)}"] if others else []
        zero_name = self.zero_stream or "the earliest sample of any stream"
        notes.append(f"times count from {zero_name}")
        return Imported(
            {EVENTS.name: pl.DataFrame(rows, schema=ROW_SCHEMA)}, {"events": len(rows)}, tuple(notes), CLOCK_ERROR_S
        )

    def _choose(self, marking: list[Any], names: list[str], path: Path) -> Any:
        if self.stream:
            named = [stream for stream in marking if _name(stream) == self.stream]
            if not named:
                raise UnknownNameError(
                    "stream of markers", self.stream, [_name(each) for each in marking], where=str(path)
                )
            return named[0]
        if len(marking) != 1:
            raise InputError(
                "the recording has no stream of markers"
                if not marking
                else "the recording has several streams of markers",
                where=str(path),
                found=", ".join(_name(each) for each in marking) or f"the streams {', '.join(names)}",
                do="name one: --option stream=NAME" if marking else None,
            )
        return marking[0]

    def _find_zero(self, streams: list[Any], names: list[str], path: Path) -> float:
        if self.zero_stream and self.zero_stream not in names:
            raise UnknownNameError("stream", self.zero_stream, names, where=str(path))
        firsts = [
            float(stream["time_stamps"][0])
            for stream in streams
            if len(stream["time_stamps"]) and self.zero_stream in ("", _name(stream))
        ]
        if not firsts:
            raise InputError("the stream that times count from has no sample", where=str(path))
        return min(firsts)


def _load(path: Path) -> list[Any]:
    try:
        import pyxdf
    except ImportError as error:
        raise DependencyError(
            "recordings of LSL need pyxdf, which is not installed", where=str(path), do="pip install 'mimicrylab[logs]'"
        ) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            streams, _ = pyxdf.load_xdf(str(path), verbose=False)
        except Exception as error:  # pyxdf raises whatever damaged bytes lead it into
            raise DamagedFileError(
                "the recording cannot be read", where=str(path), found=f"{type(error).__name__}: {error}"[:200]
            ) from error
    return list(streams)


def _name(stream: Any) -> str:
    return str(stream["info"]["name"][0])


def _is_marking(stream: Any) -> bool:
    kind = str((stream["info"].get("type") or [""])[0]).lower()
    return kind in ("markers", "marker") or isinstance(stream["time_series"], list)

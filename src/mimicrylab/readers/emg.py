"""Facial electromyography: recordings of muscles become frames, an amount a muscle, that stands for an action unit.

Binary recordings (EDF, BDF, BrainVision) are read through MNE; text files need their unit, and their sampling rate
where they have no times. Every step of the recipe is an option of this reader, and is stored with the frames. A frame
here is no picture: it is a moment, 50 a second unless ``frames_per_second`` says another number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.readers.delimited import find_header, read_beginning
from mimicrylab.readers.emg_files import BINARY_ENDINGS, MICROVOLTS, EmgRecording, read_binary
from mimicrylab.readers.emg_muscles import ACTION_UNITS, find_muscle
from mimicrylab.readers.emg_recipe import EmgRecipe, Envelope, compute_envelope
from mimicrylab.readers.emg_text import TEXT_ENDINGS, TextLayout, read_text
from mimicrylab.readers.events_table import ROW_SCHEMA
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EVENTS, FRAMES

PREFIX = "emg_"
UNIT = "µV"
ARBITRARY = "arbitrary"
UNITS = (*("uV", "mV", "V"), ARBITRARY)
TIME_UNITS_S = {"s": 1.0, "ms": 1e-3, "min": 60.0}
SMALLEST_RECTIFIED_SHARE = 0.999
EDF_SIGNATURES = (b"0       ", b"\xffBIOSEMI")
EXPECTED = "an EDF, BDF or BrainVision header, or text with a line that names muscles (zygomaticus, corrugator ...)"


@dataclass(frozen=True)
class EmgReader:
    """Reads recordings of facial muscles.

    Attributes
    ----------
    muscles
        Channel -> muscle, as a text ``CH1:zygomaticus,CH2:corrugator``, for channels whose names do not say it.
    rectified
        Whether the signal is rectified (and perhaps smoothed) already; None: a text file without a negative number is
        taken for rectified, and that is said.
    unit
        Unit of a text file's numbers: ``uV``, ``mV``, ``V`` or ``arbitrary``; None: as the columns' names say.
    columns
        Names of the columns of a text file without a header: ``time,zyg,corr,marker``.
    time_column, time_unit, rate_hz, marker_column
        Where a text file's times and markers stand, the times' unit (``s``, ``ms``, ``min``), and the sampling rate
        where there are no times.
    highpass_hz, lowpass_hz, notch_hz, envelope, window_s, envelope_hz, frames_per_second, artefact_above
        The recipe, see ``emg_recipe``; null leaves a filter out.
    """

    muscles: str = ""
    rectified: bool | None = None
    unit: str | None = None
    columns: str = ""
    time_column: str | None = None
    time_unit: str | None = None
    rate_hz: float | None = None
    marker_column: str | None = None
    highpass_hz: float | None = 20.0
    lowpass_hz: float | None = 400.0
    notch_hz: float | None = None
    envelope: Envelope = "rms"
    window_s: float = 0.1
    envelope_hz: float = 8.0
    frames_per_second: float = 50.0
    artefact_above: float | None = None

    def __post_init__(self) -> None:
        self._make_recipe()
        if self.unit is not None and self.unit.lower() not in [each.lower() for each in UNITS]:
            raise UnknownNameError("unit", self.unit, UNITS)
        if self.time_unit is not None and self.time_unit not in TIME_UNITS_S:
            raise UnknownNameError("time unit", self.time_unit, TIME_UNITS_S)
        if self.rate_hz is not None and not self.rate_hz > 0:
            raise InputError("rate_hz must be above 0", found=f"{self.rate_hz:g}")
        for muscle in self._list_stated().values():
            if muscle not in ACTION_UNITS:
                raise UnknownNameError("muscle", muscle, ACTION_UNITS)

    def _make_recipe(self) -> EmgRecipe:
        return EmgRecipe(
            self.highpass_hz,
            self.lowpass_hz,
            self.notch_hz,
            self.envelope,
            self.window_s,
            self.envelope_hz,
            self.frames_per_second,
            self.artefact_above,
        )

    def _list_stated(self) -> dict[str, str]:
        stated = {}
        for pair in [each for each in self.muscles.split(",") if each.strip()]:
            channel, mark, muscle = pair.rpartition(":")
            if not mark:
                raise InputError(
                    "muscles are stated as channel:muscle",
                    expected="CH1:zygomaticus,CH2:corrugator",
                    found=self.muscles,
                )
            stated[channel.strip()] = find_muscle(muscle.strip()) or muscle.strip()
        return stated

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        names = {f"{PREFIX}{muscle}": unit for muscle, unit in ACTION_UNITS.items()}
        return ReaderDescription(
            name="emg",
            program="facial EMG",
            level="frames",
            of_faces=False,
            endings=(*BINARY_ENDINGS, *TEXT_ENDINGS),
            summary="EDF, BDF, BrainVision (.vhdr), or text with a column a muscle",
            signals={**dict.fromkeys(names, UNIT), **dict.fromkeys([f"{n}_{ARBITRARY}" for n in names], ARBITRARY)},
            action_units={**names, **{f"{name}_{ARBITRARY}": unit for name, unit in names.items()}},
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a recording of muscles.

        Raises
        ------
        InputError
            It is none.
        """
        if path.suffix.lower() in BINARY_ENDINGS:
            with path.open("rb") as stream:
                start = stream.read(64)
            if start.startswith(EDF_SIGNATURES):
                return "the first bytes of EDF or BDF"
            if b"BrainVision" in start or b"Brain Vision" in start:
                return "the first line of a BrainVision header"
            raise InputError("this is not a file of this program", where=str(path), expected=EXPECTED)
        _, _, names = find_header(
            read_beginning(path), path, is_header=lambda cells: any(map(find_muscle, cells)), expected=EXPECTED
        )
        return f"its columns {', '.join(name for name in names if find_muscle(name))}"

    def read(self, path: Path) -> Imported:
        """Return the muscles of one recording as frames, and its markers as what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError, DependencyError
            As every reader; or what must be known is neither in the file nor stated.
        """
        binary = path.suffix.lower() in BINARY_ENDINGS
        recording = read_binary(path) if binary else read_text(path, self._make_layout())
        muscles = self._match_channels(recording, path)
        recipe = self._make_recipe()
        notes = list(recording.notes)
        columns: dict[str, Any] = {}
        times = np.zeros(0)
        were_rectified = []
        for channel, muscle in muscles.items():
            samples, unit = self._convert(recording, channel, path)
            rectified = self._is_rectified(samples, channel, notes, binary=binary)
            were_rectified.append(rectified)
            try:
                envelope = compute_envelope(samples, recording.rate_hz, recipe, rectified=rectified)
            except InputError as error:
                raise InputError(
                    error.problem,
                    where=f"{path}, channel {channel}",
                    expected=error.expected,
                    found=error.found,
                    do=error.do,
                ) from error
            name = f"{PREFIX}{muscle}" if unit == UNIT else f"{PREFIX}{muscle}_{ARBITRARY}"
            columns[name] = envelope.values
            times = envelope.times_s
            notes += [f"{channel}: {note}" for note in envelope.notes]
        notes.append(self._describe_recipe(recording, muscles, rectified=all(were_rectified)))
        frames = _tabulate(times + recording.start_s, columns)
        tables = {FRAMES.name: frames}
        if recording.markers:
            tables[EVENTS.name] = _tabulate_markers(recording)
        counts = {
            "frames": frames.height,
            "frames with a value": int(frames["success"].sum()),
            "samples": max(len(each) for each in recording.channels.values()),
            "markers": len(recording.markers),
        }
        return Imported(tables, counts, tuple(dict.fromkeys(notes)), 0.5 / recording.rate_hz)

    def _make_layout(self) -> TextLayout:
        return TextLayout(
            tuple(name.strip() for name in self.columns.split(",") if name.strip()),
            self.time_column,
            None if self.time_unit is None else TIME_UNITS_S[self.time_unit],
            self.rate_hz,
            self.marker_column,
            tuple(self._list_stated()),
        )

    def _match_channels(self, recording: EmgRecording, path: Path) -> dict[str, str]:
        stated = self._list_stated()
        for channel in stated:
            if channel not in recording.channels:
                raise UnknownNameError("channel", channel, recording.channels, where=str(path))
        found = {name: stated.get(name) or find_muscle(name) for name in recording.channels}
        muscles = {name: muscle for name, muscle in found.items() if muscle is not None}
        if not muscles:
            raise InputError(
                "no channel is known as a muscle",
                where=str(path),
                found=f"the channels {', '.join(recording.channels)}",
                do="say which is which: --option muscles=CH1:zygomaticus,CH2:corrugator",
            )
        twice = [muscle for muscle in set(muscles.values()) if list(muscles.values()).count(muscle) > 1]
        if twice:
            both = [name for name, muscle in muscles.items() if muscle == twice[0]]
            raise InputError(
                f"two channels are {twice[0]}: {both[0]!r} and {both[1]!r}",
                where=str(path),
                do="re-reference or average the two before, or leave one out of the file: which one is measured is a "
                "decision",
            )
        return muscles

    def _convert(self, recording: EmgRecording, channel: str, path: Path) -> tuple[np.ndarray[Any, Any], str]:
        """Return a channel's samples in µV, or as they are with the unit ``arbitrary``."""
        unit = recording.units[channel] or self.unit
        if unit is None:
            raise InputError(
                f"the unit of {channel!r} is not known",
                where=str(path),
                do="state it: --option unit=uV (or mV, V, arbitrary)",
            )
        if unit.lower() == ARBITRARY:
            return recording.channels[channel], ARBITRARY
        return recording.channels[channel] * MICROVOLTS[unit.lower()], UNIT

    def _is_rectified(self, samples: np.ndarray[Any, Any], channel: str, notes: list[str], *, binary: bool) -> bool:
        if self.rectified is not None:
            return self.rectified
        if binary:
            return False
        finite = samples[np.isfinite(samples)]
        if finite.size and float((finite >= 0).mean()) >= SMALLEST_RECTIFIED_SHARE:
            notes.append(
                f"{channel} has no negative number and is taken for rectified: no filter, only smoothing "
                "(--option rectified=false if it is not)"
            )
            return True
        return False

    def _describe_recipe(self, recording: EmgRecording, muscles: dict[str, str], *, rectified: bool) -> str:
        named = ", ".join(f"{channel} = {muscle} ({ACTION_UNITS[muscle]})" for channel, muscle in muscles.items())
        ignored = [name for name in recording.channels if name not in muscles]
        rest = f"; channels left out: {', '.join(ignored)}" if ignored else ""
        low = "-" if self.highpass_hz is None else f"{self.highpass_hz:g}"
        high = "-" if self.lowpass_hz is None else f"{self.lowpass_hz:g}"
        notch = "no notch" if self.notch_hz is None else f"notch {self.notch_hz:g} Hz"
        smooth = (
            f"low-pass {self.envelope_hz:g} Hz"
            if self.envelope == "lowpass"
            else f"{self.envelope} of {self.window_s:g} s"
        )
        band = "rectified before the export" if rectified else f"band {low}-{high} Hz, {notch}, rectified"
        return (
            f"{named}{rest}; {recording.rate_hz:g} samples a second; {band}, {smooth}, "
            f"{self.frames_per_second:g} frames a second"
        )


def _tabulate(times: np.ndarray[Any, Any], columns: dict[str, Any]) -> pl.DataFrame:
    values = pl.DataFrame(
        {name: pl.Series(name, each, dtype=pl.Float64).fill_nan(None) for name, each in columns.items()}
    )
    there = values.select(pl.any_horizontal(pl.all().is_not_null()).alias("success"))["success"]
    base: dict[str, pl.Series] = {}
    for column in FRAMES.columns:
        if column.name != "recording_id":
            base[column.name] = pl.Series(column.name, [None] * len(times), dtype=column.dtype)
    base["face"] = pl.Series("face", [0] * len(times), dtype=FRAMES.column("face").dtype)
    base["frame"] = pl.Series("frame", range(len(times)), dtype=FRAMES.column("frame").dtype)
    base["time"] = pl.Series("time", times, dtype=pl.Float64)
    base["success"] = there
    return pl.DataFrame(list(base.values())).hstack(values.cast(pl.Float32))


def _tabulate_markers(recording: EmgRecording) -> pl.DataFrame:
    rows = [
        {
            "line": place,
            "onset": marker.onset_s + recording.start_s,
            "duration": marker.duration_s,
            "trial_type": "stimulus",
            "stimulus": marker.name,
        }
        for place, marker in enumerate(recording.markers, 1)
    ]
    return pl.DataFrame(rows, schema=ROW_SCHEMA)

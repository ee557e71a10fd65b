"""Human FACS codes (ELAN, Datavyu, tables) as frames: presence, and intensity where it was coded, a moment at a time.

``AU12_c`` is 1 where the code stands and 0 where it does not, within the stretch of time that was coded; ``AU12_r``
goes from 0 to 5 for action units that have intensities. Codes 70 to 74 (hidden, or not scorable) are missing, not
absent. A code that a file never uses is no column, because nothing says that the coder looked for it; ``coded_units``
says so.

The codes are there to compare coders with, and can be measured like any coder's frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.errors import InputError, UnknownNameError, count_things
from mimicrylab.readers.delimited import find_header, read_beginning
from mimicrylab.readers.facs_files import (
    TABLE_EXPECTED,
    CodedFile,
    is_code_table,
    read_datavyu,
    read_elan,
    read_table,
)
from mimicrylab.readers.facs_names import HIDDEN, HIGHEST_UNIT, UNSCORABLE, read_codes
from mimicrylab.readers.frame_times import check_rate
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import FRAMES

FLAG, INTENSITY = "0 or 1", "0-5"
LISTED = 10
LONGEST_S = 36_000.0


@dataclass(frozen=True)
class FacsCodesReader:
    """Reads human FACS codes.

    Attributes
    ----------
    frames_per_second
        How many moments a second become frames.
    coded_until_s
        Where the coded stretch ends (s); None: at the end of the last code.
    coded_units
        Action units that were looked for, as a text ``AU01,AU02,AU12``: those that never occur are 0 then. Empty: those
        that occur.
    time_unit
        Unit of a table's times, ``s`` or ``ms``; None: as the column's name says, else seconds.
    """

    frames_per_second: float = 25.0
    coded_until_s: float | None = None
    coded_units: str = ""
    time_unit: Literal["s", "ms"] | None = None

    def __post_init__(self) -> None:
        check_rate(self.frames_per_second)
        if self.time_unit not in (None, "s", "ms"):
            raise UnknownNameError("time unit", str(self.time_unit), ("s", "ms"))
        strange = read_codes(self.coded_units)[1]
        if strange:
            raise InputError(
                "coded_units holds something that is no action unit",
                expected="AU01,AU02,AU12",
                found=", ".join(strange),
            )

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        names = [f"AU{n:02}{side}" for n in range(1, HIGHEST_UNIT + 1) for side in ("", "L", "R")]
        return ReaderDescription(
            name="facs",
            program="human coders (ELAN, Datavyu, tables)",
            level="frames",
            endings=(".eaf", ".opf", ".csv", ".tsv", ".txt"),
            summary="FACS codes as stretches of time",
            signals={
                **{f"{name}_c": FLAG for name in names},
                **{f"{name}_r": INTENSITY for name in names},
            },
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a file of codes.

        Raises
        ------
        InputError
            It is none.
        """
        if path.suffix.lower() == ".eaf":
            if "<ANNOTATION_DOCUMENT" in read_beginning(path):
                return "its ANNOTATION_DOCUMENT"
            raise InputError("this is not a file of ELAN", where=str(path))
        if path.suffix.lower() == ".opf":
            read_datavyu(path)
            return "its spreadsheet of Datavyu"
        _, _, names = find_header(read_beginning(path), path, is_header=is_code_table, expected=TABLE_EXPECTED)
        return f"its columns {', '.join(names[:4])}"

    def read(self, path: Path) -> Imported:
        """Return the codes of one file as frames.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or the file holds no code.
        """
        coded = self._read_file(path)
        if not coded.stretches:
            raise InputError(
                "the file holds no FACS code",
                where=str(path),
                expected="codes such as 12, AU12C or 6+12, or tiers called so",
                found=f"tiers {', '.join(coded.left_out[:LISTED])}" if coded.left_out else None,
            )
        until = self.coded_until_s or max(stretch.stop_s for stretch in coded.stretches)
        if not 0 < until <= LONGEST_S:
            raise InputError("the coded stretch is too long", where=str(path), found=f"{until:g} s")
        times = np.arange(int(np.ceil(until * self.frames_per_second))) / self.frames_per_second
        signals, hidden = _spread(coded, times, read_codes(self.coded_units)[0])
        frames = _tabulate(times, signals, ~hidden)
        n_codes = sum(len(stretch.codes) for stretch in coded.stretches)
        counts = {
            "frames": frames.height,
            "frames with a visible face": int(frames["success"].sum()),
            "codes": n_codes,
        }
        return Imported(
            {FRAMES.name: frames}, counts, tuple(self._list_notes(coded, until)), 0.5 / self.frames_per_second
        )

    def _read_file(self, path: Path) -> CodedFile:
        if path.suffix.lower() == ".eaf":
            return read_elan(path)
        if path.suffix.lower() == ".opf":
            return read_datavyu(path)
        return read_table(path, time_unit=self.time_unit)

    def _list_notes(self, coded: CodedFile, until: float) -> list[str]:
        notes = [f"coded from 0 to {until:g} s, {self.frames_per_second:g} moments a second"]
        if self.coded_until_s is None:
            notes.append(
                "the coded stretch is taken to end with the last code: --option coded_until_s says where it did"
            )
        if not self.coded_units:
            notes.append(
                "action units that never occur are not 0 but unknown: --option coded_units names those looked for"
            )
        if coded.left_out:
            shown = ", ".join(repr(name) for name in coded.left_out[:LISTED])
            notes.append(f"{count_things(len(coded.left_out), 'tier or column', 'tiers or columns')} left out: {shown}")
        if coded.strange:
            shown = ", ".join(repr(word) for word in coded.strange[:LISTED])
            notes.append(f"{count_things(len(coded.strange), 'code')} not understood and left out: {shown}")
        return notes


def _spread(
    coded: CodedFile, times: NDArray[np.float64], looked_for: Sequence[object]
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """Return each signal's values, and where the whole face was hidden."""
    units = {code.unit for code in looked_for} | {  # type: ignore[attr-defined]
        code.unit + side
        for stretch in coded.stretches
        for code in stretch.codes
        if code.number <= HIGHEST_UNIT
        for side in {"", code.side}
    }
    presence = {unit: np.zeros(times.size) for unit in sorted(units)}
    levels: dict[str, NDArray[np.float64]] = {}
    hidden = np.zeros(times.size, dtype=bool)
    masks: list[tuple[int, NDArray[np.bool_]]] = []
    for stretch in coded.stretches:
        inside = (times >= stretch.start_s) & (times < stretch.stop_s)
        for code in stretch.codes:
            if code.number in UNSCORABLE:
                hidden |= inside
            elif code.number in HIDDEN:
                masks.append((code.number, inside))
            else:
                for name in {code.unit, code.unit + code.side}:
                    presence[name][inside] = 1.0
                    if code.level is not None:
                        held = levels.setdefault(name, np.zeros(times.size))
                        held[inside] = np.maximum(held[inside], code.level)
    signals = {f"{unit}_c": values for unit, values in presence.items()}
    for unit, values in levels.items():
        unknown = (presence[unit] > 0) & (values == 0)
        signals[f"{unit}_r"] = np.where(unknown, np.nan, values)
    for number, inside in masks:
        for name, values in signals.items():
            if int(name[2:4]) in HIDDEN[number]:
                values[inside] = np.nan
    return signals, hidden


def _tabulate(
    times: NDArray[np.float64], signals: Mapping[str, NDArray[np.float64]], success: NDArray[np.bool_]
) -> pl.DataFrame:
    base = [
        pl.Series(column.name, [None] * times.size, dtype=column.dtype)
        for column in FRAMES.columns
        if column.name != "recording_id"
    ]
    frame = pl.DataFrame(base).with_columns(
        pl.lit(0, dtype=FRAMES.column("face").dtype).alias("face"),
        pl.int_range(times.size, dtype=pl.Int32, eager=True).cast(FRAMES.column("frame").dtype).alias("frame"),
        pl.Series("time", times, dtype=pl.Float64),
        pl.Series("success", success),
    )
    values = pl.DataFrame(
        {name: pl.Series(name, each, dtype=pl.Float64).fill_nan(None) for name, each in signals.items()}
    )
    return frame.hstack(values.cast(pl.Float32)).with_columns(
        pl.when(pl.col("success")).then(pl.col(name)).alias(name) for name in signals
    )

"""Small recordings of muscles with known content, in every format; binary ones are written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 1000
BURST_HZ = 110.0


def make_muscle(
    seconds: float, bursts: Sequence[tuple[float, float, float]], *, rest: float = 2.0
) -> NDArray[np.float64]:
    """Return a signal in µV: a sine of amplitude ``rest``, and of another in each burst (from, to, amplitude).

    A sine of amplitude a has a root mean square of a / sqrt(2).
    """
    times = np.arange(round(seconds * RATE)) / RATE
    amplitude = np.full(times.size, rest)
    for start, stop, height in bursts:
        amplitude[(times >= start) & (times < stop)] = height
    return amplitude * np.sin(2 * np.pi * BURST_HZ * times)


def write_edf(path: Path, channels: Mapping[str, NDArray[np.float64]], *, unit: str = "uV", bits: int = 16) -> Path:
    """Write an EDF (16 bits) or BDF (24 bits) file of whole seconds; values from -1000 to 1000 in ``unit``."""
    lowest, highest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    n_records = len(next(iter(channels.values()))) // RATE
    n = len(channels)
    head = b"\xffBIOSEMI" if bits == 24 else b"0       "
    head += b"X".ljust(80) + b"Startdate 01-JAN-2026".ljust(80) + b"01.01.26" + b"00.00.00"
    head += str(256 * (n + 1)).encode().ljust(8) + b"".ljust(44) + str(n_records).encode().ljust(8) + b"1".ljust(8)
    head += str(n).encode().ljust(4)
    fields = [
        ([name.encode() for name in channels], 16), ([b""] * n, 80), ([unit.encode()] * n, 8), ([b"-1000"] * n, 8),
        ([b"1000"] * n, 8), ([str(lowest).encode()] * n, 8), ([str(highest).encode()] * n, 8), ([b""] * n, 80),
        ([str(RATE).encode()] * n, 8), ([b""] * n, 32),
    ]  # fmt: skip
    head += b"".join(value.ljust(width) for values, width in fields for value in values)
    scale = (highest - lowest) / 2000
    body = b""
    for record in range(n_records):
        for samples in channels.values():
            piece = samples[record * RATE : (record + 1) * RATE]
            codes = np.clip(np.round((piece + 1000) * scale + lowest), lowest, highest).astype("<i4")
            raw = codes.astype("<i2").tobytes() if bits == 16 else codes.view("u1").reshape(-1, 4)[:, :3].tobytes()
            body += raw
    path.write_bytes(head + body)
    return path


def write_brainvision(
    path: Path, channels: Mapping[str, NDArray[np.float64]], markers: Sequence[tuple[float, str]] = ()
) -> Path:
    """Write a BrainVision recording (.vhdr, .vmrk, .eeg) of 32-bit floats in µV; markers are (s, name)."""
    stem = path.with_suffix("")
    header = [
        "Brain Vision Data Exchange Header File Version 1.0", "", "[Common Infos]", "Codepage=UTF-8",
        f"DataFile={stem.name}.eeg", f"MarkerFile={stem.name}.vmrk", "DataFormat=BINARY",
        "DataOrientation=MULTIPLEXED", f"NumberOfChannels={len(channels)}", f"SamplingInterval={1e6 / RATE:g}", "",
        "[Binary Infos]", "BinaryFormat=IEEE_FLOAT_32", "", "[Channel Infos]",
        *(f"Ch{place}={name},,1,µV" for place, name in enumerate(channels, 1)), "",
    ]  # fmt: skip
    marks = [
        "Brain Vision Data Exchange Marker File, Version 1.0", "", "[Common Infos]", "Codepage=UTF-8",
        f"DataFile={stem.name}.eeg", "", "[Marker Infos]", "Mk1=New Segment,,1,1,0,20260101000000000000",
        *(f"Mk{n}=Stimulus,{name},{round(time * RATE) + 1},1,0" for n, (time, name) in enumerate(markers, 2)), "",
    ]  # fmt: skip
    path.write_bytes("\r\n".join(header).encode())
    stem.with_suffix(".vmrk").write_bytes("\r\n".join(marks).encode())
    stem.with_suffix(".eeg").write_bytes(np.stack(list(channels.values()), axis=1).astype("<f4").tobytes())
    return path


def format_emg(
    channels: Mapping[str, NDArray[np.float64]],
    *,
    time: str | None = "time_s",
    marker: Sequence[object] | None = None,
    header: bool = True,
    mark: str = "\t",
    rate: float = RATE,
    before: str = "",
) -> str:
    """Return the text of an export: a row a sample."""
    n = len(next(iter(channels.values())))
    columns: dict[str, Sequence[str]] = {}
    if time is not None:
        factor = 1000 if "ms" in time else 1
        columns[time] = [f"{k / rate * factor:.4f}" for k in range(n)]
    columns |= {name: [f"{value:.4f}" for value in samples] for name, samples in channels.items()}
    if marker is not None:
        columns["marker"] = [str(each) for each in marker]
    rows = [mark.join(cells) for cells in zip(*columns.values(), strict=True)]
    return before + "\n".join([*([mark.join(columns)] if header else []), *rows, ""])

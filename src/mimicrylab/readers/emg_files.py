"""Electromyograms as samples: EDF, BDF and BrainVision through MNE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import DamagedFileError, DependencyError, MissingError

BINARY_ENDINGS = (".edf", ".bdf", ".vhdr")
MICROVOLTS = {"uv": 1.0, "µv": 1.0, "μv": 1.0, "mv": 1e3, "v": 1e6}
IGNORED_MARKERS = ("new segment", "boundary", "edf annotations", "bad_acq_skip")


@dataclass(frozen=True)
class Marker:
    """A marker: when it began (s from the first sample), how long it lasted (None: a moment), its name."""

    onset_s: float
    duration_s: float | None
    name: str


@dataclass(frozen=True)
class EmgRecording:
    """The channels of a recording.

    Attributes
    ----------
    rate_hz
        Samples a second.
    channels
        Channel -> samples, in the unit that ``units`` says; NaN where one is missing.
    units
        Channel -> its unit (``uV``, ``mV`` ...), or None where the file does not say it.
    markers
        What the file says happened.
    start_s
        Time of the first sample on the file's clock.
    notes
        What is to be said about the file.
    """

    rate_hz: float
    channels: dict[str, NDArray[np.float64]]
    units: dict[str, str | None]
    markers: tuple[Marker, ...]
    start_s: float = 0.0
    notes: tuple[str, ...] = ()


def read_binary(path: Path) -> EmgRecording:
    """Read an EDF, BDF or BrainVision recording (its header, ``.vhdr``); samples in µV.

    Raises
    ------
    MissingError
        There is no such file.
    DependencyError
        MNE is not installed.
    DamagedFileError
        MNE cannot read it.
    """
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    try:
        import mne
    except ImportError as error:
        raise DependencyError(
            "electromyograms in EDF, BDF or BrainVision need MNE, which is not installed",
            where=str(path),
            do="pip install 'mimicrylab[emg]'",
        ) from error
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            raw = mne.io.read_raw(path, preload=True, verbose="error")
            data = np.asarray(raw.get_data(), dtype=np.float64)
        except Exception as error:  # MNE raises whatever its many formats run into
            reason = str(error).strip().splitlines()
            raise DamagedFileError(
                "the recording cannot be read",
                where=str(path),
                found=f"{type(error).__name__}: {reason[0] if reason else 'no reason given'}"[:200],
                do="use the file as the amplifier's program wrote it; BrainVision needs .vhdr, .vmrk and .eeg together",
            ) from error
    moment_s = 1.5 / float(raw.info["sfreq"])
    markers = [
        Marker(float(onset - raw.first_time), float(duration) if duration > moment_s else None, str(name))
        for onset, duration, name in zip(
            raw.annotations.onset, raw.annotations.duration, raw.annotations.description, strict=True
        )
        if not str(name).lower().startswith(IGNORED_MARKERS)
    ]
    kinds = dict(zip(raw.ch_names, raw.get_channel_types(), strict=True))
    given = getattr(raw, "_orig_units", {})
    units: dict[str, str | None] = {n: None if given.get(n) in ("n/a", "") else "uV" for n in raw.ch_names}
    channels = {
        name: data[place] * (1.0 if units[name] is None else 1e6)
        for place, name in enumerate(raw.ch_names)
        if kinds[name] != "stim"
    }
    for place, name in enumerate(raw.ch_names):
        if kinds[name] == "stim":
            markers += find_steps(data[place], float(raw.info["sfreq"]))
    return EmgRecording(float(raw.info["sfreq"]), channels, units, tuple(sorted(markers, key=lambda m: m.onset_s)))


def find_steps(values: NDArray[np.float64], rate_hz: float) -> list[Marker]:
    """Return the stretches in which a channel of codes holds one that is not 0.

    Examples
    --------
    >>> find_steps(np.array([0, 0, 7, 7, 0, 3.0]), 2.0)
    [Marker(onset_s=1.0, duration_s=1.0, name='7'), Marker(onset_s=2.5, duration_s=None, name='3')]
    """
    return find_words([None if not np.isfinite(v) or v == 0 else f"{v:g}" for v in values], rate_hz)


def find_words(words: Sequence[str | None], rate_hz: float) -> list[Marker]:
    """Return the stretches of samples that hold one word; a stretch of one sample is a moment."""
    markers: list[Marker] = []
    before: str | None = None
    first = 0
    for place, word in enumerate([*words, None]):
        plain = None if word is None or word.strip() in ("", "0", "0.0", "-", "nan") else word.strip()
        if plain == before:
            continue
        if before is not None:
            length = place - first
            markers.append(Marker(first / rate_hz, length / rate_hz if length > 1 else None, before))
        before, first = plain, place
    return markers

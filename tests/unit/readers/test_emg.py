"""Facial EMG in every format: the amount of a muscle is the one that was made, at the time at which it was made."""

from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_emg import RATE, format_emg, make_muscle, write_brainvision, write_edf
from made_exports import write_text
from mimicrylab.errors import DamagedFileError, InputError, UnknownNameError
from mimicrylab.readers.emg import EmgReader
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table

SMILE = make_muscle(6, [(3, 4, 20)])
BROW = make_muscle(6, [], rest=5)
MUSCLES = {"EMG Zyg": SMILE, "Corrugator": BROW}


def read(path: Path, **options: object) -> tuple[pl.DataFrame, Imported]:
    imported = EmgReader(**options).read(path)  # type: ignore[arg-type]
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def average(frames: pl.DataFrame, name: str, start: float, stop: float) -> float:
    value = frames.filter(pl.col("time").is_between(start, stop))[name].mean()
    assert isinstance(value, float)
    return value


def check_bursts(frames: pl.DataFrame) -> None:
    """The root mean square is the sine's amplitude by the root of 2, in µV, and steps where the burst begins."""
    assert average(frames, "emg_zygomaticus", 1, 2.8) == pytest.approx(2 / sqrt(2), rel=0.02)
    assert average(frames, "emg_zygomaticus", 3.1, 3.9) == pytest.approx(20 / sqrt(2), rel=0.02)
    assert average(frames, "emg_corrugator", 1, 5) == pytest.approx(5 / sqrt(2), rel=0.02)
    half = frames.filter(pl.col("emg_zygomaticus") > 10)["time"]
    assert half[0] == pytest.approx(3.0, abs=0.04)
    assert half[-1] == pytest.approx(4.0, abs=0.04)
    steps = frames["time"].diff().drop_nulls()
    assert steps.to_list() == pytest.approx([0.02] * steps.len())


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("unit", ["uV", "mV"])
def test_edf_and_bdf(tmp_path: Path, bits: int, unit: str) -> None:
    path = tmp_path / ("a.edf" if bits == 16 else "a.bdf")
    factor = 1.0 if unit == "uV" else 10.0
    write_edf(path, {name: samples * factor for name, samples in MUSCLES.items()}, unit=unit, bits=bits)
    frames, imported = read(path)
    if unit == "mV":
        frames = frames.with_columns(pl.col("emg_zygomaticus", "emg_corrugator") / (1000 * factor))
    check_bursts(frames)
    assert imported.counts["samples"] == 6 * RATE
    assert "first bytes" in EmgReader().recognise(path)


def test_an_edf_without_a_unit_needs_one(tmp_path: Path) -> None:
    path = write_edf(tmp_path / "a.edf", MUSCLES, unit="")
    with pytest.raises(InputError, match="unit of 'EMG Zyg' is not known"):
        read(path)
    check_bursts(read(path, unit="uV")[0])


def test_brainvision_with_markers(tmp_path: Path) -> None:
    path = write_brainvision(
        tmp_path / "P01.vhdr", {"zyg": SMILE, "corr": BROW, "ECG": BROW}, [(3.0, "S  1"), (5.0, "S  2")]
    )
    frames, imported = read(path)
    check_bursts(frames)
    events = imported.tables["events"]
    assert events["stimulus"].to_list() == ["Stimulus/S  1", "Stimulus/S  2"]
    assert events["onset"].to_list() == pytest.approx([3.0, 5.0], abs=0.001)
    assert events["duration"].to_list() == [None, None]
    assert any("channels left out: ECG" in note for note in imported.notes)


def test_text_with_a_header_and_a_marker_column(tmp_path: Path) -> None:
    marker = [7 if 3 <= k / RATE < 4 else 0 for k in range(SMILE.size)]
    text = format_emg({"Zyg (uV)": SMILE, "Corr (uV)": BROW}, marker=marker, before="Exported by nobody\nnotes\n")
    frames, imported = read(write_text(tmp_path / "P01.txt", text))
    check_bursts(frames)
    (row,) = imported.tables["events"].iter_rows(named=True)
    assert (row["stimulus"], row["onset"], row["duration"]) == ("7", pytest.approx(3.0), pytest.approx(1.0))


def test_text_without_a_header(tmp_path: Path) -> None:
    text = format_emg({"a": SMILE, "b": BROW}, time=None, header=False, mark=",")
    path = write_text(tmp_path / "P01.csv", text)
    with pytest.raises(InputError, match="no line of the file is a header"):
        read(path, unit="uV")
    options = {"columns": "zyg,corr", "unit": "uV"}
    with pytest.raises(InputError, match="samples a second"):
        read(path, **options)
    frames, imported = read(path, **options, rate_hz=1000.0)
    check_bursts(frames)
    assert imported.counts["samples"] == 6 * RATE


def test_channels_can_be_named(tmp_path: Path) -> None:
    before = '"P01.acq"\n1 msec/sample\n2 channels\n'
    text = format_emg({"CH1": SMILE, "CH2": BROW}, time=None, before=before)
    path = write_text(tmp_path / "P01.txt", text)
    frames, imported = read(path, muscles="CH1:zygomaticus,CH2:corr", unit="uV")
    check_bursts(frames)
    assert any("1000 samples a second" in note for note in imported.notes)
    with pytest.raises(UnknownNameError):
        EmgReader(muscles="CH1:nose")


def test_rectified_text_is_only_smoothed(tmp_path: Path) -> None:
    rate, seconds = 100, 6
    amounts = np.where((np.arange(rate * seconds) / rate >= 3) & (np.arange(rate * seconds) / rate < 4), 20.0, 2.0)
    text = format_emg({"zyg_uV": amounts}, rate=rate, time="time_ms")
    path = write_text(tmp_path / "P01.txt", text)
    frames, imported = read(path, unit="uV")
    assert average(frames, "emg_zygomaticus", 3.1, 3.9) == pytest.approx(20)
    assert average(frames, "emg_zygomaticus", 0.1, 2.8) == pytest.approx(2)
    assert any("taken for rectified" in note for note in imported.notes)
    with pytest.raises(InputError, match="too low for the band"):
        read(path, unit="uV", rectified=False, highpass_hz=60.0)


def test_the_mains_are_removed_where_that_is_asked_for(tmp_path: Path) -> None:
    times = np.arange(SMILE.size) / RATE
    hum = SMILE + 30 * np.sin(2 * np.pi * 50 * times)
    path = write_edf(tmp_path / "a.edf", {"zyg": hum})
    assert average(read(path)[0], "emg_zygomaticus", 1, 2.8) > 15
    check = read(path, notch_hz=50.0)[0]
    assert average(check, "emg_zygomaticus", 1, 2.8) == pytest.approx(2 / sqrt(2), rel=0.05)


@pytest.mark.parametrize(("envelope", "factor"), [("mean", 2 / np.pi), ("lowpass", 2 / np.pi), ("rms", 1 / sqrt(2))])
def test_envelopes(tmp_path: Path, envelope: str, factor: float) -> None:
    path = write_edf(tmp_path / "a.edf", MUSCLES)
    frames, _ = read(path, envelope=envelope, frames_per_second=25.0)
    assert average(frames, "emg_corrugator", 1, 5) == pytest.approx(5 * factor, rel=0.02)
    assert frames.height == 6 * 25


def test_artefacts_and_missing_samples_are_missing_frames(tmp_path: Path) -> None:
    knock = SMILE.copy()
    knock[5000:5020] = 900 * (-1) ** np.arange(20)
    frames, imported = read(
        write_edf(tmp_path / "a.edf", {"zyg": knock}), artefact_above=100.0, highpass_hz=None, lowpass_hz=None
    )
    lost = frames.filter(~pl.col("success"))["time"]
    assert lost.len() > 0
    assert 4.9 < lost[0] <= lost[-1] < 5.1
    assert any("frames are missing" in note for note in imported.notes)
    text = format_emg({"Zyg (uV)": SMILE}).splitlines()
    for place in range(2000, 2050):
        text[place] = text[place].split("\t")[0] + "\tNaN"
    frames, _ = read(write_text(tmp_path / "b.txt", "\n".join(text)))
    assert 0 < frames["emg_zygomaticus"].null_count() < 12


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"highpass_hz": 500.0, "lowpass_hz": 400.0}, "must lie below"),
        ({"window_s": 0.0}, "above 0"),
        ({"envelope": "maximum"}, "unknown envelope"),
        ({"unit": "kV"}, "unknown unit"),
        ({"muscles": "CH1"}, "channel:muscle"),
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        EmgReader(**options)  # type: ignore[arg-type]


def test_damage_is_said(tmp_path: Path) -> None:
    path = write_edf(tmp_path / "a.edf", MUSCLES)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DamagedFileError):
        read(path)
    gap = format_emg({"Zyg (uV)": SMILE}).splitlines()
    del gap[2000:2500]
    with pytest.raises(DamagedFileError, match="samples are missing"):
        read(write_text(tmp_path / "b.txt", "\n".join(gap)))
    two = {"zyg left": SMILE, "zyg right": SMILE}
    with pytest.raises(InputError, match="two channels are zygomaticus"):
        read(write_edf(tmp_path / "c.edf", two))


def test_a_lost_time_and_an_impossible_number_do_no_harm(tmp_path: Path) -> None:
    lines = format_emg({"Zyg (uV)": SMILE, "Corr (uV)": BROW}).splitlines()
    lines[-1] = "x\t" + lines[-1].partition("\t")[2]
    lines[1] = lines[1].rpartition("\t")[0] + "\t9e300"
    frames, imported = read(write_text(tmp_path / "a.txt", "\n".join(lines)))
    check_bursts(frames)
    assert any("1 cells" in note or "1 cell" in note for note in imported.notes)


def test_muscles_stand_for_action_units() -> None:
    from mimicrylab.measures.signals import find_targets, read_coder_signals

    signals = read_coder_signals("emg", ["emg_zygomaticus", "emg_corrugator"])
    assert (signals.find_column("AU12"), signals.find_column("AU04")) == ("emg_zygomaticus", "emg_corrugator")
    names = [target.name for target in find_targets([], signals, congruence={"happiness": ["AU12"]})]
    assert names == ["AU04", "AU12", "happiness[AU12]"]

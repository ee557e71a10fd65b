"""Human FACS codes: what a coder saw becomes what a frame shows; what could not be seen is missing."""

import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_exports import write_text
from mimicrylab.errors import DamagedFileError, InputError, MimicryLabError
from mimicrylab.readers.facs_codes import FacsCodesReader
from mimicrylab.readers.facs_names import read_codes
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table

ELAN = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT FORMAT="3.0" VERSION="3.0">
<TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="t2" TIME_VALUE="3000"/>
<TIME_SLOT TIME_SLOT_ID="t3" TIME_VALUE="2000"/><TIME_SLOT TIME_SLOT_ID="t4" TIME_VALUE="4000"/>
</TIME_ORDER>
<TIER TIER_ID="FACS"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2">
<ANNOTATION_VALUE>6+12C</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="AU4"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="t3" TIME_SLOT_REF2="t4">
<ANNOTATION_VALUE>B</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="speech"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1">
<ANNOTATION_VALUE>hello there</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>
</ANNOTATION_DOCUMENT>
"""
TABLE = "onset,offset,code,intensity\n1.0,3.0,6+12,C\n2.0,4.0,AU4,B\n"
DATAVYU = (
    "#4\nfacs (MATRIX,true,)-code01|NOMINAL\n00:00:01:000,00:00:03:000,(6+12C)\n"
    "AU4 (MATRIX,true,)-level|NOMINAL\n00:00:02:000,00:00:04:000,(B)\n"
)


def read(path: Path, **options: object) -> tuple[pl.DataFrame, Imported]:
    reader = FacsCodesReader(**options)  # type: ignore[arg-type]
    assert reader.recognise(path)
    imported = reader.read(path)
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    return frames, imported


def write_datavyu(path: Path, text: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("db", text)
    return path


@pytest.mark.parametrize("kind", ["elan", "datavyu", "table", "table in ms"])
def test_all_kinds_say_the_same(tmp_path: Path, kind: str) -> None:
    if kind == "datavyu":
        path = write_datavyu(tmp_path / "P01.opf", DATAVYU)
    elif kind == "elan":
        path = write_text(tmp_path / "P01.eaf", ELAN)
    else:
        text = (
            TABLE if kind == "table" else "onset_ms\tduration\tcode\n1000\t2000\t6\n1000\t2000\t12C\n2000\t2000\t4B\n"
        )
        path = write_text(tmp_path / "P01.csv", text)
    frames, imported = read(path, frames_per_second=10.0)
    assert frames.height == 40
    smile = frames.filter(pl.col("AU12_c") == 1)["time"]
    assert (smile[0], smile[-1]) == pytest.approx((1.0, 2.9))
    assert frames.filter(pl.col("time").is_between(1, 2.95))["AU12_r"].unique().to_list() == [3]
    assert frames.filter(pl.col("time") < 0.95)["AU12_r"].unique().to_list() == [0]
    brow = frames.filter(pl.col("AU04_c") == 1)["time"]
    assert (brow[0], brow[-1]) == pytest.approx((2.0, 3.9))
    assert frames["AU04_r"].max() == 2
    if kind == "elan":
        assert any("'speech'" in note for note in imported.notes)


def test_what_was_hidden_is_missing_and_not_absent(tmp_path: Path) -> None:
    text = "start,end,code\n0,1,12\n2,3,73\n3,4,72\n3,5,4\n"
    frames, _ = read(write_text(tmp_path / "a.csv", text), frames_per_second=10.0)
    whole = frames.filter(pl.col("time").is_between(2, 2.95))
    assert not whole["success"].any()
    lower = frames.filter(pl.col("time").is_between(3, 3.95))
    assert lower["AU12_c"].null_count() == lower.height
    assert lower["AU04_c"].to_list() == [1] * lower.height
    assert "AU12_r" not in frames.columns


def test_units_that_were_looked_for_are_0(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "start,end,code\n0,1,L12\n")
    frames, _ = read(path, coded_units="AU01,AU12", coded_until_s=2.0)
    assert frames["AU01_c"].sum() == 0
    assert frames.columns[-3:] == ["AU01_c", "AU12_c", "AU12L_c"]
    assert frames.height == 50
    with pytest.raises(InputError):
        FacsCodesReader(coded_units="smile")


def test_codes_are_read_as_the_manual_writes_them() -> None:
    codes, strange = read_codes("1+2 AU12e R14B 99 smile")
    assert [(code.number, code.side, code.level) for code in codes] == [
        (1, "", None), (2, "", None), (12, "", 5.0), (14, "R", 2.0),
    ]  # fmt: skip
    assert strange == ("99", "smile")


def test_files_without_codes_and_damage(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no FACS code"):
        FacsCodesReader().read(write_text(tmp_path / "a.csv", "start,end,code\n0,1,smile\n"))
    with pytest.raises(DamagedFileError):
        FacsCodesReader().read(write_text(tmp_path / "a.eaf", ELAN[:300]))
    with pytest.raises(DamagedFileError):
        FacsCodesReader().read(write_text(tmp_path / "a.opf", "no archive"))
    with pytest.raises(InputError, match="too large to be seconds"):
        FacsCodesReader().read(write_text(tmp_path / "b.csv", "start,end,code\n0,100000,12\n100000,200000,12\n"))


TOKENS = st.sampled_from([b"<", b">", b'"', b",", b"\n", b"\0", b":", b"(", b"99", b"&lol;"]) | st.binary(max_size=3)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), TOKENS), min_size=1, max_size=5)


@pytest.mark.parametrize(("ending", "text"), [(".eaf", ELAN), (".csv", TABLE), (".opf", DATAVYU)])
@settings(max_examples=60, deadline=None)
@given(edits=EDITS)
def test_any_damage(ending: str, text: str, edits: Sequence[tuple[float, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        content = text.encode() if ending != ".opf" else write_datavyu(path, text).read_bytes()
        for share, length, token in edits:
            start = int(share * len(content))
            content = content[:start] + token + content[start + length :]
        path.write_bytes(content)
        with suppress(MimicryLabError):
            FacsCodesReader().recognise(path)
        try:
            frames = FacsCodesReader().read(path).tables["frames"]
        except MimicryLabError:
            return
    assert (frames["time"].diff().drop_nulls() > 0).all()
    for name in frames.columns:
        if name.endswith("_c"):
            assert frames[name].drop_nulls().is_in([0.0, 1.0]).all()

"""Property: whatever is done to a program's file, the frames keep the schema's promises, or the reader says why not."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_emg import format_emg, make_muscle, write_edf
from made_exports import (
    format_affdex,
    format_facereader,
    format_facet,
    format_libreface,
    format_openface3,
    format_pyfeat,
    format_table,
    make_affdex_row,
    make_facereader_row,
    make_facet_row,
    make_libreface_row,
    make_openface3_row,
    make_pyfeat_row,
    make_slide_row,
)
from mimicrylab.errors import MimicryLabError
from mimicrylab.readers.affdex import AffdexReader
from mimicrylab.readers.blendshapes import NAMES, BlendshapesReader
from mimicrylab.readers.emg import EmgReader
from mimicrylab.readers.facereader import FaceReaderReader
from mimicrylab.readers.facet import FacetReader
from mimicrylab.readers.libreface import LibreFaceReader
from mimicrylab.readers.openface3 import OpenFace3Reader
from mimicrylab.readers.pyfeat import PyfeatReader
from mimicrylab.readers.reader import Reader
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table

N = 24
FILES: dict[str, tuple[Callable[[], Reader], str]] = {
    "facet": (FacetReader, format_facet([make_facet_row(k, face=k != 5) for k in range(N)])),
    "affdex": (
        AffdexReader,
        format_affdex([make_slide_row(0, "StartMedia", "a"), *(make_affdex_row(40 * k) for k in range(N))]),
    ),
    "facereader": (
        FaceReaderReader,
        format_facereader([make_facereader_row(k, failed="" if k != 5 else "FIT_FAILED") for k in range(N)]),
    ),
    "libreface": (LibreFaceReader, format_libreface([make_libreface_row(k) for k in range(N) if k != 5])),
    "openface3": (
        lambda: OpenFace3Reader(25.0),
        format_openface3([make_openface3_row(k, face=k != 5) for k in range(N)]),
    ),
    "blendshapes": (
        BlendshapesReader,
        format_table(
            [dict.fromkeys(NAMES, "0.1") | {"time_s": k / 25} for k in range(N)], ("time_s", *NAMES), mark=","
        ),
    ),
    "emg": (lambda: EmgReader(rectified=True), format_emg({"Zyg (uV)": make_muscle(0.4, [])})),
    "pyfeat": (PyfeatReader, format_pyfeat([make_pyfeat_row(k, rate=8.0) for k in range(N)])),
}
PUNCTUATION = st.sampled_from([b",", b"\t", b"\n", b"\r", b"\0", b'"', b";", b"#", b"-", b"\xff\xfe", "É".encode()])
WORDS = st.sampled_from([b"nan", b"inf", b"1e309", b"-1", b"9" * 20, b"0x1F", b"1_0", b"Timestamp", b"frame", b"#DATA"])
TOKENS = PUNCTUATION | WORDS | st.binary(max_size=4)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), TOKENS), min_size=1, max_size=6)


def read_damaged(reader: Reader, content: bytes, *, ending: str = "csv") -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"P01.{ending}"
        path.write_bytes(content)
        with suppress(MimicryLabError):
            reader.recognise(path)
        try:
            imported = reader.read(path)
        except MimicryLabError:
            return
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    fixed = ("face", "frame", "time", "success")
    without_face = frames.filter(~pl.col("success"))
    assert all(without_face[name].null_count() == without_face.height for name in frames.columns if name not in fixed)
    assert not frames.select("face", "frame").is_duplicated().any()
    for _, face in frames.group_by("face"):
        assert (face["time"].diff().drop_nulls() > 0).all()
        assert (face["frame"].diff().drop_nulls() == 1).all()


@pytest.mark.parametrize("program", FILES)
@settings(max_examples=60, deadline=None)
@given(edits=EDITS)
def test_cut_pasted_and_overwritten_bytes(program: str, edits: Sequence[tuple[float, int, bytes]]) -> None:
    make, text = FILES[program]
    content = text.encode()
    for place, length, token in edits:
        start = int(place * len(content))
        content = content[:start] + token + content[start + length :]
    read_damaged(make(), content)


@pytest.mark.parametrize("program", FILES)
@settings(max_examples=30, deadline=None)
@given(share=st.floats(0, 1))
def test_a_file_cut_off_anywhere(program: str, share: float) -> None:
    make, text = FILES[program]
    content = text.encode()
    read_damaged(make(), content[: int(share * len(content))])


@pytest.mark.parametrize("program", FILES)
@settings(max_examples=20, deadline=None)
@given(seed=st.randoms(use_true_random=False))
def test_lines_in_any_order(program: str, seed: object) -> None:
    make, text = FILES[program]
    lines = text.encode().splitlines(keepends=True)
    seed.shuffle(lines)  # type: ignore[attr-defined]
    read_damaged(make(), b"".join(lines))


with tempfile.TemporaryDirectory() as made:
    EDF = write_edf(Path(made) / "a.edf", {"zyg": make_muscle(2, []), "corr": make_muscle(2, [])}).read_bytes()


@settings(max_examples=60, deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 20), TOKENS), min_size=1, max_size=4))
def test_a_damaged_header_of_edf(edits: Sequence[tuple[int, int, bytes]]) -> None:
    content = EDF
    for start, length, token in edits:
        content = content[:start] + token + content[start + length :]
    read_damaged(EmgReader(unit="uV"), content, ending="edf")

"""Property: whatever is done to a file, the reader returns frames that keep the schema's promises, or says why not."""

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from made_openface import format_rows, make_row
from mimicrylab.errors import MimicryLabError
from mimicrylab.readers.openface import OpenFaceReader
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table

HEADER = ("frame", "face_id", "timestamp", "confidence", "success", "pose_Rx", "AU12_r", "AU12_c")
WHOLE = format_rows([make_row(k, AU12_r=f"{k % 5}.25") for k in range(1, 61)], header=HEADER).encode()

PUNCTUATION = st.sampled_from([b",", b"\n", b"\r", b"\0", b'"', b";", b"\t", b"-", b" ", b"\xff\xfe", "É".encode()])
WORDS = st.sampled_from([b"nan", b"inf", b"1e309", b"-1", b"9" * 20, b"0x1F", b"1_0", b"AU12_r", b"frame", b"true"])
TOKENS = PUNCTUATION | WORDS | st.binary(max_size=4)
EDITS = st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), TOKENS), min_size=1, max_size=6)


def read_damaged(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "P01.csv"
        path.write_bytes(content)
        try:
            imported = OpenFaceReader().read(path)
        except MimicryLabError:
            return
    frames = imported.tables["frames"]
    conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="test")
    signals = [name for name in frames.columns if name in ("AU12_r", "AU12_c", "pitch")]
    without_face = frames.filter(~pl.col("success"))
    assert all(without_face[name].null_count() == without_face.height for name in signals)
    assert not frames.select("face", "frame").is_duplicated().any()
    assert frames.group_by("face").len()["len"].n_unique() == 1
    for _, face in frames.group_by("face"):
        assert (face["time"].diff().drop_nulls() > 0).all()
        assert (face["frame"].diff().drop_nulls() == 1).all()
    if "AU12_r" in frames.columns:
        assert frames["AU12_r"].drop_nulls().is_between(0, 5).all()


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_cut_pasted_and_overwritten_bytes(edits: list[tuple[int, int, bytes]]) -> None:
    content = WHOLE
    for start, length, token in edits:
        content = content[:start] + token + content[start + length :]
    read_damaged(content)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE)))
def test_a_file_cut_off_anywhere(length: int) -> None:
    read_damaged(WHOLE[:length])


@settings(max_examples=60, deadline=None)
@given(st.permutations(WHOLE.splitlines(keepends=True)))
def test_lines_in_any_order(lines: list[bytes]) -> None:
    read_damaged(b"".join(lines))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_below_a_header(content: bytes) -> None:
    read_damaged(WHOLE.splitlines(keepends=True)[0] + content)

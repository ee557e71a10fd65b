"""Parquet files: schema, provenance, atomic writes, the same bytes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from mimicrylab.errors import DamagedFileError, InputError, MissingError
from mimicrylab.schemas import Column, Table
from mimicrylab.tables import (
    Provenance,
    conform_table,
    find_current,
    hash_file,
    read_provenance,
    read_table,
    remove_stale_partials,
    replace_atomically,
    write_pieces,
    write_table,
    write_text,
)

TRIALS = Table(
    "trials",
    "a trial",
    ("trial",),
    (
        Column("trial", pl.Int32, "0-based", minimum=0),
        Column("onset", pl.Float64, "from the start", "s", null="not shown"),
        Column("emotion", pl.String, "emotion shown", null="none", choices=("anger", "happiness")),
        Column("share", pl.Float32, "share of valid frames", null="no frame", minimum=0, maximum=1),
    ),
)
SIGNALS = Table("signals", "a frame", ("frame",), (Column("frame", pl.Int32, "0-based"),), open_ended=True, extra="AU")
PROVENANCE = Provenance("measure", {"events": "ab" * 32}, {"window_s": [0, 5]}, {"complete": True})


@pytest.fixture
def trials() -> pl.DataFrame:
    """Two trials: one complete, one never shown."""
    return pl.DataFrame(
        {"trial": [0, 1], "onset": [1.5, None], "emotion": ["anger", None], "share": [0.5, None]},
        schema={column.name: column.dtype for column in TRIALS.columns},
    )


def test_what_is_written_is_read_back(trials: pl.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "trials.parquet"
    write_table(trials, path, TRIALS, PROVENANCE)
    assert_frame_equal(read_table(path, TRIALS), trials)


def test_the_same_input_gives_the_same_bytes(trials: pl.DataFrame, tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        write_table(trials, tmp_path / name, TRIALS, PROVENANCE)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_the_order_in_which_provenance_was_written_down_does_not_change_the_bytes() -> None:
    assert Provenance("a", {"x": "1", "y": "2"}).encode() == Provenance("a", {"y": "2", "x": "1"}).encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"step": "quality"},
        {"inputs": {"events": "cd" * 32}},
        {"inputs": {**PROVENANCE.inputs, "exclusions": "ef" * 32}},
        {"arguments": {"window_s": [0, 4]}},
        {"software": "mimicrylab 0"},
    ],
)
def test_a_table_is_current_by_step_inputs_options_and_version_whatever_its_notes(
    trials: pl.DataFrame, tmp_path: Path, changed: dict[str, Any]
) -> None:
    path = tmp_path / "trials.parquet"
    assert find_current(path, PROVENANCE) is None
    write_table(trials, path, TRIALS, PROVENANCE)
    assert find_current(path, replace(PROVENANCE, notes={})) == PROVENANCE
    assert find_current(path, replace(PROVENANCE, **changed)) is None


def test_provenance_comes_back_and_other_readers_see_it(trials: pl.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "trials.parquet"
    write_table(trials, path, TRIALS, PROVENANCE)
    assert read_provenance(path) == PROVENANCE
    assert b'"step": "measure"' in pq.read_metadata(path).metadata[b"mimicrylab"]


def test_a_file_without_provenance_has_none(trials: pl.DataFrame, tmp_path: Path) -> None:
    trials.write_parquet(tmp_path / "foreign.parquet")
    (tmp_path / "text.parquet").write_text("not Parquet")
    assert read_provenance(tmp_path / "foreign.parquet") is None
    assert read_provenance(tmp_path / "text.parquet") is None
    assert read_provenance(tmp_path / "absent.parquet") is None


def test_hashing_in_pieces_equals_hashing_at_once(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "file").write_bytes(data)
    assert hash_file(tmp_path / "file") == hashlib.sha256(data).hexdigest()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "result.txt"
    write_text(path, "old")

    def write_and_fail() -> None:
        with replace_atomically(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_and_fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_sees_the_new_file_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "result.txt"
    with replace_atomically(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"


def test_text_has_the_same_line_ends_everywhere(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "ä\nb\n")
    assert (tmp_path / "a.txt").read_bytes() == "ä\nb\n".encode()


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="there is no table 'trials'"):
        read_table(tmp_path / "trials.parquet", TRIALS)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "trials.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DamagedFileError, match="not a readable Parquet file"):
        read_table(tmp_path / "trials.parquet", TRIALS)


def test_conforming_orders_casts_and_adds_what_may_be_null() -> None:
    frame = conform_table(pl.DataFrame({"share": [0.25], "trial": [3]}), TRIALS, where="here")
    assert frame.columns == ["trial", "onset", "emotion", "share"]
    assert frame.schema["trial"] == pl.Int32
    assert frame.row(0) == (3, None, None, 0.25)


def test_conforming_keeps_the_further_columns_of_an_open_ended_table_behind_the_declared_ones() -> None:
    frame = conform_table(pl.DataFrame({"AU12": [0.5], "frame": [0]}), SIGNALS, where="here")
    assert frame.columns == ["frame", "AU12"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"trial": [None, 1]}, "here: trial, row 0: a value is missing"),
        ({"trial": [0, -1]}, "here: trial, row 1: a value is out of range"),
        ({"share": [0.5, 1.5]}, "here: share, row 1: a value is out of range"),
        ({"emotion": ["anger", "joy"]}, "here: emotion, row 1: a value is out of range"),
        ({"trial": ["first", "second"]}, "column 'trial' has values of the wrong type"),
        ({"trial": [0.5, 1.0]}, "column 'trial' has values of the wrong type"),
        ({"onset": [0.0, float("nan")]}, "here: onset, row 1: a value is out of range"),
        ({"onsett": [0.0, 1.0]}, r"no column 'onsett' \(did you mean 'onset'\?\)"),
    ],
    ids=["null", "too small", "too large", "not a choice", "text", "fraction", "nan", "unknown"],
)
def test_a_table_that_disagrees_is_refused_with_the_place(
    trials: pl.DataFrame, change: dict[str, list[object]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        conform_table(
            trials.with_columns(pl.Series(name, values) for name, values in change.items()), TRIALS, where="here"
        )


def test_a_missing_column_that_is_never_null_is_named(trials: pl.DataFrame) -> None:
    with pytest.raises(InputError, match="column 'trial' of table 'trials' is missing"):
        conform_table(trials.drop("trial"), TRIALS, where="here")


def test_a_table_that_disagrees_is_not_written(trials: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_table(trials.with_columns(extra=1), tmp_path / "trials.parquet", TRIALS, PROVENANCE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_conforming_keeps_the_number_of_rows_whatever_is_cast_or_added(rows: int) -> None:
    frame = pl.DataFrame({"trial": pl.Series(range(rows), dtype=pl.Int64)})
    assert conform_table(frame, TRIALS, where="here").height == rows


def make_piece(first: int, rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "trial": pl.Series(range(first, first + rows), dtype=pl.Int32),
            "share": pl.Series([0.5] * rows, dtype=pl.Float32),
        }
    )


def test_pieces_become_row_groups_of_one_table_with_its_provenance(tmp_path: Path) -> None:
    path = tmp_path / "trials.parquet"
    pieces = (make_piece(first, 3) for first in range(0, 24, 3))
    write_pieces(pieces, path, TRIALS, describe=lambda: PROVENANCE, rows_per_group=10)
    assert_frame_equal(read_table(path, TRIALS), conform_table(make_piece(0, 24), TRIALS, where="here"))
    assert read_provenance(path) == PROVENANCE
    assert [pq.ParquetFile(path).metadata.row_group(each).num_rows for each in range(2)] == [12, 12]


def test_the_same_pieces_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_pieces([make_piece(0, 5)], tmp_path / f"{name}.parquet", TRIALS, describe=lambda: PROVENANCE)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_provenance_of_pieces_is_asked_for_after_the_last_one(tmp_path: Path) -> None:
    seen: list[int] = []

    def give() -> Iterator[pl.DataFrame]:
        for first in (0, 5):
            seen.append(first)
            yield make_piece(first, 5)

    write_pieces(
        give(),
        tmp_path / "t.parquet",
        TRIALS,
        describe=lambda: Provenance("code", notes={"n": len(seen)}),
        rows_per_group=1,
    )
    found = read_provenance(tmp_path / "t.parquet")
    assert found is not None
    assert found.notes == {"n": 2}


@pytest.mark.parametrize("rows_per_group", [1, 100])
@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pl.Series("AU12", [0.5], dtype=pl.Float64), "change on the way"),
        (pl.Series("AU04", [0.5], dtype=pl.Float32), "change on the way"),
        (pl.Series("frame", [None], dtype=pl.Int32), "frame, row .: a value is missing"),
    ],
    ids=["another type", "another column", "a missing value"],
)
def test_a_piece_that_disagrees_leaves_no_file(
    tmp_path: Path, column: pl.Series, message: str, rows_per_group: int
) -> None:
    first = pl.DataFrame({"frame": pl.Series([0], dtype=pl.Int32), "AU12": pl.Series([0.1], dtype=pl.Float32)})
    pieces = [first, first.with_columns(column)]
    with pytest.raises(InputError, match=message):
        write_pieces(pieces, tmp_path / "t", SIGNALS, describe=lambda: PROVENANCE, rows_per_group=rows_per_group)
    assert not list(tmp_path.iterdir())


def test_no_piece_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to write"):
        write_pieces([], tmp_path / "t.parquet", TRIALS, describe=lambda: PROVENANCE)
    assert not list(tmp_path.iterdir())


def test_partial_files_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    program = (
        "import os, sys, signal; from pathlib import Path; from mimicrylab.tables import replace_atomically\n"
        "with replace_atomically(Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "deep" / "dead.parquet")], check=False)
    left = list((tmp_path / "deep").iterdir())
    assert len(left) == 1
    other_machine = left[0].with_name(".x.parquet~another.machine~1~abc.partial")
    other_machine.write_text("half")
    mine = tmp_path / "notes.partial"
    mine.write_text("not ours")
    with replace_atomically(tmp_path / "alive.parquet") as alive:
        assert remove_stale_partials(tmp_path) == 1
        assert alive.exists()
    assert not left[0].exists()
    assert other_machine.exists()
    assert mine.exists()
    os.utime(other_machine, (0, 0))
    assert remove_stale_partials(tmp_path) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell zombies by other means")
def test_what_a_killed_process_was_writing_is_cleared_before_anybody_asked_about_the_process(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from mimicrylab.tables import replace_atomically\n"
        "with replace_atomically(Path(sys.argv[1])): print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "result.txt")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        assert remove_stale_partials(tmp_path) == 0, "it still runs"
        writer.kill()
        os.waitid(os.P_PID, writer.pid, os.WEXITED | os.WNOWAIT)  # it is over, and stays a zombie
        assert remove_stale_partials(tmp_path) == 1
    assert not list(tmp_path.iterdir())

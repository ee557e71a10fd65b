"""Parquet files with a declared schema and their provenance: what they were made from, by which step and version.

Every derived file carries its provenance in the Parquet metadata under ``mimicrylab``; it is written through pyarrow
so that R's arrow, DuckDB and pandas see it too. A file is written under a temporary name and renamed, so a killed
process never leaves half a file, and the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from mimicrylab import __version__
from mimicrylab.errors import DamagedFileError, InputError, MissingError, suggest_nearest
from mimicrylab.schemas import Column, Table

METADATA_KEY = b"mimicrylab"
COMPRESSION = "zstd"
HASH_CHUNK_BYTES = 1 << 20
ROWS_PER_GROUP = 4096
PARTIAL_SUFFIX = ".partial"
PARTIAL_NAME = re.compile(r"~(?P<machine>[^~]*)~(?P<process>\d+)~[^~]*\.partial$")
PARTIAL_KEPT_S = 86_400.0


@dataclass(frozen=True)
class Provenance:
    """How a file came to be.

    ``inputs`` maps each input's name to its SHA-256; ``arguments`` are the options the step used; ``notes`` holds
    what later steps need to know of the result (a coder and its model's hash, whether a recording is complete).
    """

    step: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
    software: str = f"mimicrylab {__version__}"

    def encode(self) -> dict[bytes, bytes]:
        """Return Parquet metadata: one JSON text with sorted keys, so that equal provenance gives equal bytes."""
        return {METADATA_KEY: json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()}


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, reading it in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(HASH_CHUNK_BYTES):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def replace_atomically(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it to ``path`` when the block ends well, delete it otherwise.

    The temporary name says which process writes it, so that `remove_stale_partials` finds what a killed one left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.name}~{platform.node()}~{os.getpid()}~"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=PARTIAL_SUFFIX)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_stale_partials(folder: Path) -> int:
    """Delete the temporary files under ``folder`` that killed processes left behind; return how many.

    A file is left alone while the process that writes it runs; one that another machine writes, for a day after it was
    last written to.
    """
    removed = 0
    for partial in folder.rglob(f".*{PARTIAL_SUFFIX}"):
        try:
            if _is_abandoned(partial):
                partial.unlink()
                removed += 1
        except OSError:  # it was finished in the meantime, or (Windows) its process still has it open
            continue
    return removed


def _is_abandoned(partial: Path) -> bool:
    found = PARTIAL_NAME.search(partial.name)
    if found is None:
        return False
    if time.time() - partial.stat().st_mtime > PARTIAL_KEPT_S:
        return True
    if found["machine"] != platform.node():
        return False
    if sys.platform == "win32":  # unlink fails there while a process has the file open
        return True
    return _has_ended(int(found["process"]))


def _has_ended(process: int) -> bool:
    """Whether a process is over; one that was killed and that nobody has asked about yet (a zombie) is."""
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/stat")  # Linux only
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:
        return True
    except OSError:  # it belongs to somebody else, or ended while we looked
        return False


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically, with the same line ends on every system."""
    with replace_atomically(path) as temporary:
        temporary.write_bytes(text.encode())


def write_table(frame: pl.DataFrame, path: Path, table: Table, provenance: Provenance) -> None:
    """Check ``frame`` against the table's schema and write it with its provenance.

    Raises
    ------
    InputError
        A column is missing, unknown, of another type, out of range or null where null means nothing.
    """
    checked = conform_table(frame, table, where=str(path.name))
    arrow = checked.to_arrow(compat_level=pl.CompatLevel.oldest())
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **provenance.encode()})
    with replace_atomically(path) as temporary:
        pq.write_table(arrow, temporary, compression=COMPRESSION)


def write_pieces(
    pieces: Iterable[pl.DataFrame],
    path: Path,
    table: Table,
    *,
    describe: Callable[[], Provenance],
    rows_per_group: int = ROWS_PER_GROUP,
) -> None:
    """Write a table while it comes into being, in row groups, so that memory stays flat however long it gets.

    Parameters
    ----------
    pieces
        Rows in order; all pieces have the same columns and types. An error among them leaves no file.
    describe
        Called after the last piece, when it is known what became of the input.
    rows_per_group
        Rows that are kept in memory and written together.

    Raises
    ------
    InputError
        As `write_table`; also when there is no piece, or one has other columns or types than the first.
    """
    writer: pq.ParquetWriter | None = None
    with replace_atomically(path) as temporary:
        try:
            for group in _gather_groups(pieces, rows_per_group):
                arrow = conform_table(group, table, where=path.name).to_arrow(compat_level=pl.CompatLevel.oldest())
                if writer is None:
                    # No stored Arrow schema: readers then see the metadata that is added at the end.
                    writer = pq.ParquetWriter(temporary, arrow.schema, compression=COMPRESSION, store_schema=False)
                if arrow.schema != writer.schema:
                    raise InputError(f"the columns of table {table.name!r} change on the way", where=path.name)
                writer.write_table(arrow)
            if writer is None:
                raise InputError(f"there is nothing to write to table {table.name!r}", where=str(path))
            writer.add_key_value_metadata(describe().encode())
        finally:
            if writer is not None:
                writer.close()


def _gather_groups(pieces: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    waiting: list[pl.DataFrame] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(each.height for each in waiting) >= rows:
            yield _join_pieces(waiting)
            waiting = []
    if waiting:
        yield _join_pieces(waiting)


def _join_pieces(pieces: list[pl.DataFrame]) -> pl.DataFrame:
    first = pieces[0].schema
    other = next((piece.schema for piece in pieces if piece.schema != first), None)
    if other is not None:
        changed = sorted(str(name) for name, _ in set(first.items()) ^ set(other.items()))
        raise InputError("the columns of a table change on the way", found=", ".join(dict.fromkeys(changed)))
    return pl.concat(pieces)


def read_table(path: Path, table: Table) -> pl.DataFrame:
    """Read a Parquet file and check it against the table's schema.

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        The file is no readable Parquet file.
    InputError
        The columns do not agree with the schema.
    """
    if not path.exists():
        raise MissingError(f"there is no table {table.name!r}", where=str(path))
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DamagedFileError(
            "this is not a readable Parquet file",
            where=str(path),
            found=str(error).splitlines()[0],
            do="if a step of mimicrylab made it, delete it and give the step again; else put back a copy",
        ) from error
    return conform_table(frame, table, where=str(path))


def read_provenance(path: Path) -> Provenance | None:
    """Return a Parquet file's provenance, or None where it has none or cannot be read."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    text = metadata.get(METADATA_KEY)
    return Provenance(**json.loads(text)) if text else None


def find_current(path: Path, wanted: Provenance) -> Provenance | None:
    """Return the provenance of a table that was made as ``wanted`` says: same step, inputs, options and version.

    Returns
    -------
    Provenance or None
        With the table's own notes; None where it is not there or out of date.
    """
    found = read_provenance(path) if path.exists() else None
    return found if found is not None and replace(found, notes={}) == replace(wanted, notes={}) else None


def conform_table(frame: pl.DataFrame, table: Table, *, where: str) -> pl.DataFrame:
    """Return ``frame`` with the declared columns first, in order, cast without loss; an error names what disagrees.

    A declared column that may be null is added as null where it is absent.

    Raises
    ------
    InputError
        A column is missing, unknown, of another type, out of range or null where null means nothing.
    """
    unknown = [name for name in frame.columns if name not in table.names]
    if unknown and not table.open_ended:
        name = unknown[0]
        raise InputError(
            f"table {table.name!r} has no column {name!r}{suggest_nearest(name, table.names)}",
            where=where,
            expected=f"the columns {', '.join(table.names)}",
        )
    declared: list[pl.Expr] = []
    for column in table.columns:
        if column.name in frame.columns:
            declared.append(_cast_column(frame, column, where=where))
        elif column.null:
            declared.append(pl.lit(None, dtype=column.dtype).alias(column.name))
        else:
            raise InputError(
                f"column {column.name!r} of table {table.name!r} is missing{suggest_nearest(column.name, unknown)}",
                where=where,
                expected=column.meaning,
                found=f"the columns {', '.join(frame.columns)}",
            )
    result = frame.select(*declared, *[pl.col(name) for name in unknown])
    for column in table.columns:
        _check_column(result[column.name], column, where=f"{where}: {column.name}")
    return result


def _cast_column(frame: pl.DataFrame, column: Column, *, where: str) -> pl.Expr:
    values = frame[column.name]
    if values.dtype == column.dtype:
        return pl.col(column.name)
    try:
        cast = values.cast(column.dtype, strict=True)
        if values.dtype.is_numeric() and not cast.dtype.is_float() and not values.equals(cast.cast(values.dtype)):
            raise pl.exceptions.InvalidOperationError("the cast would change values")
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"column {column.name!r} has values of the wrong type",
            where=where,
            expected=f"{column.dtype} ({column.meaning})",
            found=str(values.dtype),
        ) from error
    return pl.lit(cast).alias(column.name)


def _check_column(values: pl.Series, column: Column, *, where: str) -> None:
    if not column.null and values.null_count():
        row = int(values.is_null().arg_max() or 0)
        raise InputError("a value is missing", where=f"{where}, row {row}", expected=column.meaning)
    for bad, expected in _list_violations(values, column):
        if bad.any():
            row = int(bad.fill_null(False).arg_max() or 0)
            raise InputError(
                "a value is out of range", where=f"{where}, row {row}", expected=expected, found=str(values[row])
            )


def _list_violations(values: pl.Series, column: Column) -> Iterator[tuple[pl.Series, str]]:
    if values.dtype.is_float():
        yield values.is_nan(), "a number, or null where there is none"
    if column.minimum is not None:
        yield values < column.minimum, f"at least {column.minimum:g}"
    if column.maximum is not None:
        yield values > column.maximum, f"at most {column.maximum:g}"
    if column.choices:
        yield ~values.is_in(list(column.choices)), f"one of {', '.join(column.choices)}"

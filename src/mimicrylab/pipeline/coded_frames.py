"""The coded frames of a study: which coder's, which files, and batches of whole participants to go through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from mimicrylab.errors import DamagedFileError, InputError, MissingError, quote_path
from mimicrylab.measures.signals import CoderSignals, read_coder_signals
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES, TABLES
from mimicrylab.study import StudyFolder, open_study
from mimicrylab.tables import hash_file, read_table

ROWS_PER_BATCH = 150_000
"""Frames read at a time, so that memory does not grow with the study (some 150 MB at 40 columns)."""

CONDITIONS = tuple(column.name for column in (*FRAMES.columns, *FRAME_CONDITIONS))


@dataclass(frozen=True)
class CodedFile:
    """The frames of one recording: where, how many, its columns, and those of them that are not null throughout."""

    recording_id: str
    path: Path
    n_frames: int
    columns: tuple[str, ...]
    filled: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodedStudy:
    """What a study folder holds of one coder.

    ``missing`` are the recordings that the coder has not coded; ``signals`` the columns that are no conditions, in the
    order of the first file that has them.
    """

    coder: str
    files: tuple[CodedFile, ...]
    missing: tuple[str, ...]

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal that any file has."""
        names = dict.fromkeys(name for file in self.files for name in file.columns)
        return tuple(name for name in names if name not in CONDITIONS)

    def hash_files(self) -> dict[str, str]:
        """Return each file's SHA-256, by its place in the study folder."""
        return {f"frames/{self.coder}/{file.recording_id}.parquet": hash_file(file.path) for file in self.files}


def read_required(folder: StudyFolder, name: str, *, do: str) -> pl.DataFrame:
    """Return a table of the study that a step cannot do without.

    Raises
    ------
    MissingError
        The table is not there; ``do`` says which command makes it.
    """
    path = folder.table_path(name)
    if not path.exists():
        raise MissingError(f"the study has no table {name!r} yet", where=str(folder.root), do=do)
    return read_table(path, TABLES[name])


def read_optional(folder: StudyFolder, name: str) -> pl.DataFrame:
    """Return a table of the study, empty where it is not there."""
    path = folder.table_path(name)
    return read_table(path, TABLES[name]) if path.exists() else TABLES[name].empty()


def find_coded(folder: StudyFolder, recordings: pl.DataFrame, *, coder: str, asked: bool) -> CodedStudy:
    """Return the coded files of the study's recordings.

    Parameters
    ----------
    recordings
        The study's rows of ``schemas.RECORDINGS``.
    coder
        The coder that study.yaml declares, or that was asked for.
    asked
        Whether it was asked for by name: if not, and it has coded nothing while exactly one other has (frames that
        were imported), that one is taken.

    Raises
    ------
    MissingError
        No recording is coded.
    """
    found = sorted(path.name for path in folder.frames.glob("*") if path.is_dir())
    there = [name for name in found if any(folder.frames_path(name, r).is_file() for r in recordings["recording_id"])]
    if coder not in there and not asked and len(there) == 1:
        coder = there[0]
    if coder not in there:
        make = f"mimicrylab code --study {quote_path(folder.root)}, or mimicrylab import"
        raise MissingError(
            f"no recording of this study has frames of the coder {coder!r}",
            where=str(folder.frames),
            found=f"frames of {', '.join(there)}" if there else "no frames at all",
            do=f"--coder {there[0]}" if there else make,
        )
    names = sorted(recordings["recording_id"])
    paths = {name: folder.frames_path(coder, name) for name in names}
    files = tuple(_read_facts(name, path) for name, path in paths.items() if path.is_file())
    return CodedStudy(coder, files, tuple(name for name, path in paths.items() if not path.is_file()))


@dataclass(frozen=True)
class CodedInputs:
    """What judging, measuring and showing coded frames have in common, read once; ``signals`` describe the columns."""

    folder: StudyFolder
    study: Study
    recordings: pl.DataFrame
    faces: pl.DataFrame
    coded: CodedStudy
    signals: CoderSignals


def read_inputs(root: Path, *, coder: str | None) -> CodedInputs:
    """Return a study folder's settings, recordings and coded frames; ``coder`` None is the coder of study.yaml.

    Raises
    ------
    MissingError
        There is no study.yaml, no recordings or no coded frames.
    StudyFileError
        study.yaml has mistakes.
    """
    folder = open_study(root)
    study = read_study(folder.study_file)
    recordings = read_required(folder, "recordings", do="mimicrylab import recordings")
    coded = find_coded(folder, recordings, coder=coder or study.coding.coder, asked=coder is not None)
    signals = read_coder_signals(coded.coder, coded.signals)
    return CodedInputs(folder, study, recordings, read_optional(folder, "faces"), coded, signals)


def hash_tables(folder: StudyFolder, names: Sequence[str]) -> dict[str, str]:
    """Return file name -> SHA-256 of the tables that are there."""
    paths = {f"{name}.parquet": folder.table_path(name) for name in names}
    return {name: hash_file(path) for name, path in paths.items() if path.exists()}


def _read_facts(recording_id: str, path: Path) -> CodedFile:
    try:
        facts = pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise DamagedFileError(
            "these frames cannot be read", where=str(path), do="delete the file and code the recording again"
        ) from error
    columns = tuple(facts.schema.to_arrow_schema().names)
    lacking = [name for name in ("time", "success", "face") if name not in columns]
    if lacking:
        raise InputError(f"the frames have no column {lacking[0]!r}", where=str(path), expected="a table of frames")
    return CodedFile(recording_id, path, facts.num_rows, columns, _list_filled(facts, columns))


def _list_filled(facts: pq.FileMetaData, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that hold a value somewhere, as far as the file's statistics say."""
    empty = set(columns)
    for group in range(facts.num_row_groups):
        row_group = facts.row_group(group)
        for place in range(row_group.num_columns):
            column = row_group.column(place)
            known = column.is_stats_set and column.statistics.has_null_count
            if not known or column.statistics.null_count < row_group.num_rows:
                empty.discard(column.path_in_schema.split(".")[0])
    return tuple(name for name in columns if name not in empty)


def split_batches(coded: CodedStudy, recordings: pl.DataFrame, *, rows: int = ROWS_PER_BATCH) -> Iterator[pl.DataFrame]:
    """Yield rows of ``recordings`` of whole participants, in order, some ``rows`` frames at a time.

    Recordings without frames come with their participant's; a participant without any is in a batch, too.
    """
    sizes = {file.recording_id: file.n_frames for file in coded.files}
    waiting: list[pl.DataFrame] = []
    count = 0
    for own in recordings.sort("participant_id", "recording_id").partition_by("participant_id", maintain_order=True):
        waiting.append(own)
        count += sum(sizes.get(name, 0) for name in own["recording_id"])
        if count >= rows:
            yield pl.concat(waiting)
            waiting, count = [], 0
    if waiting:
        yield pl.concat(waiting)


def scan_frames(
    coded: CodedStudy, recordings: pl.DataFrame, faces: pl.DataFrame, *, signals: Sequence[str]
) -> pl.LazyFrame:
    """Return the frames of a batch of recordings: conditions and the signals named, one face each, in order of time.

    Parameters
    ----------
    recordings
        The batch's rows of ``schemas.RECORDINGS``.
    faces
        Rows of ``schemas.FACES``: which face is whose. Where it says nothing, face 0 is the participant's.
    signals
        Columns to read; one that a file does not have is null there.
    """
    wanted = set(recordings["recording_id"])
    scans = [_scan_file(file, signals) for file in coded.files if file.recording_id in wanted]
    if not scans:
        empty = FRAMES.empty().with_columns(pl.lit(None, pl.Float32).alias(name) for name in signals)
        return empty.lazy()
    frames = pl.concat(scans, how="diagonal_relaxed")
    own = faces.join(recordings.select("recording_id", "participant_id"), on=["recording_id", "participant_id"])
    if own.is_empty():
        return frames.filter(pl.col("face") == 0)
    chosen = own.group_by("recording_id").agg(pl.col("face").first().alias("_face"))
    face = pl.col("_face").fill_null(0)
    joined = frames.join(chosen.lazy(), on="recording_id", how="left", maintain_order="left")
    return joined.filter(pl.col("face") == face).drop("_face")


def _scan_file(file: CodedFile, signals: Sequence[str]) -> pl.LazyFrame:
    columns = [name for name in CONDITIONS if name in file.columns]
    present = [name for name in signals if name in file.columns]
    absent = [name for name in signals if name not in file.columns]
    return pl.scan_parquet(file.path, glob=False).select(
        pl.lit(file.recording_id).alias("recording_id"),
        *[name for name in columns if name != "recording_id"],
        *present,
        *[pl.lit(None, pl.Float32).alias(name) for name in absent],
    )

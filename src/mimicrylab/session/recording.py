"""Recordings: their files, the id each gets, and the rows of the recordings table.

A recording's id is its path relative to the folder that was named, without the ending, with ``/`` between the parts:
``videos/P01/visit1.mp4`` found in ``videos`` is ``P01/visit1``. Frames, events and quality refer to it by that id, so
two files that would share one are an error, never an overwrite.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import ConflictError, InputError, MissingError
from mimicrylab.schemas import RECORDINGS

VIDEO_ENDINGS = frozenset(
    (
        *(".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4"),
        *(".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".webm", ".wmv"),
    )
)
"""Endings of the files that are looked for in a folder; a file that is named itself may have any ending."""

TABLE_ENDINGS = frozenset({".csv", ".parquet", ".tsv", ".txt"})
"""Endings of files that describe a recording."""


@dataclass(frozen=True)
class Source:
    """A file that is, or describes, one recording."""

    recording_id: str
    path: Path


def find_sources(paths: Iterable[Path], *, endings: Collection[str] = VIDEO_ENDINGS) -> list[Source]:
    """Return the files among ``paths`` and in the folders among them, each with its recording id, sorted by id.

    A folder is searched with all its subfolders for files with one of ``endings`` (lower or upper case); hidden files
    and folders are passed over. A file that is reached twice is taken once.

    Raises
    ------
    MissingError
        A path does not exist, or a folder holds no such file.
    ConflictError
        Two files would get the same id (also where they differ only in upper and lower case, because file systems on
        Windows and macOS take these for the same).
    """
    sources = list_sources(paths, endings=endings)
    refuse_collisions(sources)
    return sources


def list_sources(paths: Iterable[Path], *, endings: Collection[str]) -> list[Source]:
    """Return the files as `find_sources` does, where several may have one id: files of several programs, say.

    Raises
    ------
    MissingError
        A path does not exist, or a folder holds no such file.
    """
    sources: dict[Path, Source] = {}
    for path in paths:
        for recording_id, file in _find_files(path, endings):
            sources.setdefault(file.resolve(), Source(recording_id, file))
    return sorted(sources.values(), key=lambda source: source.recording_id)


def _find_files(path: Path, endings: Collection[str]) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield path.stem, path
        return
    if not path.is_dir():
        raise MissingError("there is no such file or folder", where=str(path))
    found = False
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path)
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and file.suffix.lower() in endings and file.is_file():
            found = True
            yield relative.with_suffix("").as_posix(), file
    if not found:
        raise MissingError(
            "the folder holds no file that could be a recording",
            where=str(path),
            expected=f"files that end in {', '.join(sorted(endings))}",
            do="name the files themselves if they have another ending",
        )


def refuse_collisions(sources: Iterable[Source]) -> None:
    """Refuse files that would get the same recording id.

    Raises
    ------
    ConflictError
        Two would, also where they differ only in upper and lower case.
    """
    seen: dict[str, Source] = {}
    for source in sources:
        key = fold_recording_id(source.recording_id)
        if key in seen:
            raise ConflictError(
                f"two files would get the recording id {source.recording_id!r}",
                found=f"{seen[key].path} and {source.path}",
                do="rename one of them, or name the folder above them so that the ids keep their folders",
            )
        seen[key] = source


def fold_recording_id(recording_id: str) -> str:
    """Return the form in which two ids are compared: composed Unicode, no difference of upper and lower case.

    Examples
    --------
    >>> fold_recording_id("P01/Visit1")
    'p01/visit1'
    """
    return unicodedata.normalize("NFC", recording_id).casefold()


def match_recording(name: str, recording_ids: Collection[str]) -> str | None:
    r"""Return the recording that ``name`` means in another program's table, or None if none or more than one fits.

    ``name`` may be the id itself, the file's name with its ending, or the last part of either; back slashes count as
    slashes.

    Examples
    --------
    >>> match_recording("P01.mp4", ["P01", "P02"])
    'P01'
    >>> match_recording(r"C:\videos\P01.mp4", ["P01", "P02"])
    'P01'
    >>> match_recording("visit1", ["P01/visit1", "P02/visit1"]) is None
    True
    """
    wanted = name.strip().replace("\\", "/").strip("/")
    for form in (wanted, _strip_ending(wanted)):
        folded = fold_recording_id(form)
        exact = [each for each in recording_ids if fold_recording_id(each) == folded]
        if len(exact) == 1:
            return exact[0]
    folded = fold_recording_id(_strip_ending(wanted))
    ends = [
        each
        for each in recording_ids
        if fold_recording_id(each).endswith(f"/{folded}") or folded.endswith(f"/{fold_recording_id(each)}")
    ]
    return ends[0] if len(ends) == 1 else None


def _strip_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and f".{ending.lower()}" in VIDEO_ENDINGS | TABLE_ENDINGS else name


def check_new_recordings(new: pl.DataFrame, stored: pl.DataFrame) -> None:
    """Refuse new recordings whose id is taken by another file or belongs to another participant.

    Parameters
    ----------
    new, stored
        ``recording_id, participant_id, sha256`` (null: no file, only features).

    Raises
    ------
    ConflictError
        A stored recording has the same id (also in upper or lower case) and another hash, or the same id and another
        participant.
    """
    known = {fold_recording_id(row["recording_id"]): row for row in stored.iter_rows(named=True)}
    for row in new.iter_rows(named=True):
        old = known.get(fold_recording_id(row["recording_id"]))
        if old is None:
            continue
        other_file = None not in (old["sha256"], row["sha256"]) and old["sha256"] != row["sha256"]
        if other_file or old["recording_id"] != row["recording_id"]:
            raise ConflictError(
                f"the study has another recording with the id {old['recording_id']!r}",
                expected="the same file, or an id that is not in use",
                found="a file with another content" if other_file else f"the id {row['recording_id']!r}",
                do="rename the file, or add --replace if it is to take the other's place",
            )
        if old["participant_id"] != row["participant_id"]:
            raise ConflictError(
                f"the recording {old['recording_id']!r} belongs to another participant in the study",
                do="use the same --participant-pattern or table as before, or add --replace to correct it",
            )


def merge_recordings(stored: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return the recordings table with ``new`` rows in place of stored ones of the same id, sorted by id.

    Raises
    ------
    InputError
        ``new`` names a recording twice.
    """
    if new["recording_id"].is_duplicated().any():
        raise InputError("a recording is named twice", where=RECORDINGS.name)
    kept = stored.join(new.select("recording_id"), on="recording_id", how="anti")
    return pl.concat([kept, new.select(kept.columns)]).sort("recording_id")


def reassign_recordings(stored: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """Return the recordings table with another participant, visit and segment where ``sessions`` says so.

    ``sessions`` has ``recording_id, participant_id, session_id, segment``; a recording whose participant stays the
    same keeps its visit.
    """
    owners = ["participant_id", "session_id", "segment"]
    moved = sessions.select("recording_id", *owners).join(stored, on=["recording_id", "participant_id"], how="anti")
    rows = stored.drop(owners).join(moved, on="recording_id").select(stored.columns)
    return pl.concat([stored.join(rows, on="recording_id", how="anti"), rows]).sort("recording_id")

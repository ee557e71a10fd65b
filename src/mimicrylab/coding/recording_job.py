"""Coding one recording: is it done already, and if not, from the video to its Parquet file, piece by piece."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl

from mimicrylab.coding.coder import FaceCoder, list_coder_options, load_coder
from mimicrylab.coding.video import VideoBreak, VideoFacts, read_video_facts
from mimicrylab.errors import AssetError, InputError, MimicryLabError, MissingError
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES
from mimicrylab.tables import Provenance, hash_file, read_provenance, write_pieces

STEP = "code"
PROGRESS_INTERVAL_S = 0.25

State = Literal["coded", "up to date", "failed"]


@dataclass(frozen=True)
class CodingJob:
    """One recording to code: which file, with which coder, and where the frames go.

    ``options`` are the coder's; ``sha256`` is the hash the video must have, where a study knows it.
    """

    recording_id: str
    video: Path
    target: Path
    coder: str
    options: Mapping[str, Any] = field(default_factory=dict)
    force: bool = False
    sha256: str | None = None


@dataclass(frozen=True)
class JobProgress:
    """How far one recording is: frames coded of those expected (None: the file does not say)."""

    recording_id: str
    n_frames: int
    expected: int | None


@dataclass(frozen=True)
class Receipt:
    """What became of one recording: never frames, only facts.

    ``complete`` is False where the video ended early or was damaged: ``reason`` and ``broke_at_s`` say why and where,
    and what came before is coded. ``n_faces`` counts rows with a face. In a failed one ``reason`` says why; the other
    facts may be missing. ``seconds`` is the time it took now.
    """

    recording_id: str
    video: Path
    target: Path
    state: State
    sha256: str | None = None
    n_frames: int | None = None
    n_faces: int | None = None
    duration_s: float | None = None
    mean_fps: float | None = None
    width: int | None = None
    height: int | None = None
    complete: bool | None = None
    reason: str | None = None
    broke_at_s: float | None = None
    seconds: float = 0.0


FACTS = ("n_frames", "n_faces", "duration_s", "mean_fps", "width", "height", "complete", "reason", "broke_at_s")
"""What the provenance of a coded file keeps of its receipt."""


@dataclass
class _Tally:
    """What is known of a recording while it is being coded; local to one call."""

    n_frames: int = 0
    n_faces: int = 0
    first_s: float | None = None
    last_s: float | None = None
    stopped: VideoBreak | None = None

    def add(self, piece: pl.DataFrame) -> None:
        self.n_frames = max(self.n_frames, int(piece["frame"].max()) + 1)  # type: ignore[arg-type]
        self.n_faces += int(piece["success"].sum())
        times = piece["time"]
        self.first_s = float(times[0]) if self.first_s is None else self.first_s
        self.last_s = float(times[-1])


def code_recording(job: CodingJob, *, report: Callable[[JobProgress], None] | None = None) -> Receipt:
    """Code one recording, unless its file is there and was made from the same video by the same coder and options.

    A video that breaks off is coded as far as it goes. Whatever else goes wrong with a recording is in the receipt, so
    that a batch goes on; no file is written then, and one that was there stays.

    Raises
    ------
    AssetError
        The coder's model cannot be had: no other recording could be coded either.
    """
    start = time.perf_counter()
    receipt = Receipt(job.recording_id, job.video, job.target, "failed")
    try:
        return _code_or_skip(job, report or (lambda _: None), start)
    except AssetError:
        raise
    except MimicryLabError as error:
        reason = _describe_failure(error)
    except OSError as error:  # no right to read or write, a full disk, a share that is gone
        place = f" ({error.filename})" if error.filename else ""
        reason = f"the file system refused: {error.strerror or error}{place}"
    except Exception as error:  # a coder's own mistake must not stop the batch
        reason = f"the coder failed unexpectedly: {type(error).__name__}: {error} ({_find_place(error)})"
    return _complete_receipt(receipt, {"reason": reason}, start)


def _code_or_skip(job: CodingJob, report: Callable[[JobProgress], None], start: float) -> Receipt:
    if not job.video.is_file():
        raise MissingError("there is no such video", do="look where the file went, or leave it out")
    sha256 = hash_file(job.video)
    if job.sha256 is not None and sha256 != job.sha256:
        raise InputError(
            "the video is not the one that was imported: its hash differs", do="import it again with --replace"
        )
    coder = _load_coder(job.coder, tuple(sorted(job.options.items())))
    identity = _identify(job, sha256, coder)
    known = None if job.force else _read_facts(job.target, identity)
    if known is not None:
        found = Receipt(job.recording_id, job.video, job.target, "up to date", sha256)
        return _complete_receipt(found, known, start)
    facts = read_video_facts(job.video)
    tally = _Tally()
    pieces = _watch_pieces(_prepare_pieces(job, coder, tally), tally, job, facts, report)
    write_pieces(pieces, job.target, FRAMES, describe=lambda: _make_provenance(identity, _summarise(tally, facts)))
    done = Receipt(job.recording_id, job.video, job.target, "coded", sha256)
    return _complete_receipt(done, _summarise(tally, facts), start)


@cache
def _load_coder(name: str, options: tuple[tuple[str, Any], ...]) -> FaceCoder:
    coder = load_coder(name, **dict(options))
    obstacle = coder.find_obstacle()
    if obstacle:
        raise MissingError(f"the coder {name!r} cannot run here: {obstacle}")
    return coder


def _prepare_pieces(job: CodingJob, coder: FaceCoder, tally: _Tally) -> Iterator[pl.DataFrame]:
    """Yield the coder's batches with the recording's id, as far as the video goes."""
    signals = [signal.name for signal in coder.description.signals]
    conditions = [column.name for column in FRAME_CONDITIONS]
    try:
        for batch in coder.code(job.video):
            piece = batch.with_columns(recording_id=pl.lit(job.recording_id))
            extra = [name for name in piece.columns if name not in FRAMES.names and name not in conditions]
            if extra != signals:
                raise InputError(
                    f"the coder {job.coder!r} writes other signals than it declares",
                    expected=", ".join(signals),
                    found=", ".join(extra),
                )
            yield piece
    except VideoBreak as stopped:
        tally.stopped = stopped


def _watch_pieces(
    pieces: Iterator[pl.DataFrame],
    tally: _Tally,
    job: CodingJob,
    facts: VideoFacts,
    report: Callable[[JobProgress], None],
) -> Iterator[pl.DataFrame]:
    told = time.perf_counter()
    for piece in pieces:
        if piece.is_empty():
            continue
        tally.add(piece)
        yield piece
        if time.perf_counter() - told >= PROGRESS_INTERVAL_S:
            told = time.perf_counter()
            report(JobProgress(job.recording_id, tally.n_frames, _expect_frames(facts)))


def _expect_frames(facts: VideoFacts) -> int | None:
    if facts.n_frames is not None:
        return facts.n_frames
    return round(facts.duration_s * facts.mean_fps) if facts.duration_s and facts.mean_fps else None


def _identify(job: CodingJob, sha256: str, coder: FaceCoder) -> dict[str, Any]:
    """Return all that decides what the result is: the same here means that coding again would give the same file."""
    about = coder.description
    return {
        "inputs": {"video": sha256},
        "arguments": {"coder": job.coder, **{name: getattr(coder, name) for name in list_coder_options(job.coder)}},
        "recording_id": job.recording_id,
        "coder_version": about.version,
        "model_sha256": about.model_sha256,
    }


def _make_provenance(identity: Mapping[str, Any], facts: Mapping[str, Any]) -> Provenance:
    notes = {key: value for key, value in identity.items() if key not in ("inputs", "arguments")}
    return Provenance(STEP, identity["inputs"], identity["arguments"], {**notes, **facts})


def _read_facts(target: Path, identity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the facts kept in a file that coding again would give just so, else None."""
    found = read_provenance(target) if target.is_file() else None
    if found is None or found.step != STEP or not set(FACTS) <= set(found.notes):
        return None
    wanted = _make_provenance(identity, {})
    same_input = found.inputs == wanted.inputs and found.arguments == wanted.arguments
    same_coder = all(found.notes.get(key) == value for key, value in wanted.notes.items())
    return {key: found.notes[key] for key in FACTS} if same_input and same_coder else None


def _summarise(tally: _Tally, facts: VideoFacts) -> dict[str, Any]:
    duration_s = mean_fps = None
    if tally.first_s is not None and tally.last_s is not None and tally.n_frames > 1 and tally.last_s > tally.first_s:
        interval = (tally.last_s - tally.first_s) / (tally.n_frames - 1)
        duration_s, mean_fps = interval * tally.n_frames, 1.0 / interval
    stopped = tally.stopped
    return {
        "n_frames": tally.n_frames,
        "n_faces": tally.n_faces,
        "duration_s": duration_s,
        "mean_fps": mean_fps,
        "width": facts.width,
        "height": facts.height,
        "complete": stopped is None,
        "reason": None if stopped is None else stopped.reason,
        "broke_at_s": None if stopped is None else stopped.second,
    }


def _complete_receipt(receipt: Receipt, facts: Mapping[str, Any], start: float) -> Receipt:
    return Receipt(**{**vars(receipt), **facts, "seconds": time.perf_counter() - start})


def _describe_failure(error: MimicryLabError) -> str:
    parts = [error.problem]
    if error.found:
        parts.append(f"found {error.found}")
    if error.do:
        parts.append(error.do)
    return "; ".join(parts)


def _find_place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "unknown place" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"

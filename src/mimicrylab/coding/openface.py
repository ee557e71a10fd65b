"""The face coder ``openface``: runs the ``FeatureExtraction`` of an OpenFace 2 that the user installed.

OpenFace belongs to its makers and is not part of MimicryLab. It is found through the environment variable
``MIMICRYLAB_OPENFACE`` (the program, or its folder) or through PATH. A recording is coded as one file, because
OpenFace's dynamic models subtract the median of the whole file; frames without a face become null (OpenFace writes 0);
times are the video's own; intensities (``AU12_r``) and presences (``AU12_c``) are both kept, for they come from
separate models and neither follows from the other.

Source: Baltrušaitis et al. (2018), doi:10.1109/FG.2018.00019.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from mimicrylab.coding.coder import CoderDescription, Signal
from mimicrylab.coding.licences import Terms, describe_terms, is_accepted
from mimicrylab.coding.other_frames import conform_frames, place_on_video_times
from mimicrylab.errors import DamagedFileError, InputError, MissingError
from mimicrylab.readers.openface import OpenFaceReader
from mimicrylab.readers.openface_columns import INTENSITIES, PRESENCES, SIGNALS

NAME = "openface"
VERSION = "1"
"""Raised whenever the same output of OpenFace would give other numbers."""
PROGRAM = "FeatureExtraction"
VARIABLE = "MIMICRYLAB_OPENFACE"
"""Environment variable that says where OpenFace is: the program, or the folder that holds it."""
FLAGS = ("-aus", "-pose", "-gaze", "-2Dfp", "-q")
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One thread a recording: recordings are coded side by side."""
LONGEST_ANSWER = 200
IMPORT_INSTEAD = "mimicrylab import openface FILES --study FOLDER  reads what OpenFace wrote elsewhere"
MOST_NEIGHBOURS = 30
LICENCE_FILES = ("OpenFace-license.txt", "Copyright.txt")

TERMS = Terms(
    NAME,
    "OpenFace 2",
    "OpenFace is not part of MimicryLab and is not under its licence. Its makers (Carnegie Mellon University and the\n"
    "University of Cambridge) allow academic and non-commercial use and research; they do not allow that it is passed\n"
    "on, and commercial use needs a licence of theirs. Some of its models were trained on data with conditions of\n"
    "their own. Publications cite Baltrusaitis, Zadeh, Lim and Morency (2018), OpenFace 2.0. You installed it, and\n"
    "you are the one who answers for using it within its licence.",
    "Copyright.txt or OpenFace-license.txt beside the program, and https://github.com/TadasBaltrusaitis/OpenFace",
)


@dataclass(frozen=True)
class OpenFace:
    """Codes one face a recording with the user's own OpenFace 2; see the module.

    Parameters
    ----------
    masked_neighbours
        Frames on each side of a frame without a face whose presences are null, too: OpenFace smooths presence over
        7 frames whether there was a face or not, so that 3 keeps every presence that a lost frame could have reached.
    """

    masked_neighbours: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.masked_neighbours <= MOST_NEIGHBOURS:
            raise InputError(
                "masked_neighbours is a number of frames",
                expected=f"0 to {MOST_NEIGHBOURS}",
                found=str(self.masked_neighbours),
            )

    @property
    def description(self) -> CoderDescription:
        """What the coder is and which signals it writes; runs nothing."""
        program = find_program()
        return CoderDescription(
            name=NAME,
            version=VERSION,
            licence="OpenFace's own: academic, non-commercial, not passed on; a program that you install",
            summary="OpenFace 2 as you installed it: intensity and presence of action units, gaze, head position",
            signals=tuple(_declare(name, unit) for name, unit in SIGNALS.items()),
            model_sha256=None if program is None else _hash_program(program, program.stat().st_mtime_ns),
        )

    def find_obstacle(self) -> str | None:
        """Return why the coder cannot run here and what to do about it, or None if it can."""
        program = find_program()
        if program is None:
            return (
                f"OpenFace's program {PROGRAM} was not found: install OpenFace 2 and put its folder into PATH or into "
                f"{VARIABLE}; or {IMPORT_INSTEAD}"
            )
        if not is_accepted(TERMS):
            return (
                "its terms have not been agreed to on this computer; add --accept-licence if you agree "
                f"(asked once)\n\n{describe_terms(TERMS)}{_name_licence_file(program)}"
            )
        return None

    def code(self, video: Path) -> Iterator[pl.DataFrame]:
        """Yield the frames of a video, in one piece: OpenFace's models need the whole file.

        Raises
        ------
        MissingError
            OpenFace is not installed.
        DamagedFileError, InputError
            OpenFace cannot read the video, or what it wrote is not what it should be.
        VideoBreak
            After the frames, when OpenFace stopped before the video's end.
        """
        with TemporaryDirectory(prefix="mimicrylab-openface-") as folder:
            frames = OpenFaceReader().read(_run(video, Path(folder))).tables["frames"]
        own = frames.filter(pl.col("face") == 0)
        timed, stopped = place_on_video_times(own, video, program="OpenFace")
        yield conform_frames(_mask_neighbours(timed, self.masked_neighbours), self.description.signals)
        if stopped is not None:
            raise stopped


def find_program() -> Path | None:
    """Return where OpenFace's ``FeatureExtraction`` is, or None: ``MIMICRYLAB_OPENFACE`` first, then PATH."""
    stated = os.environ.get(VARIABLE)
    if stated:
        place = Path(stated).expanduser()
        found = shutil.which(PROGRAM, path=str(place)) if place.is_dir() else shutil.which(str(place))
    else:
        found = shutil.which(PROGRAM)
    return Path(found) if found else None


def _name_licence_file(program: Path) -> str:
    """Return where the installed OpenFace's own licence lies on this computer, if it is where OpenFace puts it."""
    folders = (program.resolve().parent, *program.resolve().parents[1:3])
    files = [folder / name for folder in folders for name in LICENCE_FILES if (folder / name).is_file()]
    return f"\nOn this computer: {files[0]}" if files else ""


def _declare(name: str, unit: str) -> Signal:
    if name in INTENSITIES:
        return Signal(name, unit, "measured", f"intensity of {name[:4]}", 0.0, 5.0)
    if name in PRESENCES:
        return Signal(name, unit, "measured", f"presence of {name[:4]}", 0.0, 1.0)
    return Signal(name, unit, "measured", "gaze" if name.startswith("gaze") else "place of the head")


@cache
def _hash_program(program: Path, _written_ns: int) -> str:
    with program.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _run(video: Path, folder: Path) -> Path:
    """Run OpenFace on a video and return the CSV that it wrote into ``folder``."""
    program = find_program()
    if program is None:
        raise MissingError(f"OpenFace's program {PROGRAM} is not there any more", do=IMPORT_INSTEAD)
    command = [str(program), "-f", str(video.resolve()), "-out_dir", str(folder), "-of", "frames", *FLAGS]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ | THREADS)
    except OSError as error:
        raise MissingError(
            "OpenFace cannot be started", where=str(program), found=error.strerror or str(error), do=IMPORT_INSTEAD
        ) from error
    written = folder / "frames.csv"
    if done.returncode != 0 or not written.is_file():
        answer = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise DamagedFileError(
            "OpenFace could not code the video",
            where=str(video),
            found=f"exit code {done.returncode}" + (f": {answer[-1][:LONGEST_ANSWER]}" if answer else ""),
            do="try FeatureExtraction on this video by hand; a conversion to mp4 often helps",
        )
    return written


def _mask_neighbours(frames: pl.DataFrame, reach: int) -> pl.DataFrame:
    """Return the frames with presences null within ``reach`` frames of one without a face."""
    if not reach:
        return frames
    width = 2 * reach + 1
    near = pl.col("success").not_().cast(pl.Int32).rolling_max(width, center=True, min_samples=1) > 0
    return frames.with_columns(
        pl.when(~near).then(pl.col(name)).alias(name) for name in PRESENCES if name in frames.columns
    )

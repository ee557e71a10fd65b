"""The face coder ``pyfeat``: runs py-feat where the user installed it (``pip install py-feat``: it brings torch).

What py-feat returns is written as its own CSV and read by our reader of py-feat's files, so that both ways give the
same frames; times are the video's own. Its models are fetched from their makers at first use; the videos stay here.
Made after py-feat 1 and 2 as documented; py-feat itself is never part of our tests.

Source: Cheong et al. (2023), doi:10.1007/s42761-023-00191-4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from mimicrylab.coding.coder import CoderDescription, Signal
from mimicrylab.coding.licences import Terms, describe_terms, is_accepted
from mimicrylab.coding.other_frames import conform_frames, place_on_video_times
from mimicrylab.errors import DamagedFileError, DependencyError
from mimicrylab.readers.pyfeat import SIGNALS, PyfeatReader

NAME = "pyfeat"
VERSION = "1"
DETECTORS = ("Detectorv1", "Detector")
"""py-feat's models of separate action units, under the name of version 2 and of version 1."""
WITHOUT_CLOCK_FPS = 25.0
"""Rate for reading frames without times; the video's own times replace them."""
LONGEST_ANSWER = 200

TERMS = Terms(
    NAME,
    "py-feat",
    "py-feat's own code is under the MIT licence. The models that it fetches at first use are other people's: several\n"
    "are for non-commercial research only (among them those made from img2pose, and those trained on data that allow\n"
    "nothing else). It fetches them from huggingface.co, which then sees your internet address; videos are not sent.\n"
    "It needs much memory for long videos.",
    "the folder LICENSES of py-feat's package, and https://github.com/cosanlab/py-feat",
)


@dataclass(frozen=True)
class Pyfeat:
    """Codes one face a recording with the user's own py-feat; see the module.

    Parameters
    ----------
    device
        Where py-feat computes: ``cpu``, ``cuda`` or ``mps``.
    """

    device: str = "cpu"

    @property
    def description(self) -> CoderDescription:
        """What the coder is and which signals it writes; loads nothing heavy."""
        return CoderDescription(
            name=NAME,
            version=f"{VERSION}+{_find_version()}",
            licence="MIT; models non-commercial in part; a package that you install",
            summary="py-feat as you installed it: action units and emotions as probabilities",
            signals=tuple(
                Signal(
                    each.name,
                    each.unit,
                    "measured",
                    each.name,
                    each.minimum,
                    each.maximum,
                    action_unit=each.action_unit,
                )
                for each in SIGNALS.values()
            ),
        )

    def find_obstacle(self) -> str | None:
        """Return why the coder cannot run here and what to do about it, or None if it can."""
        if find_spec("feat") is None:
            return (
                "py-feat is not installed: pip install py-feat  (it brings torch, some gigabytes); or "
                "mimicrylab import pyfeat FILES --study FOLDER  reads what py-feat wrote elsewhere"
            )
        if not is_accepted(TERMS):
            return (
                "its terms have not been agreed to on this computer; add --accept-licence if you agree "
                f"(asked once)\n\n{describe_terms(TERMS)}"
            )
        return None

    def code(self, video: Path) -> Iterator[pl.DataFrame]:
        """Yield the frames of a video, in one piece.

        Raises
        ------
        DependencyError
            py-feat, or something it needs, is not installed.
        DamagedFileError, InputError
            py-feat cannot code the video, or returns something else than it documents.
        VideoBreak
            After the frames, when py-feat stopped before the video's end.
        """
        with TemporaryDirectory(prefix="mimicrylab-pyfeat-") as folder:
            written = Path(folder) / "frames.csv"
            _detect(video, device=self.device).to_csv(written, index=False)
            frames = PyfeatReader(frames_per_second=WITHOUT_CLOCK_FPS).read(written).tables["frames"]
        own = frames.filter(pl.col("face") == 0)
        timed, stopped = place_on_video_times(own, video, program="py-feat")
        yield conform_frames(timed, self.description.signals)
        if stopped is not None:
            raise stopped


def _detect(video: Path, *, device: str) -> Any:
    """Return py-feat's table of a video."""
    try:
        import feat
    except ImportError as error:
        raise DependencyError(
            f"py-feat needs {error.name or 'a package'}, which is not installed", do="pip install py-feat"
        ) from error
    make = next((getattr(feat, name) for name in DETECTORS if hasattr(feat, name)), None)
    if make is None:
        raise DependencyError("this py-feat has no Detector", do="pip install --upgrade py-feat")
    try:
        return make(device=device).detect(str(video), data_type="video", progress_bar=False)
    except (RuntimeError, ValueError, TypeError, OSError) as error:
        raise DamagedFileError(
            "py-feat could not code the video",
            where=str(video),
            found=f"{type(error).__name__}: {error}"[:LONGEST_ANSWER],
        ) from error


def _find_version() -> str:
    try:
        return version("py-feat")
    except PackageNotFoundError:
        return "not installed"

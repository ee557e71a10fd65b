"""The verb ``demo``: sample videos become a small study that is coded, graded, measured and reported for real."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.assets import FetchProgress, fetch_asset
from mimicrylab.errors import ConflictError
from mimicrylab.pipeline.code import Watcher
from mimicrylab.pipeline.import_events import EventsSource
from mimicrylab.pipeline.import_recordings import import_recordings
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.run import RunSummary, StepResult, run_study
from mimicrylab.protocol.templates import read_template
from mimicrylab.study import StudyFolder

TEMPLATE = "demo"
SAMPLES = {
    "P01": "WolfgangLanger_Pexels.mp4",
    "P02": "single_face.mp4",
    "P03": "face_noface.mov",
    "P04": "noface_face.mov",
    "P05": "no_face.mp4",
}
"""Participant -> sample video. P05 shows no face: a recording that is lost, as some always are."""

MODEL = "face_landmarker.task"


@dataclass(frozen=True)
class DemoWatchers:
    """Who is told of progress: downloads, steps that ended, and the coding of faces."""

    fetch: Callable[[FetchProgress], None] | None = None
    step: Callable[[StepResult], None] | None = None
    code: Watcher | None = None


def make_demo(root: Path, *, processes: int | None = None, watch: DemoWatchers = DemoWatchers()) -> RunSummary:
    """Make the demonstration study at ``root`` (or go on with it where it is there already) and run it.

    Parameters
    ----------
    processes
        Recordings that are coded at the same time; None: as many as there are processors.

    Raises
    ------
    ConflictError
        There is something else at ``root``; it is left as it is.
    AssetError
        The face model or a sample video cannot be had.
    """
    folder = StudyFolder(root)
    if not _is_demo(folder):
        if folder.study_file.exists():
            raise ConflictError(
                "there is another study already",
                where=str(root),
                do="choose another folder: mimicrylab demo --out FOLDER; nothing there was changed",
            )
        create_study(root, template=TEMPLATE)
    fetch_asset(MODEL, watch=watch.fetch)
    videos = {name: fetch_asset(asset, watch=watch.fetch) for name, asset in SAMPLES.items()}
    with tempfile.TemporaryDirectory() as name:
        staged = Path(name)
        for participant, video in videos.items():
            (staged / f"{participant}{video.suffix}").write_bytes(video.read_bytes())
        events = EventsSource(folder.root / "events.csv")
        imported = import_recordings([staged], folder.root, events=events)
    if watch.step is not None:
        text = f"{imported.counts['recordings']} sample videos, {imported.counts['events']} made-up events"
        watch.step(StepResult("import", "done" if imported.written else "up to date", text))
    return run_study(folder.root, processes=processes, watch=watch.step, watch_coding=watch.code)


def _is_demo(folder: StudyFolder) -> bool:
    """Return whether the folder holds the demonstration, as this version writes it."""
    file = folder.study_file
    return file.is_file() and file.read_text(encoding="utf-8") == read_template(TEMPLATE)["study.yaml"]

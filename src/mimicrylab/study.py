"""The folder of a study: where each thing lies, and a log of what was done. It does not know study.yaml's content."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mimicrylab import __version__
from mimicrylab.errors import MissingError, quote_path

STUDY_FILE = "study.yaml"


@dataclass(frozen=True)
class StudyFolder:
    """Paths of a study folder.

    Examples
    --------
    >>> StudyFolder(Path("my-study")).frames_path("landmarker", "P01/visit1").as_posix()
    'my-study/frames/landmarker/P01/visit1.parquet'
    """

    root: Path

    @property
    def study_file(self) -> Path:
        """study.yaml: the protocol, the analysis plan and the settings."""
        return self.root / STUDY_FILE

    @property
    def texts(self) -> Path:
        """Consent and instructions."""
        return self.root / "texts"

    @property
    def stimuli(self) -> Path:
        """Stimulus files, or a manifest with checksums."""
        return self.root / "stimuli"

    @property
    def recordings(self) -> Path:
        """Videos or feature streams; empty in studies that keep no video."""
        return self.root / "recordings"

    @property
    def frames(self) -> Path:
        """Coded frames, a folder a coder, a file a recording."""
        return self.root / "frames"

    @property
    def analyses(self) -> Path:
        """Results of the analysis plan: results.json, a folder an analysis with its table and curves."""
        return self.root / "analyses"

    @property
    def report(self) -> Path:
        """report.html, results.json, tables and figures."""
        return self.root / "report"

    @property
    def log(self) -> Path:
        """What was done, by which version; append-only."""
        return self.root / "log"

    def table_path(self, name: str) -> Path:
        """Return where the study's table ``name`` (participants, sessions, events ...) lies."""
        return self.root / f"{name}.parquet"

    def frames_path(self, coder: str, recording_id: str) -> Path:
        """Return where the frames of a recording by a coder lie."""
        return self.frames / coder / f"{recording_id}.parquet"


def open_study(path: Path) -> StudyFolder:
    """Return the study folder at ``path`` (the folder itself, or its study.yaml).

    Raises
    ------
    MissingError
        There is no study.yaml.
    """
    root = path.parent if path.name == STUDY_FILE else path
    folder = StudyFolder(root)
    if not folder.study_file.is_file():
        if root.is_file():
            raise MissingError("this is a file, not a study folder", where=str(root), do="name the folder of the study")
        raise MissingError(
            "this is not a study folder: it has no study.yaml",
            where=str(root),
            do=f"mimicrylab new {quote_path(root)} --template minimal",
        )
    return folder


def append_log(folder: StudyFolder, step: str, details: Mapping[str, Any]) -> None:
    """Append one line to the study's log: when, which step, by which version, and the details (never a name or score).

    The line is written with one ``O_APPEND`` write, so that processes side by side do not mix their lines.
    """
    folder.log.mkdir(parents=True, exist_ok=True)
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "step": step,
        "software": f"mimicrylab {__version__}",
        **details,
    }
    line = json.dumps(entry, ensure_ascii=False, sort_keys=False) + "\n"
    handle = os.open(folder.log / "steps.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)

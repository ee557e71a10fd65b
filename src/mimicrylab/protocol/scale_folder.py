"""A user's own questionnaires, for all studies on this computer: a folder of data files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SCALES_VARIABLE = "MIMICRYLAB_SCALES"
"""Environment variable that puts the folder elsewhere."""


def find_scale_folder() -> Path:
    """Return the folder of the user's own scales: ``$MIMICRYLAB_SCALES``, or the system's usual place for data."""
    chosen = os.environ.get(SCALES_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA")
        return (Path(roaming) if roaming else Path.home() / "AppData" / "Roaming") / "mimicrylab" / "scales"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "mimicrylab" / "scales"
    xdg = os.environ.get("XDG_DATA_HOME")
    return (Path(xdg) if xdg else Path.home() / ".local" / "share") / "mimicrylab" / "scales"

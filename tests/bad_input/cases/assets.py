"""Model files and sample media."""

from pathlib import Path

from bad_input.case import Case
from bad_input.inputs import nothing
from mimicrylab.assets import find_asset

OFFLINE = {
    "MIMICRYLAB_CACHE": "{folder}/cache",
    "https_proxy": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "PIP_NO_INDEX": "1",
}


def damaged_model(folder: Path) -> None:
    """Put a file with another content where the cache keeps the face model."""
    asset = find_asset("face_landmarker.task")
    path = folder / "cache" / "assets" / asset.sha256[:16] / asset.name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not the model")


CASES = (
    Case(
        "unknown-name",
        "An asset that is not in the manifest.",
        nothing,
        "assets fetch face_landmarker",
        """
        error: unknown asset 'face_landmarker' (did you mean 'face_landmarker.task'?)
          expected: one of [...]face_landmarker.task[...]
          do: mimicrylab assets list
        """,
    ),
    Case(
        "wrong-hash",
        "The cached model has been damaged and no source can be reached.",
        damaged_model,
        "assets fetch face_landmarker.task",
        """
        error: assets: 'face_landmarker.task' cannot be had from any of its sources
          expected: a file with SHA-256 64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff
          found: cache: 13 bytes with the wrong SHA-256 9165d8b6a043825d90c9b4f1fbad9a82f757dea5a5b7b32f38e99d7aa2ff2eb9 (3758596 bytes, 64184e229b26... expected) | [...]
          do: connect to the internet or set pip's index, then mimicrylab assets fetch face_landmarker.task; or put the file at <folder>/cache/assets/64184e229b263107/face_landmarker.task
        """,
        may_add=("cache/.lock",),
        environment=OFFLINE,
    ),
)

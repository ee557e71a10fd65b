"""Terms of coders that other people own: shown before the first use, agreed to once, remembered on this computer.

What is remembered is a small text in the cache directory: which terms were agreed to, by hash, and when. Other terms
ask again. Nothing is sent anywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mimicrylab.assets.cache import find_cache_directory
from mimicrylab.tables import write_text

FOLDER = "licences"


@dataclass(frozen=True)
class Terms:
    """Under which terms a coder may be used: its name, the program's, what to agree to, where the whole text stands."""

    coder: str
    program: str
    text: str
    source: str

    @property
    def sha256(self) -> str:
        """Hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def is_accepted(terms: Terms) -> bool:
    """Return whether these very terms were agreed to on this computer."""
    path = _locate(terms)
    return path.is_file() and terms.sha256 in path.read_text(encoding="utf-8")


def accept_terms(terms: Terms) -> Path:
    """Remember that the terms were agreed to; return where."""
    path = _locate(terms)
    if not is_accepted(terms):
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        write_text(path, f"{moment} agreed to the terms of {terms.program}, text {terms.sha256}\n\n{terms.text}\n")
    return path


def describe_terms(terms: Terms) -> str:
    """Return the terms as they are shown."""
    return f"Terms of {terms.program}\n\n{terms.text}\n\nThe whole text: {terms.source}"


def _locate(terms: Terms) -> Path:
    return find_cache_directory() / FOLDER / f"{terms.coder}.txt"

"""What an import did: facts for the terminal and the log, never frames, faces or names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["new", "unchanged", "replaced"]


@dataclass(frozen=True)
class ImportedRecording:
    """One recording: its id, whose it is, what became of it, and facts about it."""

    recording_id: str
    participant_id: str
    state: State
    duration_s: float | None
    facts: Mapping[str, int | str | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportSummary:
    """What an import did.

    ``counts`` has numbers by plain names; ``notes`` says what was left out, looks wrong, or is worth knowing;
    ``written`` names the tables that changed.
    """

    recordings: tuple[ImportedRecording, ...]
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    written: tuple[str, ...]

    def count_states(self) -> dict[str, int]:
        """Return how many recordings are new, unchanged and replaced."""
        states = [recording.state for recording in self.recordings]
        return {state: states.count(state) for state in ("new", "unchanged", "replaced") if state in states}

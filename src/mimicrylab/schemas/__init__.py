"""Every table of MimicryLab, declared once: column, type, unit, range, meaning, and what null means.

The documentation (docs/tables.md) is rendered from here, and ``tables.write_table`` refuses a frame that disagrees.
Times are float64 seconds; intervals are half-open ``[start, stop)``; a missing face is null, never 0.

Examples
--------
>>> FRAMES.column("time").unit
's'
>>> [column.name for column in FRAMES.columns][:3]
['recording_id', 'face', 'frame']
"""

from __future__ import annotations

from mimicrylab.schemas.faces import FACES, FRAME_CONDITIONS, FRAMES, RECORDINGS
from mimicrylab.schemas.results import EXCLUSION_STAGES, EXCLUSIONS, MEASURES, QUALITY, TIMECOURSES
from mimicrylab.schemas.stimuli import STIMULI, STIMULUS_FRAMES
from mimicrylab.schemas.table import BLOCK_ROLES, EMOTIONS, Column, Table
from mimicrylab.schemas.visits import ANSWERS, ARMS, EVENTS, PARTICIPANTS, SESSIONS

TABLES = {
    table.name: table
    for table in (
        PARTICIPANTS,
        ARMS,
        SESSIONS,
        ANSWERS,
        STIMULI,
        STIMULUS_FRAMES,
        EVENTS,
        RECORDINGS,
        FACES,
        FRAMES,
        MEASURES,
        TIMECOURSES,
        QUALITY,
        EXCLUSIONS,
    )
}
"""Every table by name."""

__all__ = [
    "ANSWERS",
    "ARMS",
    "BLOCK_ROLES",
    "EMOTIONS",
    "EVENTS",
    "EXCLUSIONS",
    "EXCLUSION_STAGES",
    "FACES",
    "FRAMES",
    "FRAME_CONDITIONS",
    "MEASURES",
    "PARTICIPANTS",
    "QUALITY",
    "RECORDINGS",
    "SESSIONS",
    "STIMULI",
    "STIMULUS_FRAMES",
    "TABLES",
    "TIMECOURSES",
    "Column",
    "Table",
]

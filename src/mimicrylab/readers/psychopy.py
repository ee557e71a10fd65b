"""PsychoPy (Builder and Pavlovia): the CSV of trials. Times are seconds from the start of the experiment.

What was shown is the column that names files of pictures or films; its onset the column ``<component>.started``. Where
several components begin in a routine, the one whose name says that it shows something is taken, or must be stated.
PsychoPy writes the time of the screen's flip: it is exact to a refresh, unless the component says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mimicrylab.readers.delimited import find_header, read_beginning, read_delimited
from mimicrylab.readers.log_rows import (
    LogColumns,
    build_log,
    check_columns,
    choose_onset,
    find_media_column,
    read_times,
    take_stated,
)
from mimicrylab.readers.reader import Imported, ReaderDescription

STARTED, STOPPED = ".started", ".stopped"
MARKS = ("psychopyVersion", "expName", "frameRate", "expStart")
EXPECTED = "columns psychopyVersion or expName, and <component>.started, as PsychoPy writes them"


@dataclass(frozen=True)
class PsychopyReader:
    """Reads PsychoPy's CSV of trials.

    Attributes
    ----------
    columns
        Our name of a column (onset, duration, stimulus, emotion ...) -> its name in the log, where it cannot be told.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_columns(self.columns)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription("psychopy", "PsychoPy", "events", (".csv",), "CSV of trials")

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a CSV of PsychoPy.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join(name for name in names if name in MARKS)}"

    def read(self, path: Path) -> Imported:
        """Return what was shown.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or a column must be stated.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        stated = dict(self.columns)
        onset = stated.get("onset") or choose_onset(
            [name for name in text.columns if name.endswith(STARTED)],
            where=path.name,
            filled=lambda name: int(text.numbers(name)[0].is_not_null().sum()),
        )
        stop = None if onset is None else f"{onset.removesuffix(STARTED)}{STOPPED}"
        found = LogColumns(
            onset=onset,
            stop=stop if stop in text.columns else None,
            stimulus=None if "stimulus" in stated else find_media_column(text),
            recording="participant" if "participant" in text.columns else None,
        )
        columns = take_stated(found, stated, text)
        if "duration" not in stated and found.stop is not None:
            columns = LogColumns(**{**columns.__dict__, "stop": found.stop})
        return build_log(text, columns, read_times(text, columns, a_second=1.0))


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    return bool(found & set(MARKS)) and any(name.endswith(STARTED) for name in found)

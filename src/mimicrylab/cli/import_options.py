# ruff: noqa: RUF009 - what is called returns a dataclasses.field
"""The options that the imports have in common: trials, who is in which recording, how a program's files are read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mimicrylab.cli.shared_options import OPTION, split_pairs

if TYPE_CHECKING:
    from mimicrylab.pipeline.import_blocks import BlockOfTrials
    from mimicrylab.pipeline.import_events import EventsSource
    from mimicrylab.pipeline.import_log import LogClock
    from mimicrylab.pipeline.import_program import ImportSettings
    from mimicrylab.pipeline.import_recordings import WhoIsWho
    from mimicrylab.pipeline.import_trials import ShownNames, TrialRule


def _declare(*arguments: Any, **settings: Any) -> Any:
    return field(metadata={OPTION: typer.Option(*arguments, **settings)})


@dataclass(frozen=True)
class ClockOptions:
    """How a table of events is read."""

    time_unit: str | None = _declare(
        None, "--time-unit", help="Unit of the times in the events table: s or ms; left out, s. Never guessed."
    )
    offset_s: float = _declare(
        0.0,
        "--offset-s",
        help="The recording's time in seconds when the events table's clock shows 0; added to onsets.",
    )
    offset_error_s: float | None = _declare(None, "--offset-error-s", help="How far the offset may be off, in seconds.")
    column: list[str] = _declare(
        None,
        "--column",
        metavar="NAME=COLUMN",
        help="Which column of the events table is what: onset=StimOn. Repeat for each.",
    )
    emotion: list[str] = _declare(
        None,
        "--emotion",
        metavar="CODE=EMOTION",
        help="What a code in the events table, or a stimulus that an export names, stands for: HA=happiness. Repeat "
        "for each.",
    )
    missing_recordings: bool = _declare(
        False, "--missing-recordings", help="Pass over events of recordings that the study does not have."
    )

    def make_source(self, path: Path | None) -> EventsSource | None:
        """Return the table of events at ``path`` as the pipeline takes it."""
        from mimicrylab.pipeline.import_events import EventsSource

        if path is None:
            return None
        return EventsSource(
            path,
            columns=split_pairs(self.column, option="--column"),
            time_unit=self.time_unit or "s",
            offset_s=self.offset_s,
            offset_error_s=self.offset_error_s,
            emotions=split_pairs(self.emotion, option="--emotion"),
            missing_recordings=self.missing_recordings,
        )

    def make_clock(self) -> LogClock:
        """Return how a log's times become the recordings', as the pipeline takes it."""
        from mimicrylab.pipeline.import_log import LogClock

        return LogClock(
            self.offset_s,
            self.offset_error_s,
            split_pairs(self.column, option="--column"),
            self.time_unit,
            self.missing_recordings,
        )


@dataclass(frozen=True)
class EventsOptions:
    """Where trials come from: a table of events, or a rule."""

    events: Path | None = _declare(
        None,
        "--events",
        help="CSV or TSV of what was shown when: recording, onset, duration, stimulus or emotion, block.",
    )


@dataclass(frozen=True)
class NameOptions:
    """What names in an export or log mean."""

    stimulus: list[str] = _declare(
        None,
        "--stimulus",
        metavar="NAME=STIMULUS",
        help="Which stimulus of the study a name in the export means, or that it is a blank, a fixation or a rest: "
        "video_07=joy_F2, cross=fixation. Repeat for each.",
    )

    blocks: str | None = _declare(
        None,
        "--blocks",
        metavar="BLOCKS",
        help="How many trials each block has, in order, where no log says it, and the phase: "
        "'faces_1=7:before,faces_2=7:after'.",
    )

    def make_blocks(self) -> tuple[BlockOfTrials, ...]:
        """Return the blocks of trials as the pipeline takes them."""
        from mimicrylab.pipeline.import_blocks import read_blocks

        return () if self.blocks is None else read_blocks(self.blocks)

    def make_names(self, clock: ClockOptions) -> ShownNames:
        """Return how names in an export are understood."""
        from mimicrylab.pipeline.import_trials import ShownNames

        emotions = split_pairs(clock.emotion, option="--emotion")
        return ShownNames(split_pairs(self.stimulus, option="--stimulus"), emotions)


@dataclass(frozen=True)
class TrialOptions(NameOptions):
    """Trials without a table of events."""

    rule: str | None = _declare(
        None,
        "--trials",
        metavar="RULE",
        help="Trials at fixed times, the same in every recording: 'first=4 every=8 duration=4 "
        "emotions=happiness,anger' (seconds; trials=12 says how many).",
    )

    def make_rule(self) -> TrialRule | None:
        """Return the rule for trials as the pipeline takes it."""
        from mimicrylab.pipeline.import_trials import read_rule

        return None if self.rule is None else read_rule(self.rule)


@dataclass(frozen=True)
class WhoOptions:
    """Who is in which recording."""

    participants: Path | None = _declare(
        None,
        "--participants",
        help="CSV or TSV with participant and demographics; a column recording says who is in which recording.",
    )
    participants_column: list[str] = _declare(
        None,
        "--participants-column",
        metavar="NAME=COLUMN",
        help="Which column of the participants table is what: participant=ID. Repeat for each.",
    )
    participant_pattern: str | None = _declare(
        None,
        "--participant-pattern",
        help="Regular expression that finds the participant (first group) in a recording's name, and with a group "
        "(?P<session>...) the visit. Left out, each file is one participant, called as the file.",
    )

    def make_who(self) -> WhoIsWho:
        """Return who is who as the pipeline takes it."""
        from mimicrylab.pipeline.import_recordings import WhoIsWho

        columns = split_pairs(self.participants_column, option="--participants-column")
        return WhoIsWho(self.participants, columns, self.participant_pattern)


@dataclass(frozen=True)
class LogReaderOptions:
    """How a program's files are read."""

    option: list[str] = _declare(
        None, "--option", metavar="NAME=VALUE", help="An option of the reader. Repeat for each."
    )

    def make_options(self) -> dict[str, object]:
        """Return the reader's options; true, false, null and numbers are what they look like, all else is text."""
        options: dict[str, object] = {}
        for name, text in split_pairs(self.option, option="--option").items():
            try:
                options[name.replace("-", "_")] = json.loads(text)
            except ValueError:
                options[name.replace("-", "_")] = text
        return options


@dataclass(frozen=True)
class ReaderOptions(LogReaderOptions):
    """How a program's files of frames are read."""

    fps: float | None = _declare(
        None, "--fps", help="Frames a second, to compute times from where the files' own cannot be trusted."
    )
    face: int | None = _declare(
        None, "--face", help="Which face to keep where several were tracked; left out, the one found most often."
    )

    def make_options(self) -> dict[str, object]:
        """Return the reader's options, the frame rate among them."""
        options = LogReaderOptions.make_options(self)
        return options if self.fps is None else {**options, "frames_per_second": self.fps}


@dataclass(frozen=True)
class StoringOptions:
    """Where it goes, and what is shown."""

    study: Path = _declare(Path(), "--study", "-s", help="Folder of the study; this one if left out.")
    replace: bool = _declare(
        False, "--replace", help="Let it take the place of what the study has under the same name."
    )
    as_json: bool = _declare(False, "--json", help="Print the summary as JSON for a script.")


def make_settings(
    reader: ReaderOptions,
    events: EventsOptions,
    clock: ClockOptions,
    trials: TrialOptions,
    who: WhoOptions,
    storing: StoringOptions,
    *,
    more: dict[str, object] | None = None,
) -> ImportSettings:
    """Return how files are imported, as the pipeline takes it; ``more`` are further options of the reader."""
    from mimicrylab.pipeline.import_program import ImportSettings

    return ImportSettings(
        options={**reader.make_options(), **(more or {})},
        face=reader.face,
        events=clock.make_source(events.events),
        rule=trials.make_rule(),
        shown=trials.make_names(clock),
        blocks=trials.make_blocks(),
        who=who.make_who(),
        clock=clock.make_clock(),
        replace=storing.replace,
    )


def make_log_settings(
    reader: LogReaderOptions, clock: ClockOptions, names: NameOptions, storing: StoringOptions
) -> ImportSettings:
    """Return how logs are imported, as the pipeline takes it."""
    from mimicrylab.pipeline.import_program import ImportSettings

    return ImportSettings(
        options=reader.make_options(),
        shown=names.make_names(clock),
        blocks=names.make_blocks(),
        clock=clock.make_clock(),
        replace=storing.replace,
    )

"""``mimicrylab import``: bring data that a laboratory has into a study folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mimicrylab.cli.import_summary import ImportProgress, print_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mimicrylab.pipeline.import_events import EventsSource
    from mimicrylab.pipeline.import_recordings import WhoIsWho

app = typer.Typer(
    name="import",
    help="Bring data that you already have into a study folder: recordings, coded frames, events, participants.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

STUDY = typer.Option(..., "--study", "-s", help="Folder of the study.")
FACE = typer.Option(
    None, "--face", help="Which face to keep where several were tracked; left out, the one found most often."
)
EVENTS = typer.Option(
    None, "--events", help="CSV or TSV of what was shown when: recording, onset, duration, stimulus or emotion, block."
)
TIME_UNIT = typer.Option("s", "--time-unit", help="Unit of the times in the events table: s or ms. Never guessed.")
OFFSET = typer.Option(
    0.0, "--offset-s", help="The recording's time in seconds when the events table's clock shows 0; added to onsets."
)
OFFSET_ERROR = typer.Option(None, "--offset-error-s", help="How far the offset may be off, in seconds.")
COLUMN = typer.Option(
    None,
    "--column",
    metavar="NAME=COLUMN",
    help="Which column of the events table is what: onset=StimOn. Repeat for each.",
)
EMOTION = typer.Option(
    None,
    "--emotion",
    metavar="CODE=EMOTION",
    help="What a code in the events table stands for: HA=happiness. Repeat for each.",
)
MISSING = typer.Option(
    False, "--missing-recordings", help="Pass over events of recordings that the study does not have."
)
PARTICIPANTS = typer.Option(
    None,
    "--participants",
    help="CSV or TSV with participant and demographics; a column recording says who is in which recording.",
)
PARTICIPANTS_COLUMN = typer.Option(
    None,
    "--participants-column",
    metavar="NAME=COLUMN",
    help="Which column of the participants table is what: participant=ID. Repeat for each.",
)
PATTERN = typer.Option(
    None,
    "--participant-pattern",
    help="Regular expression that finds the participant (first group) in a recording's name, and with a group "
    "(?P<session>...) the visit. Left out, each file is one participant, called as the file.",
)
REPLACE = typer.Option(False, "--replace", help="Let it take the place of what the study has under the same name.")
AS_JSON = typer.Option(False, "--json", help="Print the summary as JSON for a script.")


@app.command("recordings")
def recordings_command(
    files: list[Path] = typer.Argument(..., help="Videos, or folders that are searched for videos."),
    study: Path = STUDY,
    events: Path | None = EVENTS,
    time_unit: str = TIME_UNIT,
    offset_s: float = OFFSET,
    offset_error_s: float | None = OFFSET_ERROR,
    column: list[str] = COLUMN,
    emotion: list[str] = EMOTION,
    missing_recordings: bool = MISSING,
    participants: Path | None = PARTICIPANTS,
    participants_column: list[str] = PARTICIPANTS_COLUMN,
    participant_pattern: str | None = PATTERN,
    link: bool = typer.Option(False, "--link", help="Link the files into the study folder instead of copying them."),
    keep_unreadable: bool = typer.Option(
        False, "--keep-unreadable", help="Register files that are no readable videos as lost recordings."
    ),
    replace: bool = REPLACE,
    as_json: bool = AS_JSON,
) -> None:
    """Register videos of faces, who is in them and what was shown when. All is checked before anything is stored."""
    from mimicrylab.pipeline.import_recordings import import_recordings

    source = _read_events(events, column, time_unit, offset_s, offset_error_s, emotion, missing_recordings)
    with ImportProgress() as watch:
        summary = import_recordings(
            files,
            study,
            events=source,
            who=_read_who(participants, participants_column, participant_pattern),
            link=link,
            replace=replace,
            keep_unreadable=keep_unreadable,
            watch=watch,
        )
    print_summary(summary, as_json=as_json)


@app.command("openface")
def openface_command(
    files: list[Path] = typer.Argument(..., help="CSV files that OpenFace 2.x wrote, or folders of them."),
    study: Path = STUDY,
    fps: float | None = typer.Option(
        None, "--fps", help="Frames a second, to compute times from where the files' timestamps cannot be trusted."
    ),
    face: int | None = FACE,
    landmarks: bool = typer.Option(False, "--landmarks", help="Keep the columns of landmarks and shape parameters."),
    events: Path | None = EVENTS,
    time_unit: str = TIME_UNIT,
    offset_s: float = OFFSET,
    offset_error_s: float | None = OFFSET_ERROR,
    column: list[str] = COLUMN,
    emotion: list[str] = EMOTION,
    missing_recordings: bool = MISSING,
    participants: Path | None = PARTICIPANTS,
    participants_column: list[str] = PARTICIPANTS_COLUMN,
    participant_pattern: str | None = PATTERN,
    replace: bool = REPLACE,
    as_json: bool = AS_JSON,
) -> None:
    """Read what OpenFace 2.x coded. A frame without a face becomes missing, never 0; angles become degrees."""
    from mimicrylab.pipeline.import_frames import import_frames

    source = _read_events(events, column, time_unit, offset_s, offset_error_s, emotion, missing_recordings)
    with ImportProgress() as watch:
        summary = import_frames(
            "openface",
            files,
            study,
            options={"frames_per_second": fps, "landmarks": landmarks},
            face=face,
            events=source,
            who=_read_who(participants, participants_column, participant_pattern),
            replace=replace,
            watch=watch,
        )
    print_summary(summary, as_json=as_json)


@app.command("frames")
def frames_command(
    files: list[Path] = typer.Argument(..., help="Files that the program wrote, or folders of them."),
    program: str = typer.Option(..., "--program", help="Name of the reader, such as openface or that of a plug-in."),
    study: Path = STUDY,
    option: list[str] = typer.Option(
        None, "--option", metavar="NAME=VALUE", help="An option of the reader. Repeat for each."
    ),
    face: int | None = FACE,
    events: Path | None = EVENTS,
    time_unit: str = TIME_UNIT,
    offset_s: float = OFFSET,
    offset_error_s: float | None = OFFSET_ERROR,
    column: list[str] = COLUMN,
    emotion: list[str] = EMOTION,
    missing_recordings: bool = MISSING,
    participants: Path | None = PARTICIPANTS,
    participants_column: list[str] = PARTICIPANTS_COLUMN,
    participant_pattern: str | None = PATTERN,
    replace: bool = REPLACE,
    as_json: bool = AS_JSON,
) -> None:
    """Read what any program coded for which a reader is installed; a plug-in's reader is used just so."""
    from mimicrylab.pipeline.import_frames import import_frames

    source = _read_events(events, column, time_unit, offset_s, offset_error_s, emotion, missing_recordings)
    with ImportProgress() as watch:
        summary = import_frames(
            program,
            files,
            study,
            options=_read_options(option),
            face=face,
            events=source,
            who=_read_who(participants, participants_column, participant_pattern),
            replace=replace,
            watch=watch,
        )
    print_summary(summary, as_json=as_json)


@app.command("events")
def events_command(
    table: Path = typer.Argument(..., help="CSV or TSV: recording, onset, duration, stimulus or emotion, block."),
    study: Path = STUDY,
    time_unit: str = TIME_UNIT,
    offset_s: float = OFFSET,
    offset_error_s: float | None = OFFSET_ERROR,
    column: list[str] = COLUMN,
    emotion: list[str] = EMOTION,
    missing_recordings: bool = MISSING,
    replace: bool = REPLACE,
    as_json: bool = AS_JSON,
) -> None:
    """Add what was shown when to recordings that the study has."""
    from mimicrylab.pipeline.import_events import import_events

    source = _read_events(table, column, time_unit, offset_s, offset_error_s, emotion, missing_recordings)
    if source is not None:
        print_summary(import_events(source, study, replace=replace), as_json=as_json)


@app.command("participants")
def participants_command(
    table: Path = typer.Argument(..., help="CSV or TSV with a row a participant: participant, sex, age, ..."),
    study: Path = STUDY,
    column: list[str] = typer.Option(
        None, "--column", metavar="NAME=COLUMN", help="Which column is what: participant=ID. Repeat for each."
    ),
    replace: bool = REPLACE,
    as_json: bool = AS_JSON,
) -> None:
    """Add participants and their demographics. Codes only: columns that say who somebody is are refused."""
    from mimicrylab.pipeline.import_participants import import_participants

    stated = _split_pairs(column, option="--column")
    print_summary(import_participants(table, study, columns=stated, replace=replace), as_json=as_json)


def _split_pairs(pairs: Sequence[str] | None, *, option: str) -> dict[str, str]:
    split = {}
    for pair in pairs or ():
        name, mark, value = pair.partition("=")
        if not (mark and name.strip() and value.strip()):
            raise typer.BadParameter(f"{pair!r} is not of the form NAME=VALUE", param_hint=option)
        split[name.strip()] = value.strip()
    return split


def _read_events(
    path: Path | None,
    column: Sequence[str] | None,
    time_unit: str,
    offset_s: float,
    offset_error_s: float | None,
    emotion: Sequence[str] | None,
    missing_recordings: bool,
) -> EventsSource | None:
    from mimicrylab.pipeline.import_events import EventsSource

    if path is None:
        return None
    return EventsSource(
        path,
        columns=_split_pairs(column, option="--column"),
        time_unit=time_unit,
        offset_s=offset_s,
        offset_error_s=offset_error_s,
        emotions=_split_pairs(emotion, option="--emotion"),
        missing_recordings=missing_recordings,
    )


def _read_options(pairs: Sequence[str] | None) -> dict[str, object]:
    """Return a reader's options; true, false, null and numbers are what they look like, all else is text."""
    import json

    options: dict[str, object] = {}
    for name, text in _split_pairs(pairs, option="--option").items():
        try:
            options[name.replace("-", "_")] = json.loads(text)
        except ValueError:
            options[name.replace("-", "_")] = text
    return options


def _read_who(table: Path | None, columns: Sequence[str] | None, pattern: str | None) -> WhoIsWho:
    from mimicrylab.pipeline.import_recordings import WhoIsWho

    return WhoIsWho(table, _split_pairs(columns, option="--participants-column"), pattern)

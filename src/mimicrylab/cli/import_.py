"""``mimicrylab import``: bring data that a laboratory has into a study folder."""

from __future__ import annotations

from pathlib import Path

import typer

from mimicrylab.cli.import_options import (
    ClockOptions,
    EventsOptions,
    ReaderOptions,
    StoringOptions,
    TrialOptions,
    WhoOptions,
)
from mimicrylab.cli.import_summary import ImportProgress, print_summary
from mimicrylab.cli.shared_options import split_pairs, take_options

app = typer.Typer(
    name="import",
    help="Bring data that you already have into a study folder: recordings, coded frames, events, participants.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FRAME_PROGRAMS = {
    "facet": "Read iMotions' text exports of Emotient FACET (versions 5 and 6): evidence, in log odds.",
    "affdex": "Read iMotions' exports of Affectiva AFFDEX: emotions and expressions from 0 to 100.",
    "pyfeat": "Read CSV files of py-feat 1 and 2.",
    "blendshapes": "Read tables of MediaPipe's 52 blendshapes, whichever program wrote them.",
}
"""Programs whose files are frames, by the name of their reader; a plug-in's are imported with `import frames`."""


@app.command("recordings")
@take_options(events=EventsOptions, clock=ClockOptions, trials=TrialOptions, who=WhoOptions, storing=StoringOptions)
def recordings_command(
    events: EventsOptions,
    clock: ClockOptions,
    trials: TrialOptions,
    who: WhoOptions,
    storing: StoringOptions,
    files: list[Path] = typer.Argument(..., help="Videos, or folders that are searched for videos."),
    link: bool = typer.Option(False, "--link", help="Link the files into the study folder instead of copying them."),
    keep_unreadable: bool = typer.Option(
        False, "--keep-unreadable", help="Register files that are no readable videos as lost recordings."
    ),
) -> None:
    """Register videos of faces, who is in them and what was shown when. All is checked before anything is stored."""
    from mimicrylab.pipeline.import_recordings import import_recordings

    with ImportProgress() as watch:
        summary = import_recordings(
            files,
            storing.study,
            events=clock.make_source(events.events),
            rule=trials.make_rule(),
            who=who.make_who(),
            link=link,
            replace=storing.replace,
            keep_unreadable=keep_unreadable,
            watch=watch,
        )
    print_summary(summary, as_json=storing.as_json)


@app.command("openface")
@take_options(
    reader=ReaderOptions,
    events=EventsOptions,
    clock=ClockOptions,
    trials=TrialOptions,
    who=WhoOptions,
    storing=StoringOptions,
)
def openface_command(
    reader: ReaderOptions,
    events: EventsOptions,
    clock: ClockOptions,
    trials: TrialOptions,
    who: WhoOptions,
    storing: StoringOptions,
    files: list[Path] = typer.Argument(..., help="CSV files that OpenFace 2.x wrote, or folders of them."),
    landmarks: bool = typer.Option(False, "--landmarks", help="Keep the columns of landmarks and shape parameters."),
) -> None:
    """Read what OpenFace 2.x coded. A frame without a face becomes missing, never 0; angles become degrees."""
    options = {**reader.make_options(), **({"landmarks": True} if landmarks else {})}
    _import_frames("openface", files, options, reader, events, clock, trials, who, storing)


@app.command("frames")
@take_options(
    reader=ReaderOptions,
    events=EventsOptions,
    clock=ClockOptions,
    trials=TrialOptions,
    who=WhoOptions,
    storing=StoringOptions,
)
def frames_command(
    reader: ReaderOptions,
    events: EventsOptions,
    clock: ClockOptions,
    trials: TrialOptions,
    who: WhoOptions,
    storing: StoringOptions,
    files: list[Path] = typer.Argument(..., help="Files that the program wrote, or folders of them."),
    program: str = typer.Option(..., "--program", help="Name of the reader, such as openface or that of a plug-in."),
) -> None:
    """Read what any program coded for which a reader is installed; a plug-in's reader is used just so."""
    _import_frames(program, files, reader.make_options(), reader, events, clock, trials, who, storing)


def _add_program(program: str, about: str) -> None:
    @take_options(
        reader=ReaderOptions,
        events=EventsOptions,
        clock=ClockOptions,
        trials=TrialOptions,
        who=WhoOptions,
        storing=StoringOptions,
    )
    def program_command(
        reader: ReaderOptions,
        events: EventsOptions,
        clock: ClockOptions,
        trials: TrialOptions,
        who: WhoOptions,
        storing: StoringOptions,
        files: list[Path] = typer.Argument(..., help="Files that the program wrote, or folders of them."),
    ) -> None:
        _import_frames(program, files, reader.make_options(), reader, events, clock, trials, who, storing)

    app.command(program, help=about)(program_command)


for _program, _about in FRAME_PROGRAMS.items():
    _add_program(_program, _about)


def _import_frames(
    program: str,
    files: list[Path],
    options: dict[str, object],
    reader: ReaderOptions,
    events: EventsOptions,
    clock: ClockOptions,
    trials: TrialOptions,
    who: WhoOptions,
    storing: StoringOptions,
) -> None:
    from mimicrylab.pipeline.import_frames import import_frames

    with ImportProgress() as watch:
        summary = import_frames(
            program,
            files,
            storing.study,
            options=options,
            face=reader.face,
            events=clock.make_source(events.events),
            rule=trials.make_rule(),
            shown=trials.make_names(clock),
            who=who.make_who(),
            replace=storing.replace,
            watch=watch,
        )
    print_summary(summary, as_json=storing.as_json)


@app.command("events")
@take_options(clock=ClockOptions, storing=StoringOptions)
def events_command(
    clock: ClockOptions,
    storing: StoringOptions,
    table: Path = typer.Argument(..., help="CSV or TSV: recording, onset, duration, stimulus or emotion, block."),
) -> None:
    """Add what was shown when to recordings that the study has."""
    from mimicrylab.pipeline.import_events import import_events

    source = clock.make_source(table)
    if source is not None:
        print_summary(import_events(source, storing.study, replace=storing.replace), as_json=storing.as_json)


@app.command("participants")
@take_options(storing=StoringOptions)
def participants_command(
    storing: StoringOptions,
    table: Path = typer.Argument(..., help="CSV or TSV with a row a participant: participant, sex, age, ..."),
    column: list[str] = typer.Option(
        None, "--column", metavar="NAME=COLUMN", help="Which column is what: participant=ID. Repeat for each."
    ),
) -> None:
    """Add participants and their demographics. Codes only: columns that say who somebody is are refused."""
    from mimicrylab.pipeline.import_participants import import_participants

    stated = split_pairs(column, option="--column")
    summary = import_participants(table, storing.study, columns=stated, replace=storing.replace)
    print_summary(summary, as_json=storing.as_json)

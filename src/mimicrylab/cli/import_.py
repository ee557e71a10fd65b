"""``mimicrylab import``: bring data that a laboratory has into a study folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mimicrylab.cli.import_options import (
    ClockOptions,
    EventsOptions,
    LogReaderOptions,
    NameOptions,
    ReaderOptions,
    StoringOptions,
    TrialOptions,
    WhoOptions,
    make_log_settings,
    make_settings,
)
from mimicrylab.cli.import_summary import ImportProgress, print_found, print_summary
from mimicrylab.cli.shared_options import split_pairs, take_options

if TYPE_CHECKING:
    from mimicrylab.pipeline.import_program import ImportSettings

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
    "facereader": "Read detailed logs of Noldus FaceReader.",
    "libreface": "Read CSV files of LibreFace.",
    "openface3": "Read CSV files of OpenFace 3, whose eight numbers have no names until you state them.",
    "emg": "Read recordings of facial muscles: EDF, BDF, BrainVision, text. Zygomaticus stands for AU12.",
    "facs": "Read what human coders saw: FACS codes from ELAN, Datavyu or a CSV.",
    "blendshapes": "Read tables of MediaPipe's 52 blendshapes, whichever program wrote them.",
}
"""Programs whose files are frames, by the name of their reader; a plug-in's are imported with `import frames`."""

LOG_PROGRAMS = {
    "psychopy": "Read PsychoPy's CSV files: what was shown when.",
    "eprime": "Read E-Prime's text logs and its merged tables: what was shown when.",
    "opensesame": "Read OpenSesame's CSV files: what was shown when.",
    "presentation": "Read logs of Presentation: what was shown when.",
    "gorilla": "Read Gorilla's CSV files: what was shown when, as far as a browser tells.",
    "qualtrics": "Read the page timers of a Qualtrics export.",
    "jspsych": "Read jsPsych's CSV or JSON: what was shown when.",
    "bids": "Read BIDS events (*_events.tsv).",
    "xdf": "Read the markers of an LSL recording (.xdf).",
}
"""Stimulus programs whose logs say what was shown when."""


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


@app.command("auto")
@take_options(
    reader=ReaderOptions,
    events=EventsOptions,
    clock=ClockOptions,
    trials=TrialOptions,
    who=WhoOptions,
    storing=StoringOptions,
)
def auto_command(
    reader: ReaderOptions,
    events: EventsOptions,
    clock: ClockOptions,
    trials: TrialOptions,
    who: WhoOptions,
    storing: StoringOptions,
    files: list[Path] = typer.Argument(..., help="Files of any program that is understood, or folders of them."),
) -> None:
    """Tell by its content which program wrote each file, say why, and import it. What is not understood is named."""
    _import_found(files, make_settings(reader, events, clock, trials, who, storing), storing)


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
    more: dict[str, object] = {"landmarks": True} if landmarks else {}
    _import("openface", files, make_settings(reader, events, clock, trials, who, storing, more=more), storing)


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
    program: str = typer.Option(
        ..., "--program", help="Name of the reader, such as openface or that of a plug-in; auto tells it."
    ),
) -> None:
    """Read what any program coded for which a reader is installed; a plug-in's reader is used just so."""
    settings = make_settings(reader, events, clock, trials, who, storing)
    if program == "auto":
        _import_found(files, settings, storing)
    else:
        _import(program, files, settings, storing)


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
        _import(program, files, make_settings(reader, events, clock, trials, who, storing), storing)

    app.command(program, help=about)(program_command)


def _add_log(program: str, about: str) -> None:
    @take_options(reader=LogReaderOptions, clock=ClockOptions, names=NameOptions, storing=StoringOptions)
    def log_command(
        reader: LogReaderOptions,
        clock: ClockOptions,
        names: NameOptions,
        storing: StoringOptions,
        files: list[Path] = typer.Argument(..., help="Logs that the program wrote, or folders of them."),
    ) -> None:
        _import(program, files, make_log_settings(reader, clock, names, storing), storing)

    app.command(program, help=about)(log_command)


for _program, _about in FRAME_PROGRAMS.items():
    _add_program(_program, _about)
for _program, _about in LOG_PROGRAMS.items():
    _add_log(_program, _about)


def _import(program: str, files: list[Path], settings: ImportSettings, storing: StoringOptions) -> None:
    from mimicrylab.pipeline.import_program import import_program

    with ImportProgress() as watch:
        summary = import_program(program, files, storing.study, settings, watch=watch)
    print_summary(summary, as_json=storing.as_json)


def _import_found(files: list[Path], settings: ImportSettings, storing: StoringOptions) -> None:
    from mimicrylab.pipeline.import_program import import_found

    with ImportProgress() as watch:
        found = import_found(files, storing.study, settings, watch=watch)
    print_found(found, as_json=storing.as_json)


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

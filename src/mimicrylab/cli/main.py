"""The command ``mimicrylab``: gathers the verbs, prints errors as people read them, and sets the exit code.

Exit codes: 0 done as asked; 1 something could not be done (the message says what); 2 the command line is wrong;
130 interrupted.
"""

from __future__ import annotations

import sys

import typer

from mimicrylab import __version__
from mimicrylab.cli import (
    analyse,
    assets,
    check,
    code,
    coders,
    demo,
    import_,
    import_answers,
    measure,
    new,
    plan,
    power,
    quality,
    recheck,
    report,
    run,
    scales,
    simulate,
    stimuli,
    sync,
    unblind,
)
from mimicrylab.errors import MimicryLabError

INTERRUPTED = 130

app = typer.Typer(
    name="mimicrylab",
    help="Facial-mimicry research in one open tool: from the design of a study to its statistics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mimicrylab {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Print the version."),
) -> None:
    pass


app.command("demo", short_help="Show the whole way on sample videos of faces.")(demo.demo)
app.command("new", short_help="Write a complete study folder to start from.")(new.new)
app.command("check", short_help="Check a study before anybody takes part.")(check.check)
app.command("plan", short_help="Show the plan, or freeze it as a preregistration.")(plan.plan)
app.command("run", short_help="Do whatever is left to do in a study.")(run.run)
app.command("code", short_help="Code faces frame by frame.")(code.code)
app.command("quality", short_help="Judge which recordings and trials can be used.")(quality.quality)
app.command("measure", short_help="Measure movements around the stimuli.")(measure.measure)
app.command("analyse", short_help="Run the analysis plan of a study, or of any table.")(analyse.analyse)
app.command("report", short_help="Write the study's report.")(report.report)
app.command("recheck", short_help="Check printed results, of a paper or your own.")(recheck.recheck)
app.command("simulate", short_help="Make up a whole study whose true effects are known.")(simulate.simulate)
app.command("sync", short_help="Bring a camera and a log onto one clock.")(sync.sync)
app.command("unblind", short_help="Write the arms of all kits, after the data are final.")(unblind.unblind)
app.add_typer(coders.app, short_help="List what can code faces, and compare coders.")
app.add_typer(power.app, short_help="How many participants a study needs.")
app.add_typer(assets.app, short_help="List and fetch model files and sample media.")
import_.app.command("answers")(import_answers.answers)
app.add_typer(import_.app, short_help="Bring in recordings, coded frames, events, people.")
app.add_typer(scales.app, short_help="List questionnaires, with items and scores.")
app.add_typer(stimuli.app, short_help="Stimulus sets: those that ship, KDEF, ADFES, yours.")


def main() -> None:
    """Run the command line; an error of ours becomes a message on stderr and exit code 1, never a traceback."""
    try:
        app()
    except MimicryLabError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"error: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        typer.echo("  do: look whether the folder exists and may be written to, and whether the disk is full", err=True)
        sys.exit(1)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:  # Typer turns Ctrl-C into this
            typer.echo("interrupted; what was finished is kept, the same command goes on from there", err=True)
        raise


if __name__ == "__main__":
    main()

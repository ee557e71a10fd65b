"""``mimicrylab run``: whatever is left to do in a study folder."""

from __future__ import annotations

from pathlib import Path

import typer

FAILED = 1


def run(
    study: Path = typer.Argument(Path(), help="Folder of the study; this one if left out."),
    jobs: int | None = typer.Option(
        None, "--jobs", "-j", min=1, help="Recordings coded at the same time; as many as processors if left out."
    ),
    open_page: bool = typer.Option(False, "--open", help="Open the report in the browser."),
    as_json: bool = typer.Option(False, "--json", help="Print what became of each step as JSON for a script."),
) -> None:
    """Do whatever is left to do in a study: code faces, judge quality, measure, run the plan, write the report.

    What is done already is not done again unless what it rests on changed; what cannot be done is named with its
    reason, and the rest goes on. The exit code is 1 if a step could not do all that it should.
    """
    from mimicrylab.cli.progress import show_coding_progress
    from mimicrylab.cli.steps import print_run, print_step
    from mimicrylab.pipeline.run import run_study

    with show_coding_progress() as watch:
        summary = run_study(study, processes=jobs, watch=None if as_json else print_step, watch_coding=watch)
    print_run(summary, as_json=as_json)
    if open_page and summary.report is not None:
        typer.launch(summary.report.resolve().as_uri())
    if summary.failed:
        raise typer.Exit(FAILED)

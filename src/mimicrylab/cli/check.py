"""``mimicrylab check``: mistakes, what is missing, the timeline, and what to think about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.protocol.study_check import StudyCheck


def check(
    folder: Path = typer.Argument(Path(), help="Folder of the study, or its study.yaml; this folder if left out."),
    seed: int = typer.Option(1, "--seed", help="Seed of the example participant whose orders are shown."),
    every_trial: bool = typer.Option(False, "--trials", help="Show every trial, not only blocks."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
    schema: bool = typer.Option(False, "--schema", help="Print the JSON Schema of study.yaml and stop."),
) -> None:
    """Check a study before anybody takes part.

    Lists every mistake with its line, what is still missing, the timeline with minutes and trials as an example
    participant would meet it, and what the design makes hard to conclude. Exit code 1 when there are mistakes.
    """
    import json

    from mimicrylab.pipeline.check import check_study
    from mimicrylab.protocol.reference import render_schema
    from mimicrylab.protocol.timetable import describe_check, list_report

    if schema:
        typer.echo(render_schema(), nl=False)
        return
    found = check_study(folder, seed=seed)
    if as_json:
        typer.echo(json.dumps(describe_check(found), indent=2, ensure_ascii=False))
    else:
        for line in list_report(found, every_trial=every_trial):
            typer.echo(line)
    _leave(found)


def _leave(found: StudyCheck) -> None:
    if not found.sound:
        raise typer.Exit(1)

"""``mimicrylab measure``: from coded faces to numbers a trial, condition and person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.measure_summary import MeasureSummary


def measure(
    study: Path = typer.Argument(Path(), help="Folder of the study; this one if left out."),
    coder: str | None = typer.Option(
        None, "--coder", help="Whose coded frames are measured; the study's coder if left out."
    ),
    force: bool = typer.Option(False, "--force", help="Measure again what is up to date."),
    as_json: bool = typer.Option(False, "--json", help="Print what was measured as JSON for a script."),
) -> None:
    """Measure the coded faces of a study around its stimuli, as study.yaml asks: measures.parquet and time courses.

    A trial counts when enough of it was seen; one that does not count has no value and says why, it is never 0. What
    is up to date is not measured again.
    """
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import Progress

    from mimicrylab.pipeline.measure import measure_study

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("measuring", total=None)
        summary = measure_study(
            study, coder=coder, force=force, watch=lambda done, total: bar.update(task, completed=done, total=total)
        )
    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2, ensure_ascii=False, default=str))
    else:
        _print_summary(summary)


def _print_summary(summary: MeasureSummary) -> None:
    from mimicrylab.errors import count_things

    done = "up to date" if summary.up_to_date else f"{summary.rows} rows"
    people, trials = count_things(summary.participants, "participant"), count_things(summary.trials, "trial")
    typer.echo(f"{summary.path}: {done} ({people}, {trials})")
    for each in summary.measures:
        typer.echo(f"  {each.measure}: {each.values} of {each.rows} rows have a value")
        for reason, number in each.reasons.items():
            typer.echo(f"    {number} without: {reason}")
    for warning in summary.warnings:
        typer.echo(f"warning: {warning}", err=True)

"""What ``run`` and ``demo`` say: one line a step as it ends, and where the report is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.run import RunSummary, StepResult


def print_step(step: StepResult) -> None:
    """Print what became of a step, and below it what could not be done within it; what failed goes to stderr."""
    typer.echo(f"{step.step:8} {step.state}: {step.text}", err=step.state == "failed")
    for detail in step.details:
        typer.echo(f"         {detail}", err=step.state == "failed")


def print_run(summary: RunSummary, *, as_json: bool) -> None:
    """Print the end of a run: where the report is, or the whole as JSON."""
    import json
    from dataclasses import asdict

    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2, ensure_ascii=False, default=str))
    elif summary.report is not None:
        typer.echo(f"\nThe report: {summary.report.resolve()}\nOpen it in any browser; it needs no network.")

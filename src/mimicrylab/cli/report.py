"""``mimicrylab report``: write the report of a study folder."""

from __future__ import annotations

from pathlib import Path

import typer


def report(
    study: Path = typer.Argument(Path(), help="Folder of the study; this one if left out."),
    open_page: bool = typer.Option(False, "--open", help="Open the report in the browser."),
    as_json: bool = typer.Option(False, "--json", help="Print the report's path, files and warnings as JSON."),
) -> None:
    """Write the study's report: one HTML page that needs no network, with its tables and figures beside it.

    The report says what there is: quality, what was shown, movement around the stimuli, measures, mimicry, methods,
    limits, software. Steps that have not run yet are named in it, not run: mimicrylab run does whatever is left.
    """
    import json

    from mimicrylab.pipeline.report import write_report

    result = write_report(study)
    if as_json:
        answer = {"report": str(result.path), "files": list(result.files), "out_of_date": list(result.stale)}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"{result.path}: the report, with {len(result.files) - 1} files beside it")
        for sentence in result.stale:
            typer.echo(f"out of date: {sentence}", err=True)
    if open_page:
        typer.launch(result.path.resolve().as_uri())

"""``mimicrylab analyse``: run the analysis plan of a study, or of a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.analyse import AnalyseSummary
    from mimicrylab.pipeline.multiverse_lines import MultiverseLine

NOT_DONE = 1


def analyse(
    study: Path | None = typer.Argument(None, help="Folder of the study; this one if left out."),
    data: Path | None = typer.Option(
        None, "--data", help="Instead of a study: a table (CSV, Excel, SPSS, Parquet), one row a person or a trial."
    ),
    plan: Path | None = typer.Option(None, "--plan", help="With --data: the plan file (YAML) for the table."),
    output: Path | None = typer.Option(
        None, "--output", "-o", help="With --data: folder for the results; NAME-analyses if left out."
    ),
    only: list[str] = typer.Option([], "--only", help="Run this analysis only (its id), with its family; repeatable."),
    force: bool = typer.Option(False, "--force", help="Run what is up to date, too."),
    seed: int | None = typer.Option(
        None, "--seed", min=0, help="Seed of everything random; stored with the results (1 if left out)."
    ),
    multiverse: bool = typer.Option(
        False, "--multiverse", help="Also repeat analyses with the alternatives that study.yaml names under multiverse."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print what was found as JSON for a script."),
) -> None:
    """Run the analysis plan of study.yaml: every test and what belongs beside it, p corrected over each family.

    The results go to the folder analyses: results.json, and of each analysis the very table that was tested. While the
    list of kits is sealed, arms are drawn at random, and every result says that it is a dry run.

    With --multiverse each analysis that study.yaml names under multiverse is run again over other windows, baselines,
    thresholds, measures and limits, with a joint test of all of them: docs/multiverse.md. It takes a while.

    With --data and --plan the same analyses run on any table: docs/analysing-a-table.md.

    The exit code is 1 if an analysis was refused as unsound or could not be done.
    """
    from rich.console import Console
    from rich.progress import Progress

    from mimicrylab.pipeline.analyse import analyse_study
    from mimicrylab.pipeline.analyse_table import analyse_table
    from mimicrylab.stats.plan.results import AnalysisResult

    if (data is None) != (plan is None):
        raise typer.BadParameter("--data and --plan need each other")
    if data is not None and study is not None:
        raise typer.BadParameter("name a study, or --data with --plan, not both")
    if multiverse and data is not None:
        raise typer.BadParameter("--multiverse measures coded frames anew; a table has none")
    if output is not None and data is None:
        raise typer.BadParameter("--output needs --data; a study's results go to its folder analyses")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("analysing", total=None)

        def watch(result: AnalysisResult, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=result.analysis.id)

        if data is not None and plan is not None:
            summary = analyse_table(data, plan, output=output, only=only, force=force, seed=seed, watch=watch)
        else:
            summary = analyse_study(study or Path(), only=only, force=force, seed=seed, watch=watch)
    if not as_json:
        _print_summary(summary)
    lines = _run_multiverse(study or Path(), only, force=force, seed=seed) if multiverse else ()
    if as_json:
        _print_json(summary, lines)
    else:
        _print_multiverse(lines)
    if summary.not_done:
        raise typer.Exit(NOT_DONE)


def _run_multiverse(study: Path, only: list[str], *, force: bool, seed: int | None) -> tuple[MultiverseLine, ...]:
    from rich.console import Console
    from rich.progress import Progress

    from mimicrylab.pipeline.multiverse import run_multiverses
    from mimicrylab.pipeline.multiverse_lines import describe_multiverses

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("multiverse", total=None)

        def watch(what: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=what)

        return describe_multiverses(run_multiverses(study, only=only, force=force, seed=seed, watch=watch))


def _print_json(summary: AnalyseSummary, lines: tuple[MultiverseLine, ...]) -> None:
    import json
    from dataclasses import asdict

    content = asdict(summary) | {"permuted": summary.permuted}
    if lines:
        content["multiverse"] = [asdict(line) for line in lines]
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))


def _print_multiverse(lines: tuple[MultiverseLine, ...]) -> None:
    from mimicrylab.pipeline.multiverse_lines import write_line

    for line in lines:
        typer.echo(write_line(line))


def _print_summary(summary: AnalyseSummary) -> None:
    from rich.console import Console
    from rich.table import Table

    from mimicrylab.errors import count_things
    from mimicrylab.pipeline.analysis_lines import write_p

    for warning in summary.warnings:
        typer.echo(f"warning: {warning}", err=True)
    for note in summary.notes:
        typer.echo(note)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("analysis", no_wrap=True)
    table.add_column("n", justify="right")
    table.add_column("found")
    table.add_column("p", justify="right", no_wrap=True)
    for line in summary.lines:
        mark = "" if line.state == "done" else f"{line.state.upper()}: "
        dry = "[dry run] " if line.labels == "permuted" else ""
        table.add_row(line.id, str(line.n or "-"), f"{dry}{mark}{line.text}", write_p(line))
    width = None if Console().is_terminal else 160
    Console(width=width, markup=False, highlight=False, emoji=False).print(table)
    done = len(summary.lines) - len(summary.not_done)
    state = f"{done} of {count_things(len(summary.lines), 'analysis', 'analyses')} done"
    recorded = f", {summary.analysed} with a usable recording" if summary.analysed < summary.people else ""
    old = " (up to date, not run again)" if summary.up_to_date else ""
    typer.echo(f"\n{state}{old}; {count_things(summary.people, 'person', 'people')}{recorded}")
    typer.echo("p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected")
    typer.echo(f"tables and numbers: {summary.folder}")
    if summary.report is not None:
        typer.echo(f"report: {summary.report}")
    if summary.permuted:
        typer.echo(
            "\nDRY RUN: the list of kits is sealed, so arms were drawn at random. Nothing above that has to do with "
            "treatment is a result.",
            err=True,
        )

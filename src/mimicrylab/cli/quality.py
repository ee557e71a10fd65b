"""``mimicrylab quality``: are the recordings usable, and if not, why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.quality import QualitySummary


def quality(
    study: Path = typer.Argument(Path(), help="Folder of the study; this one if left out."),
    override: list[str] = typer.Option(
        [], "--override", metavar="RECORDING=GRADE", help="Set a recording's grade (0 good to 3 not usable) yourself."
    ),
    by: str = typer.Option("", "--by", help="Your name; kept with the grade that you set."),
    reason: str = typer.Option("", "--reason", help="Why you set it; kept with the grade."),
    pictures: bool = typer.Option(
        False, "--pictures", help="Write a page with the strongest frame of each trial and its traces (stays local)."
    ),
    coder: str | None = typer.Option(None, "--coder", help="Whose frames are judged; the study's coder if left out."),
    force: bool = typer.Option(False, "--force", help="Judge again what is up to date."),
    as_json: bool = typer.Option(False, "--json", help="Print the result as JSON for a script."),
) -> None:
    """Judge the coded recordings: frames lost and why, frame rates, gaps, talking, usable trials, a grade from 0 to 3.

    Nothing is deleted: what is not to be analysed is a row with its reason in the exclusion log. A grade that you set
    stays, with your name and reason, when the command is given again.
    """
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import Progress

    from mimicrylab.pipeline.quality import judge_study, read_overrides

    overrides = read_overrides(override, by=by, reason=reason)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("judging", total=None)
        summary = judge_study(
            study,
            coder=coder,
            overrides=overrides,
            force=force,
            watch=lambda done, total: bar.update(task, completed=done, total=total),
        )
    page = None
    if pictures:
        from mimicrylab.pipeline.pictures import draw_pictures

        page = draw_pictures(study, coder=coder)
    if as_json:
        answer = asdict(summary) | {"pictures": page}
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=str))
    else:
        _print_summary(summary)
        if page is not None:
            typer.echo(f"{page}: pictures of faces; this page stays in the study folder and is in no report")


def _print_summary(summary: QualitySummary) -> None:
    from mimicrylab.errors import count_things

    typer.echo(
        f"{summary.path}: {count_things(summary.recordings, 'recording')}{', up to date' if summary.up_to_date else ''}"
    )
    words = ("good", "minor issues", "major issues", "not usable")
    typer.echo("  " + ", ".join(f"grade {g} ({words[g]}): {n}" for g, n in sorted(summary.grades.items())))
    typer.echo(f"  {summary.trials_counting} of {summary.trials} trials count")
    if summary.excluded_recordings:
        excluded = count_things(summary.excluded_recordings, "recording is", "recordings are")
        typer.echo(f"  {excluded} excluded (exclusions.parquet says why)")
    if summary.overridden:
        typer.echo(f"  {count_things(summary.overridden, 'grade was', 'grades were')} set by a person")
    if summary.unjudged:
        typer.echo(f"  not judged, because the frames hold nothing about it: {', '.join(summary.unjudged)}")
    if summary.talking_trials:
        effects = ", ".join(f"{unit} {mean:+.3g}" for unit, mean in summary.talking_effects.items())
        typer.echo(
            f"  talking or eating in {summary.talking_trials} trials, marked and kept; against other frames: {effects}"
        )
    if not summary.talking:
        typer.echo(f"  talking was not looked for: {summary.coder} shows no opening of the mouth")

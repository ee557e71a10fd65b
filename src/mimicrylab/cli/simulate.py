"""``mimicrylab simulate``: a study folder with simulated people whose mimicry is known."""

from __future__ import annotations

from pathlib import Path

import typer


def simulate(
    out: Path = typer.Option(..., "--out", help="Folder to write; it must not exist yet."),
    template: str = typer.Option("empathy", "--template", help="Design: a template of `new`."),
    participants: int | None = typer.Option(
        None,
        "--participants",
        help="Number of simulated people; as many as in the template's article if left out, or 50.",
    ),
    seed: int = typer.Option(1, "--seed", help="The same seed gives the same people, answers and faces."),
    videos: bool = typer.Option(
        False,
        "--videos",
        help="Render webcam videos instead of coded frames (some minutes a person; needs the extra faces).",
    ),
    defects: str | None = typer.Option(
        None,
        "--defects",
        help="What goes wrong in the videos, one after the other: hand, talking, eating, away, second_face, dark, far, "
        "slow, none; with commas between, + between those at once; or all.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Make up a whole study whose true effects are known: people, answers, events and coded faces.

    Use it to see a finished report before you collect data, to try an analysis plan, or to check that an analysis
    finds what is there (truth.json in the folder says what is) and nothing where there is nothing. Afterwards:
    mimicrylab run FOLDER
    """
    import json

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from mimicrylab.errors import count_things, quote_path
    from mimicrylab.pipeline.simulate import simulate_study

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("recordings", total=None)
        made = simulate_study(
            out,
            template=template,
            participants=participants,
            seed=seed,
            videos=videos,
            defects=defects,
            report=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        facts = {
            "folder": str(made.folder.root),
            "template": made.template,
            "participants": made.participants,
            "recordings": made.recordings,
            "frames": made.frames,
            "seed": seed,
            "passphrase": made.passphrase,
        }
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    typer.echo(
        f"{made.folder.root}: {count_things(made.participants, 'simulated person', 'simulated people')}, "
        f"{count_things(made.recordings, 'recording')}, {made.frames:,} frames"
    )
    typer.echo("what is true of them stands in truth.json; none of them exists")
    if made.passphrase:
        typer.echo(f'the kits are sealed with the passphrase "{made.passphrase}" (public: for simulated data only)')
    typer.echo(f"next: mimicrylab run {quote_path(made.folder.root)}")

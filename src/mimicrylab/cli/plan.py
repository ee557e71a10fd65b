"""``mimicrylab plan``: the plan of a study in words, and frozen as a preregistration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.plan import FreezeResult, ShownPlan

DEVIATIONS_SHOWN = 20


def plan(
    study: Path = typer.Argument(Path(), help="Folder of the study; this one if left out."),
    freeze: bool = typer.Option(
        False, "--freeze", help="Write the preregistration with its hash; what was frozen before is kept."
    ),
    open_page: bool = typer.Option(False, "--open", help="With --freeze: open the page in the browser."),
    as_json: bool = typer.Option(False, "--json", help="Print hash, state and deviations as JSON for a script."),
) -> None:
    """Show the plan of a study, or freeze it as a preregistration.

    Hypotheses, design, participants and power, stimuli, measures, quality rules, exact models with families and levels,
    what is exploratory. With --freeze the plan is written to plan/preregistration.html (it prints) and .md, with the
    SHA-256 of every setting in plan/frozen.json. A plan that does not say what decides is refused. If data exist by
    then, the document says so. Later reports list everything that is done otherwise.
    """
    import json

    from mimicrylab.pipeline.plan import describe_plan, freeze_plan, show_plan

    if freeze:
        result = freeze_plan(study)
        if as_json:
            answer = {
                "version": result.frozen.version,
                "sha256": result.frozen.sha256,
                "written": result.written,
                "collected": list(result.frozen.collected),
                "changes": list(result.changes),
                "missing": list(result.gaps),
                "files": [path.as_posix() for path in result.paths],
            }
            typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        else:
            _print_freeze(result)
        if open_page:
            typer.launch(result.paths[0].resolve().as_uri())
        return
    if open_page:
        raise typer.BadParameter("--open belongs to --freeze")
    shown = show_plan(study)
    if as_json:
        typer.echo(json.dumps(describe_plan(shown), indent=2, ensure_ascii=False))
        return
    _print_text(shown.text)
    _print_state(shown)


def _print_text(text: str) -> None:
    """Print Markdown: laid out on a terminal, as it is into a file."""
    from rich.console import Console

    console = Console()
    if console.is_terminal:
        from rich.markdown import Markdown

        console.print(Markdown(text))
    else:
        typer.echo(text)


def _print_freeze(result: FreezeResult) -> None:
    frozen = result.frozen
    page, text, record = result.paths
    if not result.written:
        typer.echo(f"nothing has changed since version {frozen.version} was frozen on {frozen.day}")
    else:
        typer.echo(f"{page}: the preregistration, version {frozen.version}; {text.name} and {record.name} beside it")
    typer.echo(f"SHA-256 {frozen.sha256}")
    if frozen.collected and result.written:
        from mimicrylab.report.wording import join_words

        typer.echo(f"FROZEN AFTER DATA COLLECTION HAD BEGUN: the folder holds {join_words(frozen.collected)}", err=True)
    if result.changes:
        typer.echo(f"changed since version {frozen.version - 1}:")
        for change in result.changes:
            typer.echo(f"  - {change}")
    _print_gaps(result.gaps)


def _print_gaps(gaps: tuple[str, ...]) -> None:
    if gaps:
        typer.echo("a reader will miss:")
        for gap in gaps:
            typer.echo(f"  - {gap}")


def _print_state(shown: ShownPlan) -> None:
    from mimicrylab.errors import count_things

    typer.echo("")
    if shown.frozen is None:
        typer.echo("not frozen yet: mimicrylab plan --freeze")
        for refusal in shown.refusals:
            typer.echo(f"  not before this is mended: {refusal.removeprefix('- ')}")
        _print_gaps(shown.gaps)
        return
    typer.echo(f"frozen on {shown.frozen.day}, version {shown.frozen.version}, SHA-256 {shown.frozen.sha256}")
    if not shown.deviations:
        typer.echo("nothing deviates from it")
        return
    typer.echo(f"{count_things(len(shown.deviations), 'deviation')} from it:")
    for deviation in shown.deviations[:DEVIATIONS_SHOWN]:
        typer.echo(f"  - {deviation.words}")
    if len(shown.deviations) > DEVIATIONS_SHOWN:
        typer.echo(f"  and {len(shown.deviations) - DEVIATIONS_SHOWN} more; the report lists all")

"""``mimicrylab scales``: the questionnaires and their keys."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(
    name="scales",
    help="List questionnaires, and show one's items, answers, keys and scores. Keys only: their wording is not ours.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

STUDY = typer.Option(None, "--study", help="Folder of a study whose own scales count too.")


@app.command("list")
def list_command(
    study: Path | None = STUDY,
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Show every questionnaire: name, what it is, and its scores with their ranges."""
    import json

    from mimicrylab.pipeline.scales import describe_scale, survey_scales

    scales = [describe_scale(found) for found in survey_scales(study)]
    if as_json:
        typer.echo(json.dumps(scales, indent=2, ensure_ascii=False))
        return
    for scale in scales:
        typer.echo(f"{scale['name']:14} {scale['title']}")
        ranges = [f"{score['name']} {score['lowest']:g}-{score['highest']:g}" for score in scale["scores"]]
        typer.echo(f"{'':14} scores: {', '.join(ranges)}; from {scale['origin']}")


@app.command("show")
def show_command(
    name: str = typer.Argument(..., help="Name as `scales list` shows it."),
    study: Path | None = STUDY,
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Show one questionnaire: answers, keys, scores, what a missing answer does, citation and licence."""
    import json

    from mimicrylab.pipeline.scales import describe_scale, show_scale

    scale = describe_scale(show_scale(name, study=study))
    if as_json:
        typer.echo(json.dumps(scale, indent=2, ensure_ascii=False))
        return
    typer.echo(f"{scale['name']}: {scale['title']}")
    typer.echo(f"measures   {scale['measures']}")
    answers = [f"{answer['code']} {answer['text']}" for answer in scale["answers"]]
    typer.echo(f"answers    {', '.join(answers)}")
    for key in scale["keys"]:
        points = "/".join(f"{value:g}" for value in key["points"])
        typer.echo(f"key        {key['name']} ({points}): {' '.join(map(str, key['items']))}")
    if scale["fillers"]:
        typer.echo(f"not scored {' '.join(map(str, scale['fillers']))}")
    for score in scale["scores"]:
        how = f"{score['combine']} of {len(score['items'])} items, {score['lowest']:g} to {score['highest']:g}"
        derived = f"; {score['derived']}" if score["derived"] else ""
        typer.echo(f"score      {score['name']}: {how}{derived}")
    typer.echo("missing    any scored item missing: no score, unless the study declares prorate_up_to")
    for label, field in (
        ("note", "note"),
        ("citation", "citation"),
        ("licence", "licence"),
        ("wording", "wording_from"),
    ):
        if scale[field]:
            typer.echo(f"{label:10} {scale[field]}")

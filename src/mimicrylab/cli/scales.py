"""``mimicrylab scales``: the questionnaires and their keys."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(
    name="scales",
    help="List questionnaires, show one's items, answers, keys and scores, and bring your own. Keys only: their "
    "wording is not ours.",
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


@app.command("import")
def import_command(
    file: Path = typer.Argument(
        ..., help="A scale's data file (.yaml), a table of its items (.csv, .tsv), or its wording (.txt)."
    ),
    study: Path | None = typer.Option(
        None, "--study", "-s", help="Folder of the study; left out: for all your studies on this computer."
    ),
    name: str | None = typer.Option(
        None,
        "--name",
        help="Name of the scale: of a table, the file's own if left out; of a wording, which scale it is.",
    ),
    answer: list[str] = typer.Option(
        [], "--answer", metavar="CODE=WORDS", help="Of a table: an answer and its code, in order. Repeat for each."
    ),
    point: list[float] = typer.Option(
        [], "--point", help="Of a table: points of each answer, in order; its code if left out. Repeat for each."
    ),
    mean: bool = typer.Option(False, "--mean", help="Of a table: scores are means of items, not sums."),
    title: str | None = typer.Option(None, "--title", help="Of a table: full name, with form and number of items."),
    citation: str | None = typer.Option(None, "--citation", help="Of a table: reference."),
    licence: str | None = typer.Option(None, "--licence", help="Of a table: whom the wording belongs to."),
    language: str = typer.Option("en", "--language", help="Language of the wording."),
    replace: bool = typer.Option(False, "--replace", help="Let it take the place of what is there under this name."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Bring a questionnaire of your own, or the wording of one, after checking it.

    A table has a row an item: item (its number), key (forward, reversed or filler), score (its subscale), text (its
    wording, stored beside the key). The wording of a scale goes into a study only: it belongs to its owner.
    """
    import json

    from mimicrylab.errors import count_things
    from mimicrylab.pipeline.import_scale import ScaleSettings, import_scale

    settings = ScaleSettings(
        name=name,
        answers=tuple(answer),
        points=tuple(point),
        combine="mean" if mean else "sum",
        title=title,
        citation=citation,
        licence=licence,
        language=language,
    )
    done = import_scale(file, study=study, settings=settings, replace=replace)
    if as_json:
        found = {"name": done.name, "files": [path.as_posix() for path in done.paths], "notes": list(done.notes)}
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for path in done.paths:
        typer.echo(f"{path}: {done.name}")
    if done.scale is not None:
        for score in done.scale.scores:
            low, high = done.scale.find_range(score)
            items = count_things(len(done.scale.list_items(score)), "item")
            typer.echo(f"score {score.name}: {items}, {low:g} to {high:g}")
    for note in done.notes:
        typer.echo(note)

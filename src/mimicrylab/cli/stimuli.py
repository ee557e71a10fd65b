"""``mimicrylab stimuli``: the stimulus sets that ship, and bringing stimuli into a study."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(
    name="stimuli",
    help="List the stimulus sets that come with MimicryLab, look at one, and bring stimuli into a study: these, KDEF, "
    "ADFES, or your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_command(as_json: bool = typer.Option(False, "--json", help="Print JSON for a script.")) -> None:
    """Show every set that ships: who and what is in it, its licence, its size, and what it is not."""
    import json

    from mimicrylab.pipeline.stimuli import describe_set, survey_sets

    sets = [describe_set(one) for one in survey_sets()]
    if as_json:
        typer.echo(json.dumps(sets, indent=2, ensure_ascii=False))
        return
    if not sets:
        typer.echo("no stimulus set is part of this installation")
    for one in sets:
        typer.echo(f"{one['name']:12} {one['title']}")
        who = f"{one['people']} people ({one['women']} women, {one['men']} men"
        ages = f", {one['age_from']:g} to {one['age_to']:g} years)" if one["age_from"] is not None else ")"
        typer.echo(f"{'':12} {one['stimuli']} stimuli, {who}{ages}; {', '.join(one['emotions'])}")
        typer.echo(f"{'':12} {one['licence']}, {one['megabytes']:g} MB; {one['label']}")


@app.command("show")
def show_command(
    name: str = typer.Argument(..., metavar="SET", help="Name as `stimuli list` shows it."),
    gallery: Path | None = typer.Option(
        None, "--gallery", help="Write a page with all its pictures or clips to this HTML file."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Show one set: the action units that each emotion shows, its people, and on a page every picture or clip."""
    import json

    from mimicrylab.pipeline.stimuli import describe_set, show_set

    one = describe_set(show_set(name, gallery=gallery))
    if as_json:
        typer.echo(json.dumps(one, indent=2, ensure_ascii=False))
        return
    typer.echo(f"{one['name']}: {one['title']}; {one['stimuli']} files of {one['people']} people")
    for emotion, units in one["shows"].items():
        typer.echo(f"{emotion:12} {' '.join(units) or 'no action unit'}")
    typer.echo(f"licence      {one['licence']}")
    typer.echo(f"note         {one['label']}")
    if gallery is not None:
        typer.echo(f"gallery      {gallery}")


@app.command("import")
def import_command(
    what: str = typer.Argument(..., metavar="WHAT", help="A set of `stimuli list`, kdef, adfes, or table."),
    source: Path | None = typer.Argument(
        None, metavar="[PATH]", help="The folder of KDEF or ADFES, or the table of your own files."
    ),
    study: Path = typer.Option(..., "--study", "-s", help="Folder of the study."),
    set_name: str | None = typer.Option(
        None, "--as", help="The study's set that they go to; left out: its only one, or the one of this name."
    ),
    emotion: list[str] = typer.Option([], "--emotion", help="Only this emotion. Repeat for several."),
    person: list[str] = typer.Option([], "--person", help="Only this person (F01). Repeat for several."),
    angle: list[str] = typer.Option(
        [],
        "--angle",
        help="KDEF: S, HL, HR, FL, FR; ADFES: forward, away, toward. Left out: from the front. Repeat for several.",
    ),
    kind: str | None = typer.Option(None, "--kind", help="KDEF, ADFES: image or clip, where a folder holds both."),
    copy: bool = typer.Option(
        False, "--copy", help="Copy licensed or own files into the study; left out: they must lie in it already."
    ),
    replace: bool = typer.Option(False, "--replace", help="Put them in place of the set's stimuli in the list."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Bring stimuli into a study: rows in its list of stimuli with emotion, person, action units and checksum.

    Sets that ship are copied into stimuli/. Of KDEF and ADFES the file names are read; nothing licensed is copied
    unless you say --copy. A table has the columns of the list of stimuli; its files lie in its folder.
    """
    import json

    from mimicrylab.errors import count_things
    from mimicrylab.pipeline.stimuli import ImportChoice, import_stimuli

    if kind not in (None, "image", "clip"):
        raise typer.BadParameter("image or clip", param_hint="--kind")
    choice = ImportChoice(
        emotions=tuple(emotion),
        people=tuple(person),
        angles=tuple(angle),
        kind="image" if kind == "image" else "clip" if kind == "clip" else None,
        set_name=set_name,
        copy=copy,
        replace=replace,
    )
    done = import_stimuli(what, source, study=study, choice=choice)
    if as_json:
        facts = {"set": done.set_name, "stimuli": done.stimuli, "copied": done.copied, "notes": list(done.notes)}
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    copied = f", {count_things(done.copied, 'file')} copied" if done.copied else ""
    typer.echo(f"{done.manifest}: {count_things(done.stimuli, 'stimulus', 'stimuli')} of {done.set_name!r}{copied}")
    for note in done.notes:
        typer.echo(note)

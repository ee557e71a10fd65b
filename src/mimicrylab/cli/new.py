"""``mimicrylab new``: a study folder from a template, and the sealed list of its kits."""

from __future__ import annotations

from pathlib import Path

import typer


def new(
    folder: Path = typer.Argument(..., help="Folder of the study; with --seal it may exist."),
    template: str | None = typer.Option(
        None, "--template", "-t", help="minimal (the default), empathy, oxytocin, classic or stimulus-rating."
    ),
    placeholders: bool = typer.Option(
        False, "--placeholders", help="Name no stimuli: leave out those of the open set."
    ),
    seal: bool = typer.Option(
        False, "--seal", help="For a third party: randomise the kits and seal the list kit -> arm with a passphrase."
    ),
    passphrase_file: Path | None = typer.Option(
        None, "--passphrase-file", help="Read the passphrase from this file instead of asking for it."
    ),
    seed: int | None = typer.Option(None, "--seed", help="Seed of the randomisation; left out, one is drawn."),
    emergency_codes: Path | None = typer.Option(
        None, "--emergency-codes", help="File outside the folder for one code a kit; each opens its own kit only."
    ),
    pharmacy_list: Path | None = typer.Option(
        None, "--pharmacy-list", help="File outside the folder for the open list kit -> arm, to label the kits."
    ),
) -> None:
    """Write a complete study folder: study.yaml with comments that teach, texts, a list of stimuli, what to do next.

    The templates minimal, classic and stimulus-rating come with stimuli of the open set. Nothing that exists is
    overwritten. With --seal, the kits of a randomised study are drawn and their list is encrypted; nothing in the
    folder tells an arm until `mimicrylab unblind`.
    """
    from mimicrylab.cli.passphrase import ask_passphrase
    from mimicrylab.errors import ConflictError, quote_path
    from mimicrylab.pipeline.new import create_study, find_sets
    from mimicrylab.pipeline.seal import seal_study
    from mimicrylab.protocol.open_stimuli import LABEL

    only_for_seal = [passphrase_file, seed, emergency_codes, pharmacy_list]
    if not seal and any(option is not None for option in only_for_seal):
        raise typer.BadParameter("--passphrase-file, --seed, --emergency-codes and --pharmacy-list need --seal")
    if seal and template is not None and (folder / "study.yaml").exists():
        raise ConflictError("there is a study already", where=str(folder), do="leave out --template to seal its kits")
    if not seal or template is not None:
        made = create_study(folder, template=template or "minimal", sets=() if placeholders else find_sets())
        typer.echo(f"{folder}: a new study from the template {made.template!r}, {len(made.files)} files")
        if made.stimuli:
            typer.echo(f"{made.stimuli} of them are stimuli: {LABEL}; put your own in their place when you have them")
        typer.echo(f"read {folder / 'README.md'}, then: mimicrylab check {quote_path(folder)}")
    if seal:
        sealed = seal_study(
            folder,
            passphrase=ask_passphrase(passphrase_file, confirm=True),
            seed=seed,
            codes=emergency_codes,
            pharmacy_list=pharmacy_list,
        )
        typer.echo(f"{sealed.kits} kits are sealed in {sealed.path}")
        for path in sealed.written:
            typer.echo(f"written for the third party only: {path}")
        typer.echo("keep the passphrase: without it nobody can ever open the list")

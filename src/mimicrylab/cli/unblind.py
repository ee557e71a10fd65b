"""``mimicrylab unblind``: open the sealed list of kits, or one code in an emergency."""

from __future__ import annotations

from pathlib import Path

import typer


def unblind(
    folder: Path = typer.Argument(..., help="Folder of the study."),
    by: str = typer.Option(..., "--by", help="Name of the person who opens the list or breaks the code; logged."),
    passphrase_file: Path | None = typer.Option(
        None, "--passphrase-file", help="Read the passphrase from this file instead of asking for it."
    ),
    emergency: bool = typer.Option(False, "--emergency", help="Break the code of one kit only; needs --kit, --reason."),
    kit: str | None = typer.Option(None, "--kit", help="Number of the kit whose code is broken."),
    reason: str | None = typer.Option(None, "--reason", help="Why the code is broken; logged."),
    code_file: Path | None = typer.Option(
        None, "--code-file", help="With --emergency: read the kit's own emergency code from this file."
    ),
    yes: bool = typer.Option(False, "--yes", help="Do not ask whether to open the whole list (for scripts)."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Write the arms of all kits to arms.parquet, after the data are final and the analysis plan is fixed.

    With --emergency, the arm of a single kit is shown and nothing is written but who broke its code, when and why.
    """
    import json
    import sys

    from mimicrylab.cli.passphrase import ask_passphrase
    from mimicrylab.pipeline.unblind import break_code, unblind_study

    if not emergency:
        if kit or reason or code_file:
            raise typer.BadParameter("--kit, --reason and --code-file need --emergency")
        if not yes and sys.stdin.isatty():
            question = "This opens the arms of ALL kits, for good: blinded analyses are over then. Open them?"
            typer.confirm(question, abort=True, err=True)
        path = unblind_study(folder, passphrase=ask_passphrase(passphrase_file, confirm=False), by=by)
        typer.echo(json.dumps({"arms": str(path)}) if as_json else f"the arms are in {path}")
        return
    if not kit or not reason:
        raise typer.BadParameter("--emergency needs --kit and --reason")
    if code_file is not None and passphrase_file is not None:
        raise typer.BadParameter("give --code-file or --passphrase-file, not both")
    secret = ask_passphrase(code_file or passphrase_file, confirm=False)
    opened = {"code": secret} if code_file is not None else {"passphrase": secret}
    broken = break_code(folder, kit=kit, by=by, reason=reason, **opened)
    typer.echo(json.dumps({"kit": broken.kit, "arm": broken.arm}) if as_json else f"kit {broken.kit}: {broken.arm}")

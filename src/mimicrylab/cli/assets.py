"""``mimicrylab assets``: the model files and sample media, and fetching them."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="assets",
    help="List and fetch the model files that coding needs, and the sample media of the demo and the tests.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_command(
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """Show every file, whether it is here, its size and its licence. Nothing is downloaded."""
    import json
    from dataclasses import asdict

    from mimicrylab.pipeline.assets import survey_assets

    states = survey_assets()
    if as_json:
        rows = [{**asdict(state.asset), "path": str(state.path) if state.path else None} for state in states]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for state in states:
        asset = state.asset
        here = "here   " if state.path else "missing"
        typer.echo(f"{here}  {asset.kind:6}  {asset.size_bytes / 1e6:6.2f} MB  {asset.name}")
        typer.echo(f"         {asset.description}")
        typer.echo(f"         licence: {asset.licence}")


@app.command("fetch")
def fetch_command(
    names: list[str] = typer.Argument(None, help="Names as `assets list` shows them; none: all model files."),
    everything: bool = typer.Option(False, "--all", help="Model files and sample media."),
    as_json: bool = typer.Option(False, "--json", help="Print name -> path as JSON."),
) -> None:
    """Fetch files into the local cache, check their hashes, and print where they are."""
    import json

    from mimicrylab.assets import list_assets
    from mimicrylab.cli.progress import show_downloads
    from mimicrylab.pipeline.assets import fetch_assets

    if everything and names:
        raise typer.BadParameter("give names or --all, not both")
    wanted = [asset.name for asset in list_assets()] if everything else list(names or [])
    with show_downloads() as watch:
        states = fetch_assets(wanted, watch=watch)
    if as_json:
        typer.echo(json.dumps({state.asset.name: str(state.path) for state in states}, indent=2))
        return
    for state in states:
        typer.echo(f"{state.asset.name}: {state.path}")

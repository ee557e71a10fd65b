"""``mimicrylab demo``: the whole way on sample videos."""

from __future__ import annotations

from pathlib import Path

import typer

FAILED = 1


def demo(
    out: Path = typer.Option(Path("demo-study"), "--out", help="Folder to make, or to go on with."),
    jobs: int | None = typer.Option(
        None, "--jobs", "-j", min=1, help="Recordings coded at the same time; as many as processors if left out."
    ),
    open_page: bool = typer.Option(False, "--open", help="Open the report in the browser."),
    as_json: bool = typer.Option(False, "--json", help="Print what became of each step as JSON for a script."),
) -> None:
    """Show the whole way on real input: sample videos of faces become a small study with a report.

    The first time, the face model and five short sample videos are fetched (about 12 MB) and kept in a cache; their
    hashes are checked. Nothing else touches the network, and nothing is sent anywhere.
    """
    from mimicrylab.cli.progress import show_coding_progress, show_downloads
    from mimicrylab.cli.steps import print_run, print_step
    from mimicrylab.pipeline.demo import DemoWatchers, make_demo

    with show_downloads() as fetch, show_coding_progress() as code:
        watch = DemoWatchers(fetch=fetch, step=None if as_json else print_step, code=code)
        summary = make_demo(out, processes=jobs, watch=watch)
    print_run(summary, as_json=as_json)
    if open_page and summary.report is not None:
        typer.launch(summary.report.resolve().as_uri())
    if summary.failed:
        raise typer.Exit(FAILED)

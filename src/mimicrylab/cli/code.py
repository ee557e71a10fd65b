"""``mimicrylab code``: videos become tables of what the face did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

if TYPE_CHECKING:
    from mimicrylab.coding.recording_job import Receipt
    from mimicrylab.pipeline.code import CodingSummary

FAILED = 1


def code(
    paths: list[Path] = typer.Argument(None, help="Videos, and folders that are searched for videos."),
    out: Path | None = typer.Option(None, "--out", "-o", help="Folder for the tables, one Parquet file a recording."),
    study: Path | None = typer.Option(None, "--study", help="Code the recordings of this study folder instead."),
    coder: str | None = typer.Option(
        None, "--coder", help="Program that looks at the faces; the study's, or landmarker, if left out."
    ),
    no_blendshapes: bool = typer.Option(
        False, "--no-blendshapes", help="Leave out the 52 blendshapes and the action units that need them (faster)."
    ),
    jobs: int | None = typer.Option(
        None, "--jobs", "-j", min=1, help="Recordings coded at the same time; as many as processors if left out."
    ),
    shard: str | None = typer.Option(
        None, "--shard", metavar="I/N", help="Code part I of N only, such as 2/8: to share the work among computers."
    ),
    force: bool = typer.Option(False, "--force", help="Code again what is up to date, and what was imported."),
    accept_licence: bool = typer.Option(
        False,
        "--accept-licence",
        help="Agree to the terms of a coder that others own (openface, pyfeat); shown, asked once, remembered here.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print what became of each recording as JSON for a script."),
) -> None:
    """Code faces frame by frame: one table a recording, named after the file, with times, head pose and action units.

    What is done already is not done again, unless the video, the coder or its options changed. A damaged video is coded
    as far as it goes; one that cannot be read does not stop the others, and the exit code is 1 then. The command can be
    interrupted at any time and goes on from there when it is given again.
    """
    import json
    from dataclasses import asdict

    from mimicrylab.cli.progress import show_coding_progress
    from mimicrylab.coding.engine import parse_shard
    from mimicrylab.pipeline.code import DEFAULT_CODER, code_files, code_study

    if not (study and not paths and not out) and not (paths and out and not study):
        raise typer.BadParameter("give videos or folders with --out FOLDER, or --study FOLDER alone")
    part = None if shard is None else parse_shard(shard)
    options = {"blendshapes": False} if no_blendshapes else None
    if accept_licence:
        _accept(coder, study)
    with show_coding_progress() as watch:
        if study is not None:
            summary = code_study(
                study, coder=coder, options=options, processes=jobs, shard=part, force=force, watch=watch
            )
        else:
            summary = code_files(
                paths,
                cast(Path, out),
                coder=coder or DEFAULT_CODER,
                options=options,
                processes=jobs,
                shard=part,
                force=force,
                watch=watch,
            )
    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2, ensure_ascii=False, default=str))
    else:
        _print_summary(summary)
    if summary.select("failed"):
        raise typer.Exit(FAILED)


def _accept(coder: str | None, study: Path | None) -> None:
    """Show the terms of the coder that will run and remember that they were agreed to."""
    from mimicrylab.pipeline.coder_terms import accept_coder_terms

    shown = accept_coder_terms(coder, study=study)
    typer.echo(shown.text, err=True)
    if shown.remembered is not None:
        typer.echo(f"agreed to, and remembered in {shown.remembered}\n", err=True)


def _print_summary(summary: CodingSummary) -> None:
    coded, current, failed = (summary.select(state) for state in ("coded", "up to date", "failed"))
    frames, faces = (sum(getattr(each, name) or 0 for each in coded) for name in ("n_frames", "n_faces"))
    found = f"{_count(coded)} ({frames} frames, a face in {faces}), in {summary.out}" if coded else "nothing"
    typer.echo(f"coded with {summary.coder}: {found}")
    if current:
        typer.echo(f"up to date: {_count(current)}")
    if summary.elsewhere:
        typer.echo(f"in other parts: {summary.elsewhere}")
    if summary.unkept:
        typer.echo(f"no video is kept of: {', '.join(summary.unkept)}")
    if summary.imported:
        typer.echo(f"frames were imported, and stay (--force codes again): {', '.join(summary.imported)}")
    if summary.passed_over:
        typer.echo(f"not taken for videos: {', '.join(str(file) for file in summary.passed_over)}")
    for receipt in summary.incomplete:
        typer.echo(
            f"incomplete: {receipt.recording_id}, from second {receipt.broke_at_s:.2f} on: {receipt.reason}; "
            f"{receipt.n_frames} frames are coded"
        )
    for receipt in failed:
        typer.echo(f"failed: {receipt.recording_id}: {receipt.reason}", err=True)


def _count(receipts: list[Receipt]) -> str:
    return f"{len(receipts)} recording{'' if len(receipts) == 1 else 's'}"

"""What ``mimicrylab import`` shows: a bar while it works, a table when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.import_program import FoundImports
    from mimicrylab.pipeline.import_recordings import Watcher
    from mimicrylab.pipeline.import_summary import ImportSummary


LISTED = 5


class ImportProgress:
    """A bar on the terminal while files are read and written; nothing where stderr is no terminal."""

    def __enter__(self) -> Watcher:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self.bars = Progress(console=console, transient=True, disable=not console.is_terminal)
        self.bars.start()
        tasks = {}

        def watch(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = self.bars.add_task(doing, total=total)
            self.bars.update(tasks[doing], completed=done)

        return watch

    def __exit__(self, *_: object) -> None:
        self.bars.stop()


def print_summary(summary: ImportSummary, *, as_json: bool) -> None:
    """Print a row a recording, then notes, then how many of what."""
    import json
    from dataclasses import asdict

    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2, ensure_ascii=False))
        return
    rows = [
        {
            "recording": each.recording_id,
            "participant": each.participant_id,
            "state": each.state,
            "length": "" if each.duration_s is None else f"{each.duration_s:.1f} s",
            **{name: "" if value is None else str(value) for name, value in each.facts.items()},
        }
        for each in summary.recordings
    ]
    names = [name for name in rows[0] if any(row[name] not in ("", "0") for row in rows)] if rows else []
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    for row in [dict(zip(names, names, strict=True)), *rows] if rows else []:
        typer.echo("  ".join(row[name].ljust(widths[name]) for name in names).rstrip())
    said: dict[str, list[str]] = {}
    for each in summary.recordings:
        for note in each.notes:
            said.setdefault(note, []).append(each.recording_id)
    for note, names in said.items():
        typer.echo(f"{_name_recordings(names, n_all=len(summary.recordings))}: {note}")
    for note in summary.notes:
        typer.echo(f"note: {note}")
    parts = [f"{name}: {number}" for name, number in {**summary.counts, **summary.count_states()}.items()]
    typer.echo("; ".join(parts) + ("" if summary.written else "; nothing changed"))


def _name_recordings(names: list[str], *, n_all: int) -> str:
    if len(names) == n_all > 1:
        return "all recordings"
    return ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")


def print_found(found: FoundImports, *, as_json: bool) -> None:
    """Print why each file went where it went, then each program's summary."""
    import json
    from dataclasses import asdict

    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False, default=str))
        return
    for decision in found.decisions:
        typer.echo(f"{decision.path.name}: {decision.because}")
    for text in found.left_out:
        typer.echo(f"left out: {text}")
    for program, summary in found.summaries.items():
        typer.echo(f"\n{program}")
        print_summary(summary, as_json=False)

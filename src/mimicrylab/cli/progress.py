"""Progress bars on stderr; nothing is drawn where stderr is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from mimicrylab.assets import FetchProgress
    from mimicrylab.coding.engine import Progress


@contextmanager
def show_coding_progress() -> Iterator[Callable[[Progress], None]]:
    """Show a bar while recordings are coded: how many are done, frames/s, time left."""
    from datetime import timedelta

    from rich import progress
    from rich.console import Console

    columns = (progress.TextColumn("{task.description}"), progress.BarColumn(), progress.TaskProgressColumn())
    console = Console(stderr=True)
    with progress.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("coding", total=1.0, visible=False)

        def watch(state: Progress) -> None:
            left = "" if state.left_s is None else f", {timedelta(seconds=round(state.left_s))} left"
            done = f"{state.n_done} of {state.n_recordings} recordings, {state.frames_per_s:.0f} frames/s{left}"
            bar.update(task, completed=state.share, description=done, visible=state.n_done < state.n_recordings)

        yield watch


@contextmanager
def show_downloads() -> Iterator[Callable[[FetchProgress], None]]:
    """Show a bar a file while models or sample media are fetched."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[tuple[str, str], TaskID] = {}

        def watch(progress: FetchProgress) -> None:
            key = (progress.asset.name, progress.source)
            if key not in tasks:
                text = f"{progress.asset.name} from {progress.source}"
                tasks[key] = bars.add_task(text, total=progress.asset.size_bytes)
            bars.update(tasks[key], completed=progress.received_bytes)

        yield watch

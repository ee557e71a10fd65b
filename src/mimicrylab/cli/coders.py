"""``mimicrylab coders``: the programs that code faces, and what each measures how well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from mimicrylab.coding.coder import Signal


class ListByDefault(TyperGroup):
    """A group of commands that lists where no command is named: ``coders landmarker`` is ``coders list landmarker``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``list`` before arguments that do not begin with a command."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="coders",
    cls=ListByDefault,
    help="List the programs that code faces (without a command, or with names of coders), and compare what they say.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command("list")
def list_command(
    names: list[str] = typer.Argument(None, metavar="[NAME]...", help="Show these coders only."),
    signals: bool = typer.Option(True, "--signals/--no-signals", help="Also list every signal of each coder."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON for a script."),
) -> None:
    """List the programs that code faces: whether they can run here, licence, and every signal with unit and standing.

    Standing says how far a signal can be trusted as the action unit it is named after. measured: follows the movement
    on real faces; proxy: another movement stands in for it; weak: follows it, mixed with others; not measured: always
    empty, and left out of composites.
    """
    import json
    from dataclasses import asdict

    from mimicrylab.errors import UnknownNameError
    from mimicrylab.pipeline.coders import survey_coders

    states = {state.name: state for state in survey_coders()}
    for name in names or ():
        if name not in states:
            raise UnknownNameError("coder", name, states, do="mimicrylab coders  lists them")
    chosen = [states[name] for name in names or states]
    if as_json:
        typer.echo(json.dumps([asdict(state) for state in chosen], indent=2, ensure_ascii=False))
        return
    for state in chosen:
        about = state.description
        typer.echo(f"{state.name}: {about.summary if about else 'cannot be loaded'}")
        obstacle = None if state.obstacle is None else state.obstacle.splitlines()[0]
        typer.echo("  can run here" if obstacle is None else f"  cannot run here: {obstacle}")
        if about is None:
            continue
        typer.echo(f"  version {about.version}, from the package {state.package}; licence: {about.licence}")
        if about.model_sha256:
            typer.echo(f"  model {about.model_sha256[:16]}...")
        if signals:
            shown, left_out = (about.signals, 0) if names else _leave_out_channels(about.signals)
            width = max(len(signal.name) for signal in shown)
            for signal in shown:
                unit = f" [{signal.unit}]" if signal.unit else ""
                typer.echo(f"  {signal.name:{width}}  {signal.standing:12}  {signal.meaning}{unit}")
            if left_out:
                typer.echo(f"  and {left_out} channels of its model (mimicrylab coders {state.name}  lists them)")


@app.command("compare")
def compare_command(
    study: Path | None = typer.Argument(None, help="Folder of a study that has frames of two coders or more."),
    coder: list[str] = typer.Option([], "--coder", help="Compare these coders only, or code the videos with them."),
    video: list[Path] = typer.Option([], "--video", help="Video or folder to code now, with every --coder, and timed."),
    frames: list[str] = typer.Option(
        [], "--frames", metavar="NAME=PATH", help="File or folder that a program (openface, facs, emg ...) wrote."
    ),
    option: list[str] = typer.Option(
        [], "--option", metavar="NAME:OPTION=VALUE", help="How such files are read, such as emg:rectified=true."
    ),
    reference: str | None = typer.Option(
        None, "--reference", help="Coder the others are held against; human codes, muscles or the first if left out."
    ),
    out: Path = typer.Option(Path("coder-comparison"), "--out", "-o", help="Folder for the page and its tables."),
    jobs: int | None = typer.Option(None, "--jobs", "-j", min=1, help="Recordings coded at the same time."),
    as_json: bool = typer.Option(False, "--json", help="Print what was found as JSON for a script."),
) -> None:
    """Compare coders on the same recordings: correlation, bias, lag, ICC, kappa by action unit; one page with plots.

    Against human FACS codes also F1 and AUC; against muscles (emg) the lag. Recordings are matched by name. Programs
    with units of their own are compared within a recording, never pooled.
    """
    import json
    from dataclasses import asdict

    from mimicrylab.cli.progress import show_coding_progress
    from mimicrylab.cli.shared_options import split_pairs
    from mimicrylab.pipeline.compare_coders import Compared, compare_coders

    if video and not (coder or frames):
        raise typer.BadParameter("say which coders shall code them: --coder NAME", param_hint="--video")
    if study is not None and video:
        raise typer.BadParameter("give a study, or videos", param_hint="--video")
    if coder and study is None and not video:
        raise typer.BadParameter("--coder needs a study or --video", param_hint="--coder")
    files = {name: Path(path) for name, path in split_pairs(frames, option="--frames").items()}
    what = Compared(study, tuple(coder), tuple(video), files, _split_options(option))
    with show_coding_progress() as watch:
        summary = compare_coders(what, out, reference=reference, processes=jobs, watch=watch)
    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2, ensure_ascii=False, default=str))
        return
    for line in summary.lines:
        typer.echo(line)
    typer.echo(f"the page: {summary.page}")


def _split_options(texts: list[str]) -> dict[str, dict[str, object]]:
    """Return the readers' options by coder; true, false, null and numbers are what they look like, all else is text."""
    import json

    from mimicrylab.cli.shared_options import split_pairs

    options: dict[str, dict[str, object]] = {}
    for name, text in split_pairs(texts, option="--option").items():
        coder, mark, option = name.partition(":")
        if not (mark and option):
            raise typer.BadParameter(f"{name!r} is not of the form NAME:OPTION", param_hint="--option")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        options.setdefault(coder, {})[option.replace("-", "_")] = value
    return options


def _leave_out_channels(signals: Sequence[Signal]) -> tuple[list[Signal], int]:
    """Return the signals that are no raw channel of a model (``bs_...``), and how many channels there are."""
    kept = [signal for signal in signals if not signal.name.startswith("bs_")]
    return (kept, len(signals) - len(kept)) if kept else (list(signals), 0)

"""``mimicrylab sync``: a separately filmed camera and a log brought onto one clock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.pipeline.sync import SyncSummary


def sync(
    video: Path | None = typer.Argument(None, help="The recording; the study's own file of --recording if left out."),
    log: Path | None = typer.Option(None, "--log", help="Table (CSV, TSV) with the times at which marks were given."),
    column: str = typer.Option("onset", "--column", help="Of the log: the column with these times."),
    time_unit: str = typer.Option("s", "--time-unit", help="Of the log: s or ms."),
    where: list[str] = typer.Option(
        [], "--where", metavar="COLUMN=CELL", help="Of the log: only lines with this cell. Repeat for more."
    ),
    study: Path | None = typer.Option(
        None, "--study", "-s", help="Folder of a study, whose events take the log's place."
    ),
    recording: str | None = typer.Option(None, "--recording", help="With --study: which recording."),
    trial_type: str = typer.Option("stimulus", "--trial-type", help="With --study: events that gave the marks."),
    by: str = typer.Option("light", "--by", help="What the marks are: light, sound or trigger."),
    region: str | None = typer.Option(
        None, "--region", metavar="X,Y,WIDTH,HEIGHT", help="Light: where in the picture (pixels); else the whole of it."
    ),
    frequency: float | None = typer.Option(
        None, "--frequency", help="Sound: a beep of this tone (Hz); else any sound."
    ),
    trigger: Path | None = typer.Option(
        None, "--trigger", help="Trigger: table, EDF, BDF or BrainVision file that has it."
    ),
    trigger_column: str | None = typer.Option(None, "--trigger-column", help="Trigger: its column or channel."),
    trigger_time: str | None = typer.Option(None, "--trigger-time", help="Trigger: the table's column of times."),
    trigger_unit: str = typer.Option("s", "--trigger-unit", help="Trigger: unit of these times, s or ms."),
    threshold: float | None = typer.Option(None, "--threshold", help="A mark begins here; half way up if left out."),
    falling: bool = typer.Option(False, "--falling", help="Marks are falls: a light goes out, the picture goes dark."),
    tolerance: float | None = typer.Option(None, "--tolerance", help="How far a mark may lie from its time (s)."),
    near: float | None = typer.Option(None, "--near", help="About where the offset is (s), where marks are regular."),
    within: float = typer.Option(1.0, "--within", help="With --near: how far from it (s)."),
    drift: bool = typer.Option(True, "--drift/--no-drift", help="Whether the clocks may run at different speeds."),
    picture: Path | None = typer.Option(None, "--picture", help="Write a picture to check the result by (SVG)."),
    apply: bool = typer.Option(False, "--apply", help="With --study: correct the onsets of the recording's events."),
    as_json: bool = typer.Option(False, "--json", help="Print what was found as JSON for a script."),
) -> None:
    """Find the offset and the drift between a recording and a log, from marks that both have, with their error.

    A mark is an LED or a flash in the picture, a clap or a beep on the sound track, or a trigger channel. Which mark
    belongs to which time is found out: some may be missing or false. Marks at equal distances fit several times over,
    and need --near. Recording time = offset + (1 + drift) x log time.
    """
    import json
    from dataclasses import asdict

    from mimicrylab.cli.shared_options import split_pairs
    from mimicrylab.coding.brightness import parse_region
    from mimicrylab.pipeline.sync import KINDS, MarkSettings, MatchSettings, sync_file, sync_study
    from mimicrylab.pipeline.sync_times import LogTimes

    if by not in KINDS:
        raise typer.BadParameter(f"one of {', '.join(KINDS)}", param_hint="--by")
    marks = MarkSettings(
        kind=by,  # type: ignore[arg-type]
        region=None if region is None else parse_region(region),
        frequency_hz=frequency,
        trigger=trigger,
        trigger_column=trigger_column,
        trigger_time=trigger_time,
        trigger_unit=trigger_unit,
        threshold=threshold,
        falling=falling,
    )
    matching = MatchSettings(tolerance_s=tolerance, near_s=near, within_s=within, drift=drift)
    times = None if log is None else LogTimes(log, column, time_unit, split_pairs(where, option="--where"))
    if study is not None:
        if recording is None:
            raise typer.BadParameter("--study needs --recording ID")
        summary = sync_study(
            study,
            recording,
            video=video,
            log=times,
            trial_type=trial_type,
            marks=marks,
            matching=matching,
            picture=picture,
            apply=apply,
        )
    elif video is None or times is None or apply:
        raise typer.BadParameter("give a recording with --log TABLE, or --study FOLDER --recording ID")
    else:
        summary = sync_file(video, times, marks=marks, matching=matching, picture=picture)
    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2, ensure_ascii=False, default=str))
    else:
        _print_summary(summary)


def _print_summary(summary: SyncSummary) -> None:
    fit = summary.fit
    typer.echo(f"{summary.recording}: {fit.n_matched} of {fit.n_seen} marks match {fit.n_logged} times of the log")
    typer.echo(f"offset    {fit.offset_s:.4f} s (the recording's time when the log's clock shows 0)")
    if fit.drift_ppm is None:
        typer.echo("drift     not estimated (it takes 5 matches over a minute), taken as 0")
    else:
        typer.echo(f"drift     {fit.drift_ppm:.1f} +- {fit.drift_error_ppm:.1f} parts per million")
    spread = "" if fit.residual_sd_s is None else f"; residual SD {1000 * fit.residual_sd_s:.1f} ms"
    typer.echo(f"error     {1000 * fit.error_s:.1f} ms at most, with 95 % confidence{spread}")
    if fit.rival_matched:
        typer.echo(f"runner-up {fit.rival_matched} matches, {fit.rival_s:+.2f} s away")
    for note in summary.notes:
        typer.echo(f"note: {note}")
    if summary.picture is not None:
        typer.echo(f"picture   {summary.picture}")
    if summary.n_events:
        typer.echo(f"corrected {summary.n_events} events, by up to {summary.largest_shift_s:.3f} s")
    elif not summary.applied:
        typer.echo(f"import events with: --offset-s {fit.offset_s:.4f} --offset-error-s {fit.error_s:.4f}")

"""``quality --pictures``: contact sheets of a study's recordings, in the study folder and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.epochs.trials import list_trials
from mimicrylab.errors import MimicryLabError
from mimicrylab.measures.signals import CoderSignals
from mimicrylab.pipeline.coded_frames import read_inputs, read_optional, scan_frames
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.measurement import Window
from mimicrylab.quality.contact_sheet import SheetLink, Trace, TrialPicture, crop_face, render_index, render_sheet
from mimicrylab.quality.frames import mark_frames
from mimicrylab.study import StudyFolder, append_log
from mimicrylab.tables import write_text

FOLDER = "quality"
BEFORE_S = 1.0
DEFAULT_SIGNALS = ("AU12", "AU04", "AU25", "AU01")
MOST_TRACES = 5
BOX = ("box_x", "box_y", "box_width", "box_height")


@dataclass(frozen=True)
class _Peak:
    """The strongest frame of a trial."""

    frame: int
    t: float
    box: tuple[float, float, float, float] | None


def draw_pictures(root: Path, *, coder: str | None = None) -> Path:
    """Write a contact sheet of each recording into the folder ``quality`` of a study, and return their list.

    A recording whose video is not kept has traces without pictures.

    Parameters
    ----------
    root
        Folder of the study.
    coder
        Whose frames; the study's coder if left out.

    Raises
    ------
    MissingError
        There is no study.yaml, no recordings or no coded frames.
    """
    inputs = read_inputs(root, coder=coder)
    folder, study, recordings = inputs.folder, inputs.study, inputs.recordings
    trials = list_trials(read_optional(folder, "events"), recordings)
    congruent = collect_congruent(study.stimuli.sets, read_optional(folder, "stimuli"))
    quality = read_optional(folder, "quality")
    shown = _choose_signals(inputs.signals, congruent)
    pages = []
    for row in recordings.sort("recording_id").iter_rows(named=True):
        name = row["recording_id"]
        own = recordings.filter(pl.col("recording_id") == name)
        columns = list(dict.fromkeys(column for found in shown.values() for column in found.values()))
        scanned = scan_frames(inputs.coded, own, inputs.faces, signals=columns)
        pictures = own.select("recording_id", "width", "height")
        frames = mark_frames(scanned, study.quality.frames, pictures=pictures).collect()
        sheet = _draw_recording(
            folder, study, row, frames, trials.filter(pl.col("recording_id") == name), shown=shown, quality=quality
        )
        write_text(folder.root / FOLDER / f"{name}.html", sheet)
        pages.append(SheetLink(f"{name}.html", name, _describe_grade(quality, name)))
    index = folder.root / FOLDER / "index.html"
    write_text(index, render_index(pages))
    append_log(folder, "quality --pictures", {"recordings": len(pages)})
    return index


def _choose_signals(signals: CoderSignals, congruent: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Return, for each emotion, the action units to show with their columns; under "" those for any other."""
    wanted = {**{emotion: list(units) for emotion, units in congruent.items()}, "": list(DEFAULT_SIGNALS)}
    shown = {}
    for emotion, units in wanted.items():
        found = {unit: signals.find_column(unit) for unit in units}
        measured = {unit: column for unit, column in found.items() if column is not None}
        shown[emotion] = dict(list(measured.items())[:MOST_TRACES])
    if not shown[""]:
        shown[""] = {column: column for column in signals.columns[:MOST_TRACES]}
    return {emotion: units or shown[""] for emotion, units in shown.items()}


def _draw_recording(
    folder: StudyFolder,
    study: Study,
    row: Mapping[str, object],
    frames: pl.DataFrame,
    trials: pl.DataFrame,
    *,
    shown: Mapping[str, Mapping[str, str]],
    quality: pl.DataFrame,
) -> str:
    response = study.windows.get("response")
    longest = trials["duration_s"].max()
    stop = response.stop_s if response else float(longest or BEFORE_S)  # type: ignore[arg-type]
    placed = place_window(trials, Window(start_s=-BEFORE_S, stop_s=stop))
    cut = cut_epochs(frames.lazy(), placed).collect()
    found = []
    for trial in trials.iter_rows(named=True):
        own = cut.filter(pl.col("trial") == trial["trial"])
        units = shown.get(trial["stimulus_emotion"] or "", shown[""])
        found.append((trial, own, units, _find_peak(own, units)))
    pictures = _take_pictures(folder, row, [peak for _, _, _, peak in found if peak is not None])
    sheet = [
        TrialPicture(
            trial=trial["trial"],
            emotion=trial["stimulus_emotion"] or trial["stimulus"] or "stimulus",
            verdict=_describe_trial(quality, str(row["recording_id"]), trial["trial"]),
            peak_s=peak.t if peak else None,
            jpeg=pictures.get(peak.frame) if peak else None,
            traces=tuple(_make_trace(own, unit, column) for unit, column in units.items()),
        )
        for trial, own, units, peak in found
    ]
    grade = _describe_grade(quality, str(row["recording_id"]))
    return render_sheet(f"Contact sheet of {row['recording_id']}", sheet, grade=grade, start_s=-BEFORE_S, stop_s=stop)


def _make_trace(frames: pl.DataFrame, unit: str, column: str) -> Trace:
    values = frames.select(pl.when("valid").then(pl.col(column).cast(pl.Float64))).to_series()
    return Trace(unit, frames["t"].to_numpy(), values.fill_null(np.nan).to_numpy())


def _find_peak(frames: pl.DataFrame, units: Mapping[str, str]) -> _Peak | None:
    """Return the valid frame after onset in which the units, each in its own range in the trial, move most together."""
    after = frames.filter((pl.col("t") >= 0) & pl.col("valid"))
    if after.is_empty():
        return None
    total = np.zeros(after.height)
    for column in units.values():
        values = after[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
        spread = float(np.nanmax(values) - np.nanmin(values)) if not np.isnan(values).all() else 0.0
        if spread > 0:
            total += np.nan_to_num((values - np.nanmin(values)) / spread)
    row = after.row(int(total.argmax()), named=True)
    box = tuple(row[name] for name in BOX) if all(row.get(name) is not None for name in BOX) else None
    return _Peak(int(row["frame"]), float(row["t"]), box)


def _take_pictures(folder: StudyFolder, row: Mapping[str, object], peaks: Sequence[_Peak]) -> dict[int, bytes]:
    """Return the faces of the strongest frames from the video, as far as there is one and it can be read."""
    path = folder.root / str(row["path"]) if row["path"] else None
    wanted = {peak.frame: peak.box for peak in peaks if peak.box is not None}
    if path is None or not path.is_file() or not wanted:
        return {}
    from mimicrylab.coding.video import decode_frames

    taken: dict[int, bytes] = {}
    last = max(wanted)
    try:
        for frame in decode_frames(path):
            if frame.number in wanted:
                taken[frame.number] = crop_face(frame.pixels, wanted[frame.number])
            if frame.number >= last:
                break
    except MimicryLabError:
        return taken  # a damaged video shows what could be read; coding has named the damage already
    return taken


def _describe_grade(quality: pl.DataFrame, recording: str) -> str:
    rows = quality.filter((pl.col("recording_id") == recording) & pl.col("trial").is_null())
    if rows.is_empty():
        return "not graded"
    row = rows.row(0, named=True)
    reasons = "; ".join(row["reasons"])
    judged = f"grade {row['grade']}{f' ({reasons})' if reasons else ''}"
    if row["override"] is None:
        return judged
    return f"grade {row['override']}, set by {row['override_by']}: {row['override_reason']}; by the limits {judged}"


def _describe_trial(quality: pl.DataFrame, recording: str, trial: int) -> str:
    """Return why a trial does not count, or is marked; empty where all is well."""
    rows = quality.filter((pl.col("recording_id") == recording) & (pl.col("trial") == trial))
    return "; ".join(rows.row(0, named=True)["reasons"]) if rows.height else ""

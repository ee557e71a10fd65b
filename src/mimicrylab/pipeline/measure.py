"""The verb ``measure``: from coded frames to measures.parquet and timecourses.parquet, in batches of participants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from mimicrylab.epochs.baseline import measure_baselines, refuse_baseline_in_ratings
from mimicrylab.epochs.timecourse import BIN_S, average_people, list_timecourses
from mimicrylab.epochs.trials import list_steps, list_trials
from mimicrylab.measures.measure import Batch, Conditions
from mimicrylab.measures.requests import PreparedMeasures, prepare_measures
from mimicrylab.measures.rows import (
    CutWindow,
    WindowKey,
    cut_window,
    cut_windows,
    list_columns,
    mark_batch,
    measure_all_baselines,
    measure_batch,
)
from mimicrylab.pipeline.coded_frames import (
    CodedInputs,
    hash_tables,
    read_inputs,
    read_optional,
    read_required,
    scan_frames,
    split_batches,
)
from mimicrylab.pipeline.measure_summary import (
    MeasureSummary,
    MeasureTally,
    count_measures,
    list_measure_warnings,
)
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from mimicrylab.quality.exclusions import find_excluded
from mimicrylab.schemas import EMOTIONS, MEASURES, TIMECOURSES
from mimicrylab.study import append_log
from mimicrylab.tables import Provenance, find_current, write_pieces

STEP = "measure"

Watcher = Callable[[int, int], None]


@dataclass(frozen=True)
class _Job(CodedInputs):
    """Everything that measuring needs, read once."""

    excluded: pl.DataFrame
    trials: pl.DataFrame
    steps: pl.DataFrame
    congruence: Mapping[str, tuple[str, ...]]
    prepared: PreparedMeasures
    emotions: tuple[str, ...]

    @property
    def courses(self) -> dict[str, str]:
        """Signals of the time courses and their units: congruent action units, composites, and those asked for.

        Where no action unit is known to be congruent, all that amplitudes are measured of.
        """
        amplitudes = [each for each in self.prepared.trials if not each.measure.prefers_flags]
        congruent = {unit for units in self.congruence.values() for unit in units}
        return {
            target.name: target.unit
            for each in amplitudes
            for target in each.measured
            if each.request.signals or target.expression is not None or target.name in congruent or not congruent
        }

    @property
    def course_window(self) -> Window:
        """From the start of the baseline to the end of the response window, or of the longest stimulus."""
        response = self.study.windows.get("response")
        longest = self.trials["duration_s"].max()
        stop = response.stop_s if response else float(longest or BIN_S)  # type: ignore[arg-type]
        return Window(start_s=min(self.study.baseline.start_s, 0.0), stop_s=max(stop, BIN_S))


def measure_study(
    root: Path, *, coder: str | None = None, force: bool = False, watch: Watcher | None = None
) -> MeasureSummary:
    """Measure a study as its study.yaml asks, and write measures.parquet and timecourses.parquet.

    Trials of recordings that the exclusion log names have no values; where there is no log yet, every recording is
    measured, and a warning says so. What is up to date (same frames, events, exclusions, settings and version) is not
    measured again.

    Parameters
    ----------
    root
        Folder of the study.
    coder
        Whose frames; the study's coder if left out.
    force
        Measure again what is up to date.
    watch
        Told after each batch how many recordings of how many are done.

    Raises
    ------
    MissingError
        There is no study.yaml, no events, no recordings or no coded frames.
    StudyFileError
        study.yaml has mistakes.
    InputError
        What is asked for does not fit the coder or the study, or a table is not what it should be.
    RefusedError
        A baseline or a ratio that would give wrong numbers.
    """
    job = _read_job(root, coder)
    path = job.folder.table_path("measures")
    provenance = _describe(job)
    found = None if force else find_current(path, provenance)
    participants = job.recordings["participant_id"].n_unique()
    if found and job.folder.table_path("timecourses").exists():
        notes = found.notes
        return MeasureSummary(
            path,
            job.coded.coder,
            participants,
            job.trials.height,
            int(notes.get("rows", 0)),
            up_to_date=True,
            not_coded=job.coded.missing,
            warnings=tuple(notes.get("warnings", ())),
        )
    tally = MeasureTally()

    def describe() -> Provenance:
        return replace(provenance, notes={"rows": tally.rows, "warnings": list(_list_warnings(job, tally))})

    write_pieces(_measure_all(job, tally, watch), path, MEASURES, describe=describe)
    _write_courses(job, tally, provenance)
    append_log(job.folder, STEP, {"coder": job.coded.coder, "participants": participants, "rows": tally.rows})
    return MeasureSummary(
        path,
        job.coded.coder,
        participants,
        job.trials.height,
        tally.rows,
        up_to_date=False,
        measures=count_measures(tally),
        not_coded=job.coded.missing,
        warnings=_list_warnings(job, tally),
    )


def _list_warnings(job: _Job, tally: MeasureTally) -> tuple[str, ...]:
    excluded = job.excluded.height if job.folder.table_path("exclusions").exists() else None
    missing = job.coded.missing
    return list_measure_warnings(job.prepared.trials, tally.rates, excluded=excluded, not_coded=missing)


def _read_job(root: Path, coder: str | None) -> _Job:
    inputs = read_inputs(root, coder=coder)
    folder, study = inputs.folder, inputs.study
    events = read_required(folder, "events", do="mimicrylab import recordings FILES --events TABLE")
    stimuli = read_optional(folder, "stimuli")
    congruence = collect_congruent(study.stimuli.sets, stimuli)
    prepared = prepare_measures(
        study.measures, inputs.signals, windows=study.windows, baseline=study.baseline, congruence=congruence
    )
    trials, steps = list_trials(events, inputs.recordings, stimuli), list_steps(events)
    for baseline in dict.fromkeys(each.baseline for each in prepared.trials if each.measure.baseline == "values"):
        refuse_baseline_in_ratings(trials, steps, baseline)
    return _Job(
        **vars(inputs),
        excluded=find_excluded(read_optional(folder, "exclusions")),
        trials=trials,
        steps=steps,
        congruence=congruence,
        prepared=prepared,
        emotions=_list_emotions(trials),
    )


def _list_emotions(trials: pl.DataFrame) -> tuple[str, ...]:
    """Return the emotions shown in the trials that are analysed, in the field's order."""
    analysed = trials.filter(pl.col("block_role").fill_null("test") != "washout")
    shown = set(analysed["stimulus_emotion"].unique())
    return tuple(emotion for emotion in EMOTIONS if emotion in shown)


def _describe(job: _Job) -> Provenance:
    study = job.study
    inputs = hash_tables(job.folder, ("recordings", "events", "stimuli", "faces", "exclusions"))
    settings = {
        "coder": job.coded.coder,
        "quality": study.quality.model_dump(mode="json"),
        "windows": {name: window.model_dump(mode="json") for name, window in study.windows.items()},
        "baseline": study.baseline.model_dump(mode="json"),
        "measures": [each.request.model_dump(mode="json", exclude_none=True) for each in job.prepared.trials]
        + [each.request.model_dump(mode="json", exclude_none=True) for each in job.prepared.persons],
        "congruence": {emotion: list(units) for emotion, units in job.congruence.items()},
    }
    return Provenance(STEP, {**inputs, **job.coded.hash_files()}, settings)


def _measure_all(job: _Job, tally: MeasureTally, watch: Watcher | None) -> Iterator[pl.DataFrame]:
    """Yield the rows of all measures, those of trials batch by batch, then those of persons."""
    trials, coder, limits = job.prepared.trials, job.coded.coder, job.study.quality
    done = 0
    for recordings in split_batches(job.coded, job.recordings):
        batch = _read_batch(job, recordings)
        windows = cut_windows(batch, trials, limits)
        baselines = measure_all_baselines(batch, trials)
        made = []
        for rows in measure_batch(batch, trials, windows=windows, baselines=baselines, coder=coder, limits=limits):
            made.append(rows)
            tally.add(rows)
            yield rows
        of_trials = dict(zip((each.request for each in trials), made[::2], strict=True))
        for rows in _measure_persons(job, of_trials):
            tally.add(rows)
            yield rows
        tally.courses.append(_average_batch(job, batch, windows, baselines))
        tally.rates += _list_rates(batch.frames)
        done += recordings.height
        if watch is not None:
            watch(done, job.recordings.height)


def _list_rates(frames: pl.DataFrame) -> list[float]:
    """Return each recording's frames by second of the time that it covers."""
    covered = pl.col("time").last() - pl.col("time").first() + pl.col("interval_s").first() - pl.col("gap_s").sum()
    rates = frames.group_by("recording_id", maintain_order=True).agg((pl.len() / covered).alias("rate"))["rate"]
    return rates.drop_nulls().to_list()


def _read_batch(job: _Job, recordings: pl.DataFrame) -> Batch:
    columns = list_columns(job.prepared.trials)
    names = recordings["recording_id"].implode()
    return mark_batch(
        scan_frames(job.coded, recordings, job.faces, signals=columns),
        job.prepared.trials,
        recordings=recordings,
        trials=job.trials.filter(pl.col("recording_id").is_in(names)),
        steps=job.steps.filter(pl.col("recording_id").is_in(names)),
        limits=job.study.quality,
        excluded=job.excluded,
    )


def _measure_persons(job: _Job, of_trials: Mapping[MeasureRequest, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the rows of each measure of persons, made of the trials' rows of the measure and window that it names."""
    conditions = Conditions(job.congruence, job.study.quality.cells, job.emotions)
    for each in job.prepared.persons:
        rows = of_trials[each.of].filter(pl.col("measure") == each.of.label)
        computed = each.measure.compute(rows, each.request, conditions)
        yield computed.select(pl.col(column.name).cast(column.dtype) for column in MEASURES.columns)


def _average_batch(
    job: _Job,
    batch: Batch,
    windows: Mapping[WindowKey, CutWindow],
    baselines: Mapping[Baseline, pl.DataFrame],
) -> pl.DataFrame:
    """Return the batch's time courses, a column a signal, of the trials that count and are analysed."""
    baseline, signals = job.study.baseline, list(job.courses)
    key = (job.study.windows.get("response"), False)
    verdicts = (windows.get(key) or cut_window(batch, key, job.study.quality)).verdicts
    counting = verdicts.filter(pl.col("reason").is_null()).select("recording_id", "trial")
    trials = batch.trials.filter(pl.col("block_role").fill_null("test") != "washout").join(
        counting, on=["recording_id", "trial"], how="semi", maintain_order="left"
    )
    frames = batch.frames.lazy()
    before = None
    if baseline.method != "none":
        before = baselines.get(baseline)
        if before is None or not set(signals) <= set(before.columns):
            before = measure_baselines(frames, trials, baseline, signals=signals, steps=batch.steps)
    return average_people(
        frames, trials, window=job.course_window, signals=signals, method=baseline.method, baselines=before
    )


def _write_courses(job: _Job, tally: MeasureTally, provenance: Provenance) -> None:
    people = pl.concat(tally.courses)
    baseline = None if job.study.baseline.method == "none" else job.study.baseline
    pieces = list_timecourses(people, units=job.courses, coder=job.coded.coder, baseline=baseline)
    path = job.folder.table_path("timecourses")
    write_pieces(_or_empty(pieces), path, TIMECOURSES, describe=lambda: provenance)


def _or_empty(pieces: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the pieces, or one empty table where there is none."""
    found = False
    for piece in pieces:
        found = True
        yield piece
    if not found:
        yield TIMECOURSES.empty()

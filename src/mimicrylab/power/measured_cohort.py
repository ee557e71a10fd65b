"""From a simulated cohort to the tables of a study: its frames judged and measured as the verbs do, without a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from mimicrylab.epochs.trials import list_steps, list_trials
from mimicrylab.measures.measure import Conditions
from mimicrylab.measures.requests import PreparedMeasures, prepare_measures
from mimicrylab.measures.rows import cut_windows, mark_batch, measure_all_baselines, measure_batch
from mimicrylab.measures.signals import CoderSignals, read_coder_signals
from mimicrylab.pipeline.coded_frames import CONDITIONS, CodedStudy
from mimicrylab.pipeline.quality_rows import QualityJob, judge_frames
from mimicrylab.power.coarse_frames import simulate_coarse_frames
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.limits import GradeSteps
from mimicrylab.quality.exclusions import find_excluded, list_exclusions
from mimicrylab.quality.grades import grade_recording
from mimicrylab.quality.talking import find_mouth_signal
from mimicrylab.schemas import EMOTIONS, MEASURES, QUALITY
from mimicrylab.simulate.camera import draw_times
from mimicrylab.simulate.cohort import Cohort, RecordingPlan
from mimicrylab.stats.plan.study_tables import StudyTables
from mimicrylab.study import StudyFolder
from mimicrylab.tables import conform_table

CODER = "landmarker"
RECORDINGS_AT_ONCE = 30
"""Frames of so many recordings are in memory at a time."""

RATE_S = 10.0
"""Length of the piece from which a recording's frame rate is taken where frames are coarse."""

ANY = GradeSteps(good=0.0, minor=0.0, major=0.0)
UNLIMITED = GradeSteps(good=1e9, minor=1e9, major=1e9)


@dataclass(frozen=True)
class _Way:
    """How a cohort's frames are made and judged."""

    study: Study
    declared: Study
    coarse: bool
    first_s: float
    last_s: float

    def make_frames(self, plan: RecordingPlan) -> pl.DataFrame:
        if self.coarse:
            return simulate_coarse_frames(plan, first_s=self.first_s, last_s=self.last_s)
        return plan.make_frames()


def measure_cohort(study: Study, stimuli: pl.DataFrame, cohort: Cohort, *, coarse: bool) -> StudyTables:
    """Return the tables of a simulated study: answers, what counts, every measure that study.yaml asks for.

    Parameters
    ----------
    study, stimuli
        The study and its stimuli; measures that no analysis needs are best left out of it.
    cohort
        See ``simulate.cohort``.
    coarse
        Whether frames are made ten times a second and only around the stimuli (``coarse_frames``). Frame rates are
        judged all the same: those that the recordings would have had. Talking and the longest gap are not.

    Raises
    ------
    InputError, UnknownNameError
        The study's measures do not fit the simulated signals.
    """
    way = _choose_way(study, coarse=coarse)
    recordings = cohort.tables["recordings"]
    trials = list_trials(cohort.tables["events"], recordings, stimuli)
    steps = list_steps(cohort.tables["events"])
    quality, measured = [], []
    for plans in _split(cohort.recordings):
        frames = pl.concat([way.make_frames(plan) for plan in plans])
        own = recordings.filter(pl.col("recording_id").is_in([plan.recording_id for plan in plans]))
        signals = read_coder_signals(CODER, [name for name in frames.columns if name not in CONDITIONS])
        judged = _judge(way, cohort, plans, own, frames, trials=trials, signals=signals)
        prepared = _prepare(way, signals, stimuli)
        limit = way.declared.quality.recordings.maximum_grade
        lost = find_excluded(list_exclusions(cohort.tables["participants"], own, judged, maximum_grade=limit))
        quality.append(judged)
        measured += list(_measure(way, prepared, own, frames, trials=trials, steps=steps, lost=lost, stimuli=stimuli))
    rows = pl.concat(quality, how="diagonal_relaxed") if quality else QUALITY.empty()
    limit = way.declared.quality.recordings.maximum_grade
    return replace(
        list_paper_tables(stimuli, cohort),
        quality=rows,
        exclusions=list_exclusions(cohort.tables["participants"], recordings, rows, maximum_grade=limit),
        measures=pl.concat(measured) if measured else MEASURES.empty(),
    )


def list_paper_tables(stimuli: pl.DataFrame, cohort: Cohort) -> StudyTables:
    """Return the tables of a simulated study without its faces: all that a plan of scores and answers needs."""
    names = ("participants", "sessions", "answers", "events", "recordings")
    return StudyTables(stimuli=stimuli, **{name: cohort.tables[name] for name in names})


def _choose_way(study: Study, *, coarse: bool) -> _Way:
    windows = list(study.windows.values())
    baselines = [study.baseline, *(each.baseline for each in study.measures if each.baseline is not None)]
    first = min([0.0, *(window.start_s for window in windows), *(baseline.start_s for baseline in baselines)])
    last = max([0.0, *(window.stop_s for window in windows)])
    if not coarse:
        return _Way(study, study, coarse, first, last)
    limits = study.quality
    recordings = limits.recordings.model_copy(update={"frames_per_second": ANY, "longest_gap_s": UNLIMITED})
    trials = limits.trials.model_copy(update={"minimum_fps": 0.0})
    relaxed = study.model_copy(
        update={"quality": limits.model_copy(update={"trials": trials, "recordings": recordings})}
    )
    return _Way(relaxed, study, coarse, first, last)


def _split(plans: Sequence[RecordingPlan]) -> Iterator[Sequence[RecordingPlan]]:
    """Yield recordings of whole participants, some at a time."""
    waiting: list[RecordingPlan] = []
    for plan in plans:
        if len(waiting) >= RECORDINGS_AT_ONCE and plan.person.number != waiting[-1].person.number:
            yield waiting
            waiting = []
        waiting.append(plan)
    if waiting:
        yield waiting


def _judge(
    way: _Way,
    cohort: Cohort,
    plans: Sequence[RecordingPlan],
    recordings: pl.DataFrame,
    frames: pl.DataFrame,
    *,
    trials: pl.DataFrame,
    signals: CoderSignals,
) -> pl.DataFrame:
    """Return the quality rows of some recordings (``schemas.QUALITY``)."""
    mouth = None if way.coarse else find_mouth_signal([name for name in signals.columns if signals.find_column(name)])
    analysed = trials.filter(pl.col("block_role").fill_null("test") != "washout")
    job = QualityJob(
        folder=StudyFolder(Path()),
        study=way.study,
        recordings=recordings,
        faces=cohort.tables["faces"],
        coded=CodedStudy(CODER, (), ()),
        signals=signals,
        trials=analysed,
        mouth=mouth,
    )
    rows = pl.concat(judge_frames(job, recordings, frames.lazy()), how="diagonal_relaxed")
    judged = conform_table(rows, QUALITY, where="quality")
    return _grade_rates(judged, plans, way.declared) if way.coarse else judged


def _grade_rates(judged: pl.DataFrame, plans: Sequence[RecordingPlan], study: Study) -> pl.DataFrame:
    """Return the rows with the grade that each recording's true frame rate would give it, if that is worse."""
    graded = {}
    for plan in plans:
        rate = len(draw_times(plan.person, plan.population, RATE_S)) / RATE_S
        found = grade_recording({"n_frames": 1, "frame_rate": rate}, study.quality.recordings)
        slow = rate < study.quality.trials.minimum_fps
        graded[plan.recording_id] = (max(found.grade, 3 * slow), list(found.reasons))
    known = pl.DataFrame(
        [(name, grade, reasons) for name, (grade, reasons) in graded.items()],
        schema={"recording_id": pl.String, "_grade": pl.Int8, "_reasons": pl.List(pl.String)},
        orient="row",
    )
    whole = pl.col("trial").is_null()
    return (
        judged.join(known, on="recording_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(whole).then(pl.max_horizontal("grade", "_grade")).otherwise("grade").alias("grade"),
            pl.when(whole).then(pl.concat_list("reasons", "_reasons")).otherwise("reasons").alias("reasons"),
        )
        .drop("_grade", "_reasons")
    )


def _prepare(way: _Way, signals: CoderSignals, stimuli: pl.DataFrame) -> PreparedMeasures:
    study = way.study
    congruence = collect_congruent(study.stimuli.sets, stimuli)
    return prepare_measures(
        study.measures, signals, windows=study.windows, baseline=study.baseline, congruence=congruence
    )


def _measure(
    way: _Way,
    prepared: PreparedMeasures,
    recordings: pl.DataFrame,
    frames: pl.DataFrame,
    *,
    trials: pl.DataFrame,
    steps: pl.DataFrame,
    lost: pl.DataFrame,
    stimuli: pl.DataFrame,
) -> Iterator[pl.DataFrame]:
    """Yield the rows of every measure of some whole participants (``schemas.MEASURES``)."""
    limits = way.study.quality
    own = pl.col("recording_id").is_in(recordings["recording_id"].implode())
    batch = mark_batch(
        frames.lazy(),
        prepared.trials,
        recordings=recordings,
        trials=trials.filter(own),
        steps=steps.filter(own),
        limits=limits,
        excluded=lost,
    )
    windows = cut_windows(batch, prepared.trials, limits)
    baselines = measure_all_baselines(batch, prepared.trials)
    made = list(measure_batch(batch, prepared.trials, windows=windows, baselines=baselines, coder=CODER, limits=limits))
    yield from made
    of_trials = dict(zip((each.request for each in prepared.trials), made[::2], strict=True))
    analysed = trials.filter(pl.col("block_role").fill_null("test") != "washout")
    shown = set(analysed["stimulus_emotion"].unique())
    conditions = Conditions(
        collect_congruent(way.study.stimuli.sets, stimuli),
        limits.cells,
        tuple(emotion for emotion in EMOTIONS if emotion in shown),
    )
    for each in prepared.persons:
        rows = of_trials[each.of].filter(pl.col("measure") == each.of.label)
        computed = each.measure.compute(rows, each.request, conditions)
        yield computed.select(pl.col(column.name).cast(column.dtype) for column in MEASURES.columns)

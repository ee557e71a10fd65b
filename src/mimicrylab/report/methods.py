"""The methods paragraph: what study.yaml declares and what the tables show, as sentences to be edited by the author."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab import __version__
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline
from mimicrylab.report.cells import list_all_requests
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number
from mimicrylab.report.tables import write_range
from mimicrylab.report.wording import count_noun, format_bounded, format_number, join_words, shorten_hash
from mimicrylab.schemas import EMOTIONS

MEASURE_WORDS = {
    "presence": "the share of valid frames in which the action unit was active (presence rate)",
    "mean": "the mean",
    "peak": "the largest value",
    "percentile_95": "the 95th percentile",
    "peak_of_means": "the largest mean of 500-ms bins",
    "bins": "means of consecutive time bins",
    "z": "values standardised within the person",
    "congruence": "a congruence index (congruent minus incongruent emotions)",
    "selectivity": "the separation of congruent from incongruent trials",
    "latency": "the onset latency",
    "responders": "the share of trials with a response",
}


def write_methods(source: ReportSource) -> Markup:
    """Return the paragraph; only what the study declares or the tables hold is said."""
    sentences = [
        *_describe_sample(source),
        *_describe_stimuli(source),
        *_describe_recording(source),
        *_describe_coding(source),
        *_describe_limits(source.study.quality),
        *_describe_measures(source),
        *_describe_tests(source),
    ]
    return Markup(" ").join(sentences)


def _describe_sample(source: ReportSource) -> Iterator[Markup]:
    people = source.tables.participants
    if people.is_empty():
        return
    kept = people.filter(pl.col("participant_id").is_in(list(source.analysed)))
    parts = [f"{count} {label}" for label, count in kept["sex"].drop_nulls().value_counts().sort("sex").iter_rows()]
    ages = kept["age"].drop_nulls()
    described = ", ".join(parts)
    if len(ages) > 1:
        described += Markup("{}age: <i>M</i> = {}, <i>SD</i> = {} years").format(
            "; " if described else "", format_number(as_number(ages.mean())), format_number(as_number(ages.std()))
        )
    detail = Markup(" ({})").format(described) if described else ""
    if people.height == kept.height:
        yield Markup("The sample comprised {}{}.").format(count_noun(kept.height, "participant"), detail)
    else:
        yield Markup("Of {}, {} entered the analyses{}.").format(
            count_noun(people.height, "participant"), kept.height, detail
        )
    if source.study.participants.planned_because:
        yield Markup("The planned number was {} ({}).").format(
            source.study.participants.planned or "not stated", source.study.participants.planned_because
        )


def _describe_stimuli(source: ReportSource) -> Iterator[Markup]:
    trials = source.tables.events.filter(pl.col("trial_type") == "stimulus")
    if trials.is_empty():
        return
    emotions = [emotion for emotion in EMOTIONS if emotion in set(trials["stimulus_emotion"].drop_nulls())]
    kinds = {"clip": "video clips", "image": "pictures"}
    for name, one in source.study.stimuli.sets.items():
        own = source.tables.stimuli.filter(pl.col("set") == name)
        number = count_noun(own.height, kinds[one.kind][:-1], kinds[one.kind])
        yield Markup("Stimuli were {} ({}).").format(number, one.source.rstrip("."))
    counts = trials.group_by("session_id").len().select(write_range("len")).item().replace("–", " to ")
    seconds = trials["duration"].drop_nulls().median()
    lasting = f" for {format_number(as_number(seconds), decimals=1)} s each" if seconds is not None else ""
    showing = f" showing {join_words(emotions)}" if emotions else ""
    blocks = trials["block"].drop_nulls().n_unique()
    yield Markup("Each session had {} trials{} in {}{}.").format(counts, showing, count_noun(blocks, "block"), lasting)


def _describe_recording(source: ReportSource) -> Iterator[Markup]:
    recordings = source.tables.recordings
    rates = recordings["mean_fps"].drop_nulls()
    if len(rates):
        low, high = as_number(rates.min()), as_number(rates.max())
        spread = f", {format_number(low, decimals=1)} to {format_number(high, decimals=1)}" if low != high else ""
        yield Markup("Faces were recorded at a median of {} frames/s{}.").format(
            format_number(as_number(rates.median()), decimals=1), spread
        )


def _describe_coding(source: ReportSource) -> Iterator[Markup]:
    coder = source.coder
    name = f"{coder.name} {coder.version}" if coder else source.study.coding.coder
    model = f" (model SHA-256 {shorten_hash(coder.model_sha256)}…)" if coder and coder.model_sha256 else ""
    yield Markup("Every frame was coded with the face coder {}{} in mimicrylab {}.").format(name, model, __version__)


def _describe_limits(quality: Quality) -> Iterator[Markup]:
    frames, trials = quality.frames, quality.trials
    yield Markup(
        "A frame counted as valid when a face was found with a confidence of {} or more, the head was turned by no "
        "more than {:g}° (pitch), {:g}° (yaw) and {:g}° (roll), and the face was at least {:g} px wide and neither "
        "too dark nor too bright (mean grey {:g} to {:g} of 255)."
    ).format(
        format_bounded(frames.minimum_confidence),
        frames.maximum_pitch_deg,
        frames.maximum_yaw_deg,
        frames.maximum_roll_deg,
        frames.minimum_face_px,
        frames.minimum_luminance,
        frames.maximum_luminance,
    )
    yield Markup(
        "A trial counted with at least {:g}% valid frames and {:g} frames/s, a condition with at least {:g}% of its "
        "trials; recordings up to grade {} were kept (0 good to 3 not usable). What does not count is missing, never 0."
    ).format(
        trials.minimum_valid * 100,
        trials.minimum_fps,
        quality.cells.minimum_trials * 100,
        quality.recordings.maximum_grade,
    )


def _describe_measures(source: ReportSource) -> Iterator[Markup]:
    study = source.study
    windows = [
        f"{name.replace('_', ' ')} {window.start_s:g} to {window.stop_s:g} s" for name, window in study.windows.items()
    ]
    if windows:
        yield Markup("Windows from stimulus onset: {} (the end is not included).").format(join_words(windows))
    yield _describe_baseline(study.baseline)
    named = list(
        dict.fromkeys(MEASURE_WORDS.get(request.measure, request.measure) for request in list_all_requests(source))
    )
    if named:
        yield Markup("Measured were {}.").format(join_words(named))
    changed = [request.label for request in study.measures if request.baseline is not None]
    if changed:
        yield Markup("Other baselines than the study's apply to: {}.").format(join_words(changed))


def _describe_baseline(baseline: Baseline) -> Markup:
    if baseline.method == "none":
        return Markup("No baseline was applied.")
    words = {
        "difference": "subtracted from",
        "ratio": "used to divide",
        "log_ratio": "used to divide, before the logarithm,",
        "percent": "used to express as a percent change",
    }
    return Markup(
        "The mean of the time from {} to {} s relative to onset (at least {:g}% of it valid, nothing else shown or "
        "asked in it) was {} each trial's values."
    ).format(
        format_number(baseline.start_s, decimals=1),
        format_number(baseline.stop_s, decimals=1),
        baseline.minimum_valid * 100,
        words[baseline.method],
    )


def _describe_tests(source: ReportSource) -> Iterator[Markup]:
    if source.congruent and len(source.emotions) > 1:
        units = "; ".join(f"{emotion}: {', '.join(found)}" for emotion, found in source.congruent.items())
        yield Markup(
            "Mimicry was tested within people: for each action unit that an emotion shows ({}), each person's value "
            "while that emotion was shown minus that person's mean over the emotions that do not show it, with a "
            "one-sample <i>t</i> test over people and Holm's correction within each emotion."
        ).format(units)

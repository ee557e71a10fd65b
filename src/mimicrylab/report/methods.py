"""The methods paragraph: what study.yaml declares and what the tables show, as sentences to be edited by the author."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab import __version__
from mimicrylab.measures.latency import LATENCY
from mimicrylab.measures.presence import MESH_UNIT, PRESENCE, STRONG_SHARE, THRESHOLDS
from mimicrylab.measures.signals import FLAG_SUFFIX
from mimicrylab.protocol.limits import FrameLimits, Quality
from mimicrylab.protocol.measurement import LATENCY_SUSTAINED_S, REST_SD, Baseline, MeasureRequest
from mimicrylab.quality.frames import CAUSES
from mimicrylab.report.blinding import describe_assignment
from mimicrylab.report.cells import list_all_requests
from mimicrylab.report.measure_names import describe_bin, is_repeated, write_rate
from mimicrylab.report.measured_coder import IMPORTED, shows_faces
from mimicrylab.report.signals import find_action_unit
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number
from mimicrylab.report.tables import write_range
from mimicrylab.report.wording import count_noun, format_bounded, format_number, join_words, shorten_hash
from mimicrylab.schemas import EMOTIONS
from mimicrylab.stats.samples import MINIMUM_PEOPLE

MEASURE_WORDS = {
    "presence": "the share of valid frames in which the action unit was active (presence rate)",
    "mean": "the mean",
    "peak": "the largest value",
    "percentile_95": "the 95th percentile",
    "peak_of_means": "the largest mean of {bin} bins",
    "bins": "means of consecutive {bin} bins",
    "z": "values standardised within the person",
    "congruence": "a congruence index (congruent minus incongruent emotions)",
    "selectivity": "the separation of congruent from incongruent trials",
    "latency": "the onset latency",
    "responders": "the share of trials with a response",
}


AGGREGATE_WORDS = {
    "pooled_frames": "trials weighed by their valid frames",
    "maximum": "it was the largest trial value",
}
"""Ways from trials to a condition that are not the default."""


def write_methods(source: ReportSource) -> Markup:
    """Return the paragraph; only what the study declares or the tables hold is said."""
    sentences = [
        *_describe_sample(source),
        *describe_assignment(source.study.assignment, source.openings),
        *_describe_stimuli(source),
        *_describe_recording(source),
        *_describe_coding(source),
        *_describe_limits(source.study.quality, judged=_list_judged(source), faces=shows_faces(source.coder)),
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
        what = "Faces were recorded" if shows_faces(source.coder) else "Muscles were measured"
        yield Markup("{} at a median of {} frames/s{}.").format(
            what, format_number(as_number(rates.median()), decimals=1), spread
        )


def _describe_coding(source: ReportSource) -> Iterator[Markup]:
    coder = source.coder
    if coder is not None and coder.version == IMPORTED:
        yield Markup("Movements come from the files of {}, read with mimicrylab {}.").format(coder.summary, __version__)
        return
    name = f"{coder.name} {coder.version}" if coder else source.study.coding.coder
    model = f" (model SHA-256 {shorten_hash(coder.model_sha256)}…)" if coder and coder.model_sha256 else ""
    yield Markup("Every frame was coded with the face coder {}{} in mimicrylab {}.").format(name, model, __version__)


def _list_judged(source: ReportSource) -> set[str]:
    """Return the causes of loss that the coder measures; all of them where no recording was judged yet."""
    quality = source.tables.quality
    names = [cause.name for cause in CAUSES]
    if quality.is_empty():
        return set(names)
    return {name for name in names if f"share_{name}" in quality.columns and quality[f"share_{name}"].count()}


def _describe_limits(quality: Quality, *, judged: Collection[str], faces: bool) -> Iterator[Markup]:
    trials, highest = quality.trials, quality.recordings.maximum_grade
    conditions = [text for cause, text in _list_conditions(quality.frames) if cause in judged]
    conditions = (conditions or ["a face was found"]) if faces else ["a muscle had a value"]
    yield Markup("A frame counted as valid when {}.").format("; ".join(conditions))
    yield Markup(
        "A trial counted with at least {:g}% valid frames and {:g} frames/s, a condition with at least {:g}% of its "
        "trials; {} were kept (0 good to 3 not usable). What does not count is missing, never 0."
    ).format(
        trials.minimum_valid * 100,
        trials.minimum_fps,
        quality.cells.minimum_trials * 100,
        f"recordings up to grade {highest}" if highest else "only recordings of grade 0",
    )


def _list_conditions(limits: FrameLimits) -> Iterator[tuple[str, str]]:
    """Yield what a valid frame must be, each with the cause of loss that it is judged by."""
    yield "no_face", "a face was found"
    yield "confidence", f"the coder's confidence was {format_bounded(limits.minimum_confidence)} or more"
    yield (
        "pose",
        f"the head was turned by no more than {limits.maximum_pitch_deg:g}° (pitch), {limits.maximum_yaw_deg:g}° (yaw) "
        f"and {limits.maximum_roll_deg:g}° (roll)",
    )
    yield "size", f"the face was at least {limits.minimum_face_px:g} px wide and high"
    yield "outside", f"at least {limits.minimum_box_inside * 100:g}% of it lay in the picture"
    if limits.minimum_sharpness > 0:
        yield "blur", f"its sharpness was {limits.minimum_sharpness:g} or more"
    yield (
        "dark",
        f"its mean grey was {limits.minimum_luminance:g} to {limits.maximum_luminance:g} of 255",
    )
    if not limits.allow_second_face:
        yield "second_face", "no second face was in the picture"
    yield "gaze", f"the eyes were no more than {limits.maximum_gaze_deg:g}° off the screen"
    covered = f"covered with a probability above {limits.maximum_occlusion * 100:g}%"
    yield "mouth_covered", f"the mouth was not {covered}"
    yield "brow_covered", f"the brow was not {covered}"


def _describe_measures(source: ReportSource) -> Iterator[Markup]:
    study = source.study
    windows = [
        f"{name.replace('_', ' ')} {window.start_s:g} to {window.stop_s:g} s"
        + (" from the start of the movement" if window.zero == "movement" else "")
        for name, window in study.windows.items()
    ]
    if windows:
        yield Markup("Windows from stimulus onset: {} (the end is not included).").format(join_words(windows))
    yield _describe_baseline(study.baseline)
    requests = list_all_requests(source)
    named = list(dict.fromkeys(_describe_measure(request, requests) for request in requests))
    if named:
        yield Markup("Measured were {}.").format(join_words(named))
        yield from _describe_presence(source)
        yield from _describe_onsets(source)
        yield from _describe_aggregates(source)
    for request in study.measures:
        if request.baseline is not None and request.baseline != study.baseline:
            sentence = _describe_baseline(request.baseline).rstrip(".")
            yield Markup("For {}: {}.").format(request.label.replace("_", " "), sentence[0].lower() + sentence[1:])


def _describe_measure(request: MeasureRequest, among: Collection[MeasureRequest]) -> str:
    words = MEASURE_WORDS.get(request.measure, request.measure).replace("{bin}", describe_bin(request))
    return f"{words} ({request.window.replace('_', ' ')})" if is_repeated(request, among) else words


def _describe_presence(source: ReportSource) -> Iterator[Markup]:
    """Yield above what an action unit counted as active; requests are named where they differ in that."""
    found: dict[str, list[str]] = {}
    for request in list_all_requests(source):
        if request.measure != PRESENCE.name:
            continue
        where = _describe_thresholds(source)
        if request.threshold_from in ("rest", "neutral"):
            of = {"rest": "rest", "neutral": "neutral trials"}[request.threshold_from]
            where = f"above the mean plus {request.threshold_sd or REST_SD:g} SD of the person's own {of}"
        elif request.threshold is not None:
            where = f"above {request.threshold:g} in the signal's unit"
        found.setdefault(where, []).extend([request.name.replace("_", " ")] if request.name else [])
    for where, names in found.items():
        if not where:
            yield Markup("Presence has no value: no threshold is declared for signals in this unit.")
            continue
        name = f" ({join_words(names)})" if names and len(found) > 1 else ""
        yield Markup("An action unit was active{} {}.").format(name, where)


def _describe_thresholds(source: ReportSource) -> str:
    """Return above what a signal is active by default, for the units that the coder's signals have."""
    signals = source.coder.signals if source.coder else ()
    units = (
        {signal.unit for signal in signals if find_action_unit(signal.name)} if signals else {*THRESHOLDS, MESH_UNIT}
    )
    flags = "where the coder itself says so, else " if any(s.name.endswith(FLAG_SUFFIX) for s in signals) else ""
    parts = [f"above {level:g} on the scale {unit}" for unit, level in THRESHOLDS.items() if unit in units]
    if MESH_UNIT in units:
        parts.append(
            f"{STRONG_SHARE * 100:g}% of a strong movement above the baseline or, without one, the visit's median "
            "(signals in eye distances)"
        )
    return flags + join_words(parts)


def _describe_onsets(source: ReportSource) -> Iterator[Markup]:
    """Yield what counted as the onset of a movement, a request for latencies at a time."""
    for request in list_all_requests(source):
        if request.measure != LATENCY.name:
            continue
        name = f" ({request.name.replace('_', ' ')})" if request.name else ""
        lasting = join_words([f"{each:g}" for each in request.sustained_s or LATENCY_SUSTAINED_S], last="or")
        yield Markup(
            "An onset{} was the first time from which the signal stayed for {} s above a level set for each person so "
            "that noise alone gives one in at most {} of trials; trials without one are censored."
        ).format(name, lasting, write_rate(request))


def _describe_aggregates(source: ReportSource) -> Iterator[Markup]:
    """Yield how a person's trials became one value of an emotion, and which measures differ from the default."""
    yield Markup(
        "A person's value for an emotion was the mean over its trials, each trial weighing the same{}."
    ).format(
        "".join(
            f"; for {request.label.replace('_', ' ')} {AGGREGATE_WORDS[request.aggregate]}"
            for request in list_all_requests(source)
            if request.aggregate in AGGREGATE_WORDS
        )
    )


def _describe_baseline(baseline: Baseline) -> Markup:
    if baseline.method == "none":
        return Markup("No baseline was subtracted from amplitudes.")
    words = {
        "difference": "subtracted from",
        "ratio": "used to divide",
        "log_ratio": "used to divide, before the logarithm,",
        "percent": "used to express as a percent change",
    }
    return Markup(
        "The mean of the time from {} to {} s relative to onset (at least {:g}% of it valid, nothing else shown or "
        "asked in it) was {} each trial's amplitudes."
    ).format(
        format_number(baseline.start_s, decimals=1),
        format_number(baseline.stop_s, decimals=1),
        baseline.minimum_valid * 100,
        words[baseline.method],
    )


def _describe_tests(source: ReportSource) -> Iterator[Markup]:
    if source.congruent and len(source.emotions) > 1 and len(source.analysed) >= MINIMUM_PEOPLE:
        units = "; ".join(f"{emotion}: {', '.join(found)}" for emotion, found in source.congruent.items())
        yield Markup(
            "Mimicry was tested within people: for each action unit that an emotion shows ({}), each person's value "
            "while that emotion was shown minus that person's mean over the emotions that do not show it, with a "
            "one-sample <i>t</i> test over people and Holm's correction within each emotion."
        ).format(units)

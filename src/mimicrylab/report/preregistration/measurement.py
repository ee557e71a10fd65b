"""How the face and the answers are measured, and what counts: coder, windows, baselines, measures, scales, limits."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.limits import GradeSteps
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from mimicrylab.protocol.scales import Scale
from mimicrylab.protocol.settings import Settings
from mimicrylab.report.answers.naming import KIND_WORDS
from mimicrylab.report.content import Item, Listing, Prose, Section, Subheading
from mimicrylab.report.preregistration.source import PlanSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import join_words

BASELINES = {
    "difference": "minus the mean of",
    "ratio": "divided by the mean of",
    "log_ratio": "logarithm of the ratio to the mean of",
    "percent": "percent of change from the mean of",
}
AGGREGATES = {
    "mean_of_trials": "mean of trials",
    "pooled_frames": "mean of trials, weighed by valid frames",
    "maximum": "largest trial value",
}
SCORED = "They are scored by the keys frozen with this plan; reliability is reported as alpha and omega."
NEUTRAL = {"both": "with and without neutral", "with": "neutral included", "without": "neutral left out"}


def describe_measures(source: PlanSource) -> Section:
    """Return coder, windows, baseline and measures, then questionnaires, forms and measurements."""
    study = source.study
    items: list[Item] = [Prose(Markup.escape(_describe_camera(source)))]
    if study.windows:
        listed = [
            f"{name.replace('_', ' ')}: {window.start_s:g} to {window.stop_s:g} s"
            + (" from the start of the movement" if window.zero == "movement" else "")
            for name, window in study.windows.items()
        ]
        items.append(Prose(Markup("<strong>Windows</strong> from onset (the end is not included): {}.").format(
            join_words(listed))))  # fmt: skip
    items.append(Prose(Markup("<strong>Baseline:</strong> {}.").format(describe_baseline(study.baseline))))
    if study.measures:
        items.append(_tabulate_measures(study.measures, study.baseline))
    if source.study.scales:
        items += [Subheading("Questionnaires"), Listing(tuple(_list_scales(source))), Prose(Markup.escape(SCORED))]
    fields = [field for form in study.forms for field in form.fields]
    if fields:
        asked = [f"{field.label.rstrip('?')}?" if field.kind != "number" else field.label for field in fields]
        items += [Subheading("Asked in forms"), Listing(tuple(Markup.escape(text) for text in asked))]
    taken = [one for one in study.measurements if not one.anytime]
    if taken:
        listed = [f"{one.name.replace('_', ' ')} ({', '.join(field.label for field in one.fields)})" for one in taken]
        items.append(Prose(Markup("<strong>Taken by the experimenter:</strong> {}.").format("; ".join(listed))))
    return Section("measures", "Measures", tuple(items))


def _describe_camera(source: PlanSource) -> str:
    study = source.study
    record = {
        "task": "Faces are recorded from the first block to the end of the last",
        "blocks": "Faces are recorded while blocks run",
        "nothing": "Faces are not recorded by this study: recordings or codes come from elsewhere",
    }[study.camera.record]
    return f"{record}. They are coded by {study.coding.coder}, frame by frame."


def describe_baseline(baseline: Baseline) -> str:
    """Return what a trial is compared with, in words.

    Examples
    --------
    >>> describe_baseline(Baseline(method="none"))
    'none'
    >>> describe_baseline(Baseline())
    'minus the mean of -1 to 0 s from onset, at least 80% of it valid'
    """
    if baseline.method == "none":
        return "none"
    return (
        f"{BASELINES[baseline.method]} {baseline.start_s:g} to {baseline.stop_s:g} s from onset, at least "
        f"{100 * baseline.minimum_valid:g}% of it valid"
    )


def _tabulate_measures(measures: tuple[MeasureRequest, ...], baseline: Baseline) -> ReportTable:
    rows = [
        (
            request.label.replace("_", " "),
            KIND_WORDS.get(request.measure, request.measure).replace("_", " "),
            ", ".join(request.signals) or "every action unit, congruent composites",
            request.window.replace("_", " "),
            describe_baseline(request.baseline) if request.baseline not in (None, baseline) else "as above",
            "; ".join(_list_details(request)) or None,
        )
        for request in measures
    ]
    names = ("measure", "kind", "signals", "window", "baseline", "details")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    columns = (
        TableColumn("measure", "Measure"),
        TableColumn("kind", "What it is"),
        TableColumn("signals", "Of", wide=True),
        TableColumn("window", "Window"),
        TableColumn("baseline", "Baseline"),
        *([TableColumn("details", "How", wide=True)] if frame["details"].count() else []),
    )
    note = (
        "From trials to a person's value of a condition: the mean of trials, unless another way is named. "
        "Composites of an emotion are composites of movements, not feelings."
    )
    return ReportTable("measures", "Measures", frame, columns, note=note)


def _list_details(request: MeasureRequest) -> Iterator[str]:
    if request.of is not None:
        yield f"made of {request.of.replace('_', ' ')}"
    if request.aggregate is not None:
        yield AGGREGATES[request.aggregate]
    if request.threshold is not None:
        yield f"active above {request.threshold:g}"
    if request.threshold_from is not None:
        where = {"fixed": "fixed threshold", "rest": "threshold from the own rest", "neutral": "threshold from neutral"}
        sd = f" + {request.threshold_sd:g} SD" if request.threshold_sd is not None else ""
        yield where[request.threshold_from] + sd
    if request.bin_s is not None:
        yield f"bins of {1000 * request.bin_s:g} ms"
    if request.level is not None:
        yield f"a response is above {request.level:g}"
    if request.neutral is not None:
        yield NEUTRAL[request.neutral]
    if request.false_alarm_rate is not None:
        yield f"at most {request.false_alarm_rate:g} false onsets a trial"
    if request.calibrate_on is not None:
        yield f"calibrated on {request.calibrate_on}"


def _list_scales(source: PlanSource) -> Iterator[Markup]:
    for use in source.study.scales:
        scale = source.scales.get(use.name)
        missing = (
            f"Up to {use.prorate_up_to} missing items are replaced by the mean of the answered ones."
            if use.prorate_up_to
            else "Any scored item missing: no score."
        )
        if scale is None:
            yield Markup("<strong>{}.</strong> {}").format(use.name, missing)
            continue
        yield Markup("<strong>{}.</strong> {}: {}. {} {}").format(
            use.name, scale.title, _name_scores(scale), missing, scale.citation
        )


def _name_scores(scale: Scale) -> str:
    ranges = [(score.name.replace("_", " "), *scale.find_range(score)) for score in scale.scores]
    return ", ".join(f"{name} ({low:g}–{high:g})" for name, low, high in ranges)


def describe_quality(source: PlanSource) -> Section:
    """Return when frames, trials, conditions and recordings count, and what happens to what does not."""
    quality = source.study.quality
    items: list[Item] = [
        Prose(
            Markup.escape(
                "What does not count is missing, never 0. Trials are left out, not people, unless a rule below says "
                "so; every exclusion is a row with its reason, and who is left out is compared with who stays."
            )
        )
    ]
    rows = [
        *(("A frame counts", *row) for row in _list_limits(quality.frames)),
        *(("A trial counts", *row) for row in _list_limits(quality.trials)),
        *(("A condition counts", *row) for row in _list_limits(quality.cells)),
        *(("Talking or eating (marked, not left out)", *row) for row in _list_limits(quality.talking)),
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("about", "rule", "limit"), pl.String), orient="row")
    columns = (TableColumn("rule", "Rule", wide=True), TableColumn("limit", "Limit", align="number"))
    items.append(ReportTable("limits", "Rules for frames, trials and conditions", frame, columns, group="about"))
    items.append(_tabulate_grades(source))
    return Section("quality", "Quality rules and exclusions", tuple(items))


def _list_limits(limits: Settings) -> Iterator[tuple[str, str]]:
    for name, field in type(limits).model_fields.items():
        value = getattr(limits, name)
        text = " ".join((field.description or name).split()).rstrip(".")
        yield text, _write_limit(name, value)


def _write_limit(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and (
        name.startswith(("minimum_valid", "minimum_box", "minimum_trials", "trial_share"))
    ):
        return f"{100 * value:g}%"
    units = {"_deg": "°", "_px": " px", "_s": " s", "_hz": " Hz", "_fps": " frames/s"}
    unit = next((sign for ending, sign in units.items() if name.endswith(ending)), "")
    return f"{value:g}{unit}" if isinstance(value, int | float) else str(value)


def _tabulate_grades(source: PlanSource) -> ReportTable:
    grades = source.study.quality.recordings
    rows = []
    for name, field in type(grades).model_fields.items():
        steps = getattr(grades, name)
        if isinstance(steps, GradeSteps):
            text = " ".join((field.description or name).split()).rstrip(".")
            rows.append((text, steps.good, steps.minor, steps.major))
    schema = {"rule": pl.String, "good": pl.Float64, "minor": pl.Float64, "major": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = (
        TableColumn("rule", "Recordings are judged by", wide=True),
        TableColumn("good", "0 good", _write_step, "number"),
        TableColumn("minor", "1 minor", _write_step, "number"),
        TableColumn("major", "2 major", _write_step, "number"),
    )
    kept = f"up to grade {grades.maximum_grade}" if grades.maximum_grade else "of grade 0"
    note = f"The worst criterion decides; beyond the last limit the grade is 3, not usable. Recordings {kept} are kept."
    return ReportTable("grades", "Grades of recordings", frame, columns, note=note)


def _write_step(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"

"""How faces moved around stimulus onset: each person, the mean with its interval, and the other emotions beside it."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.measures.signals import name_composite
from mimicrylab.protocol.congruence import list_incongruent
from mimicrylab.report.content import Item, Notice, Prose, Section, Subheading
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.timecourse import COURSE_SCHEMA, CourseText, draw_time_courses
from mimicrylab.report.signals import (
    count_units,
    explain_composites,
    find_action_unit,
    is_composite,
    is_congruent,
    name_signal,
)
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number, summarise_people
from mimicrylab.report.units import explain_units
from mimicrylab.report.wording import count_noun, describe_baseline, join_words

MOST_PANELS = 6
"""Panels a figure where no action unit is known to be congruent: the first that the coder measures."""
NEUTRAL = "neutral"


def build_timecourses(source: ReportSource) -> Section:
    """Return one figure an emotion: its congruent signals, with the mean of the other emotions beside."""
    title = "Movement around stimulus onset"
    courses = source.tables.timecourses.filter(pl.col("participant_id").is_in(list(source.analysed)))
    if courses.is_empty():
        text = Markup("There are no time courses yet: <code>mimicrylab measure</code> computes them.")
        if not source.tables.measures.is_empty():
            text = Markup(
                "There are no time courses: the study asks for no amplitude (<code>measure: mean</code> or "
                "<code>peak</code>) of a signal."
            )
        return Section("time-courses", title, (Notice(text, kind="missing"),))
    people = courses["participant_id"].n_unique()
    items: list[Item] = [Prose(_introduce(courses, people))]
    if people == 1:
        few = Markup("Intervals, tests and everything that compares people need at least three participants.")
        items.append(Notice(few, kind="missing"))
    without = []
    for emotion in source.emotions or tuple(courses["stimulus_emotion"].drop_nulls().unique(maintain_order=True)):
        figure = draw_emotion(courses, emotion, source)
        if figure is not None:
            items += [Subheading(f"While {emotion} was shown"), figure]
        elif choose_signals(courses, emotion, source):
            without.append(emotion)
    if without:
        missing = Markup("No trial with enough valid frames around its onset: {}.").format(join_words(without))
        items.append(Notice(missing, kind="missing"))
    return Section("time-courses", title, tuple(items))


def _introduce(courses: pl.DataFrame, people: int) -> Markup:
    width = float((courses["bin_stop_s"] - courses["bin_start_s"]).median() or 0)  # type: ignore[arg-type]
    text = (
        f"Means of {count_noun(people, 'participant')} in bins of {width * 1000:.0f} ms. Each trial is averaged within "
        "a bin, then each person's trials, then people. The grey field is the time that the stimulus was shown. "
        + explain_units(courses["unit"].unique(maintain_order=True))
    )
    composites = explain_composites(courses["signal"].unique(maintain_order=True))
    return Markup.escape(" ".join(part for part in (text.rstrip(), composites) if part))


def draw_emotion(courses: pl.DataFrame, emotion: str, source: ReportSource) -> Figure | None:
    """Return the figure of one emotion; None where none of its signals has a time course."""
    signals = choose_signals(courses, emotion, source)
    if not signals:
        return None
    shown = source.tables.events.filter((pl.col("trial_type") == "stimulus") & (pl.col("stimulus_emotion") == emotion))[
        "duration"
    ]
    data = assemble_courses(courses, emotion, signals, source)
    if data.filter(pl.col("line") == "person").drop_nulls("value").is_empty():
        return None
    text = CourseText(
        stimulus_s=as_number(shown.median()), comparison="mean, emotions that do not show it", shown=f"{emotion} shown"
    )
    congruent = "congruent " if source.congruent.get(emotion) else ""
    people = count_noun(data.filter(pl.col("line") == "person")["participant_id"].n_unique(), "participant")
    caption = f"Time course of the {congruent}signals while {emotion} was shown ({people})."
    return draw_time_courses(data, text, name=f"time-course-{emotion}", title=caption)


def choose_signals(courses: pl.DataFrame, emotion: str, source: ReportSource) -> list[str]:
    """Return the signals to show for an emotion: one composite, then its congruent action units.

    The composite of movements that the study asks for goes before that of the congruent units. Neutral is shown only
    beside the others. Without any known congruent action unit: the first few action units that the coder measures.
    """
    available = sorted(courses.drop_nulls("value")["signal"].unique())
    units = source.congruent.get(emotion, ())
    chosen = [name for name in available if is_congruent(name, emotion, units)]
    composites = [name for name in chosen if count_units(name) > 1]
    own = [name for name in composites if name != name_composite(emotion, units)] or composites
    if chosen:
        return [*own[:1], *(name for name in chosen if not is_composite(name))]
    if source.congruent:
        return []
    whole = [name for name in available if find_action_unit(name) and not name.endswith(("L", "R"))]
    return (whole or available)[:MOST_PANELS]


def assemble_courses(courses: pl.DataFrame, emotion: str, signals: list[str], source: ReportSource) -> pl.DataFrame:
    """Return the data of one figure as ``COURSE_SCHEMA``: persons, their mean with interval, the comparison."""
    parts = []
    for signal in signals:
        rows = courses.filter(pl.col("signal") == signal).with_columns(
            ((pl.col("bin_start_s") + pl.col("bin_stop_s")) / 2).round(6).alias("t")
        )
        here = rows.filter(pl.col("stimulus_emotion") == emotion).sort("participant_id", "t")
        words = describe_axis(here)
        parts.append(_label(here, signal, "person", words).with_columns(pl.lit(1, pl.Int64).alias("n")))
        if here["participant_id"].n_unique() > 1:
            mean = summarise_people(here, ["t"]).sort("t").rename({"mean": "value"})
            parts.append(_label(mean, signal, "mean", words))
        compared = [other for other in list_compared(signal, source) if other != emotion]
        others = rows.filter(pl.col("stimulus_emotion").is_in(compared))
        within = others.group_by("participant_id", "t", maintain_order=True).agg(pl.col("value").mean())
        average = summarise_people(within, ["t"]).sort("t").rename({"mean": "value"})
        parts.append(_label(average, signal, "comparison", words))
    data = pl.concat(parts) if parts else pl.DataFrame(schema=COURSE_SCHEMA)
    hidden = pl.col("line") == "comparison"  # two intervals would cover each other
    return data.with_columns(
        pl.when(hidden).then(None).otherwise(pl.col(column)).alias(column) for column in ("ci_low", "ci_high")
    )


def list_compared(signal: str, source: ReportSource) -> list[str]:
    """Return the emotions that a signal is compared with: those whose stimuli are known not to show it.

    The rule of ``protocol.congruence.list_incongruent``: emotions whose action units are not known are left out. A side
    (AU12L) is compared as the whole unit.
    """
    unit = find_action_unit(signal) or signal
    others = list_incongruent(unit.rstrip("LR"), source.congruent, source.emotions, neutral=True)
    return [emotion for emotion in others if not is_congruent(signal, emotion, source.congruent.get(emotion, ()))]


def describe_axis(rows: pl.DataFrame) -> str:
    """Return what the vertical axis says of the rows of one signal: change or level, and the unit."""
    first = rows.select("baseline", "unit").head(1).rows()
    baseline, unit = first[0] if first else (None, "")
    return describe_baseline(baseline, unit)


def _label(rows: pl.DataFrame, signal: str, line: str, unit: str) -> pl.DataFrame:
    labelled = rows.with_columns(
        pl.lit(name_signal(signal)).alias("panel"), pl.lit(line).alias("line"), pl.lit(unit).alias("unit")
    )
    columns = [
        pl.col(name).cast(dtype) if name in labelled.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in COURSE_SCHEMA.items()
    ]
    return labelled.select(columns)

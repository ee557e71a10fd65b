"""Is there mimicry: each action unit while its emotion was shown against the emotions that do not show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.cells import list_all_requests, take_trials
from mimicrylab.report.comparisons import (
    NEUTRAL,
    choose_measures,
    is_reliable,
    list_units,
    make_contrast_table,
    make_level_table,
    split_term,
    take_units,
)
from mimicrylab.report.content import Item, Notice, Prose, Section, Subheading
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.intervals import INTERVAL_SCHEMA, draw_intervals
from mimicrylab.report.measure_names import name_measure
from mimicrylab.report.signals import find_action_unit
from mimicrylab.report.source import ReportSource
from mimicrylab.report.wording import count_noun, join_words, shorten_unit
from mimicrylab.stats.contrasts import contrast_congruence
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.samples import MINIMUM_PEOPLE


def build_mimicry(source: ReportSource) -> Section | None:
    """Return, for each measure that emotions can be compared by, levels and contrasts with and without neutral.

    None where nothing could be mimicked: no congruent action unit is known, or one emotion alone was shown.
    """
    requests = choose_measures(source)
    if not requests or not source.congruent or len(source.emotions) < 2:
        return None
    items: list[Item] = []
    estimates: list[Estimate] = []
    for index, request in enumerate(requests):
        if len(requests) > 1:
            items.append(Subheading(_title_measure(request, source)))
        shown, found = _report_measure(request, source, suffix=f"-{request.label}" if index else "")
        items += shown
        estimates += found
    return Section("mimicry", "Mimicry: congruent against incongruent", tuple(items), tuple(estimates))


def _title_measure(request: MeasureRequest, source: ReportSource) -> str:
    words = name_measure(request, list_all_requests(source))
    return words[0].upper() + words[1:]


def _report_measure(request: MeasureRequest, source: ReportSource, *, suffix: str) -> tuple[list[Item], list[Estimate]]:
    cells = take_units(source, request)
    missing = _name_missing(cells, request, source)
    notices: list[Item] = [Notice(missing)] if missing else []
    if cells.is_empty():
        text = Markup("There is no value of the measure <b>{}</b>. ").format(request.label)
        return [Notice(text + (missing or ""), kind="missing")], []
    levels = make_level_table(cells, request, source, suffix=suffix)
    if len(source.analysed) < MINIMUM_PEOPLE:
        text = Markup(
            "Whether people mimic is tested over people: this needs at least three participants with usable "
            "recordings, and there {}."
        ).format("is one" if len(source.analysed) == 1 else f"are {len(source.analysed)}")
        return [levels, Notice(text, kind="missing"), *notices], []
    versions = {
        with_neutral: _contrast(cells, source, with_neutral=with_neutral)
        for with_neutral in ((True, False) if NEUTRAL in source.emotions else (True,))
    }
    main = versions[True]
    if not any(one.estimate is not None for estimates in versions.values() for one in estimates):
        text = Markup(
            "No contrast can be tested: fewer than three people have a value for every emotion that is compared."
        )
        return [levels, Notice(text, kind="missing"), *notices], []
    tables = [
        make_contrast_table(estimates, cells, with_neutral=with_neutral, suffix=suffix)
        for with_neutral, estimates in versions.items()
        if estimates
    ]
    head: list[Item] = []
    if main:
        named = name_measure(request, list_all_requests(source))
        head = [Prose(_describe_contrasts(main, named)), *_draw_contrasts(main, cells, named, suffix=suffix)]
    by_arm = _contrast_arms(cells, source)
    tables += [
        make_contrast_table(estimates, cells, with_neutral=True, suffix=suffix, arm=arm)
        for arm, estimates in by_arm.items()
    ]
    every = [one for estimates in (*versions.values(), *by_arm.values()) for one in estimates]
    return [*head, levels, *tables, *notices], every


def _contrast_arms(cells: pl.DataFrame, source: ReportSource) -> dict[str, list[Estimate]]:
    """Return the contrasts of each arm alone, once the study is unblinded."""
    if source.arms is None:
        return {}
    known = source.add_arms(cells).drop_nulls("arm")
    found = {}
    for arm in sorted(known["arm"].unique()):
        own = known.filter(pl.col("arm") == arm)
        found[arm] = [
            replace(one, analysis=f"{one.analysis}, {arm} alone") for one in _contrast(own, source, with_neutral=True)
        ]
    return found


def _contrast(cells: pl.DataFrame, source: ReportSource, *, with_neutral: bool) -> list[Estimate]:
    """Return the contrasts; an emotion is known by its congruent units, also where none of them was measured."""
    columns = {name: find_action_unit(name) for name in sorted(cells["signal"].unique())}
    typical = {
        emotion: (*(name for name, unit in columns.items() if unit in units), *sorted(set(units) - set(columns)))
        for emotion, units in source.congruent.items()
    }
    return contrast_congruence(cells, typical=typical, emotions=source.emotions, with_neutral=with_neutral)


def _name_missing(cells: pl.DataFrame, request: MeasureRequest, source: ReportSource) -> Markup | None:
    """Return which congruent units have no value at all, and the commonest reason that the measures table gives."""
    measured = {find_action_unit(name) for name in cells["signal"].unique()}
    lacking = {emotion: [unit for unit in units if unit not in measured] for emotion, units in source.congruent.items()}
    parts = [f"{join_words(units)} ({emotion})" for emotion, units in lacking.items() if units]
    if not parts:
        return None
    names = {unit for units in lacking.values() for unit in units}
    reasons = take_trials(source, request).filter(pl.col("signal").is_in(list(names)) & pl.col("reason").is_not_null())[
        "reason"
    ]
    text = f"Congruent, but without a value here: {join_words(parts)}."
    if len(reasons):
        commonest = reasons.alias("reason").value_counts(sort=True).sort("count", "reason", descending=[True, False])
        text += f" The commonest reason: {commonest['reason'][0]}."
    return Markup.escape(text)


def _describe_contrasts(estimates: Sequence[Estimate], named: str) -> Markup:
    tested = [one for one in estimates if one.p_adjusted is not None]
    above = [split_term(one) for one in tested if is_reliable(one) and (one.estimate or 0) > 0]
    below = [split_term(one) for one in tested if is_reliable(one) and (one.estimate or 0) < 0]
    return Markup(
        "Each person's value ({}) while an emotion was shown, minus that person's mean over the emotions whose stimuli "
        "do not show the action unit. Of {}, {} {} reliably above zero{} and {} below{}, by a Holm-corrected <i>p</i> "
        "below .05 within each emotion."
    ).format(
        named,
        count_noun(len(tested), "contrast"),
        len(above),
        "is" if len(above) == 1 else "are",
        _list_terms(above),
        len(below),
        _list_terms(below),
    )


def _list_terms(terms: Sequence[tuple[str, str]]) -> str:
    """Return emotions with their units in parentheses: `` (happiness: AU12 and AU25; anger: AU04)``."""
    emotions = list(dict.fromkeys(emotion for emotion, _ in terms))
    parts = [f"{emotion}: {join_words([unit for other, unit in terms if other == emotion])}" for emotion in emotions]
    return f" ({'; '.join(parts)})" if parts else ""


def _draw_contrasts(estimates: Sequence[Estimate], cells: pl.DataFrame, named: str, *, suffix: str) -> list[Figure]:
    """Return one figure a unit: differences in different units do not share an axis."""
    units = list_units(cells)
    figures = []
    kinds = list(dict.fromkeys(units[split_term(one)[1]] for one in estimates))
    for index, unit in enumerate(kinds, start=1):
        rows = [_as_interval(one) for one in estimates if units[split_term(one)[1]] == unit]
        number = f"-{index}" if len(kinds) > 1 else ""
        figures.append(
            draw_intervals(
                pl.DataFrame(rows, schema=INTERVAL_SCHEMA),
                unit=f"Congruent − incongruent ({shorten_unit(unit)})",
                name=f"contrasts{suffix}{number}",
                title=(
                    f"Mean difference within people, with 95% interval, for every action unit that an emotion shows "
                    f"({named})."
                ),
                zero=True,
                filled_means="Holm-corrected p < .05 | not significant",
            )
        )
    return figures


def _as_interval(one: Estimate) -> dict[str, object]:
    emotion, signal = split_term(one)
    return {
        "group": emotion,
        "label": signal,
        "series": "",
        "estimate": one.estimate,
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "n": one.n,
        "filled": is_reliable(one),
    }

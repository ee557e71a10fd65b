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
from mimicrylab.report.wording import close_percent, count_noun, join_words, shorten_unit
from mimicrylab.stats.contrasts import CongruenceContrast, contrast_congruence, plan_congruence
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
        with_neutral: estimates
        for with_neutral in ((True, False) if NEUTRAL in source.emotions else (True,))
        if (estimates := _contrast(cells, source, with_neutral=with_neutral))
    }
    if not versions:
        alone = Markup("No emotion was shown that a measured action unit can be compared with.")
        return [levels, Notice(alone, kind="missing"), *notices], []
    tested = {with_neutral: estimates for with_neutral, estimates in versions.items() if _is_any_tested(estimates)}
    if not tested:
        text = _explain_untested(cells, source, with_neutral=min(versions))
        return [levels, Notice(text, kind="missing"), *notices], []
    first, main = next(iter(tested.items()))
    named = name_measure(request, list_all_requests(source))
    prose = Prose(_describe_contrasts(main, named, with_neutral=first))
    items: list[Item] = [prose, *_draw_contrasts(main, cells, named, suffix=suffix), levels]
    for with_neutral, estimates in tested.items():
        both = len(tested) > 1
        items.append(make_contrast_table(estimates, cells, with_neutral=with_neutral, suffix=suffix, both=both))
    for with_neutral in versions.keys() - tested.keys():
        where = " with neutral among the emotions compared" if with_neutral else " with neutral left out"
        text = _explain_untested(cells, source, with_neutral=with_neutral, where=where)
        items.append(Notice(text, kind="missing"))
    shown, by_arm = _report_arms(cells, source, suffix=suffix)
    return [*items, *shown, *notices], [*(one for estimates in versions.values() for one in estimates), *by_arm]


def _is_any_tested(estimates: Sequence[Estimate]) -> bool:
    return any(one.estimate is not None for one in estimates)


def _explain_untested(cells: pl.DataFrame, source: ReportSource, *, with_neutral: bool, where: str = "") -> Markup:
    """Return in one sentence why no contrast has a value, and what it would need."""
    signals = cells["signal"].unique()
    plan = plan_congruence(
        source.emotions, typical=_find_typical(cells, source), signals=signals, with_neutral=with_neutral
    )
    most = max((_count_complete(cells, item) for item in plan), default=0)
    if most >= MINIMUM_PEOPLE:
        return Markup("No contrast can be tested{}: the differences do not vary between people.").format(where)
    return Markup(
        "No contrast can be tested{}: each needs at least three people with a value both for the emotion that shows "
        "the action unit and for every emotion that it is compared with, and {}."
    ).format(where, ("nobody has both", "one person alone has both", "only two people have both")[most])


def _count_complete(cells: pl.DataFrame, item: CongruenceContrast) -> int:
    """Return how many people have a value for every emotion of a contrast."""
    needed = {item.emotion, *item.incongruent}
    valued = cells.filter((pl.col("signal") == item.signal) & pl.col("stimulus_emotion").is_in(list(needed)))
    counts = valued.drop_nulls("value").group_by("participant_id").agg(pl.col("stimulus_emotion").n_unique())
    return counts.filter(pl.col("stimulus_emotion") == len(needed)).height


def _report_arms(cells: pl.DataFrame, source: ReportSource, *, suffix: str) -> tuple[list[Item], list[Estimate]]:
    """Return the contrasts of each arm alone, once the study is unblinded; an arm without any is told in a sentence."""
    if source.arms is None:
        return [], []
    known = source.add_arms(cells).drop_nulls("arm")
    items: list[Item] = []
    every: list[Estimate] = []
    for arm in sorted(known["arm"].unique()):
        own = known.filter(pl.col("arm") == arm)
        found = [
            replace(one, analysis=f"{one.analysis}, {arm} alone") for one in _contrast(own, source, with_neutral=True)
        ]
        every += found
        if _is_any_tested(found):
            items.append(make_contrast_table(found, cells, with_neutral=True, suffix=suffix, arm=arm))
        else:
            text = _explain_untested(own, source, with_neutral=True, where=f" in the arm {arm} alone")
            items.append(Notice(text, kind="missing"))
    return items, every


def _contrast(cells: pl.DataFrame, source: ReportSource, *, with_neutral: bool) -> list[Estimate]:
    typical = _find_typical(cells, source)
    return contrast_congruence(cells, typical=typical, emotions=source.emotions, with_neutral=with_neutral)


def _find_typical(cells: pl.DataFrame, source: ReportSource) -> dict[str, tuple[str, ...]]:
    """Return emotion -> signals; an emotion is known by its congruent units, also where none of them was measured."""
    columns = {name: find_action_unit(name) for name in sorted(cells["signal"].unique())}
    return {
        emotion: (*(name for name, unit in columns.items() if unit in units), *sorted(set(units) - set(columns)))
        for emotion, units in source.congruent.items()
    }


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
        text += f" The commonest reason: {close_percent(commonest['reason'][0])}."
    return Markup.escape(text)


def _describe_contrasts(estimates: Sequence[Estimate], named: str, *, with_neutral: bool) -> Markup:
    tested = [one for one in estimates if one.p_adjusted is not None]
    above = [split_term(one) for one in tested if is_reliable(one) and (one.estimate or 0) > 0]
    below = [split_term(one) for one in tested if is_reliable(one) and (one.estimate or 0) < 0]
    return Markup(
        "Each person's value ({}) while an emotion was shown, minus that person's mean over the emotions whose stimuli "
        "do not show the action unit{}. Of {}, {} {} reliably above zero{} and {} below{}, by a Holm-corrected "
        "<i>p</i> below .05 within each emotion."
    ).format(
        named,
        "" if with_neutral else " (neutral left out)",
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
    """Return one figure a unit, for differences in different units do not share an axis; none without a value."""
    units = list_units(cells)
    figures = []
    kinds = list(dict.fromkeys(units[split_term(one)[1]] for one in estimates if one.estimate is not None))
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

"""Is there mimicry: each action unit while its emotion was shown against the emotions that do not show it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.cells import list_all_requests, list_requests, take_cells
from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.intervals import INTERVAL_SCHEMA, draw_intervals
from mimicrylab.report.signals import find_action_unit, is_congruent
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import (
    choose_decimals,
    count_noun,
    format_count,
    format_degrees,
    format_interval,
    format_number,
    format_p,
    join_words,
    shorten_unit,
)
from mimicrylab.stats.contrasts import contrast_congruence
from mimicrylab.stats.estimates import Estimate

LEVELS = ("presence", "mean", "peak_of_means", "percentile_95", "peak")
"""Measures that can be compared between emotions, in the order of preference."""
ALPHA = 0.05
NEUTRAL = "neutral"


def build_mimicry(source: ReportSource) -> Section | None:
    """Return the tables of levels and of contrasts with and without neutral; None where nothing could be mimicked."""
    requests = choose_requests(source)
    emotions = source.emotions
    if not requests or not source.congruent or len(emotions) < 2:
        return None
    items: list[Item] = []
    estimates: list[Estimate] = []
    for index, request in enumerate(requests):
        cells = take_whole_units(take_cells(source, request.label))
        if cells.drop_nulls("value").is_empty():
            text = Markup("There is no value of the measure <b>{}</b> yet.").format(request.label)
            items.append(Notice(text, kind="missing"))
            continue
        suffix = f"-{request.label}" if index else ""
        shown, found = _report_measure(cells, request, source, suffix=suffix, first=index == 0)
        items += shown
        estimates += found
    return Section("mimicry", "Mimicry: congruent against incongruent", tuple(items), tuple(estimates))


def choose_requests(source: ReportSource) -> list[MeasureRequest]:
    """Return the measure that congruence is made of where the study asks for congruence, else the first level."""
    named = {request.label: request for request in list_all_requests(source)}
    for request in list_requests(source, ["congruence"]):
        if request.of in named:
            return [named[request.of]]
    return list_requests(source, LEVELS)[:1]


def take_whole_units(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of whole action units: neither one side nor a composite."""
    keep = [name for name in cells["signal"].unique() if find_action_unit(name) and not name.endswith(("L", "R"))]
    return cells.filter(pl.col("signal").is_in(keep))


def _report_measure(
    cells: pl.DataFrame, request: MeasureRequest, source: ReportSource, *, suffix: str, first: bool
) -> tuple[list[Item], list[Estimate]]:
    typical = {emotion: _name_columns(cells, units) for emotion, units in source.congruent.items()}
    items: list[Item] = [_make_level_table(cells, request, source, suffix=suffix)]
    if len(source.analysed) < 3:
        text = (
            "Whether people mimic is tested over people: this needs at least three participants with usable "
            f"recordings; there {'is 1' if len(source.analysed) == 1 else f'are {len(source.analysed)}'}."
        )
        return [*items, Notice(Markup.escape(text), kind="missing")], []
    versions: dict[bool, list[Estimate]] = {}
    for with_neutral in (True, False) if NEUTRAL in source.emotions else (True,):
        versions[with_neutral] = contrast_congruence(
            cells, typical=typical, emotions=source.emotions, with_neutral=with_neutral
        )
    main = versions[True]
    prose = Prose(_describe_contrasts(main, request))
    items = [prose, *_draw_contrasts(main, cells, request, suffix=suffix), *items] if main else items
    for with_neutral, estimates in versions.items():
        if estimates:
            items.append(_make_contrast_table(estimates, cells, with_neutral=with_neutral, suffix=suffix))
    missing = _name_unmeasured(cells, source)
    if missing and first:
        items.append(Notice(missing))
    return items, [one for estimates in versions.values() for one in estimates]


def _name_columns(cells: pl.DataFrame, units: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in sorted(cells["signal"].unique()) if find_action_unit(name) in units)


def _name_unmeasured(cells: pl.DataFrame, source: ReportSource) -> Markup | None:
    measured = {find_action_unit(name) for name in cells.drop_nulls("value")["signal"].unique()}
    lacking = {emotion: [unit for unit in units if unit not in measured] for emotion, units in source.congruent.items()}
    parts = [f"{join_words(units)} ({emotion})" for emotion, units in lacking.items() if units]
    if not parts:
        return None
    text = f"Shown by the stimuli, but not measured here, and so missing above: {join_words(parts)}."
    return Markup.escape(text)


def _describe_contrasts(estimates: Sequence[Estimate], request: MeasureRequest) -> Markup:
    tested = [one for one in estimates if one.p_adjusted is not None]
    above = [one for one in tested if (one.p_adjusted or 0) < ALPHA and (one.estimate or 0) > 0]
    below = [one for one in tested if (one.p_adjusted or 0) < ALPHA and (one.estimate or 0) < 0]
    text = (
        f"Each person's {request.label.replace('_', ' ')} while an emotion was shown, minus that person's mean over "
        f"the emotions whose stimuli do not show the action unit. Of {count_noun(len(tested), 'contrast')}, "
        f"{len(above)} {'is' if len(above) == 1 else 'are'} reliably above zero"
    )
    if above:
        text += f" ({join_words([_name_term(one) for one in above])})"
    text += f" and {len(below)} below" + (f" ({join_words([_name_term(one) for one in below])})" if below else "")
    text += f", by a Holm-corrected p below {ALPHA:g}".replace("0.", ".") + " within each emotion."
    return Markup.escape(text).replace("-corrected p ", Markup("-corrected <i>p</i> "))


def _name_term(estimate: Estimate) -> str:
    emotion, unit = split_term(estimate)
    return f"{unit} {emotion}"


def split_term(estimate: Estimate) -> tuple[str, str]:
    """Return emotion and signal of a contrast's term (``happiness, AU12: congruent - incongruent``)."""
    emotion, _, rest = estimate.term.partition(", ")
    return emotion, rest.partition(":")[0]


def _list_units(cells: pl.DataFrame) -> dict[str, str]:
    return dict(cells.select("signal", "unit").unique(maintain_order=True).iter_rows())


def _draw_contrasts(
    estimates: Sequence[Estimate], cells: pl.DataFrame, request: MeasureRequest, *, suffix: str
) -> list[Figure]:
    units = _list_units(cells)
    figures = []
    kinds = list(dict.fromkeys(units[split_term(one)[1]] for one in estimates))
    for index, unit in enumerate(kinds, start=1):
        rows = [_as_interval(one) for one in estimates if units[split_term(one)[1]] == unit]
        number = f"-{index}" if len(kinds) > 1 else ""
        figures.append(
            draw_intervals(
                pl.DataFrame(rows, schema=INTERVAL_SCHEMA),
                unit=f"Congruent − incongruent, {request.label.replace('_', ' ')} ({shorten_unit(unit)})",
                name=f"contrasts{suffix}{number}",
                title="Mean difference within people, with 95% interval, for every action unit that an emotion shows.",
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
        "filled": one.p_adjusted is not None and one.p_adjusted < ALPHA,
    }


def _make_contrast_table(
    estimates: Sequence[Estimate], cells: pl.DataFrame, *, with_neutral: bool, suffix: str
) -> ReportTable:
    units = _list_units(cells)
    rows = []
    for one in estimates:
        emotion, signal = split_term(one)
        means = {group.name: group.mean for group in one.groups}
        rows.append(
            {
                "emotion": emotion,
                "signal": signal,
                "unit": shorten_unit(units[signal]),
                "n": one.n,
                "congruent": means.get("congruent"),
                "incongruent": means.get("incongruent"),
                "difference": one.estimate,
                "ci_low": one.ci_low,
                "ci_high": one.ci_high,
                "t": one.statistic.value if one.statistic else None,
                "df": one.df[0] if one.df else None,
                "p": one.p,
                "p_holm": one.p_adjusted,
                "d_z": one.effect_size.value if one.effect_size else None,
                "reliable": one.p_adjusted is not None and one.p_adjusted < ALPHA,
                "compared_with": one.method.partition("; ")[2],
                "warnings": "; ".join(one.warnings),
            }
        )
    frame = pl.DataFrame(rows, infer_schema_length=None)
    decimals = choose_decimals(frame["difference"].cast(pl.Float64))
    interval = [format_interval(one.ci_low, one.ci_high, decimals=decimals) for one in estimates]
    frame = frame.with_columns(pl.Series("interval", interval, dtype=pl.String))

    def write(value: float | None) -> str:
        return format_number(value, decimals=decimals)

    def write_signed(value: float | None) -> str:
        return format_number(value, decimals=decimals, sign=True)

    columns = (
        TableColumn("signal", "Unit"),
        TableColumn("congruent", "Congr.", write, "number", spanner="Mean"),
        TableColumn("incongruent", "Incongr.", write, "number", spanner="Mean"),
        TableColumn("difference", "Difference", write_signed, "number", emphasis="reliable"),
        TableColumn("interval", "95% CI", align="number"),
        TableColumn("t", Markup("<i>t</i>"), format_number, "number"),
        TableColumn("df", Markup("<i>df</i>"), format_degrees, "number"),
        TableColumn("p", Markup("<i>p</i>"), format_p, "number"),
        TableColumn("p_holm", Markup("<i>p</i><sub>Holm</sub>"), format_p, "number", emphasis="reliable"),
        TableColumn("d_z", Markup("<i>d<sub>z</sub></i>"), format_number, "number"),
    )
    title = "Action units while their emotion was shown, against emotions that do not show them"
    if not with_neutral:
        title += ", neutral left out"
    note = Markup(
        "One difference a person, one-sample <i>t</i> test. Bold: Holm-corrected <i>p</i> below .05 within the "
        "emotion. A plus sign is mimicry, a minus sign its opposite."
    )
    if with_neutral and NEUTRAL in set(cells["stimulus_emotion"]):
        note += " Neutral counts among the emotions that do not show the unit; the next table leaves it out."
    name = f"congruence{suffix}" + ("" if with_neutral else "-without-neutral")
    return ReportTable(name, title, frame, columns, group="emotion", note=note)


def _make_level_table(
    cells: pl.DataFrame, request: MeasureRequest, source: ReportSource, *, suffix: str
) -> ReportTable:
    emotions = [emotion for emotion in source.emotions if emotion in set(cells["stimulus_emotion"])]
    summary = summarise_people(cells, ["signal", "unit", "stimulus_emotion"])
    wide = summary.pivot("stimulus_emotion", index=["signal", "unit"], values="mean", on_columns=emotions)
    counts = summary.group_by("signal", maintain_order=True).agg(pl.col("n").max())
    wide = wide.join(counts, on="signal", how="left", maintain_order="left").sort("signal")
    wide = wide.with_columns(
        pl.Series(
            f"{emotion}_congruent",
            [is_congruent(signal, emotion, source.congruent.get(emotion, ())) for signal in wide["signal"]],
            dtype=pl.Boolean,
        )
        for emotion in emotions
    ).with_columns(pl.col("unit").map_elements(shorten_unit, return_dtype=pl.String))
    decimals = choose_decimals(summary["mean"])

    def write(value: float | None) -> str:
        return format_number(value, decimals=decimals)

    columns = (
        TableColumn("signal", "Action unit"),
        *[TableColumn(name, name.capitalize(), write, "number", emphasis=f"{name}_congruent") for name in emotions],
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("unit", "Unit"),
    )
    title = f"Level of each action unit while each emotion was shown ({request.label.replace('_', ' ')})"
    note = "Means over people. Bold: the action unit is one that the emotion shows."
    return ReportTable(f"levels{suffix}", title, wide, columns, note=note)

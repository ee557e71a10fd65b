"""Which measures can be compared between emotions, and their tables: levels, and congruent against incongruent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.cells import list_all_requests, list_requests, take_cells
from mimicrylab.report.measure_names import name_measure
from mimicrylab.report.signals import find_action_unit, is_congruent
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.tables import ReportTable, TableColumn, write_range
from mimicrylab.report.wording import MISSING, format_degrees, format_number, format_p, make_writer, shorten_unit
from mimicrylab.stats.estimates import Estimate

LEVELS = ("presence", "mean")
"""Measures of how much a face moved, which emotions can be compared by."""
PEAKS = ("peak_of_means", "percentile_95", "peak")
"""What is compared where the study asks for no level."""
ALPHA = 0.05
NEUTRAL = "neutral"


def choose_measures(source: ReportSource) -> list[MeasureRequest]:
    """Return the measures to compare emotions by: that of the congruence index, then presence and mean, else a peak.

    A measure that the study asks for in several windows under one name is compared in the first of them.
    """
    named = {(request.label, request.window): request for request in list_all_requests(source)}
    wanted = [(request.of, request.window) for request in list_requests(source, ["congruence"])]
    chosen = [named[key] for key in wanted if key in named]
    chosen += list_requests(source, LEVELS) or (list_requests(source, PEAKS)[:1] if not chosen else [])
    first: dict[str, MeasureRequest] = {}
    for request in chosen:
        first.setdefault(request.label, request)
    return list(first.values())


def take_units(source: ReportSource, request: MeasureRequest) -> pl.DataFrame:
    """Return the cells of whole action units that have any value: neither one side of a unit nor a composite."""
    cells = take_cells(source, request)
    valued = cells.drop_nulls("value")["signal"].unique()
    keep = [name for name in valued if find_action_unit(name) and not name.endswith(("L", "R"))]
    return cells.filter(pl.col("signal").is_in(keep))


def find_comparable(source: ReportSource) -> MeasureRequest | None:
    """Return the first of the chosen measures that has a value for a congruent action unit."""
    for request in choose_measures(source):
        signals = take_units(source, request)["signal"].unique()
        if any(is_congruent(name, emotion, units) for name in signals for emotion, units in source.congruent.items()):
            return request
    return None


def split_term(estimate: Estimate) -> tuple[str, str]:
    """Return emotion and signal of a contrast's term (``happiness, AU12: congruent - incongruent``)."""
    emotion, _, rest = estimate.term.partition(", ")
    return emotion, rest.partition(":")[0]


def list_units(cells: pl.DataFrame) -> dict[str, str]:
    """Return signal -> unit."""
    return dict(cells.select("signal", "unit").unique(maintain_order=True).iter_rows())


def make_level_table(
    cells: pl.DataFrame, request: MeasureRequest, source: ReportSource, *, suffix: str = ""
) -> ReportTable:
    """Return the mean of each action unit while each emotion was shown (as the appendix of Pavarini et al., 2019)."""
    emotions = [emotion for emotion in source.emotions if emotion in set(cells["stimulus_emotion"])]
    summary = summarise_people(cells, ["signal", "unit", "stimulus_emotion"])
    wide = summary.pivot("stimulus_emotion", index=["signal", "unit"], values="mean", on_columns=emotions)
    counts = summary.group_by("signal", maintain_order=True).agg(write_range("n"))
    wide = wide.join(counts, on="signal", how="left", maintain_order="left").sort(
        "unit", "signal", descending=[True, False]
    )
    shown = {
        emotion: [is_congruent(signal, emotion, source.congruent.get(emotion, ())) for signal in wide["signal"]]
        for emotion in emotions
    }
    wide = wide.with_columns(
        *[pl.Series(f"{emotion}_congruent", found, dtype=pl.Boolean) for emotion, found in shown.items()],
        pl.col("unit").map_elements(shorten_unit, return_dtype=pl.String),
    )
    write = make_writer(summary["mean"], units=summary["unit"])
    several = wide["unit"].n_unique() > 1
    columns = (
        TableColumn("signal", "Action unit"),
        *[TableColumn(name, name.capitalize(), write, "number", emphasis=f"{name}_congruent") for name in emotions],
        TableColumn("n", Markup("<i>n</i>"), align="number"),
    )
    title = f"Each action unit while each emotion was shown: {name_measure(request, list_all_requests(source))}"
    note = "Means over people. Bold: the action unit is one that the emotion shows."
    if not several:
        note += f" Unit: {wide['unit'][0]}."
    return ReportTable(f"levels{suffix}", title, wide, columns, group="unit" if several else None, note=note)


def make_contrast_table(
    estimates: Sequence[Estimate],
    cells: pl.DataFrame,
    *,
    with_neutral: bool,
    suffix: str = "",
    arm: str = "",
    both: bool = False,
) -> ReportTable:
    """Return congruent against incongruent for each action unit (table 1 of Pavarini et al., 2019, with intervals).

    ``arm`` names the arm where the estimates are those of one arm alone; that table is folded. ``both``: the table
    without neutral follows.
    """
    units = list_units(cells)
    kinds = {units[split_term(one)[1]] for one in estimates}
    differences = [one.estimate for one in estimates]
    write, write_signed = (make_writer(differences, units=kinds, sign=sign) for sign in (False, True))
    frame = pl.DataFrame([_list_row(one, units, write) for one in estimates], infer_schema_length=None)
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
    if arm:
        title += f", {arm} alone"
    note = Markup(
        "One difference a person, one-sample <i>t</i> test. Bold: Holm-corrected <i>p</i> below .05 within the "
        "emotion. A plus sign is mimicry, a minus sign its opposite."
    )
    if with_neutral and not arm and NEUTRAL in set(cells["stimulus_emotion"]):
        note += " Neutral counts among the emotions that do not show the unit"
        note += "; the next table leaves it out." if both else "."
    name = f"congruence{suffix}" + ("" if with_neutral else "-without-neutral") + (f"-{arm}" if arm else "")
    return ReportTable(name, title, frame, columns, group="emotion", note=note, fold=bool(arm))


def _list_row(one: Estimate, units: dict[str, str], write: Callable[[float | None], str]) -> dict[str, object]:
    emotion, signal = split_term(one)
    means = {group.name: group.mean for group in one.groups}
    return {
        "emotion": emotion,
        "signal": signal,
        "unit": shorten_unit(units[signal]),
        "n": one.n,
        "congruent": means.get("congruent"),
        "incongruent": means.get("incongruent"),
        "difference": one.estimate,
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "interval": MISSING if one.ci_low is None else f"[{write(one.ci_low)}, {write(one.ci_high)}]",
        "t": one.statistic.value if one.statistic else None,
        "df": one.df[0] if one.df else None,
        "p": one.p,
        "p_holm": one.p_adjusted,
        "d_z": one.effect_size.value if one.effect_size else None,
        "reliable": is_reliable(one),
        "compared_with": one.method.partition("; ")[2],
        "warnings": "; ".join(one.warnings),
    }


def is_reliable(estimate: Estimate) -> bool:
    """Return whether the corrected p is below .05."""
    return estimate.p_adjusted is not None and estimate.p_adjusted < ALPHA

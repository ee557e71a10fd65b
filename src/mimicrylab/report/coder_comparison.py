"""The page of coders side by side: what was compared, how well every two of them agree, and plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from mimicrylab.report.content import Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.document import Report
from mimicrylab.report.figures.coder_agreement import (
    draw_bland_altman,
    draw_correlations,
    draw_courses,
    draw_lags,
)
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import count_noun, format_bounded, format_number
from mimicrylab.stats.coder_agreement import LARGEST_LAG_S, summarise_recordings

SHOWN_UNITS = ("AU12", "AU04", "AU01", "AU25", "AU06", "AU09", "AU15", "AU17")
"""Of these the first two that a pair has are plotted: the muscles of smiling and frowning first."""
PLOTTED = 2
SUMMARISED = (
    "correlation",
    "lag_s",
    "correlation_at_lag",
    "bias",
    "sd_difference",
    "icc_consistency",
    "icc_agreement",
    "kappa",
    "f1",
    "auc",
)
CORRELATIONS = ("correlation", "correlation_at_lag", "icc_consistency", "icc_agreement")


@dataclass(frozen=True)
class ComparedCoders:
    """What the page shows: ``coders`` (a row a coder), ``rows``, ``curves`` and ``points`` of the pairs, and notes."""

    coders: pl.DataFrame
    rows: pl.DataFrame
    curves: pl.DataFrame
    points: pl.DataFrame
    notes: tuple[str, ...] = ()


def summarise_pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each pair and action unit: mean over recordings of every number, interval of the correlation."""
    summary = []
    for (reference, coder, unit), own in rows.group_by("reference", "coder", "action_unit", maintain_order=True):
        found = {
            name: summarise_recordings(own[name].to_list(), correlations=name in CORRELATIONS) for name in SUMMARISED
        }
        r = found["correlation"]
        summary.append(
            {
                "reference": reference,
                "coder": coder,
                "action_unit": unit,
                "n_recordings": own.height,
                "n_frames": own["n_frames"].sum(),
                "unit": own["unit"].drop_nulls().first() if own["unit"].count() else None,
                **{name: value.mean for name, value in found.items()},
                "correlation_ci_low": r.ci_low,
                "correlation_ci_high": r.ci_high,
                "presence": own["presence"].drop_nulls().first() if own["presence"].count() else None,
            }
        )
    schema = {
        **dict.fromkeys(("reference", "coder", "action_unit"), pl.String),
        **dict.fromkeys(("n_recordings", "n_frames"), pl.Int64),
        "unit": pl.String,
        **dict.fromkeys((*SUMMARISED, "correlation_ci_low", "correlation_ci_high"), pl.Float64),
        "presence": pl.String,
    }
    return pl.DataFrame(summary, schema=schema).sort("reference", "coder", "action_unit", maintain_order=True)


def assemble_coder_comparison(compared: ComparedCoders, *, title: str = "Coders side by side") -> Report:
    """Return the page."""
    summary = summarise_pairs(compared.rows)
    pairs = compared.rows.select("reference", "coder").unique(maintain_order=True).rows()
    sections = [_describe_coders(compared), _describe_reading()]
    if not compared.rows.is_empty():
        named = compared.rows.with_columns((pl.col("coder") + " and " + pl.col("reference")).alias("pair"))
        if named["correlation"].count():
            figure = draw_correlations(named, name="correlations", title="Correlation of frames by action unit")
            sections.append(Section("overview", "At a glance", (figure,)))
        for place, (reference, coder) in enumerate(pairs, start=1):
            items = tuple(_list_pair_items(compared, summary, reference, coder, place))
            sections.append(Section(f"pair-{place}", f"{coder} beside {reference}", items))
    recordings = compared.rows["recording_id"].n_unique()
    names = ", ".join(compared.coders["coder"])
    subtitle = Markup.escape(f"{names} · {count_noun(recordings, 'recording')} in common")
    return Report(title=title, subtitle=subtitle, sections=tuple(sections), kicker="Coders compared")


def _describe_coders(compared: ComparedCoders) -> Section:
    columns = (
        TableColumn("coder", "Coder"),
        TableColumn("program", "Program", wide=True),
        TableColumn("recordings", "Recordings", align="number"),
        TableColumn("frames", "Frames", lambda n: f"{n:,}", align="number"),
        TableColumn("share_with_face", "With a face", format_bounded, align="number"),
        TableColumn("frames_per_s", "Coded a second", lambda x: format_number(x, decimals=1), align="number"),
    )
    note = (
        "Coded a second: frames by seconds, decoding included, where the coder ran for this page; a dash: frames that "
        "were there already. With a face: share of frames that have values (of human codes: where the face was seen; "
        "of muscles: without artefact)."
    )
    table = ReportTable("coders", "What was compared", compared.coders, columns, note=note)
    items: list[Item] = [table]
    if compared.rows.is_empty():
        items.append(Notice(Markup("These coders have no action unit in the same recordings in common."), "missing"))
    if compared.notes:
        items.append(Listing(tuple(Markup.escape(note) for note in compared.notes), quiet=True))
    return Section("coders", "What was compared", tuple(items))


def _describe_reading() -> Section:
    points = (
        "Of two coders the second one is the reference: human codes where there are any, else muscles, else the one "
        "that was named first. Agreement with a coder is not truth; agreement with human codes is nearer to it.",
        "Frames are paired at the slower coder's times; a frame without a face counts for neither. All numbers are of "
        "one recording first, because its frames lean on each other; shown are means over recordings (of correlations "
        "by Fisher's z), with an interval from three recordings on.",
        f"Lag: how much later the coder moves than the reference, at the peak of the cross-correlation within "
        f"{LARGEST_LAG_S:g} s. Movements in video trail the electromyogram by 100 to 300 ms.",
        "Bias is coder minus reference, SD the spread of the differences; limits of agreement are bias ± 1.96 SD "
        "(Bland and Altman, 1986). Two coders without a unit in common have no bias: they are compared as z in the "
        "recording.",
        "ICC(3,1): consistency; ICC(2,1): agreement, with the bias counted (Shrout & Fleiss, 1979).",
        "Kappa and F1 are of present and absent: the coder's own flags, or, where it writes none, a rise of a fifth of "
        "a strong movement above the recording's median (the column Presence says which). AUC: how often a frame with "
        "the reference's code has more of the coder's amount than one without; it needs no threshold.",
    )
    return Section("reading", "How to read this", (Listing(tuple(Markup.escape(point) for point in points)),))


def _list_pair_items(
    compared: ComparedCoders, summary: pl.DataFrame, reference: str, coder: str, place: int
) -> Iterator[Item]:
    chosen = (pl.col("reference") == reference) & (pl.col("coder") == coder)
    table = summary.filter(chosen)
    yield Prose(_state_pair(table, reference, coder))
    yield _make_table(table, f"agreement-{place}", f"{coder} beside {reference}, by action unit")
    if compared.points.is_empty():
        return
    points = compared.points.filter(chosen)
    units = [unit for unit in SHOWN_UNITS if unit in set(points["action_unit"])][:PLOTTED]
    units = units or points["action_unit"].unique(maintain_order=True).to_list()[:PLOTTED]
    if not units:
        return
    order = pl.DataFrame({"action_unit": units})
    plotted = order.join(points, on="action_unit", how="inner", maintain_order="left_right")
    first = plotted["recording_id"][0]
    one = plotted.filter(pl.col("recording_id") == first)
    yield Subheading("Courses")
    yield draw_courses(one, name=f"courses-{place}", title=f"Courses in {first}", names=(reference, coder))
    yield Subheading("Lag")
    curves = order.join(compared.curves.filter(chosen), on="action_unit", how="inner", maintain_order="left_right")
    if not curves.is_empty():
        yield draw_lags(curves, name=f"lags-{place}", title=f"How much later {coder} moves than {reference}")
    yield Subheading("Bland and Altman")
    shared = dict(table.select("action_unit", "unit").iter_rows())
    words = {unit: shared.get(unit) or "z within the recording" for unit in units}
    title = f"{coder} minus {reference} against the mean of both"
    yield draw_bland_altman(plotted, name=f"differences-{place}", title=title, units=words)


def _state_pair(table: pl.DataFrame, reference: str, coder: str) -> Markup:
    known = table.drop_nulls("correlation").sort("correlation", descending=True)
    if known.is_empty():
        text = "{} and {} have no amounts in common; presences are compared."
        return Markup(text).format(coder, reference)
    best, worst = known.row(0, named=True), known.row(-1, named=True)
    median = known["correlation"].median()
    return Markup(
        "Over {}, frames of {} and {} correlate with a median of <i>r</i> = {}: most in {} ({}), least in {} ({})."
    ).format(
        count_noun(known.height, "action unit"),
        coder,
        reference,
        format_bounded(float(median)),  # type: ignore[arg-type]
        best["action_unit"],
        format_bounded(best["correlation"]),
        worst["action_unit"],
        format_bounded(worst["correlation"]),
    )


def _make_table(table: pl.DataFrame, name: str, title: str) -> ReportTable:
    shown = table.with_columns(
        pl.struct("correlation", "correlation_ci_low", "correlation_ci_high")
        .map_elements(_write_interval, return_dtype=pl.String)
        .alias("r"),
    )
    bounded = [
        ("correlation_at_lag", "<i>r</i> at lag"),
        ("icc_consistency", "ICC(3,1)"),
        ("icc_agreement", "ICC(2,1)"),
    ]
    columns: list[TableColumn] = [
        TableColumn("action_unit", "Action unit"),
        TableColumn("n_recordings", "Recordings", align="number"),
        TableColumn("r", Markup("<i>r</i> [95% CI]"), align="number"),
        TableColumn("lag_s", "Lag (s)", format_number, align="number"),
        *(TableColumn(each, Markup(label), format_bounded, align="number") for each, label in bounded),
        TableColumn("bias", "Bias", format_number, align="number"),
        TableColumn("sd_difference", "SD", format_number, align="number"),
        *(
            TableColumn(each, label, format_bounded, align="number")
            for each, label in (("kappa", "Kappa"), ("f1", "F1"), ("auc", "AUC"))
        ),
        TableColumn("presence", "Presence"),
    ]
    kept = [column for column in columns if shown[column.name].count()]
    units = table["unit"].drop_nulls().unique().sort().to_list()
    note = ""
    if table["correlation"].count():
        note = f"Bias and SD in the shared unit ({'; '.join(units)})." if units else "No unit in common: SD of z."
    return ReportTable(name, title, shown, tuple(kept), note=note)


def _write_interval(values: dict[str, float | None]) -> str | None:
    if values["correlation"] is None:
        return None
    text = format_bounded(values["correlation"])
    if values["correlation_ci_low"] is None:
        return text
    return f"{text} [{format_bounded(values['correlation_ci_low'])}, {format_bounded(values['correlation_ci_high'])}]"


def list_sentences(summary: pl.DataFrame, units: Sequence[str] = ()) -> list[str]:
    """Return one line a pair for the terminal: median correlation, and the units asked for."""
    lines = []
    for (reference, coder), own in summary.group_by("reference", "coder", maintain_order=True):
        known = own.drop_nulls("correlation")
        parts = [f"{coder} beside {reference}: {count_noun(own.height, 'action unit')}"]
        if known.height:
            parts.append(f"median r {format_bounded(float(known['correlation'].median()))}")  # type: ignore[arg-type]
        for row in known.filter(pl.col("action_unit").is_in(list(units))).iter_rows(named=True):
            lag = "" if row["lag_s"] is None else f", lag {format_number(row['lag_s'], sign=True)} s"
            parts.append(f"{row['action_unit']} r {format_bounded(row['correlation'])}{lag}")
        lines.append("; ".join(parts))
    return lines

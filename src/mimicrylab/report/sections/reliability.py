"""How well a measure tells people apart: split-half reliability over the persons shown."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.errors import MimicryLabError
from mimicrylab.report.cells import take_trials
from mimicrylab.report.content import Notice, Prose, Section
from mimicrylab.report.sections.mimicry import choose_requests, take_whole_units
from mimicrylab.report.signals import is_congruent
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_bounded, format_count, format_interval
from mimicrylab.stats.correlation import limit_correlation
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.reliability import estimate_split_half

LEAST_PEOPLE = 10
"""A correlation of halves over fewer people says next to nothing."""


def build_reliability(source: ReportSource) -> Section | None:
    """Return the reliability of each congruent unit while its emotion was shown; None where there are no halves."""
    requests = choose_requests(source)
    if not requests or not source.congruent:
        return None
    title = "Reliability"
    trials = take_whole_units(take_trials(source, requests[0].label))
    if trials["model_id"].n_unique() < 2:
        return None
    if len(source.analysed) < LEAST_PEOPLE:
        text = f"Whether a measure tells people apart can be said with {LEAST_PEOPLE} participants or more."
        return Section("reliability", title, (Notice(Markup.escape(text), kind="missing"),))
    estimates = list(_estimate_all(trials, source))
    if not estimates:
        return None
    prose = Prose(
        Markup(
            "A score can be related to a trait only as far as it is stable. Below, the trials of half of the persons "
            "shown are correlated with those of the other half, over people, and stepped up to full length. The last "
            "column is the largest correlation that such a score can have with a trait that is measured without error: "
            "the square root of the reliability."
        )
    )
    label = requests[0].label.replace("_", " ")
    return Section("reliability", title, (prose, _make_table(estimates, label)), tuple(one for _, _, one in estimates))


def _estimate_all(trials: pl.DataFrame, source: ReportSource) -> list[tuple[str, str, Estimate]]:
    found = []
    for emotion in source.emotions:
        units = source.congruent.get(emotion, ())
        own = trials.filter(pl.col("stimulus_emotion") == emotion)
        for signal in sorted(own["signal"].unique()):
            if not is_congruent(signal, emotion, units):
                continue
            parts = (
                own.filter(pl.col("signal") == signal)
                .drop_nulls("model_id")
                .group_by("participant_id", "model_id", maintain_order=True)
                .agg(pl.col("value").mean().alias("score"))
            )
            try:
                found.append((emotion, signal, estimate_split_half(parts, "score")))
            except MimicryLabError:
                continue
    return found


def _make_table(estimates: list[tuple[str, str, Estimate]], label: str) -> ReportTable:
    rows = [
        {
            "emotion": emotion,
            "signal": signal,
            "n": one.n,
            "reliability": one.estimate,
            "ci_low": one.ci_low,
            "ci_high": one.ci_high,
            "interval": format_interval(one.ci_low, one.ci_high, bounded=True),
            "largest_correlation": _limit(one.estimate),
            "method": one.method,
            "warnings": "; ".join(one.warnings),
        }
        for emotion, signal, one in estimates
    ]
    columns = (
        TableColumn("signal", "Action unit"),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("reliability", "Reliability", format_bounded, "number"),
        TableColumn("interval", "95% CI", align="number"),
        TableColumn("largest_correlation", "Largest correlation", format_bounded, "number"),
    )
    return ReportTable(
        "reliability",
        f"Split-half reliability of the {label} while the emotion was shown",
        pl.DataFrame(rows, infer_schema_length=None),
        columns,
        group="emotion",
        note=f"{estimates[0][2].method}. A reliability of zero or less allows no correlation.",
    )


def _limit(reliability: float | None) -> float | None:
    if reliability is None or reliability <= 0:
        return None
    return limit_correlation(min(reliability, 1.0))

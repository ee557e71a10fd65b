"""How well a measure tells people apart: split-half reliability over the persons shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
from markupsafe import Markup

from mimicrylab.errors import MimicryLabError
from mimicrylab.measures.congruence import score_models
from mimicrylab.report.cells import list_all_requests, take_trials
from mimicrylab.report.comparisons import find_comparable, take_units
from mimicrylab.report.content import Notice, Prose, Section
from mimicrylab.report.measure_names import name_measure
from mimicrylab.report.signals import count_units, is_congruent, name_short
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import format_bounded, format_count, format_interval
from mimicrylab.stats.correlation import limit_correlation
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.reliability import estimate_split_half

INDEX = "Congruence index"
LEVEL = "Level while the emotion was shown"
LONGEST_OPEN_TABLE = 32
LEAST_PEOPLE = 10
"""A correlation of halves over fewer people says next to nothing."""


def build_reliability(source: ReportSource) -> Section | None:
    """Return the reliability of each congruent unit while its emotion was shown; None where there are no halves."""
    request = find_comparable(source)
    if request is None:
        return None
    title = "Reliability"
    measured = take_units(source, request)["signal"].unique()
    trials = take_trials(source, request).filter(pl.col("signal").is_in(measured.implode()))
    if trials["model_id"].n_unique() < 2:
        return None
    if len(source.analysed) < LEAST_PEOPLE:
        text = f"Whether a measure tells people apart can be said with {LEAST_PEOPLE} participants or more."
        return Section("reliability", title, (Notice(Markup.escape(text), kind="missing"),))
    found = [*_estimate_index(trials, source), *_estimate_level(trials, source)]
    if not found:
        return None
    prose = Prose(
        Markup(
            "A score can be related to a trait only as far as it is stable. Below, the trials of half of the persons "
            "shown are correlated with those of the other half, over people, and stepped up to full length. The last "
            "column is the largest correlation that such a score can have with a trait that is measured without error: "
            "the square root of the reliability."
        )
    )
    scores = list(dict.fromkeys(one.score for one in found))
    named = name_measure(request, list_all_requests(source))
    tables = [_make_table([one for one in found if one.score == score], named) for score in scores]
    return Section("reliability", title, (prose, *tables), tuple(one.estimate for one in found))


@dataclass(frozen=True)
class Reliability:
    """The reliability of one score: the level of a unit while its emotion was shown, or its congruence index."""

    score: str
    emotion: str
    signal: str
    estimate: Estimate


def _estimate_index(trials: pl.DataFrame, source: ReportSource) -> Iterator[Reliability]:
    scores = score_models(trials, source.congruent).rename({"value": "score"})
    for emotion, signal in _list_pairs(scores, source):
        own = scores.filter((pl.col("stimulus_emotion") == emotion) & (pl.col("signal") == signal))
        yield from _estimate(own, INDEX, emotion, signal)


def _estimate_level(trials: pl.DataFrame, source: ReportSource) -> Iterator[Reliability]:
    for emotion, signal in _list_pairs(trials, source):
        own = trials.filter((pl.col("stimulus_emotion") == emotion) & (pl.col("signal") == signal))
        yield from _estimate(own.rename({"value": "score"}), LEVEL, emotion, signal)


def _list_pairs(rows: pl.DataFrame, source: ReportSource) -> Iterator[tuple[str, str]]:
    for emotion in source.emotions:
        for signal in sorted(rows.filter(pl.col("stimulus_emotion") == emotion)["signal"].unique()):
            if is_congruent(signal, emotion, source.congruent.get(emotion, ())) and count_units(signal) != 1:
                yield emotion, signal


def _estimate(rows: pl.DataFrame, score: str, emotion: str, signal: str) -> Iterator[Reliability]:
    parts = rows.drop_nulls("model_id").group_by("participant_id", "model_id", maintain_order=True)
    try:
        found = estimate_split_half(parts.agg(pl.col("score").mean()), "score")
    except MimicryLabError:
        return
    term = f"{emotion}, {signal}: {score.lower()}"
    yield Reliability(score, emotion, signal, replace(found, analysis="split-half reliability", term=term))


def _make_table(found: list[Reliability], label: str) -> ReportTable:
    rows = [
        {
            "score": one.score,
            "emotion": one.emotion,
            "signal": name_short(one.signal),
            "n": one.estimate.n,
            "reliability": one.estimate.estimate,
            "ci_low": one.estimate.ci_low,
            "ci_high": one.estimate.ci_high,
            "interval": format_interval(one.estimate.ci_low, one.estimate.ci_high, bounded=True),
            "largest_correlation": _limit(one.estimate.estimate),
            "method": one.estimate.method,
            "warnings": "; ".join(one.estimate.warnings),
        }
        for one in found
    ]
    columns = (
        TableColumn("signal", "Action unit"),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("reliability", "Reliability", format_bounded, "number"),
        TableColumn("interval", "95% CI", align="number"),
        TableColumn("largest_correlation", "Largest correlation", format_bounded, "number"),
    )
    score = found[0].score
    note = "Spearman-Brown corrected. A reliability of zero or less allows no correlation (–)."
    if score == INDEX:
        note += (
            " The index is what is left of a level when a person's general movement is taken away, so it is less "
            "stable than the level."
        )
    return ReportTable(
        f"reliability-{'index' if score == INDEX else 'level'}",
        f"{score}: split-half reliability over the persons shown ({label})",
        pl.DataFrame(rows, infer_schema_length=None),
        columns,
        group="emotion",
        note=note,
        fold=len(found) > LONGEST_OPEN_TABLE,
    )


def _limit(reliability: float | None) -> float | None:
    if reliability is None or reliability <= 0:
        return None
    return limit_correlation(min(reliability, 1.0))

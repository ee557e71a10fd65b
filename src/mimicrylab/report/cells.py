"""Which rows of the measures table a section reads: one value a person, stimulus emotion and signal."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.measures.requests import DEFAULT_REQUESTS
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.report.source import ReportSource
from mimicrylab.schemas import EMOTIONS

CELL_KEY = ["participant_id", "stimulus_emotion", "signal"]


def list_all_requests(source: ReportSource) -> tuple[MeasureRequest, ...]:
    """Return what the study asks to be measured; where it asks for nothing, what is measured then."""
    return source.study.measures or DEFAULT_REQUESTS


def list_requests(source: ReportSource, kinds: Sequence[str]) -> list[MeasureRequest]:
    """Return the study's requests for measures of the given kinds, in the order of ``kinds`` then of study.yaml."""
    return [request for kind in kinds for request in list_all_requests(source) if request.measure == kind]


def take_cells(source: ReportSource, request: MeasureRequest, *, suffix: str = "") -> pl.DataFrame:
    """Return one measure in its window as one row a person, emotion and signal, for those who are analysed.

    Columns ``participant_id, stimulus_emotion, signal, value, unit, baseline``; ``value`` is null where too little of
    a person's condition was seen. These are the rows that the measures table holds over trials; several of them for
    one cell (several blocks with the same emotion) are averaged. ``suffix``: as in ``take_trials``.
    """
    rows = source.tables.measures.filter(
        _is_of(source, request, suffix) & pl.col("trial").is_null() & pl.col("stimulus_emotion").is_not_null()
    )
    emotion = pl.col("stimulus_emotion").cast(pl.Enum(EMOTIONS))
    return (
        rows.group_by(CELL_KEY, maintain_order=True)
        .agg(pl.col("value").mean(), pl.col("unit").first(), pl.col("baseline").first())
        .sort(emotion, "signal", "participant_id")
    )


def take_trials(source: ReportSource, request: MeasureRequest, *, suffix: str = "") -> pl.DataFrame:
    """Return one measure in its window as one row a trial and signal, for those who are analysed, without washout.

    ``suffix`` takes what the measure gives besides (``_responded`` of a latency).
    """
    return source.tables.measures.filter(_is_of(source, request, suffix) & pl.col("trial").is_not_null())


def _is_of(source: ReportSource, request: MeasureRequest, suffix: str = "") -> pl.Expr:
    """Return the condition that a row is of a request, of people who are analysed and of no washout.

    A study may ask for a measure in several windows under one name: the rows of the others are left out.
    """
    windows = source.study.windows
    other = {
        (window.start_s, window.stop_s)
        for each in list_all_requests(source)
        if each.label == request.label and each.window != request.window and (window := windows.get(each.window))
    }
    inside = pl.lit(True)
    for start_s, stop_s in sorted(other):
        inside &= (pl.col("window_start_s") != start_s) | pl.col("window_stop_s").ne_missing(stop_s)
    return (
        (pl.col("measure") == request.label + suffix)
        & inside
        & pl.col("participant_id").is_in(list(source.analysed))
        & (pl.col("block_role").fill_null("test") != "washout")
    )

"""What the verb ``measure`` says when it is done: counts, reasons and warnings, never a participant's value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from mimicrylab.errors import count_things
from mimicrylab.measures.rows import PreparedMeasure

RATE_RATIO = 1.2
"""Recordings whose frame rates differ by more than a fifth have peaks that cannot be compared."""
REASONS_KEPT = 5
FIGURE = re.compile(r"^[\d.]+(?= )")
"""The figure that a reason starts with; reasons are counted without it."""


@dataclass
class MeasureTally:
    """What is counted while batches go by; the rows themselves are written and let go."""

    rows: int = 0
    counts: dict[str, list[int]] = field(default_factory=dict)
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)
    courses: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """Count the rows of one measure and their reasons."""
        self.rows += rows.height
        for (name,), own in rows.group_by(["measure"], maintain_order=True):
            counted = self.counts.setdefault(str(name), [0, 0])
            counted[0] += own.height
            counted[1] += own["value"].count() + int(own["censored"].fill_null(False).sum())
            reasons = self.reasons.setdefault(str(name), {})
            for reason, number in own.filter(pl.col("reason").is_not_null()).group_by("reason").len().iter_rows():
                kind = FIGURE.sub("..", reason)
                reasons[kind] = reasons.get(kind, 0) + number


@dataclass(frozen=True)
class MeasureCount:
    """How much of one measure could be measured, and the commonest reasons why not."""

    measure: str
    rows: int
    values: int
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class MeasureSummary:
    """What became of the measures of a study: counts and warnings, never a participant's value."""

    path: Path
    coder: str
    participants: int
    trials: int
    rows: int
    up_to_date: bool
    measures: tuple[MeasureCount, ...] = ()
    not_coded: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def count_measures(tally: MeasureTally) -> tuple[MeasureCount, ...]:
    """Return the counts of each measure with its commonest reasons."""
    return tuple(
        MeasureCount(name, total, values, _keep_commonest(tally.reasons.get(name, {})))
        for name, (total, values) in tally.counts.items()
    )


def list_measure_warnings(
    prepared: Sequence[PreparedMeasure], rates: Sequence[float], *, excluded: int | None, not_coded: Sequence[str]
) -> tuple[str, ...]:
    """Return what a reader of the measures must know: peaks at different rates, composites without a value.

    Parameters
    ----------
    prepared
        The measures of trials.
    rates
        Frames/s of each recording.
    excluded
        How many recordings are excluded; None where they have not been judged.
    not_coded
        Recordings without frames.
    """
    warnings = []
    growing = sorted({each.request.label for each in prepared if each.measure.grows_with_rate})
    if growing and rates and max(rates) > RATE_RATIO * min(rates):
        warnings.append(
            f"{', '.join(growing)}: recordings have {min(rates):.3g} to {max(rates):.3g} frames/s, and a maximum grows "
            "with the frame rate; compare people by peak_of_means (500-ms means) instead"
        )
    obstacles = {t.name: t.obstacle for each in prepared for t in each.targets if t.obstacle is not None}
    warnings += [f"{name} has no value: {obstacle}" for name, obstacle in obstacles.items()]
    if excluded is None:
        warnings.append("the recordings are not judged yet, so every one is measured (mimicrylab quality)")
    elif excluded:
        whose = "its" if excluded == 1 else "their"
        warnings.append(
            f"{count_things(excluded, 'recording is', 'recordings are')} excluded: {whose} trials have no values"
        )
    if not_coded:
        warnings.append(f"{len(not_coded)} recordings are not coded: their trials have no values")
    return tuple(warnings)


def _keep_commonest(reasons: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:REASONS_KEPT])

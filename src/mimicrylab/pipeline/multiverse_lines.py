"""What a multiverse found, one line a test, for a terminal or a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import count_things
from mimicrylab.pipeline.multiverse import MultiverseSummary
from mimicrylab.report.wording import format_number, format_p
from mimicrylab.stats.plan.data import Labels
from mimicrylab.stats.plan.multiverse import COUNT_TERM, MEDIAN_TERM, MultiverseResult, Standing


@dataclass(frozen=True)
class MultiverseLine:
    """One test of a multiverse.

    ``specifications`` have a result, ``failed`` have none; ``p_median`` and ``p_significant`` are joint, and None where
    the model has no joint test.
    """

    analysis: str
    test: str
    specifications: int
    failed: int
    significant: int
    declared: float | None
    lowest: float | None
    median: float | None
    highest: float | None
    effect: str | None
    p_median: float | None
    p_significant: float | None
    labels: Labels
    standing: Standing


def describe_multiverses(summary: MultiverseSummary) -> tuple[MultiverseLine, ...]:
    """Return a line for each test of each multiverse."""
    return tuple(line for result in summary.results for line in _describe(result))


def write_line(line: MultiverseLine) -> str:
    """Return a line in words.

    Examples
    --------
    >>> line = MultiverseLine("smiles", "mean", 24, 0, 20, 0.21, 0.08, 0.19, 0.3, "0-5", 0.001, 0.002, "none", "frozen")
    >>> write_line(line)
    'multiverse of smiles, mean: 24 specifications from 0.08 to 0.30, median 0.19 (joint p = .001); 20 significant \
(joint p = .002)'
    """
    dry = "[dry run] " if line.labels == "permuted" else ""
    head = f"{dry}multiverse of {line.analysis}" + (f", {line.test}" if line.test else "")
    if line.median is None:
        return f"{head}: none of {count_things(line.failed, 'specification')} has a result"
    found = (
        f"{head}: {count_things(line.specifications, 'specification')} from {format_number(line.lowest)} to "
        f"{format_number(line.highest)}, median {format_number(line.median)}{_write_p(line.p_median)}; "
        f"{line.significant} significant{_write_p(line.p_significant)}"
    )
    return found + (f"; {line.failed} without a result" if line.failed else "")


def _write_p(p: float | None) -> str:
    if p is None:
        return ""
    text = format_p(p)
    return f" (joint p {text if text[0] in '<>' else f'= {text}'})"


def _describe(result: MultiverseResult) -> Iterator[MultiverseLine]:
    joint = {one.term: one.p for one in result.joint}
    for test in result.tests:
        own = result.table.filter(pl.col("test") == test)
        known = own.drop_nulls("estimate")
        values = known["estimate"].sort()
        declared = known.filter("declared")["estimate"]
        effects = known["effect"].unique().to_list()
        middle = values.median()
        yield MultiverseLine(
            result.analysis.id,
            test,
            known.height,
            own.height - known.height,
            int(known["significant"].sum()),
            float(declared[0]) if len(declared) else None,
            float(values[0]) if len(values) else None,
            float(middle) if isinstance(middle, int | float) else None,
            float(values[-1]) if len(values) else None,
            effects[0] if len(effects) == 1 else None,
            joint.get(f"{test}; {MEDIAN_TERM}"),
            joint.get(f"{test}; {COUNT_TERM}"),
            result.labels,
            result.standing,
        )

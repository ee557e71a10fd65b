"""Every two coders, every action unit that both have, every recording that both coded: how well they agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.measures.signals import FLAG_UNIT, CoderSignals, read_coder_signals
from mimicrylab.pipeline.coder_sources import CoderFrames
from mimicrylab.stats.coder_agreement import (
    Course,
    align_courses,
    compare_amounts,
    compare_flags,
    estimate_auc,
    find_lag,
)

UNITS = tuple(f"AU{n:02}" for n in (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 18, 20, 23, 24, 25, 26, 28, 43, 45))
STRONG_SHARE = 0.2
"""Where a coder writes no presence: present is a rise of a fifth of a strong movement above the recording's median."""
REFERENCES = ("facs", "emg")
"""Human codes and muscles are what a coder is compared with, where there are any."""
FEWEST_IN_FIGURE = 2
MOST_POINTS = 1500

PAIR_SCHEMA = {
    "reference": pl.String,
    "coder": pl.String,
    "recording_id": pl.String,
    "action_unit": pl.String,
    "reference_signal": pl.String,
    "coder_signal": pl.String,
    "unit": pl.String,
    "n_frames": pl.Int64,
    "correlation": pl.Float64,
    "lag_s": pl.Float64,
    "correlation_at_lag": pl.Float64,
    "bias": pl.Float64,
    "sd_difference": pl.Float64,
    "icc_consistency": pl.Float64,
    "icc_agreement": pl.Float64,
    "kappa": pl.Float64,
    "f1": pl.Float64,
    "auc": pl.Float64,
    "share_reference": pl.Float64,
    "share_coder": pl.Float64,
    "presence": pl.String,
}
"""``unit``: that of bias and SD; null: the two have none in common and are compared as z. ``presence``: whose flags."""


@dataclass(frozen=True)
class PairResults:
    """Rows of ``PAIR_SCHEMA``, the cross-correlations, and a sample of paired frames for figures.

    ``curves``: ``reference, coder, action_unit, recording_id, lag_s, correlation``; ``points``: the same names with
    ``time, reference_value, coder_value`` (as compared: in the shared unit, else z).
    """

    rows: pl.DataFrame
    curves: pl.DataFrame
    points: pl.DataFrame


def order_coders(sets: Sequence[CoderFrames], *, reference: str | None) -> list[CoderFrames]:
    """Return the coders with the reference first: the one stated, else human codes, else muscles."""
    wanted = [reference] if reference else list(REFERENCES)
    return sorted(sets, key=lambda each: wanted.index(each.coder) if each.coder in wanted else len(wanted))


def compare_pairs(sets: Sequence[CoderFrames]) -> PairResults:
    """Return how every two coders agree; of two the one that comes first is the reference.

    ``bias`` is coder minus reference, ``lag_s`` how much later the coder moves than the reference.
    """
    signals = {each.coder: read_coder_signals(each.coder, _list_columns(each)) for each in sets}
    rows: list[dict[str, object]] = []
    curves: list[pl.DataFrame] = []
    points: list[pl.DataFrame] = []
    for recording in sorted({name for each in sets for name in each.tables}):
        frames = {each.coder: each.read(recording) for each in sets if recording in each.tables}
        for reference, coder in combinations([each.coder for each in sets if each.coder in frames], 2):
            pair = _Pair(reference, coder, recording, frames, signals)
            for unit in UNITS:
                row = pair.compare(unit)
                if row is not None:
                    rows.append(row)
                    curves += pair.list_curves(unit)
                    points += pair.list_points(unit)
    return PairResults(pl.DataFrame(rows, schema=PAIR_SCHEMA), _join(curves), _join(points))


def _join(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts) if parts else pl.DataFrame()


def _list_columns(frames: CoderFrames) -> list[str]:
    first = next(iter(frames.tables))
    return frames.read(first).columns


@dataclass(frozen=True)
class _Pair:
    """Two coders of one recording."""

    reference: str
    coder: str
    recording: str
    frames: Mapping[str, pl.DataFrame]
    signals: Mapping[str, CoderSignals]

    def compare(self, unit: str) -> dict[str, object] | None:
        """Return the row of one action unit; None: the two cannot be compared in it."""
        row: dict[str, object] = {
            "reference": self.reference,
            "coder": self.coder,
            "recording_id": self.recording,
            "action_unit": unit,
        }
        found = {**self._compare_flags(unit), **self._compare_amounts(unit)}
        return {**row, **found} if found else None

    def _find(self, coder: str, unit: str) -> str | None:
        column = self.signals[coder].find_column(unit)
        if column is None or column not in self.frames[coder].columns:
            return None
        return None if self.signals[coder].unit(column) == FLAG_UNIT else column

    def _course(self, coder: str, column: str) -> Course:
        frames = self.frames[coder]
        values = frames[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return Course(frames["time"].to_numpy(), values)

    def _align(self, unit: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], bool] | None:
        """Return times, both amounts and whether they have one unit."""
        columns = self._find(self.reference, unit), self._find(self.coder, unit)
        if columns[0] is None or columns[1] is None:
            return None
        times, first, second = align_courses(
            self._course(self.reference, columns[0]), self._course(self.coder, columns[1])
        )
        same = self.signals[self.reference].unit(columns[0]) == self.signals[self.coder].unit(columns[1])
        return times, first, second, same and columns[0] in self.signals[self.reference].declared

    def _compare_amounts(self, unit: str) -> dict[str, object]:
        aligned = self._align(unit)
        if aligned is None:
            return {}
        _, first, second, same = aligned
        found = compare_amounts(second, first, same_unit=same)
        if found is None:
            return {}
        columns = {name: self._find(name, unit) or "" for name in (self.reference, self.coder)}
        courses = {name: self._course(name, column) for name, column in columns.items()}
        lag = find_lag(courses[self.reference], courses[self.coder])
        return {
            "reference_signal": columns[self.reference],
            "coder_signal": columns[self.coder],
            "unit": self.signals[self.coder].unit(columns[self.coder]) if same else None,
            "n_frames": found.n_frames,
            "correlation": found.correlation,
            "lag_s": lag.lag_s,
            "correlation_at_lag": lag.correlation,
            "bias": found.bias,
            "sd_difference": found.sd_difference,
            "icc_consistency": found.icc_consistency,
            "icc_agreement": found.icc_agreement,
        }

    def _flag_course(self, coder: str, unit: str) -> tuple[Course, bool] | None:
        """Return presence as a course of 0 and 1, and whether the coder wrote it itself."""
        signals, frames = self.signals[coder], self.frames[coder]
        column = signals.find_column(unit, flags=True)
        if column is None or column not in frames.columns:
            return None
        course = self._course(coder, column)
        if signals.unit(column) == FLAG_UNIT:
            return course, True
        strong = signals.find_strong(column)
        if not strong or not np.isfinite(course.values).any():
            return None
        risen = course.values - np.nanmedian(course.values) >= STRONG_SHARE * strong
        return Course(course.times_s, np.where(np.isfinite(course.values), risen, np.nan)), False

    def _compare_flags(self, unit: str) -> dict[str, object]:
        one, other = self._flag_course(self.reference, unit), self._flag_course(self.coder, unit)
        if one is None or other is None:
            return {}
        _, first, second = align_courses(one[0], other[0])
        found = compare_flags(first >= 0.5, second >= 0.5)
        if found is None:
            return {}
        words = {(True, True): "own flags", (True, False): "threshold (coder)"}
        presence = words.get((one[1], other[1]), "threshold (reference)" if other[1] else "threshold (both)")
        answer: dict[str, object] = {
            "n_frames": found.n_frames,
            "kappa": found.kappa,
            "f1": found.f1,
            "share_reference": found.share_first,
            "share_coder": found.share_second,
            "presence": presence,
        }
        column = self._find(self.coder, unit)
        if one[1] and column is not None:
            _, present, amount = align_courses(one[0], self._course(self.coder, column))
            answer["auc"] = estimate_auc(amount, present >= 0.5)
        return answer

    def list_curves(self, unit: str) -> Iterator[pl.DataFrame]:
        """Yield the cross-correlation of one action unit."""
        columns = self._find(self.reference, unit), self._find(self.coder, unit)
        if columns[0] is None or columns[1] is None:
            return
        lag = find_lag(self._course(self.reference, columns[0]), self._course(self.coder, columns[1]))
        if lag.curve:
            values = pl.Series("correlation", lag.curve, dtype=pl.Float64).fill_nan(None)
            yield self._label(unit, pl.DataFrame({"lag_s": lag.at_s, "correlation": values}))

    def list_points(self, unit: str) -> Iterator[pl.DataFrame]:
        """Yield paired frames, thinned evenly."""
        aligned = self._align(unit)
        if aligned is None or aligned[0].size < FEWEST_IN_FIGURE:
            return
        times, first, second, same = aligned
        if not same:
            if not (first.std() > 0 and second.std() > 0):
                return
            first, second = ((each - each.mean()) / each.std() for each in (first, second))
        step = -(-times.size // MOST_POINTS)
        values = {"time": times[::step], "reference_value": first[::step], "coder_value": second[::step]}
        yield self._label(unit, pl.DataFrame(values))

    def _label(self, unit: str, frame: pl.DataFrame) -> pl.DataFrame:
        names = {
            "reference": self.reference,
            "coder": self.coder,
            "recording_id": self.recording,
            "action_unit": unit,
        }
        return frame.select(*(pl.lit(value).alias(name) for name, value in names.items()), pl.all())

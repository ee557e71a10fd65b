"""The file of printed results: which numbers a paper prints, and what they are. docs/recheck.md shows it filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from pydantic import model_validator

from mimicrylab.protocol.settings import Settings, Text
from mimicrylab.stats.recheck.entries import (
    ChiSquare,
    Coefficient,
    Correlation,
    Difference,
    Entry,
    FTest,
    Groups,
    Mean,
    Model,
    Multivariate,
    OneSample,
    Sample,
    Statement,
    Tally,
    Test,
)


class Paper(Settings):
    """The printed results of one paper."""

    version: Literal[1]
    """Version of this format: 1."""
    title: Text
    """Which paper."""
    source: Text | None = None
    """Reference."""
    samples: tuple[Sample, ...] = ()
    """People that results are about."""
    groups: tuple[Groups, ...] = ()
    """Two groups of different people."""
    one_sample: tuple[OneSample, ...] = ()
    """Means of differences against 0."""
    differences: tuple[Difference, ...] = ()
    """Two means and their difference."""
    means: tuple[Mean, ...] = ()
    """Means over everybody or over a group."""
    correlations: tuple[Correlation, ...] = ()
    """Correlations."""
    models: tuple[Model, ...] = ()
    """Regression models."""
    coefficients: tuple[Coefficient, ...] = ()
    """Coefficients of models."""
    multivariate: tuple[Multivariate, ...] = ()
    """Multivariate tests."""
    f_tests: tuple[FTest, ...] = ()
    """F tests of analyses of variance."""
    chi_square: tuple[ChiSquare, ...] = ()
    """Chi-square tests."""
    tallies: tuple[Tally, ...] = ()
    """Counts and shares."""
    statements: tuple[Statement, ...] = ()
    """Sentences about several results."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of the lists."""
        return tuple(self._walk())

    def _walk(self) -> Iterator[Entry]:
        for name in KINDS:
            yield from getattr(self, name)

    def find(self, name: str) -> Entry:
        """Return the entry called ``name`` (references are checked, so it is there)."""
        return next(entry for entry in self.entries if entry.id == name)

    def leave_out(self, names: Collection[str]) -> Paper:
        """Return the paper without some entries; sentences about them, and tallies of them, go too."""
        if not names:
            return self
        kept = {kind: tuple(entry for entry in getattr(self, kind) if entry.id not in names) for kind in KINDS}
        kept["statements"] = tuple(one for one in kept["statements"] if not set(one.about) & set(names))
        kept["tallies"] = tuple(
            one for one in kept["tallies"] if not (set(one.includes) | set(one.all_of)) & set(names)
        )
        return self.model_copy(update=kept)

    def count_people(self, sample: str | None) -> int | None:
        """Return the people of a sample, or None where none is named."""
        return next((one.n for one in self.samples if one.id == sample), None)

    @model_validator(mode="after")
    def _check_names(self) -> Paper:
        names = [entry.id for entry in self.entries]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two entries are called {twice!r}")
        samples = {one.id for one in self.samples}
        models = {one.id for one in self.models}
        for entry in self.entries:
            if isinstance(entry, Test) and entry.sample is not None and entry.sample not in samples:
                raise ValueError(f"{entry.id}: no sample is called {entry.sample!r}")
            if isinstance(entry, Coefficient) and entry.model is not None and entry.model not in models:
                raise ValueError(f"{entry.id}: no model is called {entry.model!r}")
            named = entry.about if isinstance(entry, Statement) else ()
            named = (*entry.includes, *entry.all_of) if isinstance(entry, Tally) else named
            for name in named:
                if name not in names:
                    raise ValueError(f"{entry.id}: no entry is called {name!r}")
        return self


KINDS = tuple(name for name in Paper.model_fields if name not in {"version", "title", "source"})
"""Names of the lists."""

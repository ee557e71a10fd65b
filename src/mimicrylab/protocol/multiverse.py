"""One hypothesis over every defensible way to measure it: which choices of a planned analysis are varied, and how.

A result that stands with one window and falls with the next is no result about people. The specifications are all
combinations of the declared choice and its alternatives (Steegen, Tuerlinckx, Gelman & Vanpaemel 2016; Simonsohn,
Simmons & Nelson 2020).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.limits import Share
from mimicrylab.protocol.measurement import Baseline
from mimicrylab.protocol.references import WHOLE_STIMULUS, Finding, check_unique, refer
from mimicrylab.protocol.settings import Name, Settings, Text

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

DRAWS = 999
"""Draws of the joint test: the Monte-Carlo error of p = .05 is then .007."""

ALTERNATIVES = (
    "measures",
    "windows",
    "baselines",
    "thresholds",
    "neutral",
    "maximum_grades",
    "minimum_valid",
)
"""The choices that can be varied, in the order in which they are shown."""


class Multiverse(Settings):
    """One planned analysis repeated with every combination of its declared choices and the alternatives named here.

    The declared choice always belongs to it. It is exploratory, unless the plan was frozen with it.
    """

    analysis: Name
    """The planned analysis (its id). Its outcome must be a measure."""
    measures: tuple[Name, ...] = ()
    """Other measures of the study (their names) in place of the outcome's, and of a covariate made of the same."""
    windows: tuple[Name, ...] = ()
    """Other time windows (their names)."""
    baselines: tuple[Baseline, ...] = ()
    """Other baselines."""
    thresholds: tuple[float, ...] = ()
    """Presence: other fixed thresholds, in the signal's unit."""
    neutral: tuple[Literal["with", "without"], ...] = ()
    """Congruence: with neutral among the incongruent emotions, and without."""
    maximum_grades: tuple[Annotated[int, Field(ge=0, le=3)], ...] = ()
    """Other limits of the quality of recordings: those graded higher are excluded."""
    minimum_valid: tuple[Share, ...] = ()
    """Other limits of trials: the least share of valid frames."""
    direction: Literal["positive", "negative"] | None = None
    """Sign of the effect that the hypothesis expects; empty: none is expected, and either counts."""
    draws: Annotated[int, Field(ge=99, le=99_999)] = DRAWS
    """Random draws of the joint test."""
    note: Text | None = None
    """Why these alternatives."""

    @model_validator(mode="after")
    def _check_alternatives(self) -> Multiverse:
        named = [name for name in ALTERNATIVES if getattr(self, name)]
        if not named:
            raise ValueError(f"no alternative is named: give at least one of {', '.join(ALTERNATIVES)}")
        for name in named:
            values = list(getattr(self, name))
            if any(value in values[:place] for place, value in enumerate(values)):
                raise ValueError(f"{name} names a choice twice")
        return self


def find_broken_multiverses(study: Study) -> Iterator[Finding]:
    """Yield what a multiverse names and the study does not declare."""
    analyses = {analysis.id: analysis for analysis in study.analyses}
    labels = [request.label for request in study.measures]
    yield from check_unique("multiverse", [each.analysis for each in study.multiverse], key="analysis")
    for place, multiverse in enumerate(study.multiverse):
        yield from refer(("multiverse", place, "analysis"), multiverse.analysis, analyses, "analysis")
        for index, name in enumerate(multiverse.measures):
            yield from refer(("multiverse", place, "measures", index), name, labels, "measure")
        for index, name in enumerate(multiverse.windows):
            windows = [*study.windows, WHOLE_STIMULUS]
            yield from refer(("multiverse", place, "windows", index), name, windows, "window")
        analysis = analyses.get(multiverse.analysis)
        if analysis is not None and analysis.outcome.measure is None:
            yield (
                ("multiverse", place, "analysis"),
                f"the outcome of {analysis.id!r} is a score: there is no measure whose window, baseline or threshold "
                "could be varied",
            )

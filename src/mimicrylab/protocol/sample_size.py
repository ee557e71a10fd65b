"""Who is to take part, how many, and the effect that this number rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Name, Settings, Text

Share = Annotated[float, Field(gt=0, lt=1)]


class PowerAssumption(Settings):
    """An effect that the study is meant to find; the preregistration computes its power."""

    test: Literal["groups", "within", "correlation", "regression", "repeated"]
    """groups: t test of two groups; within: one value a person, or pairs; correlation; regression: an increase of R
    squared; repeated: groups of people measured several times."""
    effect: Annotated[float, Field(gt=0)]
    """Size: d of groups, d_z of differences, r of a correlation, f2 of a regression, f of repeated measures."""
    because: Text | None = None
    """Where this size comes from (an article, a pilot study, the smallest effect that would matter)."""
    analysis: Name | None = None
    """The analysis it is about (its id)."""
    power: Share = 0.8
    """Power wanted."""
    alpha: Share = 0.05
    """Level of significance of the test; with a correction, the level that the correction leaves it."""
    losses: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of participants expected to be lost before the analysis."""
    ratio: Annotated[float, Field(gt=0)] = 1.0
    """groups: size of the second group by the first."""
    predictors: Annotated[int, Field(ge=1)] | None = None
    """regression: predictors in the model."""
    tested_predictors: Annotated[int, Field(ge=1)] = 1
    """regression: predictors tested together."""
    tested: Literal["between", "within", "interaction"] | None = None
    """repeated: the effect that is tested."""
    measurements: Annotated[int, Field(ge=2)] | None = None
    """repeated: measurements of a person."""
    groups: Annotated[int, Field(ge=1)] = 1
    """repeated: groups of people."""
    correlation: Annotated[float, Field(gt=-1, lt=1)] = 0.5
    """repeated: correlation between the measurements of a person. It decides much."""
    epsilon: Annotated[float, Field(gt=0, le=1)] = 1.0
    """repeated: correction for nonsphericity."""
    multivariate: bool = False
    """repeated: MANOVA instead of analysis of variance."""

    @model_validator(mode="after")
    def _check_needs(self) -> PowerAssumption:
        if self.test == "correlation" and self.effect >= 1:
            raise ValueError("a correlation is below 1")
        if self.test == "regression" and self.predictors is None:
            raise ValueError("test: regression needs predictors, their number")
        if self.test == "regression" and self.predictors is not None and self.tested_predictors > self.predictors:
            raise ValueError("more predictors are tested than there are")
        if self.test == "repeated" and (self.tested is None or self.measurements is None):
            raise ValueError("test: repeated needs tested (between, within, interaction) and measurements")
        if self.test == "repeated" and self.tested != "within" and self.groups < 2:
            raise ValueError(f"tested: {self.tested} needs groups: 2 or more")
        return self


class Participants(Settings):
    """Who is to take part, and how many."""

    planned: Annotated[int, Field(gt=0)] | None = None
    """Number of participants planned."""
    planned_because: Text | None = None
    """Reason for that number (a power analysis, with its assumptions)."""
    power: tuple[PowerAssumption, ...] = ()
    """Effects that the number rests on; the preregistration computes their power (mimicrylab plan)."""
    stopping: Text | None = None
    """When data collection ends, if not at the planned number (a date, a sequential rule)."""
    compensation: Text | None = None
    """What participants receive."""
    recruitment: Text | None = None
    """How they are found."""

"""What a preregistration is written from: the study and what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.scales import Scale
from mimicrylab.schemas import STIMULI


@dataclass(frozen=True)
class PlanSource:
    """A study before its data.

    Parameters
    ----------
    study
        What study.yaml declares.
    stimuli
        The list of stimuli, as ``schemas.STIMULI`` declares it.
    congruent
        Set of stimuli -> emotion -> action units that count as mimicry of it.
    scales
        Questionnaires by name.
    minutes
        Planned length of each session.
    collected
        What the folder holds of participants' data by now; empty: nothing.
    """

    study: Study
    stimuli: pl.DataFrame = field(default_factory=STIMULI.empty)
    congruent: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    minutes: Mapping[str, float] = field(default_factory=dict)
    collected: tuple[str, ...] = ()

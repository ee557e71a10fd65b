"""The settings of a randomised study: arms, ratio, blinding by kit numbers, strata, blocks of the randomisation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Name, Settings, Text


class Arm(Settings):
    """One treatment."""

    name: Name
    """Name of the arm, as it will stand in the analysis."""
    share: Annotated[int, Field(ge=1, le=20)] = 1
    """Part of the participants, relative to the other arms (1 and 1: half each; 2 and 1: two thirds here)."""


class Stratum(Settings):
    """A feature within whose levels the arms are balanced."""

    field: Name
    """Field of a form whose answer decides."""
    levels: Annotated[tuple[Text, ...], Field(min_length=2)]
    """Answers that can occur. Each combination of levels gets its own kits."""


class Assignment(Settings):
    """Who gets what, and who may know."""

    arms: Annotated[tuple[Arm, ...], Field(min_length=2)]
    """The treatments."""
    blinding: Literal["double", "single", "none"] = "double"
    """double: kits carry numbers only, and the list kit -> arm is sealed (``mimicrylab new --seal``) until ``unblind``;
    single: sealed as well, the experimenter is told each arm by the third party; none: the arm is known."""
    kits_per_stratum: Annotated[int, Field(ge=2, le=100_000)]
    """Number of kits for each stratum (without strata: in all). Plan for dropouts: a kit is never used twice."""
    kit_prefix: Name = "K"
    """Kits are called <prefix>0001 and so on."""
    block_sizes: Annotated[tuple[int, ...], Field(min_length=1)] = (4, 6)
    """Sizes of the randomisation blocks, drawn at random one after another; each must be a multiple of the shares' sum.
    With a single size the last assignments of a block can be guessed."""
    strata: tuple[Stratum, ...] = ()
    """Features within whose levels the arms are balanced."""
    given_at: Name | None = None
    """The measurement at which the treatment is given, and its kit number noted."""

    @model_validator(mode="after")
    def _check_assignment(self) -> Assignment:
        names = [arm.name for arm in self.arms]
        if len(set(names)) != len(names):
            raise ValueError("two arms have the same name")
        total = sum(arm.share for arm in self.arms)
        wrong = [size for size in self.block_sizes if size < total or size % total]
        if wrong:
            raise ValueError(f"a block of {wrong[0]} cannot hold the shares evenly; use multiples of {total}")
        fields = [stratum.field for stratum in self.strata]
        if len(set(fields)) != len(fields):
            raise ValueError("a field is used for two strata")
        return self

"""The settings of stimulus sets: kind, origin, and which action units count as congruent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mimicrylab.errors import InputError
from mimicrylab.protocol.action_unit_names import name_action_unit
from mimicrylab.protocol.blocks import EmotionName
from mimicrylab.protocol.settings import Name, Settings, Text


def _normalise(text: str) -> str:
    try:
        return name_action_unit(text)
    except InputError as error:
        raise ValueError(f"{error.problem}; expected {error.expected}") from error


ActionUnitName = Annotated[str, AfterValidator(_normalise)]


class Congruence(Settings):
    """Which action units count as mimicry of an emotion. A property of the stimulus set, never of the coder."""

    preset: Literal["shown", "adfes", "adfes_with_au07"] = "shown"
    """shown: what at least half of the set's stimuli of that emotion show, by the manifest; adfes: the table of
    Pavarini et al. (2019) for the Amsterdam set; adfes_with_au07: that and AU07 for anger, which the models show."""
    action_units: dict[EmotionName, tuple[ActionUnitName, ...]] = Field(default_factory=dict)
    """Action units an emotion, in place of the preset's."""


class StimulusSet(Settings):
    """One set of pictures or clips."""

    kind: Literal["image", "clip"]
    """image or clip."""
    source: Text
    """Where the set comes from; stands in the methods section."""
    licence: Text | None = None
    """What its licence allows."""
    citation: Text | None = None
    """Reference."""
    action_units_from: Literal["facs_coded", "published", "prototype", "unknown"] = "unknown"
    """How the manifest's action units are known: coded on these very files, published with the set, or only the
    prototype of each emotion (what the models were asked to show)."""
    congruence: Congruence = Congruence()
    """Which action units count as mimicry of each emotion."""


class Stimuli(Settings):
    """The stimulus sets and the manifest that lists every stimulus."""

    manifest: Text = "stimuli/stimuli.csv"
    """CSV or TSV with a row a stimulus, within the study folder."""
    sets: Annotated[dict[Name, StimulusSet], Field(min_length=1)]
    """The sets, by name."""

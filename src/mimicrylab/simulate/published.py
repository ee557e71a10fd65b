"""Samples after published studies: the template's study with the article's people, losses and effects.

``mimicrylab simulate`` takes them where nothing else is asked for. What was planted stands in truth.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mimicrylab.coding.landmarker import NAME as LANDMARKER
from mimicrylab.simulate.openface_frames import NAME as OPENFACE
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.published_empathy import make_empathy_population
from mimicrylab.simulate.published_oxytocin import EDITS_FOR_OPENFACE, make_oxytocin_population

DEFAULT_PARTICIPANTS = 50


@dataclass(frozen=True)
class PublishedSample:
    """A sample after an article.

    Parameters
    ----------
    participants
        How many people took part.
    population
        What is true of them.
    coder
        Whose frames the recordings are given.
    edits
        What study.yaml of the template must say otherwise for that coder: (old, new), in order.
    """

    participants: int
    population: Population
    coder: str
    edits: tuple[tuple[str, str], ...] = ()


def find_sample(template: str) -> PublishedSample:
    """Return the sample of a template; one without an article has 50 people of the default population."""
    return (
        SAMPLES[template]() if template in SAMPLES else PublishedSample(DEFAULT_PARTICIPANTS, Population(), LANDMARKER)
    )


def _sample_empathy() -> PublishedSample:
    return PublishedSample(87, make_empathy_population(), LANDMARKER)


def _sample_oxytocin() -> PublishedSample:
    return PublishedSample(147, make_oxytocin_population(), OPENFACE, EDITS_FOR_OPENFACE)


SAMPLES: Mapping[str, Callable[[], PublishedSample]] = {"empathy": _sample_empathy, "oxytocin": _sample_oxytocin}
"""Template -> what makes its sample."""

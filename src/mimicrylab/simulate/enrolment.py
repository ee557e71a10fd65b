"""Samples of a given make-up: how many women, of which age, with which recordings, so that a flow of people adds up.

Drawn at random, a sample of 87 seldom has 63 women and 81 questionnaires. Where a population has an enrolment, person
number n takes place n of it (and begins anew after the last), so a whole sample has exactly the counts that were
declared. A place fixes what people are and what is lost of them; what they feel and do is drawn as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

RecordingQuality = Literal["good", "minor", "poor", "none"]
"""good: grade 0; minor: a slow camera, grade 1; poor: dark, slow and often without a face, grade 2 or 3; none: none."""


@dataclass(frozen=True)
class Place:
    """What is fixed of one person of a sample.

    Parameters
    ----------
    answers
        Form field -> answer; fields that are not named are answered as ever.
    female
        Whether the trait is a woman's; None: drawn.
    recording
        How good the recording is; None: drawn.
    questionnaire_lost
        Whether no answer of a questionnaire is there; None: drawn.
    shift, spread
        The trait is ``shift + spread z`` with z standard normal; None: as the population says.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    female: bool | None = None
    recording: RecordingQuality | None = None
    questionnaire_lost: bool | None = None
    shift: float | None = None
    spread: float = 1.0


@dataclass(frozen=True)
class Enrolment:
    """The places of a sample, in the order in which people come."""

    places: tuple[Place, ...]

    def take_place(self, number: int) -> Place:
        """Return the place of person ``number`` (from 0).

        Examples
        --------
        >>> Enrolment((Place(female=True), Place(female=False))).take_place(2).female
        True
        """
        return self.places[number % len(self.places)]

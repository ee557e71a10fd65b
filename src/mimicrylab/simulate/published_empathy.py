"""The sample of Kovalchuk, Budini, Cook and Walsh (2022): who took part, what was lost, how empathy differs by group.

87 people (63 women, 24 men); 81 questionnaires (59 and 22); 50 of these with a recording of grade 0 (36 and 14). The
article does not say how its 31 other recordings divide into grades 1 to 3, nor what the recordings of the six people
without a questionnaire were like: 16, 10 and 5, and grade 1, are ours. Ethnicities are counted from its percentages.
"""

from __future__ import annotations

from collections.abc import Sequence

from mimicrylab.simulate.enrolment import Enrolment, Place, RecordingQuality
from mimicrylab.simulate.population import Attrition, Coding, Effects, Mimicry, Population

ANSWERED: Sequence[tuple[bool, RecordingQuality, int]] = (
    (True, "good", 36),
    (True, "minor", 12),
    (True, "poor", 7),
    (True, "none", 4),
    (False, "good", 14),
    (False, "minor", 4),
    (False, "poor", 3),
    (False, "none", 1),
)
"""Women or men, recording, how many of the 81 with a questionnaire."""

LOST: Sequence[tuple[bool, RecordingQuality, int]] = ((True, "minor", 4), (False, "minor", 2))
"""The six without a questionnaire."""

AGE_BANDS = (("18-24", 8), ("25-34", 13), ("35-44", 20), ("45-54", 22), ("55-64", 14), ("65 or over", 4))
"""21 younger than 35, 60 older."""

ETHNICITIES = (
    ("White British", 55),
    ("White Irish", 1),
    ("White Other", 11),
    ("Black African", 7),
    ("Asian or Asian British", 4),
    ("Black Caribbean", 1),
    ("Mixed", 1),
    ("Other", 1),
)

EVERYBODY, MAN, YOUNGER, WHITE_BRITISH = 0.0992, -0.8410, -0.4577, 0.3526
"""What adds up to a person's trait, in standard deviations of everybody's. With these and the counts above, the
expected EQ is 41.77 for men and 50.28 for women, 44.47 and 49.19 for younger and older people, 49.09 and 45.60 for
White British and other people (the article: 41.77, 50.28, 44.47, 49.20, 49.09, 45.61)."""

MEN_SPREAD, WOMEN_SPREAD = 1.0701, 0.8055
"""Spread within a group: the standard deviation of the EQ is 11.9 for men and 9.39 for women."""

AGE_STEP, ETHNICITY_STEP, ORDER_STEP = 22, 7, 32
"""Ages and ethnicities are dealt in steps of these, so that neither goes together with gender, grade or each other;
people come in steps of the last, so that a small sample is a mixture too."""

TRAIT_CORRELATION = 0.2
"""With it the EQ and a measured maximum of joy correlate by about .16, as in the article (.156)."""

LATENCY_S = 1.4
"""The response is at its height 2 s after the picture: "after nearly 2000 ms of exposure"."""

POOR_LOSSES_A_MINUTE = 4.0
"""A poor recording loses a fifth of its frames: grade 2, or 3 where too few trials are left."""


def make_empathy_population() -> Population:
    """Return the population: reactions of a webcam at home, and the enrolment of the article."""
    return Population(
        mimicry=Mimicry(latency_s=LATENCY_S),
        effects=Effects(trait_correlation=TRAIT_CORRELATION, treatment_differences={}),
        coding=Coding(poor_recordings=0.0, poor_losses_a_minute=POOR_LOSSES_A_MINUTE),
        attrition=Attrition(aborted=0.0, questionnaire_lost=0.0, item_missing=0.0, no_recording=0.0),
        enrolment=Enrolment(list_places()),
    )


def list_places() -> tuple[Place, ...]:
    """Return the 87 places, in the order in which people come."""
    answered = [(female, recording) for female, recording, count in ANSWERED for _ in range(count)]
    ages = _deal(AGE_BANDS, AGE_STEP)
    ethnicities = _deal(ETHNICITIES, ETHNICITY_STEP)
    places = [
        _make_place(female, recording, age=ages[number], ethnicity=ethnicities[number], lost=False)
        for number, (female, recording) in enumerate(answered)
    ]
    lost = [(female, recording) for female, recording, count in LOST for _ in range(count)]
    for number, (female, recording) in enumerate(lost):
        place = 13 * number % len(answered)
        places.append(_make_place(female, recording, age=ages[place], ethnicity=ethnicities[place], lost=True))
    return tuple(places[ORDER_STEP * number % len(places)] for number in range(len(places)))


def _deal(counts: Sequence[tuple[str, int]], step: int) -> list[str]:
    flat = [answer for answer, count in counts for _ in range(count)]
    return [flat[step * number % len(flat)] for number in range(len(flat))]


def _make_place(female: bool, recording: RecordingQuality, *, age: str, ethnicity: str, lost: bool) -> Place:
    shift = EVERYBODY + MAN * (not female) + WHITE_BRITISH * (ethnicity == "White British")
    shift += YOUNGER * (age in {"18-24", "25-34"})
    return Place(
        answers={"gender": "female" if female else "male", "age_band": age, "ethnicity": ethnicity},
        female=female,
        recording=recording,
        questionnaire_lost=lost,
        shift=shift,
        spread=WOMEN_SPREAD if female else MEN_SPREAD,
    )

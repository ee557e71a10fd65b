"""The sample of Pavarini et al. (2019): 147 men, two without video, and the shares of presence that the article prints.

The appendix gives the mean of every action unit in every block over all 145 people, table 1 those of the 74 with
placebo for the congruent blocks and the mean of the incongruent ones. So the 71 with oxytocin have (145 all - 74
placebo) / 71. A placebo mean of a single incongruent block is not printed: it is that of everybody, moved so that the
blocks' mean is the printed one. AU23 in neutral follows from the printed effect (-.11).

Table 1 and the appendix contradict each other for AU17 of sadness: its row in table 1 (.211, .156) is that of all
145 people (.211, .157). The placebo mean (.167) follows from the printed effect (b = .09), the incongruent mean (.129)
from the row of the same unit in anger.

Spreads between people are those that the printed standard errors and intervals imply: t = 1.30 for happiness, 1.90 for
sadness, .18 for fear, -1.83 for anger; 2.02 and 2.12 for AU15 and AU17, -3.10 for AU23. How one person's blocks go
together is not printed; it is ours, but for happiness, where the moderation (b = -.58 of the composite, none of a
single unit) says that oxytocin unties it from how much the face moves in the neutral block.
"""

from __future__ import annotations

from collections.abc import Mapping

from mimicrylab.simulate.enrolment import Enrolment, Place
from mimicrylab.simulate.population import Attrition, Coding, Effects, Mimicry, Population
from mimicrylab.simulate.presence import Presence

UNITS = ("AU01", "AU02", "AU04", "AU05", "AU06", "AU12", "AU15", "AU17", "AU20", "AU23", "AU25")

EVERYBODY: Mapping[str, tuple[float, ...]] = {
    "neutral": (0.375, 0.386, 0.190, 0.146, 0.121, 0.147, 0.428, 0.154, 0.429, 0.808, 0.496),
    "happiness": (0.241, 0.197, 0.152, 0.105, 0.283, 0.358, 0.234, 0.169, 0.283, 0.797, 0.569),
    "anger": (0.207, 0.210, 0.391, 0.103, 0.175, 0.203, 0.307, 0.193, 0.285, 0.787, 0.534),
    "sadness": (0.317, 0.230, 0.340, 0.108, 0.179, 0.204, 0.375, 0.211, 0.291, 0.786, 0.466),
    "fear": (0.306, 0.250, 0.194, 0.171, 0.159, 0.234, 0.260, 0.147, 0.227, 0.798, 0.525),
}
"""The appendix: emotion -> mean of each unit over all 145 people."""

PLACEBO_CONGRUENT: Mapping[tuple[str, str], float] = {
    ("happiness", "AU06"): 0.238,
    ("happiness", "AU12"): 0.311,
    ("happiness", "AU25"): 0.584,
    ("fear", "AU01"): 0.284,
    ("fear", "AU02"): 0.257,
    ("fear", "AU04"): 0.208,
    ("fear", "AU05"): 0.187,
    ("fear", "AU20"): 0.215,
    ("fear", "AU25"): 0.513,
    ("sadness", "AU01"): 0.293,
    ("sadness", "AU04"): 0.358,
    ("sadness", "AU15"): 0.323,
    ("sadness", "AU17"): 0.167,
    ("anger", "AU04"): 0.390,
    ("anger", "AU05"): 0.120,
    ("anger", "AU17"): 0.178,
    ("anger", "AU23"): 0.862,
    ("neutral", "AU23"): 0.862,
}
"""Table 1, the congruent blocks of the placebo group (AU17 of sadness: see above); and AU23 in neutral."""

PLACEBO_INCONGRUENT: Mapping[str, float] = {
    "AU01": 0.258,
    "AU02": 0.253,
    "AU04": 0.165,
    "AU05": 0.135,
    "AU06": 0.147,
    "AU12": 0.175,
    "AU15": 0.299,
    "AU17": 0.129,
    "AU20": 0.289,
    "AU23": 0.850,
    "AU25": 0.494,
}
"""Table 1, the mean of the blocks in which a unit is not typical."""

TYPICAL: Mapping[str, tuple[str, ...]] = {
    "happiness": ("AU06", "AU12", "AU25"),
    "anger": ("AU04", "AU05", "AU17", "AU23"),
    "sadness": ("AU01", "AU04", "AU15", "AU17"),
    "fear": ("AU01", "AU02", "AU04", "AU05", "AU20", "AU25"),
}

PLACEBO_PEOPLE, OXYTOCIN_PEOPLE = 74, 71
PEOPLE = PLACEBO_PEOPLE + OXYTOCIN_PEOPLE
WITHOUT_VIDEO = (44, 54)
"""Two more were left out "because of a technical difficulty with their video data"; both had oxytocin, as these two
have with the seed 1."""

AGE_MEAN, AGE_SD = 23.7, 6.8
"""Ages are at least 18; cut there, their mean is 24.5 and their standard deviation 5.7."""

EDITS_FOR_OPENFACE = (
    (
        "        # The coder landmarker cannot see AU06 (cheeks). With OpenFace, delete the next two lines: then the "
        "table holds\n        # as published, AU06 included.\n"
        "        action_units:\n          happiness: [AU12, AU25]\n",
        "",
    ),
    (
        "  coder: landmarker               # the article used OpenFace 2: mimicrylab import openface",
        "  coder: openface",
    ),
    ("[AU01, AU02, AU04, AU05, AU12, AU15,", "[AU01, AU02, AU04, AU05, AU06, AU12, AU15,"),
)
"""What the template says of our coder, and what it must say for OpenFace."""


def make_oxytocin_population() -> Population:
    """Return the population: presence as in the article's tables, filmed in a laboratory (97.7 % of frames valid)."""
    places = [Place(recording="none" if number in WITHOUT_VIDEO else None) for number in range(PEOPLE + 2)]
    return Population(
        mimicry=Mimicry(latency_s=0.8),
        effects=Effects(trait_correlation=0.0, treatment_differences={}),
        coding=Coding(
            fps_mean=30.0, fps_sd=0.0, dropped_frames=0.005, poor_recordings=0.0, losses_a_minute=1.1, loss_s=1.0
        ),
        attrition=Attrition(aborted=0.0, questionnaire_lost=0.0, item_missing=0.0, no_recording=0.0),
        age_mean=AGE_MEAN,
        age_sd=AGE_SD,
        enrolment=Enrolment(tuple(places)),
        presence=make_presence(),
    )


def make_presence() -> Presence:
    """Return the shares of time in which each unit is active: arm 0 is oxytocin, arm 1 placebo."""
    placebo = {emotion: tuple(_find_placebo(emotion, unit) for unit in UNITS) for emotion in EVERYBODY}
    oxytocin = {
        emotion: tuple(
            (PEOPLE * everybody - PLACEBO_PEOPLE * other) / OXYTOCIN_PEOPLE
            for everybody, other in zip(EVERYBODY[emotion], placebo[emotion], strict=True)
        )
        for emotion in EVERYBODY
    }
    return Presence(
        units=UNITS,
        means={0: oxytocin, 1: placebo},
        spread={"neutral": 0.635, "happiness": 0.68, "anger": 0.57, "sadness": 0.63, "fear": 0.55},
        general={"neutral": 0.5, "happiness": 0.503, "anger": 0.0, "sadness": 0.0, "fear": 0.0},
        lasting={"neutral": 0.6, "happiness": 0.5, "anger": 0.7, "sadness": 0.7, "fear": 0.7},
        together={"neutral": 0.0, "happiness": 0.2, "anger": 0.02, "sadness": 0.24, "fear": 0.05},
        spread_of={
            ("sadness", "AU15"): 0.65,
            ("sadness", "AU17"): 0.64,
            ("anger", "AU23"): 0.73,
            ("neutral", "AU23"): 0.72,
        },
        general_in={0: {"happiness": 0.0}},
        together_in={0: {"happiness": 0.36}},
    )


def _find_placebo(emotion: str, unit: str) -> float:
    """Return the mean of a cell in the placebo group."""
    printed = PLACEBO_CONGRUENT.get((emotion, unit))
    if printed is not None:
        return printed
    place = UNITS.index(unit)
    others = [name for name in EVERYBODY if unit not in TYPICAL.get(name, ())]
    known = {name: PLACEBO_CONGRUENT[name, unit] for name in others if (name, unit) in PLACEBO_CONGRUENT}
    rest = [name for name in others if name not in known]
    wanted = (PLACEBO_INCONGRUENT[unit] * len(others) - sum(known.values())) / len(rest)
    return EVERYBODY[emotion][place] + wanted - sum(EVERYBODY[name][place] for name in rest) / len(rest)

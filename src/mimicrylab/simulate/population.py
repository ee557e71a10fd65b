"""What is true in a simulated population: how much people mimic, what it goes together with, how their faces move.

Everything that a simulation plants stands here, with its default and why; ``truth`` turns it into the numbers that an
analysis should find. Amplitudes are shares of a full movement, so that action units of different size can share them;
``MOVEMENT_SIZES`` gives a full movement in each signal's own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mimicrylab.simulate.enrolment import Enrolment
from mimicrylab.simulate.presence import Presence

MOVEMENT_SIZES: Mapping[str, float] = {
    "AU01": 0.08,
    "AU02": 0.08,
    "AU04": 0.09,
    "AU05": 0.04,
    "AU07": 0.03,
    "AU10": 0.07,
    "AU12": 0.19,
    "AU14": 0.30,
    "AU15": 0.08,
    "AU17": 0.40,
    "AU18": 0.40,
    "AU20": 0.30,
    "AU23": 0.06,
    "AU24": 0.30,
    "AU25": 0.12,
    "AU26": 0.40,
    "AU28": 0.30,
    "AU45": 0.15,
}
"""A full movement of each action unit, in the unit of the coder ``landmarker``. AU12 is measured (a full smile moves
the lip corners by .19 of the distance between the outer eye corners); the others are of the order of real faces."""

TWO_SIDED = ("AU01", "AU02", "AU04", "AU05", "AU07", "AU10", "AU12", "AU14", "AU15", "AU20", "AU45")
"""Action units that the coder also writes for each side (AU12L, AU12R); the unit is the mean of both."""

MIMICRY_MEANS: Mapping[str, float] = {
    "happiness": 0.15,
    "surprise": 0.08,
    "sadness": 0.08,
    "anger": 0.07,
    "disgust": 0.05,
    "fear": 0.02,
    "contempt": 0.02,
    "neutral": 0.0,
}
"""Mean mimicry of each emotion, as a share of a full movement. Happiness most, fear hardly: the order of Pavarini et
al. (2019). A seventh of a smile is subtle: most people watching would call the face still."""


@dataclass(frozen=True)
class Mimicry:
    """How people mimic.

    A person's amplitude for an emotion is ``mean (1 + spread (rho z + sqrt(1 - rho^2) (sqrt(g) G + sqrt(1 - g) E)))``
    plus the treatment's difference: z is the person's trait, G the person's mimicry in general, E what is special to
    the emotion, all standard normal. Spreads are shares of the mean: an emotion that nobody mimics moves nobody. One
    person in fifteen has a negative amplitude and moves the other way.

    ``latency_s`` counts from the stimulus's movement; the response rises for ``rise_s``, holds, sinks to ``sustained``
    of its height with the time constant ``adaptation_s`` while the stimulus stays, and fades after it with ``decay_s``.
    ``habituation_trials`` is the number of trials over which the response falls by a factor e towards
    ``habituated_share``; it is scaled so that the mean over all trials that show an emotion stays 1.
    """

    means: Mapping[str, float] = field(default_factory=lambda: dict(MIMICRY_MEANS))
    spread_between_people: float = 0.67
    shared_between_emotions: float = 0.4
    spread_between_trials: float = 0.8
    spread_between_models: float = 0.15
    latency_s: float = 0.8
    latency_sd_s: float = 0.2
    rise_s: float = 0.6
    sustained: float = 0.5
    adaptation_s: float = 3.0
    decay_s: float = 0.6
    habituation_trials: float = 25.0
    habituated_share: float = 0.6


@dataclass(frozen=True)
class Effects:
    """What mimicry goes together with.

    ``trait_correlation``: correlation of the trait (empathy) with every emotion's true amplitude. ``sex_difference``:
    women minus men in the trait, in standard deviations within a sex (Kovalchuk et al. 2022: .84).
    ``treatment_differences``: first arm minus the others in amplitude, an emotion; shares of a full movement.
    """

    trait_correlation: float = 0.3
    sex_difference: float = 0.84
    treatment_differences: Mapping[str, float] = field(default_factory=lambda: {"happiness": 0.02, "sadness": 0.05})


@dataclass(frozen=True)
class Expressivity:
    """How faces move apart from mimicry; amplitudes in shares of a full movement.

    People differ in their resting face (``rest_sd``), in how often (``movements_a_minute``, spread by ``spread`` on a
    log scale) and how much they move of themselves. ``novelty``: brows rise to any new picture, by this at the first
    trial, e times less every ``novelty_trials`` trials; moving of oneself is ``early_factor`` times as frequent at the
    start and settles within ``settling_s``.
    """

    rest_sd: float = 0.15
    movements_a_minute: float = 12.0
    movement_mean: float = 0.3
    movement_s: float = 1.5
    spread: float = 0.7
    novelty: float = 0.10
    novelty_trials: float = 5.0
    early_factor: float = 2.0
    settling_s: float = 60.0


@dataclass(frozen=True)
class Coding:
    """What camera and coder add: noise that is correlated in time, drift, blinks, lost faces, uneven frame rates.

    ``noise_sd`` and ``drift_sd`` are shares of a full movement; the noise forgets itself within ``noise_s``.
    A share ``poor_recordings`` of recordings is dark, slow and often without a face; ``minor_fps`` is the rate of a
    recording that is only slow.
    """

    noise_sd: float = 0.03
    noise_s: float = 0.25
    side_noise_sd: float = 0.015
    drift_sd: float = 0.02
    drift_s: float = 30.0
    fps_mean: float = 28.0
    fps_sd: float = 2.0
    poor_fps: float = 17.0
    minor_fps: float = 17.5
    jitter: float = 0.08
    dropped_frames: float = 0.02
    blinks_a_minute: float = 15.0
    losses_a_minute: float = 0.4
    loss_s: float = 0.5
    turns_a_minute: float = 0.15
    turn_s: float = 1.5
    poor_recordings: float = 0.10
    poor_losses_a_minute: float = 8.0
    poor_loss_s: float = 3.0


@dataclass(frozen=True)
class Attrition:
    """What goes missing: people who stop, questionnaires that are lost, single items not answered, no recording."""

    aborted: float = 0.03
    questionnaire_lost: float = 0.06
    item_missing: float = 0.001
    no_recording: float = 0.02


@dataclass(frozen=True)
class Population:
    """Everything that is true in a simulated population.

    ``enrolment``: a sample of a given make-up; None: people are drawn. ``presence``: faces are what OpenFace would have
    coded, with these shares of time in each block; None: faces move by the amplitudes above, as our coder would have
    coded them. ``age_mean`` and ``age_sd`` are those of a study that asks for the age in years.
    """

    mimicry: Mimicry = Mimicry()
    effects: Effects = Effects()
    expressivity: Expressivity = Expressivity()
    coding: Coding = Coding()
    attrition: Attrition = Attrition()
    age_mean: float = 26.0
    age_sd: float = 6.0
    enrolment: Enrolment | None = None
    presence: Presence | None = None


NO_MIMICRY = Population(
    mimicry=Mimicry(means=dict.fromkeys(MIMICRY_MEANS, 0.0)),
    effects=Effects(trait_correlation=0.0, treatment_differences={}),
)
"""A population in which nobody mimics: whatever an analysis finds there is a false alarm."""

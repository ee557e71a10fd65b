"""What goes wrong in a film, planned before it is drawn: when, how strongly, and what the face does meanwhile.

Each defect has a mark a frame, 0 (not) to 1 (fully), which stands beside the film as its truth. Talking and eating
move the face itself, looking away turns the head; a hand and a second face are laid over the picture; dark, far and
slow hold for the whole film.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mimicrylab.errors import UnknownNameError
from mimicrylab.simulate.faces.motion import ramp
from mimicrylab.simulate.faces.webcam import DEFECTS
from mimicrylab.simulate.responses import FloatArray

SHARE_OF_TIME: Mapping[str, float] = {"hand": 0.5, "talking": 0.6, "eating": 0.9, "away": 0.4, "second_face": 0.6}
"""Share of a film in which a defect that comes and goes is there."""

STRETCH_S = (3.0, 8.0)
COMING_S = 0.4
"""How long a hand, a turn or a second face takes to come, and to go."""

SYLLABLES_A_SECOND = (3.0, 5.0)
"""Rate of syllables in speech (Greenberg, 1999: around 4 a second)."""

CHEWS_A_SECOND = (1.0, 1.5)
"""Rate of chewing."""

BITE_S = (6.0, 12.0)
BITE_LASTS_S = 1.4
"""Time between two bites, and how long the hand is at the mouth."""

AWAY_DEGREES = (30.0, 40.0)
DARK_LIGHT = (0.08, 0.15)
FAR = 2.4
"""How many times the usual distance."""

ALL = "all"
NONE = "none"


@dataclass(frozen=True)
class DefectPlan:
    """The planned defects of one film.

    Parameters
    ----------
    names
        Which.
    marks
        Defect -> how much of it is there in each frame, 0 to 1.
    levels
        Action unit -> level that is added ``[frames]``.
    yaw
        Degrees that the head is turned away ``[frames]``.
    hand
        How far the hand is before the mouth, 0 to 1 ``[frames]``.
    light
        Light of the room; None: as it is.
    distance
        Times the usual distance to the camera.
    """

    names: tuple[str, ...]
    marks: Mapping[str, FloatArray]
    yaw: FloatArray
    hand: FloatArray
    levels: Mapping[str, FloatArray] = field(default_factory=dict)
    light: float | None = None
    distance: float = 1.0


def parse_defects(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the defects of successive recordings: ``none,hand,dark+far`` is no defect, a hand, then two at once.

    ``all`` stands for every defect, one after the other.

    Examples
    --------
    >>> parse_defects("none,hand,dark+far")
    ((), ('hand',), ('dark', 'far'))

    Raises
    ------
    UnknownNameError
        A defect that cannot be made.
    """
    found: list[tuple[str, ...]] = []
    for part in text.split(","):
        word = part.strip()
        if word == ALL:
            found += [(name,) for name in DEFECTS]
            continue
        names = () if word == NONE else tuple(name.strip() for name in word.split("+"))
        for name in names:
            if name not in DEFECTS:
                raise UnknownNameError("defect", name, [*DEFECTS, NONE, ALL])
        found.append(names)
    return tuple(found)


def plan_defects(times: FloatArray, names: Sequence[str], generator: np.random.Generator) -> DefectPlan:
    """Return when each defect is there and what the face does; the same generator state gives the same plan.

    Raises
    ------
    UnknownNameError
        A defect that cannot be made.
    """
    for name in names:
        if name not in DEFECTS:
            raise UnknownNameError("defect", name, DEFECTS)
    marks: dict[str, FloatArray] = {}
    levels: dict[str, FloatArray] = {}
    yaw, hand = np.zeros(len(times)), np.zeros(len(times))
    light = None
    for name in names:
        share = SHARE_OF_TIME.get(name)
        marks[name] = np.ones(len(times)) if share is None else draw_stretches(times, generator, share=share)
        if name == "talking":
            _add(levels, draw_speech(times, generator), marks[name])
        elif name == "eating":
            _add(levels, draw_chewing(times, generator), marks[name])
            hand = np.maximum(hand, draw_bites(times, generator) * marks[name])
        elif name == "hand":
            hand = np.maximum(hand, marks[name])
        elif name == "away":
            side = float(generator.choice([-1, 1]))
            yaw = yaw + side * float(generator.uniform(*AWAY_DEGREES)) * marks[name]
        elif name == "dark":
            light = float(generator.uniform(*DARK_LIGHT))
    return DefectPlan(tuple(names), marks, yaw, hand, levels, light, FAR if "far" in names else 1.0)


def draw_stretches(times: FloatArray, generator: np.random.Generator, *, share: float) -> FloatArray:
    """Return 0 to 1 ``[frames]``: stretches of some seconds, about a share of the time, the first one early."""
    there = np.zeros(len(times))
    moment = float(generator.uniform(0, 1))
    while len(times) and moment < times[-1]:
        length = float(generator.uniform(*STRETCH_S))
        stop = moment + length
        stretch = ramp(times, moment, moment + COMING_S) - ramp(times, stop - COMING_S, stop)
        there = np.maximum(there, stretch)
        moment = stop + length * (1 - share) / share * float(generator.uniform(0.5, 1.5))
    return there


def draw_speech(times: FloatArray, generator: np.random.Generator) -> dict[str, FloatArray]:
    """Return what lips and jaw do while talking: syllables of random strength, three to five a second."""
    jaw = draw_pulses(times, generator, rate=SYLLABLES_A_SECOND, sizes=(0.2, 0.75))
    lips = draw_pulses(times, generator, rate=SYLLABLES_A_SECOND, sizes=(0.1, 0.6))
    rounded = draw_pulses(times, generator, rate=(0.8, 2.0), sizes=(0.1, 0.5))
    spread = draw_pulses(times, generator, rate=(0.8, 2.0), sizes=(0.0, 0.35))
    return {"AU26": jaw, "AU25": lips, "AU22": rounded, "AU20": spread}


def draw_chewing(times: FloatArray, generator: np.random.Generator) -> dict[str, FloatArray]:
    """Return what jaw and lips do while chewing, the lips closed."""
    jaw = draw_pulses(times, generator, rate=CHEWS_A_SECOND, sizes=(0.35, 0.7))
    return {"AU26": 0.6 * jaw, "AU24": 0.5 - 0.3 * jaw, "AU17": 0.4 * (1 - jaw)}


def draw_pulses(
    times: FloatArray, generator: np.random.Generator, *, rate: tuple[float, float], sizes: tuple[float, float]
) -> FloatArray:
    """Return pulses one after the other ``[frames]``, each a raised cosine of its own length and size."""
    found = np.zeros(len(times))
    moment = 0.0
    while len(times) and moment <= times[-1]:
        length = 1 / float(generator.uniform(*rate))
        size = float(generator.uniform(*sizes))
        inside = (times >= moment) & (times < moment + length)
        found[inside] = size * (1 - np.cos(2 * np.pi * (times[inside] - moment) / length)) / 2
        moment += length
    return found


def draw_bites(times: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Return how far the hand is at the mouth, 0 to 1 ``[frames]``: now and then, for a moment."""
    there = np.zeros(len(times))
    moment = float(generator.uniform(0.5, 2.0))
    while len(times) and moment < times[-1]:
        middle = moment + BITE_LASTS_S / 2
        up, down = ramp(times, moment, middle), ramp(times, middle, moment + BITE_LASTS_S)
        there = np.maximum(there, up - down)
        moment += BITE_LASTS_S + float(generator.uniform(*BITE_S))
    return there


def _add(levels: dict[str, FloatArray], more: Mapping[str, FloatArray], mark: FloatArray) -> None:
    for unit, values in more.items():
        levels[unit] = levels.get(unit, 0.0) + values * mark

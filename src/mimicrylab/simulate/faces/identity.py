"""Who a rendered face is: sex, age, ethnicity, and the small differences that make a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mimicrylab.simulate.faces.head import Head
from mimicrylab.simulate.faces.mesh import FloatArray

Sex = Literal["female", "male"]
Hair = Literal["short", "cropped", "side", "bob", "long", "tied", "bald"]

FEATURES: Mapping[str, float] = {
    "head/head-oval": 0.5,
    "head/head-round": 0.35,
    "head/head-square": 0.35,
    "head/head-diamond": 0.3,
    "head/head-scale-horiz-incr": 0.35,
    "head/head-scale-horiz-decr": 0.35,
    "head/head-fat-incr": 0.3,
    "forehead/forehead-trans-backward": 0.5,
    "forehead/forehead-nubian-decr": 0.3,
    "eyebrows/eyebrows-trans-down": 0.3,
    "eyebrows/eyebrows-trans-up": 0.3,
    "eyebrows/eyebrows-angle-down": 0.4,
    "eyebrows/eyebrows-angle-up": 0.3,
    "nose/nose-hump-incr": 0.5,
    "nose/nose-hump-decr": 0.3,
    "nose/nose-scale-vert-incr": 0.35,
    "nose/nose-scale-vert-decr": 0.35,
    "nose/nose-width1-incr": 0.4,
    "nose/nose-width2-incr": 0.4,
    "nose/nose-width3-decr": 0.4,
    "nose/nose-point-up": 0.4,
    "nose/nose-point-down": 0.4,
    "nose/nose-volume-incr": 0.3,
    "nose/nose-volume-decr": 0.3,
    "mouth/mouth-scale-horiz-incr": 0.35,
    "mouth/mouth-scale-horiz-decr": 0.35,
    "mouth/mouth-upperlip-volume-incr": 0.4,
    "mouth/mouth-upperlip-volume-decr": 0.4,
    "mouth/mouth-lowerlip-volume-incr": 0.4,
    "mouth/mouth-lowerlip-volume-decr": 0.4,
    "mouth/mouth-cupidsbow-incr": 0.5,
    "mouth/mouth-trans-down": 0.25,
    "mouth/mouth-trans-up": 0.2,
    "chin/chin-width-incr": 0.4,
    "chin/chin-width-decr": 0.4,
    "chin/chin-height-incr": 0.35,
    "chin/chin-prominent-incr": 0.4,
    "chin/chin-cleft-incr": 0.4,
}
"""Shapes that differ between people, and the largest weight that is drawn; both sides alike."""

SIDED: Mapping[str, float] = {
    "cheek/{}-cheek-bones-incr": 0.5,
    "cheek/{}-cheek-volume-incr": 0.35,
    "cheek/{}-cheek-volume-decr": 0.45,
    "eyes/{}-eye-scale-incr": 0.25,
    "eyes/{}-eye-scale-decr": 0.25,
    "eyes/{}-eye-corner1-up": 0.3,
    "eyes/{}-eye-corner2-down": 0.3,
    "eyes/{}-eye-eyefold-convex": 0.35,
    "eyes/{}-eye-trans-out": 0.2,
    "eyes/{}-eye-trans-in": 0.2,
    "ears/{}-ear-scale-incr": 0.25,
}
"""The same for shapes with a left and a right target; the two sides differ by up to a tenth."""

SHARE_DRAWN = 0.35
"""Share of the shapes above that a person has at all."""


@dataclass(frozen=True)
class Identity:
    """A person who does not exist.

    ``ethnicity`` are weights of the base shapes (african, asian, caucasian) that sum to 1; ``age`` is years, 20 to 75;
    ``skin`` is the tone, 0 (very light) to 1 (very dark); ``redness`` 0 to 1; ``hair_colour``, ``iris`` are sRGB 0-1.
    """

    name: str
    sex: Sex
    age: float
    ethnicity: Mapping[str, float]
    seed: int
    skin: float
    redness: float = 0.5
    hair: Hair = "short"
    hair_colour: tuple[float, float, float] = (0.16, 0.1, 0.06)
    iris: tuple[float, float, float] = (0.33, 0.22, 0.12)
    stubble: float = 0.0
    freckles: float = 0.0
    glasses: bool = False
    shirt: tuple[float, float, float] = (0.28, 0.33, 0.4)


def build_head(head: Head, identity: Identity) -> FloatArray:
    """Return the vertices of the whole mesh ``[n, 3]`` in this person's shape, face at rest."""
    vertices = head.vertices.copy()
    for name, weight in list_shapes(identity).items():
        target = head.find_target(name)
        vertices[target.index] += weight * target.displacement
    return vertices


def list_shapes(identity: Identity) -> dict[str, float]:
    """Return target -> weight of a person: sex, age and ethnicity, and features drawn with the person's seed."""
    old = float(np.clip((identity.age - 25) / 65, 0, 1))
    ages = {"young": 1 - old, "old": old}
    shapes: dict[str, float] = {}
    for stage, of_age in ages.items():
        for ethnicity, weight in identity.ethnicity.items():
            shapes[f"macrodetails/{ethnicity}-{identity.sex}-{stage}"] = weight * of_age
        shapes[f"macrodetails/universal-{identity.sex}-{stage}-averagemuscle-averageweight"] = of_age
    generator = np.random.default_rng(identity.seed)
    for name, largest in FEATURES.items():
        drawn, size = generator.random(2)
        if drawn < SHARE_DRAWN:
            shapes[name] = largest * (0.4 + 0.6 * size)
    for name, largest in SIDED.items():
        drawn, size, lean = generator.random(3)
        if drawn < SHARE_DRAWN:
            for side, sign in (("l", 1), ("r", -1)):
                shapes[name.format(side)] = largest * (0.4 + 0.6 * size) * (1 + 0.1 * sign * (2 * lean - 1))
    return {name: weight for name, weight in shapes.items() if weight > 0}


BACKGROUNDS: Mapping[str, tuple[Mapping[str, float], tuple[float, float]]] = {
    "European": ({"caucasian": 1.0}, (0.08, 0.3)),
    "African": ({"african": 1.0}, (0.65, 0.95)),
    "East Asian": ({"asian": 1.0}, (0.15, 0.4)),
    "South Asian": ({"caucasian": 0.62, "asian": 0.2, "african": 0.18}, (0.4, 0.7)),
}
"""Backgrounds that people are drawn from: base shapes, and the range of skin tones."""

HAIR_COLOURS = ((0.045, 0.038, 0.034), (0.12, 0.075, 0.05), (0.23, 0.145, 0.085), (0.5, 0.41, 0.29), (0.4, 0.19, 0.09))
IRISES = ((0.15, 0.09, 0.055), (0.33, 0.2, 0.1), (0.33, 0.39, 0.26), (0.38, 0.42, 0.44), (0.3, 0.42, 0.52))
GREY = (0.5, 0.49, 0.47)
STYLES_OF: Mapping[Sex, tuple[Hair, ...]] = {
    "female": ("bob", "long", "tied", "short"),
    "male": ("short", "cropped", "side", "bald"),
}


def draw_identity(name: str, *, female: bool, seed: int) -> Identity:
    """Return a random person; the same seed gives the same one.

    Examples
    --------
    >>> draw_identity("P001", female=True, seed=4) == draw_identity("P001", female=True, seed=4)
    True
    """
    generator = np.random.default_rng([seed, 29])
    sex: Sex = "female" if female else "male"
    background = str(generator.choice(list(BACKGROUNDS)))
    ethnicity, tones = BACKGROUNDS[background]
    age = float(generator.uniform(20, 60))
    light = background == "European"
    colour = HAIR_COLOURS[int(generator.integers(0, 5))] if light else HAIR_COLOURS[int(generator.integers(0, 2))]
    style = str(generator.choice(STYLES_OF[sex]))
    stubble = 0.0 if female else float(generator.choice([0.0, 0.2, 0.5]))
    return Identity(
        name=name,
        sex=sex,
        age=age,
        ethnicity=ethnicity,
        seed=int(generator.integers(1, 2**31)),
        skin=float(generator.uniform(*tones)),
        redness=float(generator.uniform(0.4, 0.7)),
        hair=next(each for each in STYLES_OF[sex] if each == style),
        hair_colour=GREY if age > 55 else colour,
        iris=IRISES[int(generator.integers(0, 5))] if light else IRISES[int(generator.integers(0, 2))],
        stubble=stubble,
        freckles=float(generator.uniform(0, 0.5)) if light else 0.0,
        shirt=tuple(float(each) for each in generator.uniform(0.15, 0.5, 3)),  # type: ignore[arg-type]
    )

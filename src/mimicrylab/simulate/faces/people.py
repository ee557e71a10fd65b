"""The people of the open stimulus set: twelve who do not exist, over sex, age and ethnicity."""

from __future__ import annotations

from mimicrylab.simulate.faces.identity import Identity

BROWN, BLACK, FAIR, RED, GREY, DARK_BROWN = (
    (0.23, 0.145, 0.085),
    (0.045, 0.038, 0.034),
    (0.5, 0.41, 0.29),
    (0.4, 0.19, 0.09),
    (0.5, 0.49, 0.47),
    (0.12, 0.075, 0.05),
)
BLUE_EYES, GREEN_EYES, BROWN_EYES, DARK_EYES, GREY_EYES = (
    (0.3, 0.42, 0.52),
    (0.33, 0.39, 0.26),
    (0.33, 0.2, 0.1),
    (0.15, 0.09, 0.055),
    (0.38, 0.42, 0.44),
)

EUROPE = {"caucasian": 1.0}
AFRICA = {"african": 1.0}
EAST_ASIA = {"asian": 1.0}
SOUTH_ASIA = {"caucasian": 0.62, "asian": 0.2, "african": 0.18}

PEOPLE: tuple[Identity, ...] = (
    Identity(
        "F01", "female", 24, EUROPE, 101, 0.12, 0.6, "long", FAIR, BLUE_EYES, freckles=0.5, shirt=(0.25, 0.3, 0.38)
    ),
    Identity("F02", "female", 42, EUROPE, 118, 0.17, 0.6, "bob", BROWN, GREEN_EYES, shirt=(0.3, 0.33, 0.32)),
    Identity("F03", "female", 29, AFRICA, 103, 0.82, 0.4, "tied", BLACK, DARK_EYES, shirt=(0.33, 0.3, 0.28)),
    Identity("F04", "female", 34, EAST_ASIA, 104, 0.2, 0.45, "bob", BLACK, DARK_EYES, shirt=(0.28, 0.29, 0.33)),
    Identity("F05", "female", 63, EAST_ASIA, 105, 0.26, 0.45, "tied", GREY, DARK_EYES, shirt=(0.26, 0.32, 0.34)),
    Identity("F06", "female", 38, SOUTH_ASIA, 106, 0.52, 0.45, "long", BLACK, BROWN_EYES, shirt=(0.34, 0.29, 0.3)),
    Identity(
        "M01", "male", 26, EUROPE, 207, 0.16, 0.65, "short", BROWN, GREY_EYES, stubble=0.25, shirt=(0.25, 0.3, 0.38)
    ),
    Identity("M02", "male", 66, EUROPE, 208, 0.2, 0.8, "cropped", GREY, BLUE_EYES, stubble=0.2, shirt=(0.3, 0.31, 0.3)),
    Identity(
        "M03", "male", 31, AFRICA, 209, 0.9, 0.4, "cropped", BLACK, DARK_EYES, stubble=0.3, shirt=(0.33, 0.31, 0.28)
    ),
    Identity("M04", "male", 45, AFRICA, 210, 0.74, 0.4, "bald", BLACK, DARK_EYES, stubble=0.5, shirt=(0.27, 0.31, 0.3)),
    Identity("M05", "male", 23, EAST_ASIA, 211, 0.24, 0.5, "side", BLACK, DARK_EYES, shirt=(0.28, 0.29, 0.33)),
    Identity(
        "M06",
        "male",
        44,
        SOUTH_ASIA,
        212,
        0.58,
        0.45,
        "short",
        DARK_BROWN,
        BROWN_EYES,
        stubble=0.7,
        shirt=(0.29, 0.3, 0.34),
    ),
)
"""Six women, six men; four backgrounds; in their twenties, around forty, in their sixties."""

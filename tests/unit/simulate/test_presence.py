import numpy as np
import pytest

from mimicrylab.simulate.presence import Presence, describe_composite, draw_shares, find_covariance

UNITS = ("AU12", "AU25")
PRESENCE = Presence(
    units=UNITS,
    means={
        0: {"neutral": (0.2, 0.5), "happiness": (0.4, 0.6)},
        1: {"neutral": (0.2, 0.5), "happiness": (0.3, 0.6)},
    },
    spread={"neutral": 0.6, "happiness": 0.5},
    general={"neutral": 0.6, "happiness": 0.7},
    lasting={"neutral": 0.5, "happiness": 0.2},
    together={"neutral": 0.5, "happiness": 0.4},
    general_in={0: {"happiness": 0.1}},
    together_in={0: {"happiness": 0.6}},
)
PEOPLE = 4000
OWN = [("happiness", unit) for unit in UNITS]
NEUTRAL = [("neutral", unit) for unit in UNITS]


def draw(arm: int) -> dict[str, np.ndarray]:
    """Return emotion -> shares of many people, ``[people, units]``."""
    generator = np.random.default_rng(5)
    people = [draw_shares(PRESENCE, generator, arm=arm) for _ in range(PEOPLE)]
    return {
        emotion: np.array([[person[emotion][unit] for unit in UNITS] for person in people])
        for emotion in ("neutral", "happiness")
    }


@pytest.mark.parametrize("arm", [0, 1])
def test_shares_have_the_declared_means_and_spreads(arm: int) -> None:
    shares = draw(arm)
    for emotion, values in shares.items():
        for place, unit in enumerate(UNITS):
            mean, sd = PRESENCE.find_mean(arm, (emotion, unit)), PRESENCE.find_sd(arm, (emotion, unit))
            assert values[:, place].mean() == pytest.approx(mean, abs=4 * sd / PEOPLE**0.5)
            assert values[:, place].std() == pytest.approx(sd, rel=0.05)
        assert values.min() >= 0
        assert values.max() <= 1


@pytest.mark.parametrize("arm", [0, 1])
def test_composites_and_covariances_are_what_the_quadrature_says(arm: int) -> None:
    shares = draw(arm)
    own, neutral = shares["happiness"].mean(axis=1), shares["neutral"].mean(axis=1)
    mean, sd = describe_composite(PRESENCE, arm, OWN)
    assert own.mean() == pytest.approx(mean, abs=4 * sd / PEOPLE**0.5)
    assert own.std() == pytest.approx(sd, rel=0.05)
    covariance = find_covariance(PRESENCE, arm, OWN, NEUTRAL)
    assert np.cov(own, neutral)[0, 1] == pytest.approx(covariance, abs=4 * own.std() * neutral.std() / PEOPLE**0.5)


def test_an_arm_that_unties_a_block_moderates_its_own_effect() -> None:
    slopes = [find_covariance(PRESENCE, arm, OWN, NEUTRAL) / describe_composite(PRESENCE, arm, NEUTRAL)[1] ** 2
              for arm in (0, 1)]  # fmt: skip
    assert slopes[0] < 0.5 * slopes[1]


def test_without_a_treatment_the_last_arm_holds() -> None:
    assert PRESENCE.find_mean(-1, ("happiness", "AU12")) == 0.3


def test_the_same_numbers_are_drawn_in_every_arm() -> None:
    one, other = (draw_shares(PRESENCE, np.random.default_rng(1), arm=arm) for arm in (0, 1))
    assert one["neutral"] == other["neutral"]
    assert one["happiness"] != other["happiness"]

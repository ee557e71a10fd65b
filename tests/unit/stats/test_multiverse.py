"""The joint test holds its level although specifications share people, and finds what is there."""

from __future__ import annotations

import numpy as np
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.arrangements import Design, Differences, Groups
from mimicrylab.stats.multiverse import compare_jointly

PEOPLE = 40
SPECIFICATIONS = 24


def make_differences(seed: int, *, effect: float = 0.0) -> list[Design]:
    """Specifications that share most of each person's difference: correlated about .7."""
    random = np.random.default_rng(seed)
    common = random.normal(effect, 1.0, PEOPLE)
    own = random.normal(0, 0.65, (SPECIFICATIONS, PEOPLE))
    kept = random.random((SPECIFICATIONS, PEOPLE)) > 0.1  # other limits of quality, other people
    return [Differences(np.flatnonzero(k), (common + o)[k]) for k, o in zip(kept, own, strict=True)]


def make_groups(seed: int) -> list[Design]:
    random = np.random.default_rng(seed)
    common = random.normal(size=PEOPLE)
    first = random.permutation(np.arange(PEOPLE) < PEOPLE // 2)
    return [Groups(np.arange(PEOPLE), common + random.normal(0, 0.65, PEOPLE), first) for _ in range(SPECIFICATIONS)]


def test_a_planted_effect_is_found_in_its_direction() -> None:
    designs = make_differences(1, effect=0.6)
    right = compare_jointly(designs, direction="positive", draws=499, seed=1)
    assert right.median == pytest.approx(0.6, abs=0.3)
    assert right.median_p == right.significant_p == 0.002
    assert right.significant > 20 > right.expected_significant
    wrong = compare_jointly(designs, direction="negative", draws=499, seed=1)
    assert wrong.median_p > 0.95
    assert wrong.significant == 0


def test_without_a_direction_the_test_is_two_sided() -> None:
    up, down = (compare_jointly(make_differences(1, effect=e), draws=499, seed=1) for e in (0.6, -0.6))
    assert up.median_p <= 0.01
    assert down.median_p <= 0.01
    assert down.median < 0 < up.median


def test_the_same_seed_gives_the_same_answer() -> None:
    designs = make_differences(2)
    assert compare_jointly(designs, seed=5, draws=99) == compare_jointly(designs, seed=5, draws=99)


def test_nothing_to_test_is_refused() -> None:
    with pytest.raises(InputError, match="no specification"):
        compare_jointly([])


@pytest.mark.long
@pytest.mark.parametrize("make", [make_differences, make_groups])
@pytest.mark.parametrize("direction", ["positive", None])
def test_p_is_uniform_without_an_effect(make: object, direction: str | None) -> None:
    joints = [
        compare_jointly(make(seed), direction=direction, draws=199, seed=seed)  # type: ignore[operator, arg-type]
        for seed in range(1000)
    ]
    p = np.array([joint.median_p for joint in joints])
    counts = np.array([joint.significant_p for joint in joints])
    # exact test: p <= a in a share a of samples; 4 binomial standard errors on 1,000 samples
    for level in (0.05, 0.2, 0.5):
        reach = 4 * np.sqrt(level * (1 - level) / 1000)
        assert abs((p <= level).mean() - level) < reach
        assert (counts <= level).mean() < level + reach  # a count is coarse: never too often, mostly less

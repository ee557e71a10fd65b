import itertools
from collections import Counter
from random import Random

import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.protocol.arms import Assignment
from mimicrylab.protocol.assignment import choose_kit, find_stratum, list_strata, randomise_kits


def make(**settings: object) -> Assignment:
    values = {"arms": ({"name": "active"}, {"name": "control"}), "kits_per_stratum": 100, **settings}
    return Assignment.model_validate(values)


TWO_STRATA = (
    {"field": "sex", "levels": ("female", "male")},
    {"field": "site", "levels": ("north", "south", "west")},
)


def test_the_same_seed_gives_the_same_list_and_another_seed_another() -> None:
    assignment = make()
    assert randomise_kits(assignment, seed=3) == randomise_kits(assignment, seed=3)
    assert randomise_kits(assignment, seed=3) != randomise_kits(assignment, seed=4)


def test_kits_are_numbered_through_the_strata() -> None:
    kits = randomise_kits(make(strata=TWO_STRATA, kits_per_stratum=10, kit_prefix="T"), seed=1)
    assert [kit.kit for kit in kits] == [f"T{number:04d}" for number in range(1, 61)]
    assert [kit.stratum for kit in kits[::10]] == [
        "female / north",
        "female / south",
        "female / west",
        "male / north",
        "male / south",
        "male / west",
    ]


def test_strata_have_lists_of_their_own() -> None:
    kits = randomise_kits(make(strata=TWO_STRATA, kits_per_stratum=20), seed=1)
    lists = {tuple(kit.arm for kit in kits[start : start + 20]) for start in range(0, 120, 20)}
    assert len(lists) == 6


@pytest.mark.parametrize("sizes", [(2,), (4,), (4, 6), (2, 4, 6)])
def test_arms_are_never_further_apart_than_half_a_block(sizes: tuple[int, ...]) -> None:
    for seed in range(50):
        difference = 0
        for kit in randomise_kits(make(block_sizes=sizes), seed=seed):
            difference += 1 if kit.arm == "active" else -1
            assert abs(difference) <= max(sizes) // 2


def test_shares_are_kept_in_every_block() -> None:
    assignment = make(
        arms=({"name": "a", "share": 2}, {"name": "b", "share": 1}), block_sizes=(3,), kits_per_stratum=99
    )
    arms = [kit.arm for kit in randomise_kits(assignment, seed=5)]
    assert all(Counter(arms[start : start + 3]) == {"a": 2, "b": 1} for start in range(0, 99, 3))


def test_each_arm_is_as_likely_at_every_place() -> None:
    assignment = make(kits_per_stratum=12)
    for place in range(12):
        active = sum(randomise_kits(assignment, seed=seed)[place].arm == "active" for seed in range(400))
        assert abs(active - 200) < 4.5 * 10  # 4.5 standard errors


def test_the_next_kit_cannot_be_told_from_the_one_before() -> None:
    same = total = 0
    for seed in range(300):
        arms = [kit.arm for kit in randomise_kits(make(kits_per_stratum=24), seed=seed)]
        same += sum(one == other for one, other in itertools.pairwise(arms))
        total += 23
    assert 0.33 < same / total < 0.5  # blocks make a change likelier, never certain


def test_balance_holds_when_participants_drop_out() -> None:
    """A kit that was handed out is gone; those who stay are balanced within half a block plus the chance of dropout."""
    assignment = make(kits_per_stratum=200, block_sizes=(4, 6))
    gaps, handed_out_gaps = [], []
    for seed in range(100):
        chance = Random(seed)
        kits = randomise_kits(assignment, seed=seed)
        arm_of = {kit.kit: kit.arm for kit in kits}
        numbers = [(kit.kit, kit.stratum) for kit in kits]
        used: list[str] = []
        stayed: list[str] = []
        while len(used) < 150:
            kit = choose_kit(numbers, used=used, stratum=None)
            used.append(kit)
            if chance.random() < 0.8:
                stayed.append(kit)
        handed_out_gaps.append(abs(sum(1 if arm_of[kit] == "active" else -1 for kit in used)))
        gaps.append(sum(1 if arm_of[kit] == "active" else -1 for kit in stayed))
    assert max(handed_out_gaps) <= 3
    assert abs(sum(gaps) / len(gaps)) < 4 * (150 * 0.16) ** 0.5 / 100**0.5  # unbiased: 4 standard errors
    assert max(map(abs, gaps)) < 5 * (150 * 0.16) ** 0.5  # only dropout itself spreads them


def test_kits_of_a_stratum_are_taken_in_order_and_never_twice() -> None:
    kits = [("K1", "f"), ("K2", "m"), ("K3", "f"), ("K4", "m")]
    assert choose_kit(kits, used=[], stratum="m") == "K2"
    assert choose_kit(kits, used=["K2"], stratum="m") == "K4"
    with pytest.raises(RefusedError, match="no kit is left for the stratum 'm'"):
        choose_kit(kits, used=["K2", "K4"], stratum="m")


def test_the_stratum_follows_from_the_answers() -> None:
    assignment = make(strata=TWO_STRATA)
    assert find_stratum(assignment, {"sex": "male", "site": "west", "age": "3"}) == "male / west"
    assert find_stratum(assignment, {"sex": "male", "site": "west"}) in list_strata(assignment)
    with pytest.raises(InputError, match="site is none of its levels"):
        find_stratum(assignment, {"sex": "male", "site": "east"})


def test_without_strata_there_is_one_list() -> None:
    assert list_strata(make()) == (None,)
    assert find_stratum(make(), {}) is None
    assert {kit.stratum for kit in randomise_kits(make(), seed=1)} == {None}

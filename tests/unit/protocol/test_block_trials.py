import itertools

import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.protocol.block_trials import list_models, list_trials, select_stimuli
from mimicrylab.protocol.design import Study
from unit.protocol.study_texts import SMALL, make_stimuli, read

EMOTIONS = ("happiness", "anger", "neutral")
MODELS = ("F1", "F2", "M1", "M2")
STIMULI = make_stimuli(EMOTIONS, MODELS)


def show(settings: str, *, blocks: int = 1, seed: int = 1) -> list[list[str]]:
    """Return the stimuli of each of some blocks that are alike but for their name."""
    head, _, body = SMALL.partition("  - name: first\n")
    body = body.replace("{set: faces}", settings.partition(";")[0]) + settings.partition(";")[2]
    text = head + "".join(f"  - name: block_{number}\n{body}\n" for number in range(blocks))
    study = read(text)
    return [[shown.stimulus for shown in list_trials(study, block, STIMULI, seed=seed)] for block in study.blocks]


def test_all_that_fits_is_shown_once_in_random_order() -> None:
    (one,), (other,) = show("{set: faces}"), show("{set: faces}", seed=2)
    assert sorted(one) == sorted(other) == sorted(STIMULI["stimulus"])
    assert one != other
    assert show("{set: faces}") == [one]


def test_blocks_with_the_same_stimuli_have_different_orders() -> None:
    first, second = show("{set: faces}", blocks=2)
    assert sorted(first) == sorted(second)
    assert first != second


def test_a_change_in_one_block_does_not_reshuffle_another() -> None:
    two = read(SMALL + "  - {name: second, stimuli: {set: faces}, duration_s: 4, blank_s: 2}\n")
    alone = read(SMALL)
    assert list_trials(two, two.blocks[0], STIMULI, seed=5) == list_trials(alone, alone.blocks[0], STIMULI, seed=5)


def test_emotions_models_and_repeats_select() -> None:
    (shown,) = show("{set: faces, emotions: [anger, happiness], models: [F1, M2], repeats: 2}")
    assert sorted(shown) == sorted(["F1_anger", "F1_happiness", "M2_anger", "M2_happiness"] * 2)


def test_a_fixed_order_is_the_manifests() -> None:
    (shown,) = show("{set: faces, models: [F1, F2]}; ".replace("; ", ";") + "    order: fixed\n")
    assert shown == [f"{model}_{emotion}" for model in ("F1", "F2") for emotion in EMOTIONS]


def test_first_and_last_hold_their_emotions_at_the_ends() -> None:
    for seed in range(5):
        (shown,) = show("{set: faces};    first: [anger]\n    last: [neutral]\n", seed=seed)
        assert {name.partition("_")[2] for name in shown[:4]} == {"anger"}
        assert {name.partition("_")[2] for name in shown[4:8]} == {"happiness"}
        assert {name.partition("_")[2] for name in shown[8:]} == {"neutral"}


def test_one_model_a_block_another_in_each_over_all_orders() -> None:
    seen = set()
    for seed in range(60):
        blocks = show("{set: faces, draw: one_model}", blocks=4, seed=seed)
        models = [{name[:2] for name in block} for block in blocks]
        assert [len(of_block) for of_block in models] == [1, 1, 1, 1]
        assert set.union(*models) == set(MODELS)
        assert all(len(block) == len(EMOTIONS) for block in blocks)
        seen.add(tuple(next(iter(of_block)) for of_block in models))
    assert len(seen) > 15


def test_spread_shows_each_emotion_once_a_block_and_each_stimulus_once_in_all() -> None:
    for seed in range(20):
        blocks = show("{set: faces, draw: spread}", blocks=4, seed=seed)
        for block in blocks:
            assert sorted(name.partition("_")[2] for name in block) == sorted(EMOTIONS)
        assert sorted(name for block in blocks for name in block) == sorted(STIMULI["stimulus"])


def test_more_blocks_than_models_cannot_draw() -> None:
    with pytest.raises(InputError, match="5 blocks draw another model each, and the stimuli show 4"):
        show("{set: faces, draw: one_model}", blocks=5)


def test_constraints_hold_and_impossible_ones_are_refused() -> None:
    (shown,) = show("{set: faces};    constraints: [{same: emotion, maximum_run: 1}]\n")
    emotions = [name.partition("_")[2] for name in shown]
    assert all(one != other for one, other in itertools.pairwise(emotions))
    with pytest.raises(RefusedError, match="cannot be met"):
        show("{set: faces, emotions: [anger]};    constraints: [{same: emotion, maximum_run: 1}]\n")


def test_a_block_that_shows_nothing_is_an_error() -> None:
    with pytest.raises(InputError, match="the block 'block_0' shows nothing"):
        show("{set: faces, emotions: [fear]}")


def test_models_are_listed_sorted_and_without_doubles() -> None:
    study: Study = read(SMALL)
    assert list_models(study.blocks[0], STIMULI) == MODELS
    assert len(select_stimuli(study.blocks[0], STIMULI)) == 12

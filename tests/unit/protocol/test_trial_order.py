from collections import Counter
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimicrylab.errors import RefusedError
from mimicrylab.protocol.trial_order import balance_order, open_stream, shuffle, shuffle_within_limits


def measure_longest_run(order: list[str]) -> int:
    return max(len(list(run)) for _, run in groupby(order))


def test_an_order_is_the_same_on_every_system() -> None:
    assert shuffle("abcdef", open_stream(7, "trials", "first")) == ["a", "c", "d", "b", "e", "f"]


def test_purposes_have_streams_of_their_own() -> None:
    numbers = {open_stream(*key).random() for key in [(1, "a"), (1, "b"), (2, "a"), (1, "a", "b"), (1, "a", 1)]}
    assert len(numbers) == 5


def test_every_order_is_equally_likely() -> None:
    counts = Counter(tuple(shuffle("abc", open_stream(seed, "x"))) for seed in range(6000))
    assert len(counts) == 6
    assert max(abs(count - 1000) for count in counts.values()) < 5 * (1000 * 5 / 6) ** 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=5), st.integers(1, 3), st.integers(0, 10**6))
def test_a_limited_run_is_kept_whenever_that_is_possible(counts: list[int], longest: int, seed: int) -> None:
    items = [chr(97 + place) for place, count in enumerate(counts) for _ in range(count)]
    others = len(items) - max(counts)
    stream = open_stream(seed, "x")
    if max(counts) > longest * (others + 1):
        with pytest.raises(RefusedError, match="cannot be met"):
            shuffle_within_limits(items, stream, limits=[(str, longest)])
        return
    order = shuffle_within_limits(items, stream, limits=[(str, longest)])
    assert sorted(order) == items
    assert measure_longest_run(order) <= longest


def test_two_limits_hold_at_once() -> None:
    trials = [f"{emotion}{model}" for emotion in "hans" for model in range(8)]
    for seed in range(50):
        order = shuffle_within_limits(trials, open_stream(seed, "x"), limits=[(lambda t: t[0], 2), (lambda t: t[1], 1)])
        assert sorted(order) == sorted(trials)
        assert measure_longest_run([trial[0] for trial in order]) <= 2
        assert measure_longest_run([trial[1] for trial in order]) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 8])
def test_a_latin_square_balances_places_and_neighbours(size: int) -> None:
    rows = [balance_order(range(size), number=number) for number in range(size if size % 2 == 0 else 2 * size)]
    repeats = len(rows) // size
    for place in range(size):
        assert Counter(row[place] for row in rows) == dict.fromkeys(range(size), repeats)
    neighbours = Counter(pair for row in rows for pair in pairwise(row))
    assert set(neighbours.values()) <= {repeats}
    assert len(neighbours) == size * (size - 1)


def test_a_latin_square_of_nothing_is_nothing() -> None:
    assert balance_order([], number=3) == []

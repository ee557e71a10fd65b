"""Seeded orders: of trials within a block, of blocks within a visit, and which model each block shows.

Every random choice has a stream of its own, named after what it is for, so that a change in one block does not
reshuffle another. Python's own generator is used: its shuffle is the same on every system and version.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from mimicrylab.errors import RefusedError

Item = TypeVar("Item")

ATTEMPTS = 200
"""Fresh starts before a constraint is called impossible; a start succeeds in most cases where any order exists."""


def open_stream(seed: int, *purpose: str | int) -> random.Random:
    """Return a generator of random numbers for one purpose.

    Examples
    --------
    >>> open_stream(1, "blocks").random() == open_stream(1, "blocks").random()
    True
    >>> open_stream(1, "blocks").random() == open_stream(1, "trials").random()
    False
    """
    return random.Random("/".join(str(part) for part in (seed, *purpose)))


def shuffle(items: Sequence[Item], stream: random.Random) -> list[Item]:
    """Return the items in random order."""
    shuffled = list(items)
    stream.shuffle(shuffled)
    return shuffled


def shuffle_within_limits(
    items: Sequence[Item], stream: random.Random, *, limits: Sequence[tuple[Callable[[Item], Hashable], int]]
) -> list[Item]:
    """Return the items in random order such that no feature comes more than its limit in a row.

    ``limits`` are pairs of a function (item -> feature) and the longest run allowed. Each place is filled at random
    from what is still allowed, the commonest feature first where it would otherwise be left over; a dead end starts
    anew.

    Raises
    ------
    RefusedError
        No such order was found.
    """
    if not limits:
        return shuffle(items, stream)
    for _ in range(ATTEMPTS):
        order = _try_order(items, stream, limits)
        if order is not None:
            return order
    raise RefusedError(
        "the order constraints cannot be met",
        found=f"{len(items)} trials; no order after {ATTEMPTS} attempts",
        do="allow a longer run (maximum_run), or show more different stimuli",
    )


def _try_order(
    items: Sequence[Item], stream: random.Random, limits: Sequence[tuple[Callable[[Item], Hashable], int]]
) -> list[Item] | None:
    left = shuffle(items, stream)
    order: list[Item] = []
    while left:
        allowed = [place for place, item in enumerate(left) if _fits(order, item, limits)]
        if not allowed:
            return None
        urgent = _find_urgent(left, allowed, limits)
        order.append(left.pop(urgent if urgent is not None else allowed[0]))
    return order


def _fits(order: Sequence[Item], item: Item, limits: Sequence[tuple[Callable[[Item], Hashable], int]]) -> bool:
    for feature, longest in limits:
        tail = order[-longest:]
        if len(tail) == longest and all(feature(earlier) == feature(item) for earlier in tail):
            return False
    return True


def _find_urgent(
    left: Sequence[Item], allowed: Sequence[int], limits: Sequence[tuple[Callable[[Item], Hashable], int]]
) -> int | None:
    """Return the place of an item whose feature fills so much of what is left that it must come now."""
    for feature, longest in limits:
        counts: dict[Hashable, int] = {}
        for item in left:
            counts[feature(item)] = counts.get(feature(item), 0) + 1
        commonest = max(counts, key=lambda key: counts[key])
        others = len(left) - counts[commonest]
        if counts[commonest] >= longest * (others + 1):
            return next((place for place in allowed if feature(left[place]) == commonest), None)
    return None


def balance_order(items: Sequence[Item], *, number: int) -> list[Item]:
    """Return row ``number`` of a balanced Latin square (Williams 1949).

    Over its rows (as many as items; twice as many for an odd number of items) every item comes equally often in each
    place, and follows each other item equally often.

    Examples
    --------
    >>> [balance_order("ABCD", number=row) for row in range(2)]
    [['A', 'B', 'D', 'C'], ['B', 'C', 'A', 'D']]
    """
    size = len(items)
    if size == 0:
        return []
    row = number % size
    places = [(row + (step // 2 + 1 if step % 2 else -(step // 2))) % size for step in range(size)]
    if size % 2 and (number // size) % 2:
        places.reverse()
    return [items[place] for place in places]

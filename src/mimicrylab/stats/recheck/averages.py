"""Means across tables: everybody's mean is the weighted mean of the groups', by every split, and so with SDs.

Where one group's mean and everybody's are printed, the difference between the groups follows: N (M - M_2) / n_1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mimicrylab.stats.recheck.entries import Groups, Mean
from mimicrylab.stats.recheck.findings import Finding, fit_printed, note_truncation
from mimicrylab.stats.recheck.judging import judge
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Array, Interval, Printed, Reading, find_range, write_interval

WHOLE_RULE = "everybody's mean from the groups"
SPREAD_RULE = "everybody's SD from the groups"
SPLIT_RULE = "totals over several splits"
TWICE_RULE = "a mean printed twice"
DIFFERENCE_RULE = "difference between groups from everybody's mean"

EVERYBODY = frozenset({"all", "everybody", "everyone", "total", "whole sample"})


@dataclass(frozen=True)
class Part:
    """One group of a split: its entry, name, people, mean, SD."""

    entry: str
    name: str
    n: int
    mean: Printed
    sd: Printed | None


def check_averages(paper: Paper) -> Iterator[Finding]:
    """Yield every mean, SD or difference that other tables of the paper contradict."""
    variables = [mean.variable for mean in paper.means] + [groups.outcome for groups in paper.groups if groups.outcome]
    for variable in dict.fromkeys(variables):
        wholes = [mean for mean in paper.means if mean.variable == variable and mean.of.lower() in EVERYBODY]
        splits = _list_splits(paper, variable)
        for whole in wholes:
            for parts in splits.values():
                if whole.n is None or whole.n == sum(part.n for part in parts):
                    yield from _check_whole(whole, parts)
                    yield from _check_spread(whole, parts)
        for (name, first), (other, second) in combinations(splits.items(), 2):
            yield from _check_totals(name, first, other, second)
        yield from _check_twice(paper, variable)
        for groups in paper.groups:
            if groups.outcome == variable:
                yield from _check_difference(groups, wholes, paper)


def _list_splits(paper: Paper, variable: str) -> dict[str, list[Part]]:
    """Return the splits of everybody into groups whose means of the variable are printed."""
    splits: dict[str, list[Part]] = {}
    for groups in paper.groups:
        if groups.outcome != variable or groups.split is None:
            continue
        parts = [
            Part(groups.id, name or f"group {place}", n, mean, sd)
            for place, (name, n, mean, sd) in enumerate(_list_groups(groups), start=1)
            if n and mean is not None
        ]
        if len(parts) == 2:
            splits[groups.id] = parts
    for mean in paper.means:
        if mean.variable == variable and mean.split is not None and mean.n:
            splits.setdefault(mean.split, []).append(Part(mean.id, mean.of, mean.n, mean.mean, mean.sd))
    return splits


def _list_groups(groups: Groups) -> list[tuple[str | None, int | None, Printed | None, Printed | None]]:
    return [
        (groups.group_1, groups.n_1, groups.mean_1, groups.sd_1),
        (groups.group_2, groups.n_2, groups.mean_2, groups.sd_2),
    ]


def _weigh(parts: list[Part], reading: Reading) -> Interval:
    """Return the range of the weighted mean."""
    n = sum(part.n for part in parts)
    ends = [part.mean.interval(reading) for part in parts]
    low = sum(part.n * end.low for part, end in zip(parts, ends, strict=True)) / n
    high = sum(part.n * end.high for part, end in zip(parts, ends, strict=True)) / n
    return Interval(low, high)


def _name_entries(parts: list[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.entry for part in parts))


def _name_parts(parts: list[Part]) -> str:
    return ", ".join(f"{part.name} {part.mean.text} ({part.n})" for part in parts)


def _check_whole(whole: Mean, parts: list[Part]) -> Iterator[Finding]:
    yield from judge(
        (whole.id, *_name_entries(parts)),
        WHOLE_RULE,
        whole.mean,
        lambda reading: [_weigh(parts, reading)],
        named="everybody's mean",
        of=f"the groups' means, {_name_parts(parts)},",
        means="a mean or a number of people is misprinted, or the groups are not everybody",
    )


def _check_spread(whole: Mean, parts: list[Part]) -> Iterator[Finding]:
    sds = [part.sd for part in parts if part.sd is not None]
    if whole.sd is None or len(sds) < len(parts) or len(parts) > 3 or sum(part.n for part in parts) < 2:
        return
    counts = np.asarray([part.n for part in parts], dtype=np.float64)

    def compute(*values: Array) -> Array:
        means, spreads = np.asarray(values[: len(parts)]), np.asarray(values[len(parts) :])
        middle = (counts[:, None] * means).sum(axis=0) / counts.sum()
        between = (counts[:, None] * (means - middle) ** 2).sum(axis=0)
        within = ((counts[:, None] - 1) * spreads**2).sum(axis=0)
        return np.asarray(np.sqrt((between + within) / (counts.sum() - 1)))

    def follow(reading: Reading) -> list[Interval]:
        boxes = [part.mean.interval(reading) for part in parts]
        return [find_range(compute, *boxes, *[sd.interval(reading) for sd in sds])]

    yield from judge(
        (whole.id, *_name_entries(parts)),
        SPREAD_RULE,
        whole.sd,
        follow,
        named="everybody's SD",
        of="the groups' means and SDs",
        means="an SD is misprinted, or the groups are not everybody",
    )


def _check_totals(name: str, first: list[Part], other: str, second: list[Part]) -> Iterator[Finding]:
    """Compare the means of everybody that two splits of the same people give."""
    n = sum(part.n for part in first)
    if n != sum(part.n for part in second):
        return
    about = tuple(dict.fromkeys((*_name_entries(first), *_name_entries(second))))
    if _weigh(first, "rounded").overlaps(_weigh(second, "rounded")):
        return
    words = [
        f"{label} gives a total of {write_interval(_scale(_weigh(parts, 'either'), n), decimals=1)}"
        for label, parts in ((name, first), (other, second))
    ]
    printed = f"{_name_parts(first)} and {_name_parts(second)}"
    if _weigh(first, "either").overlaps(_weigh(second, "either")):
        yield note_truncation(SPLIT_RULE, about, printed, "; ".join(words))
        return
    yield Finding(
        SPLIT_RULE,
        about,
        printed,
        f"over {n} people {'; '.join(words)}",
        "a mean or a number of people is misprinted, or the splits are not of the same people",
        "certain",
        "the same values have one total, however people are split",
    )


def _scale(interval: Interval, by: int) -> Interval:
    return Interval(interval.low * by, interval.high * by)


def _check_twice(paper: Paper, variable: str) -> Iterator[Finding]:
    """Compare means of one group that are printed in two places."""
    printed = [
        (groups.id, name, n, mean, sd)
        for groups in paper.groups
        if groups.outcome == variable
        for name, n, mean, sd in _list_groups(groups)
        if name and mean is not None
    ]
    printed += [(mean.id, mean.of, mean.n, mean.mean, mean.sd) for mean in paper.means if mean.variable == variable]
    for (entry, name, n, mean, sd), (other, same, m, again, other_sd) in combinations(printed, 2):
        if name.lower() != same.lower() or entry == other or (n is not None and m is not None and n != m):
            continue
        yield from _compare_twice((entry, other), f"mean of {name}", mean, again)
        if sd is not None and other_sd is not None:
            yield from _compare_twice((entry, other), f"SD of {name}", sd, other_sd)


def _compare_twice(about: tuple[str, str], what: str, first: Printed, second: Printed) -> Iterator[Finding]:
    coarse, fine = (first, second) if first.step >= second.step else (second, first)
    fit, _ = fit_printed(coarse, lambda reading: fine.interval(reading))
    words = f"{what}: {first.text} and {second.text}"
    if fit == "truncated":
        yield note_truncation(
            TWICE_RULE, about, words, f"{fine.text} rounded to the digits of {coarse.text} is another number"
        )
    elif fit == "no":
        yield Finding(
            TWICE_RULE,
            about,
            words,
            "one group has one value",
            "one of them is misprinted, or they are of other people",
            "likely",
            "unless the paper tells of two samples",
        )


def _check_difference(groups: Groups, wholes: list[Mean], paper: Paper) -> Iterator[Finding]:
    """Compare a printed difference with what everybody's mean and one group's mean leave for the other group."""
    printed = groups.difference
    if printed is None or not groups.n_1 or not groups.n_2:
        return
    n = groups.n_1 + groups.n_2
    whole = next((mean for mean in wholes if mean.n in (None, n)), None)
    if whole is None:
        return
    for place, name, size, direction in ((1, groups.group_1, groups.n_2, 1), (2, groups.group_2, groups.n_1, -1)):
        known = _find_mean(groups, place, name, paper)
        if known is None:
            continue
        about, mean = known

        def follow(reading: Reading, mean: Printed = mean, size: int = size, sign: int = direction) -> list[Interval]:
            factor = sign * n / size
            return [find_range(lambda m, w: factor * (m - w), mean.interval(reading), whole.mean.interval(reading))]

        yield from judge(
            tuple(dict.fromkeys((groups.id, about, whole.id))),
            DIFFERENCE_RULE,
            printed,
            follow,
            named="the difference",
            of=f"everybody's mean {whole.mean.text} ({n}) and the mean of {name or f'group {place}'} {mean.text}",
            means="the tables and the test cannot be of the same values: a mean or the difference is misprinted",
        )


def _find_mean(groups: Groups, place: int, name: str | None, paper: Paper) -> tuple[str, Printed] | None:
    own = groups.mean_1 if place == 1 else groups.mean_2
    if own is not None:
        return groups.id, own
    if name is None:
        return None
    return next(
        ((mean.id, mean.mean) for mean in paper.means
         if mean.variable == groups.outcome and mean.of.lower() == name.lower()), None)  # fmt: skip

"""A table of items -> a questionnaire: which items are reversed, which make which score, and what may be answered.

Columns: ``item`` (its number; left out: the rows in order), ``text`` (the wording), ``key`` (forward, reversed or
filler; left out: forward) and ``score`` (its subscale, several separated by ``;``; left out: one total of all).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import Answer, Key, Scale, Score

KEY_WORDS: Mapping[str, str] = {
    "": "forward",
    "forward": "forward",
    "f": "forward",
    "+": "forward",
    "no": "forward",
    "false": "forward",
    "0": "forward",
    "reversed": "reversed",
    "reverse": "reversed",
    "r": "reversed",
    "-": "reversed",
    "yes": "reversed",
    "true": "reversed",
    "1": "reversed",
    "filler": "filler",
    "none": "filler",
}
"""What may stand in the column key (or reversed), in lower case."""

SCORE_MARK = ";"
TOTAL = "total"


@dataclass(frozen=True)
class ItemRow:
    """One row of a table of items: its line, number, wording, key and scores."""

    line: int
    number: int
    text: str | None = None
    key: str = "forward"
    scores: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScaleFacts:
    """What a table of items does not say: names, answers in order with codes, how scores are made, whose it is."""

    name: str
    answers: tuple[tuple[int, str], ...]
    title: str
    measures: str
    citation: str
    licence: str
    combine: Literal["sum", "mean"] = "sum"
    points: tuple[float, ...] = ()


def read_item_rows(rows: Sequence[tuple[int, Mapping[str, str | None]]]) -> tuple[ItemRow, ...]:
    """Return the items of a table's rows (line, and cells by the names item, text, key and score).

    Raises
    ------
    InputError
        An item has no number or one that stands twice, or its key is no key; the first mistake is told with its line.
    """
    found: list[ItemRow] = []
    for place, (line, cells) in enumerate(rows, start=1):
        text = cells.get("item")
        number = place if text is None and "item" not in cells else _read_number(text, line)
        if number in [row.number for row in found]:
            raise InputError(f"the item {number} stands twice", where=f"line {line}")
        word = (cells.get("key") or "").strip().lower()
        if word not in KEY_WORDS:
            raise InputError(
                f"{word!r} is no key of an item", where=f"line {line}", expected="forward, reversed or filler"
            )
        scores = tuple(part.strip() for part in (cells.get("score") or "").split(SCORE_MARK) if part.strip())
        found.append(ItemRow(line, number, cells.get("text"), KEY_WORDS[word], scores))
    numbers = sorted(row.number for row in found)
    if numbers != list(range(1, len(numbers) + 1)):
        missing = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
        raise InputError(f"the item {missing} is missing", expected="every item from 1 on, fillers included")
    return tuple(sorted(found, key=lambda row: row.number))


def _read_number(text: str | None, line: int) -> int:
    try:
        return int(float(text or ""))
    except ValueError as error:
        raise InputError(f"{text or ''!r} is no number of an item", where=f"line {line}") from error


def read_answers(texts: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return answers with their codes from ``CODE=WORDS`` texts, or from words alone, which count from 1.

    Raises
    ------
    InputError
        Fewer than two answers, or a code that is no whole number.

    Examples
    --------
    >>> read_answers(["0=never", "1=often"]), read_answers(["no", "yes"])
    (((0, 'never'), (1, 'often')), ((1, 'no'), (2, 'yes')))
    """
    if len(texts) < 2:
        raise InputError(
            "a questionnaire needs at least two answers", expected="--answer CODE=WORDS for each, in order"
        )
    found = []
    for place, text in enumerate(texts, start=1):
        code, mark, words = text.partition("=")
        if mark and not code.strip().lstrip("-").isdigit():
            raise InputError(f"{code.strip()!r} is no whole number", where=f"answer {text!r}", expected="CODE=WORDS")
        found.append((int(code), words.strip()) if mark else (place, text.strip()))
    return tuple(found)


def make_scale(items: Sequence[ItemRow], facts: ScaleFacts) -> Scale:
    """Return the questionnaire. Points are the answers' codes, turned round for reversed items, unless stated.

    Raises
    ------
    InputError
        As many points as answers are not stated, or no item is scored.
    """
    points = facts.points or tuple(float(code) for code, _ in facts.answers)
    if len(points) != len(facts.answers):
        raise InputError(f"{len(points)} points for {len(facts.answers)} answers", expected="as many points as answers")
    turn = min(points) + max(points)
    keys = {"forward": points, "reversed": tuple(turn - each for each in points)}
    made = [
        Key(name=name, points=values, items=tuple(row.number for row in items if row.key == name))
        for name, values in keys.items()
        if any(row.key == name for row in items)
    ]
    if not made:
        raise InputError("no item is scored", expected="items with the key forward or reversed")
    return Scale(
        version=1,
        name=facts.name,
        title=facts.title,
        measures=facts.measures,
        citation=facts.citation,
        licence=facts.licence,
        items=len(items),
        answers=tuple(Answer(code=code, text=text) for code, text in facts.answers),
        keys=tuple(made),
        fillers=tuple(row.number for row in items if row.key == "filler"),
        scores=tuple(_make_scores(items, facts.combine)),
    )


def _make_scores(items: Sequence[ItemRow], combine: Literal["sum", "mean"]) -> Iterator[Score]:
    names = dict.fromkeys(name for row in items for name in row.scores if row.key != "filler")
    for name in names:
        own = tuple(row.number for row in items if name in row.scores and row.key != "filler")
        yield Score(name=name.replace(" ", "_"), combine=combine, items=own)
    if not names:
        yield Score(name=TOTAL, combine=combine)


def find_turned(scale: Scale, known: Sequence[Scale]) -> str | None:
    """Return the known questionnaire whose keys are those of ``scale`` turned round, or None.

    The commonest error of a key: items that are to be agreed with are taken as the reversed ones.
    """
    own = _list_points(scale)
    for other in known:
        theirs = _list_points(other)
        if len(scale.answers) != len(other.answers) or own.keys() != theirs.keys():
            continue
        turned = {item: tuple(reversed(points)) for item, points in theirs.items()}
        if own == turned and own != theirs:
            return other.name
    return None


def _list_points(scale: Scale) -> dict[int, tuple[float, ...]]:
    return {item: key.points for key in scale.keys for item in key.items}

"""Composites of movements named after emotions: one declared table, emotion -> formula of action units.

They are called composites of movements, not feelings: a value says that the movements came together which the manual of
FACS lists for an emotion, not that anybody felt it. They are off until asked for. Every name carries its action units,
and which set is used is declared in the plan, never chosen by what a coder happens to measure: an emotion's first entry
is the prototype; further ones leave out what many coders do not measure, and say so.

A composite is the mean over its action units of each unit's value divided by the size of a strong movement of that unit
(``Signal.strong``, else the top of its range), so that units of different size count alike. It is not clipped, and it
is null where one of its units is. Like every signal, it means something against the person's own baseline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from mimicrylab.coding.coder import Signal, Standing
from mimicrylab.errors import InputError, UnknownNameError

COMPOSITE_UNIT = "share of a strong movement"
FACS = "Ekman, Friesen & Hager (2002), FACS Investigator's Guide"


@dataclass(frozen=True)
class EmotionComposite:
    """One row of the table.

    ``one_sided``: the difference between the left and the right side (without its sign) takes the place of the unit's
    value, because the movement of contempt is one-sided. ``proxy`` says what stands in for what.
    """

    emotion: str
    action_units: tuple[str, ...]
    one_sided: bool = False
    proxy: str = ""
    reference: str = FACS

    @property
    def name(self) -> str:
        """Name with the action units.

        Examples
        --------
        >>> EmotionComposite("happiness", ("AU06", "AU12")).name
        'happiness[AU06+AU12]'
        """
        return f"{self.emotion}[{'+'.join(self.action_units)}{' one-sided' if self.one_sided else ''}]"

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that it is computed from."""
        if self.one_sided:
            return tuple(f"{unit}{side}" for unit in self.action_units for side in "LR")
        return self.action_units

    @property
    def formula(self) -> str:
        """The formula in words."""
        parts = [f"|{unit}L - {unit}R|" if self.one_sided else unit for unit in self.action_units]
        return f"mean of {', '.join(parts)}, each divided by the size of a strong movement"


COMPOSITES = (
    EmotionComposite("anger", ("AU04", "AU05", "AU07", "AU23")),
    EmotionComposite("contempt", ("AU14",), one_sided=True),
    EmotionComposite("contempt", ("AU12", "AU14"), one_sided=True),
    EmotionComposite("disgust", ("AU09", "AU10")),
    EmotionComposite("disgust", ("AU10",), proxy="AU10 stands in for AU09 and AU10"),
    EmotionComposite("fear", ("AU01", "AU02", "AU04", "AU05", "AU20", "AU25")),
    EmotionComposite("happiness", ("AU06", "AU12")),
    EmotionComposite("happiness", ("AU12",), proxy="AU12 stands in for AU06 and AU12; tells no Duchenne smile"),
    EmotionComposite("sadness", ("AU01", "AU04", "AU15")),
    EmotionComposite("surprise", ("AU01", "AU02", "AU05", "AU26")),
)
"""Emotion -> action units, the prototype of each emotion first. AU20 and AU25 in fear, AU26 in surprise, AU10 beside
AU09 in disgust and AU23 in anger are the manual's commonest variants."""


def find_composite(name: str) -> EmotionComposite:
    """Return the composite of that name; an emotion's word alone means its prototype.

    Examples
    --------
    >>> find_composite("happiness").action_units
    ('AU06', 'AU12')
    >>> find_composite("happiness[AU12]").proxy
    'AU12 stands in for AU06 and AU12; tells no Duchenne smile'

    Raises
    ------
    UnknownNameError
        The table has no such composite.
    """
    for composite in COMPOSITES:
        if name in (composite.name, composite.emotion):
            return composite
    raise UnknownNameError("composite", name, [each.name for each in COMPOSITES])


def rate_composite(composite: EmotionComposite, signals: Iterable[Signal]) -> Standing:
    """Return how far a composite of a coder's signals can be trusted: as far as the least of its parts.

    Proxy where another movement stands in for one of its units. A signal that the coder does not have is not measured.
    """
    known = {signal.name: signal.standing for signal in signals}
    standings = {known.get(name, "not measured") for name in composite.signals}
    if "not measured" in standings:
        return "not measured"
    if composite.proxy or "proxy" in standings:
        return "proxy"
    return "weak" if "weak" in standings else "measured"


def express_composite(composite: EmotionComposite, signals: Iterable[Signal]) -> pl.Expr:
    """Return the Polars expression that computes a composite from a coder's columns, under the composite's name.

    Its unit is ``COMPOSITE_UNIT``; null where one of its signals is null.

    Raises
    ------
    InputError
        The coder does not measure one of its signals, or says of one neither its range nor what a strong movement is;
        the composites of the same emotion that it does measure are named.
    """
    known = {signal.name: signal for signal in signals}
    missing = [name for name in composite.signals if name not in known or known[name].standing == "not measured"]
    if missing:
        others = [
            each.name
            for each in COMPOSITES
            if each.emotion == composite.emotion and rate_composite(each, known.values()) != "not measured"
        ]
        raise InputError(
            f"the composite {composite.name!r} cannot be computed: {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not measured",
            do=f"declare {' or '.join(others)} in its place" if others else "leave it out, or use another coder",
        )
    parts = [_express_part(unit, composite, known) for unit in composite.action_units]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return (total / len(parts)).alias(composite.name)


def _express_part(unit: str, composite: EmotionComposite, known: dict[str, Signal]) -> pl.Expr:
    names: tuple[str, ...] = (f"{unit}L", f"{unit}R") if composite.one_sided else (unit,)
    strong = known[names[0]].strong or known[names[0]].maximum
    if not strong:
        raise InputError(
            f"the composite {composite.name!r} cannot be computed: what a strong {unit} is, is not declared",
            do="declare `strong` or `maximum` for this signal in the coder",
        )
    if composite.one_sided:
        return (pl.col(names[0]) - pl.col(names[1])).abs() / strong
    return pl.col(unit) / strong

"""How FACS codes are written (``12``, ``AU12``, ``12C``, ``L14B``, ``6+12D``), and the codes of what is hidden.

Source: Ekman, Friesen & Hager (2002), FACS Manual. Intensities A to E become 1 to 5; a code without one has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEVELS = {"A": 1.0, "B": 2.0, "C": 3.0, "D": 4.0, "E": 5.0, "X": 1.0, "Y": 3.0, "Z": 5.0}
"""X, Y and Z are the three levels of the manual's first edition."""

HIGHEST_UNIT = 46
CODE = re.compile(r"^(?P<side>[LRTBU]?)(?:AU)?[ _]?0?(?P<unit>\d{1,2})(?P<level>[A-EXYZ]?)(?P<side_after>[LR]?)$")
SEPARATORS = re.compile(r"[+,;/&\s]+")
HIDDEN = {
    70: (1, 2, 4),
    71: (5, 6, 7, 43, 44, 45, 46),
    72: (9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 23, 24, 25, 26, 27, 28),
}
"""Code of a part of the face that could not be seen -> the action units that cannot be told there."""

UNSCORABLE = (73, 74)
"""The whole face is not visible, or cannot be scored."""


@dataclass(frozen=True)
class FacsCode:
    """One code: the number, its side (``L``, ``R`` or empty) and its intensity (1 to 5; None: none given)."""

    number: int
    side: str = ""
    level: float | None = None

    @property
    def unit(self) -> str:
        """The action unit as we write it."""
        return f"AU{self.number:02}"


def read_codes(text: str) -> tuple[tuple[FacsCode, ...], tuple[str, ...]]:
    """Return the codes in a text, and the words in it that are none.

    Examples
    --------
    >>> codes, strange = read_codes("AU6+12D L14 smile")
    >>> [(code.unit, code.side, code.level) for code in codes], strange
    ([('AU06', '', None), ('AU12', '', 4.0), ('AU14', 'L', None)], ('smile',))
    """
    codes: list[FacsCode] = []
    strange: list[str] = []
    for word in SEPARATORS.split(text.strip()):
        if not word:
            continue
        code = read_code(word)
        if code is None:
            strange.append(word)
        else:
            codes.append(code)
    return tuple(codes), tuple(strange)


def read_code(word: str) -> FacsCode | None:
    """Return the code that a word is, or None.

    Examples
    --------
    >>> read_code("12C"), read_code("hello")
    (FacsCode(number=12, side='', level=3.0), None)
    """
    match = CODE.match(word.strip().upper())
    if match is None:
        return None
    number = int(match["unit"])
    if not (1 <= number <= HIGHEST_UNIT or number in HIDDEN or number in UNSCORABLE):
        return None
    side = match["side_after"] or (match["side"] if match["side"] in "LR" else "")
    return FacsCode(number, side, LEVELS.get(match["level"]))

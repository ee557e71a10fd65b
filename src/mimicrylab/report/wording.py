"""Numbers as APA style writes them: no leading zero where 1 cannot be passed, italic symbols, one rounding rule.

Every function returns text for HTML: a real minus sign, ``<i>`` around the symbols of statistics, and an en dash for
what is missing. Numbers are rounded to the nearest last digit (ties to the even digit of the stored binary number),
never truncated; ``ROUNDING_RULE`` says so in the report. Files for other programs get the unrounded numbers.

Source: American Psychological Association (2020), Publication manual, 7th edition, 6.36 and 6.44.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from markupsafe import Markup

MISSING = "–"
MINUS = "−"
NO_BREAK = "\xa0"
SMALLEST_P = 0.001
LARGEST_P = 0.9995
ROUNDING_RULE = (
    "Numbers are rounded to the last digit shown, not truncated; the CSV files and results.json hold them unrounded. "
    "Values that cannot exceed 1 are written without a leading zero. A dash (–) means: not available."
)


def format_number(value: float | None, *, decimals: int = 2, sign: bool = False) -> str:
    """Return a number with a fixed count of decimals and a real minus sign.

    Missing (None, nan) and infinite values become an en dash. A value that rounds to 0 is written without a minus.

    Examples
    --------
    >>> format_number(-3.367)
    '−3.37'
    >>> format_number(0.4, decimals=1, sign=True)
    '+0.4'
    >>> format_number(None)
    '–'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{abs(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return text
    if value < 0:
        return MINUS + text
    return "+" + text if sign else text


def format_bounded(value: float | None, *, decimals: int = 2, sign: bool = False) -> str:
    """Return a number that cannot exceed 1 in size (a share, a correlation, a p) without its leading zero.

    Examples
    --------
    >>> format_bounded(0.354), format_bounded(-0.08), format_bounded(1)
    ('.35', '−.08', '1.00')
    """
    text = format_number(value, decimals=decimals, sign=sign)
    lead = text.lstrip(MINUS + "+")
    return text.replace("0.", ".", 1) if lead.startswith("0.") else text


def format_p(p: float | None) -> str:
    """Return a p value with three decimals, ``< .001`` or ``> .999``.

    Examples
    --------
    >>> format_p(0.0416), format_p(0.0004), format_p(1.0)
    ('.042', '< .001', '> .999')
    """
    if p is not None and p < SMALLEST_P:
        return "< .001"
    if p is not None and p > LARGEST_P:
        return "> .999"
    return format_bounded(p, decimals=3)


def state_p(p: float | None, *, symbol: str = "p") -> Markup:
    r"""Return ``p = .042`` or ``p < .001`` with an italic symbol, in one piece.

    Examples
    --------
    >>> str(state_p(0.0416))
    '<i>p</i>\xa0=\xa0.042'
    """
    text = format_p(p).replace(" ", NO_BREAK)
    return Markup("<i>{}</i>{}{}").format(symbol, NO_BREAK, text if text[0] in "<>" else f"={NO_BREAK}{text}")


def format_interval(low: float | None, high: float | None, *, decimals: int = 2, bounded: bool = False) -> str:
    """Return ``[low, high]``; an en dash where an end is missing.

    Examples
    --------
    >>> format_interval(-0.03, 0.131, bounded=True)
    '[−.03, .13]'
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    write = format_bounded if bounded else format_number
    return f"[{write(low, decimals=decimals)}, {write(high, decimals=decimals)}]"


def format_degrees(df: float | None) -> str:
    """Return degrees of freedom: whole numbers without decimals, others with two.

    Examples
    --------
    >>> format_degrees(49.0), format_degrees(31.284)
    ('49', '31.28')
    """
    if df is None or not math.isfinite(df):
        return MISSING
    return f"{df:,.0f}" if float(df).is_integer() else f"{df:,.2f}"


def format_share(share: float | None, *, decimals: int = 1) -> str:
    """Return a share between 0 and 1 in percent; what is not quite all never reads as 100.0%.

    Examples
    --------
    >>> format_share(0.977), format_share(0.99999), format_share(1.0), format_share(0.00001)
    ('97.7%', '> 99.9%', '100.0%', '< 0.1%')
    """
    if share is None or not math.isfinite(share):
        return MISSING
    step = 10.0**-decimals
    text = f"{share * 100:.{decimals}f}"
    if share < 1 and float(text) == 100:
        return f"> {100 - step:.{decimals}f}%"
    if share > 0 and float(text) == 0:
        return f"< {step:.{decimals}f}%"
    return f"{text}%"


def close_percent(text: str) -> str:
    """Return a text from other programs or tables with its percent signs set as APA style has them, without a space.

    Examples
    --------
    >>> close_percent("55.6 % of the frames are valid, 80 % are asked for")
    '55.6% of the frames are valid, 80% are asked for'
    """
    return re.sub(r"(?<=\d) %", "%", text)


def format_count(count: int | None) -> str:
    """Return a count with thousands separated by commas.

    Examples
    --------
    >>> format_count(5000000)
    '5,000,000'
    """
    return MISSING if count is None else f"{count:,}"


def count_noun(count: int, noun: str, plural: str | None = None) -> str:
    """Return the count with its noun in the right number.

    Examples
    --------
    >>> count_noun(1, "participant"), count_noun(81, "participant"), count_noun(2, "person", "people")
    ('1 participant', '81 participants', '2 people')
    """
    return f"{format_count(count)} {name_many(count, noun, plural)}"


def name_many(count: int, noun: str, plural: str | None = None) -> str:
    """Return the noun in the number that ``count`` asks for.

    Examples
    --------
    >>> name_many(1, "recording"), name_many(0, "recording")
    ('recording', 'recordings')
    """
    return noun if count == 1 else (plural or noun + "s")


def join_words(words: Sequence[str], *, last: str = "and") -> str:
    """Return words as a sentence lists them.

    Examples
    --------
    >>> join_words(["AU06", "AU12", "AU25"])
    'AU06, AU12 and AU25'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def shorten_hash(sha256: str | None) -> str:
    """Return the first 12 digits of a SHA-256: enough to compare by eye; the CSV holds it whole.

    Examples
    --------
    >>> shorten_hash("64184e229b263107bc2b804c6625db13")
    '64184e229b26'
    """
    return sha256[:12] if sha256 else MISSING


BOUNDED_UNITS = frozenset({"share of frames"})
"""Units whose values, and differences of values, cannot exceed 1."""


def make_writer(
    values: Iterable[float | None], *, units: Iterable[str] = (), sign: bool = False
) -> Callable[[float | None], str]:
    """Return the function that writes a column of numbers: decimals from the values, leading zero from the units.

    Examples
    --------
    >>> make_writer([0.311], units=["share of frames"])(0.064), make_writer([0.311], units=["0-5"], sign=True)(0.064)
    ('.064', '+0.064')
    """
    decimals = choose_decimals(values)
    write = format_bounded if set(units) and set(units) <= BOUNDED_UNITS else format_number
    return partial(write, decimals=decimals, sign=sign)


def choose_decimals(values: Iterable[float | None], *, most: int = 4) -> int:
    """Return how many decimals show three digits of the largest value: one rule for a whole column.

    Examples
    --------
    >>> choose_decimals([47.9, 10.8]), choose_decimals([0.354, -0.08]), choose_decimals([0.0123]), choose_decimals([])
    (1, 3, 4, 2)
    """
    largest = max((abs(value) for value in values if value is not None and math.isfinite(value)), default=0.0)
    if largest == 0:
        return 2
    return max(0, min(most, 2 - math.floor(math.log10(largest))))


SHORT_UNITS = {
    "share of the distance between the outer eye corners": "eye distances",
    "0-1 (model activation)": "activation, 0–1",
    "share of a strong movement": "strong = 1",
}
"""Units that are too long for an axis, and how the axis says them; the section on limits spells them out."""


def shorten_unit(unit: str) -> str:
    """Return a unit short enough for an axis.

    Examples
    --------
    >>> shorten_unit("share of the distance between the outer eye corners"), shorten_unit("0-5")
    ('eye distances', '0–5')
    """
    return SHORT_UNITS.get(unit, re.sub(r"(?<=\d)-(?=\d)", "–", unit))


def describe_baseline(baseline: str | None, unit: str) -> str:
    """Return what an axis shows: the change from a baseline, or the level, with the unit.

    Examples
    --------
    >>> describe_baseline("difference [-1, 0)", "0-5"), describe_baseline(None, "0-5")
    ('Change from baseline (0–5)', 'Level (0–5)')
    """
    kind = (baseline or "none").split(" ")[0]
    words = {"none": "Level", "difference": "Change from baseline", "percent": "Change from baseline"}
    return f"{words.get(kind, 'Ratio to baseline')} ({shorten_unit(unit)})"

"""How statistics and effect sizes are written: their symbols, and which of them cannot pass 1.

Latin letters are italic, Greek ones upright, abbreviations such as CI and BF upright.

Source: American Psychological Association (2020), Publication manual, 7th edition, 6.44.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from mimicrylab.report.wording import BOUNDED_UNITS, choose_decimals, format_bounded, format_number


@dataclass(frozen=True)
class Symbol:
    """How a quantity is written: its symbol, and whether it cannot exceed 1 (then without a leading zero)."""

    html: Markup
    bounded: bool = False


EFFECT_SYMBOLS: tuple[tuple[str, Symbol], ...] = (
    ("Cohen's d (SD of the differences)", Symbol(Markup("<i>d<sub>z</sub></i>"))),
    ("Cohen's d", Symbol(Markup("<i>d</i>"))),
    ("Hedges' g (SD of the differences)", Symbol(Markup("<i>g<sub>z</sub></i>"))),
    ("Hedges' g", Symbol(Markup("<i>g</i>"))),
    ("partial eta squared", Symbol(Markup("η<sub>p</sub><sup>2</sup>"), bounded=True)),
    ("generalised eta squared", Symbol(Markup("η<sub>G</sub><sup>2</sup>"), bounded=True)),
    ("partial R squared", Symbol(Markup("partial <i>R</i><sup>2</sup>"), bounded=True)),
    ("adjusted R squared", Symbol(Markup("adjusted <i>R</i><sup>2</sup>"), bounded=True)),
    ("R squared out of sample", Symbol(Markup("<i>R</i><sup>2</sup>"), bounded=True)),
    ("R squared within the sample", Symbol(Markup("<i>R</i><sup>2</sup>"), bounded=True)),
    ("R squared", Symbol(Markup("<i>R</i><sup>2</sup>"), bounded=True)),
    ("rank-biserial correlation", Symbol(Markup("<i>r</i><sub>rb</sub>"), bounded=True)),
    ("Pearson's r", Symbol(Markup("<i>r</i>"), bounded=True)),
    ("Spearman's rho", Symbol(Markup("<i>r<sub>s</sub></i>"), bounded=True)),
    ("Kendall's tau-b", Symbol(Markup("τ<sub>b</sub>"), bounded=True)),
    ("Cramer's V", Symbol(Markup("<i>V</i>"), bounded=True)),
    ("odds ratio", Symbol(Markup("OR"))),
    ("hazard ratio", Symbol(Markup("HR"))),
    ("BF10", Symbol(Markup("BF<sub>10</sub>"))),
)
"""First words of an effect size's name, and how it is written; the first that fits counts."""

STATISTIC_SYMBOLS = {
    "t": Markup("<i>t</i>"),
    "z": Markup("<i>z</i>"),
    "F": Markup("<i>F</i>"),
    "U": Markup("<i>U</i>"),
    "W": Markup("<i>W</i>"),
    "W+": Markup("<i>W</i><sub>+</sub>"),
    "chi2": Markup("χ<sup>2</sup>"),
    "R squared": Markup("<i>R</i><sup>2</sup>"),
}

MULTIVARIATE_SYMBOLS = {
    "Wilks' lambda": Markup("Wilks’s Λ"),
    "Pillai's trace": Markup("Pillai’s <i>V</i>"),
    "Hotelling-Lawley trace": Markup("Hotelling’s <i>T</i>"),
    "Roy's largest root": Markup("Roy’s Θ"),
}
BOUNDED_MULTIVARIATE = frozenset({"Wilks' lambda", "Pillai's trace"})

SHARES = BOUNDED_UNITS | {
    "share",
    "share of people",
    "share of variance",
    "reliability",
    "kappa",
    "W",
    "Mauchly's W",
    "Cramer's V",
}
"""Units of numbers that cannot exceed 1 in size."""

MOST_DECIMALS_OF_SHARES = 3

CORRELATIONS = ("Pearson's r", "Spearman's rho", "Kendall's tau-b")
"""Units of estimates that are correlations."""

ADJUSTMENTS = {"Holm": "Holm", "Benjamini-Hochberg": "BH"}
"""How a correction is named in a family's label, and below the p."""


def find_effect_symbol(name: str) -> Symbol:
    """Return the symbol of an effect size; one that is not known is written by its name.

    Examples
    --------
    >>> str(find_effect_symbol("Cohen's d (average SD)").html), find_effect_symbol("Cramer's V").bounded
    ('<i>d</i>', True)
    """
    for beginning, symbol in EFFECT_SYMBOLS:
        if name.startswith(beginning):
            return symbol
    return Symbol(Markup.escape(name))


def find_statistic_symbol(name: str) -> Markup:
    """Return the symbol of a test statistic; one that is not known is written by its name.

    Examples
    --------
    >>> str(find_statistic_symbol("chi2"))
    'χ<sup>2</sup>'
    """
    return STATISTIC_SYMBOLS.get(name, Markup.escape(name))


def name_adjusted_p(family: str | None) -> Markup:
    """Return the symbol of the corrected p, by the correction that the family's label names.

    Examples
    --------
    >>> str(name_adjusted_p("H1 (Holm, 4 tests)")), str(name_adjusted_p("H2 (Benjamini-Hochberg, 9 tests)"))
    ('<i>p</i><sub>Holm</sub>', '<i>p</i><sub>BH</sub>')
    """
    for name, short in ADJUSTMENTS.items():
        if family and f"({name}" in family:
            return Markup("<i>p</i><sub>{}</sub>").format(short)
    return Markup("<i>p</i><sub>adj</sub>")


def is_share(unit: str) -> bool:
    """Return whether numbers in this unit cannot exceed 1 in size.

    Examples
    --------
    >>> is_share("share of frames"), is_share("0-5"), is_share("Pearson's r")
    (True, False, True)
    """
    return unit in SHARES or unit in CORRELATIONS or unit in BOUNDED_MULTIVARIATE


def choose_writer(values: list[float | None], *, unit: str = "", sign: bool = False) -> Callable[[float | None], str]:
    """Return how the numbers of one sentence are written: two decimals, more where the largest needs them.

    Examples
    --------
    >>> choose_writer([50.28, 9.39])(50.284), choose_writer([0.35, 0.11], unit="share of frames")(0.053)
    ('50.28', '.053')
    """
    share = is_share(unit)
    decimals = min(max(2, choose_decimals(values)), MOST_DECIMALS_OF_SHARES if share else 4)
    if unit == "share of variance":
        decimals = 2
    return partial(format_bounded if share else format_number, decimals=decimals, sign=sign)

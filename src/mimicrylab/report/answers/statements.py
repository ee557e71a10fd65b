"""The pieces of an APA sentence: a test, its p, an interval, an effect size, the groups' means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from mimicrylab.report.answers.symbols import (
    CORRELATIONS,
    MULTIVARIATE_SYMBOLS,
    choose_writer,
    find_effect_symbol,
    find_statistic_symbol,
    is_share,
    name_adjusted_p,
)
from mimicrylab.report.wording import (
    NO_BREAK,
    format_bounded,
    format_degrees,
    format_number,
    format_p,
    state_p,
)
from mimicrylab.stats.estimates import EffectSize, Estimate, GroupSummary

Writer = Callable[[float | None], str]

TEST_NAMES = (
    ("Welch's", "Welch's"),
    ("Student's", "Student's"),
    ("Mann-Whitney", "Mann-Whitney"),
    ("Paired Wilcoxon", "Wilcoxon"),
    ("One-sample Wilcoxon", "Wilcoxon"),
    ("log-rank", "log-rank"),
)
"""First words of a method, and what a sentence writes before the test's symbol."""

RESAMPLED = (
    ("Permutation test", "permutation test"),
    ("permutation test", "permutation test"),
    ("Paired sign-flip", "sign-flip test"),
    ("One-sample sign-flip", "sign-flip test"),
)
"""First words of a method whose p comes from resampling, and what is written after the test."""

UNSTATED = frozenset({"mean", "R squared"})
"""Statistics that are the estimate itself: not written twice."""


def join_pieces(pieces: Iterable[Markup | None]) -> Markup:
    """Return the pieces that there are, separated by commas."""
    return Markup(", ").join(piece for piece in pieces if piece)


def state_number(symbol: Markup | str, text: str) -> Markup:
    r"""Return ``symbol = text`` in one piece.

    Examples
    --------
    >>> str(state_number(Markup("<i>M</i>"), "50.28"))
    '<i>M</i>\xa0=\xa050.28'
    >>> str(state_number("BF", "> 100,000"))
    'BF\xa0&gt;\xa0100,000'
    """
    if text[:2] in ("> ", "< "):
        return Markup("{}{}{}{}{}").format(symbol, NO_BREAK, text[0], NO_BREAK, text[2:])
    return Markup("{}{}={}{}").format(symbol, NO_BREAK, NO_BREAK, text)


def state_interval(low: float | None, high: float | None, *, level: float, write: Writer) -> Markup | None:
    r"""Return the interval with its level; an end without a limit is an infinity sign; None where both are missing.

    Examples
    --------
    >>> str(state_interval(-0.031, 0.128, level=0.95, write=format_bounded))
    '95%\xa0CI\xa0[−.03,\xa0.13]'
    """
    if low is None and high is None:
        return None
    lower, upper = "−∞" if low is None else write(low), "∞" if high is None else write(high)
    percent = f"{level * 100:g}%"
    return Markup("{}{}CI{}[{},{}{}]").format(percent, NO_BREAK, NO_BREAK, lower, NO_BREAK, upper)


def state_test(estimate: Estimate) -> Markup | None:
    r"""Return the test with its degrees of freedom; None where there is no statistic.

    Examples
    --------
    >>> from mimicrylab.stats.estimates import Statistic
    >>> one = Estimate("", "", 8.5, statistic=Statistic("t", 3.017), df=(31.284,), method="Welch's t test, two-sided")
    >>> str(state_test(one))
    "Welch's <i>t</i>(31.28)\xa0=\xa03.02"
    """
    statistic = estimate.statistic
    resampled = next((words for start, words in RESAMPLED if estimate.method.startswith(start)), "")
    if statistic is None or statistic.value is None or statistic.name in UNSTATED:
        return Markup.escape(resampled) if resampled else None
    before = next((words for start, words in TEST_NAMES if estimate.method.startswith(start)), "")
    symbol = find_statistic_symbol(statistic.name)
    sizes = [format_degrees(df) for df in estimate.df]
    inside = Markup(f",{NO_BREAK}").join(sizes)
    if statistic.name == "chi2":
        people = state_number(Markup("<i>N</i>"), f"{estimate.n:,}")
        inside = Markup("{},{}{}").format(inside, NO_BREAK, people) if sizes else people
    head = Markup("{}({})").format(symbol, inside) if inside else symbol
    whole = "U" if statistic.name in ("U", "W+") else ""
    decimals = 1 if whole and not float(statistic.value).is_integer() else 0 if whole else 2
    write: Writer = format_bounded if statistic.name == "W" else format_number
    text = state_number(head, write(statistic.value, decimals=decimals))  # type: ignore[call-arg]
    text = Markup("{} {}").format(Markup(before), text) if before else text
    return Markup("{} ({})").format(text, resampled) if resampled else text


def state_ps(estimate: Estimate) -> Markup | None:
    """Return p, and behind it the corrected p where the estimate belongs to a family of several tests."""
    if estimate.p is None:
        return None
    pieces = [state_p(estimate.p)]
    if estimate.p_adjusted is not None and not is_alone(estimate):
        symbol = name_adjusted_p(estimate.family)
        written = format_p(estimate.p_adjusted).replace(" ", NO_BREAK)
        relation = f"{NO_BREAK}{written}" if written[0] in "<>" else f"{NO_BREAK}={NO_BREAK}{written}"
        pieces.append(symbol + relation)
    return join_pieces(pieces)


def is_alone(estimate: Estimate) -> bool:
    """Return whether the estimate is the only test of its family, so that there is nothing to correct."""
    return estimate.family is not None and estimate.family.endswith((", 1 test)", ", 1 tests)"))


def state_effect(effect: EffectSize | None, *, level: float) -> Markup | None:
    r"""Return an effect size with its interval.

    Examples
    --------
    >>> str(state_effect(EffectSize("Cohen's d (average SD)", 0.834, 0.301, 1.352), level=0.95))
    '<i>d</i>\xa0=\xa00.83, 95%\xa0CI\xa0[0.30,\xa01.35]'
    """
    if effect is None or effect.value is None:
        return None
    symbol = find_effect_symbol(effect.name)
    write: Writer = format_bounded if symbol.bounded else format_number
    interval = state_interval(effect.ci_low, effect.ci_high, level=level, write=write)
    return join_pieces([state_number(symbol.html, write(effect.value)), interval])


def state_group(group: GroupSummary, *, write: Writer, median: bool = False) -> Markup:
    r"""Return mean and standard deviation of a group, or its median.

    Examples
    --------
    >>> str(state_group(GroupSummary("female", 59, 50.28, 9.39), write=format_number))
    '<i>M</i>\xa0=\xa050.28, <i>SD</i>\xa0=\xa09.39'
    """
    if median:
        return state_number(Markup("<i>Mdn</i>"), write(group.median))
    return join_pieces(
        [state_number(Markup("<i>M</i>"), write(group.mean)), state_number(Markup("<i>SD</i>"), write(group.sd))]
    )


def write_numbers(estimate: Estimate) -> Writer:
    """Return how the estimate, its interval and its groups' means are written in one sentence."""
    if estimate.unit in CORRELATIONS or estimate.unit in MULTIVARIATE_SYMBOLS:
        return format_bounded if is_share(estimate.unit) else format_number
    values = [estimate.estimate, estimate.ci_low, estimate.ci_high]
    for group in estimate.groups:
        values += [group.mean, group.sd, group.median]
    return choose_writer(values, unit=estimate.unit)


def state_multivariate(estimate: Estimate) -> Markup:
    """Return a multivariate statistic with its value (``Wilks's Λ = .93``)."""
    symbol = MULTIVARIATE_SYMBOLS.get(estimate.unit, Markup.escape(estimate.unit))
    return state_number(symbol, write_numbers(estimate)(estimate.estimate))


def state_all(estimate: Estimate, *, first: Sequence[Markup | None] = ()) -> Markup:
    """Return everything behind an estimate: what stands first, the test, p, and the main effect size."""
    return join_pieces(
        [
            *first,
            state_test(estimate),
            state_ps(estimate),
            state_effect(estimate.effect_size, level=estimate.ci_level),
        ]
    )

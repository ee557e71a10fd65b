"""Sentences on differences: between two groups, within people, against a value, at the same covariate, equivalence."""

from __future__ import annotations

from markupsafe import Markup

from mimicrylab.report.answers.naming import capitalise, name_level, name_predictor, place_side
from mimicrylab.report.answers.setting import Setting, split_difference
from mimicrylab.report.answers.statements import (
    Writer,
    join_pieces,
    state_all,
    state_effect,
    state_group,
    state_interval,
    state_number,
    state_ps,
    state_test,
    write_numbers,
)
from mimicrylab.report.answers.verdict import is_equivalence, is_lost_in_correction, judge
from mimicrylab.report.wording import format_number, join_words
from mimicrylab.stats.estimates import Estimate

RANKED = ("Mann-Whitney", "Paired Wilcoxon", "One-sample Wilcoxon")
"""First words of methods whose groups are told by their medians."""
TOTAL = " score"
RATIOS = ("odds ratio", "hazard ratio")
"""First words of effect sizes that are told instead of the logarithm that was estimated."""
DECISIVE_BAYES = 3.0
"""A Bayes factor between a third and this says little either way (Jeffreys 1961)."""


def write_difference(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on a difference of two groups or conditions, or of a mean from a value."""
    if is_equivalence(estimate):
        return write_equivalence(estimate, setting)
    pair = split_difference(setting.split_contrast(setting.split(estimate)[1])[1])
    if pair is None or setting.analysis.model == "one_sample":
        return _write_level(estimate, setting)
    return _write_pair(estimate, setting, pair)


def _write_pair(estimate: Estimate, setting: Setting, pair: tuple[str, str]) -> Markup:
    subject = _name_subject(estimate, setting)
    first, second = (name_side(level, setting) for level in pair)
    write = write_numbers(estimate)
    groups = _state_groups(estimate, setting, write)
    numbers = join_pieces([state_difference(estimate, write), _state_tail(estimate, setting)])
    same = _name_covariates(setting)
    if judge(estimate, setting.analysis).is_shown:
        side = "higher" if (estimate.estimate or 0) > 0 else "lower"
        between = _are_people(pair, setting)
        if between and subject.endswith(TOTAL):
            head = f"{capitalise(first)} scored {side} than {second} on the {subject.removesuffix(TOTAL)}"
        else:
            head = f"The {subject} was {side} {place_side(first)} than {place_side(second)}"
        return Markup("{}{}{}, {}.").format(head, same, groups, numbers)
    return Markup("A difference between {} and {} in the {}{} was not shown{}, {}.{}").format(
        first,
        second,
        subject,
        same,
        groups,
        numbers,
        explain_not_shown(estimate, setting, what="difference"),
    )


def _are_people(pair: tuple[str, str], setting: Setting) -> bool:
    """Return whether the two sides are different people: so it is but for conditions of the same people."""
    if setting.analysis.model not in ("paired", "repeated", "mixed"):
        return True
    return any(
        set(pair) <= _list_levels(one.name, setting) for one in setting.analysis.predictors if one.kind != "within"
    )


def _list_levels(column: str, setting: Setting) -> set[str]:
    table = setting.result.data
    return {str(level) for level in table[column].drop_nulls().unique()} if column in table.columns else set()


def _name_covariates(setting: Setting) -> str:
    """Return at the same value of what the groups are compared, or nothing."""
    covariates = [one for one in setting.analysis.predictors if one.kind == "covariate"]
    if not covariates or setting.analysis.model != "ancova":
        return ""
    return f" at the same {join_words([name_predictor(one, setting.words) for one in covariates])}"


def _write_level(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on a mean against a value (0, unless the plan names another)."""
    subject, write = _name_subject(estimate, setting), write_numbers(estimate)
    value = setting.analysis.compared_with
    against = f"{value:g}" if value else "zero"
    groups = _state_groups(estimate, setting, write)
    plain = value == 0 and len(estimate.groups) == 1 and not estimate.method.startswith(RANKED)
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
    first = interval if plain else state_difference(estimate, write)
    numbers = join_pieces([first, _state_tail(estimate, setting)])
    if judge(estimate, setting.analysis).is_shown:
        side = "above" if (estimate.estimate or 0) > 0 else "below"
        return Markup("The {} was {} {}{}, {}.").format(subject, side, against, groups, numbers)
    return Markup("That the {} differs from {} was not shown{}, {}.{}").format(
        subject, against, groups, numbers, explain_not_shown(estimate, setting, what="difference" if value else "mean")
    )


def _name_subject(estimate: Estimate, setting: Setting) -> str:
    """Return what differs: the outcome, or a planned contrast of it."""
    contrast = setting.split_contrast(setting.split(estimate)[1])[0]
    subject = setting.name_subject(estimate)
    return f"contrast “{contrast.replace('_', ' ')}” of the {subject}" if contrast else subject


def name_side(level: str, setting: Setting) -> str:
    """Return one side of a comparison as a sentence names it."""
    grouping = [one for one in setting.analysis.predictors if one.kind in ("treatment", "trait", "within")]
    own = [one for one in grouping if level in _list_levels(one.name, setting)]
    chosen = own or grouping
    return name_level(level, chosen[0] if chosen else None, words=setting.words)


def _state_groups(estimate: Estimate, setting: Setting, write: Writer) -> Markup:
    """Return means (or medians) of the groups in parentheses, with a space before, or nothing."""
    ranked = estimate.method.startswith(RANKED)
    known = [group for group in estimate.groups if (group.median if ranked else group.mean) is not None]
    if not known:
        return Markup("")
    sizes = [state_number(Markup("<i>n</i>"), f"{group.n:,}") for group in known]
    means = [state_group(group, write=write, median=ranked) for group in known]
    if len(known) == 2 and setting.analysis.model == "one_sample":  # both sides of a congruence index
        named = [Markup("{}: {}").format(group.name, one) for group, one in zip(known, means, strict=True)]
        return Markup(" ({}; {})").format(Markup("; ").join(named), sizes[0])
    if len(known) == 2 and estimate.n == known[0].n == known[1].n:
        return Markup(" ({}; {})").format(Markup(" vs ").join(means), sizes[0])
    return Markup(" ({})").format(Markup(" vs ").join(join_pieces(one) for one in zip(means, sizes, strict=True)))


def state_difference(estimate: Estimate, write: Writer) -> Markup | None:
    """Return the difference in its own unit with its interval; None where there is no number."""
    if estimate.estimate is None:
        return None
    name = "adjusted difference" if estimate.method.startswith("adjusted difference") else "difference"
    if "Hodges-Lehmann" in estimate.method:
        name = "Hodges-Lehmann shift"
    elif "pseudo-median" in estimate.method:
        name = "pseudo-median"
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
    return join_pieces([state_number(name, write(estimate.estimate)), interval])


def _state_tail(estimate: Estimate, setting: Setting) -> Markup:
    """Return test, p, effect size, and the Bayes factor where there is one."""
    bayes = setting.find_bayes(estimate)
    effect = state_effect(estimate.effect_size, level=estimate.ci_level)
    factor = state_number(Markup("BF<sub>10</sub>"), write_bayes(bayes.estimate)) if bayes is not None else None
    return join_pieces([state_test(estimate), state_ps(estimate), effect, factor])


def write_bayes(value: float | None) -> str:
    """Return a Bayes factor: two decimals, fewer where it is large, powers where it is out of every scale.

    Examples
    --------
    >>> write_bayes(0.214), write_bayes(134.6), write_bayes(2.4e7), write_bayes(0.00004)
    ('0.21', '135', '> 100,000', '< 0.001')
    """
    if value is None:
        return format_number(None)
    if value > 100_000:
        return "> 100,000"
    if value < 0.001:
        return "< 0.001"
    return format_number(value, decimals=3 if value < 0.1 else 2 if value < 100 else 0)


def explain_not_shown(estimate: Estimate, setting: Setting, *, what: str, write: Writer | None = None) -> Markup:
    """Return what can be said where a test is not significant: what the interval excludes, and the Bayes factor.

    It never says that there is no effect.
    """
    write = write or write_numbers(estimate)
    low, high, effect = estimate.ci_low, estimate.ci_high, estimate.effect_size
    if effect is not None and effect.name.startswith(RATIOS):
        write, low, high, what = format_number, effect.ci_low, effect.ci_high, effect.name.partition(" (")[0]
    sentences: list[Markup] = []
    if is_lost_in_correction(estimate, setting.analysis):
        lost = "The uncorrected p and its interval would say otherwise; the corrected p decides."
        sentences.append(Markup.escape(lost))
    else:
        limits = [f"above {write(high)}"] if high is not None else []
        limits += [f"below {write(low)}"] if low is not None else []
        if limits:
            article = "an" if what[0] in "aeiou" else "a"
            excluded = (
                f"The interval excludes {article} {what} {' and '.join(limits)}; within it the data do not decide."
            )
            sentences.append(Markup.escape(excluded))
    bayes = setting.find_bayes(estimate)
    if bayes is not None and bayes.estimate is not None:
        sentences.append(Markup.escape(explain_bayes(bayes.estimate, what=what)))
        if "Welch" in estimate.method:
            sentences.append(Markup.escape("Unlike Welch's test, the Bayes factor takes the groups to spread alike."))
    return Markup("").join(Markup(" ") + sentence for sentence in sentences)


def explain_bayes(factor: float, *, what: str) -> str:
    """Return a Bayes factor in words.

    Examples
    --------
    >>> explain_bayes(0.2, what="difference")
    'The data are 5.0 times as likely without a difference as with one.'
    >>> explain_bayes(1.5, what="difference")
    'The Bayes factor does not decide between a difference and none.'
    """
    if factor < 1 / DECISIVE_BAYES:
        times = format_number(1 / factor, decimals=1) if factor > 0.001 else "more than 1,000"
        return f"The data are {times} times as likely without a {what} as with one."
    if factor > DECISIVE_BAYES:
        times = format_number(factor, decimals=1) if factor < 1000 else "more than 1,000"
        return f"The data are {times} times as likely with a {what} as without one."
    return f"The Bayes factor does not decide between a {what} and none."


def write_equivalence(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on two one-sided tests: a small p means that the difference lies within the limits."""
    subject, write = setting.name_subject(estimate), write_numbers(estimate)
    term, _, limits = setting.split(estimate)[1].partition(" between ")
    low, _, high = limits.partition(" and ")
    pair = split_difference(term)
    whose = f"The {subject}"
    if pair is not None:
        first, second = (name_side(level, setting) for level in pair)
        whose = f"The difference between {first} and {second} in the {subject}"
    shown = judge(estimate, setting.analysis).is_shown
    verdict = "lies within" if shown else "was not shown to lie within"
    bounds = f"{_write_limit(low, write)} to {_write_limit(high, write)}" if high else "the limits"
    return Markup("{} {} {} (two one-sided tests): {}.").format(
        whose, verdict, bounds, state_all(estimate, first=[state_difference(estimate, write)])
    )


def _write_limit(text: str, write: Writer) -> str:
    try:
        return write(float(text))
    except ValueError:
        return text

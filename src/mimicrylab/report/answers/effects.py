"""Sentences on F tests, counts, onsets and plain descriptions."""

from __future__ import annotations

from markupsafe import Markup

from mimicrylab.report.answers.associations import name_term
from mimicrylab.report.answers.naming import capitalise, find_predictor, name_column
from mimicrylab.report.answers.setting import Setting, split_difference
from mimicrylab.report.answers.statements import (
    join_pieces,
    state_all,
    state_effect,
    state_group,
    state_interval,
    state_multivariate,
    state_number,
    state_ps,
    state_test,
    write_numbers,
)
from mimicrylab.report.answers.verdict import judge
from mimicrylab.report.wording import format_share, join_words
from mimicrylab.stats.estimates import Estimate

SHARE_OF_PEOPLE = "share of people"
F_OF = "F of "
"""Before a term of a mixed model that is tested as a whole."""


def write_effect(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on an F test of a factor, a covariate or an interaction."""
    subject = setting.name_subject(estimate)
    term = setting.split(estimate)[1].removeprefix(F_OF)
    parts = [name_term(part, setting) for part in term.split(":")]
    shown = judge(estimate, setting.analysis).is_shown
    numbers = state_all(estimate)
    if len(parts) == 1:
        if shown:
            return Markup("The {} differed by {}, {}.").format(subject, parts[0], numbers)
        return Markup("That the {} differs by {} was not shown, {}.").format(subject, parts[0], numbers)
    verb = "depended on" if shown else "was not shown to depend on"
    return Markup("In the {}, the effect of {} {} {}, {}.").format(
        subject, parts[0], verb, join_words(parts[1:]), numbers
    )


def write_multivariate(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on the test of several outcomes together."""
    subject = setting.name_subject(estimate)
    predictor = name_term(setting.split(estimate)[1].removesuffix(f", {estimate.unit}"), setting)
    shown = judge(estimate, setting.analysis).is_shown
    verb = "differed by" if shown else "were not shown to differ by"
    return Markup("Together, the outcomes ({}) {} {}, {}.").format(
        subject, verb, predictor, state_all(estimate, first=[state_multivariate(estimate)])
    )


def write_association(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on two categories: chi-square with Cramer's V, or Fisher's odds ratio."""
    subject = setting.name_subject(estimate)
    predictor = find_predictor(setting.analysis)
    other = name_column(predictor.name, setting.words) if predictor else "the other category"
    shown = judge(estimate, setting.analysis).is_shown
    if estimate.unit == "odds ratio":
        write = write_numbers(estimate)
        interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
        value = state_number("OR", write(estimate.estimate)) if estimate.estimate is not None else None
        numbers = join_pieces([value, interval, state_ps(estimate), Markup("Fisher's exact test")])
    else:
        numbers = state_all(estimate)
    if shown:
        return Markup("{} and {} were associated, {}.").format(capitalise(subject), other, numbers)
    return Markup("An association of {} with {} was not shown, {}.").format(subject, other, numbers)


def write_onsets(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on onset latencies: log-rank test, hazard ratio, median, share of responders."""
    term = setting.split(estimate)[1]
    write = write_numbers(estimate)
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
    if estimate.method.startswith("log-rank"):
        predictor = find_predictor(setting.analysis, "treatment", "trait")
        by = name_column(predictor.name, setting.words) if predictor else "group"
        verb = "differed by" if judge(estimate, setting.analysis).is_shown else "were not shown to differ by"
        return Markup("Times to onset {} {}, {}.").format(verb, by, state_all(estimate))
    if estimate.unit == "log hazard ratio":
        sooner = "sooner" if (estimate.estimate or 0) > 0 else "later"
        shown = judge(estimate, setting.analysis).is_shown
        head = f"Onsets came {sooner} with" if shown else "That onsets come sooner or later was not shown for"
        effect = state_effect(estimate.effect_size, level=estimate.ci_level)
        numbers = join_pieces([effect, state_test(estimate), state_ps(estimate)])
        return Markup("{} {}, {}.").format(head, name_term(term, setting), numbers)
    if term.startswith("median"):
        who = term.removeprefix("median").removeprefix(", ")
        among = f" ({who.replace('_', ' ')})" if who else ""
        if estimate.estimate is None:
            return Markup("Fewer than half had an onset within the window{}.").format(among)
        seconds = f"{write(estimate.estimate)} s"
        return Markup("Half had an onset by {}{}, {}.").format(seconds, among, interval or "without an interval")
    if term.startswith(("share", "responders")):
        who = term.partition(", ")[2].replace("_", " ")
        interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=format_share)
        among = f" ({who})" if who else ""
        return Markup("{} of {} people had an onset in at least half of their trials{}, {}.").format(
            format_share(estimate.estimate), estimate.n, among, interval or "without an interval"
        )
    return Markup("{}: {}.").format(capitalise(name_term(term, setting)), state_all(estimate))


def write_description(estimate: Estimate, setting: Setting) -> Markup:
    """Return mean, standard deviation and number of people, or the share of an answer, without a test."""
    subject = capitalise(setting.name_subject(estimate))
    who, comma, what = setting.split(estimate)[1].rpartition(", ")
    write = format_share if estimate.unit == SHARE_OF_PEOPLE else write_numbers(estimate)
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
    size = state_number(Markup("<i>n</i>"), f"{estimate.n:,}")
    among = f", {who.replace('_', ' ')}" if comma else ""
    if estimate.unit == SHARE_OF_PEOPLE:
        share = format_share(estimate.estimate)
        return Markup("{}{}: {} answered “{}”, {}.").format(subject, among, share, what, join_pieces([interval, size]))
    means = [state_group(group, write=write) for group in estimate.groups[:1]]
    first = means or [state_number(Markup("<i>M</i>"), write(estimate.estimate))]
    return Markup("{}{}: {}.").format(subject, among, join_pieces([*first, interval, size]))


def is_pair(estimate: Estimate, setting: Setting) -> bool:
    """Return whether a term is the difference of two levels."""
    return split_difference(setting.split(estimate)[1]) is not None

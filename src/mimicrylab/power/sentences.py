"""An answer about power in words that can stand in a preregistration, in plain text."""

from __future__ import annotations

from mimicrylab import __version__
from mimicrylab.power.answers import PowerAnswer
from mimicrylab.report.wording import format_bounded, format_number
from mimicrylab.stats.power_designs import CorrelationDesign, Design, GroupsDesign, RegressionDesign, RepeatedDesign

SOURCE = "noncentral F distribution, as in G*Power 3.1 (Faul et al., 2009)"
EXACT_SOURCE = "exact distribution for two normal variables, as in G*Power 3.1 (Faul et al., 2009)"

REPEATED_EFFECTS = {
    "between": "difference between the groups, averaged over the measurements,",
    "within": "difference between the measurements",
    "interaction": "interaction of group and measurement",
}


def word_answer(answer: PowerAnswer) -> str:
    """Return the answer as sentences for a preregistration or a paper.

    Examples
    --------
    >>> from mimicrylab.power.answers import answer_question
    >>> print(word_answer(answer_question(CorrelationDesign(), effect=0.3)).partition(" (")[0])
    A sample of 84 participants gives a power of .80 to find a correlation of r = .30
    """
    who = f"{answer.people} participants{_word_groups(answer.groups)}"
    power = f"a power of {format_bounded(answer.power)}"
    test = f"({name_test(answer.design)}, α = {_word_level(answer.alpha)})"
    effect = f"{name_effect(answer.design)} of {word_effect(answer.design, answer.effect)}"
    if answer.asked == "effect":
        first = f"With {who}, the smallest {name_effect(answer.design, article=False)} that is found with {power} is "
        first += f"{word_effect(answer.design, answer.effect)} {test}."
    else:
        first = f"A sample of {who} gives {power} to find {effect} {test}."
    source = EXACT_SOURCE if isinstance(answer.design, CorrelationDesign) else SOURCE
    sentences = [first, _word_losses(answer), f"Computed with MimicryLab {__version__}; {source}."]
    return " ".join(sentence for sentence in sentences if sentence)


def summarise_answer(answer: PowerAnswer) -> str:
    """Return the answer in one short line, what was asked for first.

    Examples
    --------
    >>> from mimicrylab.power.answers import answer_question
    >>> print(summarise_answer(answer_question(GroupsDesign(), effect=0.5)))
    128 participants (64 in each of 2 groups): power .80 for d = 0.50, alpha .05
    """
    people = f"{answer.people} participants{_word_groups(answer.groups)}"
    if answer.enrolled != answer.people:
        people = f"{answer.enrolled} take part, of whom {answer.people} are analysed{_word_groups(answer.groups)}"
    power, effect = f"power {format_bounded(answer.power)}", word_effect(answer.design, answer.effect)
    level = f"alpha {_word_level(answer.alpha)}"
    if answer.asked == "people":
        return f"{people}: {power} for {effect}, {level}"
    if answer.asked == "power":
        return f"{power}: {people}, {effect}, {level}"
    return f"{effect}: the smallest effect found with {power}, {level}; {people}"


def name_test(design: Design) -> str:
    """Return the test with what its power rests on.

    Examples
    --------
    >>> name_test(RegressionDesign(5, 2))
    'F test of 2 of 5 predictors in a linear regression'
    """
    if isinstance(design, GroupsDesign):
        return "two-sided t test of two independent groups"
    if isinstance(design, CorrelationDesign):
        return "two-sided test of Pearson's correlation against 0"
    if isinstance(design, RegressionDesign):
        return f"F test of {design.tested} of {design.predictors} predictors in a linear regression"
    if isinstance(design, RepeatedDesign):
        kind = "MANOVA" if design.multivariate else "analysis of variance"
        sphericity = "" if design.epsilon == 1 or design.multivariate else f", ε = {format_bounded(design.epsilon)}"
        groups = "1 group" if design.groups == 1 else f"{design.groups} groups"
        return (
            f"repeated measures {kind}, {groups} × {design.measurements} measurements that correlate "
            f"{format_bounded(design.correlation)}{sphericity}"
        )
    return "two-sided paired or one-sample t test"


def name_effect(design: Design, *, article: bool = True) -> str:
    """Return what the effect is, with its article where it is to have one."""
    if isinstance(design, GroupsDesign):
        name = "difference between two groups"
    elif isinstance(design, CorrelationDesign):
        name = "correlation"
    elif isinstance(design, RegressionDesign):
        name = "increase in explained variance"
    elif isinstance(design, RepeatedDesign):
        name = REPEATED_EFFECTS[design.tested]
    else:
        name = "difference within persons"
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}" if article else name


def word_effect(design: Design, effect: float) -> str:
    """Return the effect with its symbol, as APA style writes it.

    Examples
    --------
    >>> word_effect(GroupsDesign(), 0.5), word_effect(CorrelationDesign(), 0.3)
    ('d = 0.50', 'r = .30')
    """
    symbol = {"f2": "f²", "d_z": "d_z"}.get(design.effect_name, design.effect_name)
    text = format_bounded(effect) if isinstance(design, CorrelationDesign) else format_number(effect)
    return f"{symbol} = {text}"


def _word_level(alpha: float) -> str:
    return f"{alpha:g}".replace("0.", ".", 1)


def _word_groups(groups: tuple[int, ...]) -> str:
    if not groups:
        return ""
    if len(set(groups)) == 1:
        return f" ({groups[0]} in each of {len(groups)} groups)"
    return f" ({', '.join(map(str, groups[:-1]))} and {groups[-1]} in {len(groups)} groups)"


def _word_losses(answer: PowerAnswer) -> str:
    if not answer.losses:
        return ""
    share = f"{100 * answer.losses:g} % of the participants"
    return f"Because {share} may be lost before the analysis, {answer.enrolled} take part."

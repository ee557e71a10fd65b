"""Sentences on what goes with what: correlations, coefficients, explained variance, moderation, prediction."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from mimicrylab.report.answers.comparisons import RATIOS, explain_not_shown, write_bayes
from mimicrylab.report.answers.naming import (
    find_predictor,
    name_column,
    name_label,
    name_level,
    name_predictor,
    place_side,
)
from mimicrylab.report.answers.setting import Setting, split_level
from mimicrylab.report.answers.statements import (
    Writer,
    join_pieces,
    state_all,
    state_effect,
    state_interval,
    state_number,
    state_ps,
    state_test,
    write_numbers,
)
from mimicrylab.report.answers.symbols import CORRELATIONS, choose_writer, find_effect_symbol
from mimicrylab.report.answers.verdict import judge
from mimicrylab.report.signals import TABLE_PREFIX
from mimicrylab.report.wording import format_bounded, format_degrees
from mimicrylab.stats.estimates import Estimate

EMOTION_SPACED = TABLE_PREFIX.replace(":", " ")
MARGINAL = "average marginal effect of "
COEFFICIENT = Markup("<i>b</i>")
PARTS = {
    "overall: ": "Over both parts: ",
    "any: ": "In whether anything moved: ",
    "amount: ": "In how much moved, where anything did: ",
}
"""The two parts of a two-part model, as a sentence begins on them."""


def write_correlation(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on a correlation over people."""
    subject, trait = _name_correlated(estimate, setting)
    numbers = join_pieces([state_correlation(estimate), state_ps(estimate), _state_bayes(estimate, setting)])
    if judge(estimate, setting.analysis).is_shown:
        direction = "positively" if (estimate.estimate or 0) > 0 else "negatively"
        return Markup("The {} correlated {} with the {}, {}.").format(subject, direction, trait, numbers)
    return Markup("A correlation of the {} with the {} was not shown, {}.{}").format(
        subject, trait, numbers, explain_not_shown(estimate, setting, what="correlation")
    )


def state_correlation(estimate: Estimate) -> Markup:
    r"""Return a correlation with its degrees of freedom (or n) and its interval.

    Examples
    --------
    >>> one = Estimate("", "AU12", 0.284, unit="Pearson's r", ci_low=0.006, ci_high=0.521, df=(48.0,), n=50)
    >>> str(state_correlation(one))
    '<i>r</i>(48)\xa0=\xa0.28, 95%\xa0CI\xa0[.01,\xa0.52]'
    """
    symbol = find_effect_symbol(estimate.unit).html
    inside = (
        Markup.escape(format_degrees(estimate.df[0])) if estimate.df else Markup("<i>n</i> = {}").format(estimate.n)
    )
    head = Markup("{}({})").format(symbol, inside)
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=format_bounded)
    return join_pieces([state_number(head, format_bounded(estimate.estimate)), interval])


def _name_correlated(estimate: Estimate, setting: Setting) -> tuple[str, str]:
    """Return both sides of a correlation in words: what the estimate is about, and the trait."""
    labels, last = setting.split(estimate)
    predictor = find_predictor(setting.analysis, "trait", "covariate", "features")
    if predictor is not None and predictor.kind == "features":
        return name_label(last), setting.name_subject(estimate) if labels else setting.outcome
    return setting.name_subject(estimate), name_trait(setting)


def name_trait(setting: Setting) -> str:
    """Return what is correlated with, in words."""
    predictor = find_predictor(setting.analysis, "trait", "covariate", "moderator")
    return name_predictor(predictor, setting.words) if predictor else "trait"


def name_moderator(setting: Setting) -> str:
    """Return the moderator in words."""
    predictor = find_predictor(setting.analysis, "moderator")
    return name_predictor(predictor, setting.words) if predictor else "moderator"


def _state_bayes(estimate: Estimate, setting: Setting) -> Markup | None:
    bayes = setting.find_bayes(estimate)
    return state_number(Markup("BF<sub>10</sub>"), write_bayes(bayes.estimate)) if bayes is not None else None


def write_coefficient(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on one coefficient: an arm or level against its reference, a slope, an interaction."""
    term = setting.split(estimate)[1]
    for part, beginning in PARTS.items():
        if term.startswith(part):
            rest = replace(estimate, term=estimate.term.replace(part, "", 1))
            sentence = write_coefficient(rest, setting)
            return Markup("{}{}{}").format(beginning, sentence[:1].lower(), sentence[1:])
    subject = setting.name_subject(estimate)
    numbers = state_coefficient(estimate)
    shown = judge(estimate, setting.analysis).is_shown
    positive = (estimate.estimate or 0) > 0
    if ":" in term and not is_feature(term, setting):
        parts = [name_effect(part, setting) for part in term.split(":")]
        verb = "changed" if shown else "was not shown to change"
        return Markup("The effect of {} on the {} {} with {}, {}.{}").format(
            parts[0],
            subject,
            verb,
            " and ".join(part if "(" in part else f"the {part}" for part in parts[1:]),
            numbers,
            ""
            if shown
            else explain_not_shown(
                estimate, setting, what="change of the effect (per unit)", write=write_slope_numbers(estimate)
            ),
        )
    level = None if is_feature(term, setting) else split_level(term.removeprefix(MARGINAL))
    if level is not None:
        who, other = _name_levels(level, setting)
        if shown:
            side = "higher" if positive else "lower"
            head = f"The {subject} was {side} {place_side(who)} than {place_side(other)}{_hold(setting)}".rstrip(",")
            return Markup("{}, {}.").format(head, numbers)
        return Markup("A difference between {} and {} in the {}{} was not shown, {}.{}").format(
            who, other, subject, _hold(setting), numbers, explain_not_shown(estimate, setting, what="difference")
        )
    name = name_term(term, setting)
    if shown:
        direction = "rose" if positive else "fell"
        head = f"The {subject} {direction} with the {name}{_hold(setting)}".rstrip(",")
        return Markup("{}, {}.").format(head, numbers)
    return Markup("A relation of the {} with the {}{} was not shown, {}.{}").format(
        subject,
        name,
        _hold(setting),
        numbers,
        explain_not_shown(estimate, setting, what="slope", write=write_slope_numbers(estimate)),
    )


def _hold(setting: Setting) -> str:
    """Return that other predictors are held constant, where there are others."""
    several = len(setting.analysis.predictors) > 1 or any(one.kind == "features" for one in setting.analysis.predictors)
    return ", other predictors being equal," if several else ""


def state_coefficient(estimate: Estimate) -> Markup:
    """Return b (or the odds or hazard ratio) with its interval, the test, p and the effect size."""
    write = write_slope_numbers(estimate)
    effect = estimate.effect_size
    if effect is not None and effect.name.startswith(RATIOS):
        return join_pieces([state_effect(effect, level=estimate.ci_level), state_test(estimate), state_ps(estimate)])
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
    symbol = MARGINAL.removesuffix(" of ") if MARGINAL in estimate.term else COEFFICIENT
    first = [state_number(symbol, write(estimate.estimate)), interval]
    return state_all(estimate, first=first if estimate.estimate is not None else ())


def write_slope_numbers(estimate: Estimate) -> Writer:
    """Return how a coefficient is written: that of a level as its outcome, a slope (a change a unit) unbounded."""
    if "[" in estimate.term and ":" not in estimate.term.rpartition(": ")[2]:
        return write_numbers(estimate)
    return choose_writer([estimate.estimate, estimate.ci_low, estimate.ci_high])


def name_term(term: str, setting: Setting) -> str:
    """Return a coefficient's term in words."""
    if term.startswith(MARGINAL):
        return name_term(term.removeprefix(MARGINAL), setting)
    if is_feature(term, setting):
        return name_label(term.replace(EMOTION_SPACED, TABLE_PREFIX, 1))
    level = split_level(term)
    if level is not None:
        return _name_levels(level, setting)[0]
    for predictor in setting.analysis.predictors:
        if term in (predictor.name, f"{predictor.name}_{predictor.block}"):
            return name_predictor(predictor, setting.words)
    return name_column(term, setting.words) if "." in term else name_label(term)


def is_feature(term: str, setting: Setting) -> bool:
    """Return whether a term is one of a set of features: its colon or bracket belongs to its name.

    A model writes a feature's colon as a space, because a colon is a product there.
    """
    features = [name for name, role in setting.result.roles.items() if role == "feature"]
    return term in features or term in {name.replace(":", " ") for name in features}


def name_coefficient(term: str, setting: Setting) -> str:
    """Return a row of a table of coefficients: a level with its reference, a product, or a predictor."""
    for part in PARTS:
        if term.startswith(part):
            return f"{part}{name_coefficient(term.removeprefix(part), setting)}"
    bare = term.removeprefix(MARGINAL)
    if ":" in bare and not is_feature(bare, setting):
        text = " × ".join(name_coefficient(one, setting) for one in bare.split(":"))
    elif split_level(bare) is not None and not is_feature(bare, setting):
        text = name_effect(bare, setting)
    else:
        text = name_term(bare, setting)
    return text if bare == term else f"{MARGINAL}{text}"


def name_effect(term: str, setting: Setting) -> str:
    """Return the effect of a predictor in words: a level against its reference, or the predictor."""
    level = split_level(term)
    if level is None:
        return name_term(term, setting)
    return f"{level[0].replace('_', ' ')} ({level[1].replace('_', ' ')} against {_find_reference(level, setting)})"


def _find_reference(level: tuple[str, str], setting: Setting) -> str:
    column, name = level
    if column not in setting.result.data.columns:
        return "the reference"
    found = [str(one) for one in setting.result.data[column].drop_nulls().unique().sort()]
    others = [one for one in found if one != name]
    return others[0].replace("_", " ") if len(others) == 1 else "the reference"


def _name_levels(level: tuple[str, str], setting: Setting) -> tuple[str, str]:
    """Return a level and its reference in words; the reference is the other level of the table, where it has two."""
    predictors = [one for one in setting.analysis.predictors if one.name == level[0]]
    predictor = predictors[0] if predictors else find_predictor(setting.analysis, "treatment", "trait", "within")
    reference = _find_reference(level, setting)
    named = reference if reference == "the reference" else name_level(reference, predictor, words=setting.words)
    return name_level(level[1], predictor, words=setting.words), named


def write_explained(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on the variance that a whole regression explains."""
    subject = setting.name_subject(estimate)
    sizes = [state_effect(effect, level=estimate.ci_level) for effect in estimate.effect_sizes]
    numbers = join_pieces([*sizes, state_test(estimate), state_ps(estimate)])
    count = int(estimate.df[0]) if estimate.df else 0
    many = "The predictor" if count == 1 else f"The {count} predictors together" if count else "The predictors together"
    verb = "explained" if judge(estimate, setting.analysis).is_shown else "were not shown to explain"
    if count == 1 and verb.startswith("were"):
        verb = "was not shown to explain"
    return Markup("{} {} the {}, {}.").format(many, verb, subject, numbers)


def write_slope(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on a simple slope: the predictor's effect at one value of the moderator."""
    name, _, place = setting.split(estimate)[1].partition(" at ")
    where, _, moderator = place.partition(" of ")
    spoken = {"-1 SD": "one standard deviation below the mean", "+1 SD": "one standard deviation above the mean"}
    position = f"{spoken.get(where, where)} of the {name_term(moderator, setting)}" if moderator else place
    verb = "was not shown"
    if judge(estimate, setting.analysis).is_shown:
        verb = "was positive" if (estimate.estimate or 0) > 0 else "was negative"
    return Markup("At {}, the effect of {} {}, {}.").format(
        position, name_effect(name, setting), verb, state_coefficient(estimate)
    )


def is_correlation(estimate: Estimate) -> bool:
    """Return whether an estimate is a correlation."""
    return estimate.unit in CORRELATIONS

"""The question of each planned analysis in words, and its verdict in a word or two."""

from __future__ import annotations

from collections.abc import Callable

from mimicrylab.protocol.analyses import Analysis, Predictor
from mimicrylab.report.answers.comparisons import name_side
from mimicrylab.report.answers.naming import find_predictor, name_level, name_predictor
from mimicrylab.report.answers.setting import Setting, split_difference
from mimicrylab.report.answers.verdict import is_equivalence, judge
from mimicrylab.report.wording import join_words
from mimicrylab.stats.estimates import Estimate


def ask(setting: Setting) -> str:
    """Return what an analysis asks, as one sentence.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> from mimicrylab.stats.plan.results import AnalysisResult
    >>> gender = Predictor(name="gender", kind="trait")
    >>> plan = Analysis(id="eq", hypothesis="H1", model="two_groups", outcome=Outcome(score="EQ-60.total"),
    ...                 predictors=(gender,), groups=("female", "male"))
    >>> ask(Setting(AnalysisResult(plan)))
    'Does the EQ-60 score differ between women and men?'
    """
    question = QUESTIONS[setting.analysis.model](setting)
    whole = f"{question}{_name_each(setting.analysis)}{_name_people(setting)}"
    return whole if setting.analysis.model == "description" else f"{whole}?"


def _ask_level(setting: Setting) -> str:
    value = setting.analysis.compared_with
    against = f"{value:g}" if value else "zero"
    if setting.analysis.method == "equivalence":
        return f"Is the {setting.outcome} practically {against}"
    return f"Does the {setting.outcome} differ from {against}"


def _ask_difference(setting: Setting) -> str:
    analysis = setting.analysis
    predictor = find_predictor(analysis, "treatment", "trait", "within")
    contrasts = [f"“{contrast.name.replace('_', ' ')}”" for contrast in analysis.contrasts]
    if contrasts:
        return f"Does the {setting.outcome} differ in the planned contrast{'s' * (len(contrasts) > 1)} " + join_words(
            contrasts
        )
    levels = analysis.groups or (tuple(predictor.recode) if predictor else ())
    what = "Is" if analysis.method == "equivalence" else "Does"
    how = "practically the same" if analysis.method == "equivalence" else "differ"
    if predictor is not None and len(levels) == 2:
        sides = [name_level(level, predictor, words=setting.words) for level in levels]
        joined = f"in {sides[0]} and {sides[1]}" if what == "Is" else f"between {sides[0]} and {sides[1]}"
        return f"{what} the {setting.outcome} {how} {joined}"
    return f"{what} the {setting.outcome} {how} by {_list_predictors(setting, 'treatment', 'trait', 'within')}"


def _ask_conditions(setting: Setting) -> str:
    if setting.analysis.contrasts:
        return _ask_difference(setting)
    named = [one for one in setting.analysis.predictors if one.kind != "covariate"]
    by = join_words([_name_predictor(one, setting) for one in named])
    together = any(one.interacts_with for one in named)
    return f"Does the {setting.outcome} differ by {by}{', and does one change the effect of the other' * together}"


def _ask_relation(setting: Setting) -> str:
    return f"Does the {setting.outcome} go together with the {_list_predictors(setting)}"


def _ask_regression(setting: Setting) -> str:
    if setting.analysis.contrasts:
        return _ask_difference(setting)
    return f"Does the {setting.outcome} depend on the {_list_predictors(setting)}"


def _ask_together(setting: Setting) -> str:
    return f"Do all outcomes together ({setting.outcome}) depend on the {_list_predictors(setting)}"


def _ask_at_covariate(setting: Setting) -> str:
    by = _list_predictors(setting, "treatment", "trait", "within")
    at = _list_predictors(setting, "covariate", "moderator")
    return f"Does the {setting.outcome} differ by {by} at the same {at}"


def _ask_moderation(setting: Setting) -> str:
    effect = _list_predictors(setting, "treatment", "trait", "within")
    moderator = _list_predictors(setting, "moderator")
    return f"Does the effect of {effect} on the {setting.outcome} change with the {moderator}"


def _ask_prediction(setting: Setting) -> str:
    people = "people left out" if setting.analysis.validation in (None, "nested") else "rows as published"
    return f"Can the {setting.outcome} be predicted from {_list_predictors(setting)}, judged on {people}"


def _ask_onsets(setting: Setting) -> str:
    by = _list_predictors(setting)
    return f"Do movements start at different times by {by}" if by else "When do movements start"


def _ask_description(setting: Setting) -> str:
    return f"Description of the {setting.outcome}"


QUESTIONS: dict[str, Callable[[Setting], str]] = {
    "one_sample": _ask_level,
    "two_groups": _ask_difference,
    "paired": _ask_difference,
    "rank_groups": _ask_difference,
    "correlation": _ask_relation,
    "regression": _ask_regression,
    "multivariate_regression": _ask_together,
    "ancova": _ask_at_covariate,
    "moderation": _ask_moderation,
    "repeated": _ask_conditions,
    "mixed": _ask_regression,
    "prediction": _ask_prediction,
    "survival": _ask_onsets,
    "frequencies": _ask_relation,
    "description": _ask_description,
}


def _list_predictors(setting: Setting, *kinds: str) -> str:
    chosen = [one for one in setting.analysis.predictors if not kinds or one.kind in kinds]
    return join_words([_name_predictor(one, setting) for one in chosen])


def _name_predictor(predictor: Predictor, setting: Setting) -> str:
    return name_predictor(predictor, setting.words)


def _name_each(analysis: Analysis) -> str:
    """Return for what the analysis has tests of their own."""
    words = {
        "signal": "signal",
        "model_id": "person shown",
        "neutral": "way to count neutral",
        "score": "score",
    }
    each = [words.get(name, name) for name in analysis.outcome.for_each]
    return f", for each {join_words(each)}" if each else ""


def _name_people(setting: Setting) -> str:
    """Return to which groups or blocks the analysis is limited, where no predictor says so."""
    analysis = setting.analysis
    parts = []
    if analysis.groups and not find_predictor(analysis, "treatment", "trait", "within"):
        parts.append(f"in {join_words([f'the {name} group' for name in analysis.groups])} alone")
    if analysis.blocks:
        named = join_words([f"“{name.replace('_', ' ')}”" for name in analysis.blocks])
        parts.append(f"in the block{'s' * (len(analysis.blocks) > 1)} {named}")
    return f" ({', '.join(parts)})" if parts else ""


def tell_verdict(estimate: Estimate, setting: Setting) -> str:
    """Return the verdict on one estimate in a word or two; what is not significant is "not shown", never "none".

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> from mimicrylab.stats.plan.results import AnalysisResult
    >>> gender = Predictor(name="gender", kind="trait")
    >>> plan = Analysis(id="eq", hypothesis="H1", model="two_groups", outcome=Outcome(score="EQ-60.total"),
    ...                 predictors=(gender,))
    >>> setting = Setting(AnalysisResult(plan))
    >>> tell_verdict(Estimate("eq", "female - male", 8.5, p=0.001), setting)
    'women > men'
    >>> tell_verdict(Estimate("eq", "female - male", 8.5, p=0.2), setting)
    'not shown'
    """
    verdict = judge(estimate, setting.analysis)
    if verdict.finding == "no test":
        return "no test" if estimate.warnings and estimate.estimate is None else "described"
    if is_equivalence(estimate):
        return "equivalent" if verdict.is_shown else "equivalence not shown"
    if not verdict.is_shown:
        return "not shown"
    return _tell_direction(estimate, setting)


def _tell_direction(estimate: Estimate, setting: Setting) -> str:
    model, value = setting.analysis.model, estimate.estimate
    pair = split_difference(setting.split_contrast(setting.split(estimate)[1])[1])
    statistic = estimate.statistic.name if estimate.statistic else ""
    if value is None or estimate.unit == "share of variance" or statistic in ("F", "chi2"):
        return "better than the mean" if model == "prediction" else "shown"
    more = value > 0
    if model == "one_sample":
        against = f"{setting.analysis.compared_with:g}" if setting.analysis.compared_with else "zero"
        return f"{'above' if more else 'below'} {against}"
    if pair is not None:
        first, second = (name_side(level, setting).removeprefix("the ").removesuffix(" group") for level in pair)
        return f"{first} {'>' if more else '<'} {second}"
    return "positive" if more else "negative"

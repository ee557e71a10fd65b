"""The answer to one planned analysis: which estimates are told in sentences, and which sentence each has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from mimicrylab.report.answers.associations import (
    is_correlation,
    write_coefficient,
    write_correlation,
    write_explained,
    write_slope,
)
from mimicrylab.report.answers.comparisons import write_difference
from mimicrylab.report.answers.effects import (
    is_pair,
    write_association,
    write_description,
    write_effect,
    write_multivariate,
    write_onsets,
)
from mimicrylab.report.answers.predictions import write_prediction
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.symbols import MULTIVARIATE_SYMBOLS
from mimicrylab.report.answers.verdict import count_shown, judge, list_answers
from mimicrylab.report.wording import count_noun
from mimicrylab.stats.estimates import Estimate

Sentence = Callable[[Estimate, Setting], Markup]

MOST_SENTENCES = 5
"""So many results are told one by one; of more, the significant ones and the clearest of the others."""

MOST_SIGNIFICANT = 8
"""So many significant results among many are told; the table has all."""

PERMUTED = Markup("<b>[Permuted labels, not a result]</b> ")
"""Stands before every sentence that rests on permuted arms, so that it cannot be copied as a result."""


def write_answers(setting: Setting) -> tuple[Markup, ...]:
    """Return the sentences of one result, ready for the paper; none where the analysis was not done."""
    if setting.result.state != "done":
        return ()
    told = choose_told(setting)
    mark = PERMUTED if setting.result.labels == "permuted" else Markup("")
    sentences = [write_sentence(one, setting) for one in told]
    summary = _summarise(setting, told)
    whole = [summary, *sentences] if summary else sentences
    return tuple(mark + sentence for sentence in whole)


def choose_told(setting: Setting) -> list[Estimate]:
    """Return the estimates that get a sentence: all of a few; of many, the significant ones, or the clearest one."""
    if setting.analysis.model == "description" and len(setting.result.estimates) > MOST_SENTENCES:
        return []
    if setting.analysis.model == "prediction":
        return [one for one in setting.result.estimates if _is_told(one)]
    answers = [one for one in list_answers(setting.result) if _is_told(one)]
    beside = [one for one in setting.result.estimates if one not in answers and _is_beside(one, answers, setting)]
    if len(answers) <= MOST_SENTENCES:
        return [*answers, *beside[:MOST_SIGNIFICANT]]
    shown = [one for one in answers if judge(one, setting.analysis).is_shown]
    if shown:
        return shown[:MOST_SIGNIFICANT]
    return sorted(answers, key=_order_by_p)[:1]


def _is_beside(estimate: Estimate, answers: Sequence[Estimate], setting: Setting) -> bool:
    """Return whether an estimate that answers nothing is told: simple slopes, and outcomes that differ by themselves.

    Of several moderations the slopes are told where the effect was shown to change.
    """
    cell = setting.split(estimate)[0]
    if is_slope(estimate):
        own = [one for one in answers if setting.split(one)[0] == cell]
        return len(answers) == 1 or any(judge(one, setting.analysis).is_shown for one in own)
    if setting.analysis.model == "multivariate_regression":
        return estimate.unit not in MULTIVARIATE_SYMBOLS and judge(estimate, setting.analysis).is_shown
    return False


def _order_by_p(estimate: Estimate) -> float:
    return 2.0 if estimate.p is None else estimate.p


def _is_told(estimate: Estimate) -> bool:
    """Return whether an estimate has something to tell: a number, or a test; of four multivariate tests the first."""
    if estimate.estimate is None and estimate.p is None:
        return estimate.term.rpartition(": ")[2].startswith("median")
    if estimate.unit in MULTIVARIATE_SYMBOLS:
        return estimate.unit == "Wilks' lambda"
    return True


def _summarise(setting: Setting, told: Sequence[Estimate]) -> Markup | None:
    """Return how many of many tests are significant, in one sentence."""
    answers = [one for one in list_answers(setting.result) if _is_told(one) and one.p is not None]
    if len(answers) <= MOST_SENTENCES:
        return None
    count = count_shown(answers, setting.analysis)
    corrected = any(one.p_adjusted is not None for one in answers)
    by = " after correction" if corrected else ", not corrected for their number,"
    verb = "was" if count == 1 else "were"
    share = f"{count} of {count_noun(len(answers), 'test')} {verb} significant"
    level = f"{setting.analysis.alpha:g}".lstrip("0")
    rest = Markup(" ({} of them below)").format(len(told)) if count > len(told) else Markup("")
    if count == 0:
        share = f"None of {count_noun(len(answers), 'test')} was significant"
        rest = Markup("; the one with the smallest <i>p</i> follows")
    return Markup("{}{} at the level {}{}.").format(share, by, level, rest)


def write_sentence(estimate: Estimate, setting: Setting) -> Markup:
    """Return the APA sentence of one estimate."""
    return find_sentence(estimate, setting)(estimate, setting)


def find_sentence(estimate: Estimate, setting: Setting) -> Sentence:
    """Return what writes the sentence of an estimate: by what the number is, then by the model."""
    model = setting.analysis.model
    term = setting.split(estimate)[1]
    if is_correlation(estimate):
        return write_correlation
    if estimate.unit in MULTIVARIATE_SYMBOLS:
        return write_multivariate
    if model == "prediction":
        return write_prediction
    if model == "survival":
        return write_onsets
    if is_slope(estimate):
        return write_slope
    if term == "R squared":
        return write_explained
    if model == "frequencies":
        return write_association
    if model == "description":
        return write_description
    if setting.split_contrast(term)[0]:
        return write_difference
    if model in ("one_sample", "two_groups", "paired", "rank_groups") or is_pair(estimate, setting):
        return write_difference
    if estimate.estimate is None and estimate.statistic is not None:
        return write_effect
    return write_coefficient


def is_slope(estimate: Estimate) -> bool:
    """Return whether an estimate is a simple slope of a moderation."""
    return estimate.method.startswith("simple slope")

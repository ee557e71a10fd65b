"""Sentences on predictions: of people left out, of rows held out, or of the rows that a model was fitted to."""

from __future__ import annotations

from markupsafe import Markup

from mimicrylab.report.answers.naming import capitalise
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.statements import join_pieces, state_number, state_ps, write_numbers
from mimicrylab.report.answers.verdict import judge
from mimicrylab.report.wording import format_bounded, format_number
from mimicrylab.stats.estimates import EffectSize, Estimate

WITHIN_SAMPLE = "R squared within the sample"
HELD_OUT = "R squared of held-out rows"


def write_prediction(estimate: Estimate, setting: Setting) -> Markup:
    """Return the sentence on a prediction: of people left out, of rows held out, or of the rows fitted to."""
    subject = setting.name_subject(estimate)
    model, _, kind = setting.split(estimate)[1].rpartition(", ")
    by = f"by {model}, " if model else ""
    if kind == "mean absolute error":
        write = write_numbers(estimate)
        base = _find_effect(estimate, "mean absolute error of predicting the mean")
        beside = Markup("; predicting everybody's mean would miss by {}").format(write(base.value)) if base else ""
        sentence = Markup("{}the prediction of the {} missed by {} on average (mean absolute error{}).").format(
            by, subject, write(estimate.estimate), beside
        )
        return sentence[:1].upper() + sentence[1:]
    value = estimate.estimate or 0.0
    numbers = join_pieces(
        [state_number(Markup("<i>R</i><sup>2</sup>"), format_bounded(estimate.estimate)), state_ps(estimate)]
    )
    percent = f"{format_number(value * 100, decimals=0)}% of the variance of the {subject}"
    end = Markup("")
    if kind == WITHIN_SAMPLE:
        head = f"{by}the model explained {percent} in the rows that it was fitted to"
        end = Markup("; this says nothing about other people")
    elif value <= 0:
        head = f"{by}the {subject} was not predicted better than by everybody's mean"
    elif estimate.p is not None and not judge(estimate, setting.analysis).is_shown:
        head = f"{by}that the {subject} is predicted better than by everybody's mean was not shown"
    else:
        head = f"{by}the prediction explained {percent}{' in rows held out' if kind == HELD_OUT else ''}"
    within = _find_effect(estimate, WITHIN_SAMPLE) if kind != WITHIN_SAMPLE else None
    if within is not None:
        end = Markup(" (within the sample it would have promised {})").format(format_bounded(within.value))
    return Markup("{}, {}{}.").format(capitalise(head), numbers, end)


def _find_effect(estimate: Estimate, name: str) -> EffectSize | None:
    return next((one for one in estimate.effect_sizes if one.name == name and one.value is not None), None)
